"""`explain clocks`: which statutory clocks run for a breach, until when and why; and the list of all there are.
`clocks`: which wait in the record now.

Invariants: `explain` changes nothing and needs no database. A policy file is used where there is one: its zone, its
usual regimes, its own clocks; without one days are counted in UTC, and the answer says so. One that is named must be
there.
"""

import os
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

import typer

from bot.cli_options import Config, Json
from bot.terminal import WrongUse, note, say, say_json, say_table

if TYPE_CHECKING:
    from handlers.rules.clock_terms import Clock
    from handlers.rules.clocks import Running


def explain_clocks(
    file: Annotated[
        Path | None,
        typer.Argument(metavar="FACTS.json", help="What is known about the breach; - reads standard input."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List all clocks there are, as docs/clocks.md does.")] = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """Which statutory clocks run for a breach, until when and why. What is not known starts a clock."""
    from bot.breach_facts import read  # noqa: PLC0415
    from bot.clock_page import page  # noqa: PLC0415
    from handlers.rules.clocks import running  # noqa: PLC0415

    known, zone, usual = _house(config)
    if listed:
        say(page(known))
        return
    if file is None:
        raise WrongUse("FACTS.json: is missing. Name the file of facts, or - for standard input.")
    facts = read(_text(file), known)
    try:
        found = running(known, facts, zone or ZoneInfo("UTC"), usual, zone_known=zone is not None)
    except (ValueError, OverflowError) as fault:
        raise WrongUse(f"FACTS.json: {fault}") from None
    if json:
        say_json([_row(one) for one in found])
    else:
        _show(found)


def _house(config: Path | None) -> "tuple[tuple[Clock, ...], ZoneInfo | None, tuple[str, ...]]":
    """The clocks, the firm's zone and its usual regimes."""
    from bot.config import policy, policy_path  # noqa: PLC0415
    from bot.statutes import built_in  # noqa: PLC0415

    path = policy_path(os.environ, config)
    named = config is not None or bool(os.environ.get("SOPWITH_CONFIG", "").strip())
    if not named and not path.exists():
        return built_in(), None, ()
    firm = policy(path)
    return firm.clocks, firm.zone, firm.regimes


def _text(file: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUse(f"{file}: is not UTF-8 text.") from None
    except OSError as error:
        raise WrongUse(f"{file}: cannot be read: {error.strerror}.") from None


def _row(one: "Running") -> dict[str, Any]:
    return {
        "id": one.clock.id,
        "recipient": one.clock.recipient,
        "starts_at": _z(one.starts_at),
        "due_at": _z(one.due_at) if one.due_at else None,
        "provisional": one.provisional,
        "standard": one.clock.standard,
        "counting": one.clock.counting.value,
        "citation": one.clock.citation,
        "why": " ".join(one.why),
    }


def _z(instant: datetime) -> str:
    return instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _show(found: "Iterable[Running]") -> None:
    from handlers.rules.local_time import shown  # noqa: PLC0415

    found = tuple(found)
    for one in found:
        due = shown(one.due_at, one.zone, one.starts_at.date()) if one.due_at else f"no date: {one.clock.standard}"
        say(f"{one.clock.id}  {one.clock.recipient}{'  [provisional]' if one.provisional else ''}")
        say(f"  Due  {due}")
        for sentence in one.why:
            say(f"    {sentence}")
        say()
    if not found:
        say("No clock runs for these facts.")
    note("A proposal from what is known so far, and no legal advice: a named person decides whom to tell.")


def open_clocks(config: Config = None, json: Json = False) -> None:
    """The clocks of open breaches that wait to be told or decided, also while chat is away. Ids and times only."""
    from bot.config import load  # noqa: PLC0415
    from bot.desk import asked, hand_over  # noqa: PLC0415
    from handlers.rules.local_time import shown  # noqa: PLC0415

    settings = load(os.environ, config)
    told: Any = hand_over(settings, asked("breach.clocks", {})).data
    if json:
        say_json(told)
        return
    zone, today = settings.policy.zone, datetime.now(UTC).date()
    rows = []
    for one in told["clocks"]:
        due = shown(datetime.fromisoformat(one["due_at"]), zone, today) if one["due_at"] else "without undue delay"
        state = "LATE" if one["late"] else "provisional" if one["provisional"] else ""
        rows.append((one["breach"], one["to"], due, state, one["clock"]))
    if rows:
        say_table("Clocks that wait", ("Breach", "To", "Due", "", "Clock"), rows)
    else:
        say(f"No clock waits. Open breaches: {len(told['cases'])}.")
