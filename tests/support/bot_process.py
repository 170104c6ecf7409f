"""A service to be killed: a process that has imported everything and forks one service for each order on its input.

Invariants: orders, and with them the token, come through the pipe alone, and keys from files; a service begins from
nothing but its imports; what became of it is said on the output, one JSON line each: `pid`, then `port` when its doors
are open, then `status` (negative: the signal that killed it). At the end of the input nothing is left running.
"""

import asyncio
import json
import os
import select
import signal
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NoReturn

import bot.slack.platform
import bot.teams.platform  # noqa: F401
from bot import telemetry
from bot.config import Secrets, Settings
from bot.opening import utc_now
from bot.policy_file import read
from bot.service import Service

DATABASE, CHECKPOINTS = "sopwith.db", "checkpoints.txt"


def settings(folder: Path, order: Mapping[str, Any]) -> Settings:
    """From `sopwith.toml`, `master.key` and `audit.key` in the folder, and the chat's side of the order; the order may
    name another database, and the file for checkpoints."""
    file = read(folder / "sopwith.toml")
    url = order.get("database_url", f"sqlite:///{folder / DATABASE}")
    return Settings(
        policy=file.policy,
        policy_body=file.body,
        secrets=Secrets(
            master_key=(folder / "master.key").read_bytes(),
            audit_key=(folder / "audit.key").read_bytes(),
            slack_bot_token=order.get("token", ""),
            slack_signing_secret=order.get("signing_secret", ""),
            slack_app_token=order.get("app_token", ""),
            slack_api_url=order.get("api_url", ""),
            **{name: told for name, told in order.items() if name.startswith("teams_")},
        ),
        host="127.0.0.1",
        port=0,
        admin_port=0,
        database_url=url,
        migration_url=url,
        checkpoint_file=folder / order.get("checkpoints", CHECKPOINTS),
        checkpoint_every=file.checkpoint_every,
    )


class Announcing(Service):
    """Says its port as soon as it is open."""

    async def start(self) -> None:
        await super().start()
        say(port=self.port)


def serve(order: Mapping[str, Any]) -> None:
    """Until SIGTERM. The house's clock is `ahead` seconds of the machine's."""
    ahead = timedelta(seconds=order["ahead"])

    def now() -> datetime:
        return utc_now() + ahead

    telemetry.set_up()
    asyncio.run(Announcing(settings(Path(order["folder"]), order), now=now).run())


def say(**words: int) -> None:
    os.write(1, json.dumps(words).encode() + b"\n")


def main() -> None:
    """One order, one child, at a time."""
    say(ready=os.getpid())
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            become(json.loads(line))
        say(pid=pid)
        watch(pid)


def become(order: Mapping[str, Any]) -> NoReturn:
    """The child: it never goes on with its parent's loop."""
    try:
        serve(order)
    except BaseException as error:  # noqa: BLE001
        sys.stderr.write(json.dumps({"event": "ended", "error": type(error).__name__}) + "\n")
        os._exit(3)
    os._exit(0)


def watch(pid: int) -> None:
    """Say how the child ended, and keep its number from being given to another until the next order, lest a late kill
    hit a stranger. When the input ends first, so does the child."""
    told = False
    while not select.select([sys.stdin], [], [], 0.02)[0]:
        ended = None if told else os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
        if ended:
            say(status=ended.si_status * (1 if ended.si_code == os.CLD_EXITED else -1))
            told = True
    if not told:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
