"""What is signed and does not look like Slack's is a 400 and no work, whatever is wrong with it, and wherever."""

import json
from typing import Any
from urllib.parse import urlencode

import pytest

from bot.sandbox import payloads
from bot.sandbox.delivery import FORM
from tests.slack.office import ADA, Office, filled_in, sent_card

UNREADABLE = (400, {"error": "unreadable request"})
SUMMARY = "view.state.values.summary.summary"


def put(payload: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The payload with another value at `a.0.b`."""
    *way, last = path.split(".")
    here: Any = payload
    for step in way:
        here = here[int(step) if isinstance(here, list) else step]
    here[last] = value
    return payload


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("user", None),
        ("user.id", "U0ADA/../U0BEN"),
        ("team.id", {}),
        ("trigger_id", 7),
        ("view", None),
        ("view.id", []),
        ("view.blocks", [1]),
        ("view.blocks.0.block_id", "client~two"),
        ("view.private_metadata", "[1]"),
        ("view.private_metadata", '{"name": {}}'),
        ("view.state.values", []),
        ("view.state.values.summary", "text"),
        (f"{SUMMARY}.type", None),
        (f"{SUMMARY}.value", ["a"]),
        (f"{SUMMARY}.value", "a\0b"),
        (f"{SUMMARY}.value", "\ud800"),
        ("view.state.values.when.when.selected_date_time", 10**30),
        ("view.state.values.when.when.selected_date_time", -1),
        ("view.state.values.client.search:clients.selected_option", {"value": "CL-1"}),
    ],
)
async def test_a_form_of_another_shape_is_a_400_and_no_work(office: Office, path: str, value: Any) -> None:
    await filled_in(office)
    asked = list(office.house.asked)
    sent = payloads.view_submission(office.workspace, office.workspace.users[ADA], office.modal())
    payload = json.loads(json.dumps(sent))
    answer = await office.hands._interact(put(payload, path, value))
    assert (answer.status, answer.body) == UNREADABLE
    assert office.house.asked == asked


@pytest.mark.parametrize("view", [None, 1, "view"])
async def test_a_window_closed_that_is_none_is_a_400(office: Office, view: Any) -> None:
    answer = await office.hands._interact({"type": "view_closed", "user": {"id": ADA}, "view": view})
    assert (answer.status, answer.body) == UNREADABLE


@pytest.mark.parametrize("actions", [None, [], [None], [{"type": "button"}], {"0": {}}])
async def test_a_click_on_nothing_is_a_400_and_no_work(office: Office, actions: Any) -> None:
    message = await sent_card(office)
    payload = payloads.block_actions(office.workspace, office.workspace.users[ADA], message, {})
    answer = await office.hands._interact(payload | {"actions": actions})
    assert (answer.status, answer.body) == UNREADABLE
    assert office.house.asked == []


@pytest.mark.parametrize("blocks", [5, "text", [None], {"0": {}}])
async def test_a_click_on_a_message_of_another_shape_is_a_400_and_no_work(office: Office, blocks: Any) -> None:
    message = await sent_card(office)
    button = next(b for block in message.blocks for b in block.get("elements", ()) if b["type"] == "button")
    action = {**button, "block_id": "x", "action_ts": "1.2"}
    payload = payloads.block_actions(office.workspace, office.workspace.users[ADA], message, action)
    answer = await office.hands._interact(put(payload, "message.blocks", blocks))
    assert (answer.status, answer.body) == UNREADABLE
    assert office.house.asked == []
    put(payload, "message.blocks", None)
    assert (await office.hands._interact(payload | {"user_id": {"nobody": "reads"}})).status == 200
    assert len(office.house.asked) == 1


async def test_a_window_whose_state_is_null_is_one_in_which_nothing_was_typed(office: Office) -> None:
    await filled_in(office)
    sent = payloads.view_submission(office.workspace, office.workspace.users[ADA], office.modal())
    answer = await office.hands._interact(put(json.loads(json.dumps(sent)), "view.state", None))
    assert answer.status == 200
    assert office.house.asked[-1].values == {}


@pytest.mark.parametrize(
    "inner", [None, "team_join", {}, {"type": 1}, {"type": "team_join", "user": ADA}, {"type": "app_home_opened"}]
)
async def test_an_event_of_another_shape_is_a_400_and_no_work(office: Office, inner: Any) -> None:
    body = json.dumps(payloads.event(office.workspace, {}) | {"event": inner}).encode()
    answer = await office.hands.delivery.deliver("event", body, "application/json")
    assert (answer.status, answer.body) == UNREADABLE
    assert (office.house.asked, office.house.rows) == ([], [])


@pytest.mark.parametrize("lacking", ["user_id", "team_id"])
async def test_a_command_that_names_nobody_is_a_400_and_no_work(office: Office, lacking: str) -> None:
    workspace = office.workspace
    form = payloads.slash(workspace, workspace.users[ADA], "/log-client", "", workspace.dm(ADA))
    body = urlencode({name: value for name, value in form.items() if name != lacking}).encode()
    answer = await office.hands.delivery.deliver("slash", body, FORM)
    assert (answer.status, answer.body) == UNREADABLE
    assert office.house.asked == []


@pytest.mark.parametrize("encoding", ["gzip", "deflate", "br"])
async def test_a_body_that_is_packed_as_nothing_unpacks_is_a_400(office: Office, encoding: str) -> None:
    headers = office.hands.delivery.signed(b"{}", FORM) | {"Content-Encoding": encoding}
    assert (await office.hands.delivery.post("junk", b"{}", headers)).status == 400
