"""The addresses under /response/ that come with commands and clicks: five answers within thirty minutes, no token."""

import json
import time

from aiohttp import web

from bot.sandbox.chat_methods import checked, put, rewrite
from bot.sandbox.records import FaultSeen, Json, ResponseUrl
from bot.sandbox.refusal import Refusal
from bot.sandbox.workspace import Workspace


def routes(workspace: Workspace) -> list[web.RouteDef]:
    async def answer(request: web.Request) -> web.Response:
        return _answer(workspace, request.match_info["token"], await request.text())

    return [web.post("/response/{token}", answer)]


def _answer(workspace: Workspace, token: str, body: str) -> web.Response:
    url = workspace.response_urls.get(token)
    if url is None or time.monotonic() > url.expires_at:
        return web.json_response({"ok": False, "error": "expired_url"}, status=404)
    if url.uses_left == 0:
        return web.json_response({"ok": False, "error": "used_url"}, status=404)
    try:
        sent = json.loads(body)
        _apply(workspace, url, sent if isinstance(sent, dict) else {})
    except (ValueError, Refusal) as bad:
        messages = (bad.messages if isinstance(bad, Refusal) else []) or [str(bad)]
        workspace.faults_seen.extend(FaultSeen(where="response_url", message=m) for m in messages)
        return web.Response(status=400, text="invalid_payload")
    url.uses_left -= 1
    return web.Response(text="ok")


def _apply(workspace: Workspace, url: ResponseUrl, sent: Json) -> None:
    original = workspace.message(url.channel, url.message_ts) if url.message_ts else None
    if original and sent.get("delete_original"):
        original.deleted = True
        workspace.touch()
        return
    text, blocks = checked(sent)
    if original and sent.get("replace_original"):
        rewrite(workspace, original, text, blocks)
    else:
        reader = "" if sent.get("response_type") == "in_channel" else url.user
        put(workspace, url.channel, text, blocks, ephemeral_to=reader)
