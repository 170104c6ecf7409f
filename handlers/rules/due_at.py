"""When is the reply due? The SOP's response time ("24 business hours") from receipt to deadline, with its reasons.

Invariants: instants come in aware (ValueError for others) and come back in UTC. Only a target that is a multiple of 24
business hours is read by the agreement's `reading`; any other business hours are open hours, wherever they stand.
A deadline outside opening hours is kept, and one exactly at closing stays at closing.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from handlers.rules.day_by_day import Count, day_by_day
from handlers.rules.hours import Calendar, elapsed_share
from handlers.rules.local_time import instant, utc
from handlers.rules.spans import Span, Unit

_SECONDS = {Unit.SECONDS: 1, Unit.MINUTES: 60, Unit.HOURS: 3_600, Unit.BUSINESS_HOURS: 3_600}
_BUSINESS = (Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS)


class Reading(Enum):
    """How "24 business hours" is understood: one business day, 24 open hours, or 24 hours of the clock."""

    BUSINESS_DAY = "business_day"
    WORKING_HOURS = "working_hours"
    ELAPSED = "elapsed"


@dataclass(frozen=True, kw_only=True)
class Sla:
    """A response time the firm has promised. `remind_at` in per cent, 1 to 99, rising; `zone` is the firm's, in which
    days, months and years are counted."""

    name: str
    target: Span
    calendar: Calendar
    zone: ZoneInfo
    reading: Reading = Reading.BUSINESS_DAY
    remind_at: tuple[int, ...] = (75,)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """The first instant at which so many per cent of the time to reply have passed."""

    percent: int
    at: datetime


@dataclass(frozen=True, kw_only=True)
class Due:
    """A deadline and how it was reckoned. `starts_at` is where the count begins: the receipt or the next opening;
    `reading` is that of the agreement, `calendar` the name of the calendar, `steps` the sum in sentences."""

    received_at: datetime
    starts_at: datetime
    due_at: datetime
    reading: Reading
    calendar: str
    reminders: tuple[Reminder, ...]
    steps: tuple[str, ...]


def due_at(sla: Sla, received_at: datetime) -> Due:
    """The deadline for a message received at an instant, its reminders before any shift to somebody's hours, and why
    (SOP: clients are answered within 24 business hours)."""
    received = utc(received_at)
    read = _as_read(sla.target, sla.reading)
    business = read.unit in _BUSINESS
    starts = sla.calendar.opening_at_or_after(received) if business else received
    due = add(read, starts, sla.calendar, sla.zone)
    share = sla.calendar.open_share if business else elapsed_share
    return Due(
        received_at=received,
        starts_at=starts,
        due_at=due,
        reading=sla.reading,
        calendar=sla.calendar.name,
        reminders=tuple(Reminder(percent=percent, at=share(starts, due, percent)) for percent in sla.remind_at),
        steps=day_by_day(Count(sla.target, read, sla.calendar, sla.zone, received, starts, due)),
    )


def add(span: Span, t: datetime, calendar: Calendar, zone: ZoneInfo) -> datetime:
    """The end of a span that begins at an instant, as for the rungs of a ladder. Business hours are open hours and
    business days are counted on business dates, both from the next opening at the earliest; seconds, minutes and hours
    run day and night; days, months and years end at the same clock time in `zone`, on the last day of a shorter month.
    """
    match span.unit:
        case Unit.BUSINESS_HOURS:
            return calendar.add_open(t, span.amount * _SECONDS[span.unit])
        case Unit.BUSINESS_DAYS:
            return calendar.add_business_days(t, span.amount)
        case Unit.SECONDS | Unit.MINUTES | Unit.HOURS:
            return utc(t) + timedelta(seconds=span.amount * _SECONDS[span.unit])
    wall = utc(t).astimezone(zone).replace(tzinfo=None)
    if span.unit is Unit.DAYS:
        return instant(wall + timedelta(days=span.amount), zone)
    return instant(_months_later(wall, span.amount * (12 if span.unit is Unit.YEARS else 1)), zone)


def _as_read(target: Span, reading: Reading) -> Span:
    if target.unit is not Unit.BUSINESS_HOURS or target.amount % 24:
        return target
    match reading:
        case Reading.BUSINESS_DAY:
            return Span(amount=target.amount // 24, unit=Unit.BUSINESS_DAYS)
        case Reading.WORKING_HOURS:
            return target
        case Reading.ELAPSED:
            return Span(amount=target.amount, unit=Unit.HOURS)


def _months_later(wall: datetime, months: int) -> datetime:
    year, month = divmod(wall.year * 12 + wall.month - 1 + months, 12)
    return wall.replace(year=year, month=month + 1, day=min(wall.day, monthrange(year, month + 1)[1]))
