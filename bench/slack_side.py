"""Slack's side of a measurement: the sandbox's workspace, and payloads of it that can be sent a thousand times.

Invariants: every payload was made by the sandbox from what the house painted; of its copies only ids differ. Once
`quick`, windows are taken without a look: what Slack would spend on them is no cost of ours.
"""

import json
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from aiohttp import web

from bench.load import wire
from bot.sandbox import payloads, reading, seed, server, web_api
from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.sandbox.workspace import Workspace

ME = "UAMELIA"
SUMMARY = "They asked when the lease would be ready for signature; I said that I would find out and answer in writing."


@dataclass(frozen=True, kw_only=True)
class Painted:
    """What was painted for one person, as payloads to be copied. `client` is the chosen one's id."""

    submission: str
    form_id: str
    client: str
    suggestion: str


class SlackSide:
    """`quick` from the moment the payloads are there."""

    def __init__(self) -> None:
        self.workspace = Workspace()
        self.workspace.trigger_seconds = 60.0  # a busy machine is no late answer
        self.quick = False
        for user in seed.CAST:
            self.workspace.add_user(user.id, user.name, user.email, is_restricted=user.guest)

    @classmethod
    @asynccontextmanager
    async def open(cls) -> AsyncIterator[Self]:
        """On loopback, until the end."""
        side = cls()
        running = await server.start(side.workspace, extra_routes=[web.post("/api/views.open", side._opened)])
        try:
            yield side
        finally:
            await running.stop()

    async def _opened(self, request: web.Request) -> web.StreamResponse:
        if not self.quick:
            request.match_info["method"] = "views.open"
            return await web_api._call(self.workspace, request)
        await request.read()
        return web.json_response({"ok": True, "view": {"id": "V0"}})

    @property
    def order(self) -> dict[str, Any]:
        """What the house must know of this workspace: the chat's part of its environment."""
        known = self.workspace
        proofs = {"SLACK_BOT_TOKEN": known.bot_token, "SLACK_SIGNING_SECRET": known.signing_secret}
        return {"chat": {**proofs, "SLACK_API_URL": known.api_url}}

    async def paint(self, port: int, client: str = "") -> Painted:
        """Fill in the form of /log-client as a person does, for this client, and keep what Slack would send."""
        async with Hands(self.workspace, f"http://127.0.0.1:{port}/slack/events", patience=60.0) as hands:
            me = Person(hands, ME)
            await me.type("/log-client")
            if client:
                await me.choose("Client", (await me.search("Client", client))[0])
            for label, chosen in (("Channel", "Company email"), ("Direction", "From the client"), ("Kind", "E-mail")):
                await me.choose(label, chosen)
            await me.choose("Does the client expect a reply?", "Yes")
            await me.write("Summary", SUMMARY)
            assert me.modal
            user, view = self.workspace.users[ME], me.modal
            block, menu = reading.field(view, "Client")
            place, chosen_now = (block["block_id"], menu["action_id"]), view.state[block["block_id"]]
            option = chosen_now[menu["action_id"]].get("selected_option") or {"value": ""}
            typing = payloads.block_suggestion(self.workspace, user, view, place, "")
            submitting = payloads.view_submission(self.workspace, user, view)
            meta = json.loads(view.json["private_metadata"])
            return Painted(
                submission=json.dumps(submitting),
                form_id=meta["form_id"],
                client=option["value"],
                suggestion=json.dumps(typing),
            )

    def submission(self, painted: Painted, client: str) -> bytes:
        """A form of its own, for this client (an id)."""
        sent: dict[str, Any] = json.loads(painted.submission.replace(painted.client, client))
        sent["trigger_id"] = self.workspace.new_trigger(ME)
        meta = sent["view"]["private_metadata"].replace(painted.form_id, secrets.token_urlsafe(16))
        sent["view"]["private_metadata"] = meta
        return self._interaction(json.dumps(sent))

    def typed(self, painted: Painted, words: str) -> bytes:
        """So much of a client's name in the type-ahead."""
        sent: dict[str, Any] = json.loads(painted.suggestion)
        return self._interaction(json.dumps(sent | {"value": words}))

    def command(self, words: str) -> bytes:
        """`/sopwith home`."""
        line, _space, text = words.partition(" ")
        workspace, user = self.workspace, self.workspace.users[ME]
        return wire(workspace.signing_secret, payloads.slash(workspace, user, line, text, workspace.dm(ME)))

    def _interaction(self, payload: str) -> bytes:
        return wire(self.workspace.signing_secret, {"payload": payload})
