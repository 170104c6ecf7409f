"""The sandbox's HTTP server: Slack's Web API, response addresses, and whatever pages are given to it.

Invariants: it binds 127.0.0.1 and nothing else; it keeps no access log, for addresses carry tokens.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from aiohttp import web

from bot.sandbox import response_urls, web_api
from bot.sandbox.workspace import Workspace

HOST = "127.0.0.1"


@dataclass(frozen=True, kw_only=True)
class Running:
    """`url` has no slash at its end; `api_url` is what SLACK_API_URL should be."""

    url: str
    api_url: str
    runner: web.AppRunner

    async def stop(self) -> None:
        await self.runner.cleanup()


async def start(workspace: Workspace, port: int = 0, *, extra_routes: Iterable[web.AbstractRouteDef] = ()) -> Running:
    """Serve this workspace; port 0 takes a free one. From here on `workspace.base_url` is known."""
    app = web.Application()
    app.add_routes(
        [*web_api.routes(workspace), *response_urls.routes(workspace), *workspace.sockets.routes(), *extra_routes]
    )
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    await web.TCPSite(runner, HOST, port).start()
    workspace.base_url = f"http://{HOST}:{runner.addresses[0][1]}"
    return Running(url=workspace.base_url, api_url=workspace.api_url, runner=runner)
