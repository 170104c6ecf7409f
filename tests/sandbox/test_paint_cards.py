"""Adaptive Cards painted as HTML: every element that the bot sends, with what it must say, bound to its label; and
what must not happen while painting: words that come alive, and an element that is left out in silence."""

import pytest

from bot.sandbox.teams import paint
from bot.sandbox.teams.card_rules import PROPERTIES
from bot.sandbox.teams.records import Json
from tests.support.painted import Tags
from tests.support.painted_cards import asked, card, choices, dialog, execute, html, line, post, run, submit

EVIL = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'&amp; <b>"


@pytest.mark.parametrize(
    ("element", "expected"),
    [
        (line("Reply due"), '<p class="a-runs"><span>Reply due</span></p>'),
        (line(run("Due", weight="Bolder", size="Large")), '<h3 class="a-runs b-header"><span class="a-bolder a-large"'),
        (line(run("About: ", weight="Bolder"), "Heron"), '<span class="a-bolder">About: </span><span>Heron</span>'),
        (line(run("small", size="Small", isSubtle=True)), '<span class="a-small a-subtle">small</span>'),
        (line(run("wrong", color="Attention")), '<span class="a-attention">wrong</span>'),
        (line("below", separator=True), "<hr><p"),
    ],
)  # fmt: skip
def test_elements_that_only_say_something(element: Json, expected: str) -> None:
    assert expected in html(element)


def test_columns_stand_beside_each_other() -> None:
    columns = [
        {"type": "Column", "width": "stretch", "items": [asked("Date", "day", "When")]},
        {"type": "Column", "width": "auto", "items": [asked("Time", "at", "at (London)")]},
    ]
    tags = Tags(html({"type": "ColumnSet", "columns": columns}))
    assert [a["class"] for t, a in tags.found if "a-column" in str(a.get("class")).split()] == [
        "a-column",
        "a-column a-auto",
    ]
    assert tags.one("label", **{"for": "dialog:9/at"}) and tags.one("input", type="time")["id"] == "dialog:9/at"


def test_a_button_says_what_it_carries_and_looks_as_meant() -> None:
    actions = [submit("Open"), execute("I take it", style="positive"), submit("Drop", style="destructive")]
    place = post({"type": "ActionSet", "actions": actions})
    found = [a for t, a in Tags(str(paint.cards(place))).found if t == "button"]
    assert [b["class"] for b in found] == ["button", "button primary", "button danger"]
    assert [b["data-action"] for b in found] == [paint.mark_of(a) for a in actions]
    assert {b["type"] for b in found} == {"button"} and all("data-press" in b for b in found)


def test_the_same_button_twice_is_the_same_act_under_two_ids() -> None:
    found = [a for t, a in Tags(html({"type": "ActionSet", "actions": [submit("Open")] * 2})).found if t == "button"]
    assert found[0]["data-action"] == found[1]["data-action"]
    assert found[0]["id"] != found[1]["id"]


def test_enter_in_a_dialog_presses_what_is_set_off() -> None:
    tags = Tags(html({"type": "ActionSet", "actions": [submit("Search"), submit("Next", style="positive")]}))
    assert [a["type"] for t, a in tags.found if t == "button"] == ["button", "submit"]


def test_a_question_opens_under_its_button() -> None:
    inner = {"type": "AdaptiveCard", "body": [line("Sure?"), {"type": "ActionSet", "actions": [execute("Yes")]}]}
    text = html({"type": "ActionSet", "actions": [{"type": "Action.ShowCard", "title": "Stop", "card": inner}]})
    assert text.index("<details") < text.index("<summary") < text.index("Sure?") < text.index(">Yes</button>")
    assert "data-press" not in Tags(text).one("summary")


INPUTS: list[tuple[Json, str, dict[str, str]]] = [
    (asked("Text", maxLength=80), "input", {"type": "text", "maxlength": "80"}),
    (asked("Text", isMultiline=True), "textarea", {"rows": "4"}),
    (asked("Date"), "input", {"type": "date"}),
    (asked("Time"), "input", {"type": "time"}),
    (asked("ChoiceSet", choices=choices("Call", "Letter")), "select", {"data-kind": "static_select"}),
    (asked("ChoiceSet", choices=choices("Call"), style="compact"), "select", {"data-kind": "static_select"}),
    (asked("ChoiceSet", choices=choices("Heron"), style="filtered"), "input", {"role": "combobox", "data-least": "0"}),
    (asked("ChoiceSet", choices=[], style="filtered"), "input", {"role": "combobox"}),
]


