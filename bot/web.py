"""The two doors over HTTP: the public one for the platforms and for load balancers, the admin one for alarms and
figures.

Invariants: the admin port is on 127.0.0.1 only; `/readyz` says only whether requests can be answered; `/watchz`
says what
is late and never serves routing; no answer holds content or the versions of libraries.
"""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import hdrs, web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot import telemetry
from bot.http_lines import BANNER, Runner, expected

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]
Reasons = Callable[[], Awaitable[list[str]]]
LARGEST = 1024 * 1024  # bytes; a platform's payload is far smaller


def public(routes: Mapping[str, Answer], unready: Reasons) -> web.Application:
    """`POST` routes of the platforms, `GET /healthz` and `GET /readyz`."""
    app = web.Application(client_max_size=LARGEST, middlewares=[_plain])
    app.on_response_prepare.append(_signed)
    for path, answer in routes.items():
        app.router.add_post(path, answer, expect_handler=expected)
    app.router.add_get("/healthz", _alive, expect_handler=expected)
    app.router.add_get("/readyz", _states(unready, "ready"), expect_handler=expected)
    return app


def admin(late: Reasons) -> web.Application:
    """`GET /watchz` and `GET /metrics`."""
    app = web.Application(middlewares=[_plain])
    app.on_response_prepare.append(_signed)
    app.router.add_get("/watchz", _states(late, "well"), expect_handler=expected)
    app.router.add_get("/metrics", _metrics, expect_handler=expected)
    return app


async def _alive(_request: web.Request) -> web.Response:
    return web.json_response({"status": "alive"})


def _states(reasons: Reasons, well: str) -> Answer:
    async def answer(_request: web.Request) -> web.Response:
        found = await reasons()
        if found:
            return web.json_response(
                {"status": "late" if well == "well" else "not ready", "reasons": found}, status=503
            )
        return web.json_response({"status": well})

    return answer


async def _metrics(_request: web.Request) -> web.Response:
    return web.Response(body=generate_latest(telemetry.REGISTRY), headers={"Content-Type": CONTENT_TYPE_LATEST})


@web.middleware
async def _plain(request: web.Request, handler: Answer) -> web.StreamResponse:
    """Nothing of a fault goes out but that there was one. What comes packed is not unpacked: no platform packs, and
    aiohttp waits without end for what is badly packed and comes behind its head."""
    if hdrs.CONTENT_ENCODING in request.headers:
        return web.json_response({"error": "packed"}, status=415)
    try:
        response = await handler(request)
    except web.HTTPException as error:
        response = web.json_response({"error": error.reason}, status=error.status)
    except Exception as error:  # noqa: BLE001  the last door over HTTP
        telemetry.fault("http", request.method, error)
        response = web.json_response({"error": "something went wrong; nothing was done"}, status=500)
    return response


async def _signed(_request: web.Request, response: web.StreamResponse) -> None:
    """No server banner."""
    response.headers["Server"] = BANNER


async def serve(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Start listening; no access log, because it would hold addresses and paths, and no bytes of a broken request."""
    quiet = telemetry.shut("sopwith.http")
    runner = Runner(app, access_log=None, logger=quiet, handle_signals=False, shutdown_timeout=10)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner


def port_of(runner: web.AppRunner) -> int:
    """The port it listens on (of use when 0 was asked for)."""
    return int(runner.addresses[0][1])
