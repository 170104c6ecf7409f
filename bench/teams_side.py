"""Microsoft's side of a measurement: the sandbox's tenant, and activities of it that can be sent a thousand times.

Invariants: every activity was made by the sandbox, a submission from what the house painted; of its copies only ids
differ. Each comes with a token of its own, so that nothing can be known of it beforehand.
"""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self

from bench.load import post
from bench.slack_side import SUMMARY
from bot.sandbox import seed, server
from bot.sandbox.submitting import Outcome
from bot.sandbox.teams.activities import activity
from bot.sandbox.teams.hands import Hands
from bot.sandbox.teams.person import Person
from bot.sandbox.teams.tenant import Json
from bot.sandbox.teams.world import World
from bot.sandbox.workspace import Workspace

ME = next(user.aad for user in seed.CAST if user.id == "UAMELIA")
PATH = "/api/messages"


@dataclass(frozen=True, kw_only=True)
class Painted:
    """A form's last submission, to be copied. `client` is the chosen one's id."""

    submission: str
    form_id: str
    client: str
    id: str


class TeamsSide:
    """Everybody of the firm is in the tenant."""

    def __init__(self) -> None:
        self.world = World(seed.CAST, touched=lambda: None, clock=lambda: datetime.now(UTC))

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        """On loopback, until the end."""
        side = cls()
        running = await server.start(Workspace(), extra_routes=side.world.routes())
        side.world.tenant.base_url = running.url
        try:
            yield side
        finally:
            await running.stop()

    @property
    def order(self) -> dict[str, Any]:
        """What the house must know of this tenant: the chat's part of its environment."""
        tenant, issuer = self.world.tenant, self.world.issuer
        chat = {
            "TEAMS_APP_ID": tenant.app_id,
            "TEAMS_APP_PASSWORD": tenant.secret,
            "TEAMS_TENANT_ID": tenant.tenant_id,
            "TEAMS_OPENID_URL": issuer.openid_url,
            "TEAMS_LOGIN_URL": issuer.login_url,
        }
        return {"chat": chat, "on_teams": [user.id for user in seed.CAST]}

    async def paint(self, port: int, client: str) -> Painted:
        """Log something for this client as a person does, and keep the last thing Teams sent for it."""
        hands = Hands(self.world.tenant, self.world.issuer, f"http://127.0.0.1:{port}{PATH}", patience=60.0)
        try:
            await hands.install(ME)
            me = Person(hands, ME)
            await me.type("/log-client")
            await me.choose("Client", (await me.search("Client", client))[0])
            for label, chosen in (("Channel", "Company email"), ("Direction", "From the client"), ("Kind", "E-mail")):
                await me.choose(label, chosen)
            await me.choose("Does the client expect a reply?", "Yes")
            await me.write("Summary", SUMMARY)
            assert (await me.submit()).outcome is Outcome.UPDATED
            last: Json = json.loads(hands.delivery.sent[-1].body)
        finally:
            await hands.close()
        data = last["value"]["data"]
        steps = data["sopwith"]["steps"]
        chosen_now = {**steps["typed"], **data}["search.client"]
        return Painted(submission=json.dumps(last), form_id=steps["form_id"], client=chosen_now, id=last["id"])

    def submission(self, painted: Painted, client: str) -> bytes:
        """A form of its own, for this client (an id)."""
        text = painted.submission.replace(painted.client, client).replace(painted.form_id, secrets.token_urlsafe(16))
        return self._signed(text.replace(painted.id, f"f:{self.world.tenant.new_id()}"))

    def typing(self) -> bytes:
        """That somebody types, which asks for nothing: the cheapest activity that goes the whole way in."""
        return self._signed(json.dumps(activity(self.world.tenant, self.world.tenant.members[ME], "typing")))

    def _signed(self, body: str) -> bytes:
        token = self.world.issuer.token(self.world.tenant.service_url, jti=secrets.token_hex(8))
        headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {token}"}
        return post(PATH, body.encode(), headers)
