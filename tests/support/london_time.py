"""Spans of time on a clock in London, reckoned a second time: for models that must not ask the code they judge."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MONTHS = {"month": 1, "quarter": 3, "year": 12}


def as_utc(wall: datetime) -> datetime:
    """Of a clock on a wall in London, which skips one hour a year: a time that is skipped is the moment of the jump."""
    found = wall.replace(tzinfo=LONDON).astimezone(UTC)
    skipped = found.astimezone(LONDON).replace(tzinfo=None) != wall
    return found.replace(minute=0, second=0, microsecond=0) if skipped else found


def later(start: datetime, long: str) -> datetime:
    """At the same time of day in London, a week or so many months later, on the last day of a shorter month."""
    wall = start.astimezone(LONDON).replace(tzinfo=None, fold=0)
    if long == "week":
        return as_utc(wall + timedelta(days=7))
    year, month = divmod(wall.month - 1 + MONTHS[long], 12)
    first = date(wall.year + year, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return as_utc(datetime.combine(first.replace(day=min(wall.day, last.day)), wall.time()))


def three_business_days(start: datetime) -> datetime:
    """From that time of day, or the next opening: Monday to Friday, nine to five in London."""
    wall = start.astimezone(LONDON).replace(tzinfo=None, fold=0)
    if wall.weekday() > 4 or wall.time() >= time(17):
        wall = datetime.combine(_next_weekday(wall.date()), time(9))
    wall = max(wall, datetime.combine(wall.date(), time(9)))
    day = wall.date()
    for _ in range(3):
        day = _next_weekday(day)
    return as_utc(datetime.combine(day, wall.time()))


def _next_weekday(day: date) -> date:
    return day + timedelta(days={4: 3, 5: 2}.get(day.weekday(), 1))
