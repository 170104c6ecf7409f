"""What strangers send to the address of a chat: unsigned, signed by nobody, of no shape, and far too large.

Invariants: the word they send is in all of it; whoever signs it signs it well, for what is refused unread shows little.
"""

import json
import time
import warnings
from typing import Any
from urllib.parse import urlencode

from bot.sandbox.delivery import FORM, Delivery
from bot.sandbox.firm import Firm
from bot.sandbox.teams.activities import activity, invoke
from bot.sandbox.teams.world import World
from bot.web import LARGEST
from tests.journeys.conftest import Town

Json = dict[str, Any]


async def knock(town: Town, junk: str) -> None:
    """At the door of the town's chat."""
    if town.firm.teams and town.chat.on_teams:
        await _at_teams_door(town.firm.teams, junk)
        return
    await _down_the_connections(town.firm, junk)
    await _at_slacks_door(town.firm, junk)


async def _at_slacks_door(firm: Firm, junk: str) -> None:
    over_http = Delivery(firm.workspace, f"http://127.0.0.1:{firm.service.port}/slack/events")
    delivery = over_http if firm.workspace.sockets.links else firm.hands.delivery
    payloads = [
        {"type": junk, "user": {"id": junk}},
        {"type": "block_actions", "trigger_id": junk, "actions": [{}]},
    ]
    bodies = [
        junk.encode(),
        b"payload=" + junk.encode(),
        *(urlencode({"payload": json.dumps(p)}).encode() for p in payloads),
    ]
    for body in (*bodies, junk.encode() * (LARGEST // 8)):
        for at in (None, time.time() - 3600):
            with warnings.catch_warnings(action="ignore", category=ResourceWarning):  # aiohttp dislikes the last one
                await delivery.post("junk", body, delivery.signed(body, FORM, at=at))
    event = json.dumps({"type": "event_callback", "team_id": junk, "event": {"type": junk, "user": junk}}).encode()
    await delivery.post("junk", event, delivery.signed(event, "application/json"))
    await over_http.close()


async def _down_the_connections(firm: Firm, junk: str) -> None:
    """Frames and envelopes that Slack never sends; the last one costs the connection."""
    payloads: list[Json] = [
        {"type": junk, "user": {"id": junk}},
        {"user": [junk], "channel": 7},
        {"type": "block_actions", "trigger_id": junk, "actions": [{"action_id": junk}]},
        {"type": "event_callback", "team_id": junk, "event": {"type": junk, "user": junk}},
    ]
    for number, link in enumerate(list(firm.workspace.sockets.links)):
        await link.socket.send_str(junk)
        await link.socket.send_bytes(junk.encode())
        for what in ({"envelope_id": junk}, {"type": "disconnect" * (number == 0), "reason": junk}, [junk]):
            await link.socket.send_str(json.dumps(what))
        for payload in payloads:
            await link.socket.send_json({"envelope_id": junk, "type": junk, "payload": payload})
        await link.socket.send_str(junk * (LARGEST // 8))


async def _at_teams_door(teams: World, junk: str) -> None:
    """By tokens that are good, old, another app's, and none at all."""
    tenant, issuer, delivery = teams.tenant, teams.issuer, teams.hands.delivery
    member = next(iter(tenant.members.values()))
    stranger: Json = {"from": {"id": "29:nobody", "name": junk, "aadObjectId": junk}}
    act: Json = {"sopwith": {"verb": "does", "name": junk, "subject": junk}, junk: junk}
    sent: list[Json] = [
        {junk: junk},
        activity(tenant, member, junk, text=junk),
        activity(tenant, member, "message", text=junk, **stranger),
        activity(tenant, member, "message", value={"sopwith": {"verb": junk}}),
        activity(tenant, member, "message", value=act),
        invoke(tenant, member, junk, {junk: junk}),
        invoke(tenant, member, "task/fetch", {"data": {"sopwith": {"verb": "opens", "name": junk, "subject": junk}}}),
        invoke(tenant, member, "task/submit", {"data": act}),
        invoke(tenant, member, "adaptiveCard/action", {"action": {"type": junk, "verb": junk, "data": act}}),
        invoke(tenant, member, "composeExtension/fetchTask", {"commandId": junk}),
        {**activity(tenant, member, "message", text=junk), "serviceUrl": f"https://{junk}.example/"},
        {**activity(tenant, member, "message", text=junk), "channelData": {"tenant": {"id": junk}}},
    ]
    bodies = [*(json.dumps(one).encode() for one in sent), junk.encode(), json.dumps([junk]).encode()]
    tokens = [
        issuer.token(tenant.service_url),
        issuer.token(tenant.service_url, exp=int(time.time()) - 3600),
        issuer.token(tenant.service_url, aud=junk),
        junk,
        "",
    ]
    for body in (*bodies, junk.encode() * (LARGEST // 8)):
        for token in tokens:
            headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
            with warnings.catch_warnings(action="ignore", category=ResourceWarning):
                await delivery.post("junk", body, headers)
