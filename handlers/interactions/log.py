"""Logging an interaction (SOP 5.2): checked, sealed into its file or into quarantine, and the clock started or stopped.

Invariants: a card number or private key is refused beside its field and nowhere repeated; an unapproved channel is kept
and told kindly; nothing of what was typed leaves except sealed.
"""

from datetime import datetime

from handlers import access as files
from handlers import notices, standins
from handlers.deadlines import clock
from handlers.deadlines.cards import label
from handlers.deadlines.duties import may_act
from handlers.interactions.checks import SEALED, Seen, faults, seen_in, warning
from handlers.interactions.choices import KINDS, OTHER_CHANNEL, UNLISTED
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import submits
from handlers.rules.due_at import add
from handlers.rules.spans import span
from handlers.views import Button, Buttons, Facts, Invalid, Item, Opens, Reply, Say, Text
from handlers.words import _, when
from storage import audit, deadlines, interactions, people
from storage.clients import Client
from storage.deadlines import Deadline
from storage.interactions import TABLE, Interaction
from storage.people import Person
from storage.store import Tx

LATE = span("1 business day")


@submits("log-client")
def log_interaction(tx: Tx, ask: Ask) -> Reply:
    """Put it on record. Gives what was logged, and when the reply is due."""
    seen = seen_in(ask, SEALED)
    way = _way(tx, ask)
    errors, why = faults(tx, ask, way, seen)
    if errors:
        return Invalid(errors=errors, why=why)
    client, entry = _seal(tx, ask, way)
    previous = interactions.last(tx, client.id) if client else None
    interactions.add(tx, entry)
    audit.record(
        tx,
        "interaction.logged",
        who=ask.person.id,
        interaction=entry.id,
        file=entry.client_id or "quarantine",
        sealed=files.fingerprint(entry.summary),
        **({"late": "yes"} if entry.late_entry else {}),
    )
    started = _clocks(tx, ask, entry)
    _tell(tx, ask, entry)
    return _confirmed(tx, ask, entry, client, started, previous, seen)


def _way(tx: Tx, ask: Ask) -> files.Way | None:
    chosen = ask.typed("client")
    return files.way(tx, ask.person, chosen) if chosen != UNLISTED.value else None


def _target(tx: Tx, ask: Ask, way: files.Way | None) -> tuple[Client | None, files.Sealer]:
    """The opened file, or the quarantine."""
    chosen = ask.typed("client")
    if chosen == UNLISTED.value:
        return None, files.into_quarantine(tx)
    return files.through(tx, way, chosen, "log")


def _seal(tx: Tx, ask: Ask, way: files.Way | None) -> tuple[Client | None, Interaction]:
    client, sealer = _target(tx, ask, way)
    id = interactions.reference()
    row = interactions.row_id(id, 1)
    at = ask.instant("when") or tx.now
    off_channel = ask.typed("channel") == OTHER_CHANNEL
    replier = ask.typed("replier") or (client.owner_id if client else ask.person.id)
    entry = Interaction(
        id=id,
        version=1,
        client_id=client.id if client else None,
        compartment_id=sealer.compartment_id,
        channel="" if off_channel else ask.typed("channel"),
        other_channel=sealer.seal(TABLE, "other_channel", row, ask.typed("which_channel")) if off_channel else None,
        direction=ask.typed("direction"),
        kind=ask.typed("kind"),
        happened_at=min(at, tx.now),
        summary=sealer.seal(TABLE, "summary", row, ask.typed("summary")),
        unlisted_name=None if client else sealer.seal(TABLE, "unlisted_name", row, ask.typed("unlisted")),
        expects_reply=ask.typed("expects"),
        answered_at=ask.instant("answered") if ask.typed("expects") == "answered" else None,
        replier_id=_replier(tx, client, replier, ask),
        entered_by=ask.person.id,
        entered_at=tx.now,
        late_entry=is_late(tx, ask, at),
    )
    return client, entry


def _replier(tx: Tx, client: Client | None, chosen: str, ask: Ask) -> str:
    if client is None or chosen == ask.person.id:
        return chosen
    person = people.by_id(tx, chosen)
    fits = person and ask.policy.takes_part(person) and files.may_write(tx, person, client.id)
    return chosen if fits else ask.person.id


def is_late(tx: Tx, ask: Ask, happened_at: datetime) -> bool:
    """Entered more than one business day after it happened."""
    return add(LATE, happened_at, ask.policy.calendar(ask.person.calendar), ask.policy.zone) < tx.now


