"""What slack_sdk's own models say of what the bot sent, beside the sandbox's stricter rules."""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.sandbox.firm import Firm


def blocks_hold(blocks: list[dict[str, Any]]) -> None:
    """Slack's own models read every block, and read all of it: an unknown type or property would be lost."""
    for block in blocks:
        parsed = Block.parse(block)
        assert parsed is not None, block["type"]
        assert parsed.to_dict() == block


def view_holds(view: dict[str, Any]) -> None:
    """The same of a modal or a home tab."""
    blocks_hold(view["blocks"])
    assert View(**view).to_dict() == view


def emitted(firm: Firm) -> Iterator[dict[str, Any]]:
    """Every view and message that the bot sent to Slack, by call or as an answer."""
    for call in firm.workspace.calls:
        yield from (call.arguments[name] for name in ("view",) if call.arguments.get(name))
        if call.arguments.get("blocks"):
            yield {"blocks": call.arguments["blocks"]}
    for sent in firm.hands.delivery.sent:
        body = sent.answer.body if isinstance(sent.answer.body, dict) else {}
        yield from (body[name] for name in ("view",) if body.get(name))
        if body.get("blocks"):
            yield {"blocks": body["blocks"]}


def hold(firm: Firm) -> int:
    """Look at all of it; gives how many there were."""
    found = list(emitted(firm))
    for one in found:
        view_holds(one) if "type" in one else blocks_hold(one["blocks"])
    return len(found)
