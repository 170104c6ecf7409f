"""Forms as modals: each field, what is filled in, what is wrong beside it, and what Slack gives back."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from bot.slack import forms
from bot.slack.values import read
from handlers.views import (
    ChoiceField,
    Field,
    ManyField,
    Option,
    Options,
    Text,
)
from tests.slack.filling import AT, VALUES, form, inputs, shown

Takes = Callable[[Any], Any]


def test_each_field_is_its_own_kind_of_input_under_its_own_name(takes_view: Takes) -> None:
    found = inputs(takes_view(forms.form(form())))
    assert {id: (b["element"]["type"], b["element"]["action_id"], b["optional"]) for id, b in found.items()} == {
        "client": ("external_select", "search:clients", False),
        "direction": ("radio_buttons", "direction", False),  # up to three stand open
        "channel": ("static_select", "channel", False),
        "when": ("datetimepicker", "when", True),
        "summary": ("plain_text_input", "summary", False),
        "answers": ("checkboxes", "answers", True),
    }
    assert [id for id, b in found.items() if b.get("dispatch_action")] == ["client", "channel"]
    assert found["client"]["element"]["min_query_length"] == 0
    assert (found["summary"]["element"]["multiline"], found["summary"]["element"]["max_length"]) == (True, 200)
    assert found["when"]["hint"]["text"] == "In your own time zone"


def test_a_form_has_its_words_and_remembers_ids_only(takes_view: Takes) -> None:
    view = takes_view(forms.form(form(values=VALUES, intro=(Text(text="Your reply to Quiet Heron"),))))
    assert [view[k]["text"] for k in ("title", "submit", "close")] == ["Log client interaction", "Log", "Cancel"]
    assert (view["type"], view["callback_id"]) == ("modal", "form")
    assert json.loads(view["private_metadata"]) == {"name": "log-client", "subject": "reply:DL-1", "form_id": "FO-1"}
    assert view["blocks"][0]["text"]["text"] == "Your reply to Quiet Heron"


def test_a_form_opened_from_home_knows_it_so_that_home_is_painted_again() -> None:
    view = forms.form(form(), home=True)
    assert json.loads(view["private_metadata"])["home"] is True
    assert forms.Meta.of(forms.form(form(form_id=""), shown=shown(view))) == forms.Meta(
        name="log-client", subject="reply:DL-1", form_id="FO-1", home=True
    )


def test_what_is_filled_in_comes_back_unchanged(takes_view: Takes) -> None:
    view = takes_view(forms.form(form(values=VALUES)))
    assert read(shown(view)) == VALUES


def test_what_is_left_empty_comes_back_empty_and_by_name(takes_view: Takes) -> None:
    assert read(shown(takes_view(forms.form(form())))) == {
        "client": None,
        "direction": None,
        "channel": None,
        "when": None,
        "summary": "",
        "answers": (),
    }


def test_an_instant_is_the_same_in_every_zone_and_comes_back_in_utc() -> None:
    view = forms.form(form(values={"when": AT.astimezone(timezone(timedelta(hours=9)))}))
    back = read(shown(view))["when"]
    assert isinstance(back, datetime)
    assert (back, back.tzinfo) == (AT, UTC)


def test_a_repainted_form_has_what_is_wrong_beside_its_field_and_the_rest_on_top(takes_view: Takes) -> None:
    errors = {"summary": "Please leave out the card number.", "": "Not saved.", "gone": "Who will reply?"}
    blocks = takes_view(forms.form(form(values=VALUES, errors=errors)))["blocks"]
    at = next(n for n, b in enumerate(blocks) if b.get("block_id") == "summary")
    assert blocks[at + 1]["elements"][0]["text"] == "Please check: Please leave out the card number."
    assert [b["text"]["text"] for b in blocks[:2]] == ["*Not saved.*", "*Who will reply?*"]


def test_a_choice_of_more_than_ten_ticks_becomes_a_menu_and_an_empty_one_is_not_asked(takes_view: Takes) -> None:
    eleven = tuple(Option(value=str(n), label=f"Item {n}") for n in range(11))
    fields: tuple[Field, ...] = (
        ManyField(name="many", label="Many", options=eleven),
        ManyField(name="none", label="None", options=()),
        ChoiceField(name="nothing", label="Nothing", options=()),
    )
    view = takes_view(forms.form(form(fields=fields, values={"many": ("3", "7")})))
    assert {id: b["element"]["type"] for id, b in inputs(view).items()} == {"many": "multi_static_select"}
    assert read(shown(view)) == {"many": ("3", "7")}


def test_a_value_that_no_option_has_is_not_chosen(takes_view: Takes) -> None:
    view = takes_view(forms.form(form(values={"direction": "sideways", "answers": ("9",), "client": "CL-1"})))
    assert all("initial_option" not in b["element"] for b in inputs(view).values())


def test_a_text_longer_than_its_field_is_cut_with_an_ellipsis(takes_view: Takes) -> None:
    element = inputs(takes_view(forms.form(form(values={"summary": "x" * 500}))))["summary"]["element"]
    assert element["initial_value"] == "x" * 199 + "…"


def test_a_type_ahead_offers_a_hundred_options_at_most_with_labels_slack_takes() -> None:
    many = Options(options=tuple(Option(value=f"CL-{n}", label="x" * 90) for n in range(120)))
    found = forms.suggestions(many)["options"]
    assert (len(found), found[0]["text"]["text"]) == (100, "x" * 74 + "…")


# --- errors of a submission


@pytest.mark.parametrize(
    ("errors", "shown_beside"),
    [
        ({"summary": "Too short."}, {"summary": "Too short."}),
        ({"": "Not saved."}, {"client": "Not saved."}),
        ({"unlisted": "Who?", "": "Not saved."}, {"client": "Who? Not saved."}),
        ({"client": "Which?", "when": "In the future."}, {"client": "Which?", "when": "In the future."}),
    ],
)
def test_what_is_wrong_stands_beside_its_field_or_else_beside_the_first(
    errors: dict[str, str], shown_beside: dict[str, str]
) -> None:
    assert forms.beside(errors, shown(forms.form(form()))) == shown_beside


def test_a_form_that_asks_nothing_has_no_place_for_errors() -> None:
    assert forms.beside({"": "Not saved."}, shown(forms.form(form(fields=())))) == {}
