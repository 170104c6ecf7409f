"""The sandbox firm: a seeded Harbour & Lane with the real service behind it and Slack's side played on loopback.

Invariants: 127.0.0.1 only; it does not start where production secrets are set; time moves only forward, and everything
that falls due on the way is done, in order; what the page is told holds ids and colleagues' names, never content.
"""

import asyncio
import os
import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.config import Secrets, Settings
from bot.policy_file import read
from bot.sandbox import ledger, seed
from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.sandbox.server import Running, start
from bot.sandbox.stage import Cast, Closing, Happened, Story
from bot.sandbox.stories import STORIES
from bot.sandbox.teams.person import Person as TeamsPerson
from bot.sandbox.teams.world import World
from bot.sandbox.workspace import Workspace
from bot.service import Service
from handlers.request import Kind, Request
from handlers.views import Data
from storage import timers

ZONE = ZoneInfo("Europe/London")
PRODUCTION = (
    "SOPWITH_MASTER_KEY",
    "SOPWITH_MASTER_KEY_OLD",
    "SOPWITH_AUDIT_KEY",
    "SOPWITH_SMTP_PASSWORD",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "TEAMS_APP_ID",
    "TEAMS_APP_PASSWORD",
)


class ProductionSecrets(Exception):
    """The environment names real secrets; a sandbox must not run beside them."""


def refuse_production(environ: Mapping[str, str] = os.environ) -> None:
    """`ProductionSecrets` when one is set, as a value or as a file."""
    found = [name for name in PRODUCTION if environ.get(name) or environ.get(f"{name}_FILE")]
    if found:
        raise ProductionSecrets(", ".join(found))


