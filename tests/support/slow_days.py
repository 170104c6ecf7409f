"""A second, slow and simple way to count a statute's days, which shares no code with the rules.

It knows no `date` arithmetic: days are (year, month, day) and step by one, weekdays come from Zeller's congruence, the
federal holidays from the statute (5 U.S.C. 6103), and the end of a day is found by walking minutes of UTC until the
wall shows a later date.
"""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

Day = tuple[int, int, int]


def leap(year: int) -> bool:
    return (year % 4 == 0 and year % 100 != 0) or year % 400 == 0


def length(year: int, month: int) -> int:
    if month == 2:
        return 29 if leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def after(day: Day) -> Day:
    year, month, number = day
    if number < length(year, month):
        return year, month, number + 1
    return (year, month + 1, 1) if month < 12 else (year + 1, 1, 1)


def before(day: Day) -> Day:
    year, month, number = day
    if number > 1:
        return year, month, number - 1
    return (year, month - 1, length(year, month - 1)) if month > 1 else (year - 1, 12, 31)


def weekday(day: Day) -> int:
    """0 = Monday."""
    year, month, number = day
    if month < 3:
        year, month = year - 1, month + 12
    zeller = (number + 13 * (month + 1) // 5 + year % 100 + year % 100 // 4 + year // 100 // 4 + 5 * (year // 100)) % 7
    return (zeller + 5) % 7


def _nth(year: int, month: int, day: int, nth: int) -> Day:
    """The nth weekday of a month; -1 is the last."""
    found = [(year, month, n) for n in range(1, length(year, month) + 1) if weekday((year, month, n)) == day]
    return found[nth - 1] if nth > 0 else found[-1]


def federal(year: int) -> set[Day]:
    """The holidays of the United States since 2021, with the days on which they are observed."""
    fixed = [(year, 1, 1), (year, 6, 19), (year, 7, 4), (year, 11, 11), (year, 12, 25), (year + 1, 1, 1)]
    moved = {before(day) if weekday(day) == 5 else after(day) if weekday(day) == 6 else day for day in fixed}
    floating = {_nth(year, 1, 0, 3), _nth(year, 2, 0, 3), _nth(year, 5, 0, -1), _nth(year, 9, 0, 1)}
    floating |= {_nth(year, 10, 0, 2), _nth(year, 11, 3, 4)}
    return {day for day in {*fixed, *moved, *floating} if day[0] == year}


def works(day: Day, holidays: set[Day]) -> bool:
    return weekday(day) < 5 and day not in holidays


def last_day(method: str, day: Day, count: int, holidays: set[Day]) -> Day:
    if method == "year_end_plus":
        day = (day[0], 12, 31)
    if method == "months_clamped":
        year, month = day[0], day[1]
        for _month in range(count):
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        return year, month, min(day[2], length(year, month))
    while count:
        day = after(day)
        if method != "business_days" or works(day, holidays):
            count -= 1
    while method == "calendar_days_roll" and not works(day, holidays):
        day = after(day)
    return day


def shown(t: datetime, zone: ZoneInfo) -> Day:
    local = t.astimezone(zone)
    return local.year, local.month, local.day


def end(day: Day, zone: ZoneInfo) -> datetime:
    """The first minute whose date on the wall is later; no zone of these tests sets its clocks back over midnight."""
    t = datetime(*day, tzinfo=UTC) - timedelta(hours=15)
    while shown(t, zone) <= day:
        t += timedelta(minutes=15)
    while shown(t - timedelta(minutes=1), zone) > day:
        t -= timedelta(minutes=1)
    return t
