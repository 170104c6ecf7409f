"""Who responds to a breach: the roles of its team and ladder, whoever stands in for them, and who took it (SOP 8.2)."""

from handlers import escalations
from handlers.request import Ask, Refused
from handlers.standins import readers
from handlers.words import _
from storage import breaches, kept_from, people
from storage import escalations as ladders
from storage.breaches import Breach
from storage.people import Person
from storage.store import Tx

TEAM = frozenset({"dpo", "senior_management"})
REGISTER = TEAM | {"auditor"}


def may_respond(tx: Tx, person: Person, breach_id: str) -> bool:
    """Who holds a role of the response team or of the case's ladder now, who reads for one of them now, and who took
    it; not who once held such a role, and not the reporter as such."""
    running, kept = ladders.of(tx, breach_id), kept_from.of(tx, breach_id)
    if person.id in kept:
        return False
    if running and running.acknowledged_by == person.id:
        return True
    roles = TEAM | ({rung.to for rung in escalations.read(running.rungs).rungs} if running else set())
    if person.roles & roles:
        return True
    held = [holder for role in roles for holder in people.holders(tx, role)]
    return any(person.id == reader.id for holder in held for reader in readers(tx, holder, kept_from=kept))


def theirs(tx: Tx, ask: Ask, breach_id: str) -> Breach:
    """The breach, for somebody of its response team."""
    ladders.of(tx, breach_id)  # whoever writes waits here for others who do, and then sees what they did
    found = breaches.by_id(tx, breach_id)
    if found is None or not may_respond(tx, ask.person, breach_id):
        raise Refused(
            _("Only the response team can open this. The Data Protection Officer can tell you more."),
            why="not of the response team",
            subject=breach_id,
        )
    return found


def in_hand(breach: Breach) -> Breach:
    """The breach, unless it is closed."""
    if breach.state == "closed":
        words = _("This is closed. “Open it again” is on its page, if there is more to do.")
        raise Refused(words, why="closed already", subject=breach.id)
    return breach
