"""The sandbox firm as the counterpart of journeys: real Bolt over signed HTTP and over Socket Mode, and real
botbuilder, over a real database. Every journey is written once, and runs on each of them."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.sandbox import seed
from bot.sandbox.faults import Kind
from bot.sandbox.firm import Firm
from bot.sandbox.person import Person
from bot.sandbox.reading import text_of
from bot.sandbox.teams.person import Person as TeamsPerson
from bot.sandbox.teams.tenant import Member
from storage import audit, outbox, watch
from tests.support.chats import CHATS, Chat, faults_seen

Someone = Person | TeamsPerson
ELSEWHERE = "0d1e2f3a-0000-4000-8000-0000000000e1"  # another tenant

GROUP = "19:team@thread.v2"

pytest.register_assert_rewrite("tests.support.reckoning")


def seed_user(user_id: str) -> seed.User:
    return next(user for user in seed.CAST if user.id == user_id)


class Town:
    """The firm and its people, by first name, whatever they chat in; `settle` waits until everything that is due has
    been delivered; `chat` says what sets it apart."""

    def __init__(self, firm: Firm, chat: Chat = CHATS["http"]) -> None:
        self.firm, self.chat, self.faults = firm, chat, chat.faults(firm)
        self.amelia, self.jonas, self.priya, self.margaret, self.tomas = (firm.person(cast) for cast in firm.cast)

    def person(self, user_id: str) -> Someone:
        """Anybody of the firm, by the seed's id, whether somebody plays that person or not."""
        return self.firm.person(self.firm._cast(seed_user(user_id)))

    @property
    def delivery(self) -> Any:
        """What is brought to the bot."""
        teams = self.firm.teams
        return teams.hands.delivery if teams and self.chat.on_teams else self.firm.hands.delivery

    def newcomer(self, name: str, email: str, *, guest: bool = False, elsewhere: bool = False) -> Someone:
        """Somebody whom the people file does not know: a guest, or from another firm."""
        teams, id = self.firm.teams, f"U{name.split(maxsplit=1)[0].upper()}"
        if teams and self.chat.on_teams:
            role, home = ("guest" if guest else "user"), (ELSEWHERE if elsewhere else "")
            member = teams.tenant.add(Member(aad=str(uuid.uuid4()), name=name, email=email, role=role, tenant_id=home))
            return teams.person(member.aad)
        more = {"is_stranger": True, "team_id": "TELSEWHERE"} if elsewhere else {}
        self.firm.workspace.add_user(id, name, email, is_restricted=guest, **more)
        return Person(self.firm.hands, id)

    async def log_message_of(self, person: Someone, author: str, text: str) -> None:
        """“Log client interaction” on a colleague's message, where several talk."""
        teams, workspace = self.firm.teams, self.firm.workspace
        if teams and isinstance(person, TeamsPerson):
            message = teams.tenant.post(GROUP, author=seed_user(author).aad, said=text)
            await teams.hands.extension(person.id, "log-client", message, conversation=GROUP)
            return
        channel = workspace.add_channel("CTEAM", "team", [person.id, author, workspace.bot_user_id])
        said = workspace.post(channel.id, author, text)
        await self.firm.hands.message_shortcut(person.id, "log-client", said)

    def fails(self, call: str, kind: Kind, **how: Any) -> None:
        """The next calls of the bot's go wrong."""
        self.faults.next(call, kind, **how)

    def often(self, kind: Kind, share: float, *targets: str, seconds: float = 1.0) -> None:
        """From now on this share of what goes out, or comes in, goes wrong."""
        for target in targets:
            self.faults.rate(kind, share, target=target, seconds=seconds)

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

    async def in_the_log(self) -> None:
        """Until every entry has its place in the log."""
        async with asyncio.timeout(20):
            while await self.firm.service.doorway.ask(audit.waiting):
                await asyncio.sleep(0.05)

    async def later(self, **span: float) -> None:
        await self.firm.move_clock(self.firm.now() + timedelta(**span))
        await self.settle()

    def about(self, person: Someone, words: str) -> list[Any]:
        """Messages of this person that say these words."""
        return [m for m in person.messages if words in text_of(m)]

    async def log(self, person: Someone, client: str, summary: str, *, reply: str = "Yes", **more: str) -> object:
        """The form of /log-client as a person fills it in."""
        await person.type("/log-client")
        await self.fill(person, client, summary, reply, more)
        return await person.submit()

    async def fill(self, person: Someone, client: str, summary: str, reply: str, more: dict[str, str]) -> None:
        offered = await person.search("Client", client)
        await person.choose("Client", offered[0])
        await person.choose("Channel", more.get("channel", "Company email"))
        await person.choose("Direction", more.get("direction", "From the client"))
        await person.choose("Kind", more.get("kind", "E-mail"))
        await person.write("Summary", summary)
        await person.choose("Does the client expect a reply?", reply)


@pytest.fixture(params=list(CHATS))
def transport(request: pytest.FixtureRequest) -> str:
    """Which chat, and how it reaches the service. A test for one of them only says so by a parameter of its own."""
    return str(request.param)


@pytest.fixture
async def town(tmp_path: Path, database_url: str, transport: str) -> AsyncIterator[Town]:
    chat = CHATS[transport]
    firm = Firm(tmp_path, database_url, **chat.settings())
    await firm.start()
    while not await firm.service.doorway.ask(
        lambda tx: tx.conn.exec_driver_sql("SELECT count(*) FROM accounts").scalar()
    ):
        await asyncio.sleep(0.01)
    yield Town(firm, chat)
    assert faults_seen(firm) == []
    await firm.stop()
