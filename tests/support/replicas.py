"""Two services on one PostgreSQL, under siege: killed, made to stand still, and cut off from the database in the middle
of whatever they do.

Invariants: all chance is drawn from the seed; a replica that stands still is not killed; `blows` counts what may have
left a result unknown. Over HTTP a balancer hands each request to any replica whose doors are open, one that stands
still included.
"""

import asyncio
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text

from storage.outbox import LEASE
from tests.support.besieged import Besieged
from tests.support.killable import Killable
from tests.support.siege import Siege

STILL = LEASE.total_seconds() + 2
NOBODY = 9  # a port where nobody listens
CUT = text(
    "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = :name AND pid <> pg_backend_pid()"
)


class Replicas(Siege):
    """`admin` reaches the server that `database_url` is on."""

    checkpoint_files = ("one.txt", "two.txt")

    def __init__(self, folder: Path, side: Besieged, database_url: str, admin: Engine) -> None:
        super().__init__(folder, side, database_url=database_url)
        self._admin, self._name = admin, database_url.rpartition("/")[2].partition("?")[0]
        self.bots = [
            Killable(folder, **side.order, database_url=database_url, checkpoints=file)
            for file in self.checkpoint_files
        ]
        self._held, self._over = set[Killable](), asyncio.Event()
        self.kills = self.pauses = self.cuts = 0

    @property
    def blows(self) -> int:
        return self.kills + self.pauses + self.cuts

    async def warm_up(self) -> None:
        for bot in self.bots:
            await bot.warm_up()

    async def up(self) -> None:
        """Both at once."""
        await asyncio.gather(*(self._start(bot) for bot in self.bots))
        self.side.moved_to(self.bots[0].port)

    async def _start(self, bot: Killable) -> None:
        began, cuts = time.monotonic(), self.cuts
        await bot.start(self.ahead)
        try:
            await bot.opened()
        except EOFError:
            if cuts == self.cuts:
                raise
            await self._start(bot)  # cut off while it started: it ends, and an init system starts it again
        else:
            self.starts.append(time.monotonic() - began)

    async def down(self) -> None:
        """As an operator stops them."""
        assert [await bot.end(signal.SIGTERM) for bot in self.bots] == [0, 0]

    async def balance(self) -> None:
        """Until cancelled: whose turn it is changes all the time."""
        while True:
            doors = [bot.port for bot in self.bots if bot.port] or [NOBODY]
            self.side.moved_to(self.chance.choice(doors))
            await asyncio.sleep(0.01)

    async def storm(self, pauses: int) -> None:
        """Until one of the two has stood still so many times, one time in four for longer than a lease; both are up at
        the end."""
        fighting = [asyncio.create_task(blow()) for blow in (self._kill, self._cut)]
        for pause in range(pauses):
            with self._any() as bot:
                self.pauses += 1
                bot.pause(True)
                await asyncio.sleep(self.chance.uniform(1, 14) if pause % 4 else STILL)
                bot.pause(False)
            await asyncio.sleep(self.chance.uniform(0, 2))
        self._over.set()
        await asyncio.gather(*fighting)

    @contextmanager
    def _any(self) -> Iterator[Killable]:
        """A replica that nobody else has in hand."""
        bot = self.chance.choice([bot for bot in self.bots if bot not in self._held])
        self._held.add(bot)
        try:
            yield bot
        finally:
            self._held.remove(bot)

    async def _kill(self) -> None:
        """Now and then one dies at any moment, or while it starts, and is away for a while."""
        while not self._over.is_set():
            await asyncio.sleep(self.chance.uniform(0.5, 3))
            if len(self._held) == len(self.bots):
                continue
            with self._any() as bot:
                self.kills += 1
                assert await bot.end() == -signal.SIGKILL
                await asyncio.sleep(self.chance.uniform(0, 2))
                while self.chance.random() < 0.15:
                    self.kills, cuts = self.kills + 1, self.cuts
                    await bot.start(self.ahead)
                    await asyncio.sleep(self.chance.uniform(0, 0.3))
                    assert await bot.end() == -signal.SIGKILL or cuts != self.cuts
                await self._start(bot)

    async def _cut(self) -> None:
        """Every connection to the database is broken at once."""
        while not self._over.is_set():
            await asyncio.sleep(self.chance.uniform(1, 5))
            self.cuts += 1
            with self._admin.connect() as conn:
                conn.execute(CUT, {"name": self._name})
