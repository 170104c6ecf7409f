"""The courier (outbox relay): takes what is due, looks at its cause again, sends it or edits what stands, and notes it.

Invariants: nothing is sent whose cause is gone; an unknown result is sent again (at most one duplicate each); a lane is
one person; what falls due to one person within the hour travels as one message; a platform's wait holds that lane, or
all; what a platform refuses for good is discarded and told.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import replace
from datetime import timedelta

from bot import parcels, telemetry
from bot.doorway import Doorway
from bot.parcels import Parcel
from bot.receipts import Receipts
from bot.senders import Limited, Rejected, Sender, Trouble, Unreachable
from handlers import pings
from storage import outbox, timers
from storage.outbox import Notice, State
from storage.store import Tx, Unavailable

AT_ONCE = 8
GIVE_UP = 200  # attempts; with the backoff's cap of five minutes that is most of a day
BUG_GIVES_UP = 5
LOST = "did not arrive"
OUTAGE = 8  # failures in a row; the first success behind them wakes every lane
SETTLING = timedelta(seconds=5)  # while timers are late, so that what they have to say after an outage is one message
NEW_HERE = 6  # attempts, about two minutes: the directory is asked after somebody who is new in the people file


def _nothing(_tx: Tx) -> None:
    """There is no second road."""


class Courier:
    """Delivers through `senders` (by platform name). `plan`: before chat begins, so that mail can follow in time."""

    def __init__(self, doorway: Doorway, senders: Mapping[str, Sender], plan: Callable[[Tx], None] = _nothing) -> None:
        self._doorway = doorway
        self._plan = plan
        self._senders = senders
        self._receipts = Receipts(doorway)
        self._running = asyncio.Lock()
        self._again = False
        self._tasks: set[asyncio.Task[None]] = set()
        self._resume_at = 0.0
        self._lost_in_a_row = 0

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
        taken = await self._doorway.do(self._claim)
        work = (self._guarded((notice,), self._one(notice)) for notice in taken)
        ended = await asyncio.gather(*work, return_exceptions=True)
        for error in ended:
            if error is not None:
                raise error
        return len(taken)

    def _claim(self, tx: Tx) -> list[Notice]:
        free = pings.hold(tx, self._doorway.policy)
        self._plan(tx)
        return outbox.claim(tx, AT_ONCE, since=SETTLING if timers.oldest_due(tx) else timedelta(), of=free)

    async def _guarded(self, notices: tuple[Notice, ...], work: Coroutine[None, None, None]) -> None:
        """A notice that cannot be painted must not stop the others; a record that does not answer is nobody's bug."""
        try:
            await work
        except Unavailable as error:
            telemetry.fault("courier", notices[0].kind, error)
            await self._receipts.failed(notices, "the record did not answer")
        except Exception as error:  # noqa: BLE001
            telemetry.fault("courier", notices[0].kind, error)
            await self._receipts.failed(notices, "cannot be painted", most=BUG_GIVES_UP)

    async def _one(self, notice: Notice) -> None:
        policy = self._doorway.policy
        parcel = await self._doorway.ask(lambda tx: parcels.made_ready(tx, policy, notice, self._senders.keys()))
        if not parcel.parts:
            await self._receipts.ended([notice], State.CANCELLED, "cause gone")
        elif not parcel.account:
            await self._receipts.failed([notice], "no account", most=NEW_HERE)
        else:
            packed = await self._doorway.do(lambda tx: parcels.bundled(tx, policy, parcel)) if _new(parcel) else parcel
            await self._guarded(packed.notices, self._send(packed))

    async def _send(self, parcel: Parcel) -> None:
        try:
            place = await self._post(parcel)
        except Limited as limited:
            if limited.everywhere:
                self._resume_at = asyncio.get_running_loop().time() + limited.seconds
            await self._receipts.told_to_wait(parcel.notices, timedelta(seconds=limited.seconds))
        except Trouble:
            self._lost_in_a_row += 1
            await self._receipts.failed(parcel.notices, LOST, most=GIVE_UP)
        except Unreachable:
            await self._give_up(parcel, "unreachable", silent="" if parcel.place else parcel.account)
        except Exception as error:  # the platform or its painter will not have it
            if len(parcel.parts) > 1 and not parcel.place:
                await self._send_apart(parcel, error)
            elif isinstance(error, Rejected):
                await self._give_up(parcel, "rejected")
            else:
                raise
        else:
            await self._arrived(parcel, place)
            await self._wake_others()

    async def _give_up(self, parcel: Parcel, problem: str, *, silent: str = "") -> None:
        for notice in parcel.notices:
            await self._receipts.discarded(notice, problem, silent=silent)

    async def _post(self, parcel: Parcel) -> str:
        sender = self._senders[parcel.account.split(":")[0]]
        if parcel.place:
            await sender.edit(parcel.place, parcel.cards, headline=parcel.headline)
            return parcel.place
        return await sender.send(parcel.account, parcel.cards, headline=parcel.headline)

    async def _send_apart(self, parcel: Parcel, error: Exception) -> None:
        """One card that nobody will have must not hold up those it travels with."""
        telemetry.fault("courier", "bundle", error)
        for part in parcel.parts:
            alone = replace(parcel, notices=part.told, parts=(part,))
            await self._guarded(alone.notices, self._send(alone))

    async def _arrived(self, parcel: Parcel, place: str) -> None:
        if parcel.place:
            await self._receipts.ended(parcel.notices, State.COMPLETED)
        else:
            await self._keep_true(parcel, await self._receipts.sent(parcel, place))

    async def _wake_others(self) -> None:
        """After an outage nobody waits for the end of a pause that was made for it."""
        lost, self._lost_in_a_row = self._lost_in_a_row, 0
        if lost >= OUTAGE:
            await self._doorway.do(lambda tx: outbox.wake(tx, LOST))
            self._again = True

    async def _keep_true(self, parcel: Parcel, ids: list[str]) -> None:
        """What changed while it was on its way found no message to paint again: it is painted again now."""
        policy, parts = self._doorway.policy, list(zip(ids, parcel.parts, strict=True))
        changed = await self._doorway.ask(
            lambda tx: [(id, p.notice) for id, p in parts if parcels.has_changed(tx, policy, p)]
        )
        for id, notice in changed[:1]:  # an edit paints the whole message
            what = {"recipient_id": notice.recipient_id, "kind": notice.kind, "subject": notice.subject}
            await self._doorway.do(lambda tx: outbox.refresh(tx, message_id=id, **what))  # noqa: B023  awaited here


def _new(parcel: Parcel) -> bool:
    return not parcel.place
