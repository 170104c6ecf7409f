"""Adaptive Cards 1.5 as they are published; the schema comes with a development dependency."""

import json
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import jsonschema

from bot.sandbox.firm import Firm

CARD = "application/vnd.microsoft.card.adaptive"


@cache
def schema() -> Any:
    text = (resources.files("adaptive_cards") / "schemas" / "schema-1.5.json").read_text(encoding="utf-8")
    return jsonschema.Draft6Validator(json.loads(text))


def faults(card: object) -> list[str]:
    """What is wrong with it by the schema."""
    return [error.message[:200] for error in schema().iter_errors(card)]


def emitted(firm: Firm) -> Iterator[dict[str, Any]]:
    """Every card that the bot sent into a chat or put into a dialog."""
    if firm.teams:
        yield from _within([call.arguments for call in firm.teams.tenant.calls])
        yield from _within([sent.answer.body for sent in firm.teams.hands.delivery.sent])


def _within(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        if value.get("type") == "AdaptiveCard":
            yield value
            return
        value = list(value.values())
    for inner in value if isinstance(value, list) else ():
        yield from _within(inner)
