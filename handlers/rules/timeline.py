"""Endless time of which only some stretches count, so that spending or measuring it costs the same however long it is.

Invariants: times are instants in UTC, amounts are exact to the microsecond. A stretch is half-open: its start counts,
its end does not. Years are worked out when first asked for, in either direction, and never change afterwards: several
threads may share a timeline, at worst two of them work out the same year.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import accumulate

NOTHING = timedelta()


class Stretches:
    """The stretches that count between two instants, sorted and disjoint, with their running sums."""

    __slots__ = ("after", "begin", "end", "ends", "starts", "sums", "total")

    def __init__(self, begin: datetime, end: datetime, pairs: Iterable[tuple[datetime, datetime]]) -> None:
        """Takes (start, end) pairs in any order, cuts them to begin..end, joins what touches, drops what is empty."""
        self.begin, self.end = begin, end
        self.starts: list[datetime] = []
        self.ends: list[datetime] = []
        for start, stop in sorted((max(a, begin), min(b, end)) for a, b in pairs):
            if start >= stop:
                continue
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], stop)
            else:
                self.starts.append(start)
                self.ends.append(stop)
        self.sums = list(accumulate(stop - start for start, stop in zip(self.starts, self.ends, strict=True)))
        self.total = self.sums[-1] if self.sums else NOTHING
        self.after: Stretches | None = None  # those that begin at the end of these, once they were asked for

    def spent(self, t: datetime) -> timedelta:
        """How much counts from begin to t."""
        i = bisect_right(self.starts, t) - 1
        if i < 0:
            return NOTHING
        left = self.ends[i] - t
        return self.sums[i] - left if left > NOTHING else self.sums[i]

    def reach(self, amount: timedelta) -> datetime:
        """The first instant by which `amount` (more than nothing, at most the total) is spent; at a stretch's end, not
        the next start."""
        i = bisect_left(self.sums, amount)
        return self.ends[i] - (self.sums[i] - amount)


class Timeline:
    """Years of stretches, made by `build(year)` when first needed; consecutive years must meet end to begin."""

    __slots__ = ("_build", "_years")

    def __init__(self, build: Callable[[int], Stretches]) -> None:
        self._build = build
        self._years: dict[int, Stretches] = {}

    def year(self, number: int) -> Stretches:
        """One year's stretches; what `build` refuses is refused."""
        return self._years.get(number) or self._years.setdefault(number, self._build(number))

    def counts(self, t: datetime) -> bool:
        """Does this instant count?"""
        year = self._at(t)
        i = bisect_right(year.starts, t)
        return i > 0 and t < year.ends[i - 1]

    def next_stretch(self, t: datetime) -> tuple[datetime, datetime]:
        """The first stretch that ends after t, cut so that it starts at t or later."""
        year = self._at(t)
        while (i := bisect_right(year.ends, t)) == len(year.ends):
            year = year.after or self._after(year)
        return max(t, year.starts[i]), year.ends[i]

    def between(self, a: datetime, b: datetime) -> timedelta:
        """How much counts from a to b; needs a <= b."""
        year = self._at(a)
        amount = -year.spent(a)
        while b > year.end:
            amount += year.total
            year = year.after or self._after(year)
        return amount + year.spent(b)

    def add(self, t: datetime, amount: timedelta) -> datetime:
        """The first instant by which `amount` (more than nothing) has been spent since t."""
        year = self._at(t)
        amount += year.spent(t)
        while amount > year.total:
            amount -= year.total
            year = year.after or self._after(year)
        return year.reach(amount)

    def _at(self, t: datetime) -> Stretches:
        number = t.year  # by UTC: the calendar's own may have begun hours before, or not yet
        year = self._years.get(number) or self.year(number)
        while not year.begin <= t < year.end:
            number += -1 if t < year.begin else 1
            year = self.year(number)
        return year

    def _after(self, year: Stretches) -> Stretches:
        year.after = self._at(year.end)
        return year.after
