"""The Bot Connector's REST service: takes the bot's messages and edits, tells who a member is, lets faults happen.

Invariants: a call without a token that the login service gave is refused; a refusal changes nothing; every call is in
`tenant.calls` without its token; what Teams would not take is refused and in `tenant.faults_seen`.
"""

import asyncio
import math
import time
from typing import Any

from aiohttp import web

from bot.sandbox.faults import Fault, Kind
from bot.sandbox.records import Call
from bot.sandbox.teams import card_rules
from bot.sandbox.teams.issuer import Issuer
from bot.sandbox.teams.tenant import Json, Tenant

CARD = "application/vnd.microsoft.card.adaptive"
SEND, UPDATE, MEMBER = "send", "update", "member"
_INSTEAD = frozenset({Kind.RATE_LIMITED, Kind.SERVER_ERROR, Kind.ERROR, Kind.CUT_BEFORE})


class Refused(Exception):
    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.status, self.code = status, code


class Connector:
    def __init__(self, tenant: Tenant, issuer: Issuer) -> None:
        self._tenant, self._issuer = tenant, issuer

    def routes(self) -> list[web.RouteDef]:
        chat = "/teams/{region}/v3/conversations/{chat}"
        return [
            web.post(f"{chat}/activities", self._handler(SEND)),
            web.put(f"{chat}/activities/{{id}}", self._handler(UPDATE)),
            web.get(f"{chat}/members/{{id}}", self._handler(MEMBER)),
        ]

    def _handler(self, what: str) -> Any:
        async def handle(request: web.Request) -> web.StreamResponse:
            return await self._call(what, request)

        return handle

    async def _call(self, what: str, request: web.Request) -> web.StreamResponse:
        sent = await request.json() if request.can_read_body else {}
        where = {"chat": request.match_info["chat"], "id": request.match_info.get("id", "")}
        fault = self._tenant.faults.pick(what)
        if fault and fault.kind in _INSTEAD:
            self._log(what, {**where, **sent}, fault.code or str(fault.kind))
            return _broken(request, fault)
        try:
            answer = self._answer(what, where, sent, request)
        except Refused as refused:
            self._log(what, {**where, **sent}, refused.code)
            return web.json_response({"error": {"code": refused.code}}, status=refused.status)
        self._log(what, {**where, **sent}, "")
        if fault and fault.kind is Kind.CUT_AFTER:
            return _broken(request, fault)
        if fault and fault.kind is Kind.SLOW:
            await asyncio.sleep(fault.seconds)
        return web.json_response(answer, status=201 if what == SEND else 200)

    def _answer(self, what: str, where: Json, sent: Json, request: web.Request) -> Json:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self._issuer.given:
            raise Refused(401, "Unauthorized")
        if request.match_info["region"] != self._tenant.region:
            raise Refused(404, "ServiceMoved")
        if where["chat"].startswith("a:") and self._tenant.of_chat(where["chat"]) is None:
            raise Refused(403, "BotNotInConversationRoster")  # two colleagues' chat
        if what == MEMBER:
            return self._member(where["id"])
        summary, cards = self._checked(what, sent)
        if what == UPDATE:
            return self._update(where["chat"], where["id"], summary, cards)
        member = self._tenant.of_chat(where["chat"])
        if member is not None and member.gone:
            raise Refused(403, "BotNotInConversationRoster")
        found = self._tenant.post(where["chat"], said=sent.get("text") or "", summary=summary, cards=cards)
        return {"id": found.id}

    def _checked(self, what: str, sent: Json) -> tuple[str, list[Json]]:
        """Refused as Teams would, and a fault seen: a card that is none, or nothing to show at all."""
        attached = sent.get("attachments") or []
        cards = [one.get("content") for one in attached]
        wrong = [] if all(one.get("contentType") == CARD for one in attached) else ["an attachment that is no card"]
        wrong += [problem for card in cards for problem in card_rules.check(card, dialog=False)]
        wrong += card_rules.check_message(cards)
        if sent.get("type") != "message" or not (cards or sent.get("text")):
            wrong.append("neither text nor card")
        self._tenant.fault(what, wrong)
        if wrong:
            raise Refused(400, "BadSyntax")
        return str(sent.get("summary") or ""), cards

    def _update(self, chat: str, id: str, summary: str, cards: list[Json]) -> Json:
        found = self._tenant.post_of(chat, id)
        if found is None or found.author:
            raise Refused(404, "ActivityNotFoundInConversation")
        found.cards, found.summary, found.updated = cards, summary, found.updated + 1
        self._tenant.touch()
        return {"id": id}

    def _member(self, id: str) -> Json:
        found = next((m for m in self._tenant.members.values() if id in {m.id, m.aad}), None)
        if found is None or found.gone:
            raise Refused(404, "MemberNotFoundInConversation")
        return {
            "id": found.id,
            "name": found.name,
            "aadObjectId": found.aad,
            "objectId": found.aad,
            "email": found.email,
            "userPrincipalName": found.upn or found.email,
            "tenantId": found.tenant_id,
            "userRole": found.role,
        }

    def _log(self, method: str, arguments: Json, error: str) -> None:
        self._tenant.calls.append(Call(method=method, arguments=arguments, at=time.time(), error=error))
        self._tenant.touch()


def _broken(request: web.Request, fault: Fault) -> web.Response:
    if fault.kind is Kind.RATE_LIMITED:
        headers = {"Retry-After": str(math.ceil(fault.seconds))}
        return web.json_response({"error": {"code": "TooManyRequests"}}, status=429, headers=headers)
    if fault.kind is Kind.ERROR:
        return web.json_response({"error": {"code": fault.code}}, status=int(fault.code))
    if request.transport is not None and fault.kind in (Kind.CUT_BEFORE, Kind.CUT_AFTER):
        request.transport.abort()
    return web.Response(status=502, text="Bad Gateway")
