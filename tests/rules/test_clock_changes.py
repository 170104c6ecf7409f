"""What happens to walls, opening hours and deadlines when the clocks change, zone by zone.

The changes used here (UTC): London 2026-03-29 01:00 and 2026-10-25 01:00; Berlin the same instants; New York 2026-03-08
07:00 and 2026-11-01 06:00; Lord Howe, half an hour, 2026-04-04 15:00 (02:00 becomes 01:30) and 2026-10-03 15:30 (02:00
becomes 02:30); Casablanca, for Ramadan, 2026-02-15 02:00 (03:00 becomes 02:00) and 2026-03-22 02:00 (back again).
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.hours import Calendar, block
from handlers.rules.local_time import instant, midnight

HOUR = 3_600


def calendar(zone: str, *blocks: str, days: Iterable[int] = range(7)) -> Calendar:
    return Calendar(name=zone, zone=ZoneInfo(zone), open={day: tuple(map(block, blocks)) for day in days})


def utc(text: str) -> datetime:
    """An instant of 2026 unless it says another year."""
    return datetime.fromisoformat(text if text[4] == "-" else f"2026-{text}").replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "wall", "expected"),
    [
        ("Europe/London", "2026-03-29T00:59", "03-29 00:59"),
        ("Europe/London", "2026-03-29T01:00", "03-29 01:00"),  # 01:00 to 02:00 is skipped: the jump
        ("Europe/London", "2026-03-29T01:30", "03-29 01:00"),
        ("Europe/London", "2026-03-29T01:59:59.999999", "03-29 01:00"),
        ("Europe/London", "2026-03-29T02:00", "03-29 01:00"),
        ("Europe/London", "2026-10-25T00:59", "10-24 23:59"),
        ("Europe/London", "2026-10-25T01:00", "10-25 00:00"),  # 01:00 to 02:00 comes twice: the first
        ("Europe/London", "2026-10-25T01:59", "10-25 00:59"),
        ("Europe/London", "2026-10-25T02:00", "10-25 02:00"),
        ("Europe/Berlin", "2026-03-29T02:30", "03-29 01:00"),
        ("Europe/Berlin", "2026-10-25T02:30", "10-25 00:30"),
        ("America/New_York", "2026-03-08T02:30", "03-08 07:00"),
        ("America/New_York", "2026-11-01T01:30", "11-01 05:30"),
        ("Australia/Lord_Howe", "2026-04-05T01:45", "04-04 14:45"),  # 01:30 to 02:00 comes twice
        ("Australia/Lord_Howe", "2026-10-04T02:15", "10-03 15:30"),  # 02:00 to 02:30 is skipped
        ("Australia/Lord_Howe", "2026-10-04T02:30", "10-03 15:30"),
        ("Africa/Casablanca", "2026-02-15T02:30", "02-15 01:30"),
        ("Africa/Casablanca", "2026-03-22T02:30", "03-22 02:00"),
        ("Pacific/Apia", "2011-12-30T12:00", "2011-12-30 10:00"),  # Samoa left this date out
        ("America/Santiago", "2026-09-06T00:30", "09-06 04:00"),  # midnight itself is skipped
    ],
)
def test_a_skipped_time_is_the_jump_and_a_repeated_one_its_first_occurrence(
    zone: str, wall: str, expected: str
) -> None:
    assert instant(datetime.fromisoformat(wall), ZoneInfo(zone)) == utc(expected)


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/London", date(2026, 3, 29), 23),
        ("Europe/London", date(2026, 10, 25), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("Africa/Casablanca", date(2026, 2, 15), 25),
        ("America/Santiago", date(2026, 9, 6), 23),
        ("America/Santiago", date(2026, 4, 4), 25),  # 24:00 becomes 23:00: the hour belongs to the Saturday
        ("Pacific/Apia", date(2011, 12, 30), 0),
    ],
)
def test_a_date_is_as_long_as_the_clocks_make_it(zone: str, day: date, hours: float) -> None:
    where = ZoneInfo(zone)
    assert midnight(day + timedelta(days=1), where) - midnight(day, where) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("zone", "blocks", "day", "hours"),
    [
        ("Europe/London", ["22:00-06:00"], "03-28", 7),  # Saturday's night loses the hour
        ("Europe/London", ["22:00-06:00"], "10-24", 9),
        ("Europe/Berlin", ["22:00-06:00"], "03-28", 7),
        ("America/New_York", ["22:00-06:00"], "10-31", 9),
        ("Australia/Lord_Howe", ["22:00-06:00"], "04-04", 8.5),
        ("Australia/Lord_Howe", ["22:00-06:00"], "10-03", 7.5),
        ("Africa/Casablanca", ["22:00-06:00"], "02-14", 9),
        ("Europe/London", ["01:15-01:45"], "03-29", 0),  # wholly in the skipped hour
        ("Europe/London", ["00:30-01:30"], "03-29", 0.5),
        ("Europe/London", ["01:30-03:00"], "03-29", 1),
        ("Europe/London", ["00:30-01:30"], "10-25", 1),  # closes when 01:30 first comes
        ("Europe/London", ["01:30-03:00"], "10-25", 2.5),  # opens when 01:30 first comes
        ("Europe/London", ["01:00-01:30", "01:30-02:00"], "10-25", 2),  # touching blocks stay touching
        ("Australia/Lord_Howe", ["01:30-02:30"], "04-05", 1.5),
        ("Australia/Lord_Howe", ["01:30-02:30"], "10-04", 0.5),
        ("Europe/London", ["09:00-17:00"], "03-29", 8),
    ],
)
def test_a_block_is_as_long_as_the_clocks_make_it(zone: str, blocks: list[str], day: str, hours: float) -> None:
    one_day = date.fromisoformat(f"2026-{day}")
    where = calendar(zone, *blocks, days=[one_day.weekday()])
    start = midnight(one_day, where.zone)
    assert where.open_between(start, start + timedelta(days=2)) == hours * HOUR


@pytest.mark.parametrize(
    ("zone", "days", "start", "hours", "end"),
    [
        ("Europe/London", range(5), "03-27 16:00", 24, "04-01 15:00"),  # Wed 16:00 in summer time: 1 + 8 + 8 + 7
        ("Europe/London", range(5), "10-23 15:00", 24, "10-28 16:00"),
        ("America/New_York", range(5), "03-06 21:00", 24, "03-11 20:00"),
        ("Australia/Lord_Howe", range(5), "04-03 05:00", 24, "04-08 05:30"),
        ("Africa/Casablanca", range(5), "02-13 15:00", 24, "02-18 16:00"),
    ],
)
def test_open_hours_follow_the_clock_on_the_wall(zone: str, days: range, start: str, hours: int, end: str) -> None:
    assert calendar(zone, "09:00-17:00", days=days).add_open(utc(start), hours * HOUR) == utc(end)


@pytest.mark.parametrize(
    ("zone", "days", "start", "end"),
    [
        ("Europe/London", range(5), "03-27 16:00", "03-30 15:00"),  # the short Sunday is not counted: Mon 16:00
        ("Europe/London", range(7), "03-28 16:00", "03-29 16:00"),  # 24 h later it is 17:00 in summer time
        ("Europe/London", range(7), "10-24 15:00", "10-25 15:00"),  # and in autumn only 15:00
        ("Europe/Berlin", range(7), "03-28 15:00", "03-29 15:00"),
        ("America/New_York", range(5), "10-30 20:00", "11-02 21:00"),
        ("Australia/Lord_Howe", range(5), "10-02 05:30", "10-05 05:00"),
        ("Africa/Casablanca", range(5), "03-20 16:00", "03-23 15:00"),
        ("Africa/Casablanca", range(7), "03-21 16:00", "03-22 16:00"),
    ],
)
def test_a_business_day_is_24_elapsed_hours_even_when_the_clocks_change(
    zone: str, days: range, start: str, end: str
) -> None:
    assert calendar(zone, "09:00-17:00", days=days).add_business_days(utc(start), 1) == utc(end)


def test_a_date_whose_only_block_is_skipped_is_no_business_date() -> None:
    where = calendar("Europe/London", "01:15-01:45")
    assert not where.is_business_date(date(2026, 3, 29))
    assert where.opening_at_or_after(utc("03-29 00:00")) == utc("03-30 00:15")


def test_open_through_the_repeated_hour_at_each_of_its_occurrences() -> None:
    where = calendar("Europe/London", "01:30-01:45")
    asked = ["10-25 00:29", "10-25 00:30", "10-25 00:45", "10-25 01:30"]
    assert [where.is_open(utc(t)) for t in asked] == [False, True, False, False]
