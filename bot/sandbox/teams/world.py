"""The tenant with its services around it: what the sandbox's server serves for Teams, and its people's hands."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime

from aiohttp import web

from bot.config import Secrets
from bot.sandbox.seed import User
from bot.sandbox.teams.connector import Connector
from bot.sandbox.teams.hands import Hands
from bot.sandbox.teams.issuer import Issuer
from bot.sandbox.teams.person import Person
from bot.sandbox.teams.tenant import Member, Tenant


class World:
    """`hands` are there once the bot's address is known."""

    def __init__(self, users: Iterable[User], *, touched: Callable[[], None], clock: Callable[[], datetime]) -> None:
        self.tenant = Tenant(touched=touched)
        self.tenant.clock = clock
        self.issuer = Issuer(self.tenant)
        self.hands: Hands
        for user in users:
            role = "guest" if user.guest else "user"
            upn = f"{user.id.lower()}@harbourlane.onmicrosoft.example"
            self.tenant.add(Member(aad=user.aad, name=user.name, email=user.email, upn=upn, role=role))

    def turned_on(self, secrets: Secrets) -> Secrets:
        """The secrets with those of Teams."""
        return replace(
            secrets,
            teams_app_id=self.tenant.app_id,
            teams_app_password=self.tenant.secret,
            teams_tenant_id=self.tenant.tenant_id,
            teams_openid_url=self.issuer.openid_url,
            teams_login_url=self.issuer.login_url,
        )

    def routes(self) -> list[web.RouteDef]:
        return [*self.issuer.routes(), *Connector(self.tenant, self.issuer).routes()]

    async def install(self, bot_url: str) -> None:
        """Give everybody the app, as an administrator does by a policy."""
        self.hands = Hands(self.tenant, self.issuer, f"{bot_url}/api/messages")
        for aad in self.tenant.members:
            await self.hands.install(aad)

    def person(self, aad: str) -> Person:
        return Person(self.hands, aad)

    async def close(self) -> None:
        await self.hands.close()
