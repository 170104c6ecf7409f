"""The heartbeat: a few interval jobs that ask what is due. APScheduler keeps the beat, the tables keep the time.

Invariants: never a job per deadline, never a job store; a beat that comes late does all that is due; two beats of one
kind never overlap.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot import telemetry
from bot.checkpoints import Checkpoints
from bot.doorway import Doorway
from bot.pulse import Pulse
from storage import audit, inbox, timers

BEAT = timedelta(seconds=1)
SEQUENCE = timedelta(seconds=0.5)
AT_ONCE = 100


class Clock:
    """Fires what is due, gives audit entries their position, exports checkpoints, prunes the inbox."""

    def __init__(self, doorway: Doorway, checkpoints: Checkpoints | None, every: timedelta) -> None:
        self._doorway = doorway
        self._checkpoints = checkpoints
        self._every = every
        self._scheduler = AsyncIOScheduler(timezone=UTC)
        self._beating: set[asyncio.Task[object]] = set()
        logging.getLogger("apscheduler").disabled = True  # it would log exceptions with their text
        logging.getLogger("apscheduler.scheduler").disabled = True
        logging.getLogger("apscheduler.executors.default").disabled = True
        self.pulse = Pulse()

    def start(self) -> None:
        """Begin to beat."""
        self._beat("fire", self.fire, BEAT)
        if self._doorway.store.shared:
            self._beat("sequence", self._sequence, SEQUENCE)
        self._beat("prune", self._prune, timedelta(hours=1))
        if self._checkpoints:
            self._beat("checkpoint", self._checkpoint, self._every)
        self._scheduler.start()

    async def stop(self) -> None:
        """Beat no more; what is in hand is finished."""
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        await asyncio.gather(*self._beating, return_exceptions=True)
        self._scheduler.shutdown(wait=False)

    async def fire(self) -> None:
        """Do everything that is due now, oldest first."""
        tried: set[str] = set()
        while due := await self._doorway.ask(lambda tx: timers.due(tx, AT_ONCE)):
            fresh = [timer for timer in due if timer.id not in tried]
            for timer in fresh:
                await self._doorway.fire(timer)
            if not fresh:
                return  # another process has these in hand: the next beat looks again
            tried |= {timer.id for timer in fresh}

    async def _sequence(self) -> None:
        """Audit entries that wait for their position get it."""
        while await self._doorway.do(audit.sequence) == audit.BATCH:
            pass

    async def _prune(self) -> None:
        await self._doorway.do(inbox.prune)

    async def _checkpoint(self) -> None:
        if self._checkpoints:
            await self._checkpoints.export()

    def _beat(self, kind: str, work: Callable[[], Awaitable[object]], every: timedelta) -> None:
        async def once() -> None:
            task = asyncio.ensure_future(work())
            self._beating.add(task)
            task.add_done_callback(self._beating.discard)
            try:
                await asyncio.shield(task)
                self.pulse.well(kind)
            except Exception as error:  # noqa: BLE001  the scheduler, whose log is shut, would swallow it
                telemetry.fault("clock", kind, error)

        trigger = IntervalTrigger(seconds=every.total_seconds())
        self._scheduler.add_job(
            once,
            trigger,
            id=kind,
            max_instances=1,
            coalesce=True,
            misfire_grace_time=None,
            next_run_time=datetime.now(UTC),
        )
