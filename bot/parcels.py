"""Making ready what the courier sends: looks at the cause again and packs what may travel as one message.

Invariants: a parcel without cards has lost its cause; a message is painted from what is true now, every card of it;
what is urgent travels alone; notices about one matter share one card, the newest; what one message does not hold is
listed at its end, so that a backlog is one message.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from bot import telemetry
from handlers.backlog import BACKLOG, listed
from handlers.policy import Policy
from handlers.request import Ask, Kind, Request
from handlers.router import entries, find
from handlers.screening import screened
from handlers.views import Buttons, Card, Checklist, Text
from handlers.words import _
from storage import chat, outbox, people
from storage.outbox import Notice
from storage.store import Tx, of_the_database

TOGETHER = timedelta(hours=1)  # what falls due within it travels with what goes out now
CARDS = 8  # in one message; of the rest it has a line each
AT_MOST = 200  # notices of one person at once
ROOM = 40  # lines in one message: platforms limit its length, and so does patience
OVERDUE = frozenset({"deadline.overdue", "deadline.escalated", "deadline.still-due"})


@dataclass(frozen=True, kw_only=True)
class Part:
    """One card of a message; `notice` is the newest of those that it tells (`told`)."""

    notice: Notice
    card: Card
    told: tuple[Notice, ...] = ()


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
    """What a notice says now; None when its cause is gone, or its reader must not know of it any more. LookupError when
    nobody can say."""
    person, entry = people.by_id(tx, notice.recipient_id), find(Kind.NOTICE, notice.kind)
    if person is None or entry is None:
        raise LookupError(notice.kind)
    if screened(tx, person, notice.subject):
        return nothing_more() if notice.message_id else None
    request = Request(kind=Kind.NOTICE, name=notice.kind, subject=notice.subject)
    card: Card | None = entry.handler(tx, notice, person, Ask(request=request, policy=policy, actor=person))  # type: ignore[assignment]
    return card


def made_ready(tx: Tx, policy: Policy, notice: Notice, platforms: Collection[str]) -> Parcel:
    """The parcel of one notice, which travels alone so far; for an edit, all that stands in the message."""
    if notice.message_id:
        return _standing(tx, policy, notice)
    card = card_of(tx, policy, notice)
    living = [a.account for a in chat.accounts_of(tx, notice.recipient_id) if a.account.split(":")[0] in platforms]
    parts = (Part(notice=notice, card=card, told=(notice,)),) if card else ()
    return Parcel(notices=(notice,), parts=parts, account=next(iter(living), ""))


def _standing(tx: Tx, policy: Policy, edit: Notice) -> Parcel:
    """The message as it should look now. A card that has nothing to say any more says that; if none has, all stays."""
    message = chat.message(tx, edit.message_id)
    if message is None:
        raise LookupError(edit.kind)
    rows = chat.standing_with(tx, message)
    said = [replace(edit, kind=row.kind, subject=row.subject, message_id=row.id) for row in rows]
    cards = [told_below() if r.replaced_by else card_of(tx, policy, n) for r, n in zip(rows, said, strict=True)]
    parts = tuple(Part(notice=n, card=card or nothing_more()) for n, card in zip(said, cards, strict=True))
    return Parcel(notices=(edit,), parts=parts if any(cards) else (), account=message.account, place=message.place)


def has_changed(tx: Tx, policy: Policy, part: Part) -> bool:
    """Whether its card would be another one now. A list of many stays what it was when it was told."""
    return part.notice.kind != BACKLOG and card_of(tx, policy, part.notice) != part.card


def told_below() -> Card:
    """What is left of a card when a newer one about the same matter stands further down."""
    return Card(title="", items=(Text(text=_("There is a newer message about this further down."), quiet=True),))


def nothing_more() -> Card:
    """What is left of a card among others when its cause is gone."""
    return Card(title="", items=(Text(text=_("Settled. Nothing to do."), quiet=True),))


def bundled(tx: Tx, policy: Policy, parcel: Parcel) -> Parcel:
    """With all that waits for this person and falls due within the hour, as far as one message holds it; what is urgent
    takes along only what its own card tells as well. What cannot be painted, or has lost its cause, is left for its own
    turn."""
    first = parcel.notices[0]
    if parcel.place:
        return parcel
    same = [first, *outbox.about(tx, first, of_matter(first))]
    if any(notice.urgent for notice in same):
        return _urgent(tx, policy, parcel, same)
    waiting = outbox.companions(tx, first.recipient_id, tx.now + TOGETHER, AT_MOST)
    painted = (_painted(tx, policy, group, parcel.parts[0]) for group in _by_matter([first, *waiting]))
    parts = [part for part in painted if part]
    along = outbox.take_along(tx, [n.id for part in parts for n in part.told if n.id != first.id])
    parts = [part for part in (_taken(part, {n.id: n for n in (first, *along)}) for part in parts) if part]
    return replace(parcel, notices=(first, *along), parts=tuple(_as_one_message(parts)))


def _urgent(tx: Tx, policy: Policy, parcel: Parcel, same: list[Notice]) -> Parcel:
    """One card, the newest urgent one's, for all that waits about its matter."""
    part = _painted(tx, policy, [n for n in same if n.urgent], parcel.parts[0])
    if part is None:
        return parcel
    along = outbox.take_along(tx, [n.id for n in same[1:]])
    told = {n.id: n for n in (same[0], *along)}
    part = replace(part, notice=told.get(part.notice.id, same[0]), told=tuple(told.values()))
    return replace(parcel, notices=part.told, parts=(part,))


