"""When somebody may be told of what is not urgent: in the receiver's working hours, outside the firm's quiet hours, and
only so many times a day (SOP 5.3: reminders help only those who are not buried under them).

Invariants: what waiting would miss goes out at once, whatever the hour and the count; nothing waits for ever: quiet
hours that would leave nothing of somebody's own hours do not hold for that person.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from handlers.rules.blocks import Block
from handlers.rules.hours import Calendar
from handlers.rules.local_time import instant, midnight

_TRIES = 16  # openings looked at: more than two weeks of them
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Ping:
    """The first good moment, and why it is not now; empty when it is."""

    at: datetime
    why: str


def ping_at(
    now: datetime, *, hours: Calendar, quiet: Block | None, by: datetime | None, told: int, per_day: int
) -> Ping:
    """`hours`: the receiver's calendar, and in its zone the day of the count begins and `quiet` is read; `by`: when
    waiting would be too late; `told`: how often somebody was told since midnight."""
    full = told >= per_day
    at = _allowed(day_begins(now, hours, 1) if full else now, hours, quiet)
    if at <= now or (by is not None and by <= at):
        return Ping(at=now, why="")
    return Ping(at=at, why="daily cap" if full else "outside hours")


def day_begins(now: datetime, hours: Calendar, days: int = 0) -> datetime:
    """The midnight that begins the receiver's day, or one so many days later."""
    return midnight(now.astimezone(hours.zone).date() + days * _ONE_DAY, hours.zone)


def _allowed(t: datetime, hours: Calendar, quiet: Block | None) -> datetime:
    try:
        first = at = hours.opening_at_or_after(t)
    except ValueError:  # hours that never come again keep nobody waiting
        return t
    for _try in range(_TRIES):
        over = _quiet_until(at, hours, quiet) if quiet else None
        if over is None:
            return at
        at = hours.opening_at_or_after(over)
    return first


def _quiet_until(t: datetime, hours: Calendar, quiet: Block) -> datetime | None:
    """When the quiet hours that hold at this instant are over; None when none hold."""
    today = t.astimezone(hours.zone).date()
    for day in (today - _ONE_DAY, today):
        wall = datetime.combine(day, time())
        start, end = (instant(wall + timedelta(minutes=m), hours.zone) for m in (quiet.start, quiet.end))
        if start <= t < end:
            return end
    return None
