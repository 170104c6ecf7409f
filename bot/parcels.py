"""Making ready what the courier sends: looks at the cause again and packs what may travel as one message.

Invariants: a parcel without cards has lost its cause; a message is painted from what is true now, every card of it;
what is urgent travels alone; notices about one matter share one card, the newest.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import telemetry
from handlers.policy import Policy
from handlers.request import Ask, Kind, Request
from handlers.router import find
from handlers.views import Buttons, Card, Checklist, Text
from handlers.words import _
from storage import chat, outbox, people
from storage.outbox import Notice
from storage.store import Tx, Unavailable

TOGETHER = timedelta(hours=1)  # what falls due within it travels with what goes out now
CARDS = 8  # in one message; the rest goes with the next
ROOM = 40  # lines in one message: platforms limit its length, and so does patience
OVERDUE = frozenset({"deadline.overdue", "deadline.escalated", "deadline.still-due"})


@dataclass(frozen=True, kw_only=True)
class Part:
    """One card of a message; `notice` is the newest that it tells."""

    notice: Notice
    card: Card


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A message made ready: what it tells, card by card, and to which account; or, with `place`, what to edit."""

    notices: tuple[Notice, ...]
    parts: tuple[Part, ...]
    account: str = ""
    place: str = ""

    @property
    def cards(self) -> tuple[Card, ...]:
        return tuple(part.card for part in self.parts)

    @property
    def headline(self) -> str:
        """All that a locked phone shows: one of three fixed sentences, the gravest that holds for a part."""
        said = [part.notice for part in self.parts]
        if any(notice.urgent for notice in said):
            return _("Urgent: please open now.")
        overdue = any(notice.kind in OVERDUE for notice in said)
        return _("Something is overdue.") if overdue else _("Something is due today.")


def card_of(tx: Tx, policy: Policy, notice: Notice) -> Card | None:
    """What a notice says now; None when its cause is gone. LookupError when nobody can say."""
    person, entry = people.by_id(tx, notice.recipient_id), find(Kind.NOTICE, notice.kind)
    if person is None or entry is None:
        raise LookupError(notice.kind)
    request = Request(kind=Kind.NOTICE, name=notice.kind, subject=notice.subject)
    card: Card | None = entry.handler(tx, notice, person, Ask(request=request, policy=policy, actor=person))  # type: ignore[assignment]
    return card


def made_ready(tx: Tx, policy: Policy, notice: Notice, platforms: Collection[str]) -> Parcel:
    """The parcel of one notice, which travels alone so far; for an edit, all that stands in the message."""
    if notice.message_id:
        return _standing(tx, policy, notice)
    card = card_of(tx, policy, notice)
    living = [a.account for a in chat.accounts_of(tx, notice.recipient_id) if a.account.split(":")[0] in platforms]
    parts = (Part(notice=notice, card=card),) if card else ()
    return Parcel(notices=(notice,), parts=parts, account=next(iter(living), ""))


def _standing(tx: Tx, policy: Policy, edit: Notice) -> Parcel:
    """The message as it should look now. A card that has nothing to say any more says that; if none has, all stays."""
    message = chat.message(tx, edit.message_id)
    if message is None:
        raise LookupError(edit.kind)
    rows = chat.standing_with(tx, message)
    said = [replace(edit, kind=row.kind, subject=row.subject, message_id=row.id) for row in rows]
    cards = [card_of(tx, policy, notice) for notice in said]
    parts = tuple(Part(notice=n, card=card or nothing_more()) for n, card in zip(said, cards, strict=True))
    return Parcel(notices=(edit,), parts=parts if any(cards) else (), account=message.account, place=message.place)


def nothing_more() -> Card:
    """What is left of a card among others when its cause is gone."""
    return Card(title="", items=(Text(text=_("Settled. Nothing to do."), quiet=True),))


def bundled(tx: Tx, policy: Policy, parcel: Parcel) -> Parcel:
    """With all that waits for this person and falls due within the hour, as far as one message holds it. What cannot
    be painted, or has lost its cause, is left for its own turn."""
    first = parcel.notices[0]
    if first.urgent or parcel.place:
        return parcel
    waiting = outbox.companions(tx, first.recipient_id, tx.now + TOGETHER, CARDS * 16)
    groups, parts, ids = _by_matter([first, *waiting]), list[Part](), list[str]()
    for group in groups:
        part = _painted(tx, policy, max(group, key=lambda n: n.created_at), parcel.parts[0])
        if part and parts and _full([*parts, part]):
            break
        if part:
            parts.append(part)
            ids += [notice.id for notice in group if notice.id != first.id]
    taken = {notice.id: notice for notice in (first, *outbox.take_along(tx, ids))}
    parts = [replace(part, notice=taken[part.notice.id]) for part in parts if part.notice.id in taken]
    return replace(parcel, notices=tuple(taken.values()), parts=tuple(parts))


def _by_matter(notices: Iterable[Notice]) -> list[list[Notice]]:
    """Notices about one matter share one card; in the order of the first about each."""
    found: dict[tuple[str, str], list[Notice]] = {}
    for notice in notices:
        found.setdefault(topic(notice), []).append(notice)
    return list(found.values())


def _painted(tx: Tx, policy: Policy, notice: Notice, first: Part) -> Part | None:
    """The card of a companion; in the first one's own matter that one's, when a newer notice has nothing to say."""
    own = topic(notice) == topic(first.notice)
    if notice.id == first.notice.id:
        return first
    try:
        card = card_of(tx, policy, notice)
    except Unavailable:
        raise
    except Exception as error:  # noqa: BLE001  its own turn will say so again, and count it
        telemetry.fault("courier", notice.kind, error)
        card = None
    return Part(notice=notice, card=card) if card else first if own else None


def _full(parts: list[Part]) -> bool:
    return len(parts) > CARDS or sum(_lines(part.card) for part in parts) > ROOM


def topic(notice: Notice) -> tuple[str, str]:
    """What a notice is about: its matter and its subject."""
    entry = find(Kind.NOTICE, notice.kind)
    return entry.matter if entry else notice.kind, notice.subject


def _lines(card: Card) -> int:
    """About how many lines it takes: its title, each item and step, a row for five buttons, a line to the next."""
    rows = sum(len(item.checks) if isinstance(item, Checklist) else 1 for item in card.items)
    buttons = len(card.buttons) + sum(len(item.buttons) for item in card.items if isinstance(item, Buttons))
    return 2 + rows + -(-buttons // 5)
