"""All that can go wrong while people type: bugs whose message holds what was typed, a database that is held, a chat on
a bad day, and callers who send what nobody sends.

Invariants: each fault is over when its act is; the words in a bug's message are for nobody.
"""

import asyncio
import gc
import importlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import quote

import aiohttp
import pytest

from bot.desk_socket import socket_path
from bot.sandbox.faults import Kind
from bot.sandbox.reading import text_of
from bot.sandbox.submitting import Outcome
from bot.web import port_of
from storage.store import sqlite_path
from tests.support.busy_minute import AMELIA, Minute
from tests.support.knocking import knock
from tests.support.post_office import PostOffice


@dataclass(frozen=True, kw_only=True)
class BadMinute:
    """After the busy one, with the same people and the same house."""

    minute: Minute

    @contextmanager
    def bug(self, where: str) -> Iterator[None]:
        """`module:name` breaks, and says aloud what it was given."""
        module, _colon, name = where.partition(":")
        said = f"invalid value: {self.minute.mark(f'the message of a bug in {where}')!r}"

        def broken(*_args: object, **_more: object) -> None:
            raise ValueError(said) from KeyError(said)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(importlib.import_module(module), name, broken)
            yield

    async def bugs_in_what_people_do(self) -> None:
        """The form stays open with a reference; a page says so."""
        minute, me, chat = self.minute, self.minute.town.amelia, self.minute.town.chat
        await me.type("/log-client")
        await minute.fill(me, "Not yet.", client=minute.client)
        for where in ("handlers.interactions.log:_tell", chat.reads):
            await me.write("Summary", minute.text(f"summary with a bug in {where}", *minute.carried(AMELIA)))
            with self.bug(where):
                said = await me.submit()
            assert said.outcome is Outcome.ERRORS
            assert "tell the administrator" in f"{said.errors} {text_of(me.modal)}"
        await minute.put_away(me)
        for where in ("handlers.home:sections", chat.page):
            with self.bug(where):
                await me.type("/sopwith home")
                await me.look_home()
            await minute.put_away(me)

    async def bugs_in_what_happens_by_itself(self) -> None:
        """A timer, a card, a message, a beat, the outbox: each fails a while, and is done in the end."""
        town, me = self.minute.town, self.minute.town.amelia
        await town.log(me, "Hollis", "They wait.")
        await self.minute.put_away(me)
        for where, days in (
            ("handlers.deadlines.cards:headline", 1),
            (town.chat.card, 1),
            ("handlers.deadlines.clock:_overdue", 1),
            ("storage.outbox:claim", 0),
            ("storage.timers:due", 0),
        ):
            with self.bug(where):
                town.firm.service.courier.poke()
                if days:
                    await asyncio.wait_for(self._time_passes(days), 20)
                await asyncio.sleep(1.1 if not days else 0.1)  # the beat comes every second
            gc.collect()  # what a forgotten task has to say, it says now
        with self.bug("bot.desk_socket:written_reply"):
            line = json.dumps({"name": "people.check", "operator": "test", "rows": [], "values": {}})
            await said(await asyncio.open_unix_connection(self._socket()), f"{line}\n")
        gc.collect()
        await town.later(hours=1)

    async def _time_passes(self, days: int) -> None:
        """In one step: what falls due fails, and is put off."""
        firm = self.minute.town.firm
        firm._jump(firm.now() + timedelta(days=days))
        await firm.service.clock.fire()
        await firm.service.courier.deliver()

    async def the_database_is_held_by_another(self) -> None:
        """Nothing is saved, the text stays in the form, and a second press saves it."""
        minute, me = self.minute, self.minute.town.amelia
        await me.type("/log-client")
        await minute.fill(me, "Not yet.", client=minute.client)
        other = sqlite3.connect(self._database(), isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        said = await minute.logged(me, minute.text("summary while the database is held", AMELIA))
        other.execute("ROLLBACK")
        other.close()
        assert said.outcome is Outcome.ERRORS
        assert (await me.submit()).outcome is Outcome.UPDATED
        await minute.put_away(me)

    def _database(self) -> str:
        return str(sqlite_path(self.minute.town.firm.service.settings.database_url))

    async def the_chat_has_a_bad_day(self) -> None:
        """Windows that do not open, messages that do not arrive, and one that is refused for good."""
        minute, town, faults = self.minute, self.minute.town, self.minute.town.faults
        for kind in (Kind.ERROR, Kind.SERVER_ERROR, Kind.CUT_BEFORE, Kind.RATE_LIMITED):
            faults.next(town.chat.windows, kind, code=town.chat.no)
            await town.amelia.type(f"/log-client {minute.text(f'typed into {kind}', *minute.filled_in(AMELIA))}")
            await minute.put_away(town.amelia)
        for kind in (Kind.RATE_LIMITED, Kind.SERVER_ERROR, Kind.CUT_AFTER, Kind.ERROR):
            faults.next(town.chat.post, kind, code=town.chat.no)
            await town.tomas.type("/report-breach")
            await town.tomas.write("What happened?", minute.text(f"report before {kind}"))
            assert (await town.tomas.submit()).outcome is Outcome.UPDATED
            await minute.put_away(town.tomas)
            await town.settle()
        faults.clear()

    async def chat_is_away_and_letters_go(self, office: PostOffice) -> None:
        """For longer than chat is waited for: whoever was to learn something reads it in a letter."""
        minute, town, firm = self.minute, self.minute.town, self.minute.town.firm
        town.often(Kind.SERVER_ERROR, 1.0, town.chat.post)
        await town.tomas.type("/report-breach")
        await town.tomas.write("What happened?", minute.text("report while chat is away"))
        assert (await town.tomas.submit()).outcome is Outcome.UPDATED
        await minute.put_away(town.tomas)
        firm._jump(firm.now() + timedelta(minutes=6))
        async with asyncio.timeout(20):
            while not (office.to("priya.nair") and office.to("margaret.lane")):
                await asyncio.sleep(0.05)
        town.faults.clear()
        await town.settle()

    def _socket(self) -> str:
        return str(socket_path(self.minute.town.firm._folder / "sandbox.db"))

    async def strangers_knock(self) -> None:
        """Unsigned, unreadable, unknown, too large, at addresses that are none, and at the command line's socket."""
        town, firm, junk = self.minute.town, self.minute.town.firm, self.minute.mark("what strangers send")
        await knock(town, junk)
        outer, inner = (port_of(runner) for runner in firm.service._runners)
        async with aiohttp.ClientSession() as client:
            for port in (outer, inner):
                for path in (f"/{junk}", f"{town.chat.address}?{junk}", f"/metrics?{junk}", f"/{quote('é')}{junk}"):
                    async with client.get(f"http://127.0.0.1:{port}{path}", headers={"X-Slack-Signature": junk}) as got:
                        assert junk not in await got.text()
        for port in (outer, inner):
            door = await asyncio.open_connection("127.0.0.1", port)
            assert junk not in await said(door, f"GET /{junk} HTTP/9\r\n{junk}\r\n\r\n")
        for line in (junk, json.dumps({"name": junk, "operator": junk, "rows": [], "values": {}}), json.dumps([junk])):
            self.minute.asides.append(await said(await asyncio.open_unix_connection(self._socket()), line + "\n"))


async def said(door: tuple[asyncio.StreamReader, asyncio.StreamWriter], words: str) -> str:
    """Through a door that nobody has opened for us; gives the answer."""
    reader, writer = door
    writer.write(words.encode())
    answer = await asyncio.wait_for(reader.read(), 5)
    writer.close()
    await writer.wait_closed()
    return answer.decode()
