"""Teams as the service sees it: a way in, a way out, and whose tenant it is."""

import aiohttp
from botframework.connector.auth import PasswordServiceClientCredentialFactory

from bot import os_user, telemetry
from bot.config import Secrets
from bot.doorway import Doorway
from bot.senders import Trouble
from bot.teams.clouds import cloud_of
from bot.teams.connector import Adapter
from bot.teams.credentials import LOGIN, App, Credentials
from bot.teams.directory import Directory
from bot.teams.gate import Gate
from bot.teams.listeners import Listeners
from bot.teams.sender import Sender
from bot.teams.web import Handler, messages
from handlers.request import Kind, Request
from handlers.views import Data


class WrongTenant(Exception):
    """The database belongs to another tenant."""


def app_of(secrets: Secrets) -> App:
    """The app as the settings name it."""
    return App(
        id=secrets.teams_app_id,
        tenant_id=secrets.teams_tenant_id,
        secret=secrets.teams_app_password,
        certificate=secrets.teams_app_certificate,
        login_url=secrets.teams_login_url or LOGIN,
        scope=cloud_of(secrets.teams_openid_url).scope,
    )


class Teams:
    """One tenant. `routes` are its public addresses."""

    def __init__(self, secrets: Secrets, doorway: Doorway) -> None:
        self._doorway, self._app = doorway, app_of(secrets)
        self._credentials = Credentials(self._app)
        adapter = Adapter(self._credentials)
        self._directory = Directory(adapter, doorway, self._app.tenant_id)
        self.sender = Sender(adapter, self._app.id, self._app.tenant_id, self._directory.reference)
        known = PasswordServiceClientCredentialFactory(self._app.id, "", self._app.tenant_id)
        gate = Gate(known, self._app.tenant_id, openid_url=secrets.teams_openid_url)
        listeners = Listeners(doorway, self._directory, self.sender)
        self.routes: dict[str, Handler] = {"/api/messages": messages(gate, listeners)}

    async def start(self) -> None:
        """Pin the tenant and see whether we are taken. Another tenant than the first one ends the start
        (`WrongTenant`). A refused secret does not, for people can still report and log; it is an alarm."""
        self._credentials.session = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        values = {"platform": "teams", "id": self._app.tenant_id, "wait": "yes"}
        who = os_user.speaker("service")
        pinned = await self._doorway.handle(Request(kind=Kind.DESK, name="workspace.pin", operator=who, values=values))
        if isinstance(pinned, Data) and not pinned.ok:
            raise WrongTenant(f"this database belongs to another tenant than {self._app.tenant_id}")
        try:
            await self._credentials.token()
        except Trouble as error:
            telemetry.fault("teams", "login", error)

    async def open(self) -> None:
        """Teams comes in by HTTP alone."""

    async def shut(self) -> None:
        """Nothing but HTTP is to be closed."""

    def late(self) -> list[str]:
        """What an alarm should go off for."""
        word = self._credentials.refused
        if self._credentials.in_vain > 1:
            return [
                "Teams: the Bot Connector does not take the app's token; do bot and app registration belong together?"
            ]
        return [f"Teams: Microsoft does not take the app's secret or certificate ({word})"] if word else []

    async def stop(self) -> None:
        """Ask no more."""
        await self._directory.stop()

    async def close(self) -> None:
        """Nothing more goes out."""
        if self._credentials.session:
            await self._credentials.session.close()
