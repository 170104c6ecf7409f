"""The sum behind a deadline in plain sentences, one for each date, so that everybody can follow it with a finger.

Invariants: says what was counted and never counts anything itself: the times come from due_at.py. Every time has its
weekday and its zone: the calendar's, or the firm's for days, months and years. A long sum is cut after forty dates.
"""

from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from handlers.rules.hours import Calendar
from handlers.rules.local_time import midnight, shown, shown_clock, shown_date
from handlers.rules.spans import Span, Unit

_MOST_DATES = 40
_DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_NOTHING = timedelta()
_ONE_DAY = timedelta(days=1)


class Count(NamedTuple):
    """A finished reckoning: `target` as written, `read` as understood, the firm's zone and three instants."""

    target: Span
    read: Span
    calendar: Calendar
    firm_zone: ZoneInfo
    received: datetime
    starts: datetime
    due: datetime

    @property
    def zone(self) -> ZoneInfo:
        """The zone in which the times are shown."""
        by_date = self.read.unit in (Unit.DAYS, Unit.MONTHS, Unit.YEARS)
        return self.firm_zone if by_date else self.calendar.zone

    def shown(self, t: datetime) -> str:
        """An instant as people read it."""
        return shown(t, self.zone, self.received.astimezone(self.zone).date())

    def shown_date(self, day: date) -> str:
        """A date as people read it."""
        return shown_date(day, self.received.astimezone(self.zone).date())


def day_by_day(count: Count) -> tuple[str, ...]:
    """The steps from receipt to deadline."""
    if count.read.unit not in (Unit.BUSINESS_HOURS, Unit.BUSINESS_DAYS):
        received = [f"{count.shown(count.received)}: received, the count starts at once."]
        return (*received, _meaning(count), f"{count.shown(count.due)}: due.")
    return (*_start(count), _meaning(count), *_dates(count), _end(count))


def _start(count: Count) -> list[str]:
    received = count.shown(count.received)
    if count.starts == count.received:
        return [f"{received}: received, the office is open."]
    return [
        f"{received}: received, the office is closed.",
        f"{count.shown(count.starts)}: the office opens and the count starts.",
    ]


def _meaning(count: Count) -> str:
    amount = count.read.amount
    match count.read.unit:
        case Unit.BUSINESS_HOURS:
            meaning = f"{_hours(amount)} of open time."
        case Unit.BUSINESS_DAYS:
            as_read = "" if count.read == count.target else f"read as {count.read}, that is "
            meaning = f"{as_read}{_hours(24 * amount)} by the clock, counted only on dates with open time."
        case Unit.SECONDS | Unit.MINUTES | Unit.HOURS:
            as_read = "" if count.read == count.target else f"read as {_hours(amount)} by the clock, "
            meaning = f"{as_read}counted day and night, open or not."
        case Unit.DAYS:
            meaning = f"the same clock time {count.read} later in {count.zone.key}."
        case Unit.MONTHS | Unit.YEARS:
            meaning = (
                f"the same date and clock time {count.read} later in {count.zone.key}, in a shorter month its last day."
            )
    return f"{count.target}: {meaning}"


def _dates(count: Count) -> list[str]:
    left = timedelta(hours=count.read.amount * (24 if count.read.unit is Unit.BUSINESS_DAYS else 1))
    day = count.starts.astimezone(count.zone).date()
    lines: list[str] = []
    while left > _NOTHING:
        if len(lines) == _MOST_DATES:
            return [*lines, f"And so on until {count.shown(count.due)}: {_length(left)}, nothing to go."]
        stretches = _counted_on(count, day)
        left -= sum((end - start for start, end in stretches), _NOTHING)
        lines.append(_line(count, day, stretches, left))
        day += _ONE_DAY
    return lines


def _counted_on(count: Count, day: date) -> list[tuple[datetime, datetime]]:
    t = max(count.starts, midnight(day, count.zone))
    end = min(count.due, midnight(day + _ONE_DAY, count.zone))
    if count.read.unit is Unit.BUSINESS_DAYS:
        return [(t, end)] if count.calendar.is_business_date(day) else []
    found = []
    while t < end:
        opening, closing = count.calendar.next_open_stretch(t)
        if opening < end:
            found.append((opening, min(closing, end)))
        t = closing
    return found


def _line(count: Count, day: date, stretches: list[tuple[datetime, datetime]], left: timedelta) -> str:
    name = count.shown_date(day)
    if not stretches:
        return f"{name} ({count.zone.key}): not counted, {_why_not(count.calendar, day)}."
    times = " and ".join(_from_to(start, end, day, count.zone) for start, end in stretches)
    length = _length(sum((end - start for start, end in stretches), _NOTHING))
    return f"{name} {times} ({count.zone.key}): {length}, {_length(left) if left else 'nothing'} to go."


def _from_to(start: datetime, end: datetime, day: date, zone: ZoneInfo) -> str:
    opens, closes = start.astimezone(zone), end.astimezone(zone)
    last = "24:00" if closes.date() > day else shown_clock(closes)
    changed = opens.utcoffset() != closes.utcoffset()
    return f"{shown_clock(opens)} to {last}{' while the clocks change' if changed else ''}"


def _why_not(calendar: Calendar, day: date) -> str:
    if day in calendar.half_days or day in calendar.closed:
        return "closed on this date"
    if day in calendar.holidays(day.year):
        return "a holiday"
    return f"no opening hours on a {_DAY_NAMES[day.weekday()]}"


def _end(count: Count) -> str:
    closed = not (
        count.calendar.is_open(count.due) or count.calendar.open_between(count.due - timedelta(seconds=1), count.due)
    )
    return f"{count.shown(count.due)}: due{', outside opening hours: a deadline is not moved' if closed else ''}."


def _hours(amount: int) -> str:
    return f"{amount} hour{'' if amount == 1 else 's'}"


def _length(time: timedelta) -> str:
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    parts = ((minutes // 60, "h"), (minutes % 60, "min"), (seconds, "s"))
    return " ".join(f"{number} {unit}" for number, unit in parts if number) or "less than 1 s"
