"""Correcting an entry: a new version that points to the old; who corrects it is on record, the old stays (SOP 5.2)."""

from dataclasses import replace

from handlers import access as files
from handlers.deadlines import clock
from handlers.interactions.checks import CLOCKS_DIFFER, refusals, seen_in, warning
from handlers.interactions.choices import KINDS, OTHER_CHANNEL, SUMMARY_LENGTH, options
from handlers.interactions.log import is_late, tell_off_channel
from handlers.request import Ask, Refused
from handlers.router import opens, submits
from handlers.views import ChoiceField, Form, Invalid, Item, Option, Reply, Say, Text, TextField, WhenField
from handlers.words import _
from storage import audit, deadlines, interactions
from storage.interactions import TABLE, Interaction, row_id
from storage.store import Tx

NOTED = ("summary", "which_channel")


def on_file(tx: Tx, id: str) -> Interaction:
    """The entry as it holds, if a client file has it."""
    entry = interactions.current(tx, id)
    if entry is None or entry.client_id is None:
        raise Refused(
            _("This entry is with the people who keep the records. Please tell them what is to be corrected."),
            why="entry not on a file",
            subject=id,
        )
    return entry


@opens("interaction.amend", writes=True)
def ask_correction(tx: Tx, ask: Ask) -> Form:
    """The entry as it stands, to be changed."""
    entry = on_file(tx, ask.subject)
    opened = files.open_client(tx, ask.person, entry.client_id or "", "correct")[1]
    other = opened.unseal(TABLE, "other_channel", entry.row, entry.other_channel) if entry.other_channel else ""
    channels = (
        *(Option(value=c, label=c) for c in ask.policy.channels),
        Option(value=OTHER_CHANNEL, label=_("Another channel")),
    )
    return Form(
        name="interaction.amend",
        title=_("Correct an entry"),
        submit=_("Save"),
        subject=entry.id,
        intro=(Text(text=_("{reference}: the earlier version stays on record.").format(reference=entry.id)),),
        fields=(
            ChoiceField(name="channel", label=_("Channel"), options=channels),
            TextField(name="which_channel", label=_("Which channel?"), optional=True, max_length=80),
            ChoiceField(name="kind", label=_("Kind"), options=options(KINDS)),
            WhenField(name="when", label=_("When")),
            TextField(name="summary", label=_("Summary"), multiline=True, max_length=SUMMARY_LENGTH),
        ),
        values={
            "channel": entry.channel if entry.channel in ask.policy.channels else OTHER_CHANNEL,
            "which_channel": other or (entry.channel if entry.channel not in ask.policy.channels else ""),
            "kind": entry.kind,
            "when": entry.happened_at,
            "summary": opened.unseal(TABLE, "summary", entry.row, entry.summary),
        },
    )


@submits("interaction.amend")
def amend(tx: Tx, ask: Ask) -> Reply:
    """Add the corrected version; a clock that it started is reckoned anew from the corrected time."""
    entry = on_file(tx, ask.subject)
    opened = files.open_client(tx, ask.person, entry.client_id or "", "correct")[1]
    errors, why = _faults(tx, ask)
    if errors:
        return Invalid(errors=errors, why=why)
    at, row = ask.instant("when") or entry.happened_at, row_id(entry.id, entry.version + 1)
    other = ask.typed("channel") == OTHER_CHANNEL
    corrected = replace(
        entry,
        version=entry.version + 1,
        channel="" if other else ask.typed("channel"),
        other_channel=opened.seal(TABLE, "other_channel", row, ask.typed("which_channel")) if other else None,
        kind=ask.typed("kind"),
        happened_at=min(at, tx.now),
        summary=opened.seal(TABLE, "summary", row, ask.typed("summary")),
        entered_by=ask.person.id,
        entered_at=tx.now,
        late_entry=entry.late_entry or is_late(tx, ask, at),
    )
    interactions.add(tx, corrected)
    audit.record(
        tx,
        "interaction.corrected",
        who=ask.person.id,
        interaction=entry.id,
        version=str(corrected.version),
        sealed=files.fingerprint(corrected.summary),
    )
    tell_off_channel(tx, ask, corrected)
    if corrected.happened_at != entry.happened_at:
        _reckon_anew(tx, ask, corrected)
    warned = warning(seen_in(ask, NOTED))
    items: tuple[Item, ...] = (Text(text=warned, quiet=True),) if warned else ()
    return Say(
        title=_("Saved"),
        text=_("{reference} is corrected; version {n} holds now.").format(reference=entry.id, n=corrected.version),
        items=items,
    )


def _faults(tx: Tx, ask: Ask) -> tuple[dict[str, str], str]:
    errors, at = dict[str, str](), ask.instant("when")
    if not ask.typed("summary"):
        errors["summary"] = _("Please write a line about what was said and agreed.")
    if ask.typed("channel") not in {*ask.policy.channels, OTHER_CHANNEL}:
        errors["channel"] = _("Please choose a channel.")
    if ask.typed("channel") == OTHER_CHANNEL and not ask.typed("which_channel"):
        errors["which_channel"] = _("Please say which channel it was.")
    if ask.typed("kind") not in KINDS:
        errors["kind"] = _("Please choose one.")
    if at is None or at > tx.now + CLOCKS_DIFFER:
        errors["when"] = _("This must be a time that has passed.")
    if len(ask.typed("summary")) > SUMMARY_LENGTH:
        errors["summary"] = _("This is too long: at most {n} characters.").format(n=SUMMARY_LENGTH)
    refused, why = refusals(seen_in(ask, NOTED))
    return {**errors, **refused}, why


def _reckon_anew(tx: Tx, ask: Ask, corrected: Interaction) -> None:
    clock.redate(tx, corrected)
    for deadline in deadlines.of_interaction(tx, corrected.id):
        if deadline.state == "open":
            clock.reckon_anew(tx, ask, deadline, corrected)
