"""Which instant a clock on a wall means, and how an instant is written for people.

Invariants: instants are aware and come back in UTC; arithmetic is done there, never on wall clocks. The clock on the
wall never runs backwards: a time that the clocks repeat means its first occurrence, and a time that they skip means the
moment of the jump. So a later wall time never means an earlier instant, and no stretch of time is counted twice.
"""

from bisect import bisect_left
from datetime import MAXYEAR, MINYEAR, UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def utc(t: datetime) -> datetime:
    """The same instant in UTC; ValueError for a datetime without a zone, because it names no instant."""
    if t.tzinfo is UTC:
        return t
    if t.tzinfo is None:
        raise ValueError(f"{t.isoformat()} has no zone, so it names no instant.")
    try:
        return t.astimezone(UTC)
    except OverflowError:
        raise ValueError(f"{t.isoformat()} lies outside the years {MINYEAR} to {MAXYEAR} of UTC.") from None


def instant(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant of a wall time, given without zone: the first if the clocks repeat it, the jump if they skip it."""
    aware = wall.replace(tzinfo=zone, fold=0)
    before, after = _offset(aware), _offset(aware.replace(fold=1))
    if after <= before:
        return (wall - before).replace(tzinfo=UTC, fold=0)
    early = (wall - after).replace(tzinfo=UTC, microsecond=0, fold=0)  # the jump comes later, by after - before at most
    seconds = range(int((after - before).total_seconds()) + 1)
    jump = bisect_left(seconds, after, key=lambda s: _offset((early + timedelta(seconds=s)).astimezone(zone)))
    return early + timedelta(seconds=jump)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The instant at which a local date begins."""
    return instant(datetime.combine(day, time()), zone)


def shown_date(day: date, beside: date) -> str:
    """A date as people read it, "Fri 20 Nov"; with its year where that is not the year of `beside`."""
    year = "" if day.year == beside.year else f" {day.year}"
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"


def shown_clock(local: datetime) -> str:
    """A local clock time, "16:00"; with its seconds where there are any."""
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def shown(t: datetime, zone: ZoneInfo, beside: date) -> str:
    """An instant as people read it, "Fri 20 Nov 16:00 (Europe/London)": weekday, date, clock time and zone."""
    local = t.astimezone(zone)
    return f"{shown_date(local.date(), beside)} {shown_clock(local)} ({zone.key})"


def _offset(aware: datetime) -> timedelta:
    return aware.utcoffset() or timedelta()
