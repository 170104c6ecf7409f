"""Who is told next when nobody answers: the escalation ladder (SOP: escalate concerns; policy `[escalation.*]`).

Invariants: never tells somebody who has left, is screened from the client or is what the matter is about, however the
same person appears; an absence is covered by one deputy, never by a deputy's deputy; never ends in silence: the top is
told again and again, and when nobody can be told the step says so for the admins. `reasons` may be shown to everybody
on the ladder, so they do not tell a screened person from an unavailable one; `skipped` is for the record.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from handlers.rules.spans import Span


@dataclass(frozen=True, kw_only=True, slots=True)
class Rung:
    """A role ("supervisor", "dpo", …) and how long its holders have to acknowledge; the last rung may have no limit."""

    to: str
    acknowledge_within: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Ladder:
    """Rungs from the nearest to the highest. Refuses (ValueError) what `[escalation.*]` refuses."""

    rungs: tuple[Rung, ...]
    repeat: Span | None = None

    def __post_init__(self) -> None:
        if not self.rungs:
            raise ValueError("A ladder needs at least one rung.")
        if len({rung.to for rung in self.rungs}) < len(self.rungs):
            raise ValueError("A ladder has each rung once.")
        if any(rung.acknowledge_within is None for rung in self.rungs[:-1]):
            raise ValueError("Every rung but the last needs a time to acknowledge.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Holder:
    """Somebody who holds a rung's role, with what counts today. `deputy_available`: has not left and is not away."""

    person_id: str
    active: bool = True
    away: bool = False
    screened: bool = False
    is_subject: bool = False
    deputy_id: str | None = None
    deputy_available: bool = False
    deputy_screened: bool = False
    deputy_is_subject: bool = False


class Why(Enum):
    """What became of a seat on the ladder. A screened person is "not available": a wall's existence is hidden too."""

    LEFT = "has left"
    NOT_AVAILABLE = "not available"
    SUBJECT = "concerned in the matter"
    AWAY = "away, and no deputy can stand in"
    DEPUTY = "away, so the deputy is told"
    TOLD = "told already"
    VACANT = "nobody has this role"


@dataclass(frozen=True, kw_only=True, slots=True)
class Skip:
    """A person passed over, and on which rung."""

    rung: int
    person_id: str
    reason: Why


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """Whom to tell, and how long until the next step is asked for (None: this ladder does not repeat).

    `last`: nobody further up will be told. `nobody_above`: the top of the ladder, or all of it, cannot be told, so the
    admins should know. When nobody at all can be told, `tell` is empty and `rung` is the last one.
    """

    rung: int
    tell: tuple[str, ...]
    skipped: tuple[Skip, ...]
    reasons: tuple[str, ...]
    last: bool
    nobody_above: bool
    acknowledge_within: Span | None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Seat:
    """One holder's place on a rung: who can be told there today (nobody: None), and why not the holder."""

    rung: int
    holder: str | None
    person: str | None
    why: Why | None


def next_rung(
    ladder: Ladder, current: int | None, holders: Mapping[int, tuple[Holder, ...]], told: frozenset[str] = frozenset()
) -> Step:
    """The step after rung `current` (from 0; None = nobody was told yet; at or beyond the last = the last again).

    People in `told` are not told again on a further rung, and a rung that has only such people is passed over. When
    that leaves nobody, the highest rung where anybody can be told is told again.
    """
    if current is not None and current < 0:
        raise ValueError("Rungs are counted from 0.")
    seats = _seats(ladder, holders)
    passed: list[_Seat] = []
    for index in range(0 if current is None else current + 1, len(ladder.rungs)):
        fresh = [_unless_told(seat, told) for seat in seats[index]]
        passed += fresh
        if _people(fresh):
            within = ladder.rungs[index].acknowledge_within or ladder.repeat
            return _step(ladder, index, passed, within=within, tell=_people(fresh))
    return _again(ladder, seats, passed)


