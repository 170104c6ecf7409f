"""The end of a modal: what Slack checks before it sends, and what the app's answer to a submission does.

Invariants: an answer Slack would not understand leaves the modal open with a word of trouble and is a fault seen; a
modal that was closed meanwhile is not changed any more.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bot.sandbox.block_rules import check_errors
from bot.sandbox.delivery import Answer
from bot.sandbox.inputs import refused_locally
from bot.sandbox.records import FaultSeen, Json, View
from bot.sandbox.refusal import Refusal
from bot.sandbox.view_methods import check_room, checked, put_on_top, rewrite
from bot.sandbox.workspace import Workspace

TROUBLE = "We had some trouble connecting. Try again?"


class Outcome(StrEnum):
    """What became of the submission, as the person sees it."""

    KEPT_BACK = "kept_back"  # Slack's own checks; nothing was sent
    CLOSED = "closed"  # this modal is gone, the one below is seen again
    CLEARED = "cleared"  # the whole stack is gone
    ERRORS = "errors"
    UPDATED = "updated"
    PUSHED = "pushed"
    TROUBLE = "trouble"


@dataclass(frozen=True, kw_only=True)
class Submitted:
    """`errors` are the words beside fields by block id; `answer` is None when nothing was sent."""

    outcome: Outcome
    answer: Answer | None = None
    errors: dict[str, str] = field(default_factory=dict)


def refused(workspace: Workspace, view: View) -> Submitted | None:
    """Required, too short, too long, not an address: said by Slack itself."""
    view.trouble = ""
    view.errors = refused_locally(view.json["blocks"], view.state)
    workspace.touch()
    return Submitted(outcome=Outcome.KEPT_BACK, errors=dict(view.errors)) if view.errors else None


def apply(workspace: Workspace, view: View, answer: Answer) -> Submitted:
    """Do to the modal what the app answered: nothing at all closes it, a `response_action` says otherwise."""
    view = workspace.views.get(view.id, view)
    try:
        outcome = _act(workspace, view, answer)
    except Refusal as refusal:
        found = refusal.messages or [str(refusal)]
        workspace.faults_seen.extend(FaultSeen(where="view_submission answer", message=m) for m in found)
        outcome = Outcome.TROUBLE
    view.trouble = TROUBLE if outcome is Outcome.TROUBLE else ""
    workspace.touch()
    return Submitted(outcome=outcome, answer=answer, errors=dict(view.errors))


def _act(workspace: Workspace, view: View, answer: Answer) -> Outcome:
    body = answer.body
    if not answer.ok:
        return Outcome.TROUBLE
    if body == "":
        workspace.remove_view(view)
        return Outcome.CLOSED
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "clear":
        closed(workspace, view, everything=True)
        return Outcome.CLEARED
    if action == "errors":
        return _show_errors(view, body.get("errors"))
    if action in ("update", "push"):
        return _show_view(workspace, view, action, body.get("view"))
    raise Refusal("invalid_answer", ["[ERROR] neither empty nor a known response_action"])


def _show_errors(view: View, errors: Any) -> Outcome:
    wrong = check_errors(errors, view.json)
    if wrong:
        raise Refusal("invalid_arguments", wrong)
    view.errors = dict(errors)
    return Outcome.ERRORS


def _show_view(workspace: Workspace, view: View, action: str, sent: Json | None) -> Outcome:
    new = checked(workspace, sent, "modal", own_id=view.id if action == "update" else "")
    if view.id not in workspace.views:
        return Outcome.CLOSED
    if action == "update":
        rewrite(workspace, view, new)
        return Outcome.UPDATED
    check_room(workspace, view)
    put_on_top(workspace, view.user, new, view)
    return Outcome.PUSHED


def closed(workspace: Workspace, view: View, *, everything: bool) -> list[View]:
    """Take the modal away, or its whole stack; return those whose app wants to hear of it, the top one first."""
    whole = everything or view.json.get("clear_on_close", False)
    stack = [v for v in reversed(workspace.modals.get(view.user, [])) if v.root_id == view.root_id]
    gone = stack if whole else [v for v in stack if v.id == view.id]
    for one in gone:
        workspace.remove_view(one)
    return [v for v in gone if v.json.get("notify_on_close")]
