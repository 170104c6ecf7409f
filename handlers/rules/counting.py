"""How a statute's time is counted: hours that run, days that end at midnight, months that clamp, years that end.

Invariants: instants come in aware and go out in UTC. Hours are counted by the second, day and night, weekends and
holidays included, and never roll (Regulation 1182/71 Art. 3(3); that Art. 3(5) gives more for 72 hours is disputed, so
it is never used). The day of the event is day 0 in the clock's zone; a day ends at 24:00, which is the next date's
00:00. Only the methods that say so move a last day that falls on a weekend or a holiday.
"""

from calendar import monthrange
from collections.abc import Callable, Collection
from datetime import date, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from handlers.rules.local_time import midnight, utc

Holidays = Callable[[int], Collection[date]]
_ONE_DAY = timedelta(days=1)
_SATURDAY = 5


class Counting(Enum):
    """The closed set of methods. `none`: the law names no number. `formula`: DORA's first report."""

    ELAPSED_HOURS = "elapsed_hours"
    CALENDAR_DAYS = "calendar_days"
    CALENDAR_DAYS_ROLL = "calendar_days_roll"
    BUSINESS_DAYS = "business_days"
    MONTHS_CLAMPED = "months_clamped"
    YEAR_END_PLUS = "year_end_plus"
    FORMULA = "formula"
    NONE = "none"


UNITS = {
    Counting.ELAPSED_HOURS: "h",
    Counting.CALENDAR_DAYS: "cd",
    Counting.CALENDAR_DAYS_ROLL: "cd",
    Counting.BUSINESS_DAYS: "bd",
    Counting.MONTHS_CLAMPED: "mo",
    Counting.YEAR_END_PLUS: "cd",
    Counting.FORMULA: "h",
    Counting.NONE: "",
}
BY_THE_HOUR = frozenset({Counting.ELAPSED_HOURS, Counting.FORMULA})


def elapsed_hours(start: datetime, hours: int) -> datetime:
    """So many times 3,600 seconds later."""
    return utc(start) + timedelta(hours=hours)


def initial_report(classified: datetime, aware: datetime, hours: int, backstop: int) -> datetime:
    """`hours` after the incident was classified as major, and `backstop` hours after awareness at the latest; whoever
    classified later than that has the hours after the classification (Del. Reg. (EU) 2025/301 Art. 5(1)(a), 5(2))."""
    soon, latest = elapsed_hours(classified, hours), elapsed_hours(aware, backstop)
    return min(soon, latest) if utc(classified) <= latest else soon


def event_day(start: datetime, zone: ZoneInfo) -> date:
    """Day 0: the date of the event on the clock's own calendar."""
    return utc(start).astimezone(zone).date()


def last_day(method: Counting, day_0: date, length: int, holidays: Holidays) -> date:
    """The last day of a period that is counted in days, months or years; OverflowError beyond the year 9999."""
    match method:
        case Counting.CALENDAR_DAYS:
            return day_0 + timedelta(days=length)
        case Counting.CALENDAR_DAYS_ROLL:
            return working_day(day_0 + timedelta(days=length), holidays)
        case Counting.BUSINESS_DAYS:
            day = day_0
            for _n in range(length):
                day = working_day(day + _ONE_DAY, holidays)
            return day
        case Counting.MONTHS_CLAMPED:
            return months_later(day_0, length)
        case Counting.YEAR_END_PLUS:
            return date(day_0.year, 12, 31) + timedelta(days=length)
    raise ValueError(f"{method.value} does not count days.")


def end_of(day: date, zone: ZoneInfo) -> datetime:
    """24:00 of a date: the instant at which the next one begins."""
    return midnight(day + _ONE_DAY, zone)


def months_later(day: date, months: int) -> date:
    """The same day of the month, or the month's last where it has none such (Regulation 1182/71 Art. 3(2)(c))."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year > date.max.year:
        raise OverflowError("The date lies beyond the year 9999.")
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def is_working_day(day: date, holidays: Holidays) -> bool:
    """Neither a Saturday, nor a Sunday, nor a holiday."""
    return day.weekday() < _SATURDAY and day not in holidays(day.year)


def working_day(day: date, holidays: Holidays) -> date:
    """The day itself, or the next that is a working day."""
    while not is_working_day(day, holidays):
        day += _ONE_DAY
    return day


def working_day_before(day: date, holidays: Holidays) -> date:
    """The day itself, or the last before it that is a working day."""
    while not is_working_day(day, holidays):
        day -= _ONE_DAY
    return day
