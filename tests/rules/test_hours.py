"""Opening hours: open time, business days, what wins on a date, years, threads, and properties of them all."""

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.hours import Block, Calendar, block

LONDON = ZoneInfo("Europe/London")
MON_FRI = range(5)


def opened(days: Iterable[int] = MON_FRI, *blocks: str) -> dict[int, tuple[Block, ...]]:
    return {day: tuple(map(block, blocks or ("09:00-17:00",))) for day in days}


OFFICE = Calendar(name="office", zone=LONDON, open=opened())
LUNCH = replace(OFFICE, open=opened(MON_FRI, "09:00-12:00", "13:00-17:00"))
NIGHTS = replace(OFFICE, open=opened(MON_FRI, "22:00-06:00"))
ALWAYS = Calendar(name="always", zone=LONDON, always_open=True)


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    """ "11-20 16:00" of 2026 (a Friday), or with another year in front, on the zone's clock."""
    return datetime.fromisoformat(text if text[4] == "-" else f"2026-{text}").replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("calendar", "when", "is_open", "opening"),
    [
        (OFFICE, "11-20 08:59:59.999999", False, "11-20 09:00"),
        (OFFICE, "11-20 09:00", True, "11-20 09:00"),
        (OFFICE, "11-20 16:59:59.999999", True, "11-20 16:59:59.999999"),
        (OFFICE, "11-20 17:00", False, "11-23 09:00"),  # the second of closing is outside
        (LUNCH, "11-20 12:00", False, "11-20 13:00"),
        (NIGHTS, "11-20 21:00", False, "11-20 22:00"),
        (NIGHTS, "11-21 05:59", True, "11-21 05:59"),  # Friday's night ends on Saturday
        (NIGHTS, "11-21 06:00", False, "11-23 22:00"),
        (NIGHTS, "11-23 05:00", False, "11-23 22:00"),  # no night begins on Sunday
        (replace(OFFICE, open=opened(range(7), "00:00-24:00")), "12-31 23:59", True, "12-31 23:59"),
        (ALWAYS, "11-21 03:00", True, "11-21 03:00"),
    ],
)
def test_open_time_is_half_open_and_belongs_to_the_day_it_starts(
    calendar: Calendar, when: str, is_open: bool, opening: str
) -> None:
    assert calendar.is_open(at(when)) is is_open
    assert calendar.opening_at_or_after(at(when)) == at(opening)


@pytest.mark.parametrize(
    ("calendar", "start", "seconds", "end"),
    [
        (OFFICE, "11-20 16:00", 3_600, "11-20 17:00"),  # exactly at closing stays at closing
        (OFFICE, "11-20 16:00", 3_601, "11-23 09:00:01"),
        (OFFICE, "11-20 16:00", 86_400, "11-25 16:00"),  # 1 + 8 + 8 + 7
        (OFFICE, "11-20 17:00", 3_600, "11-23 10:00"),
        (OFFICE, "11-20 16:00", 0, "11-20 16:00"),
        (OFFICE, "11-20 17:00", 0, "11-23 09:00"),
        (LUNCH, "11-20 11:00", 7_200, "11-20 14:00"),  # 1 before lunch, 1 after
        (LUNCH, "11-20 11:00", 3_600, "11-20 12:00"),
        (NIGHTS, "11-20 23:00", 7 * 3_600, "11-21 06:00"),
        (NIGHTS, "11-20 23:00", 8 * 3_600, "11-23 23:00"),  # 7 on Friday's night, 1 on Monday's
        (OFFICE, "12-31 16:00", 3_600, "12-31 17:00"),  # the year's last closing is not next year's first opening
        (OFFICE, "12-31 16:00", 2 * 3_600, "2027-01-01 10:00"),  # over the year's end
        (ALWAYS, "12-31 23:00", 90_000, "2027-01-02 00:00"),
        (OFFICE, "11-20 16:30:00.250000", 3_600, "11-23 09:30:00.250000"),
    ],
)
def test_open_time_adds_up_and_is_measured_back(calendar: Calendar, start: str, seconds: int, end: str) -> None:
    assert calendar.add_open(at(start), seconds) == at(end)
    assert calendar.open_between(at(start), at(end)) == seconds


