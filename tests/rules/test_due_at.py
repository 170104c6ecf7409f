"""Deadlines: the contract's vectors, every kind of span, reminders, and the sum in sentences."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.due_at import Reading, Sla, add, due_at
from handlers.rules.hours import Calendar, block, elapsed_share
from handlers.rules.spans import span

LONDON = ZoneInfo("Europe/London")
NEW_YORK = ZoneInfo("America/New_York")
DAY, HOURS, ELAPSED = Reading.BUSINESS_DAY, Reading.WORKING_HOURS, Reading.ELAPSED
OFFICE = Calendar(name="office", zone=LONDON, open={day: (block("09:00-17:00"),) for day in range(5)})
REPLY = Sla(name="first_response", target=span("24 business hours"), calendar=OFFICE, zone=LONDON)


def at(text: str, zone: ZoneInfo = LONDON) -> datetime:
    """ "11-20 16:00" of 2026 (a Friday), or with another year in front, on the zone's clock."""
    return datetime.fromisoformat(text if text[4] == "-" else f"2026-{text}").replace(tzinfo=zone)


def sla(target: str, reading: Reading = DAY, calendar: Calendar = OFFICE) -> Sla:
    return replace(REPLY, target=span(target), reading=reading, calendar=calendar)


@pytest.mark.parametrize(
    ("target", "reading", "received", "starts", "expected"),
    [
        ("24 business hours", DAY, "11-20 16:00", "11-20 16:00", "11-23 16:00"),  # Fri 8 h, Mon 16 h
        ("24 business hours", HOURS, "11-20 16:00", "11-20 16:00", "11-25 16:00"),  # 1 + 8 + 8 + 7
        ("24 business hours", ELAPSED, "11-20 16:00", "11-20 16:00", "11-21 16:00"),
        ("24 business hours", DAY, "11-21 11:00", "11-23 09:00", "11-24 09:00"),
        ("24 business hours", HOURS, "11-21 11:00", "11-23 09:00", "11-25 17:00"),  # exactly at closing
        ("24 business hours", ELAPSED, "11-21 11:00", "11-21 11:00", "11-22 11:00"),  # from the receipt, always
        ("48 business hours", DAY, "11-20 16:00", "11-20 16:00", "11-24 16:00"),
        ("48 business hours", ELAPSED, "11-20 16:00", "11-20 16:00", "11-22 16:00"),
        ("24 business hours", DAY, "11-20 17:00", "11-23 09:00", "11-24 09:00"),  # the second of closing is outside
        ("24 business hours", DAY, "11-20 16:59:59", "11-20 16:59:59", "11-23 16:59:59"),
        *[("3 business hours", r, "11-20 16:00", "11-20 16:00", "11-23 11:00") for r in Reading],
        *[("36 business hours", r, "11-20 16:00", "11-20 16:00", "11-27 12:00") for r in Reading],  # 1 + 4 x 8 + 3
        *[("25 business hours", r, "11-20 16:00", "11-20 16:00", "11-25 17:00") for r in Reading],
        *[("1 business day", r, "11-20 16:00", "11-20 16:00", "11-23 16:00") for r in Reading],
        *[("2 business days", r, "11-21 11:00", "11-23 09:00", "11-25 09:00") for r in Reading],
        *[("24h", r, "11-21 11:00", "11-21 11:00", "11-22 11:00") for r in Reading],
        *[("15m", r, "11-20 17:30", "11-20 17:30", "11-20 17:45") for r in Reading],
        *[("90s", r, "11-20 17:30", "11-20 17:30", "11-20 17:31:30") for r in Reading],
        *[("30 days", r, "11-21 11:00", "11-21 11:00", "12-21 11:00") for r in Reading],
    ],
)
def test_a_reply_is_due(target: str, reading: Reading, received: str, starts: str, expected: str) -> None:
    reckoned = due_at(sla(target, reading), at(received))
    assert (reckoned.received_at, reckoned.starts_at, reckoned.due_at) == (at(received), at(starts), at(expected))
    assert {t.tzinfo for t in (reckoned.received_at, reckoned.starts_at, reckoned.due_at)} == {UTC}
    assert (reckoned.reading, reckoned.calendar) == (reading, "office")


LATE_NIGHT = replace(OFFICE, open={day: (block("22:00-06:00"),) for day in range(5)})
HALF = replace(OFFICE, half_days={date(2026, 11, 23): (block("09:00-12:30"),)})


