"""The form of `/log-client`: what it asks, what it fills in by itself, and what appears when it is needed (SOP 5.1,
5.2).

Invariants: a repeat entry needs two inputs, the client and the summary; what appears depends only on what is
chosen; the
text of a message only fills in the summary and is kept nowhere else.
"""

from collections.abc import Mapping

from handlers import access as files
from handlers.chats import as_typed
from handlers.clients import option
from handlers.deadlines.cards import label
from handlers.deadlines.duties import mine
from handlers.interactions.choices import DIRECTIONS, EXPECTS, KINDS, OTHER_CHANNEL, SUMMARY_LENGTH, UNLISTED, options
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import command, opens
from handlers.views import (
    ChoiceField,
    Field,
    Form,
    Item,
    ManyField,
    Option,
    SearchField,
    Text,
    TextField,
    Value,
    WhenField,
)
from handlers.words import _, when
from storage import barriers, clients, deadlines, interactions, people
from storage.deadlines import Deadline
from storage.people import Person
from storage.store import Tx


@command("log-client", help=_("Log an interaction with a client; starts or stops the response clock"))
@opens("log-client")
def ask_interaction(tx: Tx, ask: Ask) -> Form:
    """The form, empty, prefilled from the last entry, from a duty (`reply:DL-…`), or with what was chosen so far.
    Refused: somebody who does not take part yet, but for replying to what was handed to that person."""
    if not ask.policy.takes_part(ask.person) and not ask.subject.startswith("reply:"):
        who = ask.request.account
        raise Refused(
            _(
                "Your firm starts Sopwith with a few people, and you are not among them yet. Nothing to do for you; "
                "“{people}” shows whom to ask. A breach you can report at any time: {report}."
            ).format(people=as_typed("people", who), report=as_typed("report-breach", who)),
            why="not in the rollout",
        )
    values = dict(ask.values) if ask.values else _first(tx, ask)
    return build(tx, ask, values)


def build(tx: Tx, ask: Ask, values: Mapping[str, Value]) -> Form:
    """The form for what is chosen so far."""
    values = {k: v for k, v in values.items() if v is not None}
    chosen = values.get("client")
    if isinstance(chosen, Option) and not _suits(tx, values.get("replier"), chosen.value):
        values["replier"] = _owner(tx, ask, chosen.value)
    running = _running(tx, ask, values)
    offered, ticked = {d.id for d in running}, values.pop("answers", None)
    if running:
        kept = isinstance(ticked, tuple) and offered.issuperset(ticked)
        values["answers"] = ticked if kept else tuple(d.id for d in running)
    return Form(
        name="log-client",
        title=_("Log client interaction"),
        submit=_("Log"),
        subject=ask.subject,
        intro=_intro(tx, ask),
        fields=tuple(_fields(tx, ask, values, running)),
        values=values,
    )


def _intro(tx: Tx, ask: Ask) -> tuple[Item, ...]:
    if not ask.subject.startswith("reply:"):
        return ()
    return (Text(text=_("Your reply to {what}").format(what=label(tx, ask.person, mine(tx, ask)))),)


def _first(tx: Tx, ask: Ask) -> dict[str, Value]:
    values: dict[str, Value] = {"when": tx.now, "direction": "in", "expects": "yes", "summary": ask.request.text}
    behind = barriers.clients_behind(tx, ask.person.id)
    last = next((e for e in interactions.last_of(tx, ask.person.id) if e.client_id not in behind), None)
    if last:
        values |= {"direction": last.direction, "kind": last.kind, "expects": last.expects_reply}
        if last.expects_reply == "answered":
            values["expects"] = "yes"
    if last and last.channel in ask.policy.channels:
        values["channel"] = last.channel
    if ask.subject.startswith("reply:"):
        values |= _reply(tx, ask)
    if ask.subject.startswith("client:"):
        client = clients.by_id(tx, ask.subject.removeprefix("client:"))
        values["client"] = option(tx, ask.person, client) if client else None
    return values


