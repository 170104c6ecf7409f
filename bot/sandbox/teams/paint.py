"""Paints what the bot sent, Adaptive Cards, as HTML: posts in a chat and dialogs.

Invariants: every word is escaped; what stands in a field is the dialog's state, never the initial value once more; ids
are the same on every painting; each input has its label; an element that is not known here is named aloud instead of
being left out.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from bot.sandbox.paint import Choice, Control, Group
from bot.sandbox.rendering import environment
from bot.sandbox.teams.card_rules import PROPERTIES, parts
from bot.sandbox.teams.reading import WRONG, cards_of
from bot.sandbox.teams.records import Dialog, Json, Post

LARGE = frozenset({"Medium", "Large", "ExtraLarge"})
BUTTONS = {"positive": "primary", "destructive": "danger"}


@dataclass(frozen=True, kw_only=True)
class Run:
    """Words that look alike."""

    text: str
    classes: str


@dataclass(frozen=True, kw_only=True)
class Button:
    """`id` is of this place, `mark` of what it carries."""

    id: str
    mark: str
    title: str
    look: str


def name_of(place: Post | Dialog) -> str:
    """How the browser names this surface: `dialog:17` or `post:17`."""
    return f"dialog:{place.id}" if isinstance(place, Dialog) else f"post:{place.id}"


def mark_of(action: Json) -> str:
    """The same for the same button, and for no other."""
    return blake2b(json.dumps(action, sort_keys=True).encode(), digest_size=9).hexdigest()


def cards(place: Post | Dialog) -> Markup:
    """All cards of the surface, in order."""
    painting = _Painting(place)
    return Markup("").join(painting.card(card) for card in cards_of(place))


@dataclass
class _Painting:
    """One surface while it is painted. `wrong` are the inputs that must be put right, with the id of the words beside
    them; `used` the marks of the buttons so far."""

    place: Post | Dialog
    wrong: dict[str, Json] = field(default_factory=dict)
    used: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dialog = isinstance(self.place, Dialog)
        self._state = self.place.state
        self._template: Any = environment().get_template("cards.html").module

    def card(self, card: Json) -> Markup:
        body = card.get("body", [])
        self._look_for_faults(body)
        return Markup('<div class="a-card">{}</div>').format(self.elements(body))

    def elements(self, found: list[Json]) -> Markup:
        return Markup("\n").join(self.element(one) for one in found)

    def element(self, one: Json) -> Markup:
        kind = str(one.get("type"))
        name = kind.replace(".", "_") if kind in PROPERTIES else ""
        macro: Callable[..., str] | None = getattr(self._template, name, None)
        if macro is None:
            return Markup('<p class="unknown">The sandbox cannot paint this: {}</p>').format(kind)
        painted = Markup(macro(one, self))  # noqa: S704 - the template escapes
        return Markup("<hr>") + painted if one.get("separator") else painted

    # text
    def is_heading(self, block: Json) -> bool:
        runs = block["inlines"]
        return all(run.get("weight") == "Bolder" and run.get("size") in LARGE for run in runs)

    def runs(self, block: Json) -> Iterator[Run]:
        for run in block["inlines"]:
            look = [run.get("weight"), run.get("size"), run.get("color"), "subtle" if run.get("isSubtle") else ""]
            yield Run(text=run["text"], classes=" ".join(f"a-{name.lower()}" for name in look if name))

    def fault_of(self, block: Json) -> str:
        """The id of words that say what is wrong, for the input above them."""
        return next((f"{name}-error" for name, words in self.wrong.items() if words is block), "")

    def _look_for_faults(self, body: list[Json]) -> None:
        above: list[Json] = []
        for one in body:
            asked = [part for part in parts(one) if str(part.get("type")).startswith("Input.")]
            if is_wrong(one) and above:
                self.wrong[self._id(above[0]["id"])] = one
            elif asked:
                above = asked

    # buttons
    def button(self, action: Json) -> Button:
        mark = mark_of(action)
        self.used.append(mark)
        id = f"{name_of(self.place)}/{mark}"
        again = self.used.count(mark) - 1
        look = BUTTONS.get(action.get("style", ""), "")
        return Button(id=f"{id}~{again}" if again else id, mark=mark, title=action["title"], look=look)

    # inputs
    def control(self, one: Json) -> Control:
        id, kind = self._id(one["id"]), _kind(one)
        value = self._state.get(one["id"], "")
        chosen = value.split(",") if one.get("isMultiSelect") else [value]
        choices = tuple(_choice(choice, chosen) for choice in one.get("choices", []))
        element: Json = {"multiline": bool(one.get("isMultiline")), "min_query_length": 0}
        element |= {"max_length": one["maxLength"]} if "maxLength" in one else {}
        faulty = id in self.wrong
        return Control(
            id=id,
            kind=kind,
            block="",
            action=one["id"],
            element=element,
            value=value,
            shown=next((choice.label for choice in choices if choice.chosen), ""),
            groups=(Group(label="", choices=choices),) if choices else (),
            dispatches=False,
            error="wrong" if faulty else "",
            notes=(f"{id}-error",) if faulty else (),
        )

    def _id(self, input_id: str) -> str:
        return quote(f"{name_of(self.place)}/{input_id}", safe=":/~.")


def is_wrong(block: Json) -> bool:
    """Words in the colour for what must be put right."""
    runs = block.get("inlines", []) if block.get("type") == "RichTextBlock" else []
    return any(run.get("color") == WRONG for run in runs)


def _kind(one: Json) -> str:
    """The control of `blocks.html` that it looks like."""
    kinds = {"Input.Text": "plain_text_input", "Input.Date": "datepicker", "Input.Time": "timepicker"}
    if one["type"] in kinds:
        return kinds[one["type"]]
    if one.get("isMultiSelect"):
        return "checkboxes"
    return {"expanded": "radio_buttons", "filtered": "external_select"}.get(one.get("style", ""), "static_select")


def _choice(choice: Json, chosen: list[str]) -> Choice:
    title = choice["title"]
    here = choice["value"] in chosen
    return Choice(value=choice["value"], label=title, text=Markup.escape(title), about=Markup(""), chosen=here)
