"""The first-response clock (SOP 5.3): started by an inquiry, reminding before it is late, handing over when it is.

Invariants: a client has at most one open clock; due date and reasons are fixed at the start under the policy of that
day; what the clock does next is one timer; a clock that stops leaves no timer, no waiting notice and no ladder behind.
"""

import json
from datetime import datetime

from handlers import escalations, notices
from handlers.escalations import A_DAY
from handlers.request import Ask
from handlers.router import timer
from handlers.rules.due_at import Due, add, due_at
from handlers.views import Done
from storage import audit, deadlines, interactions, people, timers
from storage import escalations as ladders
from storage.deadlines import Deadline
from storage.interactions import Interaction
from storage.store import Tx

SLA = "first_response"
NEXT, LATER = "deadline.next", "deadline.later"


def begin(tx: Tx, ask: Ask, inquiry: Interaction, responsible_id: str) -> Deadline | None:
    """Start the clock for an inquiry; None when the client has one running already."""
    if inquiry.client_id and deadlines.open_of_client(tx, inquiry.client_id):
        return None
    return _start(tx, ask, inquiry, responsible_id)


def _start(tx: Tx, ask: Ask, inquiry: Interaction, responsible_id: str) -> Deadline:
    due = due_at(ask.policy.slas[SLA], inquiry.happened_at)
    begun = deadlines.add(tx, **_row(ask, inquiry, responsible_id, due))
    audit.record(
        tx, "deadline.started", who=None, deadline=begun.id, interaction=inquiry.id, due=due.due_at.isoformat()
    )
    schedule(tx, begun)
    return begun


def record_answered(tx: Tx, ask: Ask, inquiry: Interaction, responsible_id: str, answered_at: datetime) -> None:
    """An inquiry that was answered before it was logged: on record with its due date, without a running clock."""
    due = due_at(ask.policy.slas[SLA], inquiry.happened_at)
    row = _row(ask, inquiry, responsible_id, due)
    known = deadlines.add(tx, **row, state="answered", ended_at=answered_at, ended_by=inquiry.entered_by)
    audit.record(tx, "deadline.answered", who=inquiry.entered_by, deadline=known.id, interaction=inquiry.id)


def _row(ask: Ask, inquiry: Interaction, responsible_id: str, due: Due) -> dict[str, object]:
    plan = {
        "reading": due.reading.value,
        "calendar": due.calendar,
        "reminders": [{"percent": r.percent, "at": r.at.isoformat()} for r in due.reminders],
        "steps": list(due.steps),
    }
    return {
        "interaction_id": inquiry.id,
        "client_id": inquiry.client_id,
        "sla": SLA,
        "received_at": inquiry.happened_at,
        "due_at": due.due_at,
        "plan": json.dumps(plan),
        "policy_hash": ask.policy.hash,
        "responsible_id": responsible_id,
    }


def reminders(deadline: Deadline) -> list[tuple[int, datetime]]:
    """(percent, instant), in order."""
    return [(r["percent"], datetime.fromisoformat(r["at"])) for r in deadline.reckoning["reminders"]]


def schedule(tx: Tx, deadline: Deadline) -> None:
    """Set the timer for what comes next: the latest reminder already passed fires at once, then the next, then due."""
    coming = [at for _percent, at in reminders(deadline) if at > tx.now]
    passed = [at for _percent, at in reminders(deadline) if at <= tx.now]
    first = passed[-1:] if deadline.due_at > tx.now else []
    timers.start(tx, NEXT, deadline.id, min([*first, *coming, deadline.due_at]))


@timer(NEXT)
def go_on(tx: Tx, ask: Ask) -> Done:
    """A reminder is due, or the reply is overdue."""
    deadline = deadlines.by_id(tx, ask.subject)
    if deadline is None or deadline.state != "open":
        return Done()
    responsible = people.by_id(tx, deadline.responsible_id)
    if tx.now >= deadline.due_at:
        _overdue(tx, ask, deadline)
        return Done()
    percent = max((p for p, at in reminders(deadline) if at <= tx.now), default=0)
    if responsible and percent:
        key, kind = f"{deadline.id}:{percent}", "deadline.reminder"
        notices.tell(tx, responsible, key=key, kind=kind, subject=deadline.id, by=deadline.due_at)
        audit.record(tx, "deadline.reminded", who=None, deadline=deadline.id, percent=str(percent))
    ahead = [at for _percent, at in reminders(deadline) if at > tx.now]
    timers.start(tx, NEXT, deadline.id, min([*ahead, deadline.due_at]))
    return Done()


def _overdue(tx: Tx, ask: Ask, deadline: Deadline) -> None:
    """Told once each time it falls overdue: a clock that runs again may do so twice. Before the firm lets late replies
    go up, only the one who replies is told, each business day."""
    responsible, ladder = people.by_id(tx, deadline.responsible_id), ladders.of(tx, deadline.id)
    audit.record(tx, "deadline.overdue", who=None, deadline=deadline.id)
    timers.cancel(tx, deadline.id, LATER)
    key, later = f"{deadline.id}:due:{ladder.round if ladder else 0}", ask.policy.ladders_wait_until(tx.now)
    if responsible:
        again = f"{key}:{tx.now.isoformat()}" if later else key
        notices.tell(tx, responsible, key=again, kind="deadline.overdue", subject=deadline.id)
    if later:
        hours = ask.policy.calendar(responsible.calendar if responsible else None)
        timers.start(tx, NEXT, deadline.id, min(later, add(A_DAY, tx.now, hours, ask.policy.zone)))
    else:
        escalations.begin(tx, ask, "overdue", deadline.id, responsible)
    notices.refresh(tx, deadline.id)


