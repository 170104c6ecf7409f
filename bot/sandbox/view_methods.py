"""The Web API methods views.*, and the same work for a submission's response_action: open, push, update, publish.

Invariants: a malformed view leaves the trigger id unused; a trigger id works once; a stack holds three views at most;
every change of a view gives it a new hash, and an update with an older hash is refused.
"""

from typing import Any

from bot.sandbox.block_rules import check_view, too_large
from bot.sandbox.inputs import first_state, with_defaults
from bot.sandbox.records import Json, View
from bot.sandbox.refusal import Method, Refusal, needed
from bot.sandbox.workspace import Workspace

STACK_VIEWS = 3


def view_json(workspace: Workspace, view: View) -> Json:
    """The view object of answers and payloads."""
    sent, none = view.json, {"title": None, "close": None, "submit": None}
    title = sent.get("title", {"type": "plain_text", "text": "View Title", "emoji": True})
    return {
        "id": view.id,
        "team_id": workspace.team_id,
        "type": sent["type"],
        "blocks": sent["blocks"],
        "private_metadata": sent.get("private_metadata", ""),
        "callback_id": sent.get("callback_id", ""),
        "state": {"values": view.state},
        "hash": view.hash,
        **{name: sent.get(name) for name in none},
        "title": title,
        "clear_on_close": sent.get("clear_on_close", False),
        "notify_on_close": sent.get("notify_on_close", False),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": workspace.app_id,
        "external_id": sent.get("external_id", ""),
        "app_installed_team_id": workspace.team_id,
        "bot_id": workspace.bot_id,
    }


def checked(workspace: Workspace, sent: Any, kind: str, own_id: str = "") -> Json:
    """The view completed as Slack completes it; raises Refusal when Slack would not take it."""
    found = check_view(sent, kind)
    if found:
        raise Refusal("invalid_arguments", found)
    if too_large(sent):
        raise Refusal("view_too_large", ["[ERROR] the view is above 250 KB [json-pointer:/view]"])
    others = (v for v in workspace.views.values() if v.id != own_id)
    external = sent.get("external_id")
    if external and any(v.json.get("external_id") == external for v in others):
        raise Refusal("duplicate_external_id")
    return {**sent, "blocks": with_defaults(sent["blocks"])}


def put_on_top(workspace: Workspace, user: str, sent: Json, below: View | None = None) -> View:
    """A new modal in front of this person; `below` makes it part of that one's stack."""
    id = workspace.new_id("V")
    view = View(id=id, user=user, json=sent, hash=workspace.new_hash(), root_id=below.root_id if below else id)
    view.previous_id = below.id if below else None
    view.state = first_state(sent["blocks"])
    workspace.views[id] = view
    workspace.modals.setdefault(user, []).append(view)
    workspace.touch()
    return view


def check_room(workspace: Workspace, view: View) -> None:
    if sum(v.root_id == view.root_id for v in workspace.modals[view.user]) >= STACK_VIEWS:
        raise Refusal("push_limit_reached")


def rewrite(workspace: Workspace, view: View, sent: Json) -> None:
    """Replace what the view shows; what was typed stays where ids and types stay."""
    view.state = first_state(sent["blocks"], view.state, view.json["blocks"])
    view.json, view.hash, view.errors, view.trouble = sent, workspace.new_hash(), {}, ""
    workspace.touch()


def _exchange(workspace: Workspace, trigger_id: str) -> tuple[str, str]:
    error, user, view_id = workspace.exchange(trigger_id)
    if error:
        raise Refusal(error)
    return user, view_id


def _open(workspace: Workspace, arguments: Json) -> Json:
    trigger_id, sent = needed(arguments, "trigger_id", "view")
    view = checked(workspace, sent, "modal")
    user, _ = _exchange(workspace, trigger_id)
    return {"view": view_json(workspace, put_on_top(workspace, user, view))}


def _push(workspace: Workspace, arguments: Json) -> Json:
    trigger_id, sent = needed(arguments, "trigger_id", "view")
    view = checked(workspace, sent, "modal")
    user, view_id = _exchange(workspace, trigger_id)
    below = workspace.views.get(view_id)
    if below is None:
        raise Refusal("invalid_trigger_id")
    check_room(workspace, below)
    return {"view": view_json(workspace, put_on_top(workspace, user, view, below))}


def _update(workspace: Workspace, arguments: Json) -> Json:
    (sent,) = needed(arguments, "view")
    everything = [*workspace.views.values(), *workspace.homes.values()]
    id, external = arguments.get("view_id"), arguments.get("external_id")
    found = [v for v in everything if v.id == id or (external and v.json.get("external_id") == external)]
    if not found:
        raise Refusal("not_found")
    view = found[0]
    new = checked(workspace, sent, view.json["type"], own_id=view.id)
    _check_hash(arguments, view)
    rewrite(workspace, view, new)
    return {"view": view_json(workspace, view)}


def _check_hash(arguments: Json, view: View) -> None:
    if arguments.get("hash") and arguments["hash"] != view.hash:
        raise Refusal("hash_conflict")


def _publish(workspace: Workspace, arguments: Json) -> Json:
    user, sent = needed(arguments, "user_id", "view")
    if user not in workspace.users:
        raise Refusal("user_not_found")
    new = checked(workspace, sent, "home")
    if user in workspace.homes:
        _check_hash(arguments, workspace.homes[user])
        rewrite(workspace, workspace.homes[user], new)
    else:
        id = workspace.new_id("V")
        home = View(id=id, user=user, json=new, hash=workspace.new_hash(), root_id=id)
        home.state = first_state(new["blocks"])
        workspace.homes[user] = home
        workspace.touch()
    return {"view": view_json(workspace, workspace.homes[user])}


METHODS: dict[str, tuple[str, Method]] = {
    "views.open": ("", _open),
    "views.push": ("", _push),
    "views.update": ("", _update),
    "views.publish": ("", _publish),
}
