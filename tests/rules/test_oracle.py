"""The rules of business time against a slow and simple reckoner that walks minute by minute; they share no code.

The reckoner reads a clock that never runs backwards: for every minute it asks the zone what the wall shows and holds
the latest time seen while an hour repeats. It paints open minutes on that wall, and then only steps and counts. Seeded:
5,000 cases each time, 100,000 with --long.
"""

import random
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from functools import cache
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.due_at import Reading, Sla, due_at
from handlers.rules.hours import Block, Calendar
from handlers.rules.spans import Span, Unit

DAY = 1440
WINDOW = 60  # days
WINDOWS = [  # some weeks before clocks change or the year ends
    *[("Europe/London", date(2026, 3, 9)), ("Europe/London", date(2026, 10, 5)), ("Europe/London", date(2026, 12, 7))],
    *[
        ("Europe/Berlin", date(2027, 3, 8)),
        ("America/New_York", date(2026, 2, 16)),
        ("America/New_York", date(2026, 10, 12)),
    ],
    *[("Australia/Lord_Howe", date(2026, 3, 16)), ("Australia/Lord_Howe", date(2026, 9, 14))],
    *[
        ("Africa/Casablanca", date(2026, 1, 26)),
        ("Africa/Casablanca", date(2026, 3, 2)),
        ("Asia/Kolkata", date(2026, 6, 1)),
    ],
    *[
        ("America/Santiago", date(2026, 3, 16)),
        ("America/Santiago", date(2026, 8, 17)),
        ("Atlantic/Azores", date(2026, 10, 5)),
    ],
]


