"""The peer of a submit: Bolt as its documentation has it, which verifies, routes and acknowledges, and does no more."""

import asyncio
import time

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult

from bench.children import answer, orders


def app(secret: str, token: str) -> AsyncApp:
    """Ours listens to the same things; this one only says thank you."""

    async def authorize(team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=token)

    async def thank(ack: AsyncAck) -> None:
        await ack()

    bolt = AsyncApp(process_before_response=True, signing_secret=secret, authorize=authorize)
    bolt.view_submission("form")(thank)
    return bolt


async def main() -> None:
    async for order in orders():
        if order["do"] == "cpu":
            answer(seconds=time.process_time())
            continue
        bolt = app(order["chat"]["SLACK_SIGNING_SECRET"], order["chat"]["SLACK_BOT_TOKEN"])

        async def handle(request: web.Request, bolt: AsyncApp = bolt) -> web.Response:
            return await to_aiohttp_response(await bolt.async_dispatch(await to_bolt_request(request)))

        site = web.Application()
        site.router.add_post("/slack/events", handle)
        runner = web.AppRunner(site, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        answer(port=runner.addresses[0][1])


if __name__ == "__main__":
    asyncio.run(main())
