"""The ENISA method: its vectors, every sum of its whole grid beside another way to reckon it, and what it refuses."""

import itertools
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import pytest

from handlers.rules.severity import (
    BadFacts,
    Band,
    Flag,
    Severity,
    Words,
    band,
    facts,
    flags,
    severity,
    suggestion,
)

LOSSES = ("confidentiality", "integrity", "availability")
QUARTERS = (0, 1, 2)  # of each loss, in quarters
NOTHING: Mapping[str, object] = {
    "dpc": 1,
    "ei": 1,
    "confidentiality": 0,
    "integrity": 0,
    "availability": 0,
    "malicious": False,
}


def reckoned(**given: object) -> Severity:
    exact = {name: Decimal(value) if isinstance(value, str) else value for name, value in given.items()}
    return severity(facts({**NOTHING, **exact}))


VECTORS = [
    ({"confidentiality": "0.25"}, "1.25", "Low"),  # 1 x 1 + 0.25
    ({"confidentiality": "0.5", "malicious": True}, "2.0", "Medium"),  # 1 x 1 + 0.5 + 0.5: on the edge, the upper band
    ({"dpc": 3, "confidentiality": "0.5"}, "3.5", "High"),  # 3 x 1 + 0.5
    ({"dpc": 4, "confidentiality": "0.25"}, "4.25", "Very high"),  # 4 x 1 + 0.25
    ({"dpc": 2, "ei": "0.25"}, "0.5", "Low"),  # 2 x 0.25 + 0
    ({"ei": "0.25"}, "0.25", "Low"),  # the least there is
    ({"dpc": 4, **dict.fromkeys(LOSSES, "0.5"), "malicious": True}, "6.0", "Very high"),  # the most
    ({"dpc": 2, "ei": "0.75", "integrity": "0.25"}, "1.75", "Low"),  # a quarter below the edge
    ({"dpc": 2, "ei": "0.75", "integrity": "0.5"}, "2.0", "Medium"),
    ({"dpc": 3, "ei": "0.75", "availability": "0.5"}, "2.75", "Medium"),
    ({"dpc": 3}, "3.0", "High"),
    ({"dpc": 3, "ei": "0.75", "malicious": True, "integrity": "0.5", "availability": "0.5"}, "3.75", "High"),
    ({"dpc": 4}, "4.0", "Very high"),
]


@pytest.mark.parametrize(("given", "score", "name"), VECTORS)
def test_the_vectors_have_their_score_and_band(given: dict[str, object], score: str, name: str) -> None:
    found = reckoned(**given)
    assert (found.score, found.band.value) == (Decimal(score), name)
    assert found.sentence.endswith(f" = {score} {name}")


def test_every_sum_of_the_grid_is_that_of_fractions() -> None:
    seen = set()
    for dpc, ei, c, i, a, malicious in itertools.product((1, 2, 3, 4), (1, 2, 3, 4), *[QUARTERS] * 3, (False, True)):
        expected = dpc * Fraction(ei, 4) + Fraction(c + i + a, 4) + (Fraction(1, 2) if malicious else 0)
        losses = {name: Decimal(value) / 4 for name, value in zip(LOSSES, (c, i, a), strict=True)}
        found = severity(facts({"dpc": dpc, "ei": Decimal(ei) / 4, **losses, "malicious": malicious}))
        assert Fraction(found.score) == expected
        assert float(found.score) == float(expected)
        assert found.band.value == ("Low", "Low", "Medium", "High", "Very high")[min(expected.__floor__(), 4)]
        seen.add(expected)
    assert (min(seen), max(seen)) == (Fraction(1, 4), 6)


@pytest.mark.parametrize(
    ("score", "found"),
    [("1.999999999999999999999", Band.LOW), ("2", Band.MEDIUM), ("3.0000", Band.HIGH), ("4", Band.VERY_HIGH)],
)
def test_an_edge_belongs_to_the_upper_band_exactly(score: str, found: Band) -> None:
    assert band(Decimal(score)) is found


