"""Slack's Web API under /api/: reads the call, checks the token and scope, lets faults happen, answers and logs.

Invariants: the work of a call is synchronous, so it is done whole or not at all; a refusal changes nothing; every call
is in `workspace.calls` without its token; what Slack would find malformed is in `workspace.faults_seen`.
"""

import asyncio
import json
import math
import time
from email.utils import formatdate
from typing import Any

from aiohttp import web

from bot.sandbox import chat_methods, people_methods, view_methods
from bot.sandbox.faults import Fault, Kind
from bot.sandbox.records import Call, FaultSeen, Json
from bot.sandbox.refusal import Method, Refusal
from bot.sandbox.workspace import APP_SCOPES, Workspace

METHODS: dict[str, tuple[str, Method]] = {**people_methods.METHODS, **chat_methods.METHODS, **view_methods.METHODS}
_AS_JSON = ("blocks", "view", "metadata", "attachments")  # arrive as JSON text when the call is a form
_INSTEAD = frozenset({Kind.RATE_LIMITED, Kind.SERVER_ERROR, Kind.ERROR, Kind.CUT_BEFORE})


def routes(workspace: Workspace) -> list[web.RouteDef]:
    async def call(request: web.Request) -> web.StreamResponse:
        return await _call(workspace, request)

    return [web.get("/api/{method}", call), web.post("/api/{method}", call)]


async def _call(workspace: Workspace, request: web.Request) -> web.StreamResponse:
    method = request.match_info["method"]
    arguments = await _arguments(request)
    in_body = arguments.pop("token", "")
    token = request.headers.get("Authorization", "").removeprefix("Bearer ").strip() or in_body
    fault = _paced(workspace, method, arguments) or workspace.faults.pick(method)
    if fault and fault.kind in _INSTEAD:
        _log(workspace, method, arguments, fault.code or str(fault.kind))
        return _broken(request, fault)
    answer = _answer(workspace, method, arguments, token)
    _log(workspace, method, arguments, answer.get("error", ""))
    if fault and fault.kind is Kind.CUT_AFTER:
        return _broken(request, fault)
    if fault and fault.kind is Kind.SLOW:
        await asyncio.sleep(fault.seconds)
    return _reply(workspace, method, answer)


def _reply(workspace: Workspace, method: str, answer: Json) -> web.Response:
    headers = {"x-oauth-scopes": ",".join(workspace.scopes), "x-slack-req-id": workspace.new_id("")}
    if workspace.clock_shift:
        headers["Date"] = formatdate(time.time() + workspace.clock_shift, usegmt=True)
    if method in METHODS:
        headers["x-accepted-oauth-scopes"] = METHODS[method][0]
    return web.json_response(answer, headers=headers)


async def _arguments(request: web.Request) -> Json:
    """Query, form and JSON bodies alike; the SDK sends all three."""
    arguments: Json = dict(request.query)
    if request.content_type == "application/json":
        sent = _read(await request.text())
        arguments.update(sent if isinstance(sent, dict) else {})
    elif request.method == "POST":
        arguments.update({k: v for k, v in (await request.post()).items() if isinstance(v, str)})
    for name in _AS_JSON:
        if isinstance(arguments.get(name), str):
            arguments[name] = _read(arguments[name])
    return arguments


def _read(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _answer(workspace: Workspace, method: str, arguments: Json, token: Any) -> Json:
    try:
        if not token:
            raise Refusal("not_authed")
        if token not in (workspace.bot_token, workspace.app_token):
            raise Refusal("invalid_auth")
        if method not in METHODS:
            raise Refusal("unknown_method")
        scope, work = METHODS[method]
        of_the_app = token == workspace.app_token
        if of_the_app is not (scope in APP_SCOPES):
            raise Refusal("not_allowed_token_type")
        granted = workspace.app_scopes if of_the_app else workspace.scopes
        if scope and scope not in granted:
            raise Refusal("missing_scope", needed=scope, provided=",".join(granted))
        return {"ok": True, **work(workspace, arguments)}
    except Refusal as refusal:
        workspace.faults_seen.extend(FaultSeen(where=method, message=m) for m in refusal.messages)
        return refusal.answer


def _log(workspace: Workspace, method: str, arguments: Json, error: str) -> None:
    workspace.calls.append(Call(method=method, arguments=arguments, at=time.time(), error=error))
    workspace.touch()


def _paced(workspace: Workspace, method: str, arguments: Json) -> Fault | None:
    """With `faults.message_interval` set, a channel takes one message per interval, as Slack's one a second."""
    interval = workspace.faults.message_interval
    if not interval or method != "chat.postMessage":
        return None
    channel = chat_methods.channel_id(workspace, str(arguments.get("channel", "")))
    sent = [float(m.ts) for m in workspace.messages if m.channel == channel and m.user == workspace.bot_user_id]
    left = sent[-1] + interval - time.time() if sent else 0
    return Fault(kind=Kind.RATE_LIMITED, seconds=left) if left > 0 else None


def _broken(request: web.Request, fault: Fault) -> web.Response:
    if fault.kind is Kind.RATE_LIMITED:
        headers = {"Retry-After": str(math.ceil(fault.seconds))}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if fault.kind is Kind.ERROR:
        return web.json_response({"ok": False, "error": fault.code})
    if request.transport is not None and fault.kind in (Kind.CUT_BEFORE, Kind.CUT_AFTER):
        request.transport.abort()
    return web.Response(status=500, text="Internal Server Error")
