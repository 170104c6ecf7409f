"""Slack's payloads as requests to the house: who, where, what, and which delivery.

Invariants: a request carries the account, ids and what was typed, never the payload; only the pinned workspace's own
people come through; a delivery's key is its trigger id or event id with the kind before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.slack.forms import SEARCH, Meta
from bot.slack.manifest import OWN
from bot.slack.text import Json, cut, readable
from bot.slack.values import read
from handlers.request import Account, Kind, Request
from handlers.router import find
from handlers.views import Reply

Body = Mapping[str, Any]
_QUOTED = 2800  # of a message that fills in a summary; the link to it needs the rest
_VERBS = {"opens": Kind.OPEN, "does": Kind.ACTION}


class Doorway(Protocol):
    """The house as this folder sees it (bot/doorway.py)."""

    async def handle(self, request: Request) -> Reply:
        """Raises handlers.people.Unknown for an account nobody linked yet, else nothing."""


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Our own message with a button that was pressed: where it stands, how it looks, and in which block."""

    channel: str
    ts: str
    text: str
    blocks: tuple[Json, ...] = ()
    pressed: str = ""


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where somebody stands: the trigger that opens one window, and what is in front of them."""

    user: str
    trigger: str = ""
    response_url: str = ""
    modal: Json | None = None
    home: bool = False
    message: Standing | None = None


def place_of(body: Body) -> Place:
    """From a command or an interaction."""
    view = body.get("view")
    return Place(
        user=user_of(body),
        trigger=body.get("trigger_id", ""),
        response_url=body.get("response_url", ""),
        modal=view if view and view["type"] == "modal" else None,
        home=bool(view and view["type"] == "home"),
        message=_message(body) if body.get("type") == "block_actions" else None,
    )


def _message(body: Body) -> Standing | None:
    channel, message = body.get("channel"), body.get("message")
    if not channel or not message:
        return None
    return Standing(
        channel=channel["id"],
        ts=message["ts"],
        text=message.get("text") or "",
        blocks=tuple(message.get("blocks") or ()),
        pressed=str(body["actions"][0].get("block_id") or ""),
    )


def user_of(body: Body) -> str:
    """The id of whoever acts: commands have it bare, interactions in an object, events inside the event."""
    heard = body["event"] if body.get("type") == "event_callback" else body
    user: Any = body["user_id"] if "command" in body else heard.get("user") or ""
    return str(user["id"] if isinstance(user, dict) else user)


def ours(body: Body, team_id: str | None) -> bool:
    """Every workspace that the payload names is the pinned one, and it names one."""
    team, user = body.get("team"), body.get("user")
    named = [
        body.get("team_id"),
        team.get("id") if isinstance(team, dict) else None,
        user.get("team_id") if isinstance(user, dict) else None,
    ]
    found = {name for name in named if name}
    return team_id is not None and found == {team_id}


def account_of(body: Body, team_id: str) -> Account:
    """The account as Slack vouches for it in this payload."""
    return Account(platform="slack", id=f"{team_id}/{user_of(body)}")


def command(body: Body, account: Account) -> Request:
    """A slash command; after /sopwith the first word is the name, and an unknown one asks for help."""
    name, text = str(body["command"]).lstrip("/"), str(body.get("text") or "")
    if name not in OWN:
        word, _space, text = text.strip().partition(" ")
        name = word.lower()
        if not find(Kind.COMMAND, name):
            name, text = "help", ""
    return Request(kind=Kind.COMMAND, name=name, account=account, key=_key("command", body), text=text)


def shortcut(body: Body, account: Account) -> Request:
    """A shortcut; on a message its words and its address come along, to fill in a form and for nothing else."""
    text = _quoted(body) if body["type"] == "message_action" else ""
    name = str(body["callback_id"])
    return Request(kind=Kind.COMMAND, name=name, account=account, key=_key("command", body), text=text)


def _quoted(body: Body) -> str:
    message, team, channel = body["message"], body.get("team") or {}, body["channel"]["id"]
    link = f"https://{team.get('domain')}.slack.com/archives/{channel}/p{message['ts'].replace('.', '')}"
    words = cut(readable(message.get("text") or ""), _QUOTED)
    return f"{words}\n{link}" if team.get("domain") else words


def pressed(body: Body, account: Account) -> Request | None:
    """A button of ours, or a field whose choice repaints its form; None for anything else."""
    act = body["actions"][0]
    verb, _colon, rest = str(act["action_id"]).partition(":")
    if verb in _VERBS and act.get("type") == "button":
        kind = _VERBS[verb]
        name, subject = rest.rpartition("#")[0] or rest, str(act.get("value") or "")
        return Request(kind=kind, name=name, account=account, key=_key(kind, body), subject=subject)
    return _again(body["view"], account) if refreshes(body) else None


def refreshes(body: Body) -> bool:
    """A field of a form was chosen, and the form may look different now."""
    return body["actions"][0].get("type") != "button" and (body.get("view") or {}).get("callback_id") == "form"


def _again(view: Body, account: Account) -> Request:
    meta = Meta.of(view)
    return Request(
        kind=Kind.OPEN,
        name=meta.name,
        account=account,
        form_id=meta.form_id,
        subject=meta.subject,
        values=read(view),
    )


def submission(body: Body, account: Account) -> Request:
    """A filled-in form."""
    meta = Meta.of(body["view"])
    return Request(
        kind=Kind.SUBMIT,
        name=meta.name,
        account=account,
        key=_key("submit", body),
        form_id=meta.form_id,
        subject=meta.subject,
        values=read(body["view"]),
    )


def typed(body: Body, account: Account) -> Request:
    """What stands in a type-ahead so far."""
    name = str(body["action_id"]).removeprefix(SEARCH)
    subject = Meta.of(body.get("view") or {}).subject
    return Request(kind=Kind.SEARCH, name=name, account=account, subject=subject, text=str(body.get("value") or ""))


def look_home(body: Body, account: Account) -> Request:
    """Somebody looks at the home tab."""
    return Request(kind=Kind.HOME, name="home", account=account, key=f"event:{body.get('event_id', '')}")


def _key(kind: str, body: Body) -> str:
    """Empty without a trigger: then nothing tells two deliveries apart, and neither must pass for the other."""
    return f"{kind}:{body['trigger_id']}" if body.get("trigger_id") else ""
