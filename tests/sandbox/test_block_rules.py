"""Every limit of Block Kit: what is just within it passes, what is just beyond it is named with its path."""

from typing import Any

import pytest

from bot.sandbox.block_rules import check_errors, check_message, check_options, check_view
from bot.sandbox.inputs import KEYS, refused_locally, value_of, with_defaults

Json = dict[str, Any]


def plain(text: str | int = "x") -> Json:
    return {"type": "plain_text", "text": text if isinstance(text, str) else "x" * text}


def mrkdwn(size: int = 1) -> Json:
    return {"type": "mrkdwn", "text": "x" * size}


def option(text: int = 1, value: int = 1, **more: Any) -> Json:
    return {"text": plain(text), "value": "v" * value, **more}


def actions(*elements: Json) -> list[Json]:
    return [{"type": "actions", "elements": list(elements)}]


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(), **more}


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": [option()], **more}


def form(element: Json, **more: Any) -> list[Json]:
    return [{"type": "input", "label": plain(), "element": element, **more}]


def modal(blocks: list[Json], **more: Any) -> Json:
    return {"type": "modal", "title": plain(), "submit": plain(), "blocks": blocks, **more}


def section(**more: Any) -> list[Json]:
    return [{"type": "section", "text": mrkdwn(), **more}]


TYPED = {"type": "plain_text_input"}
# what is limited, the limit, the blocks with something of size n, where the fault is
LIMITS: list[tuple[str, int, Any, str]] = [
    ("section text", 3000, lambda n: section(text=mrkdwn(n)), "/0/text/text"),
    ("section fields", 10, lambda n: section(fields=[plain()] * n), "/0/fields"),
    ("a field", 2000, lambda n: section(fields=[plain(n)]), "/0/fields/0/text"),
    ("header", 150, lambda n: [{"type": "header", "text": plain(n)}], "/0/text/text"),
    ("context", 10, lambda n: [{"type": "context", "elements": [mrkdwn()] * n}], "/0/elements"),
    ("actions", 25, lambda n: actions(*[button()] * n), "/0/elements"),
    ("button text", 75, lambda n: actions(button(text=plain(n))), "/0/elements/0/text/text"),
    ("button value", 2000, lambda n: actions(button(value="x" * n)), "/0/elements/0/value"),
    ("action id", 255, lambda n: actions(button(action_id="x" * n)), "/0/elements/0/action_id"),
    ("block id", 255, lambda n: section(block_id="x" * n), "/0/block_id"),
    ("placeholder", 150, lambda n: actions(select(placeholder=plain(n))), "/0/elements/0/placeholder/text"),
    ("options", 100, lambda n: actions(select(options=[option()] * n)), "/0/elements/0/options"),
    ("option text", 75, lambda n: actions(select(options=[option(n)])), "/0/elements/0/options/0/text/text"),
    ("option value", 150, lambda n: actions(select(options=[option(1, n)])), "/0/elements/0/options/0/value"),
    ("overflow", 5, lambda n: actions({"type": "overflow", "options": [option()] * n}), "/0/elements/0/options"),
]
FORM_LIMITS: list[tuple[str, int, Any, str]] = [
    ("label", 2000, lambda n: modal(form(TYPED, label=plain(n))), "/blocks/0/label/text"),
    ("hint", 2000, lambda n: modal(form(TYPED, hint=plain(n))), "/blocks/0/hint/text"),
    ("blocks", 100, lambda n: modal(section() * n), "/blocks"),
    ("title", 24, lambda n: modal(section(), title=plain(n)), "/title/text"),
    ("submit", 24, lambda n: modal(section(), submit=plain(n)), "/submit/text"),
    ("close", 24, lambda n: modal(section(), close=plain(n)), "/close/text"),
    ("private metadata", 3000, lambda n: modal(section(), private_metadata="x" * n), "/private_metadata"),
    ("callback id", 255, lambda n: modal(section(), callback_id="x" * n), "/callback_id"),
    (
        "ticks",
        10,
        lambda n: modal(form({"type": "checkboxes", "options": [option()] * n})),
        "/blocks/0/element/options",
    ),
]


def pointers(found: list[str]) -> list[str]:
    return [f.split("json-pointer:")[1].removesuffix("]") for f in found]


@pytest.mark.parametrize(("what", "most", "blocks", "where"), LIMITS, ids=[limit[0] for limit in LIMITS])
def test_a_message_may_reach_a_limit_but_not_pass_it(what: str, most: int, blocks: Any, where: str) -> None:
    assert check_message(blocks(most)) == [], what
    assert pointers(check_message(blocks(most + 1))) == [f"/blocks{where}"]


@pytest.mark.parametrize(("what", "most", "view", "where"), FORM_LIMITS, ids=[limit[0] for limit in FORM_LIMITS])
def test_a_form_may_reach_a_limit_but_not_pass_it(what: str, most: int, view: Any, where: str) -> None:
    assert check_view(view(most), "modal") == [], what
    assert pointers(check_view(view(most + 1), "modal")) == [f"/view{where}"]


