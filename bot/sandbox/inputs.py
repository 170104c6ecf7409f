"""What Slack's own client does with a form: fills in defaults, keeps what is typed, and checks before it sends.

Invariants: a value has the exact shape of `view.state.values`; what was typed survives an update wherever block id,
action id and element type stay the same, and the initial value of such an element is then ignored; a button and an
overflow menu have no state.
"""

import copy
import re
import secrets
from typing import Any

from bot.sandbox.block_rules import elements_of
from bot.sandbox.records import Json

State = dict[str, dict[str, Json]]
# element type: (key of the value in state, key of the initial value in the element)
KEYS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("plain_text_input", "email_text_input", "url_text_input"), ("value", "initial_value")),
    "number_input": ("value", "initial_value"),
    **dict.fromkeys(("static_select", "external_select", "radio_buttons"), ("selected_option", "initial_option")),
    **dict.fromkeys(
        ("multi_static_select", "multi_external_select", "checkboxes"), ("selected_options", "initial_options")
    ),
    **{f"{t}s_select": (f"selected_{t}", f"initial_{t}") for t in ("user", "conversation", "channel")},
    **{f"multi_{t}s_select": (f"selected_{t}s", f"initial_{t}s") for t in ("user", "conversation", "channel")},
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
OPTION_KEYS = frozenset({"selected_option", "selected_options"})
REQUIRED = "Please complete this required field."


def with_defaults(blocks: list[Json]) -> list[Json]:
    """A copy as Slack gives it back: block and action ids made up where missing, optional properties spelled out."""
    blocks = copy.deepcopy(blocks)
    for block in blocks:
        block.setdefault("block_id", secrets.token_urlsafe(4))
        if block["type"] == "input":
            block.setdefault("optional", False)
            block.setdefault("dispatch_action", False)
        for _, element in elements_of(block):
            element.setdefault("action_id", secrets.token_urlsafe(4))
            if element["type"] == "plain_text_input":
                element.setdefault("dispatch_action_config", {"trigger_actions_on": ["on_enter_pressed"]})
    _spell_out(blocks)
    return blocks


def _spell_out(value: Any) -> None:
    if isinstance(value, dict):
        if "text" in value and value.get("type") in ("plain_text", "mrkdwn"):
            value.setdefault(*(("emoji", True) if value["type"] == "plain_text" else ("verbatim", False)))
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        _spell_out(inner)


def stateful(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Every (block, element) that has a state, in the order seen."""
    return [(b, e) for b in blocks for _, e in elements_of(b) if e["type"] in KEYS]


def is_many(element: Json) -> bool:
    return str(element["type"]).startswith(("multi_", "checkboxes"))


def first_state(blocks: list[Json], kept: State | None = None, before: list[Json] | None = None) -> State:
    """The state of fresh blocks, or of blocks that replace `before`, whose state was `kept`."""
    types = {(b["block_id"], e["action_id"]): e["type"] for b, e in stateful(before or [])}
    state: State = {}
    for block, element in stateful(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        key, initial = KEYS[element["type"]]
        value = {"type": element["type"], key: element.get(initial) or ([] if is_many(element) else None)}
        if kept and types.get((block_id, action_id)) == element["type"]:
            value = kept[block_id][action_id]
        state.setdefault(block_id, {})[action_id] = value
    return state


def value_of(element: Json, chosen: Any, offered: list[Json]) -> Json:
    """The state after this choice. Options are named by their value, people and channels by id, times by epoch second.

    Refused (LookupError): an option that is neither in the element nor among those last `offered` by type-ahead.
    """
    key, _ = KEYS[element["type"]]
    if is_many(element):
        picked: Any = list(chosen or [])
    else:
        picked = None if chosen == "" else chosen
    if key in OPTION_KEYS and picked:
        options = [*options_of(element), *offered]
        picked = [_option(options, p) for p in picked] if is_many(element) else _option(options, picked)
    return {"type": element["type"], key: picked}


def options_of(element: Json) -> list[Json]:
    return [*element.get("options", []), *(o for g in element.get("option_groups", []) for o in g["options"])]


def _option(options: list[Json], value: str) -> Json:
    found = [o for o in options if o["value"] == value]
    if not found:
        raise LookupError(f"no such option: {value!r}, only {[o['value'] for o in options]}")
    return found[0]


def refused_locally(blocks: list[Json], state: State) -> dict[str, str]:
    """What Slack says beside the fields before it sends anything: block id to words; {} lets the submission go."""
    errors: dict[str, str] = {}
    for block, element in stateful(blocks):
        if block["type"] != "input":
            continue
        value = state[block["block_id"]][element["action_id"]][KEYS[element["type"]][0]]
        said = _judge(element, value) if value else ("" if block["optional"] else REQUIRED)
        if said:
            errors[block["block_id"]] = said
    return errors


def _judge(element: Json, value: Any) -> str:
    kind = element["type"]
    if kind == "plain_text_input":
        if len(value) < element.get("min_length", 0):
            return f"Please enter at least {element['min_length']} characters."
        most = element.get("max_length", 3000)
        return f"Please enter no more than {most} characters." if len(value) > most else ""
    if is_many(element):
        most = element.get("max_selected_items", len(value))
        return f"Please choose no more than {most}." if len(value) > most else ""
    patterns = {
        "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Please enter a valid email address."),
        "url_text_input": (r"https?://\S+", "Please enter a valid URL."),
        "number_input": (
            r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+",
            "Please enter a valid number.",
        ),
    }
    pattern, said = patterns.get(kind, ("", ""))
    return said if pattern and not re.fullmatch(pattern, value) else ""
