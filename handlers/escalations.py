"""Running ladders: who is told when nobody has taken it, in whose time, and who took it (SOP 5.4, 8.2).

Invariants: the ladder is a snapshot of the policy it began under; each rung is told once (the last repeats); the first
"I take it" stops it; a ladder that ends in nobody tells the administrators, never the void.
"""

import json
from collections.abc import Mapping
from datetime import datetime

from handlers import notices, standins
from handlers.policy import Policy
from handlers.request import Ask
from handlers.router import timer
from handlers.rules.due_at import add
from handlers.rules.next_rung import Holder, Ladder, Rung, Step, next_rung
from handlers.rules.spans import Span, span
from handlers.screening import client_of, kept_from_whom, screened
from handlers.views import Done
from storage import access, audit, escalations, outbox, people, reach, timers
from storage.escalations import Escalation
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

CLIMB = "escalation.climb"
STILL = {  # timer and notice for whoever took it
    "overdue": "deadline.still-due",
    "breach": "breach.still-open",
    "complaint": "complaint.still-open",
}
NOTICE = {"overdue": "deadline.escalated", "breach": "breach.reported", "complaint": "complaint.raised"}
URGENT = frozenset({"breach"})
A_DAY = span("1 business day")


def begin(tx: Tx, ask: Ask, ladder: str, subject: str, about: Person | None) -> None:
    """Start the ladder of this name for a deadline or breach, along the line of `about`; the first rung is told now."""
    if not escalations.start(
        tx,
        ladder=ladder,
        subject=subject,
        about_id=about.id if about else None,
        rungs=written(ask.policy.ladders[ladder]),
    ):
        escalations.resume(tx, subject)
    audit.record(tx, "ladder.begun", who=None, ladder=ladder, subject=subject)
    climb(tx, ask.policy, subject)


@timer(CLIMB)
def climb_when_due(tx: Tx, ask: Ask) -> Done:
    """Nobody took it in time: the next rung."""
    climb(tx, ask.policy, ask.subject)
    return Done()


def climb(tx: Tx, policy: Policy, subject: str) -> None:
    """Tell the next rung and set the timer for the one after."""
    running = escalations.of(tx, subject)
    if running is None or running.state != "climbing":
        return
    ladder = read(running.rungs)
    step = next_rung(ladder, running.rung, _holders(tx, ladder, running), told=running.told_ids)
    round = running.round + 1
    holders = [p for p in (people.by_id(tx, id) for id in step.tell) if p]
    over = _over(tx, policy, step, holders)
    for person in holders:
        notices.tell(
            tx,
            person,
            key=f"{subject}:rung:{round}",
            kind=NOTICE[running.ladder],
            subject=subject,
            urgent=running.ladder in URGENT,
            by=over,
        )
    if not holders or step.nobody_above:
        _tell_admins(tx, subject, round)
    told = running.told_ids | {p.id for p in holders}
    escalations.climbed(tx, subject, rung=step.rung, round=round, told=told)
    audit.record(tx, "rung.told", who=None, subject=subject, rung=str(step.rung + 1), people=",".join(step.tell))
    timers.start(tx, CLIMB, subject, over)


def missed(tx: Tx, policy: Policy, notice: Notice) -> bool:
    """No road has brought this to its reader. When nobody else was told on the same rung, the next one is told now, and
    the answer is True; the top is asked again in its time."""
    running, this_rung = escalations.of(tx, notice.subject), f"{notice.subject}:rung:"
    if running is None or running.state != "climbing":
        return False
    this_rung += f"{running.round}:"
    at_the_top = (running.rung or 0) >= len(read(running.rungs).rungs) - 1
    if not notice.key.startswith(this_rung) or at_the_top or outbox.hoped_for(tx, this_rung):
        return False
    audit.record(tx, "rung.missed", who=None, subject=notice.subject, rung=str((running.rung or 0) + 1))
    climb(tx, policy, notice.subject)
    return True


def _over(tx: Tx, policy: Policy, step: Step, holders: list[Person]) -> datetime:
    """When this rung's time is over, and the next one's begins."""
    wait = step.acknowledge_within or A_DAY  # a ladder never ends in silence
    calendar = policy.calendar(holders[0].calendar if holders else None)
    return add(wait, tx.now, calendar, policy.zone)


def _tell_admins(tx: Tx, subject: str, round: int) -> None:
    for admin in people.holders(tx, "admin"):
        notices.tell(tx, admin, key=f"{subject}:nobody:{round}", kind="ladder.nobody", subject=subject, urgent=True)


def take(tx: Tx, policy: Policy, subject: str, person: Person) -> bool:
    """This person takes it: the ladder stops, and from now on this person is asked every business day; False when
    somebody already has it or it is over."""
    if not escalations.acknowledge(tx, subject, person.id):
        return False
    timers.cancel(tx, subject, CLIMB)
    audit.record(tx, "ladder.acknowledged", who=person.id, subject=subject)
    notices.refresh(tx, subject)
    _ask_tomorrow(tx, policy, subject, person)
    return True


