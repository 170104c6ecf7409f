"""Rings in lines that should only go up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.cycles import cycles, upwards


@pytest.mark.parametrize(
    ("above", "rings"),
    [
        ({}, []),
        ({"a": "b", "b": "c"}, []),
        ({"a": "a"}, [("a",)]),
        ({"a": "b", "b": "a"}, [("a", "b")]),
        ({"x": "a", "a": "b", "b": "c", "c": "a", "y": "x"}, [("a", "b", "c")]),  # x and y lead in, and are not in it
        ({"a": "b", "b": "a", "c": "d", "d": "c"}, [("a", "b"), ("c", "d")]),
    ],
)
def test_each_ring_is_found_once_and_what_leads_into_it_is_left_out(
    above: dict[str, str], rings: list[tuple[str, ...]]
) -> None:
    assert cycles(above) == rings


@given(st.dictionaries(st.integers(0, 30).map(str), st.integers(0, 30).map(str)))
def test_a_member_is_in_a_ring_exactly_when_its_line_comes_back_to_it(above: dict[str, str]) -> None:
    def comes_back(start: str) -> bool:
        here = above.get(start)
        for _step in above:
            if here == start:
                return True
            here = above.get(here) if here else None
        return False

    found = [member for ring in cycles(above) for member in ring]
    assert sorted(found) == sorted(filter(comes_back, above))


def test_a_long_line_is_walked_once() -> None:
    line = {str(n): str(n + 1) for n in range(100_000)}
    assert cycles(line) == []


def test_a_ring_can_be_told_from_any_member() -> None:
    assert upwards(("a", "b", "c"), "b") == ("b", "c", "a", "b")
    assert upwards(("a",), "a") == ("a", "a")
