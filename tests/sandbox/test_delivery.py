"""How requests reach the bot: signed, in time and once; and on a bad day late, twice, again or not at all."""

import asyncio
from typing import Any

import pytest

from bot.sandbox.delivery import FORM
from bot.sandbox.faults import Kind
from bot.sandbox.person import Person
from bot.sandbox.submitting import Outcome

ADA = "U0ADA"


async def _fill(ada: Person) -> None:
    await ada.type("/note")
    await ada.choose("Client", "Quiet Heron")
    await ada.choose("Channel", "Company email")
    await ada.write("Summary", "Called about the lease")


@pytest.mark.parametrize("case", ["unsigned", "forged", "old"])
async def test_bolt_turns_away_what_slack_did_not_sign_lately(house: Any, case: str) -> None:
    body, delivery = b"command=%2Fsay&text=hi", house.hands.delivery
    headers = delivery.signed(body, FORM, at=1_700_000_000 if case == "old" else None)
    if case == "unsigned":
        del headers["X-Slack-Signature"]
    sent = body + b"!" if case == "forged" else body
    assert (await delivery.post("slash", sent, headers)).status == 401
    assert house.heard == []


async def test_a_second_click_on_submit_is_a_request_of_its_own(house: Any, ada: Person) -> None:
    await _fill(ada)
    view = ada.modal
    results = await asyncio.gather(house.hands.submit(ADA, view), house.hands.submit(ADA, view))
    assert [r.outcome for r in results] == [Outcome.CLOSED, Outcome.CLOSED]
    first, second = house.heard[-2:]
    assert first["view"]["id"] == second["view"]["id"]
    assert first["trigger_id"] != second["trigger_id"]


async def test_a_duplicate_delivery_is_the_same_request_byte_for_byte(house: Any) -> None:
    house.workspace.faults.next("slash", Kind.DUPLICATE)
    await house.hands.slash(ADA, "/say", "once")
    first, second = house.hands.delivery.sent
    assert (first.body, first.headers) == (second.body, second.headers)
    assert [h["trigger_id"] for h in house.heard] == [house.heard[0]["trigger_id"]] * 2
    assert (await house.hands.delivery.replay(first)).ok


async def test_a_late_command_arrives_signed_but_with_a_dead_trigger_id(house: Any, ada: Person) -> None:
    house.workspace.trigger_seconds = 0.01
    house.workspace.faults.next("slash", Kind.LATE, seconds=0.05)
    assert (await ada.type("/note")).status == 500  # the app could not open its form
    assert house.heard[-1]["command"] == "/note"
    assert (house.workspace.calls[-1].method, house.workspace.calls[-1].error) == ("views.open", "expired_trigger_id")
    assert ada.modal is None


async def test_an_event_is_sent_again_with_the_same_id_until_it_is_answered(house: Any) -> None:
    house.workspace.faults.next("event", Kind.RETRY)
    await house.hands.open_home(ADA)
    retry = house.hands.delivery.sent[-1].headers
    assert (retry["X-Slack-Retry-Num"], retry["X-Slack-Retry-Reason"]) == ("1", "http_timeout")
    assert house.heard[0]["event_id"] == house.heard[1]["event_id"]
    unknown = await house.hands.event({"type": "nobody_listens", "user": ADA})
    assert unknown.status == 404
    numbers = [s.headers.get("X-Slack-Retry-Num") for s in house.hands.delivery.sent[-4:]]
    assert numbers == [None, "1", "2", "3"]


async def test_a_silent_app_costs_the_person_the_form_but_not_what_was_typed(house: Any, ada: Person) -> None:
    await _fill(ada)
    house.hands.delivery.url = "http://127.0.0.1:9/slack/events"  # nobody listens there
    result = await ada.submit()
    assert result.outcome is Outcome.TROUBLE
    assert ada.modal is not None
    assert ada.modal.state["summary"]["summary"]["value"] == "Called about the lease"
    with pytest.raises(ValueError, match="loopback"):
        type(house.hands)(house.workspace, "https://bot.example.com/slack/events")
