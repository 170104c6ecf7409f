"""Slack's side of Socket Mode: addresses that work once, hello, envelopes out, acknowledgements in, and goodbyes.

Invariants: an envelope goes to any one of the open connections, chosen at random but alike from the same seed, unless
it is to go to all; its first acknowledgement counts; an envelope whose connections all broke is lost at once.
"""

import asyncio
import json
import random
import secrets
from dataclasses import dataclass, field
from typing import Any

from aiohttp import WSMsgType, web

from bot.sandbox.records import Json

MOST = 10  # connections of one app
LOST = "connection_failed"


@dataclass(kw_only=True, eq=False)
class Link:
    """One connection. `out` are the envelopes it carried and nobody acknowledged yet."""

    socket: web.WebSocketResponse
    request: web.Request
    leaving: bool = False
    closing: asyncio.Task[None] | None = None
    out: set[str] = field(default_factory=set)


@dataclass(kw_only=True, eq=False)
class Out:
    """An envelope that waits for its acknowledgement."""

    links: list[Link]
    takes_payload: bool
    done: asyncio.Future[Any]


class Sockets:
    """All connections of the one app. `spoilt` are acknowledgements that Slack would not understand."""

    def __init__(self, app_id: str, *, seed: int = 0) -> None:
        self.app_id, self.enabled, self.spoilt = app_id, True, list[str]()
        self.links: list[Link] = []
        self.silent = False  # connections get no hello
        self.deaf = False  # pings get no pong, as when the network between is gone
        self._some = asyncio.Event()
        self._tickets: set[str] = set()
        self._out: dict[str, Out] = {}
        self._random = random.Random(seed)  # noqa: S311 - repeatable on purpose

    @property
    def open(self) -> list[Link]:
        """Those that take envelopes."""
        return [link for link in self.links if not link.leaving]

    async def until_connected(self) -> None:
        """Back when there is a connection; TimeoutError after ten seconds without."""
        await asyncio.wait_for(self._some.wait(), 10)

    def address(self, base_url: str) -> str:
        """What apps.connections.open gives."""
        ticket = secrets.token_hex(12)
        self._tickets.add(ticket)
        return f"{base_url.replace('http', 'ws', 1)}/link/?ticket={ticket}&app_id={self.app_id}"

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/link/", self._serve)]

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=401)
        self._tickets.discard(ticket)
        link = Link(socket=web.WebSocketResponse(timeout=1.0, autoping=not self.deaf), request=request)
        await link.socket.prepare(request)
        if not self.enabled or len(self.links) >= MOST:
            await self._goodbye(link, "too_many_websockets" if self.enabled else "link_disabled")
            await link.socket.close()
            return link.socket
        if not self.silent:
            await _said(link, self._hello())
        self.links.append(link)
        self._some.set()
        try:
            async for message in link.socket:
                if message.type is not WSMsgType.PING:
                    self._acknowledged(message.data if message.type is WSMsgType.TEXT else "")
        finally:
            self._gone(link)
        return link.socket

    def _hello(self) -> Json:
        about = {"host": "applink-sandbox", "build_number": 1, "approximate_connection_time": 18060}
        number = len(self.links) + 1
        info = {"app_id": self.app_id}
        return {"type": "hello", "num_connections": number, "debug_info": about, "connection_info": info}

    def _acknowledged(self, frame: str) -> None:
        try:
            sent: Any = json.loads(frame)
            id, payload = sent["envelope_id"], sent.get("payload", "")
        except (ValueError, LookupError, TypeError, AttributeError):
            self.spoilt.append("not an acknowledgement")
            return
        out = self._out.get(id)
        if out is None:
            return  # too late, or the second one
        if payload and not out.takes_payload:
            self.spoilt.append("a payload that nobody looks at")
        if not out.done.done():
            out.done.set_result((payload, ""))

    def _gone(self, link: Link) -> None:
        self.links.remove(link)
        if not self.links:
            self._some.clear()
        for id in link.out:
            self._lost(link, id)

    def _lost(self, link: Link, id: str) -> None:
        """An envelope does not come back by this connection any more."""
        out = self._out.get(id)
        if out and link in out.links:
            out.links.remove(link)
            if not out.links and not out.done.done():
                out.done.set_result(("", LOST))

    # what Slack does
    async def send(self, envelope: Json, patience: float, *, everywhere: bool = False, cut: bool = False) -> Any:
        """The payload of the acknowledgement and "", or "" and why there was none. `cut`: the connection breaks as soon
        as the envelope is on its way."""
        chosen = self.open if everywhere else self.open and [self._random.choice(self.open)]
        if not chosen:
            return "", LOST
        id, takes = envelope["envelope_id"], envelope["accepts_response_payload"]
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        out = Out(links=list(chosen), takes_payload=takes, done=done)
        self._out[id] = out
        for link in chosen:
            link.out.add(id)
            if not await _said(link, envelope):
                self._lost(link, id)
            if cut:
                self.cut(link)
        try:
            return await asyncio.wait_for(out.done, patience)
        except TimeoutError:
            return "", "http_timeout"
        finally:
            if self._out.get(id) is out:
                del self._out[id]

    def cut(self, link: Link) -> None:
        """Break it, without a word."""
        if link.request.transport is not None:
            link.request.transport.close()  # what was written still goes out

    async def goodbye(self, link: Link, reason: str = "refresh_requested", *, after: float = 0.1) -> None:
        """Say that this one is about to be closed, and close it `after` seconds, when its envelopes had their time."""
        await self._goodbye(link, reason)

        async def close() -> None:
            await asyncio.sleep(after)
            await link.socket.close()

        link.closing = asyncio.create_task(close())

    async def _goodbye(self, link: Link, reason: str) -> None:
        link.leaving = True
        await _said(link, {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox"}})

    async def switch_off(self) -> None:
        """Somebody turns Socket Mode off on the app's page."""
        self.enabled = False
        for link in list(self.links):
            await self.goodbye(link, "link_disabled", after=0.0)


async def _said(link: Link, words: Json) -> bool:
    """False when the app is gone."""
    try:
        await link.socket.send_json(words)
    except ConnectionError:
        return False
    return True
