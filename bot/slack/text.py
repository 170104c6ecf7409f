"""Words into Slack's text objects.

Invariants: what people typed is shown as plain text, character by character; only bold needs Slack's markup, and words
in which markup could hide are then shown plain instead; nothing is empty or longer than Slack takes.
"""

import re
from typing import Any

Json = dict[str, Any]
SECTION = 3000
_MARKUP = re.compile(r"[*_~`\n]|:[\w+'-]+:")
_BOLD = 500  # escaping makes a character five at most: 500 stay below 3000


def cut(text: str, most: int) -> str:
    """At most `most` characters, the last an ellipsis when something was left out."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def plain(text: str, most: int = SECTION) -> Json:
    """Literal text; an empty one becomes a dash, for Slack refuses empty ones."""
    return {"type": "plain_text", "text": cut(text.strip() or "–", most), "emoji": False}


def escape(text: str) -> str:
    """Slack's three control characters, so that no mention, link or channel comes alive."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def bold(text: str) -> Json:
    """Bold where that cannot change a word, plain otherwise."""
    words = text.strip()
    if not words or len(words) > _BOLD or _MARKUP.search(words):
        return plain(text)
    return {"type": "mrkdwn", "text": f"*{escape(words)}*", "verbatim": True}


def pieces(text: str, most: int = SECTION) -> list[str]:
    """The whole text in pieces Slack takes."""
    return [text[at : at + most] for at in range(0, len(text), most) if text[at : at + most].strip()]


_TOKEN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")


def readable(text: str) -> str:
    """A message's text as people read it: Slack's tokens for mentions and links resolved as far as they carry words."""

    def resolved(token: re.Match[str]) -> str:
        target, label = token[1], token[2] or ""
        if target[:1] in ("@", "!", "#"):
            return (target[0].replace("!", "@") + label.lstrip("@#")) if label else _unnamed(target)
        address = target.removeprefix("mailto:")
        return f"{label} ({address})" if label and label != address else address

    plain_again = _TOKEN.sub(resolved, text)
    return plain_again.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _unnamed(target: str) -> str:
    """`!channel` has a word of its own; a bare person's or channel's id means nothing to a reader and is left out."""
    return f"@{target[1:].partition('^')[0]}" if target.startswith("!") else f"{target[0]}…"
