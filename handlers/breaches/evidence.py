"""A breach as evidence, with the rights of a named person and on record (GDPR Art. 5(2), 33(5)).

Invariants: whoever chat would refuse is refused, always in the same words; the redacted edition has no word that
somebody typed and nobody's name, only ids, our own words and times; what this version does not record, it says.
"""

from typing import Any

from handlers.breaches import intake, law
from handlers.breaches.clock_list import z
from handlers.breaches.rights import TEAM, may_respond
from handlers.people import admitted
from handlers.request import Ask
from handlers.router import desk
from handlers.views import Data
from handlers.words import _
from storage import audit, breach_law, breaches, people
from storage import escalations as ladders
from storage.breaches import Breach
from storage.store import Tx

MISSING = (
    _("who is trained, and when"),
    _("the decision about severity"),
    _("each affected client: told, how, or why not"),
    _("drafts of notices"),
)
Row = dict[str, Any]


@desk("breach.evidence")
def evidence(tx: Tx, ask: Ask) -> Data:
    """`ref`, `as` (an e-mail address) and `full` ("yes" or empty) in `values`. Instants in UTC; refused: not ok."""
    person, breach = people.by_email(tx, ask.typed("as")), breaches.by_id(tx, ask.typed("ref"))
    if person is None or breach is None or not admitted(tx, person) or not may_respond(tx, person, breach.id):
        known = {"rights_of": person.id} if person else {}
        audit.record(tx, "refused", who=ask.request.operator, entry="desk:breach.evidence", why="not theirs", **known)
        words = _("There is no such case that this person responds to. Please check the reference and the address.")
        return Data(data={"refused": words}, ok=False)
    full = ask.typed("full") == "yes"
    edition = "full" if full else "redacted"
    audit.record(
        tx, "breach.exported", who=ask.request.operator, breach=breach.id, rights_of=person.id, edition=edition
    )
    return Data(data=_Case(tx, ask, breach, full=full).told(edition))


class _Case:
    """Everything on record about one breach."""

    def __init__(self, tx: Tx, ask: Ask, breach: Breach, *, full: bool) -> None:
        self.tx, self.ask, self.breach, self.full = tx, ask, breach, full
        self.names = {person.id: person.name for person in people.everybody(tx)} if full else {}

    def told(self, edition: str) -> Row:
        breach, ladder = self.breach, ladders.of(self.tx, self.breach.id)
        found: Row = {
            "reference": breach.id,
            "edition": edition,
            "made_at": z(self.tx.now),
            "policy": breach.policy_hash,
            "register": self._register(),
            "on_it": self._who(ladder.acknowledged_by) if ladder and ladder.acknowledged_by else None,
            "may_open": [self._who(id) for id in sorted(self._team())],
            "steps": [{"step": s.step, "done": s.done, "by": self._who(s.by), "at": z(s.at)} for s in self._steps()],
            "facts": [self._fact(row) for row in breach_law.facts(self.tx, breach.id)],
            "clocks": self._clocks(),
            "notices": [self._notice(row) for row in breach_law.notices(self.tx, breach.id)],
            "not_recorded": [_(words) for words in MISSING],
        }
        if self.full:
            report = intake.unseal(self.tx, breach)
            found["report"] = {"what": report.what, "clients": report.clients}
        return found

    def _who(self, id: str | None) -> str | None:
        return self.names.get(id, id) if id else None

    def _register(self) -> Row:
        breach = self.breach
        return {
            "reported_at": z(breach.reported_at),
            "first_noticed_at": z(breach.noticed_at),
            "reported_by": self._who(breach.reporter_id) if self.full else None,
            "personal_data": breach.personal_data,
            "ongoing": breach.ongoing,
            "state": breach.state,
            "ends": [
                {
                    "outcome": e.outcome,
                    "at": z(e.at),
                    "by": self._who(e.by),
                    "words": self._words("ENDS", e.id, e.words),
                }
                for e in breach_law.ends(self.tx, breach.id)
            ],
        }

    def _words(self, table: str, id: str, sealed: bytes | None, column: str = "words") -> str | None:
        if not self.full or sealed is None:
            return None
        return intake.unseal_words(self.tx, self.breach, (getattr(breach_law, table), column, id), sealed)

    def _team(self) -> set[str]:
        return {one.id for role in TEAM for one in people.holders(self.tx, role) if self._responds(one)}

    def _responds(self, person: people.Person) -> bool:
        return may_respond(self.tx, person, self.breach.id)

    def _steps(self) -> list[breaches.StepRow]:
        return breaches.steps(self.tx, self.breach.id)

    def _fact(self, row: breach_law.FactRow) -> Row:
        reason = self._words("FACTS", row.id, row.reason, "reason")
        return {"name": row.name, "value": row.value, "by": self._who(row.by), "at": z(row.at), "reason": reason}

    def _clocks(self) -> list[Row]:
        return [self._clock(one.row) for one in law.standing(self.tx, self.breach.id)]

    def _clock(self, row: breach_law.ClockRow) -> Row:
        return {
            "clock": row.clock,
            "version": row.version,
            "to": row.recipient,
            "law": row.citation,
            "starts_at": z(row.starts_at),
            "due_at": z(row.due_at),
            "target_at": z(row.target_at),
            "provisional": row.provisional,
            "runs": row.runs,
            "why": list(row.why),
        }

    def _notice(self, row: breach_law.NoticeRow) -> Row:
        return {
            "clock": row.clock,
            "kind": row.kind,
            "channel": row.channel,
            "sent_at": z(row.sent_at),
            "recorded_at": z(row.at),
            "by": self._who(row.by),
            "words": self._words("NOTICES", row.id, row.words),
        }
