"""What has no shape of Teams' is nobody's request: a half of a character, a NUL, other types, wherever they stand."""

from typing import Any

import pytest

from bot.teams import shapes

GOOD: dict[str, Any] = {"sopwith": {"verb": "form", "name": "log-client"}, "text.summary": "They rang."}
ACTIVITY: dict[str, Any] = {
    "type": "invoke",
    "name": "task/submit",
    "serviceUrl": "https://smba.trafficmanager.net/emea/",
    "conversation": {"id": "a:1", "conversationType": "personal"},
}


def submitted(data: object) -> shapes.Activity:
    return shapes.activity({**ACTIVITY, "value": {"data": data}})


def test_what_stands_in_the_fields_is_read() -> None:
    assert shapes.value(submitted(GOOD)).data.inputs == {"text.summary": "They rang."}


@pytest.mark.parametrize(
    "wrong",
    [
        {"text.summary": "half of a \ud800"},
        {"text.summary": "a\0b"},
        {"text.\udfff": "They rang."},
        {"a\0b": "They rang."},
        {"sopwith": {"verb": "form", "name": "\ud800"}},
        {"sopwith": {"verb": "form", "steps": {"typed": {"text.summary": "\ud800"}}}},
        {"sopwith": {"verb": "nothing like it"}},
        {"sopwith": []},
    ],
)
def test_what_cannot_be_written_down_is_unreadable(wrong: dict[str, Any]) -> None:
    with pytest.raises(shapes.Unreadable):
        shapes.value(submitted(GOOD | wrong))
    with pytest.raises(shapes.Unreadable):
        shapes.pressed(shapes.activity({**ACTIVITY, "type": "message", "value": GOOD | wrong}))
