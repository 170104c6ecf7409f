"""A block: one stretch of open time on one date's wall clock, as it is written in the policy file ("09:00-17:30").

Invariants: a block belongs to the date on which it starts, lasts 24 hours at most and is never empty; a block that
crosses midnight has an end beyond 1440 minutes. Its text and its value say the same, `block(str(b)) == b`.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

DAY = 24 * 60
_TEXT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


@dataclass(frozen=True, kw_only=True, slots=True, order=True)
class Block:
    """From `start` to `end`, in minutes after the local midnight that begins its date."""

    start: int
    end: int

    def __post_init__(self) -> None:
        if not (0 <= self.start < DAY and self.start < self.end <= self.start + DAY):
            raise ValueError("A block starts within its day, ends after it starts and lasts 24 hours at most.")

    def __str__(self) -> str:
        end = self.end if self.end <= DAY else self.end - DAY
        return f"{self.start // 60:02}:{self.start % 60:02}-{end // 60:02}:{end % 60:02}"


def block(text: str) -> Block:
    """Reads "09:00-17:30" or "22:00-06:00"; ValueError, in a sentence for the person who wrote it, for anything else:
    a day may end at "24:00" but not at "00:00", and a block needs a length."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f'{text!r} is not a block of open time. Write it like "09:00-17:30".')
    hour, minute, end_hour, end_minute = map(int, found.groups())
    start, end = 60 * hour + minute, 60 * end_hour + end_minute
    if end == 0:
        raise ValueError(f'{text!r}: a block that ends at midnight ends at "24:00".')
    if end > DAY:
        raise ValueError(f'{text!r}: a day ends at "24:00".')
    if start == end:
        raise ValueError(f'{text!r} has no length. A whole day is "00:00-24:00".')
    return Block(start=start, end=end if end > start else end + DAY)


def overlapping(blocks: Iterable[Block]) -> list[tuple[Block, Block]]:
    """The pairs on one date that overlap; blocks that only touch do not."""
    return [(a, b) for a, b in combinations(sorted(blocks), 2) if b.start < a.end]


def overlapping_night(today: Iterable[Block], tomorrow: Iterable[Block]) -> list[tuple[Block, Block]]:
    """The pairs of a block that crosses midnight and one of the next date that starts before it has ended."""
    return [(a, b) for a in today for b in tomorrow if b.start < a.end - DAY]
