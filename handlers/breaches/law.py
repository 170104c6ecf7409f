"""The statutory clocks of a breach: reckoned anew with each fact, kept, and reminded of (GDPR Art. 33, 45 CFR 164.404).

Invariants: a clock is reckoned from the original events, never from when a fact was learned; one whose notice was sent
or decided is not judged again; what the reporter said counts only where it starts a clock; only the next moment of all
clocks is a timer, and one message tells of all that is due then.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers import notices
from handlers.request import Ask
from handlers.router import desk, timer
from handlers.rules.clock_facts import FIRST_SIGNAL, Facts, under
from handlers.rules.clock_ladder import OVERDUE, Reminder, reminders
from handlers.rules.clocks import Running, chosen, running
from handlers.rules.counting import Counting
from handlers.rules.fact_values import REGIMES, words
from handlers.rules.fact_values import facts as facts_of
from handlers.views import Data, Done
from storage import audit, breach_law, breaches, people, timers
from storage import escalations as ladders
from storage.breach_law import ClockRow, NoticeRow
from storage.breaches import Breach
from storage.people import Person
from storage.store import Tx

MOMENT = "breach.clock"
AFTER_ALL = "needed"  # of a notice: what was told or decided before does not count
SOON = timedelta(hours=12)


@dataclass(frozen=True, kw_only=True)
class Standing:
    """A clock of a breach and what came of it: `notices` in the order of time."""

    row: ClockRow
    notices: tuple[NoticeRow, ...]

    @property
    def settled(self) -> bool:
        """Something was sent, or it was decided that nothing need be."""
        return bool(self.notices) and self.notices[-1].kind != AFTER_ALL

    @property
    def waiting(self) -> bool:
        """It runs, and nothing was sent or decided that still counts."""
        return self.row.runs and not self.settled

    @property
    def more_to_follow(self) -> bool:
        """A part was sent and the rest was not (GDPR Art. 33(4))."""
        return bool(self.notices) and self.notices[-1].kind == "part"


def values(tx: Tx, breach: Breach, *, first: int | None = None) -> dict[str, str]:
    """What is known, by name, as it is kept; the report's own instants and answers unless somebody said otherwise.
    `first`: after so many facts."""
    sign = min(breach.noticed_at or breach.reported_at, breach.reported_at).replace(second=0, microsecond=0)
    known = {FIRST_SIGNAL: sign.isoformat()}
    if breach.personal_data == "yes":
        known["personal_data"] = "yes"
    return known | {row.name: row.value for row in breach_law.facts(tx, breach.id)[:first]}


def known(tx: Tx, ask: Ask, breach: Breach) -> Facts:
    """The facts, with what was sent; laws of which there is no clock any more count as not chosen."""
    sent = dict[str, datetime]()
    for row in breach_law.notices(tx, breach.id):
        if row.sent_at:
            sent.setdefault(row.clock, row.sent_at)
        if row.kind == AFTER_ALL:
            sent.pop(row.clock, None)
    said = values(tx, breach)
    there = [one for one in words(said.get(REGIMES, "")) if any(under(clock.id, one) for clock in ask.policy.clocks)]
    return facts_of(said | {REGIMES: ",".join(there)}, sent)


def begin(tx: Tx, ask: Ask, breach_id: str) -> None:
    """The clocks that run from a report on; nobody stands beside them in the log, for a report may bear no name."""
    breach = breaches.by_id(tx, breach_id)
    if breach:
        reckon(tx, ask, breach, who=None)


def reckon(tx: Tx, ask: Ask, breach: Breach, *, who: str | None, again: Collection[str] = ()) -> None:
    """Reckon every clock anew and keep it; the log tells which started, moved and stopped, and `who` made it so. Of
    those whose time is over already, and of those in `again`, people are told at once. A clock that only a changed
    policy no longer looks at runs on until somebody decides it."""
    before = {row.clock: row for row in breach_law.clocks(tx, breach.id)}
    settled = {one.row.clock for one in standing(tx, breach.id) if one.settled}
    policy, facts = ask.policy, known(tx, ask, breach)
    now = {one.clock.id: _row(one) for one in running(policy.clocks, facts, policy.zone, policy.regimes)}
    looked_at = {clock.id for clock in chosen(policy.clocks, facts, policy.regimes)}
    dropped = set[str]() if facts.regimes else {*before} - looked_at
    kept, changes, late = list[ClockRow](), dict[str, list[str]](), {*again}
    for clock in sorted({*before, *now}):
        old, new = before.get(clock), now.get(clock)
        if old and clock in settled:
            kept.append(old)
            continue
        row = new or (replace(old, runs=old.runs and clock in dropped) if old else None)
        if row is None:
            continue
        kept.append(row)
        if change := _change(old, row):
            due = f"@{row.due_at.isoformat()}" if row.due_at and row.runs else ""
            changes.setdefault(change, []).append(f"{clock}{due}")
            late.add(clock)
    if changes:
        found = {change: ",".join(clocks) for change, clocks in changes.items()}
        audit.record(tx, "breach.reckoned", who=who, breach=breach.id, **found)
    if kept != [before[clock] for clock in sorted(before)]:
        breach_law.put_clocks(tx, breach.id, kept)
    set_timer(tx, breach.id, late)


def _row(one: Running) -> ClockRow:
    return ClockRow(
        clock=one.clock.id,
        version=one.clock.version,
        counting=one.clock.counting.value,
        zone=one.zone.key,
        starts_at=one.starts_at,
        due_at=one.due_at,
        target_at=one.target_at,
        provisional=one.provisional,
        recipient=f"{one.clock.recipient} ({one.clock.regime})",
        citation=one.clock.citation,
        why=one.why,
        runs=True,
    )


def _change(old: ClockRow | None, new: ClockRow) -> str:
    if not new.runs:
        return "stopped" if old and old.runs else ""
    if old is None or not old.runs:
        return "started"
    return "moved" if (old.starts_at, old.due_at) != (new.starts_at, new.due_at) else ""


def standing(tx: Tx, breach_id: str) -> list[Standing]:
    """Each clock with what came of it, the next due first."""
    rows = breach_law.notices(tx, breach_id)
    return [
        Standing(row=clock, notices=tuple(row for row in rows if row.clock == clock.clock))
        for clock in breach_law.clocks(tx, breach_id)
    ]


def by_when(row: ClockRow, now: datetime) -> datetime | None:
    """What the law asks for, late or not; where it names no number the firm's own target, until that is over."""
    return row.due_at or (row.target_at if row.target_at and row.target_at > now else None)


