"""How Slack brings a request to the app: signed, to loopback only, with three seconds for the answer.

Invariants: the signature is Slack's v0 over the exact bytes and the real clock; every delivery with its answer is in
`sent`, so that it can be replayed byte for byte; a refused connection, a cut one and a late answer are answers too
(status 0), never exceptions.
"""

import asyncio
import hashlib
import hmac
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar

from bot.sandbox.faults import Kind
from bot.sandbox.records import Json
from bot.sandbox.workspace import Workspace

FORM = "application/x-www-form-urlencoded"
RETRIES = 3
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The app's answer. `body` is parsed when it is JSON, else text; status 0 means that none came in time."""

    status: int
    body: Any = ""
    reason: str = ""  # "connection_failed" or "http_timeout" when status is 0

    @property
    def ok(self) -> bool:
        return self.status == 200


@dataclass(frozen=True, kw_only=True)
class Sent:
    """One delivery as it went over the wire; `kind` is slash, interaction or event."""

    kind: str
    body: bytes
    headers: dict[str, str]
    answer: Answer


def signature(secret: str, timestamp: str, body: bytes) -> str:
    digest = hmac.new(secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
    return f"v0={digest.hexdigest()}"


class Wire:
    """POSTs to the app's address, on loopback only; `patience` is how long an answer is waited for, in seconds."""

    def __init__(self, url: str, *, patience: float) -> None:
        if urlsplit(url).hostname not in _LOOPBACK:
            raise ValueError("The sandbox delivers to loopback addresses only.")
        self.url, self.patience = url, patience
        self.sent: list[Sent] = []
        self._session: ClientSession | None = None

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def replay(self, sent: Sent) -> Answer:
        """The very same bytes and signature once more, as somebody who captured them would send them."""
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


class Delivery(Wire):
    """`retry_after`: the pauses before an event's retries (Slack: at once, a minute, five minutes)."""

    def __init__(
        self,
        workspace: Workspace,
        events_url: str,
        *,
        patience: float = 3.0,
        retry_after: tuple[float, ...] = (0.0, 0.1, 0.2),
    ) -> None:
        super().__init__(events_url, patience=patience)
        self.workspace, self.retry_after = workspace, retry_after

    def signed(self, body: bytes, content_type: str, *, at: float | None = None) -> dict[str, str]:
        """Headers for this body as signed at epoch second `at` (default: now)."""
        timestamp = str(int(time.time() if at is None else at))
        return {
            "Content-Type": content_type,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self.workspace.signing_secret, timestamp, body),
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }

    async def deliver(self, kind: str, body: bytes, content_type: str) -> Answer:
        """Deliver once, or as the faults for `kind` have it."""
        return (await self._with_faults(kind, body, content_type))[0]

    async def deliver_event(self, event: Json) -> Answer:
        """Deliver an event, and again up to three times while the app does not answer 200 within the time."""
        body = json.dumps(event).encode()
        answer, fault = await self._with_faults("event", body, "application/json")
        if fault is Kind.RETRY:
            await self._retry(body, 1, "http_timeout")
        for number in range(1, RETRIES + 1):
            if answer.ok:
                break
            await asyncio.sleep(self.retry_after[number - 1])
            answer = await self._retry(body, number, answer.reason or "http_error")
        return answer

    async def _with_faults(self, kind: str, body: bytes, content_type: str) -> tuple[Answer, Kind | None]:
        headers = self.signed(body, content_type)
        fault = self.workspace.faults.pick(kind, delivery=True)
        if fault and fault.kind is Kind.LATE:
            await asyncio.sleep(fault.seconds)
        answer = await self.post(kind, body, headers)
        if fault and fault.kind is Kind.DUPLICATE:
            await self.post(kind, body, headers)
        return answer, fault.kind if fault else None

    async def _retry(self, body: bytes, number: int, reason: str) -> Answer:
        more = {"X-Slack-Retry-Num": str(number), "X-Slack-Retry-Reason": reason}
        return await self.post("event", body, {**self.signed(body, "application/json"), **more})


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
