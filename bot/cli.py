"""The command line: one more speaker at the doorway. The service's own commands are here, the others by their subject.

Invariants: importing this imports no chat platform, no database and no policy; each command imports what it needs.
"""

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot import cli_checks, cli_clocks, cli_init, cli_keys, cli_manifest, cli_packs, cli_records, cli_rollout
from bot.cli_options import Config
from bot.terminal import WrongUse, say

if TYPE_CHECKING:
    from bot.config import Settings

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Sopwith: the firm's SOP on client communication and confidentiality, beside the staff in chat.",
)
db = typer.Typer(no_args_is_help=True, help="The database.")


@app.callback()
def root(
    config: Config = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where it went wrong. May stand anywhere.")] = False,
) -> None:
    """What goes before every command. `--debug` is taken out before the words get here (__main__.py)."""
    if config:
        os.environ["SOPWITH_CONFIG"] = str(config)


@app.command()
def run(config: Config = None) -> None:
    """The service: HTTP, clock and courier. SIGTERM stops it when what is in hand is finished."""
    from bot import telemetry  # noqa: PLC0415
    from bot.config import load  # noqa: PLC0415

    settings = load(os.environ, config)
    telemetry.set_up()
    try:
        asyncio.run(_serve(settings))
    except OSError as error:
        if error.filename or not error.errno:
            raise
        where = f"{settings.host}:{settings.port} or 127.0.0.1:{settings.admin_port}"
        raise WrongUse(f"The service cannot listen on {where}: {os.strerror(error.errno)}.") from None


async def _serve(settings: "Settings") -> None:
    from bot.service import Service  # noqa: PLC0415  the settings are checked before anything is opened

    await Service(settings).run()


@app.command()
def demo(
    port: Annotated[int, typer.Option(min=0, max=65535, help="On 127.0.0.1.")] = 8321,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the data there; else it is thrown away.")
    ] = None,
    socket_mode: Annotated[
        bool, typer.Option("--socket-mode", help="Slack's side by Socket Mode, not by HTTP.")
    ] = False,
) -> None:
    """The sandbox: a small firm to play with in the browser, on this computer only."""
    from bot.demo import play  # noqa: PLC0415

    play(port, data, socket_mode=socket_mode)


@db.command("upgrade")
def upgrade_database(config: Config = None) -> None:
    """Bring the database to this version's tables. Stop the service first."""
    from bot.config import database_url  # noqa: PLC0415
    from bot.upgrading import upgrade  # noqa: PLC0415

    say(upgrade(database_url(os.environ, owner=True), database_url(os.environ)))


app.command()(cli_init.init)
app.command()(cli_checks.doctor)
app.command()(cli_packs.evidence)
app.command()(cli_packs.verify)
app.command("clocks")(cli_clocks.open_clocks)
app.add_typer(cli_rollout.rollout, name="rollout")
app.add_typer(db, name="db")
app.add_typer(cli_records.people, name="people")
app.add_typer(cli_records.clients, name="clients")
cli_checks.explain.command("clocks")(cli_clocks.explain_clocks)
app.add_typer(cli_checks.explain, name="explain")
app.add_typer(cli_checks.audit, name="audit")
app.add_typer(cli_manifest.manifest, name="manifest")
app.add_typer(cli_keys.keys, name="keys")