class Firm:
    """The stage that the page and the stories play on. Slack reaches the service over signed HTTP, or `socket_mode`;
    `on_teams` names those of the cast who use Teams instead; `notify` is a `[notify]` section of its policy."""

    def __init__(
        self,
        folder: Path,
        database_url: str = "",
        *,
        socket_mode: bool = False,
        on_teams: Collection[str] = (),
        notify: str = "",
    ) -> None:
        self._policy = seed.POLICY + notify
        self._socket_mode = socket_mode
        self.zone = ZONE
        self.workspace = Workspace()
        self._on_teams = frozenset(on_teams)
        in_slack = [user for user in seed.CAST if user.id not in self._on_teams]
        for user in in_slack:
            self.workspace.add_user(user.id, user.name, user.email, tz=ZONE.key, is_restricted=user.guest)
        self._uses_slack = bool(in_slack)
        there = [user for user in seed.CAST if user.id in self._on_teams]
        self.teams = World(there, touched=self.workspace.touch, clock=self.now) if there else None
        self.cast = tuple(self._cast(user) for user in seed.CAST if user.part)
        self.stories: Mapping[str, Story] = STORIES
        self._folder = folder
        self.database_url = database_url or f"sqlite:///{folder / 'sandbox.db'}"
        self._begun, self._shift = datetime.now(UTC), self._first_moment() - datetime.now(UTC)
        self._moving = asyncio.Lock()
        self._closing = False
        self.service: Service
        self.hands: Hands
        self._slack: Running

    def _cast(self, user: seed.User) -> Cast:
        there = user.id in self._on_teams
        id, platform = (user.aad, "teams") if there else (user.id, "slack")
        return Cast(user_id=id, name=user.name, part=user.part, platform=platform)

    def person(self, cast: Cast) -> Person | TeamsPerson:
        """At the keyboard, wherever this person chats."""
        if cast.platform == "teams" and self.teams:
            return self.teams.person(cast.user_id)
        return Person(self.hands, cast.user_id)

    def now(self) -> datetime:
        """The firm's time: it ticks, and jumps ahead when the clock is moved."""
        return datetime.now(UTC) + self._shift

    def _first_moment(self) -> datetime:
        """The coming Monday, 10:00; or where the clock of this folder was left."""
        kept = self._folder / "clock"
        if kept.exists():
            return datetime.fromisoformat(kept.read_text().strip())
        today = datetime.now(ZONE)
        monday = (today + timedelta(days=7 - today.weekday())).date()
        return datetime(monday.year, monday.month, monday.day, 10, tzinfo=ZONE).astimezone(UTC)

    async def start(self, port: int = 0, extra_routes: Iterable[web.RouteDef] = ()) -> str:
        """Open the workspace, seed the firm, start the service; gives the page's address."""
        more = self.teams.routes() if self.teams else []
        self._slack = await start(self.workspace, port, extra_routes=(*extra_routes, *more))
        if self.teams:
            self.teams.tenant.base_url = self.workspace.base_url
        self.service = Service(self._settings(), now=self.now)
        await self._seed()
        await self.service.start()
        if self._socket_mode and self._uses_slack:
            await self.workspace.sockets.until_connected()
        bot = f"http://127.0.0.1:{self.service.port}"
        self.hands = Hands(self.workspace, "" if self._socket_mode else f"{bot}/slack/events")
        if self.teams:
            await self.teams.install(bot)
        return self._slack.url

    def _settings(self) -> Settings:
        file = read(self._policy)
        return Settings(
            policy=file.policy,
            policy_body=file.body,
            secrets=self._secrets(),
            host="127.0.0.1",
            port=0,
            admin_port=0,
            database_url=self.database_url,
            migration_url=self.database_url,
            checkpoint_file=self._folder / "checkpoints.txt",
            checkpoint_every=file.checkpoint_every,
            notify=file.notify,
        )

    def _secrets(self) -> Secrets:
        found = Secrets(master_key=self._key("master.key"), audit_key=self._key("audit.key"))
        if self._uses_slack:
            found = replace(
                found,
                slack_bot_token=self.workspace.bot_token,
                slack_signing_secret="" if self._socket_mode else self.workspace.signing_secret,
                slack_app_token=self.workspace.app_token if self._socket_mode else "",
                slack_api_url=self.workspace.api_url,
            )
        return self.teams.turned_on(found) if self.teams else found

    def _key(self, name: str) -> bytes:
        path = self._folder / name
        if not path.exists():
            path.touch(mode=0o600)
            path.write_bytes(secrets.token_bytes(32))
        return path.read_bytes()

    async def _seed(self) -> None:
        for name, rows in (("people.import", seed.people(self._on_teams)), ("clients.import", seed.clients())):
            request = Request(kind=Kind.DESK, name=name, operator="sandbox", rows=rows)
            answer = await self.service.doorway.handle(request)
            if not isinstance(answer, Data) or not answer.ok:
                raise RuntimeError(f"{name} was refused: {answer}")

    async def move_clock(self, to: datetime) -> None:
        """Let time pass until `to`, stopping wherever something falls due; back when all is done and delivered."""
        async with self._moving:
            self._refuse_when_closing()
            while timer := await self._next_until(to):
                self._jump(timer.due_at)
                await self.service.doorway.fire(timer)
                await self.service.deliver()
            self._jump(to)
            await self.service.deliver()
            (self._folder / "clock").write_text(self.now().isoformat())
            self.workspace.touch()

    async def _next_until(self, to: datetime) -> timers.Timer | None:
        found = await self.service.doorway.ask(lambda tx: timers.upcoming(tx, 1))
        return found[0] if found and found[0].due_at <= to else None

    def _jump(self, to: datetime) -> None:
        self._shift = max(self._shift, to - datetime.now(UTC))

    async def happened(self) -> Happened:
        """What the firm's record says, as rows."""
        self._refuse_when_closing()
        return await self.service.doorway.ask(lambda tx: ledger.happened(tx, self.zone))

    def _refuse_when_closing(self) -> None:
        if self._closing:
            raise Closing

    async def stop(self) -> None:
        """Close everything; a page that still waits is told so."""
        self._closing = True
        self.workspace.touch()
        await self.hands.close()
        if self.teams:
            await self.teams.close()
        await self.service.stop()
        await self._slack.stop()
