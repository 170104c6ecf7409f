"""A firm's opening hours: when it is open, and how open time and business days add up.

Invariants: questions take aware datetimes (ValueError for others) and answer in UTC. Open time is half-open: the second
of opening is inside, the second of closing is outside, yet a count that runs out exactly at closing ends at closing. A
block belongs to the date on which it starts; for one date `half_days` wins over `closed`, `closed` over `holidays`,
these over the weekly `open`. A business date is a local date with any open time. When the clocks change, the ends of a
block are read as local_time.py says: a block that lies partly in a skipped hour shrinks. There is no horizon.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from handlers.rules.blocks import Block, block, overlapping, overlapping_night
from handlers.rules.local_time import instant, midnight, utc
from handlers.rules.timeline import NOTHING, Stretches, Timeline

__all__ = ["Block", "Calendar", "block", "elapsed_share", "faults", "no_holidays"]

_SECOND = timedelta(seconds=1)
_ONE_DAY = timedelta(days=1)
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def no_holidays(year: int) -> Collection[date]:
    """The holidays of a calendar that keeps none."""
    return ()


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """Opening hours in one zone. `open` is by weekday, 0 = Monday; `holidays(year)` gives the dates of one year, always
    the same ones. `always_open`: every second is open and every date a business date, and nothing else is looked at."""

    name: str
    zone: ZoneInfo
    open: Mapping[int, tuple[Block, ...]] = field(default_factory=dict)
    holidays: Callable[[int], Collection[date]] = no_holidays
    closed: frozenset[date] = frozenset()
    half_days: Mapping[date, tuple[Block, ...]] = field(default_factory=dict)
    always_open: bool = False

    def blocks_on(self, day: date) -> tuple[Block, ...]:
        """The blocks that start on a date."""
        return self._blocks(day, self.holidays(day.year))

    def is_open(self, t: datetime) -> bool:
        """Open at this instant? Yes at the second of opening, no at that of closing."""
        return self._hours.counts(utc(t))

    def is_business_date(self, day: date) -> bool:
        """Has this local date any open time, if only the tail of the night before?"""
        return self._dates.between(midnight(day, self.zone), midnight(day + _ONE_DAY, self.zone)) > NOTHING

    def opening_at_or_after(self, t: datetime) -> datetime:
        """The instant itself while open, else the next opening. ValueError if there is none before the year 9999."""
        return self.next_open_stretch(t)[0]

    def next_open_stretch(self, t: datetime) -> tuple[datetime, datetime]:
        """What is left at t of the open time going on, or else the next open time, up to closing or the year's end."""
        return self._hours.next_stretch(utc(t))

    def add_open(self, t: datetime, seconds: int) -> datetime:
        """The first instant by which so many open seconds have passed since t; for none the start of the count."""
        return self._add(self._hours, utc(t), seconds * _SECOND)

    def add_business_days(self, t: datetime, days: int) -> datetime:
        """So many times 24 hours of elapsed time, counted only inside business dates, from t or else the next opening
        (SOP: reply within "24 business hours", read as one business day)."""
        return self._add(self._dates, self._hours.next_stretch(utc(t))[0], days * _ONE_DAY)

    def open_between(self, a: datetime, b: datetime) -> int:
        """Whole open seconds from a to b, a fraction dropped; ValueError when b is before a."""
        return self._open_between(a, b) // _SECOND

    def open_share(self, a: datetime, b: datetime, percent: int) -> datetime:
        """The first instant at which `percent` of the open time from a to b has passed; of all time if none is open."""
        total = self._open_between(a, b)
        return self._add(self._hours, utc(a), _share(total, percent)) if total else elapsed_share(a, b, percent)

    def _add(self, timeline: Timeline, t: datetime, amount: timedelta) -> datetime:
        if amount < NOTHING:
            raise ValueError("Time is added to an instant, never taken away.")
        return timeline.add(t, amount) if amount else self._hours.next_stretch(t)[0]

    def _open_between(self, a: datetime, b: datetime) -> timedelta:
        start, end = utc(a), utc(b)
        if end < start:
            raise ValueError(f"{b.isoformat()} is before {a.isoformat()}.")
        return self._hours.between(start, end)

    def _blocks(self, day: date, holidays: Collection[date]) -> tuple[Block, ...]:
        if day in self.half_days:
            return self.half_days[day]
        return () if day in self.closed or day in holidays else self.open.get(day.weekday(), ())

    @cached_property
    def _hours(self) -> Timeline:
        return Timeline(self._hours_in)

    @cached_property
    def _dates(self) -> Timeline:
        return self._hours if self.always_open else Timeline(self._dates_in)

    def _hours_in(self, year: int) -> Stretches:
        if not MINYEAR < year < MAXYEAR:
            raise ValueError(f"The calendar {self.name} finds no answer between the years {MINYEAR} and {MAXYEAR}.")
        begin, end = self._at(date(year, 1, 1)), self._at(date(year + 1, 1, 1))
        if self.always_open:
            return Stretches(begin, end, [(begin, end)])
        days = [date(year, 1, 1) - _ONE_DAY, *_days_of(year)]  # the night before may reach into the year
        holidays = frozenset(self.holidays(year)) | frozenset(self.holidays(year - 1))
        blocks = ((day, one) for day in days for one in self._blocks(day, holidays))
        return Stretches(begin, end, [(self._at(day, one.start), self._at(day, one.end)) for day, one in blocks])

    def _dates_in(self, year: int) -> Stretches:
        hours = self._hours.year(year)
        midnights = [self._at(day) for day in _days_of(year)] if hours.total else []
        dates = zip(midnights, [*midnights[1:], hours.end], strict=False)
        return Stretches(hours.begin, hours.end, [(a, b) for a, b in dates if hours.spent(b) > hours.spent(a)])

    def _at(self, day: date, minutes: int = 0) -> datetime:
        return instant(datetime.combine(day, time()) + timedelta(minutes=minutes), self.zone)


