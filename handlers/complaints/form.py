"""The form of a complaint, or of a concern about conduct: first whether it is about somebody here (SOP 5.1, 5.5).

Invariants: it asks what the choices so far need; the words of a possible breach add one question; what was typed stays.
"""

from collections.abc import Mapping

from handlers import access as files
from handlers.clients import option
from handlers.complaints.choices import HERE, KINDS, LENGTH, SEVERITIES
from handlers.interactions.choices import UNLISTED, options
from handlers.request import Ask
from handlers.router import command, opens, search
from handlers.rules.leak_words import speaks_of_a_breach
from handlers.views import (
    ChoiceField,
    Field,
    Form,
    Option,
    Options,
    SearchField,
    Text,
    TextField,
    Value,
    WhenField,
)
from handlers.words import _
from storage import clients, interactions, people
from storage.interactions import Interaction
from storage.store import Tx

FOUND_AT_MOST = 20


@command("complaint", help=_("Record a complaint, or a concern about conduct; it climbs until somebody owns it"))
@opens("complaint")
def ask_complaint(tx: Tx, ask: Ask) -> Form:
    """Empty; from an entry (`IN-…`) with its client and time; or with what was chosen so far."""
    return build(tx, ask, dict(ask.values) if ask.values else _first(tx, ask))


def _first(tx: Tx, ask: Ask) -> dict[str, Value]:
    values: dict[str, Value] = {"kind": "complaint", "received": tx.now, "severity": "medium"}
    entry = entry_of(tx, ask)
    client = clients.by_id(tx, entry.client_id or "") if entry else None
    if entry and client:
        values |= {"client": option(tx, ask.person, client), "received": entry.happened_at}
    return values


def entry_of(tx: Tx, ask: Ask) -> Interaction | None:
    """The entry that it came with, if it stands in a file that this person knows of."""
    found = interactions.current(tx, ask.subject) if ask.subject.startswith("IN-") else None
    return found if found and found.client_id and files.knows(tx, ask.person, found.client_id) else None


def build(tx: Tx, ask: Ask, values: Mapping[str, Value]) -> Form:
    """The form for what is chosen and typed so far."""
    entry = entry_of(tx, ask)
    return Form(
        name="complaint",
        title=_("Complaint or concern"),
        submit=_("Record"),
        subject=entry.id if entry else "",
        intro=(Text(text=_("Thank you for passing it on. Whom it is about will not see it here.")),),
        fields=tuple(_fields(values)),
        values={k: v for k, v in values.items() if v is not None},
    )


def _fields(values: Mapping[str, Value]) -> list[Field]:
    concern = values.get("kind") == "concern"
    fields: list[Field] = [
        ChoiceField(name="here", label=_("Is it about somebody here?"), options=options(HERE), refreshes=True)
    ]
    if values.get("here") == "yes":
        hint = _("This person will find it nowhere in Sopwith.")
        fields += [
            SearchField(name="about", label=_("About whom?"), search="complaint.people", hint=hint),
            SearchField(name="about_too", label=_("About whom else?"), search="complaint.people", optional=True),
        ]
    fields += [
        ChoiceField(name="kind", label=_("What is it?"), options=options(KINDS), refreshes=True),
        SearchField(name="client", label=_("Client"), search="clients", optional=concern, refreshes=True),
    ]
    if getattr(values.get("client"), "value", "") == UNLISTED.value:
        fields.append(TextField(name="unlisted", label=_("Name of the client"), max_length=200))
    hint = _("In the words that were used. Sealed: only those who work on it read this.")
    fields += [
        TextField(name="what", label=_("What is it about?"), multiline=True, max_length=LENGTH, hint=hint),
        TextField(name="remedy", label=_("What would put it right?"), optional=True, max_length=1000),
        WhenField(name="received", label=_("When did it come in?")),
        ChoiceField(name="severity", label=_("How serious is it?"), options=options(SEVERITIES)),
    ]
    if "breach" in values or speaks_of_a_breach(_text(values.get("what"))):
        hint = _("It sounds as if confidential information may have reached somebody else. “Yes” reports that too.")
        fields.append(
            ChoiceField(name="breach", label=_("Is it also a suspected breach?"), options=options(HERE), hint=hint)
        )
    return fields


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


@search("complaint.people")
def find_people(tx: Tx, ask: Ask) -> Options:
    """Anybody of the firm who is active, oneself too, by name."""
    typed = ask.request.text.strip().lower()
    found = [p for p in people.everybody(tx) if p.active(tx.now) and typed in p.name.lower()]
    found = sorted(found, key=lambda p: p.name)[:FOUND_AT_MOST]
    return Options(options=tuple(Option(value=p.id, label=p.name) for p in found))
