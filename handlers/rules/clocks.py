"""Which statutory clocks run for a breach, until when, and why (GDPR Art. 33 and 34, HIPAA 164.404-410, and the rest).

Invariants: what is not known starts a clock (clock_conditions.py). A chained clock is absent until the notice it waits
for was sent. A clock without its own start begins provisionally with the first signal. "Without undue delay" has no
date: the firm's own target is named as such and is never the due date. A hold moves only clocks that name it, and never
makes one earlier; no clock of the GDPR names one. Nothing is closed here, and nothing sent is judged again.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from handlers.rules.clock_conditions import applies
from handlers.rules.clock_facts import FIRST_SIGNAL, Facts, under
from handlers.rules.clock_terms import LAW_ENFORCEMENT, Clock
from handlers.rules.clock_why import Sum, why
from handlers.rules.counting import (
    BY_THE_HOUR,
    Counting,
    elapsed_hours,
    end_of,
    event_day,
    initial_report,
    last_day,
)
from handlers.rules.local_time import utc


@dataclass(frozen=True, kw_only=True)
class Running:
    """A clock that runs. Instants in UTC; `due_at` None where the law names no number; `target_at` is the firm's own
    target and no law; `provisional`: its own start is not known yet; `zone`: where its days are counted;
    `why`: sentences."""

    clock: Clock
    zone: ZoneInfo
    starts_at: datetime
    due_at: datetime | None
    target_at: datetime | None
    provisional: bool
    why: tuple[str, ...]


def running(
    clocks: Iterable[Clock],
    facts: Facts,
    zone: ZoneInfo,
    usual: tuple[str, ...] = (),
    *,
    zone_known: bool = True,
) -> tuple[Running, ...]:
    """Every clock that runs, the earliest due first, those without a date last. `zone` is the firm's, `usual` the
    regimes of its policy file. ValueError when the facts hold no instant at all: then nothing can be counted."""
    if facts.earliest() is None:
        raise ValueError("no instant is given, not even first_signal_at, so no clock can start.")
    found = [_run(clock, facts, zone, zone_known=zone_known) for clock in chosen(clocks, facts, usual)]
    return tuple(sorted((one for one in found if one), key=_order))


def chosen(clocks: Iterable[Clock], facts: Facts, usual: tuple[str, ...] = ()) -> tuple[Clock, ...]:
    """The clocks that are looked at: those of the regimes named for this breach; else of the firm's usual ones, of the
    states where people live, and its own; all there are when neither names any."""
    enabled = [clock for clock in clocks if clock.enabled]
    if facts.regimes:
        return tuple(one for one in enabled if any(under(one.id, regime) for regime in facts.regimes))
    if not usual:
        return tuple(enabled)
    wide = {*usual, *_of_states(facts)}
    return tuple(one for one in enabled if one.own or any(under(one.id, regime) for regime in wide))


def _of_states(facts: Facts) -> set[str]:
    """The laws of the states where people live ("US-CA": us.ca), and the collective entry for the others."""
    places = {place for place, number in (facts.residents or {}).items() if number != 0 and place.startswith("US")}
    return {place.lower().replace("-", ".") for place in places} | ({"us.other"} if places else set())


def _run(clock: Clock, facts: Facts, zone: ZoneInfo, *, zone_known: bool) -> Running | None:
    verdict = applies(clock.id, clock.when, clock.role, facts)
    if not verdict.holds:
        return None
    begun = _start(clock, facts)
    if begun is None:
        return None
    starts, provisional = begun
    where = clock.zone or zone
    counted = _due(clock, facts, starts, where)
    sent = facts.notices_sent.get(clock.also_due or "")
    due = min(counted, utc(sent)) if counted and sent else counted
    hold = facts.law_enforcement_hold_until if LAW_ENFORCEMENT in clock.holds else None
    held = max(due, utc(hold)) if due and hold else due
    target = elapsed_hours(starts, clock.internal_target) if clock.internal_target else None
    reckoned = Sum(
        clock=clock,
        zone=where,
        zone_known=zone_known or clock.zone is not None,
        starts=starts,
        provisional=provisional,
        counted=counted,
        due=due,
        held=held,
        hold=utc(hold) if hold else None,
        target=target,
        aware=_aware(facts, starts),
    )
    return Running(
        clock=clock,
        zone=where,
        starts_at=starts,
        due_at=held,
        target_at=target,
        provisional=provisional,
        why=why(reckoned, verdict.assumed),
    )


def _start(clock: Clock, facts: Facts) -> tuple[datetime, bool] | None:
    """When it starts, and whether that is provisional; None while a chained clock waits for its notice."""
    if clock.after:
        sent = facts.notices_sent.get(clock.after)
        return (utc(sent), False) if sent else None
    known = {name: at for name in clock.start if (at := facts.at(name))}
    provisional = not known.keys() - {FIRST_SIGNAL}
    if clock.counting is Counting.FORMULA:
        provisional = provisional or facts.at("aware_at") is None
    starts = min(known.values(), default=None) or facts.at(FIRST_SIGNAL) or facts.earliest()
    return (starts, provisional) if starts else None


def _aware(facts: Facts, starts: datetime) -> datetime:
    """Awareness, for the formula; while it is not known the first signal, and never later than the start."""
    return facts.at("aware_at") or min(facts.at(FIRST_SIGNAL) or starts, starts)


def _due(clock: Clock, facts: Facts, starts: datetime, zone: ZoneInfo) -> datetime | None:
    if clock.length is None:
        return None
    if clock.counting is Counting.FORMULA:
        return initial_report(starts, _aware(facts, starts), clock.length, clock.backstop or 0)
    if clock.counting in BY_THE_HOUR:
        return elapsed_hours(starts, clock.length)
    return end_of(last_day(clock.counting, event_day(starts, zone), clock.length, clock.holidays), zone)


def _order(one: Running) -> tuple[bool, datetime, str]:
    return one.due_at is None, one.due_at or one.starts_at, one.clock.id
