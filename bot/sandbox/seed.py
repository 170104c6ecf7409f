"""The seeded firm: who works at Harbour & Lane, which invented clients they have, and the policy they work under."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class User:
    """Somebody in the workspace; `part` is empty for those nobody plays."""

    id: str
    name: str
    roles: str
    part: str = ""
    guest: bool = False
    supervisor: str = ""
    department_head: str = ""
    deputy: str = ""

    @property
    def email(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@harbour-lane.example"


CAST = (
    User(
        id="UAMELIA",
        name="Amelia Ward",
        roles="staff",
        part="Associate",
        supervisor="jonas.hale",
        department_head="margaret.lane",
        deputy="oliver.frost",
    ),
    User(id="UJONAS", name="Jonas Hale", roles="staff;supervisor", part="Her supervisor", supervisor="margaret.lane"),
    User(
        id="UPRIYA",
        name="Priya Nair",
        roles="staff;dpo;records",
        part="Data Protection Officer",
        supervisor="margaret.lane",
        deputy="oliver.frost",
    ),
    User(id="UMARGARET", name="Margaret Lane", roles="staff;senior_management;admin", part="Senior manager"),
    User(
        id="UTOMAS",
        name="Tomas Berg",
        roles="staff",
        part="Contractor, a guest in the workspace",
        guest=True,
        supervisor="jonas.hale",
    ),
    User(id="UOLIVER", name="Oliver Frost", roles="staff", supervisor="jonas.hale", department_head="margaret.lane"),
)
CLIENTS = (
    ("4711", "Brightwater Estates", "amelia.ward", "oliver.frost", ""),
    ("4711-2", "Brightwater Estates: lease renewal", "amelia.ward", "", "4711"),
    ("4802", "Hollis & Daughters", "amelia.ward", "", ""),
    ("4950", "Marlow Family Trust", "jonas.hale", "amelia.ward", ""),
    ("5003", "Castell Shipping", "oliver.frost", "", ""),
)
POLICY = """
[firm]
name = "Harbour & Lane"
zone = "Europe/London"
[calendars.london]
zone = "Europe/London"
holidays = "GB-ENG"
[calendars.london.open]
mon = ["09:00-17:30"]
tue = ["09:00-17:30"]
wed = ["09:00-17:30"]
thu = ["09:00-17:30"]
fri = ["09:00-17:00"]
[sla.first_response]
target = "24 business hours"
calendar = "london"
remind_at = [75]
[channels]
approved = { "Company email" = true, "Company phone" = true, "Client portal" = true, "Meeting" = true, "Letter" = true }
[breach]
emergency = "Ring +44 20 7946 0000 (DPO on call)"
"""


def people() -> tuple[Mapping[str, str], ...]:
    """Rows of the people file."""
    return tuple(
        {
            "line": str(number),
            "email": user.email,
            "name": user.name,
            "roles": user.roles,
            "supervisor": _address(user.supervisor),
            "deputy": _address(user.deputy),
            "department_head": _address(user.department_head),
            "kind": "contractor" if user.guest else "employee",
            "ends_on": "2099-12-31" if user.guest else "",
            "slack_id": user.id,
        }
        for number, user in enumerate(CAST, 2)
    )


def clients() -> tuple[Mapping[str, str], ...]:
    """Rows of the client list."""
    return tuple(
        {
            "line": str(number),
            "ref": ref,
            "name": name,
            "owner": _address(owner),
            "team": _address(team),
            "parent": parent,
        }
        for number, (ref, name, owner, team, parent) in enumerate(CLIENTS, 2)
    )


def _address(local: str) -> str:
    return f"{local}@harbour-lane.example" if local else ""
