"""Who is on call for a breach on a day, by the firm's rota.

Invariants: days are whole local dates, both ends of a turn belong to it; of several turns on a day the one that stands
first in the rota counts, so a turn without dates, last of all, fills what the others leave open.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

LONGEST = 400  # days that are looked ahead for the end of a turn


@dataclass(frozen=True, kw_only=True)
class Turn:
    """`person`: an address of the people file, or else `name`. Without `first` or `last`: open on that side."""

    phone: str
    person: str = ""
    name: str = ""
    first: date | None = None
    last: date | None = None

    def covers(self, day: date) -> bool:
        """Whether this turn has that day."""
        return (self.first is None or self.first <= day) and (self.last is None or day <= self.last)


@dataclass(frozen=True, kw_only=True)
class Stretch:
    """Days in a row with the same turn, or with nobody (`turn` is None)."""

    turn: Turn | None
    first: date
    last: date


def on_call(rota: Sequence[Turn], day: date, counts: Callable[[Turn], bool] = lambda _: True) -> Turn | None:
    """The first turn of that day; turns that do not count (somebody has left) are passed over."""
    return next((turn for turn in rota if turn.covers(day) and counts(turn)), None)


def stretches(
    rota: Sequence[Turn], first: date, days: int, counts: Callable[[Turn], bool] = lambda _: True
) -> list[Stretch]:
    """Who is on call from `first` on, for so many days, stretch by stretch."""
    found: list[Stretch] = []
    for number in range(days):
        day = first + timedelta(days=number)
        turn = on_call(rota, day, counts)
        if found and found[-1].turn == turn:
            found[-1] = Stretch(turn=turn, first=found[-1].first, last=day)
        else:
            found.append(Stretch(turn=turn, first=day, last=day))
    return found


def until(rota: Sequence[Turn], day: date, counts: Callable[[Turn], bool] = lambda _: True) -> date | None:
    """The last day of the turn that this day has; None when it has no end that can be seen."""
    now = stretches(rota, day, LONGEST, counts)
    return now[0].last if len(now) > 1 else None
