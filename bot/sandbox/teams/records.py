"""What there is in the tenant: members, posts in chats, open dialogs."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]
ANSWER = "Sopwith"  # the headline of what answers a typed line; notices have others


@dataclass(kw_only=True, eq=False)
class Member:
    """Somebody in the tenant. `aad` is the directory's object id; `email` and `upn` often differ."""

    aad: str
    name: str
    email: str
    upn: str = ""
    zone: str = "Europe/London"
    role: str = "user"
    tenant_id: str = ""
    gone: bool = False  # left, or has blocked or removed the app: the Connector answers 403

    @property
    def id(self) -> str:
        return f"29:{self.aad}"

    @property
    def chat(self) -> str:
        """The private conversation with the bot."""
        return f"a:{self.aad.replace('-', '')}"


@dataclass(kw_only=True, eq=False)
class Post:
    """A message in a conversation. `author` is "" for the bot's; `summary` is all that a locked phone shows."""

    id: str
    conversation: str
    author: str = ""
    said: str = ""
    summary: str = ""
    cards: list[Json] = field(default_factory=list)
    at: datetime | None = None
    updated: int = 0
    state: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.summary or self.said


@dataclass(kw_only=True, eq=False)
class Dialog:
    """A task module in front of somebody. `state` holds what stands in its inputs, by input id; `extension` the command
    of the message extension that opened it; `trouble` what Teams says when the bot does not answer."""

    id: str
    user: str
    title: str
    card: Json
    extension: str = ""
    conversation: str = ""
    state: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
