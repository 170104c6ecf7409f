"""The Web API methods about the app, the workspace and its people: auth.test, team.info, users.*, conversations.open
and .info, and apps.connections.open.

Seen at Slack and kept here: Slackbot is listed with `is_bot: false`; a deactivated person is still in users.list and
users.info but not found by e-mail; the e-mail is shown only with the scope users:read.email.
"""

import base64
import binascii

from bot.sandbox.records import Channel, Json, User
from bot.sandbox.refusal import Method, Refusal, needed
from bot.sandbox.workspace import SLACKBOT, Workspace


def user_json(workspace: Workspace, user: User) -> Json:
    """The user object of users.info and of the events team_join and user_change."""
    profile: Json = {"real_name": user.name, "display_name": user.name, "title": user.title, "team": user.team_id}
    if "users:read.email" in workspace.scopes and user.email:
        profile["email"] = user.email
    shown: Json = {"id": user.id, "team_id": user.team_id, "name": user.handle, "deleted": user.deleted}
    shown |= {"real_name": user.name, "is_bot": user.is_bot, "is_app_user": False, "updated": 0, "profile": profile}
    if user.deleted:
        return shown
    shown |= {"tz": user.tz, "is_admin": False, "is_owner": False, "is_restricted": user.is_restricted}
    shown |= {"is_ultra_restricted": False, "is_email_confirmed": not user.is_bot}
    return shown | ({"is_stranger": True} if user.is_stranger else {})


def _auth_test(workspace: Workspace, _arguments: Json) -> Json:
    return {
        "url": f"https://{workspace.domain}.slack.com/",
        "team": workspace.team_name,
        "user": workspace.bot_name.lower(),
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "bot_id": workspace.bot_id,
        "is_enterprise_install": False,
    }


def _connections_open(workspace: Workspace, _arguments: Json) -> Json:
    """Takes the app-level token."""
    return {"url": workspace.sockets.address(workspace.base_url)}


def _team_info(workspace: Workspace, _arguments: Json) -> Json:
    team = {"id": workspace.team_id, "name": workspace.team_name, "domain": workspace.domain, "email_domain": ""}
    return {"team": team}


def _person(workspace: Workspace, user_id: str) -> User:
    if user_id not in workspace.users:
        raise Refusal("user_not_found")
    return workspace.users[user_id]


def _users_info(workspace: Workspace, arguments: Json) -> Json:
    (user_id,) = needed(arguments, "user")
    return {"user": user_json(workspace, _person(workspace, user_id))}


def _users_list(workspace: Workspace, arguments: Json) -> Json:
    """Pages of `limit` (default: all); the cursor is opaque."""
    slackbot = User(id=SLACKBOT, name="Slackbot", email="", team_id=workspace.team_id)
    everybody = [slackbot, *workspace.users.values()]
    start = _place(str(arguments.get("cursor") or ""))
    end = start + int(arguments.get("limit") or len(everybody))
    more = base64.b64encode(f"user:{end}".encode()).decode() if end < len(everybody) else ""
    members = [user_json(workspace, u) for u in everybody[start:end]]
    return {"members": members, "cache_ts": 0, "response_metadata": {"next_cursor": more}}


def _place(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("user:") or 0)
    except (binascii.Error, ValueError) as bad:
        raise Refusal("invalid_cursor") from bad


def _users_lookup(workspace: Workspace, arguments: Json) -> Json:
    (email,) = needed(arguments, "email")
    people = (u for u in workspace.users.values() if not u.deleted and u.team_id == workspace.team_id)
    found = [u for u in people if u.email and u.email.casefold() == email.casefold()]
    if not found:
        raise Refusal("users_not_found")
    return {"user": user_json(workspace, found[0])}


def _open(workspace: Workspace, arguments: Json) -> Json:
    """One person only: the sandbox has no group messages."""
    users = arguments.get("users") or ""
    asked = [u for u in (users if isinstance(users, list) else users.split(",")) if u]
    if len(asked) != 1:
        raise Refusal("too_many_users" if asked else "users_list_not_supplied")
    user = _person(workspace, asked[0])
    if user.deleted:
        raise Refusal("user_disabled")
    if user.is_bot:
        raise Refusal("cannot_dm_bot")
    known = f"D{user.id[1:]}" in workspace.channels
    return {"no_op": known, "already_open": known, "channel": {"id": workspace.dm(user.id).id}}


def _info(workspace: Workspace, arguments: Json) -> Json:
    (id,) = needed(arguments, "channel")
    if id not in workspace.channels:
        raise Refusal("channel_not_found")
    return {"channel": channel_json(workspace, workspace.channels[id])}


def channel_json(workspace: Workspace, channel: Channel) -> Json:
    if channel.is_im:
        return {"id": channel.id, "is_im": True, "user": channel.members[0], "is_ext_shared": False}
    return {
        "id": channel.id,
        "name": channel.name,
        "is_channel": True,
        "is_im": False,
        "is_member": workspace.bot_user_id in channel.members,
        "is_ext_shared": channel.is_ext_shared,
    }


METHODS: dict[str, tuple[str, Method]] = {
    "auth.test": ("", _auth_test),
    "apps.connections.open": ("connections:write", _connections_open),
    "team.info": ("team:read", _team_info),
    "users.info": ("users:read", _users_info),
    "users.list": ("users:read", _users_list),
    "users.lookupByEmail": ("users:read.email", _users_lookup),
    "conversations.open": ("im:write", _open),
    "conversations.info": ("channels:read", _info),
}
