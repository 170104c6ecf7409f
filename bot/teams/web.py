"""The one HTTP address Teams calls, as an aiohttp handler: `POST /api/messages`.

Invariants: what is not signed for us, expired, or of another tenant is answered with 401 or 403 before anything else is
read; what is signed and has no shape of Teams' with 400; one log line each, without content; never a 500.
"""

import json
from collections.abc import Awaitable, Callable

from aiohttp import web

from bot import telemetry
from bot.teams import shapes
from bot.teams.gate import Gate, Refused
from bot.teams.listeners import Listeners

Handler = Callable[[web.Request], Awaitable[web.Response]]


def messages(gate: Gate, listeners: Listeners) -> Handler:
    """The handler."""

    async def handle(request: web.Request) -> web.Response:
        authorization = request.headers.get("Authorization", "")
        try:
            body = _parsed(await request.read())
        except (web.RequestPayloadError, ConnectionError):  # broken off, or packed as nothing unpacks
            return web.json_response({"error": "unreadable request"}, status=400)
        if not isinstance(body, dict):
            return _refused(Refused(400 if authorization else 401, "not an activity"))
        try:
            await gate.admit(body, authorization)
            status, answer = await listeners.heard(shapes.activity(body))
        except Refused as refused:
            return _refused(refused)
        except shapes.Unreadable:
            return _refused(Refused(400, "not an activity"))
        return web.json_response(answer, status=status, dumps=_written)

    return handle


def _written(answer: object) -> str:
    """Letters as they are: escaped ones would be six times as long."""
    return json.dumps(answer, ensure_ascii=False)


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _refused(refused: Refused) -> web.Response:
    telemetry.log.warning("refused", action="teams", reason=refused.why)
    return web.json_response({"error": "refused"}, status=refused.status)
