"""The sandbox's Slack workspace as plain state: who is in it, what they see, and what the bot has asked for.

Invariants: ids of users, channels and the app are stable from start to start; trigger ids, view ids, event ids and
message timestamps are never used twice, not even after a restart; every change goes through a method that ends in
`touch()`, so whoever waits in `changed()` misses none. One event loop, no threads, no locks.
"""

import asyncio
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.faults import Faults
from bot.sandbox.records import Call, Channel, FaultSeen, Json, Message, ResponseUrl, Trigger, User, View
from bot.sandbox.sockets import Sockets

__all__ = ["Call", "Channel", "FaultSeen", "Json", "Message", "ResponseUrl", "User", "View", "Workspace"]
BOT_SCOPES = ("chat:write", "commands", "im:write", "users:read", "users:read.email")
APP_SCOPES = ("connections:write",)  # of the app-level token
SLACKBOT = "USLACKBOT"
TRIGGER_SECONDS = 3.0  # a trigger id lives three seconds and works once
RESPONSE_URL_SECONDS = 1800.0


class Workspace:
    """All state. `base_url` is set by the server at start; `Workspace().api_url` is what SLACK_API_URL should be."""

    def __init__(self, *, team_id: str = "T0HARBOUR", team_name: str = "Harbour & Lane", seed: int = 0) -> None:
        self.team_id, self.team_name, self.domain = team_id, team_name, "harbour-lane-sandbox"
        self.app_id, self.bot_id, self.bot_user_id, self.bot_name = "A0SOPWITH", "B0SOPWITH", "U0SOPWITH", "Sopwith"
        self.bot_token = f"xoxb-sandbox-{secrets.token_hex(12)}"
        self.signing_secret, self.verification_token = secrets.token_hex(16), secrets.token_hex(12)
        self.scopes: tuple[str, ...] = BOT_SCOPES
        self.app_token = f"xapp-1-{self.app_id}-{secrets.token_hex(12)}"
        self.app_scopes: tuple[str, ...] = APP_SCOPES
        self.sockets = Sockets(self.app_id, seed=seed)
        self.clock_shift = 0.0  # seconds by which the Date of an answer is wrong
        self.base_url, self.trigger_seconds = "", TRIGGER_SECONDS
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)  # a story may have a clock of its own
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.messages: list[Message] = []
        self.views: dict[str, View] = {}  # open modals, by view id
        self.modals: dict[str, list[View]] = {}  # per user, the top one last
        self.homes: dict[str, View] = {}  # published home per user
        self.calls: list[Call] = []
        self.faults_seen: list[FaultSeen] = []
        self.faults = Faults(seed=seed)
        self.response_urls: dict[str, ResponseUrl] = {}
        self.version = 0
        self._changed = asyncio.Event()
        self._triggers: dict[str, Trigger] = {}
        self._last_ts = 0
        self.add_user(self.bot_user_id, self.bot_name, "", is_bot=True)

    @property
    def api_url(self) -> str:
        return f"{self.base_url}/api/"

    def touch(self) -> None:
        """Say that something a page shows has changed."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def changed(self, since: int, timeout: float = 25.0) -> int:  # noqa: ASYNC109 - a long poll, not a deadline
        """Wait until the version is above `since` or `timeout` seconds have passed; return the version."""
        if self.version <= since:
            try:
                await asyncio.wait_for(self._changed.wait(), timeout)
            except TimeoutError:
                return self.version
        return self.version

    def new_id(self, prefix: str) -> str:
        return prefix + secrets.token_hex(5).upper()

    def new_ts(self) -> str:
        self._last_ts = max(self._last_ts + 1, int(time.time() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_hash(self) -> str:
        return f"{int(time.time())}.{secrets.token_hex(4)}"

    # people and places
    def add_user(self, id: str, name: str, email: str, **more: Any) -> User:
        """Add a person; strangers and people of other workspaces pass `team_id`. Further fields as in `User`."""
        user = User(id=id, name=name, email=email, **{"team_id": self.team_id, **more})
        self.users[id] = user
        self.touch()
        return user

    def dm(self, user_id: str) -> Channel:
        """The direct-message channel between this person and the bot."""
        id = f"D{user_id[1:]}"
        if id not in self.channels:
            members = [user_id, self.bot_user_id]
            self.channels[id] = Channel(id=id, name="directmessage", members=members, is_im=True)
        return self.channels[id]

    def add_channel(self, id: str, name: str, members: list[str], *, is_ext_shared: bool = False) -> Channel:
        self.channels[id] = Channel(id=id, name=name, members=members, is_ext_shared=is_ext_shared)
        self.touch()
        return self.channels[id]

    # messages
    def post(self, channel: str, user: str, text: str, blocks: list[Json] | None = None, **more: str) -> Message:
        message = Message(ts=self.new_ts(), channel=channel, user=user, text=text, blocks=blocks or [], **more)  # type: ignore[arg-type]
        message.at = self.clock()
        self.messages.append(message)
        self.touch()
        return message

    def message(self, channel: str, ts: str) -> Message | None:
        found = (m for m in reversed(self.messages) if m.ts == ts and m.channel == channel and not m.deleted)
        return next(found, None)

    def seen_by(self, user_id: str, channel: str = "") -> list[Message]:
        """Messages this person can see, oldest first: their direct messages with the bot, or `channel`."""
        place = channel or self.dm(user_id).id
        here = (m for m in self.messages if m.channel == place and not m.deleted)
        return [m for m in here if m.ephemeral_to in ("", user_id)]

    def permalink(self, message: Message) -> str:
        return f"https://{self.domain}.slack.com/archives/{message.channel}/p{message.ts.replace('.', '')}"

    # trigger ids and response urls
    def new_trigger(self, user_id: str, view_id: str = "") -> str:
        id = f"{secrets.randbelow(10**13)}.{secrets.randbelow(10**11)}.{secrets.token_hex(16)}"
        self._triggers[id] = Trigger(user=user_id, expires_at=time.monotonic() + self.trigger_seconds, view_id=view_id)
        return id

    def exchange(self, trigger_id: str) -> tuple[str, str, str]:
        """Use a trigger id up: (error code or "", user id, id of the view it was given in)."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            return "invalid_trigger_id", "", ""
        if trigger.used:
            return "exchanged_trigger_id", "", ""
        trigger.used = True
        if time.monotonic() > trigger.expires_at:
            return "expired_trigger_id", "", ""
        return "", trigger.user, trigger.view_id

    def new_response_url(self, user_id: str, channel: str, message_ts: str = "") -> str:
        token = secrets.token_urlsafe(18)
        expires_at = time.monotonic() + RESPONSE_URL_SECONDS
        kept = ResponseUrl(user=user_id, channel=channel, message_ts=message_ts, expires_at=expires_at)
        self.response_urls[token] = kept
        return f"{self.base_url}/response/{token}"

    # modals
    def top(self, user_id: str) -> View | None:
        """The modal this person has in front of them."""
        stack = self.modals.get(user_id, [])
        return stack[-1] if stack else None

    def remove_view(self, view: View) -> None:
        self.views.pop(view.id, None)
        stack = self.modals.get(view.user, [])
        if view in stack:
            stack.remove(view)
        self.touch()
