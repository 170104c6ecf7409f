"""Where a payment card number stands in a text: 13 to 19 digits, a known brand's prefix and length, the Luhn digit.

Invariants: never a piece of a longer unbroken run of digits; at most 19 runs are looked at from any one place. One
number in ten passes Luhn by chance, so prefix, length and grouping have to fit as well.
"""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

Stretch = tuple[int, int]
_SHORTEST, _LONGEST = 13, 19
_RUN = re.compile(r"[0-9]++")
_GAP = re.compile(r"[ .\-_/·•\n]{1,3}")
_FRACTION = re.compile(r"[0-9][.,]")
_LONG = (16, 17, 18, 19)
_ANY = (13, 14, 15, 16, 17, 18, 19)
_BRANDS: tuple[tuple[int, int, tuple[int, ...]], ...] = (  # first prefix, last prefix, lengths
    (4, 4, (13, 16, 19)),  # Visa
    (51, 55, (16,)),  # Mastercard
    (2221, 2720, (16,)),
    (34, 34, (15,)),  # American Express
    (37, 37, (15,)),
    (300, 305, (14, *_LONG)),  # Diners Club
    (3095, 3095, (14, *_LONG)),
    (36, 36, (14, *_LONG)),
    (38, 39, (14, *_LONG)),
    (6011, 6011, _LONG),  # Discover
    (644, 649, _LONG),
    (65, 65, _LONG),
    (3528, 3589, _LONG),  # JCB
    (62, 62, _LONG),  # UnionPay
    (81, 81, _LONG),
    (2200, 2204, _LONG),  # Mir
    (60, 60, (16,)),  # RuPay
    (82, 82, (16,)),
    (508, 508, (16,)),
    (9792, 9792, (16,)),  # Troy
    (5018, 5018, _ANY),  # Maestro
    (5020, 5020, _ANY),
    (5038, 5038, _ANY),
    (5893, 5893, _ANY),
    (6304, 6304, _ANY),
    (6390, 6390, _ANY),
    (6759, 6759, _ANY),
    (6761, 6763, _ANY),
    (506099, 506198, _LONG),  # Verve
)


class _Run(NamedTuple):
    """An unbroken run of digits; `gap` is what parts it from the run before, if a number may go on across that."""

    start: int
    end: int
    gap: str | None


def card_numbers(text: str) -> Iterable[Stretch]:
    """Every card number of a text made plain, from left to right, none overlapping."""
    runs = _runs(text)
    at = 0
    while at < len(runs):
        last = _ends(text, runs, at)
        if last is not None:
            yield runs[at].start, runs[last].end
        at = (at if last is None else last) + 1


def _runs(text: str) -> list[_Run]:
    runs: list[_Run] = []
    for run in _RUN.finditer(text):
        gap = _GAP.fullmatch(text, runs[-1].end, run.start()) if runs else None
        runs.append(_Run(start=run.start(), end=run.end(), gap=gap and gap[0]))
    return runs


def _ends(text: str, runs: Sequence[_Run], first: int) -> int | None:
    """The run with which a card number that begins at run `first` ends."""
    digits = ""
    for last in range(first, len(runs)):
        run = runs[last]
        broken = last > first and run.gap is None
        if broken or len(digits) + run.end - run.start > _LONGEST:
            return None
        digits += text[run.start : run.end]
        if len(digits) >= _SHORTEST and _reads_as_one(text, runs, first, last) and _is_card(digits):
            return last
    return None


def _reads_as_one(text: str, runs: Sequence[_Run], first: int, last: int) -> bool:
    """Grouped as people group a card (four digits or more, the rest at the end), or evenly spaced and standing alone.

    Not the decimals of a fraction, and not a telephone number (at most 15 digits after a plus).
    """
    start = runs[first].start
    if text[start - 1 : start] == "+" and sum(run.end - run.start for run in runs[first : last + 1]) <= 15:
        return False
    if first == last:
        return not _FRACTION.fullmatch(text, max(start - 2, 0), start)
    if all(run.end - run.start >= 4 for run in runs[first:last]):
        return True
    alone = runs[first].gap is None and (last + 1 == len(runs) or runs[last + 1].gap is None)
    return alone and len({run.gap for run in runs[first + 1 : last + 1]} | {"\n"}) == 2


def _is_card(digits: str) -> bool:
    branded = any(
        len(digits) in lengths and low <= int(digits[: len(str(low))]) <= high for low, high, lengths in _BRANDS
    )
    return branded and _luhn(digits)


def _luhn(digits: str) -> bool:
    """The check digit of ISO/IEC 7812: from the right, every second digit doubled, its digits added."""
    doubled = sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return (doubled + sum(int(digit) for digit in digits[::-2])) % 10 == 0
