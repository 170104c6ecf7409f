"""Commands about people and clients: lists that come in from the firm's own tables, a client's log that goes out.

Invariants: what writes goes through the doorway (desk.py); an import is shown before and after in the same words; what
is said about a client list names client numbers, never clients.
"""

import asyncio
import os
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli_options import Config, Json
from bot.terminal import WrongUse, note, say, say_json, say_table

if TYPE_CHECKING:
    from bot.imports import Columns
    from handlers.views import Data

people = typer.Typer(no_args_is_help=True, help="The people file.")
clients = typer.Typer(no_args_is_help=True, help="The client list, and one client's log.")

File = Annotated[Path, typer.Argument(metavar="FILE.csv", help="UTF-8, comma or semicolon; - reads standard input.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only show what would change.")]


@people.command("import")
def import_people(file: File, dry_run: DryRun = False, config: Config = None) -> None:
    """Take in the people file: all rows or none. Known people are updated, absent ones stay and are listed."""
    from bot.imports import Columns  # noqa: PLC0415
    from handlers.people_rows import COLUMNS, NEEDED  # noqa: PLC0415

    columns = Columns(needed=NEEDED, known=COLUMNS, ignored=("zone",))  # `people suggest` tells the zone too
    _import("people.import", file, columns, dry_run, config)


@people.command("end")
def end_person(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Who has left.")],
    to: Annotated[str, typer.Option(metavar="EMAIL", help="Who takes over; else the supervisor.")] = "",
    dry_run: DryRun = False,
    json: Json = False,
    config: Config = None,
) -> None:
    """Somebody has left: every right ends now, files and open replies move to whoever is above."""
    answer = _told("people.end", {"email": email, "to": to, "dry_run": "yes" if dry_run else ""}, config)
    told: Any = answer.data
    if json:
        say_json(told)
        return
    if told["moves"]:
        rows = [(move["what"], move["ref"], move["to"] or "climbs again") for move in told["moves"]]
        say_table("What would move" if dry_run else "What moved", ("What", "Which", "To"), rows)
    say("Nothing was changed: a dry run." if dry_run else f"{told['person']} has left. Every right has ended.")


@people.command("acknowledge")
def acknowledge(
    email: Annotated[str, typer.Argument(metavar="EMAIL", help="Who has signed, on paper.")],
    sponsor: Annotated[str, typer.Option(metavar="EMAIL", help="The colleague who holds the document.")],
    document: Annotated[Path, typer.Option(metavar="FILE", help="The signed document; only its hash is kept.")],
    leaving: Annotated[bool, typer.Option("--leaving", help="The reminder on leaving, not the first one.")] = False,
    config: Config = None,
) -> None:
    """The undertaking of somebody without chat, by a sponsor and the hash of the signed document."""
    from hashlib import sha256  # noqa: PLC0415

    hash = sha256(_content(document)).hexdigest()
    values = {"email": email, "sponsor": sponsor, "document": hash, "leaving": "yes" if leaving else ""}
    told: Any = _told("undertaking.sponsored", values, config).data
    say(f"On record as {told['undertaking']}, with the document's hash {hash[:16]}….")


def _told(name: str, values: Mapping[str, str], config: Path | None) -> "Data":
    """The answer to a request; a refusal ends the command with its words, and nothing was changed."""
    from bot.config import load  # noqa: PLC0415
    from bot.desk import asked, hand_over  # noqa: PLC0415

    return hand_over(load(os.environ, config), asked(name, values))


@clients.command("import")
def import_clients(file: File, dry_run: DryRun = False, config: Config = None) -> None:
    """Take in the client list: all rows or none. Known files are updated, absent ones stay and are listed."""
    from bot.imports import Columns  # noqa: PLC0415
    from handlers.client_rows import COLUMNS, NEEDED  # noqa: PLC0415

    _import("clients.import", file, Columns(needed=NEEDED, known=COLUMNS), dry_run, config)


