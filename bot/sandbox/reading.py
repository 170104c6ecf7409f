"""What a person sees on a message, modal or home, found by the words on it rather than by ids.

Invariants: nothing here changes anything; a label that is not there, or is there twice, is a LookupError that lists
what there is instead.
"""

from collections.abc import Iterator
from functools import singledispatch
from typing import Any

from bot.sandbox.block_rules import elements_of
from bot.sandbox.inputs import KEYS, options_of
from bot.sandbox.records import Json, Message, View

Found = tuple[Json, Json]  # (block, element)


def blocks_of(place: Message | View) -> list[Json]:
    blocks: list[Json] = place.json["blocks"] if isinstance(place, View) else place.blocks
    return blocks


def elements(place: Message | View) -> list[Found]:
    """Everything that can be pressed, chosen or typed into, from top to bottom."""
    return [(b, e) for b in blocks_of(place) for _, e in elements_of(b)]


def element(place: Message | View, action_id: str, block_id: str = "") -> Found:
    found = [(b, e) for b, e in elements(place) if e["action_id"] == action_id and block_id in ("", b["block_id"])]
    return _only(
        found, f"{block_id} {action_id}".strip(), [f"{b['block_id']} {e['action_id']}" for b, e in elements(place)]
    )


@singledispatch
def buttons(place: Any) -> list[str]:
    """The words on the buttons. Each platform's surfaces are registered where they are read."""
    return [e["text"]["text"] for _, e in elements(place) if e["type"] == "button"]


def button(place: Message | View, label: str, below: str = "") -> Found:
    """The button with this label; where there are several cards, the first `below` these words."""
    found = [(b, e) for b, e in elements(place) if e["type"] == "button" and e["text"]["text"] == label]
    if below:
        blocks = blocks_of(place)
        head = next((at for at, block in enumerate(blocks) if any(below in t for t in _texts(block))), len(blocks))
        found = [(b, e) for b, e in found if any(b is block for block in blocks[head:])][:1]
    return _only(found, label, buttons(place))


def field(place: Message | View, label: str) -> Found:
    """The input under this label; for a menu outside an input block, beside this text or with this placeholder."""
    inputs = [(b, e) for b, e in elements(place) if e["type"] in KEYS]
    return _only([f for f in inputs if label in _names(*f)], label, [n for f in inputs for n in _names(*f)])


def fields(place: Message | View) -> list[str]:
    """The labels of a form, in order."""
    return [_names(b, e)[0] for b, e in elements(place) if e["type"] in KEYS]


def _names(block: Json, element: Json) -> list[str]:
    said = block.get("label") or block.get("text")
    return [t["text"] for t in (said, element.get("placeholder")) if t] or [""]


def option_texts(element: Json) -> list[str]:
    return [o["text"]["text"] for o in options_of(element)]


@singledispatch
def text_of(place: Any) -> str:
    """All words on the surface, one piece a line: blocks, labels, buttons, title, and a message's own text."""
    head = [place.text] if isinstance(place, Message) else list(_texts(place.json.get("title")))
    return "\n".join([*head, *_texts(blocks_of(place))])


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _texts(inner)


def _only(found: list[Found], wanted: str, present: list[str]) -> Found:
    if len(found) != 1:
        raise LookupError(f"{wanted!r} is there {len(found)} times among {present}")
    return found[0]
