"""What people do about a response deadline: no reply needed, later, hand on, take it, and ask why.

Whoever replies, whoever stands in, and whoever the ladder told may act; all others are told whom to ask.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers import access as files
from handlers import escalations, notices, standins
from handlers.deadlines import clock
from handlers.deadlines.cards import label
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import action, opens, search, submits
from handlers.views import (
    ChoiceField,
    Done,
    Facts,
    Form,
    Heading,
    Invalid,
    Option,
    Options,
    Page,
    Reply,
    Say,
    SearchField,
    Text,
)
from handlers.words import _, when
from storage import access, audit, deadlines, people, timers
from storage import escalations as ladders
from storage.deadlines import Deadline
from storage.people import Person
from storage.store import Tx

REASONS = {
    "thanks": _("Thanks only"),
    "duplicate": _("Duplicate"),
    "not-client": _("Not a client matter"),
    "error": _("Logged in error"),
    "other": _("Other"),
}
LATER = {"1h": _("In one hour"), "3h": _("In three hours"), "morning": _("Tomorrow at 09:00")}


def mine(tx: Tx, ask: Ask) -> Deadline:
    """The open deadline of this subject, for somebody who may act on it."""
    deadline = deadlines.by_id(tx, ask.subject.removeprefix("reply:"))
    if deadline is None or not may_act(tx, ask.person, deadline):
        raise Refused(
            _("This duty is not yours. Please ask the person who replies, or your supervisor."),
            why="not a duty of this person",
            subject=ask.subject,
        )
    if deadline.state != "open":
        raise Refused(_("This is settled already. Nothing to do."), why="settled already", subject=deadline.id)
    return deadline


def may_act(tx: Tx, person: Person, deadline: Deadline) -> bool:
    """The one who replies, who reads for him now, who was told by the ladder, or anybody who works on the file."""
    if deadline.client_id and access.barred(tx, deadline.client_id, person.id):
        return False
    owner = people.by_id(tx, deadline.responsible_id)
    if standins.speaks_for(tx, person, owner):
        return True
    if escalations.may_take(ladders.of(tx, deadline.id), tx, person):
        return True
    return bool(deadline.client_id and files.may_write(tx, person, deadline.client_id))


@opens("deadline.no-reply")
def ask_reason(tx: Tx, ask: Ask) -> Form:
    """One question: why not."""
    deadline = mine(tx, ask)
    options = tuple(Option(value=value, label=_(words)) for value, words in REASONS.items())
    return Form(
        name="deadline.no-reply",
        title=_("No reply needed"),
        submit=_("Stop the clock"),
        subject=deadline.id,
        intro=(Text(text=label(tx, ask.person, deadline)),),
        fields=(ChoiceField(name="why", label=_("Why is no reply needed?"), options=options),),
    )


@submits("deadline.no-reply")
def close(tx: Tx, ask: Ask) -> Reply:
    """Stop the clock with its reason."""
    deadline = mine(tx, ask)
    if ask.typed("why") not in REASONS:
        return Invalid(errors={"why": _("Please choose a reason.")})
    clock.stop(tx, ask, deadline, state="closed", by=ask.person.id, why=ask.typed("why"))
    return Say(
        title=_("Stopped"), text=_("The clock for {what} has stopped.").format(what=label(tx, ask.person, deadline))
    )


@opens("deadline.later")
def ask_when(tx: Tx, ask: Ask) -> Reply:
    """Choices that lie before the due date."""
    deadline = mine(tx, ask)
    zone = zone_of(tx, ask.person, ask.policy)
    choices = [
        Option(value=value, label=f"{_(words)}, {when(_later(value, tx, zone), zone, tx.now)}")
        for value, words in LATER.items()
        if _later(value, tx, zone) < deadline.due_at
    ]
    if not choices:
        due = when(deadline.due_at, zone, tx.now)
        return Say(title=_("Remind me later"), text=_("There is no later before it is due: {due}.").format(due=due))
    return Form(
        name="deadline.later",
        title=_("Remind me later"),
        submit=_("Remind me"),
        subject=deadline.id,
        intro=(Text(text=label(tx, ask.person, deadline)),),
        fields=(ChoiceField(name="when", label=_("When?"), options=tuple(choices)),),
    )


def _later(choice: str, tx: Tx, zone: ZoneInfo) -> datetime:
    if choice == "morning":
        local = (tx.now.astimezone(zone) + timedelta(days=1)).replace(hour=9, minute=0, second=0, microsecond=0)
        return local.astimezone(UTC)
    return tx.now + timedelta(hours=1 if choice == "1h" else 3)


@submits("deadline.later")
def snooze(tx: Tx, ask: Ask) -> Reply:
    """One reminder more; the due date stays what it is."""
    deadline = mine(tx, ask)
    zone = zone_of(tx, ask.person, ask.policy)
    if ask.typed("when") not in LATER or _later(ask.typed("when"), tx, zone) >= deadline.due_at:
        return Invalid(errors={"when": _("Please choose a time before it is due.")})
    at = _later(ask.typed("when"), tx, zone)
    timers.start(tx, clock.LATER, deadline.id, at)
    audit.record(tx, "reminder.asked", who=ask.person.id, deadline=deadline.id)
    return Say(
        title=_("Noted"),
        text=_("You will be reminded {at}. The reply is still due {due}.").format(
            at=when(at, zone, tx.now), due=when(deadline.due_at, zone, tx.now)
        ),
    )


@opens("deadline.reassign")
def ask_who(tx: Tx, ask: Ask) -> Form:
    """To whom; only people who may open the file are offered."""
    deadline = mine(tx, ask)
    return Form(
        name="deadline.reassign",
        title=_("Reassign"),
        submit=_("Hand over"),
        subject=deadline.id,
        intro=(Text(text=label(tx, ask.person, deadline)),),
        fields=(
            SearchField(
                name="person",
                label=_("Who will reply?"),
                search="deadline.people",
                hint=_("Only people who may open the file are listed."),
            ),
        ),
    )


def candidates(tx: Tx, ask: Ask, deadline: Deadline) -> list[Person]:
    """Who may be handed this reply: those who may open the file; for an entry in quarantine, anybody active. While the
    firm starts with a few, these alone."""
    if deadline.client_id is None:
        found = people.everybody(tx)
    else:
        found = [p for p in (people.by_id(tx, id) for id in access.people_of(tx, deadline.client_id)) if p]
    return sorted((p for p in found if p.active(tx.now) and ask.policy.takes_part(p)), key=lambda p: p.name)


@search("deadline.people")
def find_candidates(tx: Tx, ask: Ask) -> Options:
    """Of those, whose name contains what was typed."""
    typed = ask.request.text.strip().lower()
    found = [p for p in candidates(tx, ask, mine(tx, ask)) if typed in p.name.lower()]
    return Options(options=tuple(Option(value=p.id, label=p.name) for p in found[:20]))


@submits("deadline.reassign")
def hand_over(tx: Tx, ask: Ask) -> Reply:
    """Hand the reply to somebody who may open the file, and tell that person."""
    deadline = mine(tx, ask)
    chosen = next((p for p in candidates(tx, ask, deadline) if p.id == ask.typed("person")), None)
    if chosen is None:
        return Invalid(errors={"person": _("Please choose somebody who may open this file.")})
    if chosen.id == deadline.responsible_id:
        return Invalid(errors={"person": _("{name} is the one who replies already.").format(name=chosen.name)})
    deadlines.hand_to(tx, deadline.id, chosen.id)
    audit.record(tx, "deadline.reassigned", who=ask.person.id, deadline=deadline.id, to=chosen.id)
    if chosen.id != ask.person.id:
        key = f"{deadline.id}:to:{chosen.id}:{tx.now.isoformat()}"
        notices.tell(tx, chosen, key=key, kind="deadline.reassigned", subject=deadline.id, by=deadline.due_at)
    notices.refresh(tx, deadline.id)
    return Say(title=_("Handed over"), text=_("{name} replies now, and has been told.").format(name=chosen.name))


@action("deadline.take")
def take(tx: Tx, ask: Ask) -> Reply:
    """Somebody the ladder told looks after it: it climbs no further; the reply itself stays due."""
    deadline = mine(tx, ask)
    if not escalations.may_take(ladders.of(tx, deadline.id), tx, ask.person):
        raise Refused(_("This was not handed to you."), why="not told by the ladder", subject=deadline.id)
    if escalations.take(tx, ask.policy, deadline.id, ask.person):
        return Done()
    running = ladders.of(tx, deadline.id)
    holder = people.names(tx, {running.acknowledged_by}) if running and running.acknowledged_by else {}
    return Say(
        title=_("Taken already"),
        text=_("{name} has taken this. Nothing to do for you.").format(name=next(iter(holder.values()), _("Somebody"))),
    )


@opens("deadline.why")
def explain(tx: Tx, ask: Ask) -> Page:
    """The sum, day by day, as it was reckoned when the inquiry came in; also for what is settled."""
    deadline = deadlines.by_id(tx, ask.subject)
    if deadline is None or not may_act(tx, ask.person, deadline):
        mine(tx, ask)
        raise LookupError(ask.subject)
    zone = zone_of(tx, ask.person, ask.policy)
    facts = (
        (_("About"), label(tx, ask.person, deadline)),
        (_("Received"), when(deadline.received_at, zone, tx.now)),
        (_("Reply due"), when(deadline.due_at, zone, tx.now)),
        (_("Calendar"), deadline.reckoning["calendar"]),
    )
    steps = tuple(Text(text=step) for step in deadline.reckoning["steps"])
    rule = _(
        "The firm answers within the time its SOP sets for a first response (clause 5). Reckoned when it was logged:"
    )
    return Page(
        title=_("Why?"), items=(Facts(facts=facts), Heading(text=_("How it was reckoned")), Text(text=rule), *steps)
    )
