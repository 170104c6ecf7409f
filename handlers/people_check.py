"""Who would not hear of it: duties without a line above them, roles without a holder, people without an account.

Only asks; `sopwith doctor` turns the answer into its lines.
"""

from handlers import escalations, standins
from handlers.people import without_chat
from handlers.policy import Policy
from handlers.request import Ask
from handlers.router import desk
from handlers.views import Data
from handlers.words import _
from storage import clients, people
from storage.people import Person
from storage.store import Tx

NEEDED = ("dpo", "senior_management", "records", "admin")


@desk("people.check", writes=False)
def check_people(tx: Tx, ask: Ask) -> Data:
    """By e-mail address and client number: `no_ladder` with why, `complaint_ends` (about whom a complaint would stop
    short), `vacant_roles`, `unreachable` (no road), `mail_only`, `owners_gone`."""
    everybody = {person.id: person for person in people.everybody(tx)}
    here = [person for person in everybody.values() if person.active(tx.now)]
    silent = without_chat(tx)
    gaps = [(person, _gap(tx, person)) for person in here]
    return Data(
        data={
            "no_ladder": [{"email": person.email, "problem": gap} for person, gap in gaps if gap],
            "complaint_ends": _short(tx, ask, here),
            "vacant_roles": [role for role in NEEDED if not people.holders(tx, role)],
            "unreachable": [person.email for person, roads in silent if not roads],
            "mail_only": [person.email for person, roads in silent if roads],
            "owners_gone": [
                {"ref": client.ref, "owner": everybody[client.owner_id].email}
                for client in clients.everything(tx)
                if client.status == "open" and not everybody[client.owner_id].active(tx.now)
            ],
        }
    )


def _short(tx: Tx, ask: Ask, here: list[Person]) -> list[str]:
    """For whom, were a complaint about them, its ladder would end in nobody; none without a policy (SOP 5.5)."""
    policy: Policy | None = ask.policy
    if policy is None:
        return []
    return [person.email for person in here if escalations.ends_in_nobody(tx, policy.ladders["complaint"], person)]


def _gap(tx: Tx, person: Person) -> str:
    """Why a late reply of this person would find nobody above: the ladder's first rung (SOP 5.4). Senior management is
    the top; people without the staff role owe no replies."""
    if "staff" not in person.roles or "senior_management" in person.roles:
        return ""
    if not person.supervisor_id:
        return _("No supervisor is named.")
    return "" if standins.supervisor(tx, person) else _("The supervisor no longer works here.")
