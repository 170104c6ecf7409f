"""The sandbox firm as the counterpart of journeys: real Bolt over signed HTTP and over Socket Mode, a real database
file."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.firm import Firm
from bot.sandbox.person import Person
from bot.sandbox.reading import text_of
from bot.sandbox.records import Message
from storage import outbox, watch

pytest.register_assert_rewrite("tests.support.reckoning")


class Town:
    """The firm and its people, by first name; `settle` waits until everything that is due has been delivered."""

    def __init__(self, firm: Firm) -> None:
        self.firm = firm
        self.amelia, self.jonas, self.priya, self.margaret, self.tomas = (
            Person(firm.hands, cast.user_id) for cast in firm.cast
        )

    async def settle(self) -> None:
        """Let retries fall due until nothing waits; the clock moves a few seconds at a time."""
        ask = self.firm.service.doorway.ask
        for _round in range(100):
            if not await ask(watch.waiting_notices):
                break
            due = await ask(outbox.next_due)
            if due:
                await self.firm.move_clock(max(self.firm.now(), due) + timedelta(milliseconds=10))
            await asyncio.sleep(0.02)
        await self.firm.service.courier.finish()

    async def later(self, **span: float) -> None:
        await self.firm.move_clock(self.firm.now() + timedelta(**span))
        await self.settle()

    def about(self, person: Person, words: str) -> list[Message]:
        """Messages of this person that say these words."""
        return [m for m in person.messages if words in text_of(m)]

    async def log(self, person: Person, client: str, summary: str, *, reply: str = "Yes", **more: str) -> object:
        """The form of /log-client as a person fills it in."""
        await person.type("/log-client")
        await self.fill(person, client, summary, reply, more)
        return await person.submit()

    async def fill(self, person: Person, client: str, summary: str, reply: str, more: dict[str, str]) -> None:
        offered = await person.search("Client", client)
        await person.choose("Client", offered[0])
        await person.choose("Channel", more.get("channel", "Company email"))
        await person.choose("Direction", more.get("direction", "From the client"))
        await person.choose("Kind", more.get("kind", "E-mail"))
        await person.write("Summary", summary)
        await person.choose("Does the client expect a reply?", reply)


@pytest.fixture(params=["http", "socket"])
def transport(request: pytest.FixtureRequest) -> str:
    """How Slack reaches the service. A test for one of them only says so by a parameter of its own."""
    return str(request.param)


@pytest.fixture
async def town(tmp_path: Path, database_url: str, transport: str) -> AsyncIterator[Town]:
    firm = Firm(tmp_path, database_url, socket_mode=transport == "socket")
    await firm.start()
    while not await firm.service.doorway.ask(
        lambda tx: tx.conn.exec_driver_sql("SELECT count(*) FROM accounts").scalar()
    ):
        await asyncio.sleep(0.01)
    yield Town(firm)
    assert firm.workspace.faults_seen == []
    await firm.stop()
