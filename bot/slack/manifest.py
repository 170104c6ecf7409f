"""Slack's app manifest, made from the registry that also routes: commands, shortcuts, scopes with their reasons.

Invariants: five scopes and no history of any conversation; a command that is registered is in the manifest, as its own
slash command or in the hint of /sopwith; the file is plain YAML whose texts are quoted as in JSON.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from handlers.request import Kind
from handlers.router import Entry, entries
from handlers.words import _

Json = dict[str, Any]
PLACEHOLDER = "https://sopwith.example.com"
PATH = "/slack/events"
OWN = ("log-client", "report-breach")  # slash commands of their own; the rest are words after /sopwith
SHORTCUT = "log-client"

EXPLAIN = {
    "commands": "To answer /log-client, /report-breach and /sopwith, and the shortcut “Log client interaction”.",
    "chat:write": "To send people their own duties as direct messages, and to update them when they are done.",
    "im:write": "To open the direct message with a person who has something to do. It does not allow reading it.",
    "users:read": "To match Slack accounts with the people file, and to see who is a guest, a bot or has left.",
    "users:read.email": "To match by e-mail address, so that nobody has to copy account ids.",
}
SCOPES = tuple(EXPLAIN)
APP_TOKEN = {  # scopes of the app-level token; it is made on the app's page, for a manifest cannot ask for it
    "connections:write": "To open the connections of Socket Mode. Only the app-level token (SLACK_APP_TOKEN) has it.",
}
EVENTS = ("app_home_opened", "team_join", "user_change")


def build(*, base_url: str = PLACEHOLDER, socket_mode: bool = False, commands: Iterable[Entry] | None = None) -> Json:
    """The manifest. `base_url` is where Slack reaches this service; in Socket Mode no address is needed. `commands`
    defaults to what is registered, so the handlers must have been imported."""
    url = "" if socket_mode else base_url.rstrip("/") + PATH
    known = {e.name: e for e in (entries(Kind.COMMAND) if commands is None else commands)}
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": "Sopwith",
            "description": _("Client communication and confidentiality, at your side"),
            "background_color": "#2f4858",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Sopwith", "always_online": True},
            "shortcuts": _shortcuts(),
            "slash_commands": _commands(known, url),
        },
        "oauth_config": {"scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": _at(url, "request_url") | {"bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True} | _at(url, "request_url") | _at(url, "message_menu_options_url"),
            "org_deploy_enabled": False,
            "socket_mode_enabled": socket_mode,
            "token_rotation_enabled": False,
        },
    }


def _at(url: str, name: str) -> Json:
    return {name: url} if url else {}


def _shortcuts() -> list[Json]:
    """Both are called the same: one stands in the menu of every message."""
    name = _("Log client interaction")
    said = {
        "global": _("Put a call, meeting or message with a client on record"),
        "message": _("Put this message on record; its text fills in the summary"),
    }
    return [{"name": name, "type": t, "callback_id": SHORTCUT, "description": said[t]} for t in said]


def _commands(known: dict[str, Entry], url: str) -> list[Json]:
    own = [_command(name, known[name].help, "", url) for name in OWN if name in known]
    rest = sorted(name for name in known if name not in OWN)
    hint = "[" + " | ".join(rest) + "]" if rest else ""
    return [*own, _command("sopwith", _("Your duties, client files and everything else"), hint, url)]


def _command(name: str, description: str, hint: str, url: str) -> Json:
    found: Json = {"command": f"/{name}", "description": description} | _at(url, "url")
    return found | ({"usage_hint": hint} if hint else {}) | {"should_escape": False}


def yaml(manifest: Json) -> str:
    """The manifest as a file: what Slack's “From a manifest” takes, and what is kept in manifest/slack.yaml."""
    return "\n".join(
        ["# Made by `sopwith manifest slack`; change the handlers, not this file.", *_lines(manifest, 0), ""]
    )


def _lines(value: Any, depth: int) -> Iterator[str]:
    """Block style; texts, numbers and truth values as in JSON, which YAML reads alike."""
    pad = "  " * depth
    pairs = value.items() if isinstance(value, dict) else ((None, inner) for inner in value)
    for key, inner in pairs:
        head = f"{pad}-" if key is None else f"{pad}{key}:"
        if not isinstance(inner, dict | list):
            yield f"{head} {json.dumps(inner, ensure_ascii=False)}"
        elif key is None:
            first, *others = _lines(inner, depth + 1)
            yield f"{head} {first.lstrip()}"
            yield from others
        else:
            yield head
            yield from _lines(inner, depth + 1)


def explained() -> str:
    """One line a scope, for `sopwith manifest slack --explain`."""
    return "\n".join(f"{scope}: {_(why)}" for scope, why in (EXPLAIN | APP_TOKEN).items())
