"""`sopwith …`, also `python -m bot …`: runs one command and ends with its status.

Invariants: no traceback is shown unless `--debug` is given (it may stand anywhere); what is known to go wrong is said
in plain lines on standard error.
"""

import resource
import sys
from collections.abc import Mapping, Sequence

import typer

from bot.cli import app
from bot.environment import BadConfig
from bot.terminal import Stop, note

_NO_DATABASE = "The database cannot be used at the moment; nothing was saved. See `sopwith doctor`."
# By name, so that a command which needs no database imports none.
_KNOWN: Mapping[str, str] = {
    "storage.sqlite_file.InUse": "Another process is writing to this database. Stop it first, or let it finish.",
    "storage.store.Unavailable": _NO_DATABASE,
    "sqlalchemy.exc.OperationalError": _NO_DATABASE,
    "storage.postgres.NoDriver": "PostgreSQL needs its driver: install `sopwith[postgres]`.",
    "storage.vault.WrongKey": "SOPWITH_MASTER_KEY is not the key of this database. Nothing was changed.",
    "bot.slack.directory.RefusedToken": "Slack does not take SLACK_BOT_TOKEN. Copy it anew from the app's page.",
    "bot.slack.socket_mode.RefusedAppToken": "Slack does not take SLACK_APP_TOKEN. It begins with xapp-, has the scope "
    "connections:write and belongs to the same app. Copy it anew from the app's page.",
    "bot.slack.socket_mode.UnsafeAddress": "Socket Mode leads to an address without TLS. Is SLACK_API_URL Slack's?",
    "bot.teams.platform.WrongTenant": "TEAMS_TENANT_ID is another tenant than the one this database belongs to.",
    "bot.slack.directory.WrongWorkspace": "The token in SLACK_BOT_TOKEN is for another workspace than this database.",
}


def main() -> None:
    """The console script. A crash leaves no memory, with keys in it, on the disk."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(run(sys.argv[1:]))


def run(words: Sequence[str]) -> int:
    """Runs a command; gives 0 (done), 1 (a true no, or a fault of ours) or 2 (wrong use, settings, rows or facts)."""
    debug = "--debug" in words
    try:
        status = app(args=[w for w in words if w != "--debug"], prog_name="sopwith", standalone_mode=False)
    except Stop as stop:
        return _said(stop.lines, stop.status)
    except BadConfig as bad:
        return _said(bad.faults, 2)
    except typer.Abort:
        return _said(["Stopped before the end: there was no answer."], 2)
    except KeyboardInterrupt:
        return 130
    except Exception as error:  # the last door of the command line
        if debug:
            raise
        return _failed(error)
    return status if isinstance(status, int) else 0


def _said(lines: Sequence[str], status: int) -> int:
    for line in lines:
        note(line)
    return status


def _failed(error: Exception) -> int:
    if used_wrongly := getattr(error, "format_message", None):  # the command line's own exceptions
        said = used_wrongly()  # nothing, when the help was shown for want of words
        return _said([said, "`--help` after a command says how it is used."] if said else [], 2)
    if isinstance(error, OSError) and error.filename:
        return _said([f"{error.filename}: {error.strerror}."], 2)
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if name in _KNOWN:
        return _said([_KNOWN[name]], 2)
    return _said(
        [f"Something went wrong on our side ({type(error).__name__}). Run it again with --debug to see where."], 1
    )


if __name__ == "__main__":
    main()
