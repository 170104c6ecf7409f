"""Microsoft's side on loopback for tests that are not async themselves."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from bot.config import Secrets
from bot.sandbox import seed
from bot.sandbox.server import start
from bot.sandbox.teams.world import World
from bot.sandbox.workspace import Workspace


@contextmanager
def teams() -> Iterator[Secrets]:
    """Serves a tenant in a loop of its own; gives the settings that lead there."""
    workspace = Workspace()
    world = World(seed.CAST, touched=workspace.touch, clock=lambda: datetime.now(UTC))
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    running = asyncio.run_coroutine_threadsafe(start(workspace, extra_routes=world.routes()), loop).result(10)
    world.tenant.base_url = workspace.base_url
    try:
        yield world.turned_on(Secrets(master_key=b"", audit_key=b""))
    finally:
        asyncio.run_coroutine_threadsafe(running.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
