"""The rota: the first turn that has the day, both ends included, and what is open is seen."""

from datetime import date

import pytest

from handlers.rules.on_call import Stretch, Turn, on_call, stretches, until

DEC = [date(2026, 12, day) for day in range(1, 32)]
ANN = Turn(name="Ann", phone="1", first=DEC[0], last=DEC[6])
BEN = Turn(name="Ben", phone="2", first=DEC[4], last=DEC[9])
DESK = Turn(name="Desk", phone="3")


@pytest.mark.parametrize(
    ("rota", "day", "name"),
    [
        ((ANN, BEN), date(2026, 11, 30), None),
        ((ANN, BEN), DEC[0], "Ann"),
        ((ANN, BEN), DEC[5], "Ann"),  # both have the 6th: the first in the file
        ((BEN, ANN), DEC[5], "Ben"),
        ((ANN, BEN), DEC[6], "Ann"),  # the last day belongs to it
        ((ANN, BEN), DEC[7], "Ben"),
        ((ANN, BEN), DEC[10], None),
        ((ANN, BEN, DESK), DEC[10], "Desk"),
        ((DESK, ANN), DEC[2], "Desk"),
        ((Turn(name="Cas", phone="4", first=DEC[3]),), DEC[30], "Cas"),
        ((Turn(name="Cas", phone="4", last=DEC[3]),), DEC[4], None),
        ((), DEC[0], None),
    ],
)
def test_the_first_turn_that_has_the_day_is_on_call(rota: tuple[Turn, ...], day: date, name: str | None) -> None:
    found = on_call(rota, day)
    assert (found.name if found else None) == name


def test_a_turn_of_somebody_who_has_left_is_passed_over() -> None:
    assert on_call((ANN, BEN, DESK), DEC[5], lambda turn: turn is not ANN) is BEN


def test_the_coming_days_come_stretch_by_stretch_with_the_gaps_between() -> None:
    assert stretches((ANN, BEN), DEC[5], 7) == [
        Stretch(turn=ANN, first=DEC[5], last=DEC[6]),
        Stretch(turn=BEN, first=DEC[7], last=DEC[9]),
        Stretch(turn=None, first=DEC[10], last=DEC[11]),
    ]


def test_a_turn_lasts_until_another_one_counts_or_without_end() -> None:
    assert until((ANN, DESK), DEC[1]) == DEC[6]
    assert until((ANN, DESK), DEC[8]) is None
    assert until((BEN, DESK), DEC[1]) == DEC[3]  # the desk's, before Ben's begins
