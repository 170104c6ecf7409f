"""Forms as dialogs: at most seven inputs at once, what was typed stays through every step, and what is wrong is said
beside its field, on the step where it stands."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from bot.sandbox.teams.card_rules import check, inputs, parts
from bot.teams import forms
from bot.teams.forms import Dialog, following
from bot.teams.shapes import Said, Steps
from handlers.views import ChoiceField, Field, Form, ManyField, Option, SearchField, Text, TextField, WhenField

LONDON = ZoneInfo("Europe/London")
AB = (Option(value="a", label="A"), Option(value="b", label="B"))


def form(*fields: Field, **more: Any) -> Form:
    return Form(name="it", title="It", submit="Save", fields=fields, **more)


def texts(count: int) -> tuple[TextField, ...]:
    return tuple(TextField(name=f"t{n}", label=f"Text {n}") for n in range(count))


def painted(found: Form, asked: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    dialog = Dialog(form=found, steps=Steps(opener="it", **more), zone=LONDON)
    step = following(found, asked, dialog.steps.long)
    assert step
    card = forms.dialog(dialog, step)
    assert check(card, dialog=True) == []
    return card


@pytest.mark.parametrize(("count", "steps"), [(1, [1]), (7, [7]), (8, [7, 1]), (15, [7, 7, 1])])
def test_seven_inputs_at_most_stand_on_a_step(count: int, steps: list[int]) -> None:
    assert [len(page) for page in forms.pages(form(*texts(count)), ())] == steps


def test_a_date_with_its_time_and_a_menu_with_its_search_are_two_inputs_each() -> None:
    fields = (
        SearchField(name="client", label="Client", search="clients"),
        WhenField(name="when", label="When"),
        *texts(4),
    )
    assert [len(page) for page in forms.pages(form(*fields), ())] == [6]
    assert [len(page) for page in forms.pages(form(*fields), ("client",))] == [5, 1]


def test_a_choice_without_options_is_not_asked() -> None:
    asked = forms.asked_for(
        form(ChoiceField(name="c", label="C", options=()), ManyField(name="m", label="M", options=()))
    )
    assert asked == ()


def test_what_is_seldom_wanted_comes_after_the_last_step_and_with_what_is_wrong_in_it() -> None:
    seldom = SearchField(name="hide", label="Hide from", search="people", optional=True, aside=True)
    found = form(*texts(7), seldom, errors={"hide": "Please choose somebody."})
    assert [len(page) for page in forms.pages(found, ())] == [7]
    step = forms.faulty(found, ())
    assert ([f.name for f in step.shown], len(step.asked), step.last) == (["hide"], 7, True)


def test_the_last_step_has_the_forms_own_button_and_those_before_it_next_and_back() -> None:
    found = form(*texts(9))
    first, last = painted(found), painted(found, tuple(f"t{n}" for n in range(7)))
    assert [p["title"] for p in parts(first) if p.get("type") == "Action.Submit"] == ["Next"]
    assert [p["title"] for p in parts(last) if p.get("type") == "Action.Submit"] == ["Save", "Back"]


def test_what_was_typed_and_what_was_filled_in_travels_with_the_buttons() -> None:
    found = form(*texts(9), values={"t0": "zero", "t8": "eight"})
    card = painted(found)
    (submit,) = [p for p in parts(card) if p.get("type") == "Action.Submit"]
    steps = submit["data"]["sopwith"]["steps"]
    assert steps["typed"] == {"text.t8": "eight"}
    assert inputs(card)[0]["value"] == "zero"
    assert "zero" not in str(submit)  # it stands in its input, and is sent from there
    assert steps["zone"] == "Europe/London"


@pytest.mark.parametrize("name", ["Nowhere/Land", "../../etc/passwd", "/etc/localtime", "Europe", "x" * 81, "a\0b", 7])
def test_a_zone_that_is_none_is_not_as_our_buttons_have_it(name: object) -> None:
    with pytest.raises(ValidationError):
        Steps.model_validate({"zone": name})


def test_only_on_a_form_a_button_says_in_which_zone() -> None:
    steps = Steps(zone="Asia/Tokyo")
    assert Said(verb="form", steps=steps).zone == ZoneInfo("Asia/Tokyo")
    assert Said(verb="opens", steps=steps).zone is None
    assert Said(verb="form").zone is None


def test_what_is_wrong_stands_below_its_field_and_what_is_wrong_with_the_whole_above_all() -> None:
    found = form(*texts(3), errors={"t1": "Too short.", "": "Not saved.", "gone": "Nobody asked."})
    said = [(p.get("id") or p["text"]) for p in parts(painted(found)) if p.get("color") or "id" in p]
    assert said == ["Not saved.", "Nobody asked.", "text.t0", "text.t1", "Too short.", "text.t2"]


def test_a_fault_leads_to_the_step_where_it_stands_and_then_to_the_next_fault_only() -> None:
    found = form(*texts(20), errors={"t8": "No.", "t19": "No."})
    step = forms.faulty(found, ())
    assert [f.name for f in step.shown] == [f"t{n}" for n in range(7, 14)]
    after = following(found, [*step.asked, *(f.name for f in step.shown)], ())
    assert after
    assert [f.name for f in after.shown] == [f"t{n}" for n in range(14, 20)]
    assert not step.last


def test_back_leads_to_the_portion_before() -> None:
    found = form(*texts(20))
    step = forms.before(found, ["t14"], ())
    assert ([f.name for f in step.shown], step.first) == ([f"t{n}" for n in range(7, 14)], False)
    assert forms.before(found, ["t3"], ()).first


def test_every_kind_of_field_is_painted_with_what_stands_in_it() -> None:
    values = {"c": "a", "m": ("a", "b"), "t": "typed", "s": Option(value="1", label="One")}
    found = form(
        ChoiceField(name="c", label="Choice", options=AB, hint="One of two"),
        ManyField(name="m", label="Many", options=AB),
        TextField(name="t", label="Text", multiline=True, max_length=9000, optional=True),
        SearchField(name="s", label="Search", search="x"),
        intro=(Text(text="Read this first."),),
        values=values,
    )
    dialog = Dialog(form=found, steps=Steps(opener="it"), zone=LONDON, offered={"s": [("1", "One"), ("2", "Two")]})
    step = following(found, (), ())
    assert step
    card = forms.dialog(dialog, step)
    assert check(card, dialog=True) == []
    assert {one["id"]: one.get("value") for one in inputs(card)} == {
        "choice.c": "a",
        "many.m": "a,b",
        "text.t": "typed",
        "search.s": "1",
    }
    assert [one["label"] for one in inputs(card)] == ["Choice", "Many (optional)", "Text (optional)", "Search"]
    assert "Read this first." in str(card)


def test_what_stands_in_a_menu_is_always_one_of_its_choices() -> None:
    chosen = Option(value="9", label="Nine")
    assert forms.options_of(chosen, [("1", "One")]) == [("9", "Nine"), ("1", "One")]
    assert forms.options_of(Option(value="1", label="One"), [("1", "One")]) == [("1", "One")]
    assert forms.options_of(None, [("1", "One")]) == [("1", "One")]
