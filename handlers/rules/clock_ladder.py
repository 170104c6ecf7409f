"""When those who answer for a statutory clock are reminded of it.

Invariants: hour clocks at 50 and 75 per cent and 12, 4 and 1 hours before; day clocks 14, 7, 3 and 1 days before, at
the same wall clock time, so before a Sunday's end also on the Friday; both once more when they are overdue, which asks
for the reasons of the delay (GDPR Art. 33(1)). Nothing lies at or before the start, and no two at one instant.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.rules.counting import BY_THE_HOUR, Counting
from handlers.rules.hours import elapsed_share
from handlers.rules.local_time import instant, utc

OVERDUE = "overdue"
_SHARES = (50, 75)
_HOURS = (12, 4, 1)
_DAYS = (14, 7, 3, 1)


@dataclass(frozen=True, kw_only=True)
class Reminder:
    """`rung`: "50 %", "T-12 h", "T-14 d" or "overdue"; `at` in UTC."""

    rung: str
    at: datetime


def reminders(counting: Counting, starts_at: datetime, due_at: datetime, zone: ZoneInfo) -> tuple[Reminder, ...]:
    """The ladder, in the order of time; `zone` is that of the clock. A clock that was due before it started is overdue
    and nothing else. An internal target is laddered like any clock in hours."""
    start, due = utc(starts_at), utc(due_at)
    rungs = _by_the_hour(start, due) if counting in BY_THE_HOUR | {Counting.NONE} else _by_the_day(due, zone)
    found = {at: rung for rung, at in rungs if start < at < due}
    return (*(Reminder(rung=found[at], at=at) for at in sorted(found)), Reminder(rung=OVERDUE, at=due))


def _by_the_hour(start: datetime, due: datetime) -> list[tuple[str, datetime]]:
    shares = [(f"{share} %", elapsed_share(start, due, share)) for share in _SHARES] if start < due else []
    return shares + [(f"T-{hours} h", due - timedelta(hours=hours)) for hours in _HOURS]


def _by_the_day(due: datetime, zone: ZoneInfo) -> list[tuple[str, datetime]]:
    wall = due.astimezone(zone).replace(tzinfo=None)
    return [(f"T-{days} d", instant(wall - timedelta(days=days), zone)) for days in _DAYS]
