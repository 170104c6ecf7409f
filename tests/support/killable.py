"""The test's end of `bot_process.py`: start a service at a house time, wait for its port, kill it, have it stand still,
ask it to stop."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path
from typing import Any


class Killable:
    """At most one service at a time. `order` adds to what each is told; `port` is 0 while no doors are open."""

    def __init__(self, folder: Path, **order: str) -> None:
        self._order = {"folder": str(folder), **order}
        self.port = 0
        self._log = folder / "log"
        self._process: Process | None = None
        self._pid = 0

    async def warm_up(self) -> None:
        """Import everything, once."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "tests.support.bot_process",
                stdin=PIPE,
                stdout=PIPE,
                stderr=log,
                env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd())},
            )
        await self._told("ready")

    async def start(self, ahead: float) -> None:
        """Begin to start; the process is there, its doors are not open yet."""
        assert self._process and self._process.stdin
        self._process.stdin.write(json.dumps({**self._order, "ahead": ahead}).encode() + b"\n")
        await self._process.stdin.drain()
        self._pid = await self._told("pid")

    async def opened(self) -> int:
        """The port, when the doors are open."""
        self.port = await self._told("port")
        return self.port

    def pause(self, still: bool) -> None:
        """Have it stand still in the middle of whatever it does, or go on as if nothing had been."""
        os.kill(self._pid, signal.SIGSTOP if still else signal.SIGCONT)

    async def end(self, how: signal.Signals = signal.SIGKILL) -> int:
        """Send the signal; gives the exit status, negative for a signal."""
        self.port = 0
        os.kill(self._pid, how)
        return await self._told("status")

    async def close(self) -> None:
        """Nothing is left behind."""
        if self._process and self._process.stdin:
            self._process.stdin.close()
            await self._process.wait()

    async def _told(self, word: str) -> int:
        """The number after this word; what was said before it and not listened to is passed over."""
        assert self._process and self._process.stdout
        while line := await asyncio.wait_for(self._process.stdout.readline(), 120):
            said: dict[str, Any] = json.loads(line)
            if word in said:
                return int(said[word])
            if word == "port" and "status" in said:
                break
        raise EOFError(f"the service ended by itself: {self._log.read_text()[-2000:]}")
