"""Reads a dialog back: the texts that stand in its inputs as the values of views.py.

Invariants: an input's id says what it holds (`date.answered`), so that a form can be read before it is known; what
Teams leaves out is empty; a date and a time are an instant in the person's own zone; what is no instant is a fault
beside its field, and what was typed stays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from handlers.views import Field, ManyField, Option, SearchField, TextField, Value, WhenField
from handlers.words import _, city

Raw = Mapping[str, str]
Offered = Mapping[str, Sequence[tuple[str, str]]]
TEXT, CHOICE, MANY, SEARCH, FIND, DATE, TIME = "text", "choice", "many", "search", "find", "date", "time"


def input_id(kind: str, name: str) -> str:
    return f"{kind}.{name}"


@dataclass(frozen=True, kw_only=True)
class Read:
    """By field name; `faults` are those that cannot be read, in words."""

    values: dict[str, Value] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)


def read(raw: Raw, asked: Sequence[str], offered: Offered, zone: ZoneInfo) -> Read:
    """The fields that were asked, and those that have a value already."""
    found = Read()
    kinds: dict[str, set[str]] = {name: set() for name in asked}
    for id in raw:
        kind, _dot, name = id.partition(".")
        kinds.setdefault(name, set()).add(kind)
    for name, here in kinds.items():
        if here & {DATE, TIME}:
            _instant(found, name, raw, zone)
        elif MANY in here:
            found.values[name] = unpacked(raw[input_id(MANY, name)])
        elif SEARCH in here:
            found.values[name] = _option(raw[input_id(SEARCH, name)], offered.get(name, ()))
        elif CHOICE in here:
            found.values[name] = raw[input_id(CHOICE, name)] or None
        else:
            found.values[name] = raw.get(input_id(TEXT, name), "")
    return found


def packed(value: str) -> str:
    """Teams joins several choices with commas, so that a choice must hold none."""
    return quote(value, safe=" ")


def unpacked(text: str) -> tuple[str, ...]:
    return tuple(unquote(one) for one in text.split(",") if one)


def missing(fields: Sequence[Field], values: Mapping[str, Value]) -> dict[str, str]:
    """What must be filled in and is empty, by field."""
    empty = [f for f in fields if not f.optional and is_empty(values.get(f.name))]
    return {f.name: _("Please fill this in.") for f in empty}


def raw_of(found: Field, value: Value, zone: ZoneInfo) -> dict[str, str]:
    """What stands in the field's inputs for this value."""
    if isinstance(found, WhenField):
        local = value.astimezone(zone) if isinstance(value, datetime) else None
        day, at = (local.strftime("%Y-%m-%d"), local.strftime("%H:%M")) if local else ("", "")
        return {input_id(DATE, found.name): day, input_id(TIME, found.name): at}
    if isinstance(found, ManyField):
        return {input_id(MANY, found.name): ",".join(map(packed, value)) if isinstance(value, tuple) else ""}
    if isinstance(found, SearchField):
        return {input_id(SEARCH, found.name): value.value if isinstance(value, Option) else ""}
    kind = TEXT if isinstance(found, TextField) else CHOICE
    return {input_id(kind, found.name): value if isinstance(value, str) else ""}


def is_empty(value: Value) -> bool:
    """Nothing, no choice, or white space."""
    return value is None or value == () or (isinstance(value, str) and not value.strip())


def _option(value: str, offered: Sequence[tuple[str, str]]) -> Option | None:
    if not value:
        return None
    return Option(value=value, label=next((label for known, label in offered if known == value), value))


def _instant(found: Read, name: str, raw: Raw, zone: ZoneInfo) -> None:
    day, at = raw.get(input_id(DATE, name), "").strip(), raw.get(input_id(TIME, name), "").strip()
    found.values[name] = None
    if not day and not at:
        return
    try:
        local = datetime.strptime(f"{day} {at}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)
        instant = local.astimezone(UTC)
    except (ValueError, OverflowError):
        found.faults[name] = _("Please give a date and a time.")
        return
    if instant.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        words = _("The clocks in {city} were put forward then: this time did not exist that day. Please give another.")
        found.faults[name] = words.format(city=city(zone))
        return
    found.values[name] = instant
