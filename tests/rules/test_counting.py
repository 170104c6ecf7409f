"""Counting as statutes do, against a second way to count that shares no code (tests/support/slow_days.py)."""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.public_holidays import holiday_dates
from handlers.rules.counting import (
    Counting,
    elapsed_hours,
    end_of,
    event_day,
    initial_report,
    last_day,
    working_day_before,
)
from handlers.rules.hours import no_holidays
from tests.support import slow_days

DAYS, ROLL, BUSINESS = Counting.CALENDAR_DAYS, Counting.CALENDAR_DAYS_ROLL, Counting.BUSINESS_DAYS
MONTHS, YEAR_END = Counting.MONTHS_CLAMPED, Counting.YEAR_END_PLUS
ZONES = ["UTC", "Europe/London", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Asia/Singapore"]
US, BR, ENGLAND = holiday_dates("US"), holiday_dates("BR"), holiday_dates("GB-ENG")


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("method", "start", "length", "holidays", "expected"),
    [
        (DAYS, "2026-11-20", 60, no_holidays, "2027-01-19"),  # HIPAA: 10 + 31 + 19
        (DAYS, "2026-11-20", 30, no_holidays, "2026-12-20"),  # a Sunday, not moved
        (DAYS, "2026-11-20", 3, no_holidays, "2026-11-23"),  # Singapore: day 1 is the day after
        (DAYS, "2028-02-28", 1, no_holidays, "2028-02-29"),
        (ROLL, "2026-11-20", 30, ENGLAND, "2026-12-21"),  # UK complaint: Sunday to Monday
        (ROLL, "2026-11-25", 30, ENGLAND, "2026-12-29"),  # Christmas, Sat, Sun, Boxing Day observed on Monday
        (ROLL, "2026-11-23", 30, ENGLAND, "2026-12-23"),  # a Wednesday stays
        (BUSINESS, "2026-11-20", 4, US, "2026-11-27"),  # SEC: Mon, Tue, Wed, Fri; Thanksgiving left out
        (BUSINESS, "2026-11-20", 3, BR, "2026-11-25"),  # Brazil: Mon, Tue, Wed
        (BUSINESS, "2026-07-01", 4, US, "2026-07-08"),  # Fri 3 July is observed for Sat 4 July
        (BUSINESS, "2026-11-21", 1, US, "2026-11-23"),  # from a Saturday
        (BUSINESS, "2026-12-31", 1, US, "2027-01-04"),  # into the next year's holidays
        (MONTHS, "2026-01-31", 1, no_holidays, "2026-02-28"),
        (MONTHS, "2028-01-31", 1, no_holidays, "2028-02-29"),
        (MONTHS, "2026-12-31", 1, no_holidays, "2027-01-31"),
        (MONTHS, "2026-02-28", 1, no_holidays, "2026-03-28"),  # the same day number, not the month's last
        (YEAR_END, "2019-06-01", 60, no_holidays, "2020-02-29"),
        (YEAR_END, "2025-06-01", 60, no_holidays, "2026-03-01"),
        (YEAR_END, "2026-11-20", 60, no_holidays, "2027-03-01"),
        (YEAR_END, "2027-12-31", 60, no_holidays, "2028-02-29"),
        (YEAR_END, "2027-01-01", 60, no_holidays, "2028-02-29"),
    ],
)
def test_the_last_day_is(method: Counting, start: str, length: int, holidays: object, expected: str) -> None:
    assert last_day(method, day(start), length, holidays) == day(expected)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("start", "hours", "expected"),
    [
        ("2026-11-20T14:20+01:00", 72, "2026-11-23T14:20+01:00"),  # Friday to Monday, the weekend counts
        ("2026-10-24T10:00+02:00", 72, "2026-10-27T09:00+01:00"),  # the clocks go back: an hour earlier on the wall
        ("2026-03-28T10:00+01:00", 72, "2026-03-31T11:00+02:00"),  # and forward: an hour later
        ("2026-10-31T10:00-04:00", 24, "2026-11-01T09:00-05:00"),  # New York
        ("2026-12-24T18:00+00:00", 72, "2026-12-27T18:00+00:00"),  # Christmas counts
    ],
)
def test_hours_run_by_the_second_over_weekends_holidays_and_changes_of_the_clocks(
    start: str, hours: int, expected: str
) -> None:
    assert elapsed_hours(datetime.fromisoformat(start), hours) == datetime.fromisoformat(expected)


def test_hours_do_not_follow_the_clock_on_the_wall() -> None:
    berlin = datetime(2026, 10, 24, 10, tzinfo=ZoneInfo("Europe/Berlin"))
    assert elapsed_hours(berlin, 72) == datetime(2026, 10, 27, 8, tzinfo=UTC)  # 09:00 there


