"""The single values of the policy file: how each is read, and what is said to the person who wrote it otherwise.

Invariants: a value is never bent into another type; a message quotes only the policy file, which holds no secret.
"""

import itertools
import re
from collections.abc import Callable
from datetime import date, timedelta
from difflib import get_close_matches
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, PlainValidator

from bot.environment import is_safe_address
from bot.notify import ADDRESS
from bot.public_holidays import holiday_code
from handlers.rules.due_at import Reading
from handlers.rules.hours import Block, block
from handlers.rules.spans import Span, Unit, span

T = TypeVar("T")
RUNGS = (
    "supervisor",
    "department_head",
    "dpo",
    "senior_management",
    "admin",
    "guardian",
    "records",
    "counsel",
    "auditor",
)
_CLOCK = {Unit.SECONDS: 1, Unit.MINUTES: 60, Unit.HOURS: 3_600}
_CHANNEL_LENGTH = 75  # a choice in Slack shows no more
_RESERVED = "another channel"  # the form's own way out
_PHONE = re.compile(r"\+?[0-9 ()./-]+(?: ?(?:ext\.?|x) ?[0-9]{1,6})?")
_DIGITS = range(3, 22)  # an extension in the house, up to a number of 15 digits (E.164) with one


def read_by(read: Callable[[str], T]) -> PlainValidator:
    """A text that `read` understands; its ValueError is the fault."""

    def check(value: object) -> T:
        if not isinstance(value, str):
            raise ValueError("must be a text in quotes.")
        return read(value)

    return PlainValidator(check)


def _zone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        near = get_close_matches(text, available_timezones(), n=1) or ["Europe/London"]
        raise ValueError(f'{text!r} is not a known time zone. Write it like "{near[0]}".') from None


def _words(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty.")
    return text.strip()


def _reading(text: str) -> Reading:
    try:
        return Reading(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a reading. Take one of {', '.join(r.value for r in Reading)}.") from None


def _rung(text: str) -> str:
    if text not in RUNGS:
        raise ValueError(f"{text!r} is nobody's role. Take one of {', '.join(RUNGS)}.")
    return text


def as_date(value: object) -> date | None:
    """The date that a value is, or None where it is none."""
    try:
        return _date(value)
    except ValueError:
        return None


def _date(value: object) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(f'{str(value)!r} is not a date. Write it like "2026-12-24".') from None


def _clock_span(text: str) -> timedelta:
    found = span(text)
    if found.unit not in _CLOCK:
        raise ValueError(f'{text!r} must be in seconds, minutes or hours. Write it like "1m".')
    return timedelta(seconds=found.amount * _CLOCK[found.unit])


def _mail_server(text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("smtp", "smtps") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if not fits:
        raise ValueError('must be the address of a mail server. Write it like "smtps://mail.example.com".')
    if parts.username or parts.password:
        raise ValueError("must not hold a user name or password: this file is stored with the record.")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError('must end after the server\'s name or port. Write it like "smtps://mail.example.com:465".')
    return text


def _address(text: str) -> str:
    if not ADDRESS.fullmatch(text):
        raise ValueError('must be one plain e-mail address. Write it like "sopwith@example.com".')
    return text


def _phone(text: str) -> str:
    if not _PHONE.fullmatch(text.strip()) or sum(letter.isdigit() for letter in text) not in _DIGITS:
        raise ValueError('must be a telephone number. Write it like "+44 20 7946 0000" or "020 7946 0000 ext 12".')
    return text.strip()


def _web_address(text: str) -> str:
    if not is_safe_address(text):
        raise ValueError("must be an https address (http is taken on loopback only), without a password.")
    return text


def _rising(percents: list[int]) -> list[int]:
    if any(not 1 <= percent <= 99 for percent in percents):
        raise ValueError("each must be from 1 to 99 per cent of the target.")
    if any(later <= earlier for earlier, later in itertools.pairwise(percents)):
        raise ValueError("must rise: each later than the one before.")
    return percents


def _channel(name: str) -> str:
    if not name.strip() or len(name) > _CHANNEL_LENGTH:
        raise ValueError(f"a channel's name has 1 to {_CHANNEL_LENGTH} characters.")
    if name.strip().lower() == _RESERVED:
        raise ValueError('"Another channel" is what the form offers for everything not on this list.')
    return name


def _some(channels: dict[str, bool]) -> dict[str, bool]:
    if not channels:
        raise ValueError("must name at least one channel, or nothing could be logged as approved.")
    return channels


def _different(words: list[str]) -> list[str]:
    if len(set(words)) < len(words):
        raise ValueError("must not name the same one twice.")
    return words


ZoneText = Annotated[ZoneInfo, read_by(_zone)]
Words = Annotated[str, read_by(_words)]
Duration = Annotated[Span, read_by(span)]
ClockDuration = Annotated[timedelta, read_by(_clock_span)]
BlockText = Annotated[Block, read_by(block)]
DateText = Annotated[date, PlainValidator(_date)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
HolidayCode = Annotated[str, read_by(holiday_code)]
ReadingText = Annotated[Reading, read_by(_reading)]
RungName = Annotated[str, read_by(_rung)]
MailServer = Annotated[str, read_by(_mail_server)]
Phone = Annotated[str, read_by(_phone)]
MailAddress = Annotated[str, read_by(_address)]
WebAddress = Annotated[str, read_by(_web_address)]
Percents = Annotated[list[int], AfterValidator(_rising)]
Channels = Annotated[dict[Annotated[str, AfterValidator(_channel)], bool], AfterValidator(_some)]
Names = Annotated[list[Words], AfterValidator(_different)]
