"""The seeded firm: who works at Harbour & Lane, which invented clients they have, and the policy they work under."""

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass

_TENANT = uuid.UUID("7e3a0c1e-5a0d-4b52-9a70-0000000000f1")


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
    def aad(self) -> str:
        """The object id in the tenant's directory."""
        return str(uuid.uuid5(_TENANT, self.id))

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
    User(id="UMARGARET", name="Margaret Lane", roles="staff;senior_management;admin;guardian", part="Senior manager"),
    User(
        id="UTOMAS",
        name="Tomas Berg",
        roles="staff",
        part="Contractor, a guest",
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
regimes = ["uk.gdpr"]
"""


def people(on_teams: Collection[str] = ()) -> tuple[Mapping[str, str], ...]:
    """Rows of the people file. Those on Teams are named there by object id, the first of them by e-mail alone."""
    by_mail = next((user.id for user in CAST if user.id in on_teams), "")
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
            "slack_id": "" if user.id in on_teams else user.id,
            "teams_id": user.aad if user.id in on_teams and user.id != by_mail else "",
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
