"""A form with one field of each kind, and what Slack makes of its view: the state that comes back."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from bot.sandbox.inputs import first_state, with_defaults
from handlers.views import (
    ChoiceField,
    Field,
    Form,
    ManyField,
    Option,
    SearchField,
    TextField,
    Value,
    WhenField,
)

Json = dict[str, Any]
AT = datetime(2026, 3, 27, 16, 0, tzinfo=UTC)
HERON = Option(value="CL-1", label="Heron & Sons <Ltd>")
FIELDS: tuple[Field, ...] = (
    SearchField(name="client", label="Client", search="clients", refreshes=True),
    ChoiceField(name="direction", label="Direction", options=tuple(Option(value=v, label=v) for v in ("in", "out"))),
    ChoiceField(
        name="channel", label="Channel", options=tuple(Option(value=v, label=v) for v in "abcd"), refreshes=True
    ),
    WhenField(name="when", label="When", hint="In your own time zone", optional=True),
    TextField(name="summary", label="Summary", multiline=True, max_length=200),
    ManyField(name="answers", label="Which?", options=(Option(value="1", label="One"), Option(value="2", label="Two"))),
)
VALUES: dict[str, Value] = {
    "client": HERON,
    "direction": "out",
    "channel": "c",
    "when": AT,
    "summary": " * padded <b> ",
    "answers": ("2",),
}


def form(**more: Any) -> Form:
    first = Form(name="log-client", title="Log client interaction", submit="Log", fields=FIELDS)
    return replace(first, **{"subject": "reply:DL-1", "form_id": "FO-1", **more})


def inputs(view: Mapping[str, Any]) -> dict[str, Json]:
    return {b["block_id"]: b for b in view["blocks"] if b["type"] == "input"}


def shown(view: Json, **typed: Any) -> Json:
    """The view as Slack sends it back, with its state; `typed` are raw state values by block id."""
    blocks = with_defaults(view["blocks"])
    state = first_state(blocks)
    for block_id, value in typed.items():
        for element in state[block_id].values():
            element.update(value)
    return {**view, "id": "V1", "hash": "1.a", "blocks": blocks, "state": {"values": state}}
