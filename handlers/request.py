"""How a procedure is spoken to: a request with its actor and the policy in force; and how it says no.

A `Refused` is an answer (shown with its cure and recorded); any other exception is a bug (logged with a reference).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from handlers.policy import Policy
from handlers.views import Option, Value
from storage.people import Person


class Kind(StrEnum):
    """Everything that can be asked of the house."""

    COMMAND = "command"
    OPEN = "open"
    SUBMIT = "submit"
    ACTION = "action"
    SEARCH = "search"
    HOME = "home"
    TIMER = "timer"
    NOTICE = "notice"
    DESK = "desk"


@dataclass(frozen=True, kw_only=True)
class Account:
    """Who speaks, as the platform vouches for it: `slack:T1/U7`. `human` is false for bots, `ours` false for
    strangers."""

    platform: str
    id: str
    human: bool = True
    ours: bool = True

    def __str__(self) -> str:
        return f"{self.platform}:{self.id}"


@dataclass(frozen=True, kw_only=True)
class Request:
    """What comes in by any door. `key` identifies the delivery (event id, trigger id); `form_id` the form it
    answers; `due_at` when a timer was due, which may be a while ago."""

    kind: Kind
    name: str
    account: Account | None = None
    operator: str = ""
    key: str = ""
    form_id: str = ""
    subject: str = ""
    text: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    rows: tuple[Mapping[str, str], ...] = ()
    due_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A request whose actor is known and admitted. `actor` is None for timers, operators and unlisted humans."""

    request: Request
    policy: Policy
    actor: Person | None = None

    @property
    def person(self) -> Person:
        """The admitted person; asking for one where none is admitted is a bug."""
        if self.actor is None:
            raise LookupError("this entry needs a person")
        return self.actor

    @property
    def subject(self) -> str:
        return self.request.subject

    @property
    def values(self) -> Mapping[str, Value]:
        return self.request.values

    def typed(self, name: str) -> str:
        """A text or a choice, stripped; empty when absent."""
        value = self.request.values.get(name)
        if isinstance(value, Option):
            return value.value
        return value.strip() if isinstance(value, str) else ""

    def chosen(self, name: str) -> tuple[str, ...]:
        """The ticked options."""
        value = self.request.values.get(name)
        return value if isinstance(value, tuple) else ()

    def instant(self, name: str) -> datetime | None:
        """An aware instant, or None when it was left empty."""
        value = self.request.values.get(name)
        return value if isinstance(value, datetime) else None


class Refused(Exception):
    """A person may not, or it cannot be done now: `text` says why and what to do next; `why` is the audit's word."""

    def __init__(self, text: str, *, why: str, subject: str = "") -> None:
        super().__init__(why)
        self.text = text
        self.why = why
        self.subject = subject