def _clocks(tx: Tx, ask: Ask, entry: Interaction) -> Deadline | None:
    if entry.direction == "out":
        ticked = ask.values.get("answers")
        clock.answer(tx, ask, entry, ticked if isinstance(ticked, tuple) else None)
        duty = _duty(tx, ask)
        if duty and entry.client_id is None and duty.client_id is None and duty.received_at < entry.happened_at:
            clock.stop(tx, ask, duty, state="answered", by=ask.person.id, answer_id=entry.id)
        return None
    responsible = entry.replier_id or ask.person.id
    if entry.answered_at:
        clock.record_answered(tx, ask, entry, responsible, entry.answered_at)
    elif entry.expects_reply == "yes":
        return clock.begin(tx, ask, entry, responsible)
    return None


def _duty(tx: Tx, ask: Ask) -> Deadline | None:
    """The running clock under which "Log the reply" was pressed. In quarantine nothing else ties a reply to it."""
    id = ask.subject.removeprefix("reply:")
    found = deadlines.by_id(tx, id) if id != ask.subject else None
    return found if found and found.state == "open" and may_act(tx, ask.person, found) else None


def _tell(tx: Tx, ask: Ask, entry: Interaction) -> None:
    """An unapproved channel is told to the supervisor, an unlisted client to those who keep the records."""
    tell_off_channel(tx, ask, entry)
    if entry.client_id is None:
        for keeper in keepers(tx):
            notices.tell(tx, keeper, key=f"{entry.id}:place", kind="quarantine.entry", subject=entry.id)


def keepers(tx: Tx) -> list[Person]:
    """Who keeps the records; while nobody does, the DPO or an administrator must hear that something waits."""
    return people.holders(tx, "records") or people.holders(tx, "dpo") or people.holders(tx, "admin")


def tell_off_channel(tx: Tx, ask: Ask, entry: Interaction) -> None:
    """Once per entry, whether it was logged so or corrected to be so."""
    supervisor = None if entry.approved else standins.supervisor(tx, ask.person)
    if supervisor:
        notices.tell(tx, supervisor, key=f"{entry.id}:channel", kind="channel.exception", subject=entry.id)


def _confirmed(
    tx: Tx,
    ask: Ask,
    entry: Interaction,
    client: Client | None,
    started: Deadline | None,
    previous: Interaction | None,
    seen: Seen,
) -> Say:
    zone = zone_of(tx, ask.person, ask.policy)
    facts = [(_("Reference"), entry.id)]
    if client:
        facts.append((_("Known in notices as"), client.codename))
    if started:
        facts.append((_("Reply due"), when(started.due_at, zone, tx.now)))
        facts.append((_("Who replies"), _replier_name(tx, ask, started.responsible_id)))
    if previous:
        kind = _(KINDS[previous.kind])
        facts.append((_("Last logged before"), f"{kind}, {when(previous.happened_at, zone, tx.now)}"))
    items: list[Item] = [Facts(facts=tuple(facts))]
    items += [Text(text=line, quiet=True) for line in _remarks(ask, entry, started, seen)]
    if duty := _duty(tx, ask):
        words = _(
            "The reply to {what} is still due: it was unticked, this entry is not in its file yet, "
            "or it is dated before the inquiry."
        )
        items.append(Text(text=words.format(what=label(tx, ask.person, duty))))
    if client:
        look = Button(label=_("Open the file"), act=Opens(name="client.file", subject=client.id))
        again = Button(label=_("Log another"), act=Opens(name="log-client", subject=f"client:{client.id}"))
        correct = Button(label=_("Correct"), act=Opens(name="interaction.amend", subject=entry.id))
        items.append(Buttons(buttons=(again, look, correct)))
    words = (
        _("Logged. The reply is due {due}.").format(due=when(started.due_at, zone, tx.now)) if started else _("Logged.")
    )
    return Say(title=_("Logged"), text=words, items=tuple(items), reference=entry.id)


def _replier_name(tx: Tx, ask: Ask, id: str) -> str:
    return ask.person.name if id == ask.person.id else people.names(tx, {id}).get(id, "")


def _remarks(ask: Ask, entry: Interaction, started: Deadline | None, seen: Seen) -> list[str]:
    lines = []
    if entry.direction == "in" and entry.expects_reply == "yes" and not started:
        lines.append(_("A reply to this client is due already; that clock goes on and no second one was started."))
    if entry.late_entry:
        lines.append(_("Marked as a late entry. Thank you for adding it."))
    if not entry.approved:
        lines.append(
            _("This channel is not on the firm's list. Thank you for keeping it on record; your supervisor is told.")
        )
    if entry.client_id is None:
        lines.append(_("Kept sealed until the people who keep the records put it into the right file."))
    warned = warning(seen)
    return [*lines, warned] if warned else lines
