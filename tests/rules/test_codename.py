"""Codenames: two words that say nothing, never the same ones twice."""

import hashlib
import re

from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.codename import ADJECTIVES, ANIMALS, codename

PAIRS = {f"{adjective} {animal}" for adjective in ADJECTIVES for animal in ANIMALS}


def test_the_words_are_evenly_drawn_from_128_of_each_without_a_double() -> None:
    assert len(set(ADJECTIVES)) == len(ADJECTIVES) == 128
    assert len(set(ANIMALS)) == len(ANIMALS) == 128
    assert not set(ADJECTIVES) & set(ANIMALS)
    assert all(re.fullmatch("[A-Z][a-z]{2,11}", word) for word in (*ADJECTIVES, *ANIMALS))
    assert "Quiet Heron" in PAIRS


@given(seed=st.binary(max_size=64))
def test_the_seed_alone_decides_and_gives_two_words(seed: bytes) -> None:
    assert codename(seed, set()) in PAIRS
    assert codename(seed, set()) == codename(seed, set())


@given(seed=st.binary(max_size=64), taken=st.integers(1, 40))
def test_a_taken_codename_is_never_given_again(seed: bytes, taken: int) -> None:
    given_before: set[str] = set()
    for _time in range(taken):
        word = codename(seed, given_before)
        assert word not in given_before
        given_before.add(word)


def test_when_all_pairs_are_taken_a_third_word_is_added_and_none_stands_twice() -> None:
    for number in range(1_000):  # of so many, eight would have the same adjective twice by chance
        first, second, animal = codename(number.to_bytes(2, "big"), PAIRS).split()
        assert first in ADJECTIVES
        assert second in ADJECTIVES
        assert first != second
        assert animal in ANIMALS


def test_eight_thousand_files_share_the_pairs_evenly() -> None:
    # Half of the 16,384 pairs go, so all 64 tries at two words fail for one file in 2**64 at most.
    taken: set[str] = set()
    for number in range(8_192):
        taken.add(codename(hashlib.sha256(str(number).encode()).digest(), taken))
    assert taken <= PAIRS
    assert {word.split()[0] for word in taken} == set(ADJECTIVES)
    assert {word.split()[1] for word in taken} == set(ANIMALS)
