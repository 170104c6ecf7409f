"""Slack as the service sees it: a way in, a way out, and whose workspace it is."""

import asyncio
from contextlib import suppress

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from bot import os_user, telemetry
from bot.config import Secrets
from bot.doorway import Doorway
from bot.senders import Limited, Trouble
from bot.slack import listeners
from bot.slack.directory import Directory, RefusedToken, WrongWorkspace
from bot.slack.sender import Sender
from bot.slack.skew import Skew
from bot.slack.socket_mode import SocketMode
from bot.slack.web import Handler, events
from bot.slack.wire import web_client
from handlers.request import Kind, Request
from handlers.views import Data
from storage import chat

AGAIN = 30.0  # seconds until Slack is asked again when it does not answer
DAY = 24 * 3600.0
SILENT = 30.0  # seconds without any connection until an alarm goes off
GLANCE = 20.0  # seconds between two looks at who is new in the people file


class Slack:
    """One workspace. `routes` are its public addresses: none without a signing secret. Each secret that is set opens
    its way in: the signing secret HTTP, the app-level token Socket Mode; with both, Slack may take either."""

    def __init__(self, secrets: Secrets, doorway: Doorway) -> None:
        self._doorway = doorway
        self._client: AsyncWebClient = web_client(token=secrets.slack_bot_token, api_url=secrets.slack_api_url)
        self.directory = Directory(self._client, doorway, team_id=secrets.slack_team_id or None)
        self.sender = Sender(self._client)
        bolt = listeners.app(doorway, self.directory, signing_secret=secrets.slack_signing_secret, client=self._client)
        secret, app_token = secrets.slack_signing_secret, secrets.slack_app_token
        self.routes: dict[str, Handler] = {"/slack/events": events(bolt, signing_secret=secret)} if secret else {}
        self._socket = SocketMode(bolt, self._client, app_token=app_token) if app_token else None
        self._skew = Skew()
        self._session: aiohttp.ClientSession | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Find out whose workspace this is; when Slack does not answer, go on asking and let nobody in until then.
        A refused token or another workspace than the first one ends the start (`RefusedToken`, `WrongWorkspace`)."""
        self._client.session = self._session = aiohttp.ClientSession(  # one connection kept, not one each
            trace_configs=[self._skew.tracing()]
        )
        connected = await self._connect()
        self._watching = asyncio.create_task(self._keep_up(connected))

    async def _connect(self) -> bool:
        try:
            team = await self.directory.connect()
        except RefusedToken:
            raise
        except (Trouble, Limited) as error:
            telemetry.fault("slack", "connect", error)
            return False
        values = {"platform": "slack", "id": team}
        who = os_user.speaker("service")
        request = Request(kind=Kind.DESK, name="workspace.pin", operator=who, values=values)
        pinned = await self._doorway.handle(request)
        if isinstance(pinned, Data) and not pinned.ok:
            self.directory.team_id = None  # its people are nobody's here
            raise WrongWorkspace(f"this database belongs to another workspace than {team}")
        return True

    async def _keep_up(self, connected: bool) -> None:
        """The directory is read every day, and when somebody new is in the people file: a notice reaches nobody whose
        account is not known. A fault ends nothing; it is said, and Slack is asked again."""
        while True:
            try:
                connected = connected or await self._connect()
                if connected:
                    missing = await self._doorway.ask(chat.without_account)
                    await self.directory.sync()
                    await self._nobody_new(missing)
                    continue
            except Exception as error:  # noqa: BLE001  a task that ends unseen would leave people unknown
                telemetry.fault("slack", "directory", error)
            await asyncio.sleep(AGAIN)

    async def _nobody_new(self, missing: frozenset[str]) -> None:
        """Ends after a day, or as soon as somebody has no account who is not one of those that `missing` knows."""
        for _glance in range(int(DAY / GLANCE)):
            await asyncio.sleep(GLANCE)
            if not await self._doorway.ask(chat.without_account) <= missing:
                return

    async def open(self) -> None:
        """Let Slack in by Socket Mode, when it is set up. Raises RefusedAppToken."""
        if self._socket:
            await self._socket.start()

    async def shut(self) -> None:
        """Take nothing new by Socket Mode, and finish what is in hand."""
        if self._socket:
            await self._socket.stop()

    def late(self) -> list[str]:
        """What an alarm should go off for."""
        reasons = [self._skew.wrong] if self._skew.wrong else []
        if self._socket and self._socket.silent_for > SILENT:
            reasons.append("Slack: no Socket Mode connection has stood for 30 seconds")
        return reasons

    async def stop(self) -> None:
        """Ask no more."""
        if self._watching:
            self._watching.cancel()
            with suppress(asyncio.CancelledError):
                await self._watching

    async def close(self) -> None:
        """Nothing more goes out."""
        if self._session:
            await self._session.close()