@pytest.mark.parametrize(
    ("aware", "classified", "expected"),
    [
        ("2026-11-23T08:00Z", "2026-11-24T06:00Z", "2026-11-24T08:00Z"),  # Mon, Tue: aware + 24 h comes first
        ("2026-11-23T08:00Z", "2026-11-25T10:00Z", "2026-11-25T14:00Z"),  # classified later than that: + 4 h
        ("2026-11-23T08:00Z", "2026-11-23T09:00Z", "2026-11-23T13:00Z"),  # + 4 h comes first
        ("2026-11-23T08:00Z", "2026-11-24T08:00Z", "2026-11-24T08:00Z"),  # exactly at 24 h: at once
        ("2026-11-23T08:00Z", "2026-11-24T08:00:01Z", "2026-11-24T12:00:01Z"),
        ("2026-11-23T08:00Z", "2026-11-24T04:00Z", "2026-11-24T08:00Z"),  # both at the same time
    ],
)
def test_the_first_report_of_a_major_incident(aware: str, classified: str, expected: str) -> None:
    at = datetime.fromisoformat
    assert initial_report(at(classified), at(aware), 4, 24) == at(expected)


@pytest.mark.parametrize(
    ("start", "zone", "expected"),
    [
        ("2026-11-20T23:30Z", "UTC", "2026-11-20"),
        ("2026-11-20T23:30Z", "Europe/Berlin", "2026-11-21"),
        ("2026-11-21T03:00Z", "America/New_York", "2026-11-20"),
        ("2026-06-20T23:30Z", "Europe/London", "2026-06-21"),
    ],
)
def test_the_day_of_the_event_is_that_of_the_clocks_zone(start: str, zone: str, expected: str) -> None:
    assert event_day(datetime.fromisoformat(start), ZoneInfo(zone)) == day(expected)


@pytest.mark.parametrize(
    ("last", "zone", "expected"),
    [
        ("2027-01-19", "UTC", "2027-01-20T00:00Z"),
        ("2027-01-19", "Europe/Berlin", "2027-01-19T23:00Z"),
        ("2026-10-25", "Europe/London", "2026-10-26T00:00Z"),  # a day of 25 hours
        ("2026-10-24", "Europe/London", "2026-10-24T23:00Z"),
        ("2026-03-29", "Europe/London", "2026-03-29T23:00Z"),  # of 23
        ("2026-09-05", "America/Santiago", "2026-09-06T04:00Z"),  # midnight itself is skipped
        ("2026-11-23", "Asia/Singapore", "2026-11-23T16:00Z"),
    ],
)
def test_a_day_ends_at_24_00_of_its_zone(last: str, zone: str, expected: str) -> None:
    assert end_of(day(last), ZoneInfo(zone)) == datetime.fromisoformat(expected)


def test_the_working_day_before_a_sunday_is_the_friday_and_before_a_holiday_the_day_before() -> None:
    assert working_day_before(day("2026-12-20"), no_holidays) == day("2026-12-18")
    assert working_day_before(day("2026-11-26"), US) == day("2026-11-25")
    assert working_day_before(day("2026-11-27"), US) == day("2026-11-27")


def test_what_is_counted_in_hours_has_no_last_day() -> None:
    for method in (Counting.ELAPSED_HOURS, Counting.FORMULA, Counting.NONE):
        with pytest.raises(ValueError, match="does not count days"):
            last_day(method, day("2026-11-20"), 1, no_holidays)


@pytest.mark.parametrize("method", [DAYS, BUSINESS, MONTHS, YEAR_END])
def test_beyond_the_year_9999_there_is_no_day(method: Counting) -> None:
    with pytest.raises(OverflowError):
        last_day(method, day("9999-12-20"), 60, no_holidays)


@cache
def federal(year: int) -> set[slow_days.Day]:
    return slow_days.federal(year)


@pytest.mark.parametrize("year", range(2022, 2046))
def test_the_federal_holidays_are_those_of_the_statute(year: int) -> None:
    named = {(one.year, one.month, one.day) for one in US(year)}
    workdays = {one for one in named if slow_days.weekday(one) < 5}
    assert workdays == {one for one in federal(year) if slow_days.weekday(one) < 5}


@settings(max_examples=300, deadline=None)
@given(
    method=st.sampled_from([DAYS, ROLL, BUSINESS, MONTHS, YEAR_END]),
    start=st.datetimes(datetime(2022, 1, 1), datetime(2040, 12, 31)),
    count=st.integers(1, 70),
    zone=st.sampled_from(ZONES),
)
def test_days_agree_with_the_slow_way(method: Counting, start: datetime, count: int, zone: str) -> None:
    where, at = ZoneInfo(zone), start.replace(tzinfo=UTC)
    found = end_of(last_day(method, event_day(at, where), count, US), where)
    first = slow_days.shown(at, where)
    years = range(first[0], first[0] + 8)
    expected = slow_days.last_day(method.value, first, count, set().union(*(federal(year) for year in years)))
    assert found == slow_days.end(expected, where)


@settings(max_examples=200, deadline=None)
@given(start=st.dates(date(2022, 1, 1), date(2040, 1, 1)), count=st.integers(1, 40), holiday=st.integers(1, 60))
def test_one_more_holiday_never_makes_the_last_day_earlier(start: date, count: int, holiday: int) -> None:
    extra = start + timedelta(days=holiday)

    def more(year: int) -> set[date]:
        return {*US(year), extra}

    for method in (ROLL, BUSINESS):
        assert last_day(method, start, count, more) >= last_day(method, start, count, US)