@pytest.mark.parametrize(("element", "tag", "having"), INPUTS)
def test_every_input_is_bound_to_its_label_and_to_what_is_wrong(
    element: Json, tag: str, having: dict[str, str]
) -> None:
    tags = Tags(html(element, line(run("Please check: this.", color="Attention")), line("A hint")))
    control = tags.one(tag, **having)
    assert tags.one("label", **{"for": "dialog:9/it"}) and control["id"] == "dialog:9/it"
    assert (control["data-action"], control["aria-invalid"]) == ("it", "true")
    assert tags.one("p", id=str(control["aria-describedby"]))["role"] == "alert"


@pytest.mark.parametrize(
    ("look", "type", "value"),
    [({"style": "expanded"}, "radio", "yes"), ({"isMultiSelect": True}, "checkbox", "yes,no")],
)
def test_ticks_stand_in_a_group_under_their_label(look: Json, type: str, value: str) -> None:
    text = html(asked("ChoiceSet", choices=choices("Yes", "No", "Never"), value=value, **look))
    assert "<legend>Label</legend>" in text
    boxes = [a for t, a in Tags(text).found if t == "input"]
    assert {b["type"] for b in boxes} == {type}
    assert [b["value"] for b in boxes if "checked" in b] == value.split(",")
    assert len({b["id"] for b in boxes}) == 3 and len({b["name"] for b in boxes}) == 1


def test_what_is_wrong_belongs_to_the_input_above_it_and_nothing_else_is_marked() -> None:
    wrong = line(run("Please check.", color="Attention"))
    tags = Tags(html(wrong, asked("Text", "one", "One"), line("A hint"), asked("Text", "two", "Two"), wrong))
    assert "aria-invalid" not in tags.one("input", id="dialog:9/one")
    assert tags.one("input", id="dialog:9/two")["aria-invalid"] == "true"


def test_what_was_typed_stands_there_and_not_the_first_value() -> None:
    place = dialog(asked("Text", value="first"), asked("ChoiceSet", "c", choices=choices("A", "B"), value="a"))
    place.state |= {"it": "second", "c": "b"}
    tags = Tags(str(paint.cards(place)))
    assert tags.one("input")["value"] == "second"
    assert tags.one("option", value="b") == {"value": "b", "selected": None}


def test_a_chosen_choice_of_a_searched_menu_is_shown_in_words() -> None:
    control = Tags(html(asked("ChoiceSet", choices=choices("Heron"), style="filtered", value="heron"))).one("input")
    assert (control["value"], control["data-value"]) == ("Heron", "heron")


def test_hostile_words_make_no_tag_and_no_attribute_anywhere() -> None:
    evil = [{"title": EVIL, "value": EVIL}]
    styles: list[Json] = [{"style": s} for s in ("compact", "expanded", "filtered")] + [{"isMultiSelect": True}]
    menus = [asked("ChoiceSet", f"{EVIL}{n}", EVIL, choices=evil, value=EVIL, **s) for n, s in enumerate(styles)]
    inner = {"type": "AdaptiveCard", "body": [line(EVIL)]}
    body = (
        line(EVIL, run(EVIL, weight=EVIL, color=EVIL)),
        line(run(EVIL, color="Attention")),
        *menus,
        asked("Text", f"{EVIL}t", EVIL, value=f"</textarea>{EVIL}", isMultiline=True),
        *(asked(kind, f"{EVIL}{kind}", EVIL, value=EVIL) for kind in ("Text", "Date", "Time")),
        {"type": "ActionSet", "actions": [submit(EVIL), execute(EVIL), {**submit(EVIL), "style": EVIL}]},
        {"type": "ActionSet", "actions": [{"type": "Action.ShowCard", "title": EVIL, "card": inner}]},
        {"type": EVIL},
    )
    found = Tags(html(*body)).found + Tags(str(paint.cards(post(*body)))).found
    assert {t for t, _a in found} & {"script", "img", "b"} == set()
    assert [name for _t, a in found for name in a if name.startswith("on")] == []


def test_an_element_that_is_not_known_is_named_aloud() -> None:
    assert "The sandbox cannot paint this: Image" in html({"type": "Image", "url": "https://x"})
    assert "The sandbox cannot paint this: _button" in html({"type": "_button"})


def test_everything_teams_takes_is_painted() -> None:
    alone = {
        "RichTextBlock": line("x"),
        "ColumnSet": {"type": "ColumnSet", "columns": []},
        "ActionSet": {"type": "ActionSet", "actions": []},
        "Action.ShowCard": {"type": "Action.ShowCard", "title": "x", "card": card(line("x"))},
        "Action.Submit": submit("x"),
        "Action.Execute": execute("x"),
        **{k: {"type": k, "id": "x", "label": "x"} for k in PROPERTIES if k.startswith("Input.")},
    }
    inside = {"AdaptiveCard", "Column", "TextRun"}  # painted with what holds them
    assert set(alone) | inside == set(PROPERTIES)
    assert [k for k, one in alone.items() if "cannot paint" in html(one)] == []