def _taken(part: Part, taken: Mapping[str, Notice]) -> Part | None:
    """With what was still there to be taken, as it was taken."""
    told = tuple(taken[n.id] for n in part.told if n.id in taken)
    return replace(part, notice=taken.get(part.notice.id, told[-1]), told=told) if told else None


def _as_one_message(parts: list[Part]) -> list[Part]:
    """What is overdue first; as many cards as it holds, and the others a line each in a last one."""
    parts = sorted(parts, key=lambda part: part.notice.kind not in OVERDUE)
    if not _full(parts):
        return parts
    shown = next(n for n in range(len(parts) - 1, 0, -1) if n == 1 or not _full(parts[:n], CARDS - 1))
    rest = parts[shown:]
    about = replace(rest[0].notice, kind=BACKLOG, subject=rest[0].notice.recipient_id)
    told = tuple(notice for part in rest for notice in part.told)
    return [*parts[:shown], Part(notice=about, card=listed([part.card for part in rest]), told=told)]


def _by_matter(notices: Iterable[Notice]) -> list[list[Notice]]:
    """Notices about one matter share one card; in the order of the first about each."""
    found: dict[tuple[str, str], list[Notice]] = {}
    for notice in notices:
        found.setdefault(topic(notice), []).append(notice)
    return list(found.values())


def _painted(tx: Tx, policy: Policy, group: list[Notice], first: Part) -> Part | None:
    """The card of notices about one matter, the newest one's; for the first one's own matter that one's, when a newer
    notice has nothing to say."""
    newest, told = max(group, key=lambda n: n.created_at), tuple(group)
    if newest.id == first.notice.id:
        return replace(first, told=told)
    try:
        card = card_of(tx, policy, newest)
    except Exception as error:  # its own turn will say so again, and count it
        if of_the_database(error):
            raise
        telemetry.fault("courier", newest.kind, error)
        card = None
    if card:
        return Part(notice=newest, card=card, told=told)
    return replace(first, told=told) if first.notice in group else None


def _full(parts: list[Part], most: int = CARDS) -> bool:
    return len(parts) > most or sum(_lines(part.card) for part in parts) > ROOM


def of_matter(notice: Notice) -> tuple[str, ...]:
    """The kinds of notices that share a card with this one."""
    matter, _subject = topic(notice)
    return tuple(entry.name for entry in entries(Kind.NOTICE) if entry.matter == matter)


def topic(notice: Notice) -> tuple[str, str]:
    """What a notice is about: its matter and its subject."""
    entry = find(Kind.NOTICE, notice.kind)
    return entry.matter if entry else notice.kind, notice.subject


def _lines(card: Card) -> int:
    """About how many lines it takes: its title, each item and step, a row for five buttons, a line to the next."""
    rows = sum(len(item.checks) if isinstance(item, Checklist) else 1 for item in card.items)
    buttons = len(card.buttons) + sum(len(item.buttons) for item in card.items if isinstance(item, Buttons))
    return 2 + rows + -(-buttons // 5)
