"""Quarantine: entries whose client is not listed, or that stood in the wrong file, sealed until records place them.

Invariants: anybody may put something in, only the records role and the DPO read there; what goes in is sealed anew in
all its versions, so the wrong file's people can open none of them; every move is told to the DPO (SOP 6.1, 8.1).
"""

from dataclasses import replace

from handlers import access as files
from handlers import notices
from handlers.deadlines import clock
from handlers.interactions.amend import on_file
from handlers.interactions.checks import refusals, seen_in
from handlers.interactions.choices import KINDS
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import notice, opens, submits
from handlers.screening import by_number
from handlers.views import Button, Card, Facts, Form, Invalid, Opens, Reply, Say, Text, TextField
from handlers.words import _, when
from storage import audit, interactions, people
from storage.interactions import TABLE, Interaction
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

NAME_LENGTH = 200


@opens("interaction.wrong-client")
def ask_wrong_client(tx: Tx, ask: Ask) -> Form:
    """Say what will happen before it does."""
    entry = on_file(tx, ask.subject)
    found = files.way(tx, ask.person, entry.client_id or "")
    if found is None or not (found.reads and found.writes):
        raise files.closed(entry.id)
    words = _(
        "The entry leaves this file at once and is kept sealed until it is put into the right one. The Data Protection "
        "Officer is told by reference. Thank you for noticing."
    )
    field = TextField(
        name="right",
        label=_("Which client is it about?"),
        optional=True,
        max_length=NAME_LENGTH,
        hint=_("Kept sealed."),
    )
    return Form(
        name="interaction.wrong-client",
        title=_("Wrong client"),
        submit=_("Move it out"),
        subject=entry.id,
        intro=(Text(text=words),),
        fields=(field,),
    )


@submits("interaction.wrong-client")
def move_out(tx: Tx, ask: Ask) -> Reply:
    """Seal it anew into quarantine; clocks it stopped run again."""
    entry = on_file(tx, ask.subject)
    old_client = entry.client_id or ""
    errors, why = _faults(ask)
    if errors:
        return Invalid(errors=errors, why=why)
    _client, opened = files.open_client(tx, ask.person, old_client, "wrong client")
    moved = _reseal(tx, entry, opened, files.into_quarantine(tx), None, ask.typed("right") or _("not said"))
    audit.record(
        tx,
        "interaction.moved-out",
        who=ask.person.id,
        interaction=entry.id,
        file=old_client,
        sealed=files.fingerprint(moved.summary),
    )
    clock.move(tx, ask, moved, old_client)
    told = {p.id: p for role in ("dpo", "records") for p in people.holders(tx, role)}
    for person in told.values():
        notices.tell(
            tx, person, key=f"{entry.id}:moved:{tx.now.isoformat()}", kind="quarantine.entry", subject=entry.id
        )
    return Say(
        title=_("Moved out"),
        text=_("{reference} has left the file. The people who keep the records put it into the right one.").format(
            reference=entry.id
        ),
    )


def _faults(ask: Ask) -> tuple[dict[str, str], str]:
    """The right client's name is kept, so it is looked at as any note is."""
    refused, why = refusals(seen_in(ask, ("right",)))
    if len(ask.typed("right")) > NAME_LENGTH:
        refused["right"] = _("This is too long: at most {n} characters.").format(n=NAME_LENGTH)
    return refused, why


def _reseal(
    tx: Tx, entry: Interaction, source: files.Opened, to: files.Sealer, client_id: str | None, name: str | None
) -> Interaction:
    """Every version, from one compartment into another; gives the one that holds."""
    moved = entry
    for version in interactions.versions(tx, entry.id):
        other = version.other_channel
        moved = replace(
            version,
            client_id=client_id,
            compartment_id=to.compartment_id,
            summary=to.seal(
                TABLE, "summary", version.row, source.unseal(TABLE, "summary", version.row, version.summary)
            ),
            other_channel=to.seal(
                TABLE, "other_channel", version.row, source.unseal(TABLE, "other_channel", version.row, other)
            )
            if other
            else None,
            unlisted_name=to.seal(TABLE, "unlisted_name", version.row, name) if name else None,
        )
        interactions.move(tx, moved)
    return moved


