"""Makes a payload wrong on purpose, where it hurts: another type, another size, another name, at any path.

Invariants: all chance is the caller's, so a seed tells a case; the payload given is left as it is; what is made can be
written as JSON, lone surrogates, NaN and all.
"""

import copy
import json
import random
from collections.abc import Callable, Iterator
from typing import Any

from handlers.router import entries

Place = tuple[Any, Any]  # a dict or list, and a key in it
Change = Callable[["Mutator", Any, Place], None]
WORDS = (
    "", " ", "\0", "a\0b", "\ud800", "\udfff\ud800", "\ufeff", "\u202e", "\r\n\r\n", "%00%ff", "../../etc/passwd",
    "{0.__class__}", "%s%n", "<!channel>", "'; DROP TABLE audit_log; --", "é" * 200, "𝔘" * 80, "null", "0", "-1",
    "T0OTHER", "U0NOBODY", "USLACKBOT", "[]", "{}", "[[", '{"name": 1}', "x~y~z", "~99999999999", "form", "page",
    "say", "modal", "home", "~" * 3,
)  # fmt: skip
NUMBERS = (
    0,
    -1,
    1,
    2**31,
    -(2**63),
    2**63,
    2**64,
    10**30,
    -(10**18),
    253402300800,
    1e308,
    -1e308,
    0.5,
    float("nan"),
    float("inf"),
)
OTHERS = (
    None,
    True,
    False,
    [],
    {},
    [None],
    [[]],
    {"": ""},
    {"id": None},
    {"type": []},
    [{}],
    [1, "a", {}],
    {"text": {"text": {}}},
)
HUGE = 20_000
_IDS = (
    "id",
    "team_id",
    "user_id",
    "user",
    "channel_id",
    "value",
    "view_id",
    "type",
    "callback_id",
    "action_id",
    "name",
)


def places(tree: Any) -> Iterator[Place]:
    """Every key of every dict and every index of every list, from the top."""
    keys = list(tree) if isinstance(tree, dict) else range(len(tree)) if isinstance(tree, list) else ()
    for key in keys:
        yield tree, key
        yield from places(tree[key])


class Mutator:
    """`word` is put into texts, and nowhere else may it turn up."""

    def __init__(self, chance: random.Random, word: str) -> None:
        self.chance, self.word = chance, word
        self.names = [entry.name for entry in entries()]

    def marked(self, tree: Any) -> Any:
        """A copy in which everything that a person may have typed holds the word."""
        found = copy.deepcopy(tree)
        for holder, key in list(places(found)):
            typed = isinstance(holder, dict) and (
                (key == "value" and holder.get("type") == "plain_text_input")
                or (
                    key in ("text", "real_name", "title", "phone")
                    and isinstance(holder[key], str)
                    and "command" not in holder
                )
            )
            if typed:
                holder[key] = f"{holder[key] or ''} {self.word}"
        if isinstance(found, dict) and "command" in found and found["command"] != "/sopwith":
            found["text"] = f"{found.get('text', '')} {self.word}"
        return found

    def mutated(self, tree: Any) -> Any:
        """A copy with one to four things wrong."""
        found = copy.deepcopy(tree)
        for _time in range(self.chance.choice((1, 1, 1, 2, 3, 4))):
            here = list(places(found))
            if not here:
                break
            self._change(found, self.chance.choice(here))
        return found

    def _change(self, tree: Any, place: Place) -> None:
        holder, key = place
        if key == "private_metadata" and self.chance.random() < 0.8:
            holder[key] = self._metadata(holder[key])
        else:
            self.chance.choice(CHANGES)(self, tree, place)

    def _metadata(self, text: Any) -> Any:
        """Names and ids that no form of ours remembers."""
        try:
            kept = json.loads(text)
        except (TypeError, ValueError):
            return self.nasty()
        if not isinstance(kept, dict) or self.chance.random() < 0.2:
            return self.nasty()
        kept[self.chance.choice(("name", "subject", "form_id", "home", "more"))] = self.chance.choice(
            (self.nasty(), self.chance.choice(self.names))
        )
        return json.dumps(kept)

    def nasty(self) -> Any:
        """A value that hardly anybody expects."""
        draw = self.chance.random()
        if draw < 0.35:
            return self.chance.choice(WORDS)
        if draw < 0.55:
            return self.chance.choice(NUMBERS)
        if draw < 0.9:
            return copy.deepcopy(self.chance.choice(OTHERS))
        if draw < 0.95:
            return (self.word + " ") * (HUGE // 17)
        return nested(self.chance.choice((5, 60, 400)), self.chance.random() < 0.5)


def nested(depth: int, lists: bool) -> Any:
    found: Any = None
    for _level in range(depth):
        found = [found] if lists else {"value": found}
    return found


def _dropped(_by: Mutator, _tree: Any, place: Place) -> None:
    del place[0][place[1]]


def _replaced(by: Mutator, _tree: Any, place: Place) -> None:
    place[0][place[1]] = by.nasty()


def _grown(by: Mutator, _tree: Any, place: Place) -> None:
    """More of the same: a text, a list."""
    old = place[0][place[1]]
    if isinstance(old, str):
        place[0][place[1]] = by.chance.choice(
            (old + by.chance.choice(WORDS), old * 2, old + by.word, old[: len(old) // 2])
        )
    elif isinstance(old, list):
        place[0][place[1]] = old * by.chance.choice((0, 2, 30))
    elif isinstance(old, dict):
        old[by.chance.choice((*_IDS, by.word))] = by.nasty()
    else:
        place[0][place[1]] = by.chance.choice(NUMBERS)


def _swapped(by: Mutator, tree: Any, place: Place) -> None:
    """With what stands elsewhere."""
    holder, key = by.chance.choice(list(places(tree)))
    other = copy.deepcopy(holder[key])
    holder[key], place[0][place[1]] = copy.deepcopy(place[0][place[1]]), other


def _renamed(by: Mutator, _tree: Any, place: Place) -> None:
    """A procedure's name where one stands, known or not."""
    verb = by.chance.choice(("opens:", "does:", "search:", "", "form", "/"))
    name = by.chance.choice((*by.names, "nothing.like.it", by.word))
    place[0][place[1]] = f"{verb}{name}{by.chance.choice(('', '#1', '#', '#x#2'))}"


def _wrapped(by: Mutator, _tree: Any, place: Place) -> None:
    old = place[0][place[1]]
    place[0][place[1]] = by.chance.choice(([old], {"id": old}, str(old), json.dumps(old)))


CHANGES: tuple[Change, ...] = (_dropped, _replaced, _replaced, _grown, _grown, _swapped, _renamed, _wrapped)
