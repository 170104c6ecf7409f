"""A firm whose service dies again and again: the chat and the people live on here, the service is a process of its own.

Invariants: all chance is drawn from the seed; between two lives the house's clock jumps ahead, as in an outage, so that
reminders, overdue replies and leases fall due while the killing goes on.
"""

import asyncio
import json
import os
import random
import signal
import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bot.config import Settings
from bot.opening import local_doorway, utc_now
from handlers.request import Kind, Request
from handlers.views import Data
from storage import deadlines, outbox, people, schema, timers, watch
from storage.store import Tx, reading_engine
from tests.support.besieged import SIDES, Besieged
from tests.support.bot_process import settings
from tests.support.clerks import Book
from tests.support.killable import Killable
from tests.support.unsealed import breach_texts, summaries

SEED = 20261123
OUTAGE = 8.0  # seconds of house time between two lives, at most
POLICY = """
[firm]
name = "Harbour & Lane"
zone = "Europe/London"
[calendars.always]
always_open = true
[sla.first_response]
target = "120s"
remind_at = [20]
[channels]
approved = { "Company email" = true }
[breach]
emergency = "Ring +44 20 7946 0000 (DPO on call)"
[pings]
per_day = 1000
[audit]
every = "1s"
"""
STAFF = ("Amelia", "Luca", "Sana", "Owen", "Ines", "Hugo", "Noor", "Kofi", "Mina", "Yusuf", "Eira", "Pavel")
CLIENTS = [f"Client{number:02}" for number in range(50)]


def _people() -> tuple[dict[str, str], ...]:
    roles = {"Jonas": "staff;supervisor", "Margaret": "staff;senior_management", "Priya": "staff;dpo"}
    names = (*STAFF, *roles, "Rosa")
    return tuple(
        {
            "line": str(number),
            "email": f"{name.lower()}@harbour.example",
            "name": name,
            "roles": roles.get(name, "staff" if name in STAFF else "staff;records;admin"),
            "supervisor": "" if name == "Margaret" else "jonas@harbour.example" if name in STAFF else "",
            "slack_id": f"U{name.upper()}",
        }
        for number, name in enumerate(names, 2)
    )


def _clients() -> tuple[dict[str, str], ...]:
    team = [f"{name.lower()}@harbour.example" for name in STAFF]
    return tuple(
        {
            "line": str(number + 2),
            "ref": f"{4000 + number}",
            "name": name,
            "owner": team[number % len(team)],
            "team": ";".join(t for t in team if t != team[number % len(team)]),
        }
        for number, name in enumerate(CLIENTS)
    )


STAFF_FILE, CLIENT_LIST = _people(), _clients()


async def new_side(transport: str) -> Besieged:
    """A chat with everybody's account, served."""
    side = SIDES[transport](STAFF_FILE, SEED)
    await side.serve()
    return side


def new_house(folder: Path, policy: str) -> None:
    """Settings and keys."""
    (folder / "sopwith.toml").write_text(policy)
    for name in ("master.key", "audit.key"):
        (folder / name).touch(mode=0o600)
        (folder / name).write_bytes(os.urandom(32))


@dataclass(frozen=True, kw_only=True)
class Record:
    """What the record says when all is over."""

    entries: list[tuple[str, str]]
    notices: list[outbox.Notice]
    open: list[deadlines.Deadline]
    entered: dict[str, datetime]
    staff: dict[str, people.Person]
    forgotten: list[str]
    oldest_due: object

    @classmethod
    def of(cls, tx: Tx) -> "Record":
        rows = tx.conn.execute(select(schema.interactions.c.id, schema.interactions.c.entered_at))
        return cls(
            entries=[*summaries(tx), *breach_texts(tx)],
            notices=outbox.recent(tx, 100_000),
            open=deadlines.all_open(tx),
            entered=dict(rows.all()),
            staff={person.id: person for person in people.everybody(tx)},
            forgotten=watch.forgotten(tx),
            oldest_due=timers.oldest_due(tx),
        )

    @property
    def messages(self) -> list[outbox.Notice]:
        """Notices that are messages of their own, not edits."""
        return [n for n in self.notices if not n.message_id]


