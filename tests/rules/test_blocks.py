"""Blocks of open time as they are written, and the faults that are found in a calendar made of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from handlers.rules.hours import Block, Calendar, block, faults

MON_FRI = range(5)
TUE = date(2026, 11, 24)
MORNING = {TUE: (block("09:00-12:30"),)}


def opened(days: Iterable[int] = MON_FRI, *blocks: str) -> dict[int, tuple[Block, ...]]:
    return {day: tuple(map(block, blocks or ("09:00-17:00",))) for day in days}


OFFICE = Calendar(name="office", zone=ZoneInfo("Europe/London"), open=opened())


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("09:00-17:30", 540, 1050),
        ("22:00-06:00", 1320, 1800),  # 6 h after midnight = 1440 + 360
        ("00:00-24:00", 0, 1440),
        ("17:00-24:00", 1020, 1440),
        ("23:59-00:01", 1439, 1441),
    ],
)
def test_a_block_is_read_and_gives_its_text_back(text: str, start: int, end: int) -> None:
    assert block(text) == Block(start=start, end=end)
    assert str(block(text)) == text


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "09:00",
            "9:00-17:00",
            "09:00 - 17:00",
            "09:00–17:00",
            "09.00-17.00",
            "09:60-17:00",
            "25:00-26:00",
            "٠٩:00-17:00",
        ),
        *(
            "22:00-00:00",
            "00:00-00:00",
            "24:00-06:00",
            "09:00-24:01",
            "09:00-09:00",
            "09:00-17:00\n",
            "09:00-17:00,18:00-19:00",
        ),
    ],
)
def test_a_block_that_ends_at_0000_has_no_length_or_is_no_block_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"09:00-17:30|24:00|no length"):
        block(text)


@pytest.mark.parametrize(("start", "end"), [(-1, 60), (1440, 1500), (60, 60), (60, 59), (60, 1501)])
def test_a_block_cannot_be_made_that_no_text_means(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="24 hours at most"):
        Block(start=start, end=end)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"open": opened(MON_FRI, "09:00-12:00", "12:00-17:00")}, []),  # touching is not overlapping
        ({"open": opened(range(7), "22:00-06:00", "06:00-07:00")}, []),
        ({"open": opened(range(7), "00:00-24:00")}, []),
        ({"open": opened([4], "13:00-17:00", "09:00-13:01")}, ["open.fri: 09:00-13:01 overlaps 13:00-17:00."]),
        ({"open": opened([4], "09:00-17:00", "09:00-17:00")}, ["open.fri: 09:00-17:00 overlaps 09:00-17:00."]),
        (
            {"open": opened([6], "22:00-06:00") | opened([0], "05:00-09:00")},
            ["open.sun: 22:00-06:00 overlaps 05:00-09:00 of the next day (open.mon)."],
        ),
        (
            {"half_days": {TUE: (block("09:00-12:00"), block("11:00-13:00"))}},
            ["half_days.2026-11-24: 09:00-12:00 overlaps 11:00-13:00."],
        ),
        (
            {"open": opened(MON_FRI, "22:00-06:00"), "half_days": {TUE: (block("05:00-09:00"),)}},
            ["half_days.2026-11-24: 05:00-09:00 overlaps 22:00-06:00 of the day before."],
        ),
        (
            {"half_days": {TUE: (block("20:00-10:00"),)}},
            ["half_days.2026-11-24: 20:00-10:00 overlaps 09:00-17:00 of the next day."],
        ),
        ({"half_days": {TUE: (block("20:00-10:00"),)}, "closed": frozenset({TUE + timedelta(days=1)})}, []),
        (
            {"half_days": {TUE: (block("20:00-10:00"),), TUE + timedelta(days=1): (block("09:00-12:00"),)}},
            ["half_days.2026-11-25: 09:00-12:00 overlaps 20:00-10:00 of the day before."],  # told once
        ),
        ({"open": {}}, ["open: no day has any open time, so this calendar can never be open."]),
        (
            {"open": {0: ()}, "half_days": {TUE: ()}},
            ["open: no day has any open time, so this calendar can never be open."],
        ),
        ({"open": {}, "half_days": MORNING}, []),
        ({"open": {}, "always_open": True}, []),
        ({"always_open": True}, ["open: has no effect beside always_open. Take one of the two out."]),
        (
            {"open": {}, "always_open": True, "closed": frozenset({TUE})},
            ["closed: has no effect beside always_open. Take one of the two out."],
        ),
    ],
)
def test_faults_of_a_calendar_are_named_with_their_place(changes: dict[str, object], expected: list[str]) -> None:
    assert faults(replace(OFFICE, **changes)) == expected  # type: ignore[arg-type]