@pytest.mark.parametrize(
    ("sla", "received", "percent", "expected"),
    [
        (sla("24 business hours", DAY), "11-20 16:00", 50, "11-23 12:00"),  # 8 open hours: 1 on Fri, 3 on Mon
        (sla("24 business hours", DAY), "11-20 16:00", 75, "11-23 14:00"),
        (sla("24 business hours", DAY), "11-20 16:00", 90, "11-23 15:12"),
        (sla("24 business hours", HOURS), "11-20 16:00", 75, "11-25 10:00"),  # 18 h: 1 + 8 + 8 + 1
        (sla("24 business hours", ELAPSED), "11-20 16:00", 75, "11-21 10:00"),
        (sla("24 business hours", DAY, HALF), "11-20 16:00", 50, "11-23 10:15"),  # of 4.5 open hours: 1 + 1.25
        (sla("2 business hours"), "11-20 16:00", 50, "11-20 17:00"),  # rather at closing than at the opening
        (sla("1 business day", DAY, LATE_NIGHT), "11-23 23:00", 50, "11-24 03:00"),  # 8 open hours: 7 + 1
        (sla("24h", DAY), "11-20 16:00", 50, "11-21 04:00"),
        (sla("90s", DAY), "11-20 16:00", 75, "11-20 16:01:07.500000"),
        (sla("1s", DAY), "11-20 16:00", 33, "11-20 16:00:00.330000"),
        (sla("30 days", DAY), "11-20 16:00", 50, "12-05 16:00"),
    ],
)
def test_a_reminder_comes_when_its_share_of_the_open_time_has_passed(
    sla: Sla, received: str, percent: int, expected: str
) -> None:
    (reminder,) = due_at(replace(sla, remind_at=(percent,)), at(received)).reminders
    assert (reminder.percent, reminder.at) == (percent, at(expected))


def test_a_share_is_rounded_up_to_the_first_instant_by_which_it_is_full() -> None:
    start = at("11-20 16:00")
    for share in (OFFICE.open_share, elapsed_share):
        assert share(start, start + timedelta(microseconds=3), 50) == start + timedelta(microseconds=2)


def test_where_nothing_is_open_the_share_is_of_all_time() -> None:
    assert OFFICE.open_share(at("11-21 10:00"), at("11-21 20:00"), 75) == at("11-21 17:30")


def test_reminders_come_in_the_order_asked_for_and_default_to_75_per_cent() -> None:
    three = due_at(replace(REPLY, remind_at=(50, 75, 90)), at("11-20 16:00")).reminders
    assert [reminder.percent for reminder in three] == [50, 75, 90]
    assert [reminder.percent for reminder in due_at(REPLY, at("11-20 16:00")).reminders] == [75]


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("1 month", "2027-01-31 12:00", "2027-02-28 12:00"),  # clamped
        ("1 month", "2028-01-31 12:00", "2028-02-29 12:00"),
        ("2 months", "2027-12-31 12:00", "2028-02-29 12:00"),
        ("24 months", "2026-11-20 16:00", "2028-11-20 16:00"),
        ("1 year", "2028-02-29 12:00", "2029-02-28 12:00"),
        ("4 years", "2028-02-29 12:00", "2032-02-29 12:00"),
        ("6 years", "2026-11-20 16:00", "2032-11-20 16:00"),
        ("30 days", "2026-03-01 12:00", "2026-03-31 12:00"),  # the same clock time, though an hour was skipped
        ("24h", "2026-03-28 12:00", "2026-03-29 13:00"),  # elapsed, not clock time
        ("1 day", "2026-03-28 01:30", "2026-03-29 02:00"),  # 01:30 is skipped: the jump, 02:00 on the clock
    ],
)
def test_calendar_spans_keep_the_clock_time_of_the_firm(text: str, start: str, end: str) -> None:
    assert add(span(text), at(start), OFFICE, LONDON) == at(end)


def test_a_repeated_clock_time_means_its_first_occurrence() -> None:
    assert add(span("1 day"), at("10-24 01:30"), OFFICE, LONDON) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_calendar_spans_count_in_the_zone_they_are_given_whatever_the_calendar_says() -> None:
    start = datetime(2026, 11, 1, 3, tzinfo=UTC)  # 31 October 23:00 in New York, 1 November in London
    assert add(span("1 month"), start, OFFICE, NEW_YORK) == at("11-30 23:00", NEW_YORK)
    assert add(span("1 month"), start, OFFICE, LONDON) == at("12-01 03:00")


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("24 business hours", "11-25 16:00"),
        ("1 business day", "11-23 16:00"),
        ("15m", "11-20 16:15"),
        ("2h", "11-20 18:00"),
    ],
)
def test_a_rung_is_never_read_by_the_reading_of_an_agreement(text: str, end: str) -> None:
    assert add(span(text), at("11-20 16:00"), OFFICE, LONDON) == at(end)


@pytest.mark.parametrize("text", ["1h", "1 business hour", "1 business day", "1 day", "1 month"])
def test_a_time_without_a_zone_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="has no zone"):
        add(span(text), datetime(2026, 11, 20, 16), OFFICE, LONDON)
    with pytest.raises(ValueError, match="has no zone"):
        due_at(replace(REPLY, target=span(text)), datetime(2026, 11, 20, 16))


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.integers(1, 5))
def test_a_business_day_is_never_later_than_working_hours_in_a_daytime_office(received: datetime, days: int) -> None:
    target = span(f"{24 * days} business hours")
    by_day, by_hours = (due_at(replace(REPLY, target=target, reading=r), received).due_at for r in (DAY, HOURS))
    assert by_day <= by_hours


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)), st.sampled_from(Reading))
def test_reminders_lie_between_start_and_deadline_and_rise(received: datetime, reading: Reading) -> None:
    reckoned = due_at(replace(REPLY, reading=reading, remind_at=(1, 50, 99)), received)
    times = [reckoned.starts_at, *(r.at for r in reckoned.reminders), reckoned.due_at]
    assert times == sorted(set(times))
