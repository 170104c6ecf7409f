"""Paints what a person sees as Block Kit: items, cards, pages, short answers, the home page.

Invariants: text is plain (see text.py); a button carries its verb, its name and ids, nothing else; every action id is
unique on its surface; a message has at most 50 blocks, a view 100, and what does not fit is said to be missing.
"""

import json
from collections.abc import Iterable, Iterator
from itertools import count
from typing import assert_never

from bot.slack.text import SECTION, Json, bold, cut, escape, pieces, plain
from handlers.views import (
    Button,
    Buttons,
    Card,
    Checklist,
    Divider,
    Facts,
    Heading,
    Home,
    Item,
    Opens,
    Page,
    Say,
    Text,
)
from handlers.words import _

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
TITLE, HEADER = 24, 150
_ROW = 5  # buttons in a row
_PAIRS = 5  # a section holds ten fields: five labels with their values
_SHORT = 60  # a longer value gets the whole width
_SMALL_PRINT = 2000


def card(found: Card, *, room: int = MESSAGE_BLOCKS, first: int = 1) -> list[Json]:
    """The blocks of a message, or of a part of one: in `room` blocks, its action ids counted from `first`."""
    numbers = count(first)
    body = [*_title(found.title), *items(found.items, numbers)]
    buttons = list(_actions(found.buttons, numbers))
    return [*fitting(body, max(1, room - len(buttons))), *buttons] or _nothing()


def home(found: Home) -> Json:
    """The view of the home tab."""
    body = fitting([*_title(found.title), *items(found.items)], VIEW_BLOCKS)
    return {"type": "home", "callback_id": "home", "blocks": body or _nothing()}


def page(found: Page, *, opener: Opens | None = None) -> Json:
    """A modal to read. `opener` (ids only) lets it be opened afresh after one of its buttons did something."""
    meta = json.dumps({"name": opener.name, "subject": opener.subject}) if opener else ""
    return modal(found.title, items(found.items), callback="page", meta=meta)


def say(found: Say) -> Json:
    """A short answer as a small modal."""
    return modal(found.title or "Sopwith", [*items((Text(text=found.text),)), *items(found.items)], callback="say")


def whispered(found: Say) -> Json:
    """A short answer that only this person sees in the channel, and that Slack does not keep."""
    head = _title(found.title)
    return {
        "response_type": "ephemeral",
        "text": escape(cut(found.text, SECTION)),
        "blocks": fitting([*head, *items((Text(text=found.text), *found.items))], MESSAGE_BLOCKS) or _nothing(),
    }


def modal(title: str, blocks: list[Json], *, callback: str, meta: str = "", submit: str = "", room: int = 0) -> Json:
    """A modal view; a title above 24 characters stands again, whole, over the blocks. `room` is kept for fields."""
    head = _title(title) if len(title) > TITLE else []
    view: Json = {
        "type": "modal",
        "callback_id": callback,
        "title": plain(title, TITLE),
        "close": plain(_("Cancel") if submit else _("Close"), TITLE),
        "blocks": fitting([*head, *blocks], VIEW_BLOCKS - room) or ([] if room else _nothing()),
    }
    if submit:
        view["submit"] = plain(submit, TITLE)
    return view | ({"private_metadata": meta} if meta else {})


def items(found: Iterable[Item], numbers: Iterator[int] | None = None) -> list[Json]:
    """`numbers` makes action ids unique where one surface is painted in parts."""
    numbers = numbers or count(1)
    return [block for item in found for block in _item(item, numbers)]


def fitting(blocks: list[Json], most: int) -> list[Json]:
    """Not more blocks than fit; the last then says so."""
    if len(blocks) <= most:
        return blocks
    return [*blocks[: most - 1], _context(_("There is more than can be shown here."))]


def _item(item: Item, numbers: Iterator[int]) -> Iterator[Json]:
    match item:
        case Text():
            yield from _text(item)
        case Facts():
            yield from _facts(item)
        case Heading():
            yield from _title(item.text)
        case Divider():
            yield {"type": "divider"}
        case Checklist():
            yield from _checklist(item)
        case Buttons():
            yield from _actions(item.buttons, numbers)
        case _:
            assert_never(item)


def _text(item: Text) -> Iterator[Json]:
    for piece in pieces(item.text, _SMALL_PRINT if item.quiet else SECTION):
        yield _context(piece) if item.quiet else _section(bold(piece) if item.strong else plain(piece))


def _title(text: str) -> list[Json]:
    if not text.strip():
        return []
    if len(text) > HEADER:
        return [_section(bold(text))]
    return [{"type": "header", "text": plain(text, HEADER)}]


def _facts(item: Facts) -> Iterator[Json]:
    """Label and value side by side; a long value below its label, over the whole width."""
    pairs: list[Json] = []
    for label, value in item.facts:
        if len(value) > _SHORT or "\n" in value:
            yield from _fields(pairs)
            pairs = []
            yield _section(bold(label))
            yield from (_section(plain(piece)) for piece in pieces(value))
        else:
            pairs += [bold(cut(label, 200)), plain(value)]
    yield from _fields(pairs)


def _fields(pairs: list[Json]) -> Iterator[Json]:
    for at in range(0, len(pairs), _PAIRS * 2):
        yield {"type": "section", "fields": pairs[at : at + _PAIRS * 2]}


def _checklist(item: Checklist) -> Iterator[Json]:
    """One section for each line, so that none is cut; the mark is never alone: a word says the same."""
    for check in item.checks:
        state = _("✓ Done: {what}") if check.done else _("○ To do: {what}")
        line = state.format(what=check.text)
        yield _section(plain(f"{line}\n{check.detail}" if check.detail else line))


def _actions(buttons: tuple[Button, ...], numbers: Iterator[int]) -> Iterator[Json]:
    painted = [_button(b, next(numbers)) for b in buttons]
    for at in range(0, len(painted), _ROW):
        yield {"type": "actions", "elements": painted[at : at + _ROW]}


def _button(button: Button, number: int) -> Json:
    verb = "opens" if isinstance(button.act, Opens) else "does"
    element: Json = {
        "type": "button",
        "text": plain(button.label, 75),
        "action_id": f"{verb}:{button.act.name}#{number}",
    }
    if button.act.subject:
        element["value"] = button.act.subject
    if button.primary:
        element["style"] = "primary"
    if button.confirm:
        element["confirm"] = {
            "title": plain(button.label, 100),
            "text": plain(button.confirm, 300),
            "confirm": plain(button.label, 30),
            "deny": plain(_("Cancel"), 30),
        }
    return element


def _section(text: Json) -> Json:
    return {"type": "section", "text": text}


def _context(text: str) -> Json:
    return {"type": "context", "elements": [plain(text, _SMALL_PRINT)]}


def _nothing() -> list[Json]:
    return [_context(_("There is nothing here."))]
