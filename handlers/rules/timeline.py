"""Endless time of which only some stretches count, so that spending or measuring it costs the same however long it is.

Invariants: times are microseconds since 1970 UTC. A stretch is half-open: its start counts, its end does not. Years are
worked out when first asked for, in either direction, and never change afterwards: several threads may share a timeline,
at worst two of them work out the same year.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable
from itertools import accumulate

_YEAR = 31_556_952_000_000  # microseconds in a mean Gregorian year; a first guess only


class Stretches:
    """The stretches that count between two instants, sorted and disjoint, with their running sums."""

    __slots__ = ("begin", "end", "ends", "starts", "sums", "total")

    def __init__(self, begin: int, end: int, pairs: Iterable[tuple[int, int]]) -> None:
        """Takes (start, end) pairs in any order, cuts them to begin..end, joins what touches, drops what is empty."""
        self.begin, self.end = begin, end
        self.starts: list[int] = []
        self.ends: list[int] = []
        for start, stop in sorted((max(a, begin), min(b, end)) for a, b in pairs):
            if start >= stop:
                continue
            if self.ends and start <= self.ends[-1]:
                self.ends[-1] = max(self.ends[-1], stop)
            else:
                self.starts.append(start)
                self.ends.append(stop)
        self.sums = list(accumulate(stop - start for start, stop in zip(self.starts, self.ends, strict=True)))
        self.total = self.sums[-1] if self.sums else 0

    def spent(self, t: int) -> int:
        """How much counts from begin to t."""
        i = bisect_right(self.starts, t)
        return self.sums[i - 1] - max(0, self.ends[i - 1] - t) if i else 0

    def reach(self, amount: int) -> int:
        """The first instant by which `amount` (1 to total) is spent; at a stretch's end, not the next start."""
        i = bisect_left(self.sums, amount)
        return self.ends[i] - self.sums[i] + amount


class Timeline:
    """Years of stretches, made by `build(year)` when first needed; consecutive years must meet end to begin."""

    __slots__ = ("_build", "_years")

    def __init__(self, build: Callable[[int], Stretches]) -> None:
        self._build = build
        self._years: dict[int, Stretches] = {}

    def year(self, number: int) -> Stretches:
        """One year's stretches; what `build` refuses is refused."""
        found = self._years.get(number)
        return found if found is not None else self._years.setdefault(number, self._build(number))

    def counts(self, t: int) -> bool:
        """Does this instant count?"""
        _, stretches = self._at(t)
        i = bisect_right(stretches.starts, t)
        return i > 0 and t < stretches.ends[i - 1]

    def next_stretch(self, t: int) -> tuple[int, int]:
        """The first stretch that ends after t, cut so that it starts at t or later."""
        number, stretches = self._at(t)
        while (i := bisect_right(stretches.ends, t)) == len(stretches.ends):
            number += 1
            stretches = self.year(number)
        return max(t, stretches.starts[i]), stretches.ends[i]

    def between(self, a: int, b: int) -> int:
        """How much counts from a to b; needs a <= b."""
        number, stretches = self._at(a)
        amount = -stretches.spent(a)
        while b > stretches.end:
            amount += stretches.total
            number += 1
            stretches = self.year(number)
        return amount + stretches.spent(b)

    def add(self, t: int, amount: int) -> int:
        """The first instant by which `amount` (at least 1) has been spent since t."""
        number, stretches = self._at(t)
        amount += stretches.spent(t)
        while amount > stretches.total:
            amount -= stretches.total
            number += 1
            stretches = self.year(number)
        return stretches.reach(amount)

    def _at(self, t: int) -> tuple[int, Stretches]:
        number = 1970 + t // _YEAR
        stretches = self.year(number)
        while t < stretches.begin:
            number -= 1
            stretches = self.year(number)
        while t >= stretches.end:
            number += 1
            stretches = self.year(number)
        return number, stretches
