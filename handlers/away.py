"""Being away: from when until when, and who stands in; duties then reach the deputy, and ladders pass the person by."""

from datetime import timedelta

from handlers.chats import as_typed
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import action, command, submits
from handlers.views import (
    Button,
    Buttons,
    Does,
    Done,
    Form,
    Invalid,
    Item,
    Option,
    Reply,
    Say,
    SearchField,
    Text,
    WhenField,
)
from handlers.words import _, when
from storage import audit, people
from storage.store import Tx


@command("away", help=_("Say when you are away and who stands in"))
def ask_absence(tx: Tx, ask: Ask) -> Form:
    """The form, with absences to come above it and the deputy of the people file filled in."""
    me = ask.person
    deputy = people.by_id(tx, me.deputy_id) if me.deputy_id else None
    return Form(
        name="away",
        title=_("I am away"),
        submit=_("Save"),
        intro=tuple(_coming(tx, ask)),
        fields=(
            WhenField(name="from", label=_("From")),
            WhenField(name="until", label=_("Until")),
            SearchField(
                name="deputy",
                label=_("Who stands in?"),
                search="people",
                optional=True,
                hint=_("Reminders go there too. Without a deputy they go to your supervisor."),
            ),
        ),
        values={"from": tx.now, "deputy": Option(value=deputy.id, label=deputy.name) if deputy else None},
    )


def _coming(tx: Tx, ask: Ask) -> list[Item]:
    zone, items = zone_of(tx, ask.person, ask.policy), list[Item]()
    for absence in people.absences_of(tx, ask.person.id):
        span = _("Away from {start} until {end}.").format(
            start=when(absence.starts_at, zone, tx.now), end=when(absence.ends_at, zone, tx.now)
        )
        back = Button(label=_("I am back"), act=Does(name="away.end", subject=absence.id))
        items += [Text(text=span), Buttons(buttons=(back,))]
    return items


@submits("away")
def go_away(tx: Tx, ask: Ask) -> Reply:
    """Record it. Refused: an end before the start or in the past, more than a year, oneself or somebody gone as
    deputy."""
    start, end = ask.instant("from"), ask.instant("until")
    errors: dict[str, str] = {}
    if start is None or end is None:
        return Invalid(errors={"from" if start is None else "until": _("Please choose a day and a time.")})
    if end <= max(start, tx.now):
        errors["until"] = _("This must be later than the start, and in the future.")
    elif end - start > timedelta(days=366):
        errors["until"] = _("At most one year. For longer, ask the administrator to change the people file.")
    deputy = people.by_id(tx, ask.typed("deputy")) if ask.typed("deputy") else None
    if deputy and deputy.id == ask.person.id:
        errors["deputy"] = _("Please choose somebody else; you are the one who is away.")
    elif deputy and not deputy.active(tx.now):
        errors["deputy"] = _("{name} no longer works here. Please choose somebody else.").format(name=deputy.name)
    if errors:
        return Invalid(errors=errors)
    id = people.go_away(
        tx, person_id=ask.person.id, starts_at=start, ends_at=end, deputy_id=deputy.id if deputy else None
    )
    audit.record(tx, "absence.recorded", who=ask.person.id, absence=id)
    zone = zone_of(tx, ask.person, ask.policy)
    return Say(
        title=_("Saved"),
        text=_("You are away from {start} until {end}. {who} stands in. If you are back early, use {typed}.").format(
            typed=as_typed("away", ask.request.account),
            start=when(start, zone, tx.now),
            end=when(end, zone, tx.now),
            who=deputy.name if deputy else _("Your supervisor"),
        ),
    )


@action("away.end")
def come_back(tx: Tx, ask: Ask) -> Reply:
    """End or call off one's own absence."""
    if not people.come_back(tx, ask.subject, ask.person.id):
        raise Refused(_("This absence has ended already. Nothing to do."), why="absence over", subject=ask.subject)
    audit.record(tx, "absence.ended", who=ask.person.id, absence=ask.subject)
    return Done()
