"""Paints what the bot sent, Block Kit JSON, as HTML: messages, modals and home tabs.

Invariants: every word is escaped; what stands in a field is the place's state, never the initial value once more; ids
are the same on every painting, so that the browser can keep a field in which somebody is typing; a kind that is not
known here is named aloud instead of being left out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from markupsafe import Markup

from bot.sandbox import mrkdwn
from bot.sandbox.inputs import KEYS
from bot.sandbox.reading import blocks_of
from bot.sandbox.records import Json, Message, User, View
from bot.sandbox.rendering import environment
from handlers.words import city

LOCAL = "%Y-%m-%dT%H:%M"  # what a browser's date-and-time field holds


@dataclass(frozen=True, kw_only=True)
class Choice:
    """An option as it is shown."""

    value: str
    label: str
    text: Markup
    about: Markup
    chosen: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """Options under a heading; an empty heading for those without one."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, kw_only=True)
class Control:
    """Something to press, choose or type into. `value` is what stands there; `shown` how a chosen option reads."""

    id: str
    kind: str
    block: str
    action: str
    element: Json
    named: str = ""
    value: str = ""
    shown: str = ""
    groups: tuple[Group, ...] = ()
    required: bool = False
    dispatches: bool = True
    error: str = ""
    notes: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(c for group in self.groups for c in group.choices)


def name_of(place: Message | View) -> str:
    """How the browser names this surface: `view:V1` or `message:1.2`."""
    return f"view:{place.id}" if isinstance(place, View) else f"message:{place.ts}"


def local(second: int, zone: ZoneInfo) -> str:
    return datetime.fromtimestamp(second, UTC).astimezone(zone).strftime(LOCAL)


def second(typed: str, zone: ZoneInfo) -> int:
    """The epoch second of a local time as typed, the earlier one where clocks go back; ValueError if it is no time."""
    return int(datetime.strptime(typed[:16], LOCAL).replace(tzinfo=zone).timestamp())


class Painter:
    """Paints for one person: his own zone, and the names of those around."""

    def __init__(self, viewer: User, users: Iterable[User]) -> None:
        self.zone = ZoneInfo(viewer.tz)
        self.people = [u for u in users if not u.deleted]
        self.names = {u.id: u.name for u in self.people}

    def blocks(self, place: Message | View) -> Markup:
        """All blocks of the surface, in order."""
        painting = _Painting(self, place)
        return Markup("\n").join(painting.block(b) for b in blocks_of(place))

    def text(self, said: Json) -> Markup:
        return mrkdwn.text(said, self.names)


class _Painting:
    """One surface while it is painted."""

    def __init__(self, painter: Painter, place: Message | View) -> None:
        self.painter, self.place = painter, place
        self.errors: Mapping[str, str] = place.errors if isinstance(place, View) else {}
        self._template = environment().get_template("blocks.html").module

    def block(self, block: Json) -> Markup:
        macro: Callable[..., str] | None = getattr(self._template, f"block_{block['type']}", None)
        if macro is None:
            return self._unknown(block["type"])
        return Markup(macro(block, self))  # noqa: S704 - the template escapes

    def text(self, said: Json) -> Markup:
        return self.painter.text(said)

    def element(self, block: Json, element: Json) -> Markup:
        """The element alone, named by its label, the text beside it, or its placeholder."""
        control = self.control(block, element)
        macro: Callable[..., str] | None = getattr(
            self._template, f"kind_{_KIND.get(control.kind, control.kind)}", None
        )
        return self._unknown(control.kind) if macro is None else Markup(macro(control, self))  # noqa: S704

    def _unknown(self, kind: str) -> Markup:
        return Markup('<p class="unknown">The sandbox cannot paint this: {}</p>').format(kind)

    def control(self, block: Json, element: Json) -> Control:
        asked, kind = block["type"] == "input", element["type"]
        id = quote(f"{name_of(self.place)}/{block['block_id']}/{element.get('action_id', '')}", safe=":/~.")
        value = self._standing(block, element)
        error = self.errors.get(block["block_id"], "")
        there = {"optional": asked and block["optional"], "hint": asked and "hint" in block, "error": error}
        there["zone"] = kind == "datetimepicker"
        return Control(
            id=id,
            kind=kind,
            block=block["block_id"],
            action=element.get("action_id", ""),
            element=element,
            named="" if asked else _named(block, element),
            value=self._as_typed(kind, value),
            shown=value["text"]["text"] if isinstance(value, dict) else "",
            groups=self._groups(element, value),
            required=asked and not block["optional"],
            dispatches=not asked or block["dispatch_action"],
            error=error,
            notes=tuple(f"{id}-{name}" for name, is_there in there.items() if is_there),
        )

    def _standing(self, block: Json, element: Json) -> Any:
        if element["type"] not in KEYS:
            return None
        key, _initial = KEYS[element["type"]]
        return self.place.state.get(block["block_id"], {}).get(element["action_id"], {}).get(key)

    def _as_typed(self, kind: str, value: Any) -> str:
        if isinstance(value, dict):
            return str(value["value"])
        if value is None or isinstance(value, list):
            return ""
        return local(int(value), self.painter.zone) if kind == "datetimepicker" else str(value)

    def _groups(self, element: Json, value: Any) -> tuple[Group, ...]:
        if element["type"] in ("users_select", "multi_users_select"):
            chosen = value if isinstance(value, list) else [value]
            people = [u for u in self.painter.people if not u.is_bot and not u.is_stranger]
            return (Group(label="", choices=tuple(_person(u, u.id in chosen) for u in people)),)
        taken = [o["value"] for o in (value if isinstance(value, list) else [value]) if isinstance(o, dict)]
        groups = element.get("option_groups") or [{"options": element.get("options", [])}]
        return tuple(
            Group(
                label=g["label"]["text"] if "label" in g else "",
                choices=tuple(self._choice(o, o["value"] in taken) for o in g["options"]),
            )
            for g in groups
            if g["options"]
        )

    def _choice(self, option: Json, chosen: bool) -> Choice:
        about = self.text(option["description"]) if "description" in option else Markup("")
        said = option["text"]
        return Choice(value=option["value"], label=said["text"], text=self.text(said), about=about, chosen=chosen)

    @property
    def zone(self) -> str:
        return city(self.painter.zone)


_KIND = {
    **dict.fromkeys(("email_text_input", "url_text_input", "number_input", "datepicker", "timepicker"), "line"),
    **dict.fromkeys(("users_select", "multi_users_select", "multi_static_select"), "static_select"),
}


def _person(user: User, chosen: bool) -> Choice:
    return Choice(value=user.id, label=user.name, text=Markup.escape(user.name), about=Markup(""), chosen=chosen)


def _named(block: Json, element: Json) -> str:
    said = block.get("text") or element.get("placeholder")
    return str(said["text"]) if said and element["type"] != "button" else ""
