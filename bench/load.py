"""The load: signed requests over kept connections, so many at a time, each answer's time taken.

Invariants: a request is signed and put into bytes before the clock runs; both sides of a comparison get the same bytes
from the same code; an answer that is not what was expected ends the run.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from bench.measure import percentile
from bot.sandbox.delivery import FORM, signature

GOOD = (200, 201)  # the stock adapter of the Bot Framework answers 201
Check = Callable[[bytes], bool]


class Unexpected(Exception):
    """An answer that no figure may be made of."""


@dataclass(frozen=True, kw_only=True)
class Load:
    """What so many requests took: `seconds` each, `wall` from the first byte out to the last byte in."""

    seconds: tuple[float, ...]
    wall: float

    @property
    def p50(self) -> float:
        return percentile(self.seconds, 50)

    @property
    def p99(self) -> float:
        return percentile(self.seconds, 99)

    @property
    def rate(self) -> float:
        """Requests a second."""
        return len(self.seconds) / self.wall


def wire(secret: str, fields: dict[str, str]) -> bytes:
    """A form as Slack posts it, signed now."""
    body, stamp = urlencode(fields).encode(), str(int(time.time()))
    return post(
        "/slack/events",
        body,
        {
            "User-Agent": "Slackbot 1.0",
            "Content-Type": FORM,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": signature(secret, stamp, body),
        },
    )


def post(path: str, body: bytes, headers: Mapping[str, str]) -> bytes:
    """A request as it goes over the line."""
    fields = {"Host": "127.0.0.1", "Accept": "*/*", **headers, "Content-Length": str(len(body))}
    lines = [f"POST {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def send(port: int, requests: Sequence[bytes], *, at_once: int, expected: Check) -> Load:
    """All of them, `at_once` at a time over as many connections."""
    waiting, seconds = iter(requests), list[float]()
    connections = [await asyncio.open_connection("127.0.0.1", port) for _ in range(min(at_once, len(requests)))]

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for request in waiting:
            start = time.perf_counter()
            writer.write(request)
            status, body = await _answer(reader)
            seconds.append(time.perf_counter() - start)
            if status not in GOOD or not expected(body):
                raise Unexpected(f"{status}: {body[:300]!r}")

    begun = time.perf_counter()
    try:
        await asyncio.gather(*(one(*connection) for connection in connections))
        return Load(seconds=tuple(seconds), wall=time.perf_counter() - begun)
    finally:
        for _reader, writer in connections:
            writer.close()


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = await reader.readuntil(b"\r\n\r\n")
    fields = head.lower().split(b"\r\n")
    length = next((int(f[15:]) for f in fields if f.startswith(b"content-length:")), 0)
    return int(head[9:12]), await reader.readexactly(length)
