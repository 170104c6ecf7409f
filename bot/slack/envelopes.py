"""What travels over a Socket Mode connection, as plain values: envelopes, Slack's hello and goodbye, our answers.

Invariants: what cannot be read is `Spoilt` with a word of ours, never with a piece of what was sent; an answer carries
a payload only when Slack said it would look at one.
"""

import json
from dataclasses import dataclass
from typing import Any

from slack_bolt.response import BoltResponse

from bot.slack.text import Json


class Spoilt(Exception):
    """A frame that is nothing of Slack's; the message says in our words what is wrong with it."""


@dataclass(frozen=True, kw_only=True)
class Hello:
    """The connection stands; it is this app's."""

    app_id: str


@dataclass(frozen=True, kw_only=True)
class Goodbye:
    """Slack is about to close this connection: `warning`, `refresh_requested`, `link_disabled`, or a word to come."""

    reason: str


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One delivery. `payload` is what the body of an HTTP request would be."""

    id: str
    payload: Json
    answerable: bool


_REASONS = frozenset({"warning", "refresh_requested", "link_disabled", "too_many_websockets"})


def read(frame: str) -> Envelope | Hello | Goodbye:
    """Raises Spoilt."""
    try:
        sent: Any = json.loads(frame)
    except (ValueError, RecursionError):
        raise Spoilt("not JSON") from None
    if not isinstance(sent, dict):
        raise Spoilt("not an object")
    if sent.get("type") == "hello":
        about = sent.get("connection_info")
        return Hello(app_id=str(about.get("app_id") or "") if isinstance(about, dict) else "")
    if sent.get("type") == "disconnect":
        reason = sent.get("reason")
        return Goodbye(reason=reason if isinstance(reason, str) and reason in _REASONS else "another reason")
    return _envelope(sent)


def _envelope(sent: Json) -> Envelope:
    id, payload = sent.get("envelope_id"), sent.get("payload")
    if not isinstance(id, str) or not id:
        raise Spoilt("no envelope id")
    if not isinstance(payload, dict):
        raise Spoilt("no payload")
    return Envelope(id=id, payload=payload, answerable=bool(sent.get("accepts_response_payload")))


def acknowledgement(envelope: Envelope, answer: BoltResponse) -> str | None:
    """The frame that acknowledges; it takes along what an HTTP answer would have as its body. None when the answer is
    no success: then Slack tells the person, or sends the event again."""
    if answer.status != 200:
        return None
    said: Json = {"envelope_id": envelope.id}
    if answer.body and envelope.answerable:
        in_json = answer.headers.get("content-type", [""])[0].startswith("application/json")
        said["payload"] = json.loads(answer.body) if in_json else {"text": answer.body}
    return json.dumps(said)
