"""How a payload goes over the wire: well dressed as Slack does it, or torn, doubled, mislabelled and badly signed.

Invariants: all chance is the caller's; `signed` says whether Slack's own key vouches for exactly these bytes, now.
"""

import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

from bot.sandbox.delivery import FORM, signature

JSON = "application/json"
TYPES = (
    FORM, JSON, "", "text/plain", "text/plain; charset=nonsense", "application/json; charset=utf-16",
    "multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded; charset=latin-1",
    "APPLICATION/JSON", ";", "x" * 3000, "application/octet-stream", "application/json; charset=\u00e9",
)  # fmt: skip
ODD: tuple[dict[str, str], ...] = (
    {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"},
    {"X-Slack-Retry-Num": "nan", "X-Slack-Retry-Reason": "x" * 2000},
    {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "listen"},
    {"X-Slack-Bolt-Lazy-Only": "x"},
    {"Content-Encoding": "gzip"},
    {"Content-Encoding": "deflate"},
    {"Content-Encoding": "br"},
    {"Expect": "100-continue"},
    {"Expect": "the unexpected"},
    {"Cookie": "a=b; =; ;;"},
    {"X-Forwarded-For": "127.0.0.1", "Forwarded": "for=_x"},
    {"Accept": "text/html", "Range": "bytes=0-1"},
    {"Upgrade": "websocket", "Connection": "Upgrade"},
    {"If-None-Match": "*", "If-Modified-Since": "never"},
)


@dataclass(frozen=True, kw_only=True)
class Dressed:
    """One request to `POST /slack/events`."""

    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    signed: bool = True


class Wardrobe:
    """`secret` is the one that the bot checks signatures with."""

    def __init__(self, chance: random.Random, secret: str) -> None:
        self._chance, self._secret = chance, secret

    def well(self, payload: Any, kind: str) -> Dressed:
        """As Slack sends it: `kind` is slash, interaction or event."""
        return self._signed(_written(payload, kind), JSON if kind == "event" else FORM)

    def badly(self, payload: Any, kind: str) -> Dressed:
        """As nobody does."""
        body = self._chance.choice(DAMAGE)(self._chance, _written(payload, kind))
        content_type = self._chance.choice(TYPES) if self._chance.random() < 0.5 else JSON if kind == "event" else FORM
        found = self._signed(body, content_type)
        if self._chance.random() < 0.3:
            found.headers.update(self._chance.choice(ODD))
        return found

    def forged(self, payload: Any, kind: str) -> Dressed:
        """Signed by nobody, by somebody else, for other bytes, or too long ago."""
        body = _written(payload, kind)
        now = int(time.time())
        headers = self._signed(body, FORM).headers
        headers |= self._chance.choice(
            (
                {"X-Slack-Signature": "v0=" + "0" * 64},
                {"X-Slack-Signature": ""},
                {"X-Slack-Signature": signature("another", str(now), body)},
                {"X-Slack-Signature": signature(self._secret, str(now), body + b" ")},
                {
                    "X-Slack-Signature": signature(self._secret, str(now - 301), body),
                    "X-Slack-Request-Timestamp": str(now - 301),
                },
                {
                    "X-Slack-Signature": signature(self._secret, str(now + 400), body),
                    "X-Slack-Request-Timestamp": str(now + 400),
                },
                {
                    "X-Slack-Request-Timestamp": self._chance.choice(
                        ("", "now", "9" * 400, "-1", "1e9", "\u0664", "0x10", str(2**70))
                    )
                },
                {"X-Slack-Signature": "v0=\u00e9"},
                {"X-Slack-Signature": "v0=" + "f" * 5000},
            )
        )
        return Dressed(body=body, headers=headers, signed=False)

    def _signed(self, body: bytes, content_type: str) -> Dressed:
        at = str(int(time.time()))
        headers = {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature(self._secret, at, body)}
        return Dressed(body=body, headers=headers | ({"Content-Type": content_type} if content_type else {}))


def _written(payload: Any, kind: str) -> bytes:
    if kind == "event":
        return json.dumps(payload).encode()
    if kind == "interaction":
        return urlencode({"payload": json.dumps(payload)}).encode()
    items = payload.items() if isinstance(payload, dict) else [("payload", payload)]
    return b"&".join(_quoted(name) + b"=" + _quoted(value) for name, value in items)


def _quoted(value: Any) -> bytes:
    text = value if isinstance(value, str) else json.dumps(value)
    return quote_from_bytes(text.encode("utf-8", "surrogatepass")).encode()


Damage = Callable[[random.Random, bytes], bytes]


def _torn(chance: random.Random, body: bytes) -> bytes:
    return body[: chance.randrange(len(body) + 1)]


def _flipped(chance: random.Random, body: bytes) -> bytes:
    found = bytearray(body)
    for _time in range(chance.choice((1, 1, 3, 20))):
        if found:
            found[chance.randrange(len(found))] = chance.randrange(256)
    return bytes(found)


def _doubled(chance: random.Random, body: bytes) -> bytes:
    return chance.choice(
        (body + b"&" + body, body + body, b"payload=x&" + body, body + b"&payload=[]", b"ssl_check=1&" + body)
    )


def _inserted(chance: random.Random, body: bytes) -> bytes:
    at = chance.randrange(len(body) + 1)
    return (
        body[:at]
        + chance.choice((b"\0", b"\xff", b"\xed\xa0\x80", b"%", b"%ff", b"&&==", b"\\ud800", b'"', b"\r\n", b"{"))
        + body[at:]
    )


def _other(chance: random.Random, body: bytes) -> bytes:
    """Nothing of it, or all of it in another writing."""
    text = body.decode("utf-8", "replace")
    return chance.choice(
        (
            b"",
            b"\xef\xbb\xbf" + body,
            text.encode("utf-16"),
            b"[" * 100_000,
            b'{"a":' * 50_000,
            b"payload=" + b"%5B" * 20_000,
            b"null",
            b"[]",
            b"payload=1",
            b"payload=null",
            b"payload=",
            b"payload",
            b"1" * 10_000,
            b"&" * 10_000,
            b"a=" * 3000,
            b"payload=" + b"9" * 6000,
            b"9" * 6000,
            b"{" + body + b"}",
            b"command=%2Flog-client",
            b'{"type":"url_verification"}',
            b'{"type":"url_verification","challenge":{"a":[1]}}',
            b'{"ssl_check":1}',
            bytes(chance.randrange(256) for _ in range(300)),
        )
    )


DAMAGE: tuple[Damage, ...] = (
    _torn,
    _flipped,
    _flipped,
    _doubled,
    _inserted,
    _inserted,
    _other,
    lambda _chance, body: body,
)
