"""Paints a form as a dialog, step by step: at most seven inputs at once, with what was typed in place and what is wrong
beside its field.

Invariants: everything a dialog needs to know of itself is in its buttons (which fields were asked, what was typed on
other steps, the zone of its times), for no process remembers a dialog; a menu too long for a card is searched by a word
and a button, which every version of Teams can do.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, assert_never
from zoneinfo import ZoneInfo

from bot.teams import cards
from bot.teams.cards import Json, Where, items, painted, submit
from bot.teams.shapes import Said, Steps
from bot.teams.values import CHOICE, DATE, FIND, MANY, SEARCH, TEXT, TIME, Offered, input_id, packed, raw_of
from handlers.views import ChoiceField, Field, Form, ManyField, Option, SearchField, Text, TextField, Value, WhenField
from handlers.words import _, city

MOST = 7  # inputs at once
MENU = 20  # a type-ahead gives no more at a time; with so many there may be others
FEW = 3  # options that stand below each other, to be tapped
LONGEST = 3000


@dataclass(frozen=True, kw_only=True)
class Step:
    """One dialog of a form: these fields now, `asked` before them; `last` when nothing is known to come after."""

    shown: tuple[Field, ...]
    asked: tuple[str, ...]
    first: bool
    last: bool


@dataclass(frozen=True, kw_only=True)
class Dialog:
    """A form on its way: what is known of it so far. `typed`: what stands in inputs, by input id."""

    form: Form
    steps: Steps
    zone: ZoneInfo
    offered: Offered = field(default_factory=dict)  # what menus hold that are searched
    typed: Mapping[str, str] = field(default_factory=dict)
    home: str = ""


def asked_for(form: Form) -> tuple[Field, ...]:
    """A choice without options is not asked."""
    return tuple(f for f in form.fields if not isinstance(f, ChoiceField | ManyField) or f.options)


def asides(form: Form) -> tuple[Field, ...]:
    """What is asked only of somebody who wants it, behind a button of its own."""
    return tuple(f for f in asked_for(form) if isinstance(f, SearchField) and f.aside)


def pages(form: Form, long: Collection[str]) -> list[tuple[Field, ...]]:
    """The form's fields in order, in portions that one dialog holds."""
    found: list[tuple[Field, ...]] = []
    now: tuple[Field, ...] = ()
    for one in _plain(form):
        if now and sum(_inputs(f, long) for f in (*now, one)) > MOST:
            found, now = [*found, now], ()
        now = (*now, one)
    return [*found, now] if now else found


def _plain(form: Form) -> tuple[Field, ...]:
    return tuple(f for f in asked_for(form) if f not in asides(form))


def following(form: Form, asked: Sequence[str], long: Collection[str]) -> Step | None:
    """What has not been asked yet, as far as one dialog holds it; None when all has."""
    left = tuple(f for f in _plain(form) if f.name not in asked)
    if not left and (asked or not form.fields):
        return None
    portion = pages(_only(form, left), long)
    shown = portion[0] if portion else ()
    return Step(shown=shown, asked=tuple(asked), first=not asked, last=len(portion) < 2)


def before(form: Form, shown: Sequence[str], long: Collection[str]) -> Step:
    """The portion before the one that holds the first of these fields."""
    all_pages = pages(form, long)
    names = [{f.name for f in page} for page in all_pages]
    here = next((n for n, held in enumerate(names) if held & set(shown)), len(names))
    found = _step(all_pages, max(0, here - 1))
    return replace(found, asked=(*found.asked, *(f.name for f in asides(form) if f.name in shown)))


def aside(form: Form, asked: Sequence[str]) -> Step:
    """What is asked only of somebody who wants it."""
    return Step(shown=asides(form), asked=tuple(asked), first=False, last=True)


def faulty(form: Form, long: Collection[str]) -> Step:
    """The first portion in which something is wrong; what is wrong elsewhere is asked again after it."""
    if any(f.name in form.errors for f in asides(form)):
        return aside(form, [f.name for f in _plain(form)])
    all_pages = pages(form, long)
    wrong = [n for n, page in enumerate(all_pages) if any(f.name in form.errors for f in page)]
    found = _step(all_pages, wrong[0] if wrong else max(0, len(all_pages) - 1))
    later = {f.name for n in wrong[1:] for f in all_pages[n]}
    elsewhere = (f for page in [*all_pages, asides(form)] for f in page if f not in found.shown)
    asked = tuple(f.name for f in elsewhere if f.name not in later)
    return Step(shown=found.shown, asked=asked, first=found.first, last=not later)


def _step(all_pages: list[tuple[Field, ...]], at: int) -> Step:
    asked = tuple(f.name for page in all_pages[:at] for f in page)
    shown = all_pages[at] if all_pages else ()
    return Step(shown=shown, asked=asked, first=at == 0, last=at >= len(all_pages) - 1)


def _only(form: Form, fields: tuple[Field, ...]) -> Form:
    return Form(name=form.name, title=form.title, submit=form.submit, fields=fields)


def dialog(found: Dialog, step: Step) -> Json:
    """The card of this step."""
    form, names = found.form, {f.name for f in step.shown}
    values = {k: v for f in form.fields for k, v in raw_of(f, form.values.get(f.name), found.zone).items()}
    found = replace(found, typed={**values, **found.typed})
    said = [cards.wrong(words) for name, words in form.errors.items() if name not in names]
    inputs = [part for f in step.shown for part in _field(f, found, step)]
    intro = items(form.intro if step.first else (), Where(dialog=True, home=found.home))
    return painted([*said, *intro], [*inputs, _buttons(found, step)])