@timer(escalations.STILL["overdue"])
def still_due(tx: Tx, ask: Ask) -> Done:
    """Somebody took it a business day ago, and no reply is logged yet."""
    deadline = deadlines.by_id(tx, ask.subject)
    if deadline and deadline.state == "open":
        escalations.ask_again(tx, ask.policy, deadline.id)
    return Done()


@timer(LATER)
def remind_later(tx: Tx, ask: Ask) -> Done:
    """The reminder somebody asked for."""
    deadline = deadlines.by_id(tx, ask.subject)
    responsible = people.by_id(tx, deadline.responsible_id) if deadline else None
    if deadline and responsible and deadline.state == "open":
        key = f"{deadline.id}:later:{tx.now.isoformat()}"
        notices.tell(tx, responsible, key=key, kind="deadline.reminder", subject=deadline.id, by=tx.now)
    return Done()


def stop(tx: Tx, ask: Ask, deadline: Deadline, *, state: str, by: str, why: str = "", answer_id: str = "") -> bool:
    """The clock stops, and with it its timers, notices and ladder; a later inquiry that waited gets its own clock."""
    if not deadlines.end(tx, deadline.id, state=state, by=by, why=why, answer_id=answer_id):
        return False
    audit.record(tx, f"deadline.{state}", who=by, deadline=deadline.id, why=why, answer=answer_id)
    _silence(tx, deadline)
    if deadline.client_id:
        follow_up(tx, ask, deadline.client_id, deadline.responsible_id)
    return True


def reckon_anew(tx: Tx, ask: Ask, deadline: Deadline, corrected: Interaction) -> None:
    """Its inquiry came at another time than was logged: the clock begins again, before anything that waits behind."""
    if deadlines.end(tx, deadline.id, state="closed", by=ask.person.id, why="time corrected"):
        audit.record(tx, "deadline.closed", who=ask.person.id, deadline=deadline.id, why="time corrected")
        _silence(tx, deadline)
        _start(tx, ask, corrected, deadline.responsible_id)


def _silence(tx: Tx, deadline: Deadline) -> None:
    timers.cancel(tx, deadline.id)
    escalations.end(tx, deadline.id)
    notices.settle(tx, deadline.id)


def follow_up(tx: Tx, ask: Ask, client_id: str, responsible_id: str) -> None:
    """An inquiry that was logged while another's clock ran, and that nobody has answered, must not be forgotten."""
    waiting = interactions.unanswered(tx, client_id)
    if waiting:
        begin(tx, ask, waiting, waiting.replier_id or responsible_id)


def answer(tx: Tx, ask: Ask, reply: Interaction, only: tuple[str, ...] | None) -> list[Deadline]:
    """An outbound entry stops every open clock of its client received before it, except those unticked (`only`
    given)."""
    if reply.client_id is None:
        return []
    meant = [d for d in deadlines.open_of_client(tx, reply.client_id) if d.received_at < reply.happened_at]
    stopped = [d for d in meant if only is None or d.id in only]
    for deadline in stopped:
        stop(tx, ask, deadline, state="answered", by=reply.entered_by, answer_id=reply.id)
    return stopped


def move(tx: Tx, ask: Ask, moved: Interaction, old_client_id: str | None) -> None:
    """An entry went to another file: clocks it stopped there run again, clocks it started go along, and what waited
    behind them gets its own. An inquiry that waited behind another's clock has one of its own from now on; a reply
    stops the clocks of the file it came to."""
    for deadline in deadlines.answered_by(tx, moved.id) if old_client_id else ():
        if deadline.client_id == old_client_id:
            _run_again(tx, deadline, moved)
    started = deadlines.of_interaction(tx, moved.id)
    deadlines.move(tx, moved.id, moved.client_id)
    for deadline in started:
        notices.refresh(tx, deadline.id)
        if old_client_id:
            follow_up(tx, ask, old_client_id, deadline.responsible_id)
    if moved.direction == "out":
        answer(tx, ask, moved, None)
    elif moved.expects_reply == "yes" and not started:
        begin(tx, ask, moved, moved.replier_id or moved.entered_by)


def redate(tx: Tx, reply: Interaction) -> None:
    """A reply whose corrected time lies before an inquiry did not answer it: that clock runs again."""
    for deadline in deadlines.answered_by(tx, reply.id):
        if deadline.received_at >= reply.happened_at:
            _run_again(tx, deadline, reply)


def _run_again(tx: Tx, deadline: Deadline, moved: Interaction) -> None:
    """Whoever is to reply is told, for the cards said that it was settled; what is overdue is told by its timer."""
    deadlines.reopen(tx, deadline.id)
    audit.record(tx, "deadline.reopened", who=None, deadline=deadline.id, interaction=moved.id)
    responsible = people.by_id(tx, deadline.responsible_id)
    if responsible and deadline.due_at > tx.now:
        key = f"{deadline.id}:again:{tx.now.isoformat()}"
        notices.tell(tx, responsible, key=key, kind="deadline.reminder", subject=deadline.id)
    schedule(tx, deadline)
    notices.refresh(tx, deadline.id)
