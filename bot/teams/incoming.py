"""Teams' activities as requests to the house: who, where, what, and which delivery.

Invariants: a request carries the account, ids and what was typed into a form, never the activity; whoever has no object
id in the pinned tenant's directory is a stranger; a delivery's key is the activity's id with the kind before it.
"""

import html
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.teams.shapes import Activity, Quoted, Said, Unreadable
from handlers.request import Account, Kind, Request
from handlers.router import find
from handlers.views import Reply

PLATFORM = "teams"
_QUOTED = 2800  # of a message that fills in a summary; the link to it needs the rest
_VERBS = {"command": Kind.COMMAND, "opens": Kind.OPEN, "does": Kind.ACTION}
_TAG = re.compile(r"<[^>]*>")
_BREAK = re.compile(r"<(?:br|/p|/div)\b[^>]*>", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who has the dialog in front, in which zone, by which delivery; `ask` asks the house as this person."""

    account: Account
    zone: ZoneInfo
    key: str
    ask: Callable[[Request], Awaitable[Reply]]


def account_of(found: Activity, tenant_id: str) -> Account:
    """The account as the Bot Framework vouches for it."""
    id = (found.who.aad or "").lower()
    human = bool(id) and found.who.role != "bot"
    return Account(platform=PLATFORM, id=f"{tenant_id}/{id}", human=human)


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A line in the chat: the command, if it begins with one, and whether anything stands behind it."""

    command: str
    more: bool


def typed(text: str) -> Typed:
    """`log-client`, `/log-client`, `sopwith log-client`, in any case."""
    words = _TAG.sub(" ", text).replace("\u00a0", " ").split()
    if words and words[0].lower().lstrip("/") == "sopwith":
        words = words[1:]
    name = words[0].lower().lstrip("/") if words else ""
    known = bool(name) and find(Kind.COMMAND, name) is not None
    return Typed(command=name if known else "", more=len(words) > known)


def asked(said: Said, account: Account, key: str) -> Request:
    """What a button asks for. Raises Unreadable for one that stands on a form only."""
    if said.verb not in _VERBS:
        raise Unreadable
    kind = _VERBS[said.verb]
    delivery = f"{kind}:{key}" if key else ""
    return Request(kind=kind, name=said.name, account=account, key=delivery, subject=said.subject)


def command(name: str, account: Account, *, quoted: Quoted | None = None) -> Request:
    """A command; of a message that is to be logged the words fill in a form, and nothing else."""
    return Request(kind=Kind.COMMAND, name=name, account=account, text=_words(quoted) if quoted else "")


def _words(quoted: Quoted) -> str:
    said = quoted.body.content
    if quoted.body.kind == "html":
        said = html.unescape(_TAG.sub("", _BREAK.sub("\n", said)))
    words = said.strip().replace("\0", "")
    words = words if len(words) <= _QUOTED else words[: _QUOTED - 1] + "…"
    return f"{words}\n{quoted.link}" if quoted.link else words