def elapsed_share(a: datetime, b: datetime, percent: int) -> datetime:
    """The first instant at which `percent` of the time from a to b has passed, open or not."""
    start = utc(a)
    return start + _share(utc(b) - start, percent)


def faults(calendar: Calendar) -> list[str]:
    """What is wrong with a calendar, each as "key: sentence", the key as in its part of the policy file."""
    if calendar.always_open:
        idle = {"open": calendar.open, "closed": calendar.closed, "half_days": calendar.half_days}
        return [f"{key}: has no effect beside always_open. Take one of the two out." for key in idle if idle[key]]
    if not any((*calendar.open.values(), *calendar.half_days.values())):
        return ["open: no day has any open time, so this calendar can never be open."]
    return [*_weekly_faults(calendar), *_half_day_faults(calendar)]


def _weekly_faults(calendar: Calendar) -> list[str]:
    week = [calendar.open.get(day, ()) for day in range(7)]
    found = []
    for day, name in enumerate(_WEEKDAYS):
        after = (day + 1) % 7
        found += [f"open.{name}: {a} overlaps {b}." for a, b in overlapping(week[day])]
        pairs = overlapping_night(week[day], week[after])
        found += [f"open.{name}: {a} overlaps {b} of the next day (open.{_WEEKDAYS[after]})." for a, b in pairs]
    return found


def _half_day_faults(calendar: Calendar) -> list[str]:
    found = []
    for day in sorted(calendar.half_days):
        today = calendar.half_days[day]
        found += [f"half_days.{day}: {a} overlaps {b}." for a, b in overlapping(today)]
        pairs = overlapping_night(calendar.blocks_on(day - _ONE_DAY), today)
        found += [f"half_days.{day}: {b} overlaps {a} of the day before." for a, b in pairs]
        after = day + _ONE_DAY
        pairs = [] if after in calendar.half_days else overlapping_night(today, calendar.blocks_on(after))
        found += [f"half_days.{day}: {a} overlaps {b} of the next day." for a, b in pairs]
    return found


def _days_of(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days)]


def _share(amount: timedelta, percent: int) -> timedelta:
    return -(-amount * percent // 100)  # rounded up: the first microsecond by which the share is full
