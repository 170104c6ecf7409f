"""What Slack sends to an app, in Slack's own recorded shapes: command forms, interactions, events.

Invariants: each call makes fresh trigger ids, response addresses and event ids; nothing here changes what people see.
"""

import time
from typing import Any

from bot.sandbox.chat_methods import message_json
from bot.sandbox.people_methods import user_json
from bot.sandbox.records import Channel, Json, Message, User, View
from bot.sandbox.view_methods import view_json
from bot.sandbox.workspace import Workspace


def slash(workspace: Workspace, user: User, command: str, text: str, channel: Channel) -> dict[str, str]:
    """The form of a slash command."""
    return {
        "token": workspace.verification_token,
        "team_id": user.team_id,
        "team_domain": workspace.domain,
        "channel_id": channel.id,
        "channel_name": channel.name,
        "user_id": user.id,
        "user_name": user.handle,
        "command": command,
        "text": text,
        "api_app_id": workspace.app_id,
        "is_enterprise_install": "false",
        "response_url": workspace.new_response_url(user.id, channel.id),
        "trigger_id": workspace.new_trigger(user.id),
    }


def _common(workspace: Workspace, user: User, kind: str) -> Json:
    return {
        "type": kind,
        "team": {"id": user.team_id, "domain": workspace.domain},
        "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team_id},
        "token": workspace.verification_token,
        "is_enterprise_install": False,
        "enterprise": None,
    }


def shortcut(workspace: Workspace, user: User, callback_id: str) -> Json:
    trigger_id = workspace.new_trigger(user.id)
    more = {"callback_id": callback_id, "trigger_id": trigger_id, "action_ts": workspace.new_ts()}
    return _common(workspace, user, "shortcut") | more


def message_shortcut(workspace: Workspace, user: User, callback_id: str, message: Message) -> Json:
    return _common(workspace, user, "message_action") | {
        "action_ts": workspace.new_ts(),
        "callback_id": callback_id,
        "trigger_id": workspace.new_trigger(user.id),
        "response_url": workspace.new_response_url(user.id, message.channel, message.ts),
        "message_ts": message.ts,
        "message": message_json(workspace, message),
        "channel": {"id": message.channel, "name": workspace.channels[message.channel].name},
    }


def block_actions(workspace: Workspace, user: User, place: Message | View, action: Json) -> Json:
    payload = _common(workspace, user, "block_actions") | {"api_app_id": workspace.app_id, "actions": [action]}
    if isinstance(place, View):
        payload["container"] = {"type": "view", "view_id": place.id}
        payload["trigger_id"] = workspace.new_trigger(user.id, place.id)
        return payload | {"view": view_json(workspace, place)}
    hidden = bool(place.ephemeral_to)
    container = {"type": "message", "message_ts": place.ts, "channel_id": place.channel, "is_ephemeral": hidden}
    payload |= {"container": container, "trigger_id": workspace.new_trigger(user.id)}
    payload["channel"] = {"id": place.channel, "name": workspace.channels[place.channel].name}
    payload["state"] = {"values": place.state}
    payload["response_url"] = workspace.new_response_url(user.id, place.channel, place.ts)
    return payload if hidden else payload | {"message": message_json(workspace, place)}


def block_suggestion(workspace: Workspace, user: User, place: Message | View, ids: tuple[str, str], typed: str) -> Json:
    """`ids` are the block id and the action id of the menu in which `typed` was typed."""
    more = {"api_app_id": workspace.app_id, "block_id": ids[0], "action_id": ids[1], "value": typed}
    payload = _common(workspace, user, "block_suggestion") | more
    if isinstance(place, View):
        container = {"type": "view", "view_id": place.id}
        return payload | {"container": container, "view": view_json(workspace, place)}
    container = {"type": "message", "message_ts": place.ts, "channel_id": place.channel}
    channel = {"id": place.channel, "name": workspace.channels[place.channel].name}
    return payload | {"container": container, "channel": channel, "message": message_json(workspace, place)}


def view_submission(workspace: Workspace, user: User, view: View) -> Json:
    more = {"api_app_id": workspace.app_id, "trigger_id": workspace.new_trigger(user.id, view.id)}
    return (
        _common(workspace, user, "view_submission") | more | {"view": view_json(workspace, view), "response_urls": []}
    )


def view_closed(workspace: Workspace, user: User, view: View, *, cleared: bool) -> Json:
    more = {"api_app_id": workspace.app_id, "is_cleared": cleared}
    return _common(workspace, user, "view_closed") | more | {"view": view_json(workspace, view)}


def event(workspace: Workspace, inner: Json) -> Json:
    """The outer envelope of the Events API; retries carry the same `event_id`."""
    authorization = {
        "enterprise_id": None,
        "team_id": workspace.team_id,
        "user_id": workspace.bot_user_id,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": workspace.verification_token,
        "team_id": workspace.team_id,
        "api_app_id": workspace.app_id,
        "event": {"event_ts": workspace.new_ts(), **inner},
        "type": "event_callback",
        "event_id": workspace.new_id("Ev"),
        "event_time": int(time.time()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "event_context": f"4-{workspace.new_id('')}",
    }


def home_opened(workspace: Workspace, user: User, tab: str) -> Json:
    inner: Json = {"type": "app_home_opened", "user": user.id, "channel": workspace.dm(user.id).id, "tab": tab}
    if tab == "home" and user.id in workspace.homes:
        inner["view"] = view_json(workspace, workspace.homes[user.id])
    return inner


def person_event(workspace: Workspace, kind: str, user: User) -> Json:
    """`kind` is team_join or user_change."""
    inner: dict[str, Any] = {"type": kind, "user": user_json(workspace, user), "cache_ts": int(time.time())}
    return inner
