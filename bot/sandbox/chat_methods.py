"""The Web API methods chat.*: post, update, delete, ephemeral, permalink; and what an answer to response_url may do.

Seen at Slack and kept here: a message to a deactivated person succeeds and is never read; an update without blocks
keeps the old ones; an ephemeral message can be neither updated nor deleted by ts.
"""

from typing import Any

from bot.sandbox.block_rules import check_message
from bot.sandbox.inputs import first_state, with_defaults
from bot.sandbox.records import Json, Message
from bot.sandbox.refusal import Method, Refusal, needed
from bot.sandbox.workspace import Workspace

TEXT_CHARACTERS = 40_000


def channel_id(workspace: Workspace, named: str) -> str:
    """The channel meant: an id, or a person's id for the direct messages with them; "" when there is none."""
    if named in workspace.users and not workspace.users[named].is_bot:
        return workspace.dm(named).id
    return named if named in workspace.channels else ""


def message_json(workspace: Workspace, message: Message) -> Json:
    """The message object of answers and payloads."""
    shown: Json = {"type": "message", "user": message.user, "ts": message.ts, "team": workspace.team_id}
    shown |= {"text": message.text}
    if message.blocks:
        shown["blocks"] = message.blocks
    if message.thread_ts:
        shown["thread_ts"] = message.thread_ts
    if message.user == workspace.bot_user_id:
        shown |= {"bot_id": workspace.bot_id, "app_id": workspace.app_id}
    return shown | ({"edited": {"user": message.user, "ts": message.ts}} if message.updated else {})


def checked(arguments: Json, *, may_be_bare: bool = False) -> tuple[str, list[Json]]:
    """Text and blocks of a message, blocks completed; raises Refusal when Slack would not take them."""
    text, blocks = arguments.get("text") or "", arguments.get("blocks")
    if arguments.get("attachments"):
        raise Refusal("invalid_attachments", ["[ERROR] the sandbox knows no attachments [json-pointer:/attachments]"])
    if "blocks" in arguments and not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format", ["[ERROR] must be an array [json-pointer:/blocks]"])
    if not isinstance(text, str) or len(text) > TEXT_CHARACTERS:
        raise Refusal("msg_too_long", ["[ERROR] must be less than 40001 characters [json-pointer:/text]"])
    if not text and not blocks and not may_be_bare:
        raise Refusal("no_text")
    found = check_message(blocks) if blocks else []
    if found:
        raise Refusal("invalid_blocks", found)
    return text, with_defaults(blocks or [])


def _place(workspace: Workspace, arguments: Json) -> str:
    (named,) = needed(arguments, "channel")
    id = channel_id(workspace, named)
    if not id:
        raise Refusal("channel_not_found")
    if workspace.bot_user_id not in workspace.channels[id].members:
        raise Refusal("not_in_channel")
    return id


def put(workspace: Workspace, channel: str, text: str, blocks: list[Json], **more: Any) -> Message:
    """A message by the bot; `blocks` are completed ones."""
    message = workspace.post(channel, workspace.bot_user_id, text, blocks, **more)
    message.state = first_state(blocks)
    return message


def rewrite(workspace: Workspace, message: Message, text: str, blocks: list[Json]) -> None:
    message.state = first_state(blocks, message.state, message.blocks)
    message.text, message.blocks = text, blocks
    message.updated += 1
    workspace.touch()


def _post(workspace: Workspace, arguments: Json) -> Json:
    channel = _place(workspace, arguments)
    text, blocks = checked(arguments)
    message = put(workspace, channel, text, blocks, thread_ts=str(arguments.get("thread_ts") or ""))
    return {"channel": channel, "ts": message.ts, "message": message_json(workspace, message)}


def _post_ephemeral(workspace: Workspace, arguments: Json) -> Json:
    channel = _place(workspace, arguments)
    (user,) = needed(arguments, "user")
    if user not in workspace.channels[channel].members:
        raise Refusal("user_not_in_channel")
    text, blocks = checked(arguments)
    return {"message_ts": put(workspace, channel, text, blocks, ephemeral_to=user).ts}


def _own(workspace: Workspace, arguments: Json, not_mine: str) -> Message:
    channel, ts = needed(arguments, "channel", "ts")
    if channel not in workspace.channels:  # unlike posting, a person's id does not do
        raise Refusal("channel_not_found")
    message = workspace.message(channel, ts)
    if message is None or message.ephemeral_to:
        raise Refusal("message_not_found")
    if message.user != workspace.bot_user_id:
        raise Refusal(not_mine)
    return message


def _update(workspace: Workspace, arguments: Json) -> Json:
    message = _own(workspace, arguments, "cant_update_message")
    text, blocks = checked(arguments)
    rewrite(workspace, message, text, blocks if "blocks" in arguments else message.blocks)
    shown = message_json(workspace, message)
    return {"channel": message.channel, "ts": message.ts, "text": message.text, "message": shown}


def _delete(workspace: Workspace, arguments: Json) -> Json:
    message = _own(workspace, arguments, "cant_delete_message")
    message.deleted = True
    workspace.touch()
    return {"channel": message.channel, "ts": message.ts}


def _permalink(workspace: Workspace, arguments: Json) -> Json:
    channel, ts = needed(arguments, "channel", "message_ts")
    message = workspace.message(channel, ts)
    if message is None:
        raise Refusal("message_not_found")
    return {"channel": channel, "permalink": workspace.permalink(message)}


METHODS: dict[str, tuple[str, Method]] = {
    "chat.postMessage": ("chat:write", _post),
    "chat.postEphemeral": ("chat:write", _post_ephemeral),
    "chat.update": ("chat:write", _update),
    "chat.delete": ("chat:write", _delete),
    "chat.getPermalink": ("", _permalink),
}
