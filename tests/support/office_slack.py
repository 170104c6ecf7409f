"""Slack's side on loopback for tests that are not async themselves."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bot.sandbox.server import start
from bot.sandbox.workspace import Workspace


@contextmanager
def slack(workspace: Workspace) -> Iterator[dict[str, str]]:
    """Serves the workspace in a loop of its own; gives the variables that lead there."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    running = asyncio.run_coroutine_threadsafe(start(workspace), loop).result(10)
    try:
        yield {
            "SLACK_BOT_TOKEN": workspace.bot_token,
            "SLACK_SIGNING_SECRET": workspace.signing_secret,
            "SLACK_API_URL": running.api_url,
        }
    finally:
        asyncio.run_coroutine_threadsafe(running.stop(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()
