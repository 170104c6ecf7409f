"""What the sandbox page needs of the firm behind it: who plays, what time it is there, and what has happened.

Invariants: everything here is shown as it is, so rows hold ids, names of colleagues and times, never a client's name or
a note; instants are aware. The page knows nothing of the service, and the service nothing of the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.sandbox.teams.person import Person as TeamsPerson
from bot.sandbox.teams.world import World
from bot.sandbox.workspace import Workspace

AMELIA, JONAS, PRIYA, MARGARET, TOMAS = "Amelia Ward", "Jonas Hale", "Priya Nair", "Margaret Lane", "Tomas Berg"
COMMANDS = ("/log-client", "/report-breach", "/sopwith")


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Somebody to be; `part` is who that is in the firm, in a few words; `platform` is where this person chats."""

    user_id: str
    name: str
    part: str
    platform: str = "slack"


@dataclass(frozen=True, kw_only=True)
class AuditRow:
    """`number` is the position in the log, empty while the entry waits for one; `about` names ids only."""

    number: str
    at: str
    who: str
    what: str
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class OutboxRow:
    """Somebody is to learn something; `state` is one of the outbox's own words."""

    to: str
    what: str
    state: str
    at: str


@dataclass(frozen=True, kw_only=True)
class TimerRow:
    """Something that will happen by itself."""

    due: str
    what: str
    about: str = ""


@dataclass(frozen=True, kw_only=True)
class Happened:
    """Audit and outbox newest first, timers soonest first; `next_due` is the next instant at which somebody is reminded
    or something falls due, None when nothing will."""

    audit: tuple[AuditRow, ...] = ()
    outbox: tuple[OutboxRow, ...] = ()
    timers: tuple[TimerRow, ...] = ()
    next_due: datetime | None = None


Tell = Callable[[str, str], None]  # words for the onlooker, and the user id of the one to look at ("" leaves it)


def silent(_words: str, _user_id: str) -> None:
    """Nobody looks on."""


class Closing(Exception):
    """The firm is closing: a stage may raise it from `happened` and `move_clock`, and the page falls silent."""


class Story(Protocol):
    """Plays by itself until it is over, or until `stop` is set; it then leaves everything as it stands."""

    @property
    def title(self) -> str: ...

    @property
    def blurb(self) -> str: ...

    async def play(self, stage: Stage, pace: float, stop: asyncio.Event, tell: Tell = silent) -> None:
        """`pace` 1 is for people, 0 waits for nobody. Raises `stories.Astray` when the firm does something else."""


class Stage(Protocol):
    """The firm, its Slack and its Teams, and its clock. Whatever changes on either, `workspace.touch` is called."""

    @property
    def workspace(self) -> Workspace: ...

    @property
    def hands(self) -> Hands: ...

    @property
    def teams(self) -> World | None: ...

    def person(self, cast: Cast) -> Person | TeamsPerson:
        """At the keyboard, wherever this person chats."""

    @property
    def cast(self) -> tuple[Cast, ...]: ...

    @property
    def zone(self) -> ZoneInfo: ...

    @property
    def stories(self) -> Mapping[str, Story]: ...

    def now(self) -> datetime:
        """The firm's own time, aware."""

    async def move_clock(self, to: datetime) -> None:
        """Let time pass until `to`, doing on the way what falls due; gives back when it is done and delivered."""

    async def happened(self) -> Happened:
        """The newest rows, about thirty of each; `Closing` once the firm has begun to close."""
