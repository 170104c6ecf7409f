"""The statutory clocks that come with Sopwith (handlers/packs/*.toml), and a firm's own ([[clock]] in its policy file).

Invariants: every fault is reported, each with its file and place; one fault gives no clock at all. An entry of the
policy file with the id of a clock that comes with Sopwith changes the keys it names and keeps the others, so that its
citation stays; any other id adds a clock. The files are read through importlib.resources, from wherever Sopwith is
installed.
"""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from pydantic import ValidationError

from bot.environment import BadConfig
from bot.pack_parts import KEYS, ClockPart, PackPart
from bot.part_faults import meant, said
from bot.public_holidays import holiday_code
from handlers.rules.clock_facts import under
from handlers.rules.clock_terms import Clock

Raw = Mapping[str, Any]
_FIRMS_OWN: Raw = {"version": "1", "regime": "contract", "standard": "as agreed", "source_quality": "unconfirmed"}
_EVENTS = {
    "first_signal_at": "somebody first notices",
    "aware_at": "the firm is aware of the breach",
    "discovered_at": "the breach is discovered",
    "determined_at": "the breach is determined",
}
_INSTEAD = {"counting": ("length", "unit", "backstop", "calendar"), "start": ("after",), "after": ("start",)}


@dataclass(frozen=True, kw_only=True)
class Entry:
    """A clock as written: `place` in front of its faults; `changed`: what the firm's file sets otherwise."""

    place: str
    raw: Raw
    own: bool = False
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Pack:
    """A file: its title, and its clocks as written."""

    name: str
    title: str
    entries: tuple[Entry, ...]


def clocks(own: Sequence[Raw] = ()) -> tuple[Clock, ...]:
    """Every clock, with a firm's own; `BadConfig` with all faults."""
    return read(packs(), own) if own else built_in()


@cache
def built_in() -> tuple[Clock, ...]:
    """The clocks that come with Sopwith."""
    return read(packs())


@cache
def packs() -> tuple[Pack, ...]:
    """The files that come with Sopwith, by name."""
    folder = resources.files("handlers").joinpath("packs")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name)
    return tuple(pack(file.name, file.read_text(encoding="utf-8")) for file in files)


def pack(name: str, text: str) -> Pack:
    """One file, taken apart; `BadConfig` when it is no pack."""
    try:
        part = PackPart.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise BadConfig([f"{name}: is not valid TOML: {error}."]) from None
    except ValidationError as error:
        raise BadConfig([f"{name}: {said(one, KEYS)}" for one in error.errors(include_url=False)]) from None
    entries = tuple(Entry(place=f"{name}: clock.{n}", raw=raw) for n, raw in enumerate(part.clock))
    return Pack(name=name, title=part.title, entries=entries)


def read(files: Iterable[Pack], own: Sequence[Raw] = ()) -> tuple[Clock, ...]:
    """The clocks of these files, with what the policy file changes and adds; `BadConfig` with all faults."""
    files = tuple(files)
    theirs = [entry for file in files for entry in file.entries]
    mine = [Entry(place=f"clock.{n}", raw=raw, own=True) for n, raw in enumerate(own)]
    faults = [fault for group in (*(file.entries for file in files), mine) for fault in _twice(group)]
    faults += _twice(theirs) if not faults else []
    entries = _merged(theirs, mine)
    parts = [(entry, part) for entry in entries if (part := _part(entry, faults))]
    faults += _chain_faults(parts, {str(entry.raw.get("id")) for entry in entries})
    if faults:
        raise BadConfig(dict.fromkeys(faults))
    return tuple(part.clock(own=entry.own, changed=entry.changed) for entry, part in parts)


def unknown_regimes(known: Iterable[Clock], regimes: Sequence[object]) -> Iterator[tuple[int, str]]:
    """Names of laws of which there is no clock, each with its position and a sentence."""
    ids = [clock.id for clock in known]
    beginnings = {id.rsplit(".", n)[0] for id in ids for n in range(id.count(".") + 1)}
    for n, regime in enumerate(regimes):
        if isinstance(regime, str) and not any(under(id, regime) for id in ids):
            yield n, f"there is no clock {regime!r}, nor one that begins so.{meant(regime, sorted(beginnings))}"


def _twice(entries: Iterable[Entry]) -> list[str]:
    entries = list(entries)
    often = Counter(str(entry.raw.get("id")) for entry in entries if "id" in entry.raw)
    seen = set[str]()
    found = []
    for entry in entries:
        id = str(entry.raw.get("id"))
        if often[id] > 1 and id in seen:
            found.append(f"{entry.place}.id: {id} is there twice.")
        seen.add(id)
    return found


def _merged(theirs: list[Entry], mine: list[Entry]) -> list[Entry]:
    changes = {str(entry.raw.get("id")): entry for entry in mine}
    found = [_changed(entry, changes.pop(str(entry.raw.get("id")), None)) for entry in theirs]
    return found + [_added(entry) for entry in mine if str(entry.raw.get("id")) in changes]


def _changed(entry: Entry, change: Entry | None) -> Entry:
    if change is None:
        return entry
    gone = {key for new in change.raw for key in _INSTEAD.get(new, ())}
    kept = {key: value for key, value in entry.raw.items() if key not in gone}
    changed = tuple(key for key in change.raw if key != "id")
    return Entry(place=change.place, raw={**kept, **change.raw}, changed=changed)


def _added(entry: Entry) -> Entry:
    start = entry.raw.get("start")
    first = start[0] if isinstance(start, list) and start else ""
    event = _EVENTS.get(str(first), "what the contract names happens")
    return Entry(place=entry.place, raw={**_FIRMS_OWN, "start_event": event, **entry.raw}, own=True)


def _part(entry: Entry, faults: list[str]) -> ClockPart | None:
    try:
        part = ClockPart.model_validate(dict(entry.raw))
    except ValidationError as error:
        faults += [f"{entry.place}.{said(one, KEYS)}" for one in error.errors(include_url=False)]
        return None
    faults += [f"{entry.place}.{fault}" for fault in part.faults()]
    if part.calendar and (
        entry.own or "calendar" in entry.changed
    ):  # what comes with Sopwith is tested, and loads fast
        try:
            holiday_code(part.calendar)
        except ValueError as fault:
            faults.append(f"{entry.place}.calendar: {fault}")
    return part


def _chain_faults(parts: list[tuple[Entry, ClockPart]], ids: set[str]) -> Iterator[str]:
    """Another clock that is not there, and chains that lead back to where they began."""
    before = {part.id: part.after for _entry, part in parts}
    for entry, part in parts:
        for key, other in (("after", part.after), ("also_due", part.also_due)):
            if other is not None and other not in ids:
                yield f"{entry.place}.{key}: there is no clock {other}.{meant(other, ids)}"
        if part.also_due == part.id:
            yield f"{entry.place}.also_due: is the clock itself."
        if part.id in _chain(part.id, before):
            yield f"{entry.place}.after: the chain leads back to {part.id}, so it could never start."


def _chain(id: str, before: Mapping[str, str | None]) -> list[str]:
    """The clocks before this one, until the first, or until one comes again."""
    found: list[str] = []
    other = before.get(id)
    while other and other not in found:
        found.append(other)
        other = before.get(other)
    return found
