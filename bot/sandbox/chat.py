"""What the page needs of a chat, whichever it is: what somebody sees there, and what that person can do.

Invariants: looking changes nothing; an act uses only what the person sees, else it is a LookupError. There is one
implementation for each platform; nothing else of the page knows which is which.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from markupsafe import Markup

from bot.sandbox.rendering import Part
from bot.sandbox.stage import Cast

Json = dict[str, Any]
Asked = Mapping[str, Any]
SHOWN = 60  # messages


@dataclass(frozen=True, kw_only=True)
class Line:
    """A message as the chat shows it; `kind` is bot, own or house."""

    id: str
    place: str
    author: str
    kind: str
    at: str
    body: Markup
    edited: bool = False
    private: bool = False


@dataclass(frozen=True, kw_only=True)
class News:
    """Something that came into somebody's chat from another; `phone` is what a locked phone shows of it, "" when it
    does not ring. Ids of one chat grow."""

    id: str
    phone: str


@dataclass(frozen=True, kw_only=True)
class Command:
    """A button above the line: what is done with it."""

    label: str
    act: str
    line: str


class Screen(Protocol):
    """What somebody sees. `about` says in words what kind of chat it is."""

    name: str
    commands: tuple[Command, ...]
    prompt: str
    known: tuple[str, ...]
    has_home: bool

    def about(self, who: Cast) -> str: ...

    def lines(self, who: Cast) -> list[Line]: ...

    def home(self, who: Cast) -> Part: ...

    def modal(self, who: Cast) -> Part | None:
        """What stands in front; None when nothing does."""

    def news(self, who: Cast) -> list[News]: ...

    @property
    def last(self) -> str:
        """The id of the newest message of all, "" when there is none."""


class Keyboard(Protocol):
    """What somebody does, with the JSON that the browser sent; `say` in the answer is shown as a toast."""

    async def say(self, asked: Asked) -> Json:
        """A line typed into the chat."""

    async def extend(self, asked: Asked) -> Json:
        """An action that the chat offers beside its messages."""

    async def press(self, asked: Asked) -> Json:
        """A button."""

    async def fill(self, asked: Asked) -> Json:
        """A field: text, an option's value, a list of them, or a local time."""

    async def search(self, asked: Asked) -> Json:
        """What a type-ahead offers."""

    async def submit(self, asked: Asked) -> Json:
        """The form's own button; `kept` says that the form stays open with words beside its fields."""

    async def close(self, asked: Asked) -> Json:
        """Cancel, or away with the whole stack."""

    async def home(self, asked: Asked) -> Json:
        """Look at the home tab."""
