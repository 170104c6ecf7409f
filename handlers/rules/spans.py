"""A span: how long a duty may take, as it is written in the policy file ("15m", "3 business hours", "6 years").

Invariants: a span is never zero or negative and never longer than a hundred years in its own unit; its text and its
value say the same, `span(str(s)) == s`. What a unit means in time is said in due_at.py.
"""

import re
from dataclasses import dataclass
from enum import Enum


class Unit(Enum):
    """The closed set of units; the value is how it is written, for words in the singular."""

    SECONDS = "s"
    MINUTES = "m"
    HOURS = "h"
    DAYS = "day"
    MONTHS = "month"
    YEARS = "year"
    BUSINESS_HOURS = "business hour"
    BUSINESS_DAYS = "business day"


_MOST = {  # a hundred years of each
    Unit.SECONDS: 100 * 366 * 86_400,
    Unit.MINUTES: 100 * 366 * 1_440,
    Unit.HOURS: 100 * 366 * 24,
    Unit.DAYS: 100 * 366,
    Unit.MONTHS: 100 * 12,
    Unit.YEARS: 100,
    Unit.BUSINESS_HOURS: 100 * 366 * 24,
    Unit.BUSINESS_DAYS: 100 * 366,
}
_TEXT = re.compile(r"([0-9]{1,12})(?:([smh])| (day|month|year|business hour|business day)s?)")
_EXAMPLES = '"90s", "15m", "24h", "3 business hours", "1 business day", "30 days", "24 months" or "6 years"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """So many of one unit."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.amount < 1:
            raise ValueError("A duration must be longer than nothing.")
        if self.amount > _MOST[self.unit]:
            raise ValueError("A duration must not be longer than a hundred years.")

    def __str__(self) -> str:
        if self.unit in (Unit.SECONDS, Unit.MINUTES, Unit.HOURS):
            return f"{self.amount}{self.unit.value}"
        return f"{self.amount} {self.unit.value}{'' if self.amount == 1 else 's'}"


def span(text: str) -> Span:
    """Reads a duration of the policy file; ValueError, in a sentence for the person who wrote it, for anything else."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not a duration. Write it like {_EXAMPLES}.")
    amount, short, word = found.groups()
    try:
        return Span(amount=int(amount), unit=Unit(short or word))
    except ValueError as why:
        raise ValueError(f"{text!r}: {why} Write it like {_EXAMPLES}.") from None