@pytest.mark.parametrize(
    ("calendar", "start", "days", "end"),
    [
        (OFFICE, "11-20 16:00", 1, "11-23 16:00"),  # Fri 8 h to midnight, Mon 16 h
        (OFFICE, "11-21 11:00", 1, "11-24 09:00"),  # from Mon 09:00: 15 h, Tue 9 h
        (OFFICE, "11-20 17:00", 1, "11-24 09:00"),  # the second of closing is outside
        (OFFICE, "11-16 09:00", 5, "11-23 09:00"),
        (NIGHTS, "11-20 23:00", 1, "11-21 23:00"),  # the tail makes Saturday a business date: 1 + 23
        (NIGHTS, "11-20 23:00", 2, "11-23 23:00"),  # 1 + 24 + 23 on Monday
        (NIGHTS, "11-21 05:00", 1, "11-23 05:00"),  # Sat 19 h, no Sunday, Mon 5 h
        (replace(OFFICE, open=opened(MON_FRI, "00:00-24:00")), "11-20 00:00", 1, "11-21 00:00"),  # not Monday 00:00
        (ALWAYS, "11-20 16:00", 1, "11-21 16:00"),
        (ALWAYS, "12-31 16:00", 400, "2028-02-04 16:00"),
    ],
)
def test_a_business_day_is_24_hours_inside_business_dates(calendar: Calendar, start: str, days: int, end: str) -> None:
    assert calendar.add_business_days(at(start), days) == at(end)


TUE = date(2026, 11, 24)
MORNING = {TUE: (block("09:00-12:30"),)}


@pytest.mark.parametrize(
    ("changes", "open_hours"),
    [
        ({}, 8),
        ({"holidays": lambda year: {TUE}}, 0),
        ({"closed": frozenset({TUE})}, 0),
        ({"half_days": MORNING}, 3.5),
        ({"half_days": MORNING, "closed": frozenset({TUE})}, 3.5),
        ({"half_days": MORNING, "holidays": lambda year: {TUE}}, 3.5),
        ({"half_days": {TUE: ()}}, 0),
        ({"half_days": {TUE + timedelta(days=4): (block("10:00-12:00"),)}}, 8),
    ],
)
def test_half_days_win_over_closures_and_these_over_holidays(changes: dict[str, object], open_hours: float) -> None:
    calendar = replace(OFFICE, **changes)  # type: ignore[arg-type]
    assert calendar.open_between(at("11-24 00:00"), at("11-25 00:00")) == open_hours * 3_600
    assert calendar.is_business_date(TUE) is (open_hours > 0)


def test_a_half_day_can_open_a_saturday() -> None:
    calendar = replace(OFFICE, half_days={date(2026, 11, 21): (block("10:00-12:00"),)})
    assert calendar.add_business_days(at("11-20 16:00"), 1) == at("11-21 16:00")


def test_a_holiday_takes_the_night_that_starts_on_it_and_leaves_the_tail_of_the_night_before() -> None:
    calendar = replace(NIGHTS, holidays=lambda year: {TUE})
    assert calendar.is_open(at("11-24 05:59"))
    assert calendar.opening_at_or_after(at("11-24 06:00")) == at("11-25 22:00")
    assert calendar.is_business_date(TUE)
    closed_on_wednesday = replace(calendar, closed=frozenset({TUE + timedelta(days=1)}))
    assert not closed_on_wednesday.is_business_date(
        TUE + timedelta(days=1)
    )  # no tail of the holiday, no night of its own


def test_the_night_of_new_years_eve_reaches_into_the_year_even_past_a_holiday() -> None:
    calendar = replace(NIGHTS, holidays=lambda year: {date(year, 1, 1)})
    assert calendar.is_open(at("2027-01-01 05:59"))  # Thursday's night
    assert calendar.opening_at_or_after(at("2027-01-01 06:00")) == at("2027-01-04 22:00")


@pytest.mark.parametrize("year", [2, 1900, 2026, 3000, 9000])
def test_there_is_no_horizon_in_either_direction(year: int) -> None:
    calendar = replace(OFFICE, holidays=lambda y: {date(y, 1, 1)})
    assert calendar.opening_at_or_after(datetime(year, 1, 1, 12, tzinfo=UTC)).year == year


def test_only_the_years_that_are_needed_are_worked_out() -> None:
    asked: set[int] = set()
    calendar = replace(OFFICE, holidays=lambda year: asked.add(year) or set())  # type: ignore[func-returns-value]
    calendar.add_open(at("11-20 16:00"), 3_600)
    assert asked == {2025, 2026}  # 2025 for the night before New Year's Day
    calendar.add_business_days(at("1926-06-01 10:00"), 1)
    assert asked == {1925, 1926, 2025, 2026}


