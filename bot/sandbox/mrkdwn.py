"""Slack's text objects as HTML: the subset of mrkdwn that is used here, and plain text as it stands.

Invariants: whatever comes in is escaped before any tag is made; only http, https and mailto addresses become links;
marks are read as Slack reads them, at the edge of a word only.
"""

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from bot.sandbox.records import Json

_OPEN, _SHUT = "\ue000", "\ue001"  # around the number of a piece that is finished already
_PIECE = re.compile(r"```(?P<block>.+?)```|`(?P<code>[^`\n]+)`|<(?P<token>[^<>\n]+)>", re.DOTALL)
_KEPT = re.compile(f"{_OPEN}(\\d+){_SHUT}")
_MARKS = [
    (re.compile(r"(?<![\w*])\*([^\s*](?:[^*\n]*[^\s*])?)\*(?![\w*])"), "strong"),
    (re.compile(r"(?<![\w_])_([^\s_](?:[^_\n]*[^\s_])?)_(?![\w_])"), "em"),
    (re.compile(r"(?<![\w~])~([^\s~](?:[^~\n]*[^\s~])?)~(?![\w~])"), "s"),
]
_SCHEMES = frozenset({"http", "https", "mailto"})


def text(said: Json, names: Mapping[str, str]) -> Markup:
    """A text object; `names` are people's names by id, for mentions."""
    return mrkdwn(said["text"], names) if said["type"] == "mrkdwn" else plain(said["text"])


def plain(words: str) -> Markup:
    """Character by character."""
    return escape(words).replace("\n", Markup("<br>"))


def mrkdwn(words: str, names: Mapping[str, str]) -> Markup:
    """Bold, italic, struck, code, links and mentions; all else is text."""
    done: list[Markup] = []

    def keep(found: re.Match[str]) -> str:
        done.append(_piece(found, names))
        return f"{_OPEN}{len(done) - 1}{_SHUT}"

    bare = _PIECE.sub(keep, words.replace(_OPEN, "").replace(_SHUT, ""))
    html = str(escape(_unescaped(bare)))
    for mark, tag in _MARKS:
        html = mark.sub(rf"<{tag}>\1</{tag}>", html)
    html = html.replace("\n", "<br>")
    return Markup(_KEPT.sub(lambda found: str(done[int(found[1])]), html))  # noqa: S704 - escaped above, piece by piece


def _piece(found: re.Match[str], names: Mapping[str, str]) -> Markup:
    if found["block"] is not None:
        return Markup("<pre>{}</pre>").format(_unescaped(found["block"].strip("\n")))
    if found["code"] is not None:
        return Markup("<code>{}</code>").format(_unescaped(found["code"]))
    return _token(found["token"], names)


def _token(token: str, names: Mapping[str, str]) -> Markup:
    """`@U1`, `#C1|general`, `!channel`, `!date^…|fallback`, or an address with or without words of its own."""
    target, _, label = token.partition("|")
    label = _unescaped(label)
    if target[:1] == "@":
        return Markup('<span class="mention">@{}</span>').format(label or names.get(target[1:], target[1:]))
    if target[:1] in ("#", "!"):
        sign = "#" if target[0] == "#" else "@"
        return Markup('<span class="mention">{}</span>').format(label or sign + target[1:].split("^")[0])
    address = _unescaped(target)
    if not _is_link(address):
        return escape(label or address)
    return Markup('<a href="{}" target="_blank" rel="noopener noreferrer">{}</a>').format(address, label or address)


def _is_link(address: str) -> bool:
    try:
        return urlsplit(address).scheme in _SCHEMES
    except ValueError:
        return False


def _unescaped(words: str) -> str:
    """Slack's three escapes, and no other entity."""
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