def test_more_harm_never_makes_a_lower_score() -> None:
    for dpc, ei, loss in itertools.product((1, 2, 3), (1, 2, 3), (0, 1)):
        less = reckoned(dpc=dpc, ei=Decimal(ei) / 4, integrity=Decimal(loss) / 4)
        assert reckoned(dpc=dpc + 1, ei=Decimal(ei) / 4, integrity=Decimal(loss) / 4).score > less.score
        assert reckoned(dpc=dpc, ei=Decimal(ei + 1) / 4, integrity=Decimal(loss) / 4).score > less.score
        assert reckoned(dpc=dpc, ei=Decimal(ei) / 4, integrity=Decimal(loss + 1) / 4).score > less.score
        assert reckoned(dpc=dpc, ei=Decimal(ei) / 4, integrity=Decimal(loss) / 4, malicious=True).score > less.score


def test_the_sum_is_told_in_words() -> None:
    given = facts({**NOTHING, "dpc": 4, "confidentiality": Decimal("0.25")})
    words = Words(dpc="health", ei="name", cb="one known recipient")
    assert severity(given, words).sentence == (
        "DPC 4 (health) x EI 1 (name) + CB 0.25 (one known recipient) = 4.25 Very high"
    )
    assert severity(given).sentence == (
        "DPC 4 x EI 1 (maximum) + CB 0.25 (a known number of recipients) = 4.25 Very high"
    )
    assert reckoned(dpc=2, ei="0.25").sentence == "DPC 2 x EI 0.25 (negligible) + CB 0 = 0.5 Low"


def test_several_circumstances_are_told_with_their_numbers() -> None:
    found = reckoned(confidentiality="0.25", integrity="0.25", availability="0.5", malicious=True)
    assert "CB 1.5 (0.25 a known number of recipients + 0.25 altered, recoverable + 0.5 lost for good + " in (
        found.sentence
    )
    assert found.sentence.endswith("0.5 malicious) = 2.5 Medium")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("dpc", value) for value in (0, 5, -1, Decimal("2.5"), True, "3", None, [3])),
        *(("ei", value) for value in (0, Decimal("0.3"), 2, "1", True, Decimal("NaN"), Decimal("1e999999"))),
        *((loss, value) for loss in LOSSES for value in (1, Decimal("0.75"), Decimal("-0.25"), False, None, "0")),
        *(("malicious", value) for value in (0, 1, Decimal("0.5"), "yes", None)),
    ],
)
def test_what_is_not_in_the_methods_tables_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(BadFacts) as bad:
        facts({**NOTHING, name: value})
    assert [fault.partition(":")[0] for fault in bad.value.faults] == [name]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    with pytest.raises(BadFacts) as bad:
        facts({"dpc": 7, "volume": 2})
    assert [fault.split(maxsplit=1)[0] for fault in bad.value.faults] == [
        "dpc:",
        "ei:",
        *(f"{loss}:" for loss in LOSSES),
        "malicious:",
        "'volume'",
    ]


def test_the_same_number_written_otherwise_is_the_same_number() -> None:
    assert reckoned(dpc="3.0", ei="0.50") == reckoned(dpc=3, ei="0.5")


def test_a_suggestion_rises_with_the_band_and_stands_apart_from_the_score() -> None:
    told = [(one.authority, one.people, one.urgent) for one in map(suggestion, Band)]
    assert told == [(False, False, False), (True, False, False), (True, True, False), (True, True, True)]
    assert "Ask all the same" in suggestion(Band.LOW).text
    assert set(Severity.__slots__) == {"score", "band", "sentence"}


@pytest.mark.parametrize(
    ("individuals", "unintelligible", "key_safe", "raised"),
    [
        (100, False, False, ()),
        (101, False, False, (Flag.MANY,)),
        (None, None, None, (Flag.MANY,)),  # nobody knows: the worse
        (3, True, True, (Flag.UNINTELLIGIBLE,)),
        (3, True, None, ()),
        (3, True, False, ()),
        (3, None, True, ()),
        (500, True, True, (Flag.MANY, Flag.UNINTELLIGIBLE)),
    ],
)
def test_flags_stand_beside_the_score(
    individuals: int | None, unintelligible: bool | None, key_safe: bool | None, raised: tuple[Flag, ...]
) -> None:
    assert flags(individuals=individuals, unintelligible=unintelligible, key_safe=key_safe) == raised
