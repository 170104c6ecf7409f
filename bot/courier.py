"""The courier (outbox relay): takes what is due, looks at its cause again, sends it or edits what stands, and notes it.

Invariants: nothing is sent whose cause is gone; an unknown result is sent again (at most one duplicate each); a lane is
one person; a platform's wait holds that lane, or all; what a platform refuses for good is discarded and told.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot import telemetry
from bot.doorway import Doorway
from bot.senders import Limited, Rejected, Sender, Trouble, Unreachable
from handlers.request import Ask, Kind, Request
from handlers.router import find
from handlers.views import Card
from handlers.words import _
from storage import audit, chat, outbox, people
from storage.outbox import Notice, State
from storage.store import Tx, Unavailable

AT_ONCE = 8
GIVE_UP = 200  # attempts; with the backoff's cap of five minutes that is most of a day
BUG_GIVES_UP = 5
NEW_HERE = 6  # attempts, about two minutes: the directory is asked after somebody who is new in the people file
OVERDUE = frozenset({"deadline.overdue", "deadline.escalated", "deadline.still-due"})


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """A notice made ready: what to show, to which account, or which message to edit. No card: the cause is gone."""

    notice: Notice
    card: Card | None
    account: str
    message: chat.Message | None


def headline(notice: Notice) -> str:
    """All that a locked phone shows: one of three fixed sentences."""
    if notice.urgent:
        return _("Urgent: please open now.")
    return _("Something is overdue.") if notice.kind in OVERDUE else _("Something is due today.")


class Courier:
    """Delivers through `senders` (by platform name)."""

    def __init__(self, doorway: Doorway, senders: Mapping[str, Sender]) -> None:
        self._doorway = doorway
        self._senders = senders
        self._running = asyncio.Lock()
        self._again = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._resume_at = 0.0

    def poke(self) -> None:
        """There may be something to deliver; callable from the event loop."""
        task = asyncio.get_running_loop().create_task(self._poked())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _poked(self) -> None:
        """Nobody waits for this task, so what it has to say of a fault is said here, without the fault's message."""
        try:
            await self.deliver()
        except Exception as error:  # noqa: BLE001
            telemetry.fault("courier", "deliver", error)

    async def finish(self) -> None:
        """Wait for what is being sent."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        async with self._running:
            return

    async def deliver(self) -> None:
        """Send all that is due; a second call while one runs makes it look once more."""
        if self._running.locked():
            self._again = True
            return
        async with self._running:
            try:
                while await self._round() or self._again:
                    self._again = False
            except Unavailable as error:
                telemetry.fault("courier", "claim", error)

    async def _round(self) -> int:
        if asyncio.get_running_loop().time() < self._resume_at:
            return 0
        taken = await self._doorway.do(lambda tx: outbox.claim(tx, AT_ONCE))
        ended = await asyncio.gather(*(self._one(notice) for notice in taken), return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        return len(taken)

    async def _one(self, notice: Notice) -> None:
        """A notice that cannot be painted must not stop the others; a record that does not answer is nobody's bug."""
        try:
            await self._hand_over(await self._doorway.ask(lambda tx: self._make_ready(tx, notice)))
        except Unavailable as error:
            telemetry.fault("courier", notice.kind, error)
            await self._failed(notice, "the record did not answer", give_up=False)
        except Exception as error:  # noqa: BLE001
            telemetry.fault("courier", notice.kind, error)
            await self._failed(notice, "cannot be painted", give_up=notice.attempts >= BUG_GIVES_UP)

    async def _hand_over(self, parcel: Parcel) -> None:
        notice = parcel.notice
        if parcel.card is None:
            await self._end(notice, State.CANCELLED, "cause gone")
        elif parcel.account:
            await self._send(parcel, parcel.card)
        else:
            await self._failed(notice, "no account", give_up=notice.attempts >= NEW_HERE)

    def _make_ready(self, tx: Tx, notice: Notice) -> Parcel:
        person, entry = people.by_id(tx, notice.recipient_id), find(Kind.NOTICE, notice.kind)
        message = chat.message(tx, notice.message_id) if notice.message_id else None
        if person is None or entry is None or (notice.message_id and message is None):
            raise LookupError(notice.kind)
        request = Request(kind=Kind.NOTICE, name=notice.kind, subject=notice.subject)
        card = entry.handler(tx, notice, person, Ask(request=request, policy=self._doorway.policy, actor=person))
        living = [a.account for a in chat.accounts_of(tx, person.id) if a.account.split(":")[0] in self._senders]
        account = message.account if message else next(iter(living), "")
        return Parcel(notice=notice, card=card, account=account, message=message)  # type: ignore[arg-type]

    async def _send(self, parcel: Parcel, card: Card) -> None:
        notice, sender = parcel.notice, self._senders[parcel.account.split(":")[0]]
        try:
            if parcel.message:
                await sender.edit(parcel.message.place, card, headline=headline(notice))
                await self._end(notice, State.COMPLETED)
            else:
                place = await sender.send(parcel.account, card, headline=headline(notice))
                await self._sent(parcel, place)
        except Limited as limited:
            if limited.everywhere:
                self._resume_at = asyncio.get_running_loop().time() + limited.seconds
            await self._told_to_wait(notice, timedelta(seconds=limited.seconds))
        except Trouble:
            await self._failed(notice, "did not arrive", give_up=notice.attempts >= GIVE_UP)
        except Unreachable:
            await self._discard(notice, "unreachable")
        except Rejected:
            await self._discard(notice, "rejected")

    async def _sent(self, parcel: Parcel, place: str) -> None:
        notice = parcel.notice

        def note(tx: Tx) -> str:
            outbox.end(tx, notice, State.COMPLETED)
            audit.record(tx, "notice.sent", who=None, to=notice.recipient_id, kind=notice.kind, subject=notice.subject)
            return chat.posted(
                tx,
                kind=notice.kind,
                subject=notice.subject,
                person_id=notice.recipient_id,
                account=parcel.account,
                place=place,
            )

        message_id = await self._doorway.do(note)
        telemetry.NOTICES.labels(notice.kind, State.COMPLETED).inc()
        await self._keep_true(parcel, message_id)

    async def _keep_true(self, parcel: Parcel, message_id: str) -> None:
        """What changed while it was on its way found no message to paint again: it is painted again now."""
        notice = parcel.notice
        if (await self._doorway.ask(lambda tx: self._make_ready(tx, notice))).card == parcel.card:
            return
        what = {"recipient_id": notice.recipient_id, "kind": notice.kind, "subject": notice.subject}
        await self._doorway.do(lambda tx: outbox.refresh(tx, message_id=message_id, **what))

    async def _told_to_wait(self, notice: Notice, wait: timedelta) -> None:
        """For everything in its lane: the platform would refuse the next one too."""

        def hold(tx: Tx) -> None:
            outbox.retry(tx, notice, wait, "asked to wait")
            outbox.hold(tx, notice.recipient_id, wait)

        await self._doorway.do(hold)
        telemetry.NOTICES.labels(notice.kind, State.RETRYABLE).inc()

    async def _failed(self, notice: Notice, problem: str, *, give_up: bool) -> None:
        if give_up:
            await self._discard(notice, problem)
        else:
            await self._retry(notice, telemetry.backoff(notice.attempts), problem)

    async def _retry(self, notice: Notice, wait: timedelta, problem: str) -> None:
        await self._doorway.do(lambda tx: outbox.retry(tx, notice, wait, problem))
        telemetry.NOTICES.labels(notice.kind, State.RETRYABLE).inc()

    async def _end(self, notice: Notice, state: State, problem: str = "") -> None:
        await self._doorway.do(lambda tx: outbox.end(tx, notice, state, problem))
        telemetry.NOTICES.labels(notice.kind, state).inc()

    async def _discard(self, notice: Notice, problem: str) -> None:
        """It will not arrive: on record, and the administrators are told once a day per person (edits are not
        missed)."""

        def give_up(tx: Tx) -> None:
            outbox.end(tx, notice, State.DISCARDED, problem)
            audit.record(tx, "notice.discarded", who=None, to=notice.recipient_id, kind=notice.kind, why=problem)
            if notice.message_id or notice.kind == "notice.failed":
                return
            for admin in people.holders(tx, "admin"):
                key = f"failed:{notice.recipient_id}:{tx.now.date()}:{admin.id}"
                outbox.put(tx, key=key, recipient_id=admin.id, kind="notice.failed", subject=notice.recipient_id)

        await self._doorway.do(give_up)
        telemetry.NOTICES.labels(notice.kind, State.DISCARDED).inc()
