"""The third painter: cards as a plain-text mail, for people whom chat does not reach.

Invariants: the subject is the headline, one of three fixed sentences; the body says reference, duty and time, and never
anybody's name: a line that holds one is left out; no line comes from outside unmade plain; nothing in it can be clicked
or tells that it was read.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from bot.notify import ADDRESS
from bot.senders import Unreachable
from handlers.views import Card, Facts, Heading, Text
from handlers.words import _, listing

_PLATFORMS = {"slack": "Slack", "teams": "Microsoft Teams"}


@dataclass(frozen=True, kw_only=True)
class Told:
    """One card of the mail, and why this person gets it."""

    card: Card
    why: str


@dataclass(frozen=True, kw_only=True)
class Letter:
    """A mail before it is painted. `names` may not stand in it; `platforms` are where this person can act, none for
    somebody without a chat account; `emergency` is said when it is not empty."""

    to: str
    sender: str
    headline: str
    reference: str
    told: tuple[Told, ...]
    names: Collection[str]
    platforms: tuple[str, ...]
    emergency: str
    now: datetime


def painted(letter: Letter) -> bytes:
    """The mail as it travels. `Unreachable` for an address that cannot be written into a header."""
    if not ADDRESS.fullmatch(letter.to):
        raise Unreachable("address")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(display_name="Sopwith", addr_spec=letter.sender)
    mail["To"] = Address(addr_spec=letter.to)
    mail["Subject"] = letter.headline
    mail["Date"] = format_datetime(letter.now)
    mail["Message-ID"] = f"<{letter.reference}@{letter.sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence note answers it
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content("\n".join(_body(letter)) + "\n", cte="quoted-printable")
    return mail.as_bytes()


def _body(letter: Letter) -> Iterator[str]:
    yield letter.headline
    for told in letter.told:
        yield ""
        yield from _nameless(_card(told.card), letter.names)
        yield _("Why you: {why}").format(why=told.why)
    yield ""
    if letter.emergency:
        yield plain(letter.emergency)
    yield from _where(letter.platforms)
    yield _("Nobody reads answers to this mail. It names no one on purpose.")


def _where(platforms: tuple[str, ...]) -> Iterator[str]:
    if platforms:
        names = listing([_PLATFORMS.get(name, name) for name in platforms])
        yield _("To act, open Sopwith in {chat}.").format(chat=names)
        return
    yield _("Sopwith knows no chat account of yours, so you cannot act there yourself.")
    yield _("Please ask your supervisor to act for you, and the administrator to connect your account.")


def _card(card: Card) -> Iterator[str]:
    """Title, facts and sentences; steps and buttons are for those who can press them."""
    yield plain(card.title)
    for item in card.items:
        if isinstance(item, Facts):
            yield from (plain(f"{label}: {value}") for label, value in item.facts)
        elif isinstance(item, Text | Heading):
            yield plain(item.text)


def _nameless(lines: Iterator[str], names: Collection[str]) -> Iterator[str]:
    yield from (line for line in lines if line and not any(name in line for name in names))


def plain(text: str) -> str:
    """One line of characters that can be seen."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