def set_timer(tx: Tx, breach_id: str, late: Collection[str] = ()) -> None:
    """Only the next moment of all clocks; at once, when the time of one in `late` is over. One that is due already is
    left to itself: it tells, and sets the next."""
    if any(one.kind == MOMENT and one.due_at <= tx.now for one in timers.of(tx, breach_id)):
        return
    waiting = [one.row for one in standing(tx, breach_id) if one.waiting]
    over = [row.due_at for row in waiting if row.clock in late and row.due_at and row.due_at <= tx.now]
    coming = over or [rung.at for row in waiting for rung in _rungs(row) if rung.at > tx.now]
    timers.cancel(tx, breach_id, MOMENT)
    if coming:
        timers.start(tx, MOMENT, breach_id, min(coming))


def _rungs(row: ClockRow) -> tuple[Reminder, ...]:
    due = row.due_at or row.target_at
    counting = Counting(row.counting) if row.due_at else Counting.NONE
    return reminders(counting, row.starts_at, due, ZoneInfo(row.zone)) if due else ()


@timer(MOMENT)
def remind(tx: Tx, ask: Ask) -> Done:
    """One message of all clocks that have a moment now, to whoever is on it or to all whom the ladder told; when the
    time of one of these is over, to management too."""
    ladders.of(tx, ask.subject)  # whoever changes the case at this moment is waited for
    breach = breaches.by_id(tx, ask.subject)
    if breach is None or breach.state == "closed":
        return Done()
    set_timer(tx, breach.id)
    waiting = [one.row for one in standing(tx, breach.id) if one.waiting]
    over = [(rung, row) for row in waiting for rung in _rungs(row) if rung.at <= tx.now]
    since = ask.request.due_at or tx.now
    now = [pair for pair in over if pair[0].at >= since] or sorted(over, key=lambda pair: pair[0].at)[-1:]
    if not now:
        return Done()
    late = any(rung.rung == OVERDUE and row.due_at for rung, row in now)
    dues = [due for _rung, row in now if (due := row.due_at or row.target_at)]
    soon = late or any(tx.now < due <= tx.now + SOON for due in dues)
    key = f"{breach.id}:clock:{max(rung.at for rung, _row in now).isoformat()}"
    by = max(tx.now, min(dues))
    for person in _told(tx, breach.id, late=late):
        notices.tell(tx, person, key=key, kind="breach.clock", subject=breach.id, urgent=soon, by=by)
    return Done()


@desk("breach.in-force")
def in_force(tx: Tx, ask: Ask) -> Data:
    """At every start: the clocks of open cases by the policy and the packs that are in force now."""
    for breach in breaches.everything_open(tx):
        ladders.of(tx, breach.id)
        reckon(tx, ask, breach, who=None)
    return Data(data={})


def _told(tx: Tx, breach_id: str, *, late: bool) -> list[Person]:
    ladder = ladders.of(tx, breach_id)
    taken = people.by_id(tx, ladder.acknowledged_by) if ladder and ladder.acknowledged_by else None
    ids = [taken.id] if taken and taken.active(tx.now) else sorted(ladder.told_ids if ladder else ())
    above = [person.id for person in people.holders(tx, "senior_management")] if late else []
    found = (people.by_id(tx, id) for id in dict.fromkeys([*ids, *above]))
    return [person for person in found if person and person.active(tx.now)]