def test_a_calendar_that_never_opens_again_says_so() -> None:
    calendar = Calendar(name="fair", zone=LONDON, half_days={date(9990, 7, 4): (block("10:00-12:00"),)})
    assert not calendar.is_open(at("11-20 16:00"))
    with pytest.raises(ValueError, match="fair finds no answer"):
        calendar.opening_at_or_after(datetime(9990, 7, 5, tzinfo=UTC))


@pytest.mark.parametrize("calendar", [OFFICE, ALWAYS])
def test_times_without_a_zone_and_time_that_runs_backwards_are_refused(calendar: Calendar) -> None:
    naive, t = datetime(2026, 11, 20, 16), at("11-20 16:00")
    for question in (calendar.is_open, calendar.opening_at_or_after, lambda x: calendar.open_between(t, x)):
        with pytest.raises(ValueError, match="has no zone"):
            question(naive)
    for question in (lambda: calendar.add_open(t, -1), lambda: calendar.add_business_days(t, -1)):
        with pytest.raises(ValueError, match="never taken away"):
            question()
    with pytest.raises(ValueError, match="is before"):
        calendar.open_between(t, t - timedelta(seconds=1))


def test_the_zone_of_the_question_does_not_matter_and_answers_are_in_utc() -> None:
    tokyo = at("11-20 16:00").astimezone(ZoneInfo("Asia/Tokyo"))
    assert OFFICE.add_open(tokyo, 60) == at("11-20 16:01")
    assert OFFICE.add_open(tokyo, 60).tzinfo is UTC
    assert ALWAYS.opening_at_or_after(tokyo).tzinfo is UTC


def test_threads_share_a_calendar_and_get_the_same_answers() -> None:
    starts = [datetime(year, 11, 20, 16, tzinfo=UTC) for year in range(1990, 2060)]
    alone = [replace(LUNCH).add_business_days(t, 20) for t in starts]
    shared = replace(LUNCH)
    with ThreadPoolExecutor(8) as pool:
        for _ in range(3):
            assert list(pool.map(lambda t: shared.add_business_days(t, 20), starts)) == alone


dates = st.dates(date(2026, 1, 1), date(2027, 12, 31))
instants = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
calendars = st.builds(
    lambda base, zone, closed, halves: replace(
        base, zone=ZoneInfo(zone), closed=frozenset(closed), half_days={day: (block("09:00-12:30"),) for day in halves}
    ),
    st.sampled_from([OFFICE, LUNCH, NIGHTS, replace(OFFICE, open=opened([5], "00:00-24:00"))]),
    st.sampled_from(["Europe/London", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"]),
    st.sets(dates, max_size=9),
    st.sets(dates, max_size=3),
)


@given(calendars, instants, st.integers(1, 10**6))
def test_what_was_added_is_what_has_passed(calendar: Calendar, t: datetime, seconds: int) -> None:
    start = calendar.opening_at_or_after(t)
    due = calendar.add_open(start, seconds)
    assert calendar.open_between(start, due) == seconds
    assert due == calendar.add_open(t, seconds)


@given(calendars, dates, instants, st.integers(1, 10))
def test_a_holiday_more_never_makes_a_deadline_earlier(calendar: Calendar, day: date, t: datetime, days: int) -> None:
    fewer = replace(calendar, holidays=lambda year: {day})
    assert fewer.add_business_days(t, days) >= calendar.add_business_days(t, days)
    assert fewer.add_open(t, days * 30_000) >= calendar.add_open(t, days * 30_000)


@given(calendars, instants, instants, st.integers(1, 10))
def test_who_writes_later_is_never_due_earlier(calendar: Calendar, one: datetime, other: datetime, days: int) -> None:
    early, late = sorted((one, other))
    assert calendar.add_business_days(early, days) <= calendar.add_business_days(late, days)
    assert calendar.add_open(early, days * 30_000) <= calendar.add_open(late, days * 30_000)


@given(calendars, st.lists(instants, min_size=3, max_size=3))
def test_open_time_of_two_stretches_is_that_of_the_whole(calendar: Calendar, three: list[datetime]) -> None:
    a, b, c = sorted(t.replace(microsecond=0) for t in three)
    assert calendar.open_between(a, b) + calendar.open_between(b, c) == calendar.open_between(a, c)
