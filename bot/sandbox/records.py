"""What there is in the sandbox's Slack workspace: people, channels, messages, modals, and what the bot asked for.

These are state, so they are not frozen, and two of them are the same only when they are one; only `Workspace` and the
two halves of the wire change them. The two kinds of evidence (`Call`, `FaultSeen`) are frozen.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]
RESPONSE_URL_USES = 5


@dataclass(kw_only=True, eq=False)
class User:
    """A member, guest, stranger (Slack Connect) or bot. `name` is the name people see; `tz` an IANA zone."""

    id: str
    name: str
    email: str
    team_id: str
    tz: str = "Europe/London"
    title: str = ""
    is_bot: bool = False
    is_restricted: bool = False
    is_stranger: bool = False
    deleted: bool = False

    @property
    def handle(self) -> str:
        return self.name.lower().replace(" ", ".")


@dataclass(kw_only=True)
class Channel:
    id: str
    name: str
    members: list[str]
    is_im: bool = False
    is_ext_shared: bool = False


@dataclass(kw_only=True, eq=False)
class Message:
    """`user` is the author; `ephemeral_to` names its only reader. `state` holds choices made in the message itself.

    `at` is when it came by the sandbox's own clock; `ts` is real time, as Slack's is."""

    ts: str
    channel: str
    user: str
    text: str = ""
    blocks: list[Json] = field(default_factory=list)
    thread_ts: str = ""
    ephemeral_to: str = ""
    at: datetime | None = None
    updated: int = 0
    deleted: bool = False
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    offered: dict[str, list[Json]] = field(default_factory=dict)


@dataclass(kw_only=True, eq=False)
class View:
    """An open modal or a published home. `json` is what the bot sent, with Slack's defaults and block ids filled in.

    `state` is what has been typed so far, in the shape of `view.state.values`; `errors` and `trouble` are what Slack
    shows beside fields and at the foot; `offered` are the last type-ahead options per action id.
    """

    id: str
    user: str
    json: Json
    hash: str
    root_id: str
    previous_id: str | None = None
    state: dict[str, dict[str, Json]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    trouble: str = ""
    offered: dict[str, list[Json]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Call:
    """One Web API call as it arrived (never the token) and the error code it was answered with, "" for ok."""

    method: str
    arguments: Json
    at: float
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class FaultSeen:
    """Something the bot sent that Slack would refuse; `where` is the Web API method or the answer it came in."""

    where: str
    message: str


@dataclass(kw_only=True)
class ResponseUrl:
    user: str
    channel: str
    message_ts: str
    expires_at: float
    uses_left: int = RESPONSE_URL_USES


@dataclass(kw_only=True)
class Trigger:
    user: str
    expires_at: float
    view_id: str
    used: bool = False
