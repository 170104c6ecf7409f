"""The search takes time in proportion to the text: shown by the shape of its patterns, not by a clock."""

import re
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import pytest

from handlers.rules import card_numbers, identity_numbers, mishap, sensitive
from handlers.rules.sensitive import Kind, hits

CARD = "4111 1111 1111 1111"


def kinds(text: str) -> set[Kind]:
    return {hit.kind for hit in hits(text)}


def patterns() -> list[re.Pattern[str]]:
    found: list[re.Pattern[str]] = []

    def collect(value: Any) -> None:
        if isinstance(value, re.Pattern):
            found.append(value)
        elif isinstance(value, dict):
            collect(list(value.values()))
        elif isinstance(value, (list, tuple)):
            for each in value:
                collect(each)

    modules: tuple[ModuleType, ...] = (sensitive, card_numbers, identity_numbers, mishap)
    for module in modules:
        collect(list(vars(module).values()))
    return found


def most_steps(parsed: Any) -> int:
    """An upper bound of the characters one attempt at a match can read, its repeats unfolded; fails on no bound."""
    total = 0
    for code, argument in parsed:
        if code in (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT):
            _, most, inner = argument
            assert most != sre.MAXREPEAT, "a repeat without a bound"
            total += most * most_steps(inner)
        elif code is sre.BRANCH:
            total += sum(most_steps(branch) for branch in argument[1])
        elif code is sre.SUBPATTERN:
            total += most_steps(argument[-1])
        elif code in (sre.ASSERT, sre.ASSERT_NOT):
            total += most_steps(argument[1])
        else:
            total += 1
    return total


def test_no_pattern_can_read_more_than_a_bounded_stretch_from_one_place() -> None:
    """Only the run of digits has no bound: possessive, alone in its pattern, it reads every character once."""
    free = [pattern for pattern in patterns() if pattern.pattern == "[0-9]++"]
    bounded = [pattern for pattern in patterns() if pattern not in free]
    assert len(free) == 1
    assert len(bounded) > 15
    assert max(most_steps(_parser.parse(pattern.pattern, pattern.flags)) for pattern in bounded) < 6_000


def test_from_one_digit_on_a_card_is_sought_in_nineteen_digits_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at: list[int] = []
    honest = card_numbers._reads_as_one

    def counted(text: str, runs: Any, first: int, last: int) -> bool:
        looked_at.append(last - first + 1)
        return honest(text, runs, first, last)

    monkeypatch.setattr(card_numbers, "_reads_as_one", counted)
    assert hits("4 " * 2_000) == ()
    assert max(looked_at) <= 19
    assert len(looked_at) <= 2_000 * 7  # lengths 13 to 19


@pytest.mark.parametrize(
    "piece",
    [
        *("4", "4 ", "41111 ", "GB82", "0-", "+1 ", " "),
        *("a", "a@", "a@a.", "-BEGIN A ", "eyJaaaaaaaaaa", "sk-", "xoxb-", "passport ", "born on "),
        *("\u200b", "4\u200b", "\ufdfa", "a\u0301\u0323", "\u0334\u0301"),
    ],
)
def test_twenty_thousand_characters_made_to_be_slow_are_read_to_the_end(piece: str) -> None:
    hostile = (piece * 20_000)[:20_000]
    assert Kind.CARD not in kinds(hostile)
    assert Kind.CARD in kinds(f"{hostile}; {CARD}")
