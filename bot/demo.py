"""`sopwith demo`: the sandbox firm with its page, until Ctrl-C."""

import asyncio
import signal
import tempfile
from pathlib import Path

from bot import telemetry
from bot.sandbox.firm import Firm, ProductionSecrets, refuse_production
from bot.sandbox.page import routes
from bot.terminal import WrongUse, say

ON_TEAMS = ("UJONAS", "UMARGARET")
QUIET = 30  # warnings and faults only: the page shows what happens


def play(port: int, data: Path | None, *, socket_mode: bool = False) -> None:
    """Serve the page on 127.0.0.1; data in a fresh temporary folder unless `data` names one."""
    try:
        refuse_production()
    except ProductionSecrets as found:
        raise WrongUse(f"The sandbox does not start beside real secrets. Unset {found} first.") from None
    telemetry.set_up(QUIET)
    if data is None:
        with tempfile.TemporaryDirectory(prefix="sopwith-demo-") as folder:
            asyncio.run(_serve(port, Path(folder), socket_mode))
    else:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        asyncio.run(_serve(port, data, socket_mode))


async def _serve(port: int, folder: Path, socket_mode: bool) -> None:
    firm = Firm(folder, socket_mode=socket_mode, on_teams=ON_TEAMS)
    try:
        address = await firm.start(port, extra_routes=routes(firm))
    except OSError as error:
        raise WrongUse(
            f"Port {port} cannot be used: {error.strerror}. Try another, as in PORT=8400 make demo."
        ) from None
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    say(f"The sandbox firm is open: {address}\nEverything in it is invented. Ctrl-C closes it.")
    await stopped.wait()
    await firm.stop()