@cache
def wall(zone: str, first: date) -> tuple[datetime, list[int]]:
    """A UTC instant shortly before a window, and for every minute from there what the wall has shown at the latest, in
    minutes after the midnight two days before the window's first date."""
    where, zero = ZoneInfo(zone), datetime(first.year, first.month, first.day) - timedelta(days=2)
    start = zero.replace(tzinfo=UTC) + timedelta(days=1)
    shown, latest = [], 0
    for minute in range(WINDOW * DAY):
        local = (start + timedelta(minutes=minute)).astimezone(where).replace(tzinfo=None)
        latest = max(latest, (local - zero) // timedelta(minutes=1))
        shown.append(latest)
    return start, shown


@dataclass
class Reckoner:
    """Minutes are counted from the start of the window, and IndexError means that the window was too short;
    `opened[m]` is 1 when minute m is open."""

    shown: list[int]
    opened: bytes

    @classmethod
    def of(cls, calendar: Calendar, first: date, shown: list[int]) -> "Reckoner":
        paint = bytearray((WINDOW + 9) * DAY)
        for n in range(WINDOW + 6):
            today = first + timedelta(days=n - 2)
            todays = calendar.open.get(today.weekday(), ())
            if today in calendar.holidays(today.year) or today in calendar.closed:
                todays = ()
            if today in calendar.half_days:
                todays = calendar.half_days[today]
            for one in todays:
                paint[n * DAY + one.start : n * DAY + one.end] = b"\1" * (one.end - one.start)
        return cls(shown, bytes(map(paint.__getitem__, shown)))

    def opening(self, m: int) -> int:
        while not self.opened[m]:
            m += 1
        return m

    def open_for(self, m: int, minutes: int) -> int:
        m = self.opening(m)
        while minutes:
            minutes -= self.opened[m]
            m += 1
        return m

    def business_days(self, m: int, days: int) -> int:
        m, left, known = self.opening(m), days * DAY, {}
        while left:
            today = self.shown[m] // DAY
            if today not in known:
                known[today] = self.has_open_time(m, today)
            left -= known[today]
            m += 1
        return m

    def has_open_time(self, m: int, today: int) -> bool:
        while self.shown[m - 1] // DAY == today:
            m -= 1
        while self.shown[m] // DAY == today and not self.opened[m]:
            m += 1
        return self.shown[m] // DAY == today

    def share(self, a: int, b: int, percent: int, every_minute: bool) -> Fraction:
        counted = b"\1" * (b - a) if every_minute else self.opened[a:b]
        hundredths = sum(counted) * percent
        for m, one in enumerate(counted, start=a):
            if one and hundredths <= 100:
                return m + Fraction(hundredths, 100)
            hundredths -= 100 * one
        raise AssertionError("a share is less than the whole")


def some_blocks(dice: random.Random) -> tuple[Block, ...]:
    kind = dice.random()
    if kind < 0.35:
        return (Block(start=540, end=1020),)
    if kind < 0.5:
        return (Block(start=540, end=720), Block(start=780, end=1050))
    if kind < 0.6:
        return (Block(start=0, end=DAY),)
    starts = [
        dice.choice([0, 30, 60, 75, 90, 120, 150, 1320, 1410, dice.randrange(DAY)])
        for _ in range(dice.choice([1, 1, 2]))
    ]
    return tuple(Block(start=s, end=s + dice.choice([15, 45, 60, 240, 480, 600, dice.randint(1, DAY)])) for s in starts)


def some_calendar(dice: random.Random, zone: str, first: date) -> Calendar:
    days = [first + timedelta(days=n) for n in range(WINDOW)]
    usual, special = some_blocks(dice), dice.random() < 0.4
    week = {n: some_blocks(dice) if special else usual for n in range(7) if dice.random() < (0.9 if n < 5 else 0.3)}
    holidays = frozenset(dice.sample(days, dice.randrange(6)))
    return Calendar(
        name="random",
        zone=ZoneInfo(zone),
        open=week,
        holidays=lambda year: [day for day in holidays if day.year == year],
        closed=frozenset(dice.sample(days, dice.randrange(4))),
        half_days={
            day: some_blocks(dice) if dice.random() < 0.8 else () for day in dice.sample(days, dice.randrange(4))
        },
    )


def some_target(dice: random.Random) -> Span:
    unit, most = dice.choice(
        [(Unit.BUSINESS_HOURS, 30), (Unit.BUSINESS_DAYS, 4), (Unit.MINUTES, 4000), (Unit.HOURS, 60)]
    )
    return (
        Span(amount=dice.choice([24, 48]), unit=Unit.BUSINESS_HOURS)
        if dice.random() < 0.5
        else Span(amount=dice.randint(1, most), unit=unit)
    )


def reckoned(walker: Reckoner, sla: Sla, m: int) -> tuple[int, int, list[Fraction]]:
    """Start, deadline and reminders in minutes of the window, as the contract tells them."""
    amount, unit, counts_open = sla.target.amount, sla.target.unit, True
    if unit is Unit.BUSINESS_HOURS and (amount % 24 or sla.reading is Reading.WORKING_HOURS):
        start, due = walker.opening(m), walker.open_for(m, amount * 60)
    elif unit is Unit.BUSINESS_DAYS or (unit is Unit.BUSINESS_HOURS and sla.reading is Reading.BUSINESS_DAY):
        start, due = walker.opening(m), walker.business_days(m, amount if unit is Unit.BUSINESS_DAYS else amount // 24)
    else:
        counts_open, start, due = False, m, m + amount * (1 if unit is Unit.MINUTES else 60)
    walker.shown[due]
    return start, due, [walker.share(start, due, percent, not counts_open) for percent in sla.remind_at]


def some_sla(dice: random.Random, calendar: Calendar) -> Sla:
    return Sla(
        name="random",
        target=some_target(dice),
        reading=dice.choice(list(Reading)),
        calendar=calendar,
        zone=ZoneInfo("UTC"),
        remind_at=tuple(sorted(dice.sample(range(1, 100), 2))),
    )


def compare(seed: int, calendars: int) -> None:
    """Five deadlines in each of so many calendars."""
    dice, out = random.Random(seed), 0
    for _ in range(calendars):
        zone, first = dice.choice(WINDOWS)
        start, shown = wall(zone, first)
        calendar = some_calendar(dice, zone, first)
        walker = Reckoner.of(calendar, first, shown)
        for _ in range(5):
            sla, m = some_sla(dice, calendar), dice.randrange(2 * DAY, 35 * DAY)
            try:
                expected = reckoned(walker, sla, m)
            except IndexError:
                out += 1
            else:
                compare_one(walker, start, sla, m, *expected)
    assert out < calendars / 4  # one in twenty: so few only that the comparison means something


def compare_one(
    walker: Reckoner, zero: datetime, sla: Sla, m: int, begins: int, due: int, reminders: list[Fraction]
) -> None:
    def instant(minutes: Fraction | int) -> datetime:
        return zero + timedelta(microseconds=-(-minutes * 60_000_000 // 1))

    said = due_at(sla, instant(m))
    told = f"{sla} with holidays {sla.calendar.holidays(zero.year)}, received {instant(m)}"
    assert (said.starts_at, said.due_at) == (instant(begins), instant(due)), told
    assert [reminder.at for reminder in said.reminders] == [instant(r) for r in reminders], told
    assert sla.calendar.is_open(instant(m)) == walker.opened[m], told
    assert sla.calendar.open_between(instant(m), instant(due)) == 60 * sum(walker.opened[m:due]), told


def test_five_thousand_random_deadlines_agree_with_the_minute_walker() -> None:
    compare(seed=2026, calendars=1_000)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_a_hundred_thousand_random_deadlines_agree_with_the_minute_walker(seed: int) -> None:
    compare(seed, calendars=1_000)
