"""Paints forms as modals and type-aheads as options, with what was typed in place and what is wrong beside its field.

Invariants: block id and action id are the field's name, so that Slack keeps what is being typed when the form is
repainted; where a handler gives another value than stands there, the block id gets a new ending (`client~2`), for Slack
ignores initial values of blocks it knows. Metadata holds a form's name, its ids, and whether it was opened from home.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, assert_never

from bot.slack.blocks import items, modal
from bot.slack.text import SECTION, Json, cut, plain
from bot.slack.values import field_of, read, same
from handlers.views import (
    ChoiceField,
    Field,
    Form,
    ManyField,
    Option,
    Options,
    SearchField,
    Text,
    TextField,
    Value,
    WhenField,
)
from handlers.words import _

RADIOS, BOXES, MENU, OFFERED = 3, 10, 100, 100
_OPTION = 75
_WORDS = 2000
SEARCH = "search:"


@dataclass(frozen=True, kw_only=True)
class Meta:
    """What a modal remembers: names and ids only."""

    name: str
    subject: str = ""
    form_id: str = ""
    home: bool = False

    def __str__(self) -> str:
        kept = {"name": self.name, "subject": self.subject, "form_id": self.form_id}
        return json.dumps(kept | ({"home": True} if self.home else {}))

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> Self:
        """From a view that Slack sends back; a view without metadata has no name."""
        kept = json.loads(view.get("private_metadata") or "{}")
        return cls(
            name=kept.get("name", ""),
            subject=kept.get("subject", ""),
            form_id=kept.get("form_id", ""),
            home=kept.get("home", False),
        )


def form(found: Form, *, shown: Mapping[str, Any] | None = None, home: bool = False) -> Json:
    """The modal. `shown` is the view it replaces, with its state; `home` says that it was opened from the home tab."""
    before = Meta.of(shown) if shown else None
    meta = Meta(
        name=found.name,
        subject=found.subject,
        form_id=found.form_id or (before.form_id if before else ""),
        home=home or bool(before and before.home),
    )
    places = _places(found, shown) if shown else {}
    asked = [b for field in found.fields for b in _field(field, found, places.get(field.name, field.name))]
    said = [*items(_errors(found)), *items(found.intro)]
    view = modal(found.title, said, callback="form", meta=str(meta), submit=found.submit, room=len(asked))
    return view | {"blocks": [*view["blocks"], *asked]}


def suggestions(found: Options) -> Json:
    """The answer to a type-ahead: at most 100 options."""
    return {"options": [_option(o) for o in found.options[:OFFERED]]}


def beside(errors: Mapping[str, str], view: Mapping[str, Any]) -> dict[str, str]:
    """Errors by block id of the view that was submitted; those without a field there go to the first one. Empty when
    the view asks nothing."""
    places = {field_of(b["block_id"]): b["block_id"] for b in view["blocks"] if b["type"] == "input"}
    found: dict[str, list[str]] = {}
    for name, words in errors.items():
        place = places.get(name) or next(iter(places.values()), None)
        if place:
            found.setdefault(place, []).append(words)
    return {place: cut(" ".join(words), _WORDS) for place, words in found.items()}


def _errors(found: Form) -> tuple[Text, ...]:
    """What is wrong with the whole, or with a field that is not asked for."""
    names = {field.name for field in found.fields}
    return tuple(Text(text=words, strong=True) for name, words in found.errors.items() if name not in names)


def _places(found: Form, shown: Mapping[str, Any]) -> dict[str, str]:
    """The block id of each field that was there before: the same while what stands there may stay, else a new one."""
    typed = read(shown)
    there = {field_of(b["block_id"]): b["block_id"] for b in shown["blocks"] if b["type"] == "input"}
    return {
        f.name: there[f.name] if _stays(f, typed[f.name], found.values) else _next(there[f.name])
        for f in found.fields
        if f.name in there and f.name in typed
    }


def _stays(field: Field, typed: Value, values: Mapping[str, Value]) -> bool:
    if not same(typed, values.get(field.name, typed)):
        return False
    if not isinstance(field, ChoiceField | ManyField):
        return True
    offered = {o.value for o in field.options}
    return {typed} <= offered | {None} if not isinstance(typed, tuple) else set(typed) <= offered


def _next(block_id: str) -> str:
    name, _tilde, number = block_id.partition("~")
    return f"{name}~{int(number or 1) + 1}"


def _field(field: Field, found: Form, place: str) -> list[Json]:
    """The input and, on a repaint, what is wrong with it; a choice without options is not asked."""
    if isinstance(field, ChoiceField | ManyField) and not field.options:
        return []
    block: Json = {
        "type": "input",
        "block_id": place,
        "label": plain(field.label, _WORDS),
        "element": _element(field, found.values.get(field.name)) | {"action_id": action_id(field)},
        "optional": field.optional,
    }
    if field.hint:
        block["hint"] = plain(field.hint, _WORDS)
    if isinstance(field, ChoiceField | SearchField) and field.refreshes:
        block["dispatch_action"] = True
    wrong = found.errors.get(field.name)
    return [block, *items((Text(text=_("Please check: {what}").format(what=wrong), quiet=True),))] if wrong else [block]


def action_id(field: Field) -> str:
    """The field's name; for a type-ahead the name of its search, which is all that Slack sends while typing."""
    return f"{SEARCH}{field.search}" if isinstance(field, SearchField) else field.name


def _element(field: Field, value: Value) -> Json:
    match field:
        case TextField():
            return _text(field, value)
        case ChoiceField():
            return _choice(field, value)
        case ManyField():
            return _many(field, value)
        case SearchField():
            element: Json = {"type": "external_select", "min_query_length": 0}
            return element | ({"initial_option": _option(value)} if isinstance(value, Option) else {})
        case WhenField():
            at = {"initial_date_time": int(value.timestamp())} if isinstance(value, datetime) else {}
            return {"type": "datetimepicker", **at}
        case _:
            assert_never(field)


def _text(field: TextField, value: Value) -> Json:
    most = min(field.max_length, SECTION)
    element: Json = {"type": "plain_text_input", "multiline": field.multiline, "max_length": most}
    return element | ({"initial_value": cut(value, most)} if isinstance(value, str) and value else {})


def _choice(field: ChoiceField, value: Value) -> Json:
    kind = "radio_buttons" if len(field.options) <= RADIOS else "static_select"
    options = [_option(o) for o in field.options[:MENU]]
    chosen = [o for o in options if o["value"] == value]
    return {"type": kind, "options": options} | ({"initial_option": chosen[0]} if chosen else {})


def _many(field: ManyField, value: Value) -> Json:
    kind = "checkboxes" if len(field.options) <= BOXES else "multi_static_select"
    options = [_option(o) for o in field.options[:MENU]]
    ticked = [o for o in options if isinstance(value, tuple) and o["value"] in value]
    return {"type": kind, "options": options} | ({"initial_options": ticked} if ticked else {})


def _option(option: Option) -> Json:
    return {"text": plain(option.label, _OPTION), "value": option.value}
