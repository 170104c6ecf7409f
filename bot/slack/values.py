"""Reads a form back: Slack's `view.state.values` as the values of views.py.

Invariants: nothing is stripped; an instant is aware and in UTC; a field that is asked but left empty is there, as an
empty text, an empty tuple or None.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from handlers.views import Option, Value


def field_of(block_id: str) -> str:
    """The field's name: a block id may end in `~2` (see forms.py)."""
    return block_id.partition("~")[0]


def read(view: Mapping[str, Any]) -> dict[str, Value]:
    """By field name, in the order of the form."""
    return {
        field_of(block_id): _value(element)
        for block_id, elements in ((view.get("state") or {}).get("values") or {}).items()
        for element in elements.values()
    }


def _value(element: Mapping[str, Any]) -> Value:
    match element["type"]:
        case "plain_text_input":
            return str(element.get("value") or "")
        case "checkboxes" | "multi_static_select":
            return tuple(str(o["value"]) for o in element.get("selected_options") or ())
        case "datetimepicker":
            seconds = element.get("selected_date_time")
            return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)
    chosen = element.get("selected_option")
    if chosen is None:
        return None
    if element["type"] == "external_select":
        return Option(value=chosen["value"], label=chosen["text"]["text"])
    return str(chosen["value"])


def same(typed: Value, wanted: Value) -> bool:
    """Whether a repaint may leave what stands there: empty is empty, an option is its value, a time its second."""
    return _plain(typed) == _plain(wanted)


def _plain(value: Value) -> object:
    if isinstance(value, Option):
        return value.value
    if isinstance(value, datetime):
        return int(value.timestamp())
    return frozenset(value) if isinstance(value, tuple) and value else value or None
