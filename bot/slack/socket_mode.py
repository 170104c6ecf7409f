"""Slack's Socket Mode: two connections that are kept up, so that Slack always finds one of them.

Invariants: both give to the same Bolt listeners as HTTP does, and the inbox decides what was seen before; an envelope
that came by both is worked on once; what people type comes through TLS only (or loopback); what cannot be opened is
tried again, later each time, and said by name.
"""

import asyncio
import random
import time
from collections.abc import Callable
from contextlib import suppress
from urllib.parse import urlsplit

import aiohttp
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import telemetry
from bot.environment import is_loopback
from bot.senders import Limited, Rejected, Trouble, Unreachable
from bot.slack.connection import Connection
from bot.slack.envelopes import Envelope, acknowledgement
from bot.slack.wire import call

CONNECTIONS = 2
SETTLED = 10.0  # seconds after which a connection that ends was a good one: the next is opened at once
LARGEST = 1024 * 1024  # bytes of a frame, as over HTTP
HEARTBEAT = 10.0  # seconds between two pings; half of it without an answer ends the connection
REFUSED = frozenset(
    "invalid_auth not_authed account_inactive token_revoked token_expired not_allowed_token_type missing_scope".split()
)


class RefusedAppToken(Trouble):
    """Slack does not take this token for Socket Mode."""


class UnsafeAddress(Trouble):
    """Slack's answer leads to where nothing protects what people type."""


def pause(failures: int) -> float:
    """The first time at once, then after about 0.5, 1, 2 … 60 seconds, spread so that two do not knock together."""
    return min(60.0, 0.125 * 2.0 ** min(failures, 10)) * (0.5 + random.random()) if failures > 1 else 0.0  # noqa: S311


def safe(address: str) -> str:
    """This address, when it is wss, or ws on loopback; else UnsafeAddress."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        raise UnsafeAddress("address") from None
    if host and (parts.scheme == "wss" or (parts.scheme == "ws" and is_loopback(host))):
        return address
    raise UnsafeAddress("address")


async def address(client: AsyncWebClient, app_token: str) -> str:
    """Where Slack wants to be connected to; it works once, and soon. Raises RefusedAppToken with Slack's word."""
    try:
        found = await call(client.apps_connections_open(app_token=app_token), everywhere=True)
    except Trouble as trouble:
        if str(trouble) in REFUSED:
            raise RefusedAppToken(str(trouble)) from None
        raise
    return safe(str(found.get("url", "")))


class SocketMode:
    """`client` is open (its session is set) before `start`. `waits` gives the seconds before the next try."""

    def __init__(
        self, bolt: AsyncApp, client: AsyncWebClient, *, app_token: str, waits: Callable[[int], float] = pause
    ) -> None:
        self._bolt, self._client, self._app_token, self._waits = bolt, client, app_token, waits
        self._keepers: list[asyncio.Task[None]] = []
        self._connections: dict[Connection, asyncio.Task[None]] = {}
        self._in_hand: dict[str, asyncio.Task[str | None]] = {}
        self._last_alive = time.monotonic()

    @property
    def alive(self) -> int:
        """How many connections stand."""
        return sum(connection.alive for connection in self._connections)

    @property
    def silent_for(self) -> float:
        """Seconds without any connection."""
        return 0.0 if self.alive else time.monotonic() - self._last_alive

    async def start(self) -> None:
        """Raises RefusedAppToken, and UnsafeAddress; when Slack does not answer, it goes on trying."""
        first = ""
        try:
            first = await address(self._client, self._app_token)
        except (RefusedAppToken, UnsafeAddress):
            raise
        except (Trouble, Limited, Rejected, Unreachable) as error:
            _say(1, _word(error))
        self._last_alive = time.monotonic()
        self._keepers = [asyncio.create_task(self._keep(n + 1, "" if n else first)) for n in range(CONNECTIONS)]

    async def stop(self) -> None:
        """Take no new envelope, finish what is in hand, close."""
        for keeper in self._keepers:
            keeper.cancel()
            with suppress(asyncio.CancelledError):
                await keeper
        await asyncio.gather(*(connection.finish() for connection in list(self._connections)))
        if self._connections:
            await asyncio.wait(set(self._connections.values()), timeout=1.0)

    async def _keep(self, number: int, first: str) -> None:
        """One of the connections, for ever: when Slack says goodbye to one, the next is opened while it is read on."""
        failures = 0
        while True:
            opened, wait = None, 0.0
            try:
                connection = await self._open(first or await address(self._client, self._app_token))
                opened = time.monotonic()
                reason = await connection.until_gone()
            except Limited as limited:
                reason, wait = "ratelimited", limited.seconds
            except (Trouble, Rejected, Unreachable, aiohttp.ClientError, OSError, TimeoutError) as error:
                reason = _word(error)
            except Exception as error:  # noqa: BLE001  a task that ends unseen would leave Slack unheard
                telemetry.fault("socket", "connection", error)
                reason = type(error).__name__
            first = ""
            failures = 0 if opened and time.monotonic() - opened > SETTLED else failures + 1
            _say(number, reason)
            await asyncio.sleep(max(wait, self._waits(failures)))

    async def _open(self, where: str) -> Connection:
        session = self._client.session
        if session is None:
            raise Trouble("no session")
        async with asyncio.timeout(HEARTBEAT):
            socket = await session.ws_connect(
                where,
                heartbeat=HEARTBEAT,
                max_msg_size=LARGEST,
                timeout=aiohttp.ClientWSTimeout(ws_close=2.0),
                proxy=self._client.proxy,
                ssl=True if self._client.ssl is None else self._client.ssl,
            )
        connection = Connection(socket, self._once, self._changed)
        reading = asyncio.create_task(connection.listen())
        self._connections[connection] = reading
        reading.add_done_callback(lambda done: self._ended(connection, done))
        return connection

    def _ended(self, connection: Connection, done: asyncio.Task[None]) -> None:
        del self._connections[connection]
        if not done.cancelled() and (error := done.exception()):
            telemetry.fault("socket", "connection", error)

    def _changed(self) -> None:
        """A connection came or went."""
        self._last_alive = time.monotonic()
        telemetry.SOCKETS.set(self.alive)

    async def _once(self, envelope: Envelope, app_id: str) -> str | None:
        """The acknowledgement; the same envelope by another connection waits for the same one."""
        work = self._in_hand.get(envelope.id)
        if work is None:
            work = self._in_hand[envelope.id] = asyncio.create_task(self._dispatch(envelope, app_id))
            work.add_done_callback(lambda _done: self._in_hand.pop(envelope.id, None))
        return await work

    async def _dispatch(self, envelope: Envelope, app_id: str) -> str | None:
        named = envelope.payload.get("api_app_id")
        if named and app_id and named != app_id:
            telemetry.log.warning("envelope ignored", action="socket", reason="another app's")
            return acknowledgement(envelope, BoltResponse(status=200))
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=envelope.payload)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            telemetry.log.warning("envelope ignored", action="socket", reason="unreadable payload")
            return None
        return acknowledgement(envelope, await self._bolt.async_dispatch(request))


def _word(error: Exception) -> str:
    """Slack's own word for it, or the kind of fault."""
    return str(error) if isinstance(error, Trouble | Rejected | Unreachable) else type(error).__name__


def _say(number: int, reason: str) -> None:
    telemetry.log.warning("connection lost", action="socket", name=f"connection {number}", reason=reason)
