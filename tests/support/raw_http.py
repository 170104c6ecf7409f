"""Bytes that are nearly HTTP: wrong lines, lengths, chunks and paths, as scanners and broken proxies send them.

Invariants: all chance is the caller's; nothing asks for work that is signed; `word` is in whatever could be quoted.
"""

import asyncio
import random
import re
from itertools import pairwise

from tests.support.judge import Answered, Judge

PATHS = (
    "/healthz", "/readyz", "/watchz", "/metrics", "/slack/events", "/api/messages", "/", "*", "", "/%00",
    "/..%2f..%2fetc/passwd", "//slack//events", "/slack/events/", "/SLACK/EVENTS", "/slack/events?a=b&a=c",
    "http://127.0.0.1/healthz", "/%ff%fe", "/é", "/healthz#x", "/healthz;x=1", "/" + "a" * 9000, "/" + "%61" * 3000,
    "?", "/healthz\t", "127.0.0.1:443", "/\u202e",
)  # fmt: skip
METHODS = (
    "GET",
    "POST",
    "HEAD",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "PATCH",
    "get",
    "",
    "G\x01T",
    "PRI",
    "X" * 400,
    "GET GET",
)
VERSIONS = (
    "HTTP/1.1",
    "HTTP/1.1",
    "HTTP/1.1",
    "HTTP/1.0",
    "HTTP/9",
    "HTTP/2.0",
    "HTTP/1.1.1",
    "http/1.1",
    "",
    "HTTP",
    "FTP/1.1",
)
ENDS = ("\r\n", "\r\n", "\r\n", "\n", "\r", "\r\n\r\n", "\0")
STRAYS = (
    b"", b"\0", b"\r\n\r\n\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(200)), b"\x80\x2e\x01\x00\x02", b"SSH-2.0-x\r\n",
    b"HELO there\r\nQUIT\r\n", b"{}\n", b"HTTP/1.1 200 OK\r\n\r\n", b"\xff" * 70_000, b"A" * 70_000,
)  # fmt: skip
LINES = (
    "Content-Length: -1", "Content-Length: 1e3", "Content-Length: 99999999999999999999",
    "Content-Length: 5\r\nContent-Length: 6", "Content-Length: +3", "Content-Length: 3,3", "Content-Length:",
    "Content-Length: 2000000", "Transfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 4",
    "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: identity", "Transfer-Encoding: gzip",
    "transfer-encoding: \x0bchunked", "Host: a\r\nHost: b", "Host:", "Host: [::1", "Host: a b", " folded: x",
    "no colon here", ": no name", "na me: x", "n\0ame: x", "name: \0", "Expect: 100-continue", "Expect: word",
    "Connection: close, keep-alive", "Connection: upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x",
    "Connection: upgrade\r\nUpgrade: h2c", "Content-Encoding: gzip", "Content-Encoding: br",
    "Content-Type: multipart/form-data", "Content-Type: ;;;=", "Cookie: " + "a=b;" * 3000, "X: " + "y" * 9000,
    "Accept: text/html", "Range: bytes=5-1", "X-Slack-Signature: v0=1",
    "X-Slack-Request-Timestamp: 9999999999999999999999",
)  # fmt: skip
BODIES = (
    b"",
    b"0\r\n\r\n",
    b"4\r\nbody\r\n0\r\n\r\n",
    b"zz\r\nbody",
    b"-1\r\n\r\n",
    b"ffffffffffffffff\r\nx",
    b"4;ext=1\r\nbody\r\n",
    b"5\r\nbo",
)
_ANSWER = re.compile(rb"HTTP/\d\.\d (\d{3}) ")
MOST, SILENCE = 1 << 20, 0.25


def request(chance: random.Random, word: str) -> bytes:
    """One connection's worth of it; sometimes several requests behind each other."""
    if chance.random() < 0.06:
        return chance.choice(STRAYS) + word.encode()
    return b"".join(_one(chance, word) for _again in range(chance.choice((1, 1, 1, 2, 5))))


def _one(chance: random.Random, word: str) -> bytes:
    def mostly(usual: str, others: tuple[str, ...]) -> str:
        return usual if chance.random() < 0.8 else chance.choice(others)

    method = mostly(chance.choice(("GET", "POST")), METHODS)
    path = mostly(chance.choice(PATHS[:5]), PATHS) + mostly("", (f"?{word}", word))
    end = mostly("\r\n", ENDS)
    lines = [f"{method} {path} {mostly('HTTP/1.1', VERSIONS)}", "Host: sopwith.example"]
    lines += [chance.choice(LINES) for _line in range(chance.choice((0, 0, 1, 2, 3)))]
    lines += [f"X-Odd: {word}"] if chance.random() < 0.5 else []
    head = (end.join(lines) + end + end).encode("utf-8", "surrogatepass")
    found = bytearray(head + (chance.choice((*BODIES, word.encode(), b"payload=%7B%7D")) if method != "GET" else b""))
    if chance.random() < 0.2:
        found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


async def sent(port: int, what: bytes) -> bytes:
    """All that comes back until the other side closes or falls silent; then we hang up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    came = b""
    try:
        writer.write(what)
        await writer.drain()
        while piece := await asyncio.wait_for(reader.read(MOST), SILENCE):
            came += piece
    except (ConnectionError, TimeoutError):
        pass
    finally:
        writer.close()
    return came


def look_at(judge: Judge, case: str, came: bytes) -> None:
    """Each answer by itself. None at all is allowed: what breaks off before its end is not answered."""
    starts = [found.start() for found in _ANSWER.finditer(came)]
    if came and (not starts or starts[0]):
        judge.look_at(case, Answered(status=0, body=came))
    for start, end in pairwise([*starts, len(came)]):
        head, _blank, body = came[start:end].partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        if status == 100:
            continue
        server = [line[8:].decode() for line in head.split(b"\r\n") if line.lower().startswith(b"server: ")]
        silent = not body and b"Content-Length: 0" not in head  # the answer to HEAD
        judge.look_at(case, Answered(status=status, body=body or b"-" * silent, server="".join(server) or "nobody"))
        if judge.word.encode() in head:
            judge.wrong.append(f"{case}: quoted in {head!r}")
