"""The chat of a firm under siege, which lives on while the service dies: who is there, what the bot must be told to
reach it, and what of the bot's arrived.

Invariants: everybody of the people file is there under the name in it; a post is a message of the bot's own that came
through, with where it stands (`channel`) and what is shown (`blocks`), whatever the chat.
"""

from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from bot.config import Secrets
from bot.opening import utc_now
from bot.sandbox.hands import Hands
from bot.sandbox.records import FaultSeen
from bot.sandbox.seed import User
from bot.sandbox.server import Running, start
from bot.sandbox.teams.hands import Hands as TeamsHands
from bot.sandbox.teams.tenant import Member
from bot.sandbox.teams.world import World
from bot.sandbox.workspace import Workspace
from tests.support.clerks import Book, Clerk, SlackClerk, TeamsClerk

TOLD = ("teams_app_id", "teams_app_password", "teams_tenant_id", "teams_openid_url", "teams_login_url")
NOWHERE = "http://127.0.0.1:9"  # nobody listens there
Post = Mapping[str, Any]


class Besieged(ABC):
    """`people` are rows of the people file; `order` adds to what the bot is told; `balanced`: it comes by HTTP, so that
    a balancer may choose among replicas."""

    balanced = True

    def __init__(self, people: tuple[dict[str, str], ...], seed: int) -> None:
        self.people, self.workspace = people, Workspace(seed=seed)
        self._running: Running

    async def serve(self) -> None:
        self._running = await start(self.workspace)

    @property
    @abstractmethod
    def order(self) -> dict[str, str]: ...

    @abstractmethod
    def moved_to(self, port: int) -> None:
        """The bot's doors are there now."""

    @abstractmethod
    async def connected(self) -> None:
        """Until the bot can be reached."""

    @abstractmethod
    async def moved_in(self, live: Callable[[], Awaitable[None]], die: Callable[[], Awaitable[None]]) -> None:
        """Before the siege, whatever takes a first life of the bot's."""

    @abstractmethod
    def clerk(self, name: str, clients: list[str], book: Book, seed: int) -> Clerk: ...

    @abstractmethod
    def channel(self, email: str) -> str:
        """Where this person is told things."""

    @abstractmethod
    def posts(self) -> list[Post]: ...

    @property
    def faults_seen(self) -> list[FaultSeen]:
        return self.workspace.faults_seen

    async def changed(self, seconds: float) -> None:
        """Something happened there, or so much time passed."""
        await self.workspace.changed(self.workspace.version, seconds)

    async def close(self) -> None:
        await self._running.stop()


class InSlack(Besieged):
    def __init__(self, people: tuple[dict[str, str], ...], seed: int, *, socket_mode: bool = False) -> None:
        super().__init__(people, seed)
        self._socket_mode, self.balanced = socket_mode, not socket_mode
        for person in people:
            self.workspace.add_user(person["slack_id"], person["name"], person["email"])
        self.hands = Hands(self.workspace, "" if socket_mode else f"{NOWHERE}/slack/events")

    @property
    def order(self) -> dict[str, str]:
        workspace = self.workspace
        told = {"token": workspace.bot_token, "api_url": workspace.api_url}
        if self._socket_mode:
            return {**told, "app_token": workspace.app_token}
        return {**told, "signing_secret": workspace.signing_secret}

    def moved_to(self, port: int) -> None:
        self.hands.delivery.url = f"http://127.0.0.1:{port}/slack/events"

    async def connected(self) -> None:
        if self._socket_mode:
            await self.workspace.sockets.until_connected()

    async def moved_in(self, live: Callable[[], Awaitable[None]], die: Callable[[], Awaitable[None]]) -> None:
        """The bot asks Slack who is there, and needs no telling."""

    def clerk(self, name: str, clients: list[str], book: Book, seed: int) -> Clerk:
        return SlackClerk(self.hands, name, clients, book, seed)

    def channel(self, email: str) -> str:
        return f"D{email.partition('@')[0].upper()}"

    def posts(self) -> list[Post]:
        return [c.arguments for c in self.workspace.calls if c.method == "chat.postMessage" and not c.error]

    async def close(self) -> None:
        await self.hands.close()
        await super().close()


class InTeams(Besieged):
    """The app is given to everybody first: only then does the bot know where each chat is."""

    def __init__(self, people: tuple[dict[str, str], ...], seed: int) -> None:
        named = {person["email"]: User(id=person["slack_id"], name=person["name"], roles="").aad for person in people}
        super().__init__(tuple({**p, "slack_id": "", "teams_id": named[p["email"]]} for p in people), seed)
        self.world = World([], touched=self.workspace.touch, clock=utc_now)
        self.tenant = self.world.tenant
        self._members = {
            p["email"]: self.tenant.add(Member(aad=named[p["email"]], name=p["name"], email=p["email"])) for p in people
        }
        self.hands = TeamsHands(self.tenant, self.world.issuer, f"{NOWHERE}/api/messages")

    async def serve(self) -> None:
        self._running = await start(self.workspace, extra_routes=self.world.routes())
        self.tenant.base_url = self.workspace.base_url

    @property
    def order(self) -> dict[str, str]:
        told = self.world.turned_on(Secrets(master_key=b"", audit_key=b""))
        return {name: str(getattr(told, name)) for name in TOLD}

    def moved_to(self, port: int) -> None:
        self.hands.delivery.url = f"http://127.0.0.1:{port}/api/messages"

    async def moved_in(self, live: Callable[[], Awaitable[None]], die: Callable[[], Awaitable[None]]) -> None:
        await live()
        for aad in self.tenant.members:
            assert (await self.hands.install(aad)).ok
        await die()
        self.tenant.calls.clear()

    async def connected(self) -> None:
        """Teams asks nobody whether he listens."""

    def clerk(self, name: str, clients: list[str], book: Book, seed: int) -> Clerk:
        aad = next(member.aad for member in self._members.values() if member.name == name)
        return TeamsClerk(self.hands, aad, name, clients, book, seed)

    def channel(self, email: str) -> str:
        return self._members[email].chat

    def posts(self) -> list[Post]:
        sent = [c.arguments for c in self.tenant.calls if c.method == "send" and not c.error]
        return [{"channel": one["chat"], "blocks": one["attachments"]} for one in sent]

    @property
    def faults_seen(self) -> list[FaultSeen]:
        return self.tenant.faults_seen

    async def close(self) -> None:
        await self.hands.close()
        await super().close()


SIDES: Mapping[str, Callable[[tuple[dict[str, str], ...], int], Besieged]] = {
    "http": InSlack,
    "socket": partial(InSlack, socket_mode=True),
    "teams": InTeams,
}
