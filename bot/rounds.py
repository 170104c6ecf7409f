"""Wakes whoever delivers, by small tasks of its own: people are told of what is due even when the clock stands still.

Invariants: each kind of work has its own task, so that a slow one holds up no other; two rounds of one kind never
overlap; a fault ends no task, and is said without its message.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

from bot import telemetry
from bot.pulse import Pulse

Work = Callable[[], Awaitable[object]]


class Rounds:
    """`pulse` tells the watch which kind of work has not gone well for long."""

    def __init__(self, pulse: Pulse) -> None:
        self._pulse = pulse
        self._plans: list[tuple[str, Work, timedelta]] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    def add(self, kind: str, work: Work, every: timedelta) -> None:
        """Before the start: this work, so often."""
        self._plans.append((kind, work, every))

    def start(self) -> None:
        """Begin the rounds."""
        self._tasks = [asyncio.create_task(self._go(*plan)) for plan in self._plans]

    async def stop(self) -> None:
        """No further round; what is in hand is finished."""
        self._stopping.set()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _go(self, kind: str, work: Work, every: timedelta) -> None:
        while not self._stopping.is_set():
            try:
                await work()
                self._pulse.well(kind)
            except Exception as error:  # noqa: BLE001  a task that ends unseen would be the end of telling people
                telemetry.fault("rounds", kind, error)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), every.total_seconds())