def _reply(tx: Tx, ask: Ask) -> dict[str, Value]:
    deadline = mine(tx, ask)
    if deadline.client_id and not files.may_write(tx, ask.person, deadline.client_id):
        raise Refused(
            _("You may not open this file, so you cannot log the reply. “Reassign” hands it to somebody who may."),
            why="access.refused",
            subject=deadline.id,
        )
    client = clients.by_id(tx, deadline.client_id) if deadline.client_id else None
    chosen = option(tx, ask.person, client) if client else None
    return {"direction": "out", "expects": "no", "client": chosen, "answers": (deadline.id,)}


def _suits(tx: Tx, replier: Value, client_id: str) -> bool:
    """Whether who is to reply may open the chosen file; with an unlisted client, anybody may."""
    person = people.by_id(tx, replier.value) if isinstance(replier, Option) else None
    return person is not None and (client_id == UNLISTED.value or files.may_write(tx, person, client_id))


def _owner(tx: Tx, ask: Ask, client_id: str) -> Option:
    """The client's owner, else oneself."""
    client = clients.by_id(tx, client_id) if files.knows(tx, ask.person, client_id) else None
    owner = people.by_id(tx, client.owner_id) if client else None
    if owner is None or client is None or not _may_reply(tx, ask, owner, client.id):
        owner = ask.person
    return Option(value=owner.id, label=owner.name)


def _may_reply(tx: Tx, ask: Ask, person: Person, client_id: str) -> bool:
    return ask.policy.takes_part(person) and files.may_write(tx, person, client_id)


def _fields(tx: Tx, ask: Ask, values: Mapping[str, Value], running: list[Deadline]) -> list[Field]:
    chosen = values.get("client")
    fields: list[Field] = [
        SearchField(name="client", label=_("Client"), search="clients", refreshes=True),
    ]
    if isinstance(chosen, Option) and chosen.value == UNLISTED.value:
        hint = _("Kept sealed for the people who keep the records; they put it into the right file.")
        fields.append(TextField(name="unlisted", label=_("Name of the client"), hint=hint, max_length=200))
    channels = (
        *(Option(value=c, label=c) for c in ask.policy.channels),
        Option(value=OTHER_CHANNEL, label=_("Another channel")),
    )
    fields.append(ChoiceField(name="channel", label=_("Channel"), options=channels, refreshes=True))
    if values.get("channel") == OTHER_CHANNEL:
        fields.append(TextField(name="which_channel", label=_("Which channel?"), max_length=80))
    fields += [
        ChoiceField(name="direction", label=_("Direction"), options=options(DIRECTIONS), refreshes=True),
        ChoiceField(name="kind", label=_("Kind"), options=options(KINDS)),
        WhenField(name="when", label=_("When")),
        TextField(
            name="summary",
            label=_("Summary"),
            multiline=True,
            max_length=SUMMARY_LENGTH,
            hint=_("What was said and agreed. No card, ID or health details."),
        ),
    ]
    if running:
        fields.append(_answers(tx, ask, running))
    fields.append(
        ChoiceField(
            name="expects", label=_("Does the client expect a reply?"), options=options(EXPECTS), refreshes=True
        )
    )
    if values.get("expects") == "answered":
        fields.append(WhenField(name="answered", label=_("Answered when")))
    fields.append(SearchField(name="replier", label=_("Who will reply?"), search="people", optional=True))
    return fields


def _running(tx: Tx, ask: Ask, values: Mapping[str, Value]) -> list[Deadline]:
    """The chosen client's open inquiries, when something goes out to that client."""
    chosen = values.get("client")
    if values.get("direction") != "out" or not isinstance(chosen, Option):
        return []
    return deadlines.open_of_client(tx, chosen.value) if files.may_write(tx, ask.person, chosen.value) else []


def _answers(tx: Tx, ask: Ask, running: list[Deadline]) -> ManyField:
    """All ticked at first: those unticked stay open."""
    zone = zone_of(tx, ask.person, ask.policy)
    found = tuple(
        Option(value=d.id, label=_("Received {at}").format(at=when(d.received_at, zone, tx.now))) for d in running
    )
    return ManyField(name="answers", label=_("Which inquiries does this answer?"), options=found)