WRONG: list[tuple[str, list[Json]]] = [
    ("unsupported type: carousel", [{"type": "carousel"}]),
    ("unsupported type: input", form(TYPED)),
    ("missing required field: type", [{"text": plain()}]),
    ("missing required field: text", [{"type": "header"}]),
    ("missing required field: value", actions(select(options=[{"text": plain()}]))),
    ("invalid additional property: colour", section(colour="red")),
    ("invalid additional property: type", actions(select(options=[option(type="option")]))),
    ("invalid additional property: emoji", section(text={**mrkdwn(), "emoji": True})),
    ("unsupported type: mrkdwn", [{"type": "header", "text": mrkdwn()}]),
    ("unsupported type: mrkdwn", actions(button(text=mrkdwn()))),
    ("unsupported type: plain_text_input", actions(TYPED)),
    ("unsupported type: datetimepicker", section(accessory={"type": "datetimepicker"})),
    ("must be more than 0 characters", section(text=plain(""))),
    ("must define either `text` or `fields`", [{"type": "section"}]),
    ("must define either `options` or `option_groups`", actions({"type": "static_select"})),
    ("initial choice must be one of the options", actions(select(initial_option=option(2)))),
    ("must be one of: primary, danger", actions(button(style="default"))),
    ("must be between", actions({"type": "datetimepicker", "initial_date_time": 1_774_627_200_000})),
    ("must be a date", actions({"type": "datepicker", "initial_date": "27.3.2026"})),
    ("must be a valid boolean", section(expand="yes")),
    ("must be an object", ["divider"]),  # type: ignore[list-item]
    ("block_id already exists", section(block_id="a") + section(block_id="a")),
    ("action_id already exists", actions(button(action_id="a"), button(action_id="a"))),
    ("no less than 1 items allowed", []),
    ("no more than 50 items allowed", section() * 51),
]


@pytest.mark.parametrize(("says", "blocks"), WRONG)
def test_what_slack_would_refuse_in_a_message_is_refused(says: str, blocks: list[Json]) -> None:
    found = check_message(blocks)
    assert found
    assert says in found[0]


def test_a_form_with_inputs_needs_a_submit_button() -> None:
    view = modal(form(TYPED))
    del view["submit"]
    assert check_view(view, "modal") == ["[ERROR] missing required field: submit [json-pointer:/view]"]
    assert check_view({"type": "home", "blocks": form(TYPED)}, "home") == []


def test_only_one_field_takes_the_focus() -> None:
    focused = form({**TYPED, "focus_on_load": True})
    assert check_view(modal(focused), "modal") == []
    assert "focus_on_load" in check_view(modal(focused * 2), "modal")[0]


def test_a_block_id_is_there_once_in_a_form_too() -> None:
    twice = section(block_id="a") + section(block_id="a")
    assert pointers(check_view(modal(twice), "modal")) == ["/view/blocks/0/block_id", "/view/blocks/1/block_id"]


def test_a_home_is_no_modal_and_a_null_is_no_view() -> None:
    assert check_view(modal(section()), "home") == ["[ERROR] unsupported type: modal [json-pointer:/view]"]
    assert check_view(None, "modal") == ["[ERROR] must be an object [json-pointer:/view]"]


def test_answers_to_type_ahead_and_to_submissions_are_checked_too() -> None:
    assert check_options({"options": []}) == []
    assert pointers(check_options({"options": [option()] * 101})) == ["/options"]
    assert check_options("") != []
    view = modal([{**form(TYPED)[0], "block_id": "summary"}])
    assert check_errors({"summary": "Too short."}, view) == []
    assert pointers(check_errors({"elsewhere": "Too short."}, view)) == ["/errors/elsewhere"]


@pytest.mark.parametrize(
    ("element", "chosen", "key", "value"),
    [
        ({"type": "plain_text_input"}, "hello", "value", "hello"),
        ({"type": "plain_text_input"}, "", "value", None),
        ({"type": "datepicker"}, "2026-03-27", "selected_date", "2026-03-27"),
        ({"type": "timepicker"}, "16:00", "selected_time", "16:00"),
        ({"type": "datetimepicker"}, 1_774_627_200, "selected_date_time", 1_774_627_200),
        ({"type": "users_select"}, "U1", "selected_user", "U1"),
        ({"type": "multi_users_select"}, ["U1", "U2"], "selected_users", ["U1", "U2"]),
        ({"type": "radio_buttons", "options": [option()]}, "v", "selected_option", option()),
        ({"type": "multi_external_select"}, None, "selected_options", []),
    ],
)
def test_a_value_has_the_shape_of_its_element(element: Json, chosen: Any, key: str, value: Any) -> None:
    assert value_of(element, chosen, []) == {"type": element["type"], key: value}
    assert KEYS[element["type"]][0] == key


@pytest.mark.parametrize(
    ("element", "value", "passes"),
    [
        ({"type": "email_text_input"}, "ada@harbour.example", True),
        ({"type": "email_text_input"}, "ada", False),
        ({"type": "number_input", "is_decimal_allowed": False}, "2.5", False),
        ({"type": "number_input", "is_decimal_allowed": True}, "2.5", True),
        ({"type": "plain_text_input", "min_length": 3}, "ab", False),
        ({"type": "plain_text_input", "min_length": 3}, "abc", True),
    ],
)
def test_slacks_own_checks_come_before_anything_is_sent(element: Json, value: str, passes: bool) -> None:
    blocks = with_defaults([{**form({**element, "action_id": "a"})[0], "block_id": "b"}])
    state = {"b": {"a": value_of(blocks[0]["element"], value, [])}}
    assert (refused_locally(blocks, state) == {}) is passes
