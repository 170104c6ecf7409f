"""The sum behind a deadline, sentence by sentence."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.due_at import Reading, Sla, due_at
from handlers.rules.hours import Calendar, block
from handlers.rules.spans import span

LONDON = ZoneInfo("Europe/London")
OFFICE = Calendar(
    name="office",
    zone=LONDON,
    open={day: (block("09:00-12:00"), block("13:00-17:00")) for day in range(5)},
    holidays=lambda year: {date(year, 12, 25), date(2026, 12, 28)},
    closed=frozenset({date(2026, 12, 24)}),
    half_days={date(2026, 12, 31): (block("09:00-12:30"),)},
)
NIGHTS = replace(OFFICE, open={day: (block("22:00-06:00"),) for day in range(7)})


def steps(
    target: str, received: str, reading: Reading = Reading.BUSINESS_DAY, calendar: Calendar = OFFICE
) -> list[str]:
    sla = Sla(name="s", target=span(target), calendar=calendar, zone=ZoneInfo("Europe/Paris"), reading=reading)
    when = datetime.fromisoformat(f"2026-{received}").replace(tzinfo=calendar.zone)
    return [step.replace(" (Europe/London)", "") for step in due_at(sla, when).steps]


def test_a_business_day_shows_what_each_date_gave_and_why_others_gave_nothing() -> None:
    assert steps("24 business hours", "11-20 16:00") == [
        "Fri 20 Nov 16:00: received, the office is open.",
        "24 business hours: read as 1 business day, "
        "that is 24 hours by the clock, counted only on dates with open time.",
        "Fri 20 Nov 16:00 to 24:00: 8 h, 16 h to go.",
        "Sat 21 Nov: not counted, no opening hours on a Saturday.",
        "Sun 22 Nov: not counted, no opening hours on a Sunday.",
        "Mon 23 Nov 00:00 to 16:00: 16 h, nothing to go.",
        "Mon 23 Nov 16:00: due.",
    ]


def test_open_hours_show_the_lunch_break_closures_holidays_and_half_days_to_the_second() -> None:
    assert steps("10 business hours", "12-23 16:30:07") == [
        "Wed 23 Dec 16:30:07: received, the office is open.",
        "10 business hours: 10 hours of open time.",
        "Wed 23 Dec 16:30:07 to 17:00: 29 min 53 s, 9 h 30 min 7 s to go.",
        "Thu 24 Dec: not counted, closed on this date.",
        "Fri 25 Dec: not counted, a holiday.",
        "Sat 26 Dec: not counted, no opening hours on a Saturday.",
        "Sun 27 Dec: not counted, no opening hours on a Sunday.",
        "Mon 28 Dec: not counted, a holiday.",
        "Tue 29 Dec 09:00 to 12:00 and 13:00 to 17:00: 7 h, 2 h 30 min 7 s to go.",
        "Wed 30 Dec 09:00 to 11:30:07: 2 h 30 min 7 s, nothing to go.",
        "Wed 30 Dec 11:30:07: due.",
    ]


def test_a_message_out_of_hours_waits_for_the_opening_and_another_year_is_named() -> None:
    assert steps("1 business day", "12-31 13:00") == [
        "Thu 31 Dec 13:00: received, the office is closed.",
        "Fri 1 Jan 2027 09:00: the office opens and the count starts.",
        "1 business day: 24 hours by the clock, counted only on dates with open time.",
        "Fri 1 Jan 2027 09:00 to 24:00: 15 h, 9 h to go.",
        "Sat 2 Jan 2027: not counted, no opening hours on a Saturday.",
        "Sun 3 Jan 2027: not counted, no opening hours on a Sunday.",
        "Mon 4 Jan 2027 00:00 to 09:00: 9 h, nothing to go.",
        "Mon 4 Jan 2027 09:00: due.",
    ]


def test_a_deadline_outside_opening_hours_says_that_it_is_not_moved() -> None:
    calendar = replace(OFFICE, half_days={date(2026, 11, 24): (block("09:00-12:00"),)})
    assert steps("1 business day", "11-23 16:00", calendar=calendar)[-1] == (
        "Tue 24 Nov 16:00: due, outside opening hours: a deadline is not moved."
    )
    assert steps("1 business hour", "11-23 16:00")[-1] == "Mon 23 Nov 17:00: due."  # exactly at closing


def test_a_night_is_split_at_midnight_and_says_when_the_clocks_change() -> None:
    assert steps("6 business hours", "03-28 23:00", calendar=NIGHTS)[2:] == [
        "Sat 28 Mar 23:00 to 24:00: 1 h, 5 h to go.",
        "Sun 29 Mar 00:00 to 06:00 while the clocks change: 5 h, nothing to go.",
        "Sun 29 Mar 06:00: due.",
    ]


@pytest.mark.parametrize(
    ("target", "reading", "meaning", "end"),
    [
        (
            "24 business hours",
            Reading.ELAPSED,
            "read as 24 hours by the clock, counted day and night, open or not.",
            "Sat 21 Nov 18:30",
        ),
        ("15m", Reading.BUSINESS_DAY, "counted day and night, open or not.", "Fri 20 Nov 18:45"),
    ],
)
def test_elapsed_time_starts_at_the_receipt(target: str, reading: Reading, meaning: str, end: str) -> None:
    assert steps(target, "11-20 18:30", reading) == [
        "Fri 20 Nov 18:30: received, the count starts at once.",
        f"{target}: {meaning}",
        f"{end}: due.",
    ]


@pytest.mark.parametrize(
    ("target", "meaning", "end"),
    [
        ("30 days", "the same clock time 30 days later in Europe/Paris.", "Sun 20 Dec 17:00"),
        (
            "24 months",
            "the same date and clock time 24 months later in Europe/Paris, in a shorter month its last day.",
            "Mon 20 Nov 2028 17:00",
        ),
    ],
)
def test_calendar_spans_are_shown_in_the_zone_of_the_firm(target: str, meaning: str, end: str) -> None:
    assert steps(target, "11-20 16:00") == [
        "Fri 20 Nov 17:00 (Europe/Paris): received, the count starts at once.",
        f"{target}: {meaning}",
        f"{end} (Europe/Paris): due.",
    ]


def test_a_long_sum_is_cut_after_forty_dates_and_still_comes_out() -> None:
    told = steps("1000 business hours", "11-20 16:00")
    assert len(told) == 2 + 40 + 2
    assert told[-3:-1] == [
        "Tue 29 Dec 09:00 to 12:00 and 13:00 to 17:00: 7 h, 831 h to go.",
        "And so on until Tue 15 Jun 2027 10:30: 831 h, nothing to go.",
    ]


def test_an_office_that_never_closes_counts_every_hour() -> None:
    calendar = Calendar(name="desk", zone=LONDON, always_open=True)
    assert steps("1 business day", "11-20 16:00", calendar=calendar)[2:] == [
        "Fri 20 Nov 16:00 to 24:00: 8 h, 16 h to go.",
        "Sat 21 Nov 00:00 to 16:00: 16 h, nothing to go.",
        "Sat 21 Nov 16:00: due.",
    ]
