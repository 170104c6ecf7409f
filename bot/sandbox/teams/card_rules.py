"""What Teams takes: the vocabulary of Adaptive Cards 1.5, closed, and stricter rules of ours.

Stricter: an element or property nobody named is a fault; text stands in runs, which take no markup; what opens a dialog
is a Submit that fetches one, in a message only; an Execute has its Submit to fall back to; what stands in a menu is one
of its choices; at most seven inputs to a dialog.
"""

import json
from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
MOST_INPUTS = 7
MESSAGE_BYTES = 28_000
STR, BOOL, INT, LIST, DICT = str, bool, int, list, dict
_ELEMENT = {"type": STR, "id": STR, "separator": BOOL, "spacing": STR, "isVisible": BOOL}
_INPUT = {**_ELEMENT, "label": STR, "value": STR}
_ACTION = {"type": STR, "title": STR, "style": STR}
PROPERTIES: dict[str, dict[str, type]] = {
    "AdaptiveCard": {"type": STR, "version": STR, "$schema": STR, "body": LIST},
    "RichTextBlock": {**_ELEMENT, "inlines": LIST},
    "TextRun": {"type": STR, "text": STR, "weight": STR, "size": STR, "isSubtle": BOOL, "color": STR},
    "ColumnSet": {**_ELEMENT, "columns": LIST},
    "Column": {**_ELEMENT, "items": LIST, "width": STR},
    "ActionSet": {**_ELEMENT, "actions": LIST},
    "Input.Text": {**_INPUT, "maxLength": INT, "isMultiline": BOOL},
    "Input.Date": _INPUT,
    "Input.Time": _INPUT,
    "Input.ChoiceSet": {**_INPUT, "choices": LIST, "style": STR, "wrap": BOOL, "isMultiSelect": BOOL},
    "Action.Submit": {**_ACTION, "data": DICT},
    "Action.Execute": {**_ACTION, "data": DICT, "verb": STR, "fallback": DICT},
    "Action.ShowCard": {**_ACTION, "card": DICT},
}
REQUIRED = {
    "AdaptiveCard": ("body",),
    "RichTextBlock": ("inlines",),
    "TextRun": ("text",),
    "ColumnSet": ("columns",),
    "Column": ("items",),
    "ActionSet": ("actions",),
    "Input.Text": ("id", "label"),
    "Input.Date": ("id", "label"),
    "Input.Time": ("id", "label"),
    "Input.ChoiceSet": ("id", "label", "choices"),
    "Action.Submit": ("title", "data"),
    "Action.Execute": ("title", "data", "verb", "fallback"),
    "Action.ShowCard": ("title", "card"),
}
VALUES = {
    ("TextRun", "weight"): {"Lighter", "Default", "Bolder"},
    ("TextRun", "size"): {"Default", "Small", "Medium", "Large", "ExtraLarge"},
    ("TextRun", "color"): {"Default", "Dark", "Light", "Accent", "Good", "Warning", "Attention"},
    ("Input.ChoiceSet", "style"): {"compact", "expanded"},
    ("Action.Submit", "style"): {"default", "positive", "destructive"},
    ("Action.Execute", "style"): {"default", "positive", "destructive"},
    ("Column", "width"): {"auto", "stretch"},
}
INSIDE = {"body": 1, "inlines": 1, "items": 1, "columns": 1, "actions": 1, "fallback": 0, "card": 0}


def parts(part: Any) -> Iterator[Json]:
    """The card and everything in it, from top to bottom."""
    if isinstance(part, dict):
        yield part
        for name in INSIDE:
            inner = part.get(name)
            for one in inner if isinstance(inner, list) else [inner]:
                yield from parts(one)


def inputs(card: Json) -> list[Json]:
    return [p for p in parts(card) if str(p.get("type")).startswith("Input.")]


def check(card: Any, *, dialog: bool) -> list[str]:
    """What is wrong with it; nothing, when Teams would paint it."""
    if not isinstance(card, dict) or card.get("type") != "AdaptiveCard" or card.get("version") != "1.5":
        return ["not an Adaptive Card 1.5"]
    wrong = [problem for part in parts(card) for problem in _check(part)]
    wrong += [problem for part in parts(card) for problem in _check_action(part, dialog=dialog)]
    asked = [p["id"] for p in inputs(card) if "id" in p]
    wrong += [] if len(set(asked)) == len(asked) else ["an input id is there twice"]
    wrong += [] if len(asked) <= MOST_INPUTS else [f"{len(asked)} inputs in one dialog"]
    wrong += [] if dialog or not asked else ["an input in a message, where what is typed stays"]
    return wrong


def check_message(cards: list[Any]) -> list[str]:
    size = sum(len(json.dumps(card, ensure_ascii=False).encode()) for card in cards)
    return [f"a message of {size} bytes"] if size > MESSAGE_BYTES else []


def _check(part: Json) -> Iterator[str]:
    kind = str(part.get("type"))
    allowed = PROPERTIES.get(kind)
    if allowed is None:
        yield f"unknown element {kind}"
        return
    for name in REQUIRED[kind]:
        if part.get(name) in (None, "", [], {}) and name != "choices":
            yield f"{kind} without {name}"
    for name, value in part.items():
        if name not in allowed:
            yield f"{kind} has no {name}"
        elif not isinstance(value, allowed[name]) or (isinstance(value, bool) and allowed[name] is not BOOL):
            yield f"{kind}.{name} is a {type(value).__name__}"
        elif value not in VALUES.get((kind, name), {value} if isinstance(value, str) else [value]):
            yield f"{kind}.{name} is {value!r}"
    if kind == "Input.ChoiceSet":
        yield from _check_choices(part)


def _check_choices(part: Json) -> Iterator[str]:
    values = []
    for choice in part.get("choices") or []:
        if not isinstance(choice, dict) or set(choice) != {"title", "value"} or not all(choice.values()):
            yield "a choice without title or value"
        else:
            values.append(choice["value"])
    many = part.get("isMultiSelect")
    if many and any("," in value for value in values):
        yield "a choice of several with a comma in it"
    chosen = [v for v in str(part.get("value") or "").split(",") if v] if many else [part.get("value")]
    if any(one and one not in values for one in chosen):
        yield f"{part.get('id')} holds what is not offered"
    if len(set(values)) != len(values):
        yield "a choice is there twice"


def _check_action(part: Json, *, dialog: bool) -> Iterator[str]:
    kind = part.get("type")
    if kind not in ("Action.Submit", "Action.Execute"):
        return
    fetches = (part.get("data") or {}).get("msteams", {}).get("type") == "task/fetch"
    if dialog and (kind != "Action.Submit" or fetches):
        yield "a dialog takes plain Submits only"
    if kind == "Action.Execute" and fetches:
        yield "an Execute cannot open a dialog"
    if kind == "Action.Execute" and (part.get("fallback") or {}).get("type") != "Action.Submit":
        yield "an Execute without a Submit to fall back to"