class Siege:
    """The firm, its chat, its clerks, and the service that dies again and again."""

    def __init__(self, folder: Path, side: Besieged, **order: str) -> None:
        self.folder, self.side, self._order = folder, side, order
        self.bot = Killable(folder, **side.order)
        self.chance, self.ahead, self.book = random.Random(SEED), 0.0, Book()
        self.starts: list[float] = []
        self.clerks = [side.clerk(name, CLIENTS, self.book, SEED) for name in STAFF]

    def settings(self) -> Settings:
        return settings(self.folder, self._order)

    async def begin(self) -> None:
        """All is there, and nothing has happened yet."""
        await self.seed()
        await self.warm_up()
        await self.side.moved_in(self.up, self.down)
        self.starts.clear()

    async def warm_up(self) -> None:
        await self.bot.warm_up()

    async def seed(self) -> None:
        with local_doorway(self.settings()) as doorway:
            for name, rows in (("people.import", self.side.people), ("clients.import", CLIENT_LIST)):
                answer = await doorway.handle(Request(kind=Kind.DESK, name=name, operator="test", rows=rows))
                assert isinstance(answer, Data)
                assert answer.ok, answer

    async def up(self) -> None:
        began = time.monotonic()
        await self.bot.start(self.ahead)
        self.side.moved_to(await self.bot.opened())
        await self.side.connected()
        self.starts.append(time.monotonic() - began)

    async def down(self) -> None:
        """As an operator stops it."""
        assert await self.bot.end(signal.SIGTERM) == 0

    async def live_and_die(self) -> None:
        """One life: killed while it starts, after a random while, or at the very moment a message goes out."""
        draw = self.chance.random()
        if draw < 0.15:
            await self.bot.start(self.ahead)
            await asyncio.sleep(self.chance.uniform(0, 0.15))
        else:
            await self.up()
            await asyncio.sleep(self.chance.uniform(0, 0.9))
            if draw < 0.5:
                await self._message()
        assert await self.bot.end() == -signal.SIGKILL
        self.ahead += self.chance.uniform(0, OUTAGE)

    async def _message(self) -> None:
        """Until a message has just arrived whose answer the service cannot yet have noted; half a second at most."""
        posted = len(self.side.posts())
        until = time.monotonic() + 0.5
        while len(self.side.posts()) == posted and time.monotonic() < until:
            await self.side.changed(0.05)

    async def pass_time(self, seconds: float) -> None:
        """Stop the service as an operator does, start it `seconds` later, wait until nothing is left to be done."""
        await self.down()
        self.ahead += seconds
        await self.up()
        until = time.monotonic() + 120
        while time.monotonic() < until:
            if not self.waiting():
                return
            await asyncio.sleep(0.1)
        raise TimeoutError(self.waiting())

    def waiting(self) -> dict[str, int]:
        """Notices not sent and timers not fired, as anybody could read them from the database."""
        engine = reading_engine(self.settings().database_url)
        with engine.connect() as db:
            states = db.exec_driver_sql("SELECT state, count(*) FROM outbox GROUP BY state").all()
            now = utc_now() + timedelta(seconds=self.ahead)
            due = db.execute(select(func.count()).where(schema.timers.c.due_at <= now)).scalar_one()
        engine.dispose()
        over = {str(state) for state in outbox.OVER}
        return {state: n for state, n in [*states, ("due", due)] if n and state not in over}

    def said(self) -> list[dict[str, Any]]:
        """The log of all its lives: JSON, line by line, and nothing else."""
        return [json.loads(line) for line in (self.folder / "log").read_text().splitlines()]

    async def record(self) -> Record:
        """Once the service has stopped."""
        with local_doorway(self.settings()) as doorway:
            return await doorway.ask(Record.of)

    async def close(self) -> None:
        await self.bot.close()
        await self.side.close()
