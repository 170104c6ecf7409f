"""Block Kit painted as HTML: every kind that the bot sends, each with what it must say, bound to its label."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.inputs import with_defaults
from bot.sandbox.paint import Painter, local, second
from bot.sandbox.records import Json, Message
from tests.support.painted import ADA, Tags, field, html, options, view_of, words

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ({"type": "header", "text": words("Reply due")}, '<h3 class="b-header">Reply due</h3>'),
        ({"type": "section", "text": {"type": "mrkdwn", "text": "*Now*"}}, "<p><strong>Now</strong></p>"),
        ({"type": "section", "fields": [words("About"), words("Heron")]}, "<p>About</p><p>Heron</p>"),
        ({"type": "context", "elements": [words("small")]}, '<div class="b-context"><span>small</span></div>'),
        ({"type": "divider"}, "<hr>"),
    ],
)
def test_blocks_that_only_say_something(block: Json, expected: str) -> None:
    assert expected in html(block)


def test_a_line_break_is_kept() -> None:
    assert "one<br>two" in html({"type": "section", "text": words("one\ntwo")})


def test_a_button_carries_its_place_style_and_question() -> None:
    asks = {"title": words("Sure?"), "text": words("It stops."), "confirm": words("Stop it"), "deny": words("No")}
    act = {"type": "button", "text": words("Stop"), "action_id": "does:stop#1", "style": "danger", "confirm": asks}
    button = Tags(html({"type": "actions", "block_id": "b", "elements": [act]})).one("button")
    assert button["class"] == "button danger"
    assert (button["data-block"], button["data-action"], button["id"]) == (
        "b",
        "does:stop#1",
        "view:V1/b/does:stop%231",
    )
    asked = [button[f"data-confirm{part}"] for part in ("", "-text", "-yes", "-no")]
    assert asked == ["Sure?", "It stops.", "Stop it", "No"]


def test_a_button_beside_a_text_is_painted_with_it() -> None:
    beside = {"type": "button", "text": words("Open"), "action_id": "open"}
    assert (
        Tags(html({"type": "section", "text": words("BR-1"), "accessory": beside})).one("button")["data-action"]
        == "open"
    )


CONTROLS: list[tuple[Json, str, dict[str, str]]] = [
    ({"type": "plain_text_input", "max_length": 80}, "input", {"type": "text", "maxlength": "80"}),
    ({"type": "plain_text_input", "multiline": True}, "textarea", {"rows": "4"}),
    ({"type": "static_select", "options": options("Call", "Letter")}, "select", {"data-kind": "static_select"}),
    ({"type": "multi_static_select", "options": options("Call")}, "select", {"data-kind": "multi_static_select"}),
    ({"type": "users_select"}, "select", {"data-kind": "users_select"}),
    ({"type": "external_select", "min_query_length": 0}, "input", {"role": "combobox", "data-least": "0"}),
    ({"type": "datetimepicker"}, "input", {"type": "datetime-local"}),
    ({"type": "datepicker"}, "input", {"type": "date"}),
    ({"type": "timepicker"}, "input", {"type": "time"}),
    ({"type": "email_text_input"}, "input", {"type": "email"}),
]


@pytest.mark.parametrize(
    ("element", "tag", "having"), CONTROLS, ids=lambda v: v.get("type", "") if isinstance(v, dict) else v
)
def test_every_field_is_bound_to_its_label_hint_and_error(element: Json, tag: str, having: dict[str, str]) -> None:
    view = view_of(field(element, hint=words("A hint"), optional=True))
    view.errors = {"it": "Not like this."}
    tags = Tags(str(Painter(ADA, [ADA]).blocks(view)))
    control = tags.one(tag, **having)
    assert tags.one("label", **{"for": "view:V1/it/it"}) and control["id"] == "view:V1/it/it"
    ids = {a["id"] for _tag, a in tags.found if "id" in a}
    described = (control["aria-describedby"] or "").split()
    assert set(described) <= ids
    assert [d.removeprefix("view:V1/it/it-") for d in described][:3] == ["optional", "hint", "error"]
    assert control["aria-invalid"] == "true"
    assert "aria-required" not in control


def test_a_required_field_says_so_without_a_star() -> None:
    assert Tags(html(field({"type": "plain_text_input"}))).one("input")["aria-required"] == "true"


@pytest.mark.parametrize("kind", ["radio_buttons", "checkboxes"])
def test_ticks_stand_in_a_group_under_their_label(kind: str) -> None:
    yes, no = options("Yes", "No")
    chosen = {"initial_option": yes} if kind == "radio_buttons" else {"initial_options": [yes]}
    text = html(field({"type": kind, "options": [yes, no], **chosen}))
    assert "<legend>Label</legend>" in text
    boxes = [a for t, a in Tags(text).found if t == "input"]
    assert [(b["value"], "checked" in b) for b in boxes] == [("yes", True), ("no", False)]
    assert len({b["name"] for b in boxes}) == 1


def test_a_single_tick_that_repeats_its_label_shows_it_once() -> None:
    box = {"type": "checkboxes", "options": options("Label")}
    assert '<legend class="unseen">Label</legend>' in html(field(box))


def test_a_menu_of_people_names_members_and_no_bots() -> None:
    tags = Tags(html(field({"type": "users_select", "initial_user": "U0BEN"})))
    shown = [(a["value"], "selected" in a) for t, a in tags.found if t == "option"]
    assert shown == [("", False), ("U0ADA", False), ("U0BEN", True)]


def test_groups_of_options_keep_their_headings() -> None:
    groups = [{"label": words("Ours"), "options": options("Call")}]
    assert Tags(html(field({"type": "static_select", "option_groups": groups}))).one("optgroup")["label"] == "Ours"


def test_what_was_typed_stands_there_and_not_the_initial_value() -> None:
    view = view_of(field({"type": "plain_text_input", "initial_value": "first"}))
    view.state["it"]["it"]["value"] = "second"
    assert Tags(str(Painter(ADA, []).blocks(view))).one("input")["value"] == "second"


def test_a_chosen_option_of_a_type_ahead_is_shown_in_words() -> None:
    (chosen,) = options("Heron")
    control = Tags(html(field({"type": "external_select", "initial_option": chosen}))).one("input")
    assert (control["value"], control["data-value"]) == ("Heron", "heron")


def test_an_instant_is_shown_in_the_viewers_own_zone() -> None:
    at = int(datetime(2026, 7, 1, 9, 30, tzinfo=UTC).timestamp())
    text = html(field({"type": "datetimepicker", "initial_date_time": at}))
    assert 'value="2026-07-01T10:30"' in text  # London is an hour ahead in July
    assert ">London</span>" in text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("2026-07-01T10:30", "2026-07-01T09:30"),
        ("2026-10-25T01:30", "2026-10-25T00:30"),  # twice on that morning: the earlier
        ("2026-03-29T01:30", "2026-03-29T01:30"),  # never on that morning: what the clock would have shown unmoved
        ("2026-11-23T10:00:59", "2026-11-23T10:00"),
    ],
)
def test_a_local_time_is_one_second_of_the_world(typed: str, expected: str) -> None:
    assert second(typed, LONDON) == int(datetime.fromisoformat(expected).replace(tzinfo=UTC).timestamp())
    if not typed.startswith("2026-03-29"):
        assert local(second(typed, LONDON), LONDON) == typed[:16]


def test_messages_are_painted_like_views_and_their_ids_never_meet() -> None:
    block = {"type": "actions", "block_id": "b", "elements": [{"type": "button", "action_id": "a", "text": words("A")}]}
    message = Message(ts="1.2", channel="D1", user="U0BOT", blocks=with_defaults([block]))
    button = Tags(str(Painter(ADA, []).blocks(message))).one("button")
    assert button["id"] == "message:1.2/b/a"
