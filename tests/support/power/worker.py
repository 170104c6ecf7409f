"""The process whose power is cut: the real store, doorway and checkpoints at work on one folder, several requests at a
time, in two lives of which the first ends in order.

Invariants: what was acknowledged is written to a file of its own as soon as the answer is there and no sooner; where
chance decides, the seed does. Arguments: the folder with policy and keys, the disk's folder, entries in the first life
(in the second there are three times as many), the seed; then `sloppy` for a SQLite that does not wait for the disk, or
`full` for a disk that is full for a while.
"""

import asyncio
import os
import random
import sys
from dataclasses import replace
from errno import ENOSPC
from pathlib import Path

from sqlalchemy import event
from sqlalchemy.pool import Pool

from bot import telemetry
from bot.checkpoints import Checkpoints
from bot.config import Settings
from bot.doorway import Doorway
from bot.opening import open_store, utc_now
from handlers.request import Account, Kind, Request
from handlers.views import Data, Form, Invalid, Option, Reply, Say, Value
from storage import clients
from tests.support import bot_process
from tests.support.siege import CLIENT_LIST, STAFF, STAFF_FILE

ACKNOWLEDGED, DATABASE, CHECKPOINTS = "acknowledged", "sopwith.db", "checkpoints.txt"
AT_ONCE, ERROR = 3, 40


def settings(folder: Path, disk: Path) -> Settings:
    """Policy and keys from `folder`, everything that is written on `disk`."""
    url = f"sqlite:///{disk / DATABASE}"
    found = bot_process.settings(folder, {})
    return replace(found, database_url=url, migration_url=url, checkpoint_file=disk / CHECKPOINTS)


def log_of(doorway: Doorway, told: Settings) -> Checkpoints:
    return Checkpoints(doorway, seed=told.secrets.audit_key, path=told.checkpoint_file)


class Worker:
    """One life on the disk."""

    def __init__(self, told: Settings, chance: random.Random, life: int) -> None:
        self._chance, self._life = chance, life
        self.store = open_store(told, utc_now)
        self._doorway = Doorway(self.store, told.policy)
        self._checkpoints = log_of(self._doorway, told)
        place = told.checkpoint_file.with_name(ACKNOWLEDGED)
        self._told = os.open(place, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        self._deliveries = 0

    def acknowledge(self, *words: str) -> None:
        os.write(self._told, " ".join(words).encode() + b"\n")

    async def seed(self) -> None:
        pin = {"platform": "slack", "id": "T1"}
        for name, rows, values in (
            ("people.import", STAFF_FILE, {}),
            ("clients.import", CLIENT_LIST[:8], {}),
            ("workspace.pin", (), pin),
        ):
            request = Request(kind=Kind.DESK, name=name, operator="test", rows=rows, values=values)
            answer = await self._doorway.handle(request)
            assert isinstance(answer, Data)
            assert answer.ok, answer
            self.acknowledge(name)

    async def work(self, entries: int) -> None:
        numbers = iter(range(entries))
        ids = [client.id for client in await self._doorway.ask(clients.everything)]

        async def some() -> None:
            for number in numbers:
                await self._one(f"m{self._life}x{number}x{self._chance.getrandbits(40):010x}", ids)
                if number % 7 == 3 and await self._checkpoints.export():
                    self.acknowledge("checkpoint", str(self._checkpoints._last))

        await asyncio.gather(*(some() for _worker in range(AT_ONCE)))

    async def _one(self, marker: str, ids: list[str], full: Path | None = None) -> None:
        """One form, filled in and submitted; with `full` once more, after the disk was full at the first time."""
        who = self._chance.choice(STAFF)
        breach = self._chance.random() < 0.15
        form = await self._ask(who, Kind.COMMAND, "report-breach" if breach else "log-client")
        assert isinstance(form, Form)
        values = form.values | (_breach(marker) if breach else _entry(marker, self._chance.choice(ids)))
        if full:
            full.touch()
            said = await self._ask(who, Kind.SUBMIT, form.name, form=form, values=values)
            full.unlink()
            assert isinstance(said, Invalid), said
            assert "nothing was saved" in said.errors[""]
            assert breach == ("Ring +44 20 7946 0000" in said.errors[""])
        said = await self._ask(who, Kind.SUBMIT, form.name, form=form, values=values)
        assert isinstance(said, Say), said
        assert said.reference, said
        self.acknowledge("breach" if breach else "entry", marker, said.reference)

    async def without_room(self, entries: int, full: Path) -> None:
        """While `full` exists, nothing on the disk grows."""
        ids = [client.id for client in await self._doorway.ask(clients.everything)]
        for number in range(entries):
            await self._one(f"f{number}x{self._chance.getrandbits(40):010x}", ids, full)
            full.touch()
            try:
                await self._checkpoints.export()
            except OSError as error:
                assert error.errno == ENOSPC
            else:
                raise AssertionError("a checkpoint was written on a full disk")
            finally:
                full.unlink()

    async def _ask(
        self, who: str, kind: Kind, name: str, *, form: Form | None = None, values: dict[str, Value] | None = None
    ) -> Reply:
        self._deliveries += 1
        account = Account(platform="slack", id=f"T1/U{who.upper()}")
        return await self._doorway.handle(
            Request(
                kind=kind,
                name=name,
                account=account,
                key=f"{self._life}-{self._deliveries}",
                form_id=form.form_id if form else "",
                subject=form.subject if form else "",
                values=values or {},
            )
        )


def _breach(marker: str) -> dict[str, Value]:
    return {"what": f"A letter went astray. {marker}"}


def _entry(marker: str, client_id: str) -> dict[str, Value]:
    return {
        "client": Option(value=client_id, label="It"),
        "channel": "Company email",
        "kind": "email",
        "direction": "in",
        "when": utc_now(),
        "summary": f"They spoke. {marker}",
        "expects": "yes",
        "replier": None,
    }


def main() -> None:
    folder, disk, entries, seed = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
    if "sloppy" in sys.argv:
        event.listen(Pool, "checkout", lambda connection, *_more: connection.execute("PRAGMA synchronous=OFF"))
    telemetry.set_up(ERROR)
    told, chance = settings(folder, disk), random.Random(seed)
    first = Worker(told, chance, 1)
    asyncio.run(first.seed())
    if "full" in sys.argv:
        asyncio.run(first.without_room(entries, Path(os.environ["POWER_FULL"])))
    asyncio.run(first.work(entries))
    first.store.close()
    second = Worker(told, chance, 2)
    asyncio.run(second.work(3 * entries))  # beyond the size at which SQLite moves its log into the file
    os._exit(0)  # the power is gone


if __name__ == "__main__":
    main()
