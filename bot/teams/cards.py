"""Paints what a person sees as Adaptive Cards 1.5: items, cards, pages, short answers.

Invariants: text stands in text runs, which take no markup, so nothing that people typed comes alive; a button carries
its verb, its name and ids, nothing else; a card has at most `MOST` elements and 24 kB, and what does not fit is said to
be missing. What opens a form is a Submit that fetches a dialog, what acts an Execute, for which Teams opens none.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bot.teams.shapes import OURS
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

Json = dict[str, Any]
MOST = 60  # elements of a card
BYTES = 24_000  # Teams takes 28 kB a message, envelope and all
LINE = 4000
ROW = 5  # buttons beside each other
TITLE = 60  # letters on a button
CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
_SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"


@dataclass(frozen=True, kw_only=True)
class Where:
    """Where a card stands, which its buttons have to know: in a dialog, where every button is a plain Submit, or in a
    message, alone or among others. `page`: what opened it (name and subject), so that it can be opened again; `home`:
    the message with the duties that it was opened from."""

    dialog: bool = False
    alone: bool = True
    page: tuple[str, str] | None = None
    home: str = ""


MESSAGE = Where()
HOME = "home"


def card(found: Card, where: Where = MESSAGE, *, room: int = BYTES) -> Json:
    """As a message, or what takes its place after a click."""
    buttons = [Buttons(buttons=found.buttons)] if found.buttons else []
    return painted([*_title(found.title), *items(found.items, where)], list(items(buttons, where)), room=room)


def home(found: Home) -> Json:
    """The duties as a message."""
    return painted([*_title(found.title), *items(found.items, Where(page=(HOME, "")))])


def page(found: Page | Home, where: Where) -> Json:
    """Something to read in a dialog; its title stands over the dialog."""
    return painted(list(items(found.items, where)))


def read(found: Page) -> Json:
    """A page that may stand in a chat."""
    return painted([*_title(found.title), *items(found.items)])


def say(found: Say, where: Where = MESSAGE, *more: Json) -> Json:
    """A short answer; in a dialog over a page, with the way back to it; `more` are buttons."""
    back = [_act(_("Back"), "opens", *where.page, where=where)] if where.page and where.dialog else []
    back += more
    last: list[Json] = [{"type": "ActionSet", "actions": back}] if back else []
    return painted([*_title(found.title), *items((Text(text=found.text), *found.items), where)], last)


def opening(words: Iterable[str], buttons: Iterable[tuple[str, str]]) -> Json:
    """A few lines, and buttons (label, command) that open the command's form or page."""
    shown = [_dialogs(label, {"verb": "command", "name": name}) for label, name in buttons]
    return painted(list(items(Text(text=line) for line in words)), [{"type": "ActionSet", "actions": shown}])


def painted(body: list[Json], last: Sequence[Json] = (), *, room: int = BYTES) -> Json:
    """A card of these elements, as far as it holds them; `last` stands at its end in any case."""
    found = body[:MOST]
    while True:
        more = [] if len(found) == len(body) else list(_text(Text(text=_too_much(), quiet=True)))
        shown = [*found, *more, *last] or _nothing()
        whole: Json = {"$schema": _SCHEMA, "type": "AdaptiveCard", "version": "1.5", "body": shown}
        if not found or len(json.dumps(whole, ensure_ascii=False).encode()) <= room:
            return whole
        found = found[:-1]


def items(found: Iterable[Item], where: Where = MESSAGE) -> Iterator[Json]:
    """A divider is a line above what follows it."""
    line = False
    for item in found:
        for part in _item(item, where):
            yield {**part, "separator": True} if line else part
            line = False
        line = line or isinstance(item, Divider)


