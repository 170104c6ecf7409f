"""How Slack brings a request to the app over Socket Mode: in an envelope, by any open connection, with three seconds
for the acknowledgement.

Invariants: as in delivery.py; a retried event is a new envelope with the same event, a replayed delivery the very same
envelope; what was typed and lost with its connection is not sent again, an event is.
"""

import asyncio
import json
import uuid
from typing import Any
from urllib.parse import parse_qs, parse_qsl

from bot.sandbox.delivery import FORM, Answer, Delivery, Sent
from bot.sandbox.faults import Kind
from bot.sandbox.records import FaultSeen, Json
from bot.sandbox.workspace import Workspace

TYPES = {"slash": "slash_commands", "interaction": "interactive", "event": "events_api"}
_ID = "Envelope-Id"  # stands beside the body where the signature stands over HTTP


class SocketDelivery(Delivery):
    """Over the connections that the app opened."""

    def __init__(
        self, workspace: Workspace, *, patience: float = 3.0, retry_after: tuple[float, ...] = (0.0, 0.1, 0.2)
    ) -> None:
        super().__init__(workspace, "http://127.0.0.1/", patience=patience, retry_after=retry_after)

    def signed(self, body: bytes, content_type: str, *, at: float | None = None) -> dict[str, str]:
        """No signature: the connection is the proof."""
        return {"Content-Type": content_type, _ID: str(uuid.uuid4())}

    async def _with_faults(self, kind: str, body: bytes, content_type: str) -> tuple[Answer, Kind | None]:
        headers, sockets = self.signed(body, content_type), self.workspace.sockets
        fault = self.workspace.faults.pick(kind, delivery=True)
        befallen = fault.kind if fault else None
        if fault and befallen is Kind.LATE:
            await asyncio.sleep(fault.seconds)
        if fault and befallen is Kind.REFRESH and len(sockets.open) > 1:
            await sockets.goodbye(sockets.open[0], after=fault.seconds)
        everywhere, cut = befallen is Kind.EVERYWHERE, befallen is Kind.DROP
        answer = await self._send(kind, body, headers, everywhere=everywhere, cut=cut)
        if befallen is Kind.DUPLICATE:
            await self.post(kind, body, headers)
        return answer, befallen

    async def post(self, kind: str, body: bytes, headers: dict[str, str]) -> Answer:
        return await self._send(kind, body, headers)

    async def _send(
        self, kind: str, body: bytes, headers: dict[str, str], *, everywhere: bool = False, cut: bool = False
    ) -> Answer:
        sockets = self.workspace.sockets
        envelope = _envelope(kind, body, headers)
        payload, reason = await sockets.send(envelope, self.patience, everywhere=everywhere, cut=cut)
        answer = Answer(status=0 if reason else 200, body=payload, reason=reason)
        self.sent.append(Sent(kind=kind, body=body, headers=headers, answer=answer))
        self.workspace.faults_seen.extend(FaultSeen(where="acknowledgement", message=m) for m in sockets.spoilt)
        sockets.spoilt.clear()
        return answer


def _envelope(kind: str, body: bytes, headers: dict[str, str]) -> Json:
    envelope = {
        "envelope_id": headers[_ID],
        "type": TYPES.get(kind, kind),
        "payload": _payload(body, headers["Content-Type"]),
        "accepts_response_payload": kind != "event",
    }
    if kind == "event":
        number = int(headers.get("X-Slack-Retry-Num", 0))
        envelope |= {"retry_attempt": number, "retry_reason": headers.get("X-Slack-Retry-Reason", "")}
    return envelope


def _payload(body: bytes, content_type: str) -> Any:
    """The same that travels as the body of a signed request."""
    if content_type != FORM:
        return json.loads(body)
    form = parse_qs(body.decode())
    return json.loads(form["payload"][0]) if "payload" in form else dict(parse_qsl(body.decode(), True))
