"""The shape of the policy file, section by section: which keys there are, what each may hold, and what is taken when one
is absent.

Invariants: an unknown key is refused everywhere; a value is never bent into another type (`"yes"` is not true).
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Annotated, Literal, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator

from bot.public_holidays import holiday_code
from handlers.rules.due_at import Reading
from handlers.rules.hours import Block, block
from handlers.rules.spans import Span, Unit, span

T = TypeVar("T")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
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


def _read_by(read: Callable[[str], T]) -> PlainValidator:
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
        raise ValueError(f'{text!r} is not a known time zone. Write it like "Europe/London".') from None


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


def _date(value: object) -> date:
    if type(value) is date:
        return value
    try:
        return date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        raise ValueError(f'{value!r} is not a date. Write it like "2026-12-24".') from None


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
    return text


def _rising(percents: list[int]) -> list[int]:
    if any(not 1 <= percent <= 99 for percent in percents):
        raise ValueError("each must be from 1 to 99 per cent of the target.")
    if any(later <= earlier for earlier, later in zip(percents, percents[1:], strict=False)):
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


ZoneText = Annotated[ZoneInfo, _read_by(_zone)]
Words = Annotated[str, _read_by(_words)]
Duration = Annotated[Span, _read_by(span)]
ClockDuration = Annotated[timedelta, _read_by(_clock_span)]
BlockText = Annotated[Block, _read_by(block)]
DateText = Annotated[date, PlainValidator(_date)]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Part(BaseModel):
    """One section of the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FirmPart(Part):
    name: Words
    zone: ZoneText


class CalendarPart(Part):
    """Without `zone`: the firm's. A day without entry in `open` is closed."""

    zone: ZoneText | None = None
    open: dict[Weekday, list[BlockText]] = {}
    holidays: Annotated[str | None, _read_by(holiday_code)] = None
    closed: list[DateText] = []
    half_days: dict[DateText, list[BlockText]] = {}
    always_open: bool = False


class SlaPart(Part):
    """Without `calendar`: the only one there is. An empty `remind_at` means no reminder."""

    target: Duration
    reading: Annotated[Reading, _read_by(_reading)] = Reading.BUSINESS_DAY
    calendar: str | None = None
    remind_at: Annotated[list[int], AfterValidator(_rising)] = [75]


class ChannelsPart(Part):
    approved: Annotated[dict[Annotated[str, AfterValidator(_channel)], bool], AfterValidator(_some)]


class RungPart(Part):
    to: Annotated[str, _read_by(_rung)]
    acknowledge_within: Annotated[Span | None, _read_by(span)] = None


class LadderPart(Part):
    """What is absent is taken from the ladder's default (policy_file.py)."""

    rungs: list[RungPart] | None = None
    repeat: Annotated[Span | None, _read_by(span)] = None


class EscalationPart(Part):
    overdue: LadderPart = LadderPart()
    breach: LadderPart = LadderPart()
    complaint: LadderPart = LadderPart()


class BreachPart(Part):
    dpo_within: Duration = span("1h")
    emergency: str = ""
    regimes: Annotated[list[Words], AfterValidator(_different)] = []


class PingsPart(Part):
    per_day: Annotated[int, Field(ge=1, le=1000)] = 6


class AuditPart(Part):
    checkpoint_file: Words = "checkpoints.txt"
    every: ClockDuration = timedelta(minutes=1)


class NotifyPart(Part):
    smtp: Annotated[str, _read_by(_mail_server)] = ""


class FilePart(Part):
    """The whole file. Firm, a calendar, the first-response clock and the channels have no default: they are the SOP."""

    firm: FirmPart
    calendars: dict[str, CalendarPart]
    sla: dict[str, SlaPart]
    channels: ChannelsPart
    escalation: EscalationPart = EscalationPart()
    breach: BreachPart = BreachPart()
    pings: PingsPart = PingsPart()
    audit: AuditPart = AuditPart()
    notify: NotifyPart = NotifyPart()
