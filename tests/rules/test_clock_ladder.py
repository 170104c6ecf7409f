"""The reminders of a statutory clock: which, when, and what is left of them for a short one."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.clock_ladder import OVERDUE, reminders
from handlers.rules.counting import Counting

LONDON, BERLIN = ZoneInfo("Europe/London"), ZoneInfo("Europe/Berlin")
HOURS, DAYS = Counting.ELAPSED_HOURS, Counting.CALENDAR_DAYS


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=UTC)


def ladder(counting: Counting, start: str, due: str, zone: ZoneInfo = LONDON) -> list[tuple[str, datetime]]:
    return [(one.rung, one.at) for one in reminders(counting, at(start), at(due), zone)]


def test_a_clock_of_72_hours_is_reminded_at_half_at_three_quarters_and_12_4_and_1_hours_before() -> None:
    assert ladder(HOURS, "11-20 13:20", "11-23 13:20") == [
        ("50 %", at("11-22 01:20")),
        ("75 %", at("11-22 19:20")),
        ("T-12 h", at("11-23 01:20")),
        ("T-4 h", at("11-23 09:20")),
        ("T-1 h", at("11-23 12:20")),
        (OVERDUE, at("11-23 13:20")),
    ]


@pytest.mark.parametrize(
    ("hours", "rungs"),
    [
        (24, ["T-12 h", "75 %", "T-4 h", "T-1 h"]),  # 50 % is the same instant as 12 hours before
        (6, ["T-4 h", "50 %", "75 %", "T-1 h"]),
        (4, ["50 %", "T-1 h"]),  # 4 hours before is the start; 75 % is an hour before
        (1, ["50 %", "75 %"]),
    ],
)
def test_a_short_clock_has_what_lies_after_its_start(hours: int, rungs: list[str]) -> None:
    start = at("11-20 08:00")
    found = reminders(HOURS, start, start + timedelta(hours=hours), LONDON)
    assert [one.rung for one in found] == [*rungs, OVERDUE]


def test_a_clock_of_days_is_reminded_14_7_3_and_1_days_before_on_the_same_clock() -> None:
    assert ladder(DAYS, "10-01 10:00", "10-30 23:00", BERLIN) == [  # to the end of the 30th; the clocks change on 25th
        ("T-14 d", at("10-16 22:00")),
        ("T-7 d", at("10-23 22:00")),
        ("T-3 d", at("10-27 23:00")),
        ("T-1 d", at("10-29 23:00")),
        (OVERDUE, at("10-30 23:00")),
    ]


def test_before_the_end_of_a_sunday_there_is_one_on_the_friday() -> None:
    assert ("T-3 d", at("12-18 00:00")) in ladder(DAYS, "11-20 10:00", "12-21 00:00")  # Friday, as it begins


def test_a_clock_of_three_days_has_the_last_two() -> None:
    assert [rung for rung, _at in ladder(DAYS, "11-20 10:00", "11-24 00:00")] == ["T-3 d", "T-1 d", OVERDUE]


def test_a_clock_that_ended_before_it_began_is_overdue_and_nothing_else() -> None:
    for counting in (HOURS, DAYS):
        assert ladder(counting, "11-20 10:00", "11-01 00:00") == [(OVERDUE, at("11-01 00:00"))]


def test_the_formula_and_a_firms_target_are_laddered_by_the_hour() -> None:
    for counting in (Counting.FORMULA, Counting.NONE):
        assert ladder(counting, "11-20 10:00", "11-21 10:00")[0] == ("T-12 h", at("11-20 22:00"))


@given(
    counting=st.sampled_from(list(Counting)),
    hours=st.integers(-50, 24 * 100),
    zone=st.sampled_from([LONDON, BERLIN, ZoneInfo("America/New_York")]),
)
def test_every_ladder_rises_within_its_clock_and_ends_overdue(counting: Counting, hours: int, zone: ZoneInfo) -> None:
    start = at("03-01 09:30")
    due = start + timedelta(hours=hours)
    *before, last = reminders(counting, start, due, zone)
    times = [one.at for one in before]
    assert (last.rung, last.at) == (OVERDUE, due)
    assert times == sorted(set(times))
    assert all(start < one < due for one in times)
