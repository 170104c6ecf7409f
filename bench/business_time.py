"""Business hours added and counted, beside three libraries that do the same sums on the same week and holidays.

Invariants: every peer's answer is compared with ours before anything is timed; years are worked out before the clock
runs, for all alike.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.measure import Limit, Row, absent, rounds
from bot.public_holidays import holiday_dates
from handlers.rules.hours import Calendar, block

FAMILY = "business_time"
_DAYS = [datetime(2026, month, day, 10 + day // 4, 30) for month in range(1, 13) for day in (8, 14, 20)]
STARTS = [day for day in _DAYS if day.weekday() < 5]  # within opening hours: elsewhere the peers differ by design
LATER = timedelta(days=30)
HOURS = 24
DAY, YEAR = 8 * 3600, 251 * 8 * 3600  # open seconds
Works = dict[str, Callable[[], list[Any]]]


async def measure(folder: Path, *, tiny: bool = False) -> list[Row]:
    """How many times cheaper ours is."""
    times, seconds = (1, 0.001) if tiny else (31, 0.02)
    calendar = _calendar()
    starts = [start.replace(tzinfo=UTC) for start in STARTS]
    spans_of = [(start, start + LATER) for start in starts]
    adding: Works = {"ours": lambda: [calendar.add_open(start, HOURS * 3600) for start in starts]}
    elapsed: Works = {"ours": lambda: [calendar.open_between(start, end) for start, end in spans_of]}
    missing = _peers(adding, elapsed)
    _agree("add", adding)
    _agree("elapsed", elapsed)
    span: Works = {
        "day": lambda: [calendar.add_open(start, DAY) for start in starts],
        "year": lambda: [calendar.add_open(start, YEAR) for start in starts],
    }
    added, counted, spans = (rounds(works, times=times, seconds=seconds) for works in (adding, elapsed, span))
    return [
        _row(f"add {HOURS} business hours", "businesstimedelta", 100, added, missing),
        _row(f"add {HOURS} business hours", "pandas", 25, added, missing),
        _row("business hours within 30 days", "businesstimedelta", 500, counted, missing),
        _row("business hours within 30 days", "business-duration", 500, counted, missing),
        Row(
            family=FAMILY,
            what="adding a year to adding a day",
            side=Limit.AT_MOST,
            limit=1.1,
            value=spans["year"] / spans["day"],
            detail=_micros(spans),
        ),
    ]


def _calendar() -> Calendar:
    days = {weekday: (block("09:00-17:00"),) for weekday in range(5)}
    return Calendar(name="bench", zone=ZoneInfo("UTC"), open=days, holidays=holiday_dates("GB-ENG"))


def _closed() -> list[date]:
    found = holiday_dates("GB-ENG")
    return sorted({day for year in (2026, 2027) for day in found(year)})


def _peers(adding: Works, elapsed: Works) -> dict[str, str]:
    """Adds each peer's way to both questions; gives those that are not installed, with the reason."""
    missing = {}
    for name, add in (
        ("businesstimedelta", _businesstimedelta),
        ("pandas", _pandas),
        ("business-duration", _business_duration),
    ):
        try:
            add(adding, elapsed)
        except ImportError:
            missing[name] = f"{name} is not installed; `make bench` installs it"
    return missing


def _businesstimedelta(adding: Works, elapsed: Works) -> None:
    from businesstimedelta import BusinessTimeDelta, HolidayRule, Rules, WorkDayRule

    week = WorkDayRule(start_time=time(9), end_time=time(17), working_days=[0, 1, 2, 3, 4])
    rules = Rules([week, HolidayRule(dict.fromkeys(_closed(), "closed"))])
    span = BusinessTimeDelta(rules, hours=HOURS)
    adding["businesstimedelta"] = lambda: [start + span for start in STARTS]
    elapsed["businesstimedelta"] = lambda: [
        rules.difference(start, start + LATER).timedelta.total_seconds() for start in STARTS
    ]


def _pandas(adding: Works, elapsed: Works) -> None:
    import pandas

    span = pandas.offsets.CustomBusinessHour(n=HOURS, start="09:00", end="17:00", holidays=_closed())
    starts = [pandas.Timestamp(start) for start in STARTS]
    adding["pandas"] = lambda: [start + span for start in starts]


def _business_duration(adding: Works, elapsed: Works) -> None:
    from business_duration import businessDuration

    closed = dict.fromkeys(_closed(), "closed")
    elapsed["business-duration"] = lambda: [
        businessDuration(start, start + LATER, time(9), time(17), holidaylist=closed, unit="sec") for start in STARTS
    ]


def _agree(what: str, works: Works) -> None:
    """The same answer to every start, by every peer."""
    found = {name: [_plain(one) for one in work()] for name, work in works.items()}
    for name, answers in found.items():
        if answers != found["ours"]:
            raise AssertionError(f"{what}: {name} says {answers}, we say {found['ours']}")


def _plain(answer: Any) -> Any:
    return answer.replace(tzinfo=None) if isinstance(answer, datetime) else answer


def _row(what: str, peer: str, limit: float, found: dict[str, float], missing: dict[str, str]) -> Row:
    words = f"{what}: cheaper than {peer}"
    if peer in missing:
        return absent(FAMILY, words, Limit.AT_LEAST, limit, "x", missing[peer])
    value = found[peer] / found["ours"]
    detail = _micros({"ours": found["ours"], peer: found[peer]})
    return Row(family=FAMILY, what=words, side=Limit.AT_LEAST, limit=limit, value=value, detail=detail)


def _micros(found: dict[str, float]) -> dict[str, float]:
    return {f"{name}_microseconds": round(seconds / len(STARTS) * 1e6, 3) for name, seconds in found.items()}
