"""A Microsoft 365 tenant as plain state: who is in it, what stands in their chats, which dialog each has in front.

Invariants: ids of members, chats and the app are stable from start to start; every change ends in `touch()`, so whoever
waits for the page misses none. One event loop, no threads, no locks.
"""

import itertools
import secrets
from collections.abc import Callable
from datetime import UTC, datetime

from bot.sandbox.faults import Faults
from bot.sandbox.records import Call, FaultSeen
from bot.sandbox.teams.records import Dialog, Json, Member, Post

__all__ = ["Dialog", "Json", "Member", "Post", "Tenant"]


class Tenant:
    """All state. `base_url` is set by the server at start; `touched` is called after every change."""

    def __init__(self, *, seed: int = 0, touched: Callable[[], None] = lambda: None) -> None:
        self.tenant_id, self.name = "7e3a0c1e-5a0d-4b52-9a70-0000000000f1", "Harbour & Lane"
        self.app_id, self.secret = "5a8d1f42-0b7e-4c55-8f6e-0000000000b1", secrets.token_urlsafe(24)
        self.base_url = ""
        self.region = "emea"  # a part of the service's address, which Microsoft may change
        self.clock: Callable[[], datetime] = lambda: datetime.now(UTC)
        self.members: dict[str, Member] = {}
        self.posts: list[Post] = []
        self.dialogs: dict[str, Dialog] = {}  # the one in front, by member
        self.calls: list[Call] = []
        self.faults_seen: list[FaultSeen] = []
        self.faults = Faults(seed=seed)
        self.touch = touched
        self._ids = itertools.count(int(datetime.now(UTC).timestamp() * 1000))

    @property
    def bot_id(self) -> str:
        return f"28:{self.app_id}"

    @property
    def service_url(self) -> str:
        return f"{self.base_url}/teams/{self.region}/"

    def new_id(self) -> str:
        return str(next(self._ids))

    def add(self, member: Member) -> Member:
        member.tenant_id = member.tenant_id or self.tenant_id
        self.members[member.aad] = member
        self.touch()
        return member

    def of_chat(self, conversation: str) -> Member | None:
        """Whose private chat it is."""
        return next((m for m in self.members.values() if m.chat == conversation), None)

    def post(self, conversation: str, **what: object) -> Post:
        found = Post(id=self.new_id(), conversation=conversation, at=self.clock(), **what)  # type: ignore[arg-type]
        self.posts.append(found)
        self.touch()
        return found

    def post_of(self, conversation: str, id: str) -> Post | None:
        return next((p for p in self.posts if p.id == id and p.conversation == conversation), None)

    def seen_by(self, aad: str) -> list[Post]:
        """The private chat with the bot, oldest first."""
        return [p for p in self.posts if p.conversation == self.members[aad].chat]

    def fault(self, where: str, messages: list[str]) -> None:
        """Something the bot sent that Teams would not take."""
        self.faults_seen.extend(FaultSeen(where=where, message=m) for m in messages)
