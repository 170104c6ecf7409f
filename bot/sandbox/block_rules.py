"""What Slack demands of blocks, messages, modals and home tabs, and of the answers to type-ahead and submissions.

Invariants: each function returns every fault it finds, as Slack words them, with a JSON pointer; [] means Slack would
take it. Where Slack's documents and its behaviour have differed, the stricter reading is kept: inputs in messages.
"""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from bot.sandbox.element_rules import ID, OPTION, OPTION_GROUP, in_actions, in_context, in_input, in_section
from bot.sandbox.shape_rules import Check, anything, by_type, fault, flag, many, plain, shape, text, words

VIEW_BYTES = 250_000
_BLOCK: dict[str, Check] = {"block_id": ID}


def _text_or_fields(block: Any, path: str) -> Iterator[str]:
    if "text" not in block and "fields" not in block:
        yield fault("must define either `text` or `fields`", path)


BLOCKS: dict[str, Check] = {
    "section": shape(
        {"type": anything},
        {**_BLOCK, "text": text(3000), "fields": many(text(2000), 10), "accessory": in_section, "expand": flag},
        _text_or_fields,
    ),
    "header": shape({"type": anything, "text": plain(150)}, _BLOCK),
    "divider": shape({"type": anything}, _BLOCK),
    "context": shape({"type": anything, "elements": many(in_context, 10)}, _BLOCK),
    "actions": shape({"type": anything, "elements": many(in_actions, 25)}, _BLOCK),
    "input": shape(
        {"type": anything, "label": plain(2000), "element": in_input},
        {**_BLOCK, "hint": plain(2000), "optional": flag, "dispatch_action": flag},
    ),
    "image": shape(
        {"type": anything, "image_url": words(3000), "alt_text": words(2000)}, {**_BLOCK, "title": plain(2000)}
    ),
    "rich_text": shape({"type": anything, "elements": many(anything, 1000)}, _BLOCK),
    "markdown": shape({"type": anything, "text": words(12_000)}, _BLOCK),
}
_in_message = by_type(BLOCKS, [k for k in BLOCKS if k != "input"])
_in_view = by_type(BLOCKS, [k for k in BLOCKS if k != "markdown"])
_META: dict[str, Check] = {
    "private_metadata": words(3000, 0),
    "callback_id": words(255, 0),
    "external_id": words(255, 0),
}
_MODAL = shape(
    {"type": anything, "title": plain(24), "blocks": many(_in_view, 100)},
    {**_META, "close": plain(24), "submit": plain(24), "clear_on_close": flag, "notify_on_close": flag},
)
_HOME = shape({"type": anything, "blocks": many(_in_view, 100)}, _META)
_VIEWS = {"modal": by_type({"modal": _MODAL}), "home": by_type({"home": _HOME})}


def check_message(blocks: Any) -> list[str]:
    """At most 50 blocks, none of them an input."""
    return list(many(_in_message, 50)(blocks, "/blocks")) or list(_repeated(blocks, "/blocks"))


def check_view(view: Any, kind: str) -> list[str]:
    """A modal or a home (`kind`). A modal with inputs has a submit button; one element at most takes the focus."""
    found = list(_VIEWS[kind](view, "/view"))
    if found:
        return found
    found.extend(_repeated(view["blocks"], "/view/blocks"))
    if kind == "modal" and "submit" not in view and any(b["type"] == "input" for b in view["blocks"]):
        found.append(fault("missing required field: submit", "/view"))
    if sum(bool(e.get("focus_on_load")) for b in view["blocks"] for _, e in elements_of(b)) > 1:
        found.append(fault("only one element may have focus_on_load", "/view/blocks"))
    return found


def too_large(view: Any) -> bool:
    """Above 250 KB as JSON, which Slack answers with view_too_large."""
    return len(json.dumps(view).encode()) > VIEW_BYTES


def check_options(answer: Any) -> list[str]:
    """The answer to a block_suggestion: options or option groups, at most 100 of either."""
    if not isinstance(answer, dict) or ("options" in answer) == ("option_groups" in answer):
        return [fault("must define either `options` or `option_groups`", "")]
    lists = {"options": many(OPTION, 100, 0), "option_groups": many(OPTION_GROUP, 100, 0)}
    return list(shape({}, lists)(answer, ""))


def check_errors(errors: Any, view: Any) -> list[str]:
    """Errors of a response_action must be strings under the ids of input blocks of the view that was submitted."""
    if not isinstance(errors, dict) or not errors:
        return [fault("must be an object with at least one block id", "/errors")]
    inputs = {b.get("block_id") for b in view["blocks"] if b["type"] == "input"}
    found = [fault("no input block has this id", f"/errors/{id}") for id in errors if id not in inputs]
    return found + [f for id, said in errors.items() for f in words(3000)(said, f"/errors/{id}")]


def elements_of(block: Any) -> Iterable[tuple[str, Any]]:
    """A block's interactive elements with their place in it; images and texts are left out."""
    kind = block["type"]
    if kind == "actions":
        return [(f"elements/{at}", e) for at, e in enumerate(block["elements"])]
    name = {"section": "accessory", "input": "element"}.get(kind, "")
    return [(name, block[name])] if name in block and block[name]["type"] != "image" else []


def _repeated(blocks: list[Any], path: str) -> Iterator[str]:
    """A block id twice on one surface, or an action id twice in one block."""
    ids = Counter(b["block_id"] for b in blocks if "block_id" in b)
    for at, block in enumerate(blocks):
        if ids.get(block.get("block_id"), 0) > 1:
            yield fault("block_id already exists", f"{path}/{at}/block_id")
        actions = Counter(e["action_id"] for _, e in elements_of(block) if "action_id" in e)
        for place, element in elements_of(block):
            if actions.get(element.get("action_id"), 0) > 1:
                yield fault("action_id already exists in this block", f"{path}/{at}/{place}/action_id")