def ask_again(tx: Tx, policy: Policy, subject: str) -> None:
    """Whoever took it is reminded that it is still open; has that person left, it climbs again."""
    running = escalations.of(tx, subject)
    if running is None or running.state != "acknowledged":
        return
    taker = people.by_id(tx, running.acknowledged_by or "")
    if taker is None or not taker.active(tx.now):
        resume(tx, policy, subject)
        return
    key = f"{subject}:still:{tx.now.isoformat()}"
    notices.tell(tx, taker, key=key, kind=STILL[running.ladder], subject=subject)
    _ask_tomorrow(tx, policy, subject, taker)


def resume(tx: Tx, policy: Policy, subject: str) -> None:
    """Whoever took it can look after it no longer: it climbs again."""
    escalations.resume(tx, subject)
    timers.cancel(tx, subject, *STILL.values())
    audit.record(tx, "ladder.resumed", who=None, subject=subject)
    climb(tx, policy, subject)


def _ask_tomorrow(tx: Tx, policy: Policy, subject: str, taker: Person) -> None:
    running = escalations.of(tx, subject)
    if running:
        at = add(A_DAY, tx.now, policy.calendar(taker.calendar), policy.zone)
        timers.start(tx, STILL[running.ladder], subject, at)


def end(tx: Tx, subject: str) -> None:
    """The cause is settled."""
    escalations.end(tx, subject)
    timers.cancel(tx, subject, CLIMB, *STILL.values())


def may_take(running: Escalation | None, tx: Tx, person: Person) -> bool:
    """Those who were told may take it, and whoever stands in for one of them."""
    if running is None:
        return False
    if screened(tx, person, running.subject):
        return False
    if person.id in running.told_ids:
        return True
    told = [p for p in (people.by_id(tx, id) for id in running.told_ids) if p]
    client_id, kept = client_of(tx, running.subject), kept_from_whom(tx, running.subject)
    return any(person.id in {r.id for r in standins.readers(tx, p, client_id, kept)} for p in told)


def ends_in_nobody(tx: Tx, ladder: Ladder, about: Person) -> bool:
    """Played for a matter about this person: whether nobody can be told on its last rung, so that it stops short."""
    top = len(ladder.rungs) - 1
    return next_rung(ladder, top, _seats(tx, ladder, about, frozenset({about.id}), None)).nobody_above


def _holders(tx: Tx, ladder: Ladder, running: Escalation) -> Mapping[int, tuple[Holder, ...]]:
    about = people.by_id(tx, running.about_id) if running.about_id else None
    concerned = kept_from_whom(tx, running.subject)
    if about and running.ladder == "overdue":
        concerned |= {about.id}
    return _seats(tx, ladder, about, concerned, client_of(tx, running.subject))


def _seats(
    tx: Tx, ladder: Ladder, about: Person | None, concerned: frozenset[str], client_id: str | None
) -> Mapping[int, tuple[Holder, ...]]:
    return {
        number: tuple(_holder(tx, person, concerned, client_id) for person in _named(tx, rung.to, about))
        for number, rung in enumerate(ladder.rungs)
    }


def _named(tx: Tx, to: str, about: Person | None) -> list[Person]:
    if to == "supervisor":
        return _one(tx, about.supervisor_id if about else None)
    if to == "department_head":
        return _one(tx, about.department_head_id if about else None)
    return people.holders(tx, to)


def _one(tx: Tx, id: str | None) -> list[Person]:
    found = people.by_id(tx, id) if id else None
    return [found] if found else []


def _holder(tx: Tx, person: Person, concerned: frozenset[str], client_id: str | None) -> Holder:
    deputy = standins.deputy(tx, person)
    return Holder(
        person_id=person.id,
        active=person.active(tx.now),
        away=not standins.here(tx, person),
        screened=client_id is not None and access.barred(tx, client_id, person.id),
        deputy_screened=bool(client_id and deputy and access.barred(tx, client_id, deputy.id)),
        deputy_id=deputy.id if deputy else None,
        deputy_available=deputy is not None and reach.reached(tx, deputy.id),
        is_subject=person.id in concerned,
        deputy_is_subject=deputy is not None and deputy.id in concerned,
    )


def written(ladder: Ladder) -> str:
    """The snapshot kept with a running ladder."""
    rungs = [{"to": r.to, "within": _text(r.acknowledge_within)} for r in ladder.rungs]
    return json.dumps({"rungs": rungs, "repeat": _text(ladder.repeat)})


def read(text: str) -> Ladder:
    """The snapshot, read back."""
    kept = json.loads(text)
    rungs = tuple(Rung(to=r["to"], acknowledge_within=_span(r["within"])) for r in kept["rungs"])
    return Ladder(rungs=rungs, repeat=_span(kept["repeat"]))


def _text(wait: Span | None) -> str:
    return str(wait) if wait else ""


def _span(text: str) -> Span | None:
    return span(text) if text else None
