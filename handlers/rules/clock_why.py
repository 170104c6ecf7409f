"""Why a statutory clock runs and until when, in plain sentences: the duty, the start, the sum, what was assumed.

Invariants: says what was counted and counts nothing itself but the days it leaves out; the citation and how good our
source is are always there; the firm's own target is called that. Every time has its weekday and its zone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.rules.clock_terms import Clock, Quality
from handlers.rules.counting import (
    BY_THE_HOUR,
    UNITS,
    Counting,
    end_of,
    event_day,
    is_working_day,
    last_day,
    working_day_before,
)
from handlers.rules.local_time import shown, shown_date

_ONE_DAY = timedelta(days=1)
_UNITS = {"h": "hour", "cd": "day", "bd": "working day", "mo": "month"}
_SOURCES = {
    Quality.CONFIRMED: "read in a copy of the text",
    Quality.SECONDARY: "from a secondary text only, please check it",
    Quality.UNCONFIRMED: "not read in the text, or sources differ; please check it before relying on it",
}


@dataclass(frozen=True, kw_only=True)
class Sum:
    """A finished reckoning: `counted` by the method alone, `due` with what goes at the same time, `held` after a hold.
    `aware` matters for the formula only."""

    clock: Clock
    zone: ZoneInfo
    zone_known: bool
    starts: datetime
    provisional: bool
    counted: datetime | None
    due: datetime | None
    held: datetime | None
    hold: datetime | None
    target: datetime | None
    aware: datetime

    def shown(self, t: datetime) -> str:
        """An instant as people read it, always with its year."""
        return shown(t, self.zone, date.min)


def why(found: Sum, assumed: tuple[str, ...]) -> tuple[str, ...]:
    """The sentences, in the order in which one would tell them."""
    clock = found.clock
    looked = f"looked at on {clock.verified_on.isoformat()}, version {clock.version}"
    return (
        f"{clock.citation}: {clock.recipient}, {clock.standard}.",
        *_start(found),
        *_count(found),
        *_moved(found),
        *_target(found),
        *assumed,
        *_firm(clock),
        *clock.notes,
        f"Source {clock.quality.value}: {_SOURCES[clock.quality]} ({looked}).",
    )


def length(clock: Clock) -> str:
    """ "72 hours", "4 working days"; empty where the law names no number."""
    if clock.length is None:
        return ""
    unit = _UNITS[UNITS[clock.counting]]
    return f"{clock.length} {unit}{'' if clock.length == 1 else 's'}"


def _start(found: Sum) -> Iterator[str]:
    clock, at = found.clock, found.shown(found.starts)
    if clock.after:
        yield f"It starts with the notice of {clock.after}: {at}."
    elif found.provisional:
        yield f"It starts when {clock.start_event}; that is not known yet, so it runs provisionally from {at}."
    else:
        yield f"It starts when {clock.start_event}: {at}."


def _count(found: Sum) -> Iterator[str]:
    clock, due = found.clock, found.counted
    if due is None:
        yield "The law names no number of hours or days, so there is no due date; it does not mean that there is time."
        return
    if clock.counting is Counting.FORMULA:
        yield (
            f"{length(clock)} after the classification, and {clock.backstop} hours after awareness "
            f"({found.shown(found.aware)}) at the latest, unless it was classified later than that: {found.shown(due)}."
        )
    elif clock.counting in BY_THE_HOUR:
        yield f"{length(clock)} by the clock, day and night, weekends and holidays included: {found.shown(due)}."
    else:
        yield from _days(found, due)


def _days(found: Sum, due: datetime) -> Iterator[str]:
    clock, zone = found.clock, found.zone
    day_0 = event_day(found.starts, zone)
    last = last_day(clock.counting, day_0, clock.length or 0, clock.holidays)
    words = f"the last day is {_date(last)} and ends at 24:00 ({zone.key})"
    if not found.zone_known:
        words += ", counted in UTC because no policy file names the firm's zone"
    match clock.counting:
        case Counting.YEAR_END_PLUS:
            yield f"{length(clock)} after {_date(date(day_0.year, 12, 31))}, the end of the year of discovery: {words}."
        case Counting.BUSINESS_DAYS:
            yield f"{_date(day_0)} does not count; {length(clock)} later {words}.{_left_out(clock, day_0, last)}"
        case _:
            yield f"{_date(day_0)} is day 0; {length(clock)} later {words}."
    plain = last_day(Counting.CALENDAR_DAYS, day_0, clock.length or 0, clock.holidays)
    if clock.counting is Counting.CALENDAR_DAYS_ROLL:
        if last != plain:
            yield f"{_date(plain)} is no working day, so the next one counts."
    elif not is_working_day(last, clock.holidays):
        before = working_day_before(last, clock.holidays)
        yield f"That is no working day and does not move: be done on {_date(before)}."
    if clock.authority_zone and (theirs := end_of(last, clock.authority_zone)) < due:
        there = shown(theirs, zone, date.min)
        yield f"Careful: where the recipient is ({clock.authority_zone.key}), that day ends already at {there}."


def _left_out(clock: Clock, day_0: date, last: date) -> str:
    days = (day_0 + n * _ONE_DAY for n in range(1, (last - day_0).days))
    holidays = [_date(day) for day in days if day.weekday() < 5 and not is_working_day(day, clock.holidays)]
    names = f": {', '.join(holidays)}" if holidays else ""
    return f" Weekends and holidays ({clock.calendar}{names}) are left out."


def _moved(found: Sum) -> Iterator[str]:
    if found.due and found.due != found.counted:
        yield f"It goes with the notice of {found.clock.also_due}, which was sent earlier: {found.shown(found.due)}."
    if found.hold and found.due and found.held:
        if found.held > found.due:
            yield f"A law-enforcement hold delays it until {found.shown(found.held)}."
        else:
            yield f"The law-enforcement hold ends earlier, at {found.shown(found.hold)}, and delays nothing."


def _target(found: Sum) -> Iterator[str]:
    if found.target:
        hours = found.clock.internal_target
        yield f"Firm target, and no law: {hours} hours, {found.shown(found.target)}."


def _firm(clock: Clock) -> Iterator[str]:
    if clock.own:
        yield "This clock is the firm's own, from its policy file."
    elif clock.changed:
        yield f"The firm's policy file sets for it: {', '.join(clock.changed)}."


def _date(day: date) -> str:
    return shown_date(day, date.min)
