"""What Slack demands of the elements of Block Kit: buttons, menus, pickers, text inputs, and the options in them.

Numbers are Slack's published limits (docs.slack.dev, Block Kit reference). File inputs, workflow buttons and the other
elements that this bot has no use for are not known here and so are refused.
"""

from collections.abc import Iterator
from typing import Any

from bot.sandbox.shape_rules import (
    Check,
    anything,
    by_type,
    fault,
    flag,
    many,
    matching,
    one_of,
    plain,
    shape,
    text,
    whole,
    words,
)

ID = words(255)
PERSON = words(50)
STYLE = one_of("primary", "danger")
CONFIRM = shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)
DATE = matching(r"\d{4}-\d{2}-\d{2}", "a date such as 2026-03-27")
TIME = matching(r"([01]\d|2[0-3]):[0-5]\d", "a time such as 16:00")
INSTANT = whole(1_000_000_000, 9_999_999_999)  # ten digits of seconds, UTC


def _option(label: Check, *, url: bool = False) -> Check:
    more = {"url": words(3000)} if url else {}
    return shape({"text": label, "value": words(150)}, {"description": label, **more})


OPTION = _option(plain(75))
RICH_OPTION = _option(text(75))  # only checkboxes and radio buttons may use mrkdwn
OPTION_GROUP = shape({"label": plain(75), "options": many(OPTION, 100)})


def _options_or_groups(element: Any, path: str) -> Iterator[str]:
    if ("options" in element) == ("option_groups" in element):
        yield fault("must define either `options` or `option_groups`", path)


def _chosen_are_offered(element: Any, path: str) -> Iterator[str]:
    """An initial choice must be, word for word, one of the options."""
    groups = element.get("option_groups", [])
    offered = [*element.get("options", []), *(o for g in groups for o in g["options"])]
    one = [element["initial_option"]] if "initial_option" in element else []
    if any(o not in offered for o in [*one, *element.get("initial_options", [])]):
        yield fault("initial choice must be one of the options", path)


def _least_below_most(element: Any, path: str) -> Iterator[str]:
    if element.get("min_length", 0) > element.get("max_length", 3000):
        yield fault("min_length must not be above max_length", path)


def _element(required: dict[str, Check], optional: dict[str, Check], *also: Any) -> Check:
    return shape({"type": anything, **required}, {"action_id": ID, **optional}, *also)


def _menu(required: dict[str, Check], optional: dict[str, Check], *also: Any) -> Check:
    more: dict[str, Check] = {"placeholder": plain(150), "confirm": CONFIRM, "focus_on_load": flag}
    return _element(required, {**more, **optional}, *also)


def _typed(**optional: Check) -> Check:
    dispatch = shape({"trigger_actions_on": many(one_of("on_enter_pressed", "on_character_entered"), 2)})
    more: dict[str, Check] = {"placeholder": plain(150), "focus_on_load": flag, "dispatch_action_config": dispatch}
    return _element({}, {**more, **optional}, _least_below_most)


_STATIC: dict[str, Check] = {"options": many(OPTION, 100), "option_groups": many(OPTION_GROUP, 100)}
_MOST: dict[str, Check] = {"max_selected_items": whole(1, 1000)}
_TICKS: dict[str, Check] = {"confirm": CONFIRM, "focus_on_load": flag}
_PLACE: dict[str, Check] = {"response_url_enabled": flag}
_TALK: dict[str, Check] = {"default_to_current_conversation": flag, "filter": anything}

ELEMENTS: dict[str, Check] = {
    "button": _element(
        {"text": plain(75)},
        {
            "url": words(3000),
            "value": words(2000),
            "style": STYLE,
            "confirm": CONFIRM,
            "accessibility_label": words(75),
        },
    ),
    "checkboxes": _element(
        {"options": many(RICH_OPTION, 10)}, {"initial_options": many(RICH_OPTION, 10), **_TICKS}, _chosen_are_offered
    ),
    "radio_buttons": _element(
        {"options": many(RICH_OPTION, 10)}, {"initial_option": RICH_OPTION, **_TICKS}, _chosen_are_offered
    ),
    "overflow": _element({"options": many(_option(plain(75), url=True), 5)}, {"confirm": CONFIRM}),
    "static_select": _menu({}, {**_STATIC, "initial_option": OPTION}, _options_or_groups, _chosen_are_offered),
    "multi_static_select": _menu(
        {}, {**_STATIC, **_MOST, "initial_options": many(OPTION, 100)}, _options_or_groups, _chosen_are_offered
    ),
    "external_select": _menu({}, {"min_query_length": whole(0, 100), "initial_option": OPTION}),
    "multi_external_select": _menu(
        {}, {"min_query_length": whole(0, 100), **_MOST, "initial_options": many(OPTION, 100)}
    ),
    "users_select": _menu({}, {"initial_user": PERSON}),
    "multi_users_select": _menu({}, {**_MOST, "initial_users": many(PERSON, 100)}),
    "conversations_select": _menu({}, {**_PLACE, **_TALK, "initial_conversation": PERSON}),
    "multi_conversations_select": _menu({}, {**_MOST, **_TALK, "initial_conversations": many(PERSON, 100)}),
    "channels_select": _menu({}, {**_PLACE, "initial_channel": PERSON}),
    "multi_channels_select": _menu({}, {**_MOST, "initial_channels": many(PERSON, 100)}),
    "datepicker": _menu({}, {"initial_date": DATE}),
    "timepicker": _menu({}, {"initial_time": TIME, "timezone": words(100)}),
    "datetimepicker": _element({}, {"initial_date_time": INSTANT, **_TICKS}),
    "plain_text_input": _typed(
        multiline=flag, initial_value=words(3000, 0), min_length=whole(0, 3000), max_length=whole(1, 3000)
    ),
    "email_text_input": _typed(initial_value=words(3000, 0)),
    "url_text_input": _typed(initial_value=words(3000, 0)),
    "number_input": _element(
        {"is_decimal_allowed": flag},
        {
            "placeholder": plain(150),
            "focus_on_load": flag,
            "initial_value": words(100, 0),
            "min_value": words(100),
            "max_value": words(100),
        },
    ),
}
IMAGE = shape({"type": anything, "image_url": words(3000), "alt_text": words(2000)})

_TEXT_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
in_actions = by_type(ELEMENTS, [k for k in ELEMENTS if k not in _TEXT_INPUTS])
in_input = by_type(ELEMENTS, [k for k in ELEMENTS if k not in ("button", "overflow")])
in_section = by_type(
    {**ELEMENTS, "image": IMAGE}, ["image", *(k for k in ELEMENTS if k not in _TEXT_INPUTS and k != "datetimepicker")]
)
in_context = by_type(
    {"image": IMAGE} | {k: text(3000) for k in ("plain_text", "mrkdwn")},
)