@notice("quarantine.entry")
def waiting(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For the records role and the DPO: an entry waits for its file."""
    entry = interactions.current(tx, sent.subject)
    if entry is None or (entry.client_id and not sent.message_id):
        return None
    if entry.client_id:
        return Card(title=_("Settled: the entry is in its file"), items=(Text(text=entry.id),))
    place = Button(label=_("Put into a file"), act=Opens(name="quarantine.place", subject=entry.id), primary=True)
    return Card(
        title=_("An entry waits for its client file"),
        items=(Facts(facts=((_("Reference"), entry.id),)),),
        buttons=(place,) if "records" in person.roles else (),
    )


@opens("quarantine.place", roles="records", writes=True)
def ask_place(tx: Tx, ask: Ask) -> Form:
    """What the entry says, and one question: the client's number."""
    entry = _waiting(tx, ask.subject)
    opened = files.open_quarantine(tx, ask.person, "place")
    name = opened.unseal(TABLE, "unlisted_name", entry.row, entry.unlisted_name) if entry.unlisted_name else ""
    zone = zone_of(tx, ask.person, ask.policy)
    facts = (
        (_("Client as typed"), name),
        (_("Kind"), _(KINDS[entry.kind])),
        (_("When"), when(entry.happened_at, zone, tx.now)),
        (_("Entered by"), people.names(tx, {entry.entered_by}).get(entry.entered_by, "")),
    )
    return Form(
        name="quarantine.place",
        title=_("Put into a file"),
        submit=_("Put there"),
        subject=entry.id,
        intro=(Facts(facts=facts), Text(text=opened.unseal(TABLE, "summary", entry.row, entry.summary))),
        fields=(TextField(name="ref", label=_("Client or matter number"), max_length=80),),
    )


@submits("quarantine.place", roles="records")
def place(tx: Tx, ask: Ask) -> Reply:
    """Seal it into the file of this number; its clock goes along, and the one who entered it is told."""
    entry = _waiting(tx, ask.subject)
    client = by_number(tx, ask.person, ask.typed("ref"))
    if client is None:
        return Invalid(
            errors={"ref": _("No client file has this number. Add it to the client list, import it, try again.")}
        )
    opened = files.open_quarantine(tx, ask.person, "place")
    moved = _reseal(tx, entry, opened, files.into_file(tx, client), client.id, None)
    audit.record(
        tx,
        "interaction.placed",
        who=ask.person.id,
        interaction=entry.id,
        file=client.id,
        sealed=files.fingerprint(moved.summary),
    )
    clock.move(tx, ask, moved, None)
    notices.refresh(tx, entry.id)
    return Say(title=_("Done"), text=_("{reference} is in file {ref} now.").format(reference=entry.id, ref=client.ref))


def _waiting(tx: Tx, id: str) -> Interaction:
    entry = interactions.current(tx, id)
    if entry is None or entry.client_id:
        raise Refused(_("This entry is in its file already. Nothing to do."), why="not waiting", subject=id)
    return entry


@notice("channel.exception")
def off_channel(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For the supervisor: somebody used a channel that is not approved, and said so. No blame, a word with him
    helps."""
    entry = interactions.current(tx, sent.subject)
    if entry is None:
        return None
    author = people.names(tx, {entry.entered_by}).get(entry.entered_by, "")
    words = _(
        "{name} logged a contact on a channel that is not on the firm's list, and put it on record. "
        "A kind word about the approved channels is enough."
    ).format(name=author)
    return Card(
        title=_("A contact on another channel"), items=(Facts(facts=((_("Reference"), entry.id),)), Text(text=words))
    )
