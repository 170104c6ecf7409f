"""The command line: one more speaker at the doorway. Small commands here, the others by what they are about.

Invariants: importing this imports no chat platform, no database and no policy; each command imports what it needs.
"""

import os
from pathlib import Path
from typing import Annotated

import typer

from bot import cli_checks
from bot.cli_options import Config
from bot.terminal import WrongUse, say

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sopwith: the firm's SOP on client communication and confidentiality, beside the staff in chat.",
)
db = typer.Typer(no_args_is_help=True, help="The database.")
app.add_typer(db, name="db")
app.add_typer(cli_checks.explain, name="explain")
app.add_typer(cli_checks.audit, name="audit")
app.add_typer(cli_checks.manifest, name="manifest")
app.command("doctor")(cli_checks.doctor)


@app.callback()
def root(
    config: Config = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where it went wrong. May stand anywhere.")] = False,
) -> None:
    """What goes before every command. `--debug` is taken out before the words get here (__main__.py)."""
    if config:
        os.environ["SOPWITH_CONFIG"] = str(config)
