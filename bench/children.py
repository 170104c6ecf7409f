"""A process of its own for what is measured: orders and answers are lines of JSON, and it ends with its input.

Invariants: the one who measures and the one measured never share an interpreter; nothing is left running.
"""

import asyncio
import json
import os
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
LONGEST = 16 * 1024 * 1024  # bytes in a line: a profile is long
PATIENCE = 900.0  # seconds: seeding thousands of files takes a while


class Child:
    """A running `python -m bench.…`."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def ask(self, **order: Any) -> dict[str, Any]:
        """Its answer to an order; `EOFError` when it died."""
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        await self._process.stdin.drain()
        line = await asyncio.wait_for(self._process.stdout.readline(), PATIENCE)
        if not line:
            raise EOFError(f"the process under measurement ended with {await self._process.wait()}")
        said: dict[str, Any] = json.loads(line)
        return said


@asynccontextmanager
async def child(module: str) -> AsyncIterator[Child]:
    """Its output but for the answers goes to this process's standard error."""
    environ = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, stdin=PIPE, stdout=PIPE, env=environ, cwd=ROOT, limit=LONGEST
    )
    try:
        yield Child(process)
    finally:
        assert process.stdin
        process.stdin.close()
        try:
            await asyncio.wait_for(process.wait(), 30)
        except TimeoutError:
            process.kill()
            await process.wait()


async def orders() -> AsyncIterator[dict[str, Any]]:
    """In the child: one order after the other, until the input ends."""
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        yield json.loads(line)


def answer(**facts: Any) -> None:
    """In the child: the answer to an order."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()
