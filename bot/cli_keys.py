"""Commands about the firm's keys: rotate the outside key; make, try and use escrow sheets of it.

Invariants: no key and no passphrase is an argument, or is shown; what goes to the record goes through the doorway.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_options import Config
from bot.terminal import WrongUse, note, say

keys = typer.Typer(no_args_is_help=True, help="The firm's keys: rotate them, keep sheets of them with two officers.")
Sheet = Annotated[Path, typer.Argument(metavar="SHEET", help="A file with the numbered lines of a sheet.")]
PassphraseFile = Annotated[
    Path | None,
    typer.Option("--passphrase-file", metavar="FILE", help="Where the passphrase is; else it is asked for."),
]


@keys.command("rotate")
def rotate_keys(config: Config = None) -> None:
    """From SOPWITH_MASTER_KEY_OLD to SOPWITH_MASTER_KEY, and a new firm key under everything that is sealed.

    Set both and restart the service first. Without an old key only the firm key is renewed. Work goes on meanwhile. It
    may be interrupted; run again, it goes on where it was.
    """
    from bot.config import load  # noqa: PLC0415
    from bot.custody import rotate  # noqa: PLC0415

    settings = load(os.environ, config)
    try:
        with _progress("Data keys") as shown:
            done = rotate(settings, shown)
    except KeyboardInterrupt:
        note("Interrupted. What is done stays done; run `sopwith keys rotate` again to finish.")
        raise
    if done.moved:
        say(f"The firm keys ({done.moved}) are under the new outside key.")
    if done.made:
        say("A new firm key was made.")
    say(f"{done.put} data keys were put under the newest firm key.")
    if settings.secrets.master_key_old:
        say("SOPWITH_MASTER_KEY_OLD is not needed any more: take it out of the settings and restart the service.")
    if done.moved:
        say("Sheets made before do not hold the new key: `sopwith keys escrow` makes new ones, for two officers.")


@keys.command("escrow")
def escrow_keys(
    officer: Annotated[str, typer.Option("--officer", metavar="EMAIL", help="Who is to hold the sheet.")],
    out: Annotated[
        Path | None, typer.Option("--out", metavar="FILE", help="Write it there, for you alone to read; else print it.")
    ] = None,
    passphrase_file: PassphraseFile = None,
    config: Config = None,
) -> None:
    """A sheet of the outside key and the audit key under a passphrase, for one officer of the firm.

    Make one for each of two officers, with a passphrase of their own. Either sheet alone, with its passphrase, gives
    the keys back: keep paper and passphrase apart. That it was made is on record; what is on it is not.
    """
    from bot import escrow  # noqa: PLC0415
    from bot.config import load  # noqa: PLC0415

    settings = load(os.environ, config)
    if out and (out.exists() or out.is_symlink()):
        raise WrongUse(f"{out} is there already, and nothing is overwritten. Nothing was made.")
    name = escrow.officer(settings, officer)
    note(f"A sheet for {name}. Whoever is to hold it types the passphrase.")
    made = escrow.make(settings, officer, _new_passphrase(passphrase_file))
    if out is None:
        say(made.text)
    else:
        from bot.exports import write  # noqa: PLC0415

        try:
            write(out, made.text, overwrite=False)
        except OSError as error:
            raise WrongUse(
                f"--out: {out} cannot be written: {error.strerror}. Sheet {made.fingerprint} is on record and was not "
                "kept; make another one."
            ) from None
        say(f"{out} written; only you can read it. Print it, give it to {name}, delete the file.")
    note("Now try it: `sopwith keys check FILE`, with the lines typed from the paper. Until then it does not count.")


@keys.command("check")
def check_sheet(sheet: Sheet, passphrase_file: PassphraseFile = None, config: Config = None) -> None:
    """Try a sheet: does it open this database? It is put on record that it does.

    Status 1 with a plain line when a letter is wrong, the passphrase is, or the sheet is of other keys.
    """
    from bot import escrow  # noqa: PLC0415
    from bot.config import load  # noqa: PLC0415

    settings = load(os.environ, config)
    name = escrow.check(settings, escrow.sheet(sheet), _passphrase(passphrase_file))
    say("The sheet opens this database, and its audit key is the one in use. That is on record.")
    if name:
        say(f"It is the sheet of {name}. Try it again within a year.")
    else:
        say(
            "This database does not know whose sheet it is, so `doctor` does not count it. Was it made after the "
            "backup that this database comes from?"
        )


@keys.command("restore")
def restore_keys(
    sheet: Sheet,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Where master.key and audit.key go.")],
    passphrase_file: PassphraseFile = None,
) -> None:
    """Get the keys back from a sheet, as two files that only you can read. Nothing is overwritten.

    Needs neither settings nor database. docs/operations.md says what comes next.
    """
    from bot import escrow  # noqa: PLC0415
    from bot.new_firm import Occupied  # noqa: PLC0415

    try:
        master, audit = escrow.restore(escrow.sheet(sheet), _passphrase(passphrase_file), folder)
    except Occupied as there:
        raise WrongUse(*(f"{path} is there already, and nothing is overwritten." for path in there.paths)) from None
    except OSError as error:
        raise WrongUse(f"{error.filename or folder} cannot be used: {error.strerror}.") from None
    say(f"{master} and {audit} written; only you can read them.")
    say("Set SOPWITH_MASTER_KEY_FILE and SOPWITH_AUDIT_KEY_FILE to them, then run `sopwith doctor`.")
    say("If you do not know where the lost key is, rotate it: docs/operations.md, “The key was stolen”.")


def _new_passphrase(file: Path | None) -> str:
    """One that is long enough, typed twice."""
    from bot.escrow import fault  # noqa: PLC0415

    while True:
        typed = _passphrase(file, twice=True)
        if not (why := fault(typed)):
            return typed
        if file:
            raise WrongUse(f"--passphrase-file: {why}")
        note(why)


def _passphrase(file: Path | None, *, twice: bool = False) -> str:
    if file:
        try:
            return file.read_text(encoding="utf-8").rstrip("\r\n")
        except UnicodeDecodeError:
            raise WrongUse(f"--passphrase-file: {file} is not a text file.") from None
        except OSError as error:
            raise WrongUse(f"--passphrase-file: {file} cannot be read: {error.strerror}.") from None
    if not sys.stdin.isatty():
        raise WrongUse("--passphrase-file: is needed where nobody can type the passphrase.")
    return str(typer.prompt("Passphrase", hide_input=True, confirmation_prompt=twice, err=True))


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on a terminal; else a line whenever another tenth is done."""
    if sys.stderr.isatty():
        from rich.console import Console  # noqa: PLC0415  only where a bar is shown
        from rich.progress import Progress  # noqa: PLC0415

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    told = [-1]

    def line(done: int, total: int) -> None:
        tenth = 10 * done // total if total else 10
        if tenth > told[0]:
            told[0] = tenth
            note(f"{what}: {done} of {total}")

    yield line