def _import(name: str, file: Path, columns: "Columns", dry_run: bool, config: Path | None) -> None:
    from bot.config import load  # noqa: PLC0415
    from bot.desk import asked, hand_over  # noqa: PLC0415
    from bot.imports import BadTable, parse  # noqa: PLC0415

    settings = load(os.environ, config)
    try:
        rows = parse(_content(file), columns)
    except BadTable as bad:
        raise WrongUse(*bad.faults, "Nothing was imported.") from None
    _show(hand_over(settings, asked(name, {"dry_run": "yes" if dry_run else ""}, rows)), dry_run)


def _content(file: Path) -> bytes:
    if str(file) == "-":
        return sys.stdin.buffer.read()
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongUse(f"{file} cannot be read: {error.strerror}.") from None


def _show(answer: "Data", dry_run: bool) -> None:
    told: Any = answer.data
    for remark in told.get("warnings", ()):
        note(f"{_remark(remark)} (a warning)")
    if not answer.ok:
        raise WrongUse(*map(_remark, told["errors"]), "Nothing was imported.")
    rows = [("added", key, "") for key in told["added"]]
    rows += [("updated", str(one.get("email") or one.get("ref")), ", ".join(one["changed"])) for one in told["updated"]]
    rows += [("not in the file, stays", key, "") for key in told["absent"]]
    if rows:
        say_table("What would change" if dry_run else "What changed", ("", "Who or which", "Columns"), rows)
    counts = f"{len(told['added'])} added, {len(told['updated'])} updated, {told['unchanged']} unchanged"
    say(f"{counts}, {len(told['absent'])} not in the file." + (" Nothing was written (--dry-run)." if dry_run else ""))


def _remark(remark: Mapping[str, Any]) -> str:
    about = f" ({remark['ref']})" if remark.get("ref") else ""
    return f"line {remark['line']}{about}: {remark['column']}: {remark['problem']}"


@people.command("suggest")
def suggest_people() -> None:
    """A CSV of the chat directory to complete and import: who is there, with e-mail, name, zone and account ids."""
    from bot.config import secrets  # noqa: PLC0415
    from bot.exports import as_csv  # noqa: PLC0415
    from handlers.people_rows import COLUMNS  # noqa: PLC0415

    hidden = secrets(os.environ)
    if not hidden.slack_bot_token:
        raise WrongUse("SLACK_BOT_TOKEN: is missing. Without a chat there is nobody to suggest.")
    from bot.chat_directory import suggested  # noqa: PLC0415

    sys.stdout.write(as_csv(asyncio.run(suggested(hidden)), (*COLUMNS, "zone")))


@clients.command("export")
def export_client(
    ref: Annotated[str, typer.Argument(metavar="REF", help="The client or matter number.")],
    person: Annotated[str, typer.Option("--as", metavar="EMAIL", help="Whose rights are used; it is on record.")],
    out: Annotated[Path, typer.Option(metavar="DIR", help="Where REF.csv and REF.json go.")] = Path(),
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace files of an earlier export.")] = False,
    config: Config = None,
    json: Json = False,
) -> None:
    """One client's log, with that person's rights. Status 1 where chat would refuse."""
    from bot import exports  # noqa: PLC0415
    from bot.config import load  # noqa: PLC0415
    from bot.desk import asked, hand_over  # noqa: PLC0415

    settings, places = load(os.environ, config), exports.places(out, ref)
    if not json and not overwrite:
        _refuse_overwriting(places)
    log: Any = hand_over(settings, asked("clients.export", {"ref": ref, "as": person})).data
    if json:
        say_json(log)
        return
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, text in zip(
            places, (exports.as_csv(log["interactions"], exports.LOG), exports.as_json(log)), strict=True
        ):
            exports.write(path, text, overwrite=overwrite)
            say(f"{path} written; only you can read it.")
    except OSError as error:
        raise WrongUse(f"--out: {error.filename or out} cannot be written: {error.strerror}.") from None


def _refuse_overwriting(places: Iterable[Path]) -> None:
    from bot.exports import AlreadyThere, refuse_overwriting  # noqa: PLC0415

    try:
        refuse_overwriting(places)
    except AlreadyThere as there:
        raise WrongUse(*(f"{path} is there already. Move it, or say --overwrite." for path in there.paths)) from None
