"""What Slack, the network and our own bugs can do, and that nobody meets a 500."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from bot.sandbox import payloads
from bot.sandbox.delivery import FORM
from bot.sandbox.faults import Kind as Fault
from bot.sandbox.submitting import Outcome
from bot.slack import blocks
from handlers.request import Kind, Request
from handlers.views import (
    Reply,
)
from tests.slack.office import ADA, Office, filled_in, sent_card


@pytest.mark.parametrize(
    ("fault", "more"),
    [
        (Fault.ERROR, {"code": "expired_trigger_id"}),
        (Fault.ERROR, {"code": "invalid_arguments"}),
        (Fault.RATE_LIMITED, {"seconds": 30}),
        (Fault.SERVER_ERROR, {}),
        (Fault.CUT_BEFORE, {}),
    ],
)
async def test_a_window_that_cannot_be_opened_is_never_a_500(
    office: Office, fault: Fault, more: dict[str, Any]
) -> None:
    office.workspace.faults.next("views.open", fault, **more)
    answer = await office.person().type("/log-client")
    assert answer.status == 200
    assert "Please try again." in office.person().messages[-1].text
    office.workspace.faults.next("views.open", fault, **more)
    answer = await office.person().press("Why?", on=await sent_card(office))
    assert (answer.status, office.person().modal) == (200, None)
    assert "Please try again." in office.person().messages[-1].text  # said through the response_url


async def test_a_window_that_takes_too_long_is_given_up_before_slack_gives_up(office: Office) -> None:
    office.workspace.faults.next("views.open", Fault.SLOW, seconds=4)
    answer = await office.person().type("/log-client")
    assert answer.status == 200  # Slack waits three seconds and would have said "operation_timeout"
    assert "Please try again." in office.person().messages[-1].text


async def test_the_same_delivery_twice_is_answered_twice_and_opens_one_window(office: Office) -> None:
    await office.person().type("/log-client")
    again = await office.hands.delivery.replay(office.hands.delivery.sent[-1])
    assert (again.status, again.body) == (200, "")
    assert len(office.workspace.modals[ADA]) == 1
    assert len({r.key for r in office.house.asked}) == 1


async def test_a_home_that_cannot_be_published_is_nobodys_trouble(office: Office) -> None:
    office.workspace.faults.next("views.publish", Fault.SERVER_ERROR)
    assert (await office.hands.open_home(ADA)).status == 200
    assert office.person().home is None


class Bug(Exception):
    """Thrown by the house in these tests, with something secret in its words."""


def broken(_request: Request) -> Reply:
    raise Bug("Mrs Heron's note")


async def test_a_bug_is_an_answer_with_a_reference_and_keeps_the_form_open(office: Office) -> None:
    await filled_in(office)
    office.house.on(Kind.SUBMIT, "log-client", broken)
    with capture_logs() as logged:
        done = await office.person().submit()
    assert done.outcome is Outcome.ERRORS
    (line,) = logged
    assert done.errors["client"].rpartition(": ")[2] == line["reference"]
    assert (len(line["reference"]), line["name"], line["error"]) == (8, "view_submission", "Bug")
    assert "Heron" not in str(line)


@pytest.mark.parametrize("kind", [Kind.COMMAND, Kind.OPEN, Kind.SEARCH, Kind.HOME])
async def test_a_bug_is_never_a_500(office: Office, kind: Kind) -> None:
    message = await sent_card(office)
    await office.person().type("/log-client")
    for name in ("log-client", "clients", "home"):
        office.house.on(kind, name, broken)
    acts = {
        Kind.COMMAND: lambda: office.person().type("/log-client"),
        Kind.OPEN: lambda: office.person().press("Log the reply", on=message),
        Kind.SEARCH: lambda: office.person().search("Client", "h"),
        Kind.HOME: lambda: office.hands.open_home(ADA),
    }
    await acts[kind]()
    assert office.hands.delivery.sent[-1].answer.status == 200


async def test_what_nobody_listens_to_is_answered_and_ignored(office: Office) -> None:
    hands = office.hands
    answers = [
        await hands.event({"type": "message", "channel": "D1", "user": ADA, "text": "secret"}),
        await hands.event({"type": "tokens_revoked", "tokens": {"bot": ["U1"]}}),
        await hands.event({"type": "app_uninstalled"}),
        await hands.slash(ADA, "/unknown", "secret"),
        await hands.shortcut(ADA, "another"),
    ]
    assert [a.status for a in answers] == [200] * 5
    assert office.house.asked == []


async def test_a_button_that_is_not_ours_and_a_closed_window_are_answered_and_ignored(office: Office) -> None:
    foreign = [{"type": "actions", "elements": [{"type": "button", "action_id": "x", "text": blocks.plain("Old")}]}]
    workspace = office.workspace
    message = workspace.post(workspace.dm(ADA).id, workspace.bot_user_id, "old", foreign)
    message.blocks[0]["block_id"] = "b"
    assert (await office.hands.click(ADA, message, "x")).status == 200
    view = {"type": "modal", "callback_id": "other", "private_metadata": "", "blocks": [], "state": {"values": {}}}
    closed = payloads._common(workspace, workspace.users[ADA], "view_closed") | {"view": view, "is_cleared": False}
    body = urlencode({"payload": json.dumps(closed)}).encode()
    assert (await office.hands.delivery.deliver("interaction", body, FORM)).status == 200
    assert office.house.asked == []
