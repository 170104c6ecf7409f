"""When somebody is told of what is not urgent: each row with its sum; London and New York, half days, both clock
changes."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.blocks import Block, block
from handlers.rules.hours import Calendar
from handlers.rules.ping_at import day_begins, ping_at

OFFICE = (block("09:00-17:00"),)
WEEK = dict.fromkeys(range(5), OFFICE)
LONDON = Calendar(
    name="london",
    zone=ZoneInfo("Europe/London"),
    open=WEEK,
    closed=frozenset({date(2026, 12, 24)}),
    half_days={date(2026, 12, 31): (block("09:00-12:30"),)},
)
NEW_YORK = Calendar(name="ny", zone=ZoneInfo("America/New_York"), open=WEEK)
LATE_SHIFT = Calendar(
    name="late", zone=ZoneInfo("Europe/London"), open=dict.fromkeys(range(5), (block("07:00-22:00"),))
)
NIGHT = Calendar(name="night", zone=ZoneInfo("Europe/London"), open=dict.fromkeys(range(7), (block("22:00-06:00"),)))
ALWAYS = Calendar(name="always", zone=ZoneInfo("Europe/London"), always_open=True)
QUIET = block("20:00-07:30")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (LONDON, "2026-11-20T16:00", "2026-11-20T16:00"),  # Friday afternoon: now
        (LONDON, "2026-11-20T17:00", "2026-11-23T09:00"),  # the second of closing is outside: Monday
        (LONDON, "2026-11-21T11:00", "2026-11-23T09:00"),  # Saturday
        (LONDON, "2026-12-23T18:00", "2026-12-25T09:00"),  # Thursday is closed; this calendar keeps no Christmas
        (LONDON, "2026-12-31T13:00", "2027-01-01T09:00"),  # the half day is over at 12:30
        (NEW_YORK, "2026-11-20T10:00", "2026-11-20T14:00"),  # 05:00 there; 09:00 there is 14:00 UTC
        (LONDON, "2027-03-27T12:00", "2027-03-29T08:00"),  # clocks go forward on Sunday: Monday 09:00 is 08:00 UTC
        (LONDON, "2027-06-04T16:30", "2027-06-07T08:00"),  # 17:30 in summer
        (LONDON, "2026-10-24T12:00", "2026-10-26T09:00"),  # clocks go back on Sunday
        (ALWAYS, "2026-11-21T03:00", "2026-11-21T03:00"),
    ],
)
def test_what_may_wait_waits_for_the_receivers_working_hours(hours: Calendar, now: str, expected: str) -> None:
    ping = ping_at(at(now), hours=hours, quiet=None, by=None, told=0, per_day=6)
    assert ping.at == at(expected)
    assert ping.why == ("" if now == expected else "outside hours")


@pytest.mark.parametrize(
    ("hours", "now", "expected"),
    [
        (LATE_SHIFT, "2026-11-20T19:59", "2026-11-20T19:59"),
        (LATE_SHIFT, "2026-11-19T20:00", "2026-11-20T07:30"),  # open at 07:00, quiet until 07:30
        (LATE_SHIFT, "2026-11-20T20:00", "2026-11-23T07:30"),  # over the weekend
        (ALWAYS, "2026-11-21T03:00", "2026-11-21T07:30"),
        (ALWAYS, "2026-10-24T23:00", "2026-10-25T07:30"),  # Saturday midnight in summer; quiet ends in winter time
        (ALWAYS, "2027-03-27T21:00", "2027-03-28T06:30"),  # an hour is skipped in the night
        (LONDON, "2026-11-20T16:00", "2026-11-20T16:00"),
        (NIGHT, "2026-11-20T23:00", "2026-11-20T23:00"),  # quiet hours would leave nothing of a night shift
        (NIGHT, "2026-11-20T12:00", "2026-11-20T22:00"),
    ],
)
def test_quiet_hours_hold_within_working_hours_unless_they_leave_nothing(
    hours: Calendar, now: str, expected: str
) -> None:
    assert ping_at(at(now), hours=hours, quiet=QUIET, by=None, told=0, per_day=6).at == at(expected)


@pytest.mark.parametrize(
    ("told", "now", "by", "expected", "why"),
    [
        (5, "2026-11-19T10:00", None, "2026-11-19T10:00", ""),
        (6, "2026-11-19T10:00", None, "2026-11-20T09:00", "daily cap"),
        (6, "2026-11-20T10:00", None, "2026-11-23T09:00", "daily cap"),  # tomorrow is Saturday
        (6, "2026-11-19T10:00", "2026-11-19T16:00", "2026-11-19T10:00", ""),  # due today: waiting would miss it
        (6, "2026-11-19T10:00", "2026-11-20T16:00", "2026-11-20T09:00", "daily cap"),  # tomorrow is soon enough
        (0, "2026-11-21T10:00", "2026-11-21T16:00", "2026-11-21T10:00", ""),  # due on a Saturday
        (0, "2026-11-21T10:00", "2026-11-23T09:00", "2026-11-21T10:00", ""),  # due at the very opening
        (0, "2026-11-21T10:00", "2026-11-23T09:01", "2026-11-23T09:00", "outside hours"),
        (0, "2026-11-21T10:00", "2026-11-20T10:00", "2026-11-21T10:00", ""),  # late already
    ],
)
def test_a_full_day_waits_for_the_next_unless_that_would_be_too_late(
    told: int, now: str, by: str | None, expected: str, why: str
) -> None:
    ping = ping_at(at(now), hours=LONDON, quiet=None, by=at(by) if by else None, told=told, per_day=6)
    assert (ping.at, ping.why) == (at(expected), why)


def test_the_day_of_the_count_begins_at_the_receivers_midnight() -> None:
    assert day_begins(at("2026-11-20T03:00"), NEW_YORK) == at("2026-11-19T05:00")
    assert day_begins(at("2026-10-25T12:00"), LONDON) == at("2026-10-24T23:00")  # the day with 25 hours
    assert day_begins(at("2026-10-25T12:00"), LONDON, 1) == at("2026-10-26T00:00")


MOMENTS = st.integers(0, 400 * 24 * 60).map(lambda minutes: at("2026-09-01T00:00") + timedelta(minutes=minutes))
BLOCKS = st.builds(
    lambda start, length: Block(start=start, end=start + length), st.integers(0, 1439), st.integers(1, 1440)
)


@given(now=MOMENTS, wait=st.none() | MOMENTS, told=st.integers(0, 9), quiet=st.none() | BLOCKS)
def test_nothing_is_told_before_its_time_nor_after_it_would_be_too_late(
    now: datetime, wait: datetime | None, told: int, quiet: Block | None
) -> None:
    for hours in (LONDON, NEW_YORK, LATE_SHIFT, NIGHT, ALWAYS):
        ping = ping_at(now, hours=hours, quiet=quiet, by=wait, told=told, per_day=6)
        assert ping.at >= now
        assert bool(ping.why) == (ping.at > now)
        assert ping.at < now + timedelta(days=14)
        if ping.why:
            assert hours.is_open(ping.at)
            assert wait is None or ping.at < wait


@given(now=MOMENTS, quiet=st.none() | BLOCKS)
def test_a_holiday_never_makes_a_ping_earlier_and_waiting_never_changes_its_mind(
    now: datetime, quiet: Block | None
) -> None:
    closed = Calendar(name="c", zone=LONDON.zone, open=WEEK, closed=frozenset({now.date()}))
    plain = Calendar(name="p", zone=LONDON.zone, open=WEEK)
    ask = {"quiet": quiet, "by": None, "told": 0, "per_day": 6}
    first = ping_at(now, hours=plain, **ask).at
    assert ping_at(now, hours=closed, **ask).at >= first
    assert ping_at(first, hours=plain, **ask).at == first
