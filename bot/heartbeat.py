"""The heartbeat: while nothing is late, somebody outside is called each minute, and notices when the calls stop.

Invariants: it tells nothing but that it called; a call that fails is logged by name and holds up nothing.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp

from bot import telemetry

EVERY = timedelta(minutes=1)
PATIENCE = aiohttp.ClientTimeout(total=10)


class Heartbeat:
    """Calls `url` as long as `late` has nothing to say."""

    def __init__(self, url: str, late: Callable[[], Awaitable[list[str]]]) -> None:
        self._url, self._late = url, late

    async def beat(self) -> None:
        """One look, and one call when all is well."""
        if await self._late():
            telemetry.log.warning("heartbeat withheld", reason="something is late")
            return
        try:
            status = await self._call()
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            telemetry.fault("heartbeat", "call", error)
            return
        if status >= 300:
            telemetry.log.warning("heartbeat not heard", status=status)

    async def _call(self) -> int:
        async with (
            aiohttp.ClientSession(timeout=PATIENCE) as client,
            client.get(self._url, allow_redirects=False) as answer,
        ):
            return answer.status
