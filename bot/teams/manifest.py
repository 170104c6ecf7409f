"""Teams' app package, made from the registry that also routes: a bot for private chats, two actions, two icons.

Invariants: no permission of Microsoft Graph and no tab; the scope is personal, so the app cannot be added to a team or
group; at most ten commands are listed (Teams' limit), the two that matter most first, and every other one works when it
is typed; the package is the same bytes each time.
"""

import io
import json
import zipfile
from collections.abc import Iterable
from importlib import resources
from typing import Any

from handlers.request import Kind
from handlers.router import Entry, entries
from handlers.words import _

Json = dict[str, Any]
SCHEMA = "https://developer.microsoft.com/en-us/json-schemas/teams/v1.19/MicrosoftTeams.schema.json"
VERSION = "1.0.0"
PLACEHOLDER = "00000000-0000-0000-0000-000000000000"
SITE = "https://sopwith.example.com"
OWN = ("log-client", "report-breach")  # actions of the message extension too
LISTED = 10
_TITLE, _DESCRIPTION = 32, 128
_THEN = (1980, 1, 1, 0, 0, 0)
ICONS = ("color.png", "outline.png")

EXPLAIN = {
    "bots, scope personal": "To answer people in their own chat with Sopwith, and to send them their duties there. It "
    "cannot be added to a team or a group chat, and reads nothing there.",
    "composeExtensions, commandBox and compose": "To open “Log client interaction” and “Report a breach” at once, from "
    "wherever somebody is.",
    "composeExtensions, message": "To put one message on record, when a person chooses it. Only that message is sent.",
    "no permission of Microsoft Graph": "Who somebody is comes with each request; e-mail addresses come from the chat "
    "with the bot. No directory is read, no message, no file.",
}


def build(
    *, app_id: str = PLACEHOLDER, site: str = SITE, version: str = VERSION, commands: Iterable[Entry] | None = None
) -> Json:
    """The manifest for the app registered as `app_id`; `site` is where the firm says who runs it. `commands`
    defaults to what is registered, so the handlers must have been imported."""
    found = {e.name: e for e in (entries(Kind.COMMAND) if commands is None else commands)}
    return {
        "$schema": SCHEMA,
        "manifestVersion": "1.19",
        "version": version,
        "id": app_id,
        "developer": {
            "name": "Sopwith",
            "websiteUrl": site,
            "privacyUrl": f"{site}/privacy",
            "termsOfUseUrl": f"{site}/terms",
        },
        "name": {"short": "Sopwith", "full": _("Sopwith: client communication and confidentiality")},
        "description": {
            "short": _("Client communication and confidentiality, at your side"),
            "full": _(
                "Puts contacts with clients on record, watches the response clock, brings the Data Protection Officer "
                "when something went wrong, and keeps client files for those who need to know."
            ),
        },
        "icons": {"color": ICONS[0], "outline": ICONS[1]},
        "accentColor": "#2F4858",
        "bots": [
            {
                "botId": app_id,
                "scopes": ["personal"],
                "isNotificationOnly": False,
                "supportsFiles": False,
                "commandLists": [{"scopes": ["personal"], "commands": _commands(found)}],
            }
        ],
        "composeExtensions": [
            {"botId": app_id, "commands": [_extension(found[name]) for name in OWN if name in found]}
        ],
        "validDomains": [],
        "defaultInstallScope": "personal",
    }


def _commands(found: dict[str, Entry]) -> list[Json]:
    names = [*(name for name in OWN if name in found), *sorted(name for name in found if name not in OWN)]
    shown = names[:LISTED] if "help" in names[:LISTED] else [*names[: LISTED - 1], "help"]
    return [{"title": name[:_TITLE], "description": _(found[name].help)[:_DESCRIPTION]} for name in shown]


def _extension(entry: Entry) -> Json:
    titles = {"log-client": _("Log client interaction"), "report-breach": _("Report a breach")}
    on_messages = ["message"] if entry.name == "log-client" else []
    return {
        "id": entry.name,
        "type": "action",
        "title": titles[entry.name][:_TITLE],
        "description": _(entry.help)[:_DESCRIPTION],
        "context": ["compose", "commandBox", *on_messages],
        "fetchTask": True,
    }


def written(manifest: Json) -> str:
    """The manifest as the file that lies in manifest/teams/ and in the package."""
    return json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"


def package(manifest: Json) -> bytes:
    """The zip that Teams takes: manifest and icons at its top."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as pack:
        _put(pack, "manifest.json", written(manifest).encode())
        for name in ICONS:
            _put(pack, name, icon(name))
    return held.getvalue()


def _put(pack: zipfile.ZipFile, name: str, what: bytes) -> None:
    pack.writestr(zipfile.ZipInfo(name, date_time=_THEN), what, zipfile.ZIP_DEFLATED)


def icon(name: str) -> bytes:
    """192 by 192 in colour, 32 by 32 as a white outline on nothing."""
    return (resources.files("bot.teams") / "icons" / name).read_bytes()


def explained() -> str:
    """What each part is for, for `sopwith manifest teams --explain`."""
    return "\n".join(f"{part}: {_(why)}" for part, why in EXPLAIN.items())
