"""What people see of a response deadline: a reference, a duty and a time; the codename only for those who may open
the file."""

from handlers import access, escalations, standins
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import notice
from handlers.views import Button, Card, Does, Facts, Opens, Text
from handlers.words import _, when
from storage import clients, deadlines, people
from storage import escalations as ladders
from storage.deadlines import Deadline
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

REPLY, LADDER = "reply", "overdue reply"  # what one replies to · what one looks after


def label(tx: Tx, person: Person, deadline: Deadline) -> str:
    """The codename for those who may open the file, else the reference of the entry."""
    if deadline.client_id and access.knows(tx, person, deadline.client_id):
        return clients.codename(tx, deadline.client_id)
    return deadline.interaction_id


def buttons(tx: Tx, person: Person, deadline: Deadline) -> tuple[Button, ...]:
    """What the one who replies can do."""
    id = deadline.id
    look = Button(label=_("Open"), act=Opens(name="client.file", subject=deadline.client_id or ""))
    return (
        Button(label=_("Log the reply"), act=Opens(name="log-client", subject=f"reply:{id}"), primary=True),
        Button(label=_("No reply needed"), act=Opens(name="deadline.no-reply", subject=id)),
        Button(label=_("Remind me later"), act=Opens(name="deadline.later", subject=id)),
        Button(label=_("Reassign"), act=Opens(name="deadline.reassign", subject=id)),
        Button(label=_("Why?"), act=Opens(name="deadline.why", subject=id)),
        *([look] if deadline.client_id and access.knows(tx, person, deadline.client_id) else []),
    )


def headline(tx: Tx, person: Person, deadline: Deadline, ask: Ask) -> str:
    """`Reply due Mon 16:00 (London)` or `Reply overdue since …`."""
    due = when(deadline.due_at, zone_of(tx, person, ask.policy), tx.now)
    if deadline.due_at <= tx.now:
        return _("Reply overdue since {due}").format(due=due)
    return _("Reply due {due}").format(due=due)


def settled(tx: Tx, person: Person, deadline: Deadline, ask: Ask) -> Card:
    """How every card about it ends: nothing more to do, and why."""
    names = people.names(tx, {deadline.ended_by} if deadline.ended_by else set())
    ended = when(deadline.ended_at or tx.now, zone_of(tx, person, ask.policy), tx.now)
    words = _("Reply logged") if deadline.state == "answered" else _("No reply needed")
    return Card(
        title=_("Settled: {what}").format(what=words),
        items=(
            Text(text=label(tx, person, deadline)),
            Text(text=f"{names.get(deadline.ended_by or '', '')}, {ended}".lstrip(", "), quiet=True),
        ),
    )


@notice("deadline.reminder", matter=REPLY)
@notice("deadline.overdue", matter=REPLY)
def duty(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For the one who replies; not sent any more once it is settled or somebody else's."""
    deadline = deadlines.by_id(tx, sent.subject)
    if deadline is None:
        return None
    if deadline.state != "open":
        return settled(tx, person, deadline, ask) if sent.message_id else None
    owner = people.by_id(tx, deadline.responsible_id)
    his = standins.speaks_for(tx, person, owner)
    if not his and not sent.message_id:
        return None
    facts = [(_("About"), label(tx, person, deadline))]
    if owner and owner.id != person.id:
        facts.append((_("Who replies"), owner.name))
    facts += _taken(tx, deadline)
    return Card(
        title=headline(tx, person, deadline, ask),
        items=(Facts(facts=tuple(facts)),),
        buttons=buttons(tx, person, deadline) if his else (),
    )


def _taken(tx: Tx, deadline: Deadline) -> list[tuple[str, str]]:
    running = ladders.of(tx, deadline.id)
    if running is None or running.acknowledged_by is None:
        return []
    return [(_("Taken by"), people.names(tx, {running.acknowledged_by}).get(running.acknowledged_by, ""))]


@notice("deadline.escalated", matter=LADDER)
@notice("deadline.still-due", matter=LADDER)
def handed_up(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For whoever the ladder tells: the reference, who was to reply, since when it is late, and one button."""
    deadline, running = deadlines.by_id(tx, sent.subject), ladders.of(tx, sent.subject)
    if deadline is None or running is None:
        return None
    if deadline.state != "open":
        return settled(tx, person, deadline, ask) if sent.message_id else None
    owner = people.by_id(tx, deadline.responsible_id)
    facts = [(_("About"), label(tx, person, deadline)), (_("Who replies"), owner.name if owner else "")]
    facts += _taken(tx, deadline)
    take = Button(label=_("I take it"), act=Does(name="deadline.take", subject=deadline.id), primary=True)
    return Card(
        title=headline(tx, person, deadline, ask),
        items=(Facts(facts=tuple(facts)),),
        buttons=(
            *([take] if running.state == "climbing" and escalations.may_take(running, tx, person) else []),
            Button(label=_("Reassign"), act=Opens(name="deadline.reassign", subject=deadline.id)),
            Button(label=_("Why?"), act=Opens(name="deadline.why", subject=deadline.id)),
        ),
    )


@notice("deadline.reassigned", matter=REPLY)
def now_yours(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For somebody who was handed a reply."""
    deadline = deadlines.by_id(tx, sent.subject)
    if deadline is None:
        return None
    if deadline.state != "open":
        return settled(tx, person, deadline, ask) if sent.message_id else None
    owner = people.by_id(tx, deadline.responsible_id)
    his = standins.speaks_for(tx, person, owner)
    words = _("This reply was handed to you.") if his else _("Handed on.")
    if owner and his and owner.id != person.id:
        words = _("This reply was handed to {name}, for whom you stand in.").format(name=owner.name)
    return Card(
        title=headline(tx, person, deadline, ask),
        items=(Facts(facts=((_("About"), label(tx, person, deadline)),)), Text(text=words)),
        buttons=buttons(tx, person, deadline) if his else (),
    )


@notice("ladder.nobody")
def nobody_left(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For administrators: a ladder found nobody to tell."""
    running = ladders.of(tx, sent.subject)
    if running is None or running.state != "climbing":
        return None
    return Card(
        title=_("Nobody could be told about {reference}").format(reference=sent.subject),
        items=(
            Text(
                text=_(
                    "Everybody on its ladder has left, is away without a deputy, or may not be told. "
                    "Please complete the people file, and see that somebody looks after it now."
                )
            ),
        ),
    )
