"""Repaints: Slack keeps what stands in a block it knows, and ignores initial values there."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.block_rules import check_view
from bot.slack import forms
from bot.slack.values import read
from handlers.views import (
    ChoiceField,
    Field,
    ManyField,
    Option,
    SearchField,
    TextField,
    Value,
    WhenField,
)
from tests.slack.filling import AT, FIELDS, HERON, Json, form, inputs, shown

Takes = Callable[[Any], Any]


def repainted(before: Json, values: Mapping[str, Value], fields: tuple[Field, ...] = FIELDS) -> list[str]:
    return list(inputs(forms.form(form(values=values, fields=fields), shown=before)))


def test_a_repaint_leaves_what_was_typed_where_the_handler_gives_it_back() -> None:
    before = shown(forms.form(form()), summary={"value": "half a sent"})
    assert repainted(before, read(before)) == ["client", "direction", "channel", "when", "summary", "answers"]
    assert repainted(before, {}) == ["client", "direction", "channel", "when", "summary", "answers"]


def test_a_repaint_makes_a_new_block_where_the_handler_gives_another_value() -> None:
    before = shown(forms.form(form(values={"when": AT})))
    values = read(before) | {"client": HERON, "when": AT + timedelta(microseconds=5)}
    once = forms.form(form(values=values), shown=before)
    assert list(inputs(once))[:4] == ["client~2", "direction", "channel", "when"]
    assert inputs(once)["client~2"]["element"]["initial_option"]["value"] == "CL-1"
    again = shown(once)
    assert read(again)["client"] == HERON
    assert repainted(again, read(again) | {"client": None})[0] == "client~3"
    assert forms.beside({"client": "Which?"}, again) == {"client~2": "Which?"}


def test_a_choice_that_is_no_longer_offered_is_forgotten() -> None:
    before = shown(forms.form(form(values={"answers": ("2",)})))
    fewer = tuple(replace(f, options=f.options[:1]) if isinstance(f, ManyField) else f for f in FIELDS)
    assert repainted(before, read(before), fewer)[-1] == "answers~2"


def test_fields_come_and_go(takes_view: Takes) -> None:
    before = shown(forms.form(form()))
    fields = (FIELDS[0], TextField(name="unlisted", label="Name of the client"), *FIELDS[1:4])
    view = takes_view(forms.form(form(fields=fields, values=read(before)), shown=before))
    assert list(inputs(view)) == ["client", "unlisted", "direction", "channel", "when"]


names = st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=10, unique=True)
options = st.lists(st.sampled_from("123456789abcdef"), unique=True, max_size=15).map(
    lambda values: tuple(Option(value=v, label=v * 60) for v in values)
)


@st.composite
def filled(draw: st.DrawFn) -> tuple[tuple[Field, ...], dict[str, Value]]:
    """Any form with any values that its fields can hold."""
    fields: list[Field] = []
    values: dict[str, Value] = {}
    for name in draw(names):
        offered = draw(options)
        kinds: list[tuple[Field, st.SearchStrategy[Any]]] = [
            (TextField(name=name, label=name), st.text(max_size=50)),
            (
                WhenField(name=name, label=name),
                st.integers(10**9, 4 * 10**9).map(lambda s: datetime.fromtimestamp(s, UTC)),
            ),
            (SearchField(name=name, label=name, search="x"), st.builds(Option, value=st.just("v"), label=st.just("L"))),
        ]
        if offered:
            some = [o.value for o in offered]
            kinds.append((ChoiceField(name=name, label=name, options=offered), st.sampled_from(some)))
            ticks = st.sets(st.sampled_from(some), min_size=1)
            kinds.append(
                (
                    ManyField(name=name, label=name, options=offered),
                    ticks.map(lambda t, s=some: tuple(v for v in s if v in t)),
                )  # type: ignore[misc]
            )
        field, value = draw(st.sampled_from(kinds))
        fields.append(field)
        values[name] = draw(value)
    return tuple(fields), values


@given(filled())
def test_every_form_is_taken_and_every_value_comes_back(any_form: tuple[tuple[Field, ...], dict[str, Value]]) -> None:
    fields, values = any_form
    view = forms.form(form(fields=fields, values=values))
    assert check_view(view, "modal") == []
    assert read(shown(view)) == values
