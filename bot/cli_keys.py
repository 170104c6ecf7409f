"""Commands about the firm's keys: rotate the outside key.

Invariants: no key and no passphrase is an argument, or is shown; what goes to the record goes through the doorway.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import typer

from bot.cli_options import Config
from bot.terminal import note, say

keys = typer.Typer(no_args_is_help=True, help="The firm's keys: rotate them, keep sheets of them with two officers.")


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