def _item(item: Item, where: Where) -> Iterator[Json]:
    match item:
        case Text():
            yield from _text(item)
        case Facts():
            for label, value in item.facts:
                yield from _fact(label, value)
        case Heading():
            yield from _title(item.text)
        case Divider():
            return
        case Checklist():
            yield from _checklist(item)
        case Buttons():
            for at in range(0, len(item.buttons), ROW):
                row = [_button(button, where) for button in item.buttons[at : at + ROW]]
                yield {"type": "ActionSet", "actions": row}
        case _:
            assert_never(item)


def _fact(label: str, value: str) -> Iterator[Json]:
    first, *rest = value.splitlines() or [""]
    yield _runs(_run(f"{label}: ", weight="Bolder"), _run(first or "–"))
    yield from (_runs(_run(line)) for line in rest)


def _text(item: Text) -> Iterator[Json]:
    """Line by line: a text run has none of its own."""
    look: Json = {"size": "Small", "isSubtle": True} if item.quiet else {}
    look |= {"weight": "Bolder"} if item.strong else {}
    for line in item.text.splitlines() or [""]:
        yield _runs(_run(line, **look))


def wrong(text: str) -> Json:
    """What must be put right, in the colour for it; the words say it too."""
    return _runs(_run(text, weight="Bolder", color="Attention"))


def _title(text: str) -> list[Json]:
    return [_runs(_run(text, weight="Bolder", size="Medium"))] if text.strip() else []


def _checklist(item: Checklist) -> Iterator[Json]:
    for check in item.checks:
        mark, said = ("✓", _("Done: {what}")) if check.done else ("○", _("To do: {what}"))
        yield _runs(_run(f"{mark} {said.format(what=check.text)}"))
        if check.detail:
            yield _runs(_run(check.detail, size="Small", isSubtle=True))


def _button(button: Button, where: Where) -> Json:
    if not button.confirm:
        return _action(button, where)
    asked = [_runs(_run(button.confirm)), {"type": "ActionSet", "actions": [_action(button, where)]}]
    return {"type": "Action.ShowCard", "title": button.label[:TITLE], "card": {"type": "AdaptiveCard", "body": asked}}


def _action(button: Button, where: Where) -> Json:
    verb = "opens" if isinstance(button.act, Opens) else "does"
    return _act(button.label, verb, button.act.name, button.act.subject, primary=button.primary, where=where)


def _act(label: str, verb: str, name: str, subject: str = "", *, primary: bool = False, where: Where) -> Json:
    said: Json = {"verb": verb, "name": name, "subject": subject}
    said |= {"page": list(where.page)} if where.page else {}
    said |= {} if where.alone else {"alone": False}
    said |= {"home": where.home} if where.home else {}
    if where.dialog:
        return submit(label, said, primary=primary)
    return _dialogs(label, said, primary=primary) if verb == "opens" else _executes(label, said, primary=primary)


def submit(label: str, said: Json, *, primary: bool = False, **teams: Any) -> Json:
    """Sends what stands in the card, and what the button says."""
    look: Json = {"title": label[:TITLE]} | ({"style": "positive"} if primary else {})
    return {"type": "Action.Submit", **look, "data": {OURS: said, **teams}}


def _dialogs(label: str, said: Json, *, primary: bool = False) -> Json:
    return submit(label, said, primary=primary, msteams={"type": "task/fetch"})


def _executes(label: str, said: Json, *, primary: bool = False) -> Json:
    fallback = submit(label, said, primary=primary)
    return {**fallback, "type": "Action.Execute", "verb": "does", "fallback": fallback}


def _runs(*runs: Json) -> Json:
    return {"type": "RichTextBlock", "inlines": list(runs)}


def _run(text: str, **look: Any) -> Json:
    """`{{` would begin a date function of the card's language."""
    said = text[:LINE].replace("{{", "{\u2060{") or "\u00a0"
    return {"type": "TextRun", "text": said, **look}


def _nothing() -> list[Json]:
    return [_runs(_run(_("There is nothing here."), size="Small", isSubtle=True))]


def _too_much() -> str:
    return _("There is more than can be shown here.")
