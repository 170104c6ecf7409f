"""Rings in a line that should only go up: whose supervisor is in the end himself, which file lies inside itself."""

from collections.abc import Mapping


def cycles(above: Mapping[str, str]) -> list[tuple[str, ...]]:
    """Every ring once, from one of its members upwards. `above` names at most one next step for each; a member whose
    next step is itself is a ring of one. The work grows with the number of members."""
    found: list[tuple[str, ...]] = []
    seen: set[str] = set()
    for start in above:
        path: list[str] = []
        place: dict[str, int] = {}
        here = start
        while here in above and here not in seen:
            seen.add(here)
            place[here] = len(path)
            path.append(here)
            here = above[here]
        if here in place:
            found.append(tuple(path[place[here] :]))
    return found


def upwards(ring: tuple[str, ...], first: str) -> tuple[str, ...]:
    """The same ring told from `first`, and back to it: (a, b, c) from b is b, c, a, b."""
    at = ring.index(first)
    return (*ring[at:], *ring[:at], first)
