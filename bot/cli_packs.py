"""Packs for outsiders: `audit export` and `evidence` make one, `verify` checks one.

Invariants: an export goes through the doorway (desk.py), so it is on record; checking needs no settings at all.
"""

import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_checks import audit
from bot.cli_options import Config, Json
from bot.terminal import No, WrongUse, note, say, say_json

if TYPE_CHECKING:
    from bot.packs.verifying import PackVerdict


@audit.command("export")
def export_audit(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="A new or empty folder.")],
    since: Annotated[str, typer.Option(metavar="DATE", help="From this day on, on the firm's clock.")] = "",
    until: Annotated[str, typer.Option(metavar="DATE", help="Up to and with this day.")] = "",
    config: Config = None,
) -> None:
    """The audit log as a pack that an outsider checks with `sopwith verify DIR`: no database, no secret, ids only.

    While the service runs or when none does. It is on record. A log that is not whole is not exported.
    """
    from bot.config import load  # noqa: PLC0415
    from bot.packs.log_pack import export  # noqa: PLC0415
    from bot.packs.making import NotEmpty  # noqa: PLC0415

    days = _day("--since", since), _day("--until", until)
    if days[0] and days[1] and days[1] < days[0]:
        raise WrongUse("--until: is before --since.")
    try:
        made = export(load(os.environ, config), folder, *days)
    except NotEmpty as fault:
        raise WrongUse(str(fault)) from None
    except OSError as error:
        raise WrongUse(f"{error.filename or folder} cannot be written: {error.strerror}.") from None
    held = f"entries {made.first} to {made.last}" if made.first else "no entry of this period"
    say(f"{folder} holds {held}, of a log of {made.size}; only you can read it.")
    say("Whoever is to check it (`sopwith verify DIR`) needs the folder, and the public key by another way.")


def evidence(
    reference: Annotated[str, typer.Argument(metavar="REF", help="The case, such as BR-7Q2M4XKD9T.")],
    person: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Whose rights are used; it is on record.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="A new or empty folder.")],
    full: Annotated[bool, typer.Option("--full", help="With what people typed, and names; else redacted.")] = False,
    config: Config = None,
) -> None:
    """A breach as a pack of evidence: a page that checks itself in any browser, and files for machines."""
    from bot.config import load  # noqa: PLC0415
    from bot.packs.case_pack import export  # noqa: PLC0415
    from bot.packs.making import NotEmpty  # noqa: PLC0415

    try:
        count = export(load(os.environ, config), out, reference, person, full=full)
    except NotEmpty as fault:
        raise WrongUse(f"--out: {fault}") from None
    except OSError as error:
        raise WrongUse(f"--out: {error.filename or out} cannot be written: {error.strerror}.") from None
    edition = "full" if full else "redacted"
    say(f"{out} holds the {edition} edition of {reference}, with {count} proved entries of the audit log.")
    say("Open evidence.html by a double click; `sopwith verify` checks all of it. Only you can read it.")


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The pack.")],
    checkpoints: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Checkpoints that you were given earlier.")
    ] = None,
    public_key: Annotated[
        Path | None, typer.Option(metavar="FILE", help="The log's public key, as the firm gave it to you.")
    ] = None,
    json: Json = False,
) -> None:
    """Check a pack: every byte, every entry, every signature. Needs no database and no secret. Status 1: not whole."""
    from dataclasses import asdict  # noqa: PLC0415

    from bot.kept_by_auditor import key_in, text_of  # noqa: PLC0415
    from bot.packs.verifying import verdict  # noqa: PLC0415

    if not folder.is_dir():
        raise WrongUse(f"{folder} is no folder. Name the folder of a pack.")
    kept = text_of(checkpoints, "--checkpoints") if checkpoints else ""
    given = key_in(public_key) if public_key else None
    try:
        found = verdict(folder, kept, given)
    except OSError as error:
        raise WrongUse(f"{error.filename or folder} cannot be read: {error.strerror}.") from None
    if json:
        say_json(asdict(found))
    elif found.ok:
        held = f"entries {found.first} to {found.last}" if found.first else "no entry"
        say(f"The pack is whole: {held} of an audit log of {found.size}, root {found.root}.")
    if not found.ok:
        raise No(found.problem)
    _remarks(found)


def _remarks(found: "PackVerdict") -> None:
    """How much that says."""
    if found.key_from == "pack":
        note("The public key came with the pack: it shows that nothing was changed since, not who made it.")
        note(f"Compare it with the one that the firm gave you another way, or use --public-key: {found.key}")
    if found.compared:
        note(f"Held against {found.compared} of your checkpoints.")
    if found.later:
        note(f"{found.later} of your checkpoints are of a longer log than this pack shows, and were not compared.")


def _day(name: str, text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise WrongUse(f'{name}: {text!r} is no day. Write it like "2026-11-20".') from None
