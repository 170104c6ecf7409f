"""The registry: every command, form, action, type-ahead, timer, notice and desk command the house knows, by decorator.

Routing, rights, help and the manifests are all read from here, so none of them can disagree with the handlers.
Entries that only ask (`writes=False`) run on a connection that cannot write and leave no trace in the inbox.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from handlers.request import Ask, Kind
from handlers.views import Card, Reply
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

Handler = Callable[[Tx, Ask], Reply]
Renderer = Callable[[Tx, Notice, Person, Ask], Card | None]
H = TypeVar("H", bound=Callable[..., object])


class Who(StrEnum):
    """Who may come in; the handler looks closer."""

    HUMAN = "any human of the workspace"
    PERSON = "an active person of the people file"
    CLOCK = "the clock"
    OPERATOR = "somebody at the command line"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One thing that can be asked. `roles` narrows `Who.PERSON` (any of them); `help` is the line in /sopwith help;
    `matter`: notices of one matter about one subject are one card to a person, the newest; `plain`: its answer says
    nothing about anybody and may stand in a chat that keeps it; `letter`: this notice goes by e-mail too."""

    kind: Kind
    name: str
    handler: Callable[..., object]
    who: Who
    writes: bool
    roles: frozenset[str] = frozenset()
    help: str = ""
    urgent: bool = False
    matter: str = ""
    plain: bool = False
    letter: bool = False


_entries: dict[tuple[Kind, str], Entry] = {}


def _register(
    kind: Kind,
    name: str,
    who: Who,
    writes: bool,
    roles: str = "",
    help: str = "",
    urgent: bool = False,
    matter: str = "",
    plain: bool = False,
    letter: bool = False,
) -> Callable[[H], H]:
    def take(handler: H) -> H:
        if (kind, name) in _entries:
            raise ValueError(f"{kind} {name} is registered twice")
        _entries[kind, name] = Entry(
            kind=kind,
            name=name,
            handler=handler,
            who=who,
            writes=writes,
            roles=frozenset(roles.split()),
            help=help,
            urgent=urgent,
            matter=matter or name,
            plain=plain,
            letter=letter,
        )
        return handler

    return take


def command(
    name: str, *, help: str, who: Who = Who.PERSON, roles: str = "", writes: bool = False, plain: bool = False
) -> Callable[[H], H]:
    """A word typed in chat: `log-client`, `report-breach`, or a word after `/sopwith`."""
    return _register(Kind.COMMAND, name, who, writes, roles, help, plain=plain)


def opens(name: str, *, who: Who = Who.PERSON, roles: str = "", writes: bool = False) -> Callable[[H], H]:
    """A form or page behind a button; `writes=True` when opening it must be recorded."""
    return _register(Kind.OPEN, name, who, writes, roles)


def submits(name: str, *, who: Who = Who.PERSON, roles: str = "", urgent: bool = False) -> Callable[[H], H]:
    """A filled-in form; `urgent`: when it cannot be saved, the answer names the firm's emergency contact."""
    return _register(Kind.SUBMIT, name, who, True, roles, urgent=urgent)


def action(name: str, *, who: Who = Who.PERSON, roles: str = "") -> Callable[[H], H]:
    """A button that does something."""
    return _register(Kind.ACTION, name, who, True, roles)


def search(name: str, *, who: Who = Who.PERSON) -> Callable[[H], H]:
    """A type-ahead."""
    return _register(Kind.SEARCH, name, who, False)


def home(name: str = "home") -> Callable[[H], H]:
    """The person's own page."""
    return _register(Kind.HOME, name, Who.PERSON, False)


def timer(name: str) -> Callable[[H], H]:
    """Something that falls due."""
    return _register(Kind.TIMER, name, Who.CLOCK, True)


def notice(name: str, *, matter: str = "", letter: bool = False) -> Callable[[H], H]:
    """How a notice looks now; None when its cause is gone and it must not be sent. Notices of one `matter` (its own
    name, unless said) about one subject are one living card to a person: the newest. `letter`: by e-mail too, even
    when chat has brought it home."""
    return _register(Kind.NOTICE, name, Who.CLOCK, False, matter=matter, letter=letter)


def desk(name: str, *, writes: bool = True) -> Callable[[H], H]:
    """A command of the command line."""
    return _register(Kind.DESK, name, Who.OPERATOR, writes)


def find(kind: Kind, name: str) -> Entry | None:
    """The entry, or None for a name nobody registered."""
    return _entries.get((kind, name))


def entries(kind: Kind | None = None) -> tuple[Entry, ...]:
    """All entries, or those of one kind, in the order of their names."""
    return tuple(e for _, e in sorted(_entries.items()) if kind is None or e.kind is kind)
