"""How the Bot Framework brings an activity to the bot: with a token of its own, to loopback only, with fifteen seconds
for the answer; a message that was not taken is sent again.

Invariants: every delivery with its answer is in `sent`, so that it can be replayed byte for byte; a refused connection,
a cut one and a late answer are answers too (status 0), never exceptions.
"""

import asyncio
import json
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

from bot.sandbox.delivery import Answer, Sent
from bot.sandbox.faults import Kind
from bot.sandbox.teams.issuer import Issuer
from bot.sandbox.teams.tenant import Json, Tenant

RETRIES = 3
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class Delivery:
    """`kind` is "invoke" or "message" (all the rest); faults can be switched on for either."""

    def __init__(self, tenant: Tenant, issuer: Issuer, url: str, *, patience: float = 15.0) -> None:
        if urlsplit(url).hostname not in _LOOPBACK:
            raise ValueError("The sandbox delivers to loopback addresses only.")
        self.tenant, self.issuer, self.url, self.patience = tenant, issuer, url, patience
        self.sent: list[Sent] = []
        self._session: ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def deliver(self, activity: Json) -> Answer:
        """Deliver, as the faults have it."""
        kind = "invoke" if activity["type"] == "invoke" else "message"
        body, headers = json.dumps(activity).encode(), self.signed(activity)
        fault = self.tenant.faults.pick(kind, delivery=True)
        if fault and fault.kind is Kind.LATE:
            await asyncio.sleep(fault.seconds)
        answer = await self.post(kind, body, headers)
        if fault and fault.kind in {Kind.DUPLICATE, Kind.RETRY}:
            await self.post(kind, body, headers)
        for _try in range(RETRIES if kind == "message" else 0):
            if answer.status < 500 and answer.status:
                break
            answer = await self.post(kind, body, headers)
        return answer

    def signed(self, activity: Json) -> dict[str, str]:
        token = self.issuer.token(str(activity["serviceUrl"]))
        return {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    async def replay(self, sent: Sent) -> Answer:
        """The very same bytes and token once more, as somebody who captured them would send them."""
        return await self.post(sent.kind, sent.body, sent.headers)

    async def post(self, kind: str, body: bytes, headers: dict[str, str]) -> Answer:
        """One POST with exactly these headers; unsigned and forged requests are sent with this too."""
        if self._session is None:
            self._session = ClientSession(cookie_jar=DummyCookieJar())
        timeout = ClientTimeout(total=self.patience)
        try:
            async with self._session.post(self.url, data=body, headers=headers, timeout=timeout) as response:
                answer = Answer(status=response.status, body=_parsed(await response.text()))
        except TimeoutError:
            answer = Answer(status=0, reason="http_timeout")
        except ClientError:
            answer = Answer(status=0, reason="connection_failed")
        self.sent.append(Sent(kind=kind, body=body, headers=headers, answer=answer))
        return answer


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