def _again(ladder: Ladder, seats: list[list[_Seat]], passed: list[_Seat]) -> Step:
    """Nobody new is left: the highest rung where anybody can be told, else nobody, and the reason."""
    top = len(seats) - 1
    index = next((index for index in range(top, -1, -1) if _people(seats[index])), None)
    if index is None:
        everybody = [seat for row in seats for seat in row]
        within = ladder.repeat or ladder.rungs[top].acknowledge_within
        return _step(ladder, top, everybody, within=within, ending="Nobody on the whole list can be told.")
    seen = [*seats[index], *(passed or [seat for row in seats[index + 1 :] for seat in row])]
    ending = "told again, the last on the list" if index == top else "told again, as nobody further up can be told"
    within = ladder.repeat or ladder.rungs[index].acknowledge_within
    ending = _sentence(ladder.rungs[index].to, ending)
    return _step(ladder, index, seen, within=within, tell=_people(seats[index]), ending=ending)


def _step(
    ladder: Ladder,
    index: int,
    seen: Sequence[_Seat],
    *,
    within: Span | None,
    tell: tuple[str, ...] = (),
    ending: str = "",
) -> Step:
    """`ending` is the closing reason of a step that tells nobody new."""
    top = len(ladder.rungs) - 1
    said = [_sentence(ladder.rungs[seat.rung].to, _shown(seat.why)) for seat in seen if seat.why]
    return Step(
        rung=index,
        tell=tell,
        skipped=tuple(dict.fromkeys(skip for seat in seen for skip in _skips(seat) if skip.person_id not in tell)),
        reasons=tuple(dict.fromkeys([*said, ending] if ending else said)),
        last=index == top or bool(ending),
        nobody_above=not tell or (bool(ending) and index < top),
        acknowledge_within=within,
    )


def _seats(ladder: Ladder, holders: Mapping[int, tuple[Holder, ...]]) -> list[list[_Seat]]:
    everybody = [holder for row in holders.values() for holder in row]
    barred, absent = _barred(everybody), frozenset(holder.person_id for holder in everybody if holder.away)
    vacant = _Seat(rung=0, holder=None, person=None, why=Why.VACANT)
    return [
        [_seat(index, holder, barred, absent) for holder in holders.get(index, ())] or [replace(vacant, rung=index)]
        for index in range(len(ladder.rungs))
    ]


def _seat(rung: int, holder: Holder, barred: Mapping[str, Why], absent: frozenset[str]) -> _Seat:
    """The holder, or the one deputy of a holder who is away, or nobody."""
    seat = _Seat(rung=rung, holder=holder.person_id, person=None, why=Why.AWAY)
    if holder.person_id in barred:
        return replace(seat, why=barred[holder.person_id])
    if holder.person_id not in absent:
        return replace(seat, person=holder.person_id, why=None)
    deputy = holder.deputy_id
    if deputy is None or not holder.deputy_available or deputy in barred or deputy in absent:
        return seat
    return replace(seat, person=deputy, why=Why.DEPUTY)


def _barred(everybody: Iterable[Holder]) -> dict[str, Why]:
    """Everybody who may not be told, by the worst that is said of them anywhere on the ladder."""
    barred: dict[str, Why] = {}
    for holder in everybody:
        stated = (
            (holder.person_id, Why.NOT_AVAILABLE, holder.screened),
            (holder.person_id, Why.SUBJECT, holder.is_subject),
            (holder.person_id, Why.LEFT, not holder.active),
            (holder.deputy_id, Why.NOT_AVAILABLE, holder.deputy_screened),
            (holder.deputy_id, Why.SUBJECT, holder.deputy_is_subject),
        )
        for person, why, true in stated:
            if person is not None and true:
                barred.setdefault(person, why)
    return barred


def _unless_told(seat: _Seat, told: frozenset[str]) -> _Seat:
    return replace(seat, holder=seat.person, person=None, why=Why.TOLD) if seat.person in told else seat


def _people(row: Iterable[_Seat]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(seat.person for seat in row if seat.person is not None))


def _skips(seat: _Seat) -> Iterable[Skip]:
    if seat.person is None and seat.holder is not None and seat.why is not None:
        yield Skip(rung=seat.rung, person_id=seat.holder, reason=seat.why)


def _shown(why: Why) -> str:
    """Who a complaint is about is content: on screen that person is not available, like a screened one."""
    shown: str = (Why.NOT_AVAILABLE if why is Why.SUBJECT else why).value
    return shown


def _sentence(role: str, what: str) -> str:
    """`department_head` is shown as `Department head`, `dpo` as `DPO`."""
    words = role.replace("_", " ")
    return f"{words.upper() if len(words) <= 3 else words[:1].upper() + words[1:]}: {what}."