def _data(found: Dialog, step: Step, verb: str, name: str = "") -> Json:
    """What does not stand on this step travels with its buttons: what was typed elsewhere, and what nobody saw yet."""
    form = found.form
    shown = {id for f in step.shown for id in raw_of(f, None, found.zone)}
    steps = found.steps.model_copy(
        update={
            "form_id": found.steps.form_id or form.form_id,
            "asked": list(step.asked),
            "shown": [f.name for f in step.shown],
            "typed": {k: v for k, v in found.typed.items() if v and k not in shown},
            "offered": {k: [list(pair) for pair in v] for k, v in found.offered.items()},
            "inputs": [id for f in form.fields for id in raw_of(f, None, found.zone)],
            "zone": found.zone.key,
            "pins": _pins(found, step) if step.last else None,
            "must": [f.name for f in step.shown if not f.optional] if step.last else [],
        }
    )
    said: Json = {"verb": verb, "name": name or form.name, "subject": form.subject, "steps": steps.model_dump()}
    return said | ({"home": found.home} if found.home else {})


def _pins(found: Dialog, step: Step) -> dict[str, str]:
    """What stands in the inputs of this step whose change would change the form."""
    asking = (f for f in step.shown if isinstance(f, ChoiceField | SearchField) and f.refreshes)
    return {id: found.typed.get(id, "") for f in asking for id in raw_of(f, None, found.zone)}


def retry(said: Said, typed: Mapping[str, str]) -> Json:
    """The button of a step that could not be gone on from, with what was typed on it."""
    kept = said.model_copy(update={"steps": said.steps.model_copy(update={"typed": dict(typed)})})
    data = kept.model_dump(exclude_none=True, include={"verb", "name", "subject", "home", "steps"})
    return submit(_("Try again"), data, primary=True)


def _buttons(found: Dialog, step: Step) -> Json:
    label = found.form.submit if step.last else _("Next")
    shown = [submit(label, _data(found, step, "form"), primary=True)]
    more = [f for f in asides(found.form) if f not in step.shown]
    if step.last and more:
        shown.append(submit(more[0].label, _data(found, step, "more")))
    if not step.first:
        shown.append(submit(_("Back"), _data(found, step, "back")))
    return {"type": "ActionSet", "actions": shown}


def _field(one: Field, found: Dialog, step: Step) -> Iterator[Json]:
    label = one.label if not one.optional else _("{label} (optional)").format(label=one.label)
    fault = found.form.errors.get(one.name)
    if isinstance(one, WhenField):
        yield _when(one, label, found.typed, found.zone)
    else:
        yield _input(one, label, found.typed, found.offered)
    if one.name in found.steps.long:
        yield from _search(one.name, found, step)
    if fault:
        yield cards.wrong(fault)
    if one.hint:
        yield from items([Text(text=one.hint, quiet=True)])


def _input(one: Field, label: str, state: Mapping[str, str], offered: Offered) -> Json:
    match one:
        case TextField():
            id = input_id(TEXT, one.name)
            most = min(one.max_length, LONGEST)
            kind: Json = {"type": "Input.Text", "maxLength": most} | ({"isMultiline": True} if one.multiline else {})
        case ChoiceField():
            id = input_id(CHOICE, one.name)
            style = "expanded" if len(one.options) <= FEW else "compact"
            kind = {"type": "Input.ChoiceSet", "style": style, "wrap": True, "choices": _choices(one.options)}
        case ManyField():
            id = input_id(MANY, one.name)
            choices = [{"title": o.label, "value": packed(o.value)} for o in one.options]
            kind = {"type": "Input.ChoiceSet", "isMultiSelect": True, "wrap": True, "choices": choices}
        case SearchField():
            id = input_id(SEARCH, one.name)
            options = [Option(value=value, label=words) for value, words in offered.get(one.name, ())]
            kind = {"type": "Input.ChoiceSet", "style": "compact", "choices": _choices(options)}
        case WhenField():
            raise TypeError("a date and a time are two inputs")
        case _:
            assert_never(one)
    value = state.get(id, "")
    return {**kind, "id": id, "label": label} | ({"value": value} if value else {})


def _choices(options: Sequence[Option]) -> list[Json]:
    return [{"title": o.label, "value": o.value} for o in options]


def _when(one: WhenField, label: str, state: Mapping[str, str], zone: ZoneInfo) -> Json:
    """The date and the time beside each other, the time with its zone."""
    day, at = input_id(DATE, one.name), input_id(TIME, one.name)
    shown: list[dict[str, Any]] = [
        {"type": "Input.Date", "id": day, "label": label, "value": state.get(day, "")},
        {"type": "Input.Time", "id": at, "label": _("at ({city})").format(city=city(zone)), "value": state.get(at, "")},
    ]
    filled = [{k: v for k, v in part.items() if v != ""} for part in shown]
    columns = [{"type": "Column", "width": "stretch", "items": [part]} for part in filled]
    return {"type": "ColumnSet", "columns": columns}


def _search(name: str, found: Dialog, step: Step) -> Iterator[Json]:
    """Among more than a card holds: a word, and a button that looks for it."""
    look = submit(_("Search"), _data(found, step, "find", name))
    yield {"type": "Input.Text", "id": input_id(FIND, name), "label": _("Not in the list? A part of the name")}
    yield {"type": "ActionSet", "actions": [look]}


def _inputs(one: Field, long: Collection[str]) -> int:
    return 2 if isinstance(one, WhenField) or one.name in long else 1


def options_of(value: Value, offered: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """What a menu offers, with what stands in it already at its head."""
    if isinstance(value, Option) and value.value not in {known for known, _label in offered}:
        return [(value.value, value.label), *offered]
    return list(offered)
