"""The peer of Teams: the SDK's CloudAdapter as its documentation has it, with a bot that does nothing.

Invariants: tokens are verified, as they are by default; nothing of the SDK is changed but the address of the signing
keys, which are the tenant's.
"""

import asyncio
import time
from collections.abc import Mapping

from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botframework.connector.auth import ChannelValidation

from bench.children import answer, orders


class Idle:
    """A bot."""

    async def on_turn(self, context: TurnContext) -> None:
        """Does nothing."""


class Configuration:
    """The names that the SDK looks for."""

    def __init__(self, chat: Mapping[str, str]) -> None:
        self.APP_TYPE = "SingleTenant"
        self.APP_ID = chat["TEAMS_APP_ID"]
        self.APP_PASSWORD = chat["TEAMS_APP_PASSWORD"]
        self.APP_TENANTID = chat["TEAMS_TENANT_ID"]


async def serve(chat: Mapping[str, str]) -> int:
    """The port."""
    ChannelValidation.open_id_metadata_endpoint = chat["TEAMS_OPENID_URL"]
    adapter, bot = CloudAdapter(ConfigurationBotFrameworkAuthentication(Configuration(chat))), Idle()

    async def messages(request: web.Request) -> web.StreamResponse:
        found: web.StreamResponse = await adapter.process(request, bot)
        return found

    site = web.Application()
    site.router.add_post("/api/messages", messages)
    runner = web.AppRunner(site, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return int(runner.addresses[0][1])


async def main() -> None:
    async for order in orders():
        if order["do"] == "cpu":
            answer(seconds=time.process_time())
        else:
            answer(port=await serve(order["chat"]))


if __name__ == "__main__":
    asyncio.run(main())
