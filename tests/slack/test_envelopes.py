"""What travels over Socket Mode: one effect however often it comes, an answer after the commit, and junk that ends
nothing."""

import asyncio
import json
from urllib.parse import urlencode

import pytest
from structlog.testing import capture_logs

from bot.sandbox import payloads
from bot.sandbox.delivery import FORM
from bot.sandbox.faults import Kind as Fault
from bot.sandbox.reading import text_of
from bot.sandbox.submitting import Outcome
from handlers.request import Kind, Request
from tests.slack.office import ADA, STRANGER, Office, filled_in, sent_card, until


async def test_a_day_over_socket_mode_is_like_one_over_http(plugged: Office) -> None:
    ada = plugged.person()
    await filled_in(plugged)
    assert (await ada.submit()).outcome is Outcome.UPDATED
    assert "Logged. The reply is due" in text_of(plugged.modal())
    await ada.press("Why?", on=await sent_card(plugged))
    assert "Because it is due." in text_of(plugged.modal())
    await ada.type("/sopwith away until Friday")
    assert ada.messages[-1].text == "Away: until Friday"
    assert "My duties" in text_of(await ada.look_home())
    assert plugged.called("apps.connections.open") == 2


@pytest.mark.parametrize("fault", [Fault.DUPLICATE, Fault.EVERYWHERE])
async def test_one_envelope_that_comes_twice_opens_one_window(plugged: Office, fault: Fault) -> None:
    plugged.workspace.faults.next("slash", fault)
    await plugged.person().type("/log-client")
    assert len(plugged.workspace.modals[ADA]) == 1
    assert len({r.key for r in plugged.house.asked}) == 1


async def test_one_envelope_by_both_connections_is_worked_on_once_and_answered_by_both(plugged: Office) -> None:
    held = asyncio.Event()

    async def wait(_request: Request) -> None:
        await held.wait()

    await filled_in(plugged)
    before, plugged.house.wait = len(plugged.house.asked), wait
    plugged.workspace.faults.next("interaction", Fault.EVERYWHERE)
    pressing = asyncio.create_task(plugged.person().submit())
    await until(lambda: len(plugged.house.asked) > before)
    await asyncio.sleep(0.05)
    held.set()
    assert (await pressing).outcome is Outcome.UPDATED
    assert len(plugged.house.asked) == before + 1


async def test_an_answer_leaves_after_the_work_is_done(plugged: Office) -> None:
    held = asyncio.Event()

    async def wait(_request: Request) -> None:
        await held.wait()

    await filled_in(plugged)
    plugged.house.wait = wait
    pressing = asyncio.create_task(plugged.person().submit())
    await asyncio.sleep(0.1)
    assert not pressing.done()
    held.set()
    assert (await pressing).outcome is Outcome.UPDATED


async def test_a_submit_whose_connection_breaks_is_saved_and_the_second_press_is_a_request_of_its_own(
    plugged: Office,
) -> None:
    await filled_in(plugged)
    before = len(plugged.house.asked)
    plugged.workspace.faults.next("interaction", Fault.DROP)
    with capture_logs() as logged:
        assert (await plugged.person().submit()).outcome is Outcome.TROUBLE  # Slack does not send it again
        await until(lambda: len(plugged.house.asked) > before)
        assert plugged.modal().state["summary"]["summary"]["value"] == "We talked."
        assert (await plugged.person().submit()).outcome is Outcome.UPDATED
        await until(lambda: plugged.socket.alive == 2)
    first, second = plugged.house.asked[before:]
    assert (first.form_id, first.values) == (second.form_id, second.values)  # by which the inbox knows it
    assert first.key != second.key
    assert "connection lost" in {line["event"] for line in logged}


async def test_an_event_whose_connection_breaks_comes_again_as_the_same_event(plugged: Office) -> None:
    plugged.workspace.faults.next("event", Fault.DROP)
    assert (await plugged.person().look_home()) is not None
    asked = [r.key for r in plugged.house.asked if r.kind is Kind.HOME]
    assert len(set(asked)) == 1


async def test_people_of_another_workspace_and_payloads_of_another_app_never_reach_the_house(plugged: Office) -> None:
    await plugged.hands.slash(STRANGER, "/log-client", "secret")
    form = payloads.slash(
        plugged.workspace, plugged.workspace.users[ADA], "/log-client", "x", plugged.workspace.dm(ADA)
    )
    with capture_logs() as logged:
        body = urlencode(form | {"api_app_id": "A0OTHER"}).encode()
        assert (await plugged.hands.delivery.deliver("slash", body, FORM)).body == ""
    assert [line["reason"] for line in logged] == ["another app's"]
    assert plugged.house.asked == []


async def test_whose_connection_it_is_does_not_change(plugged: Office) -> None:
    for link in plugged.workspace.sockets.links:
        await link.socket.send_json({"type": "hello", "connection_info": {"app_id": "A0OTHER"}})
    await plugged.person().type("/log-client")
    assert plugged.person().modal
    assert plugged.socket.alive == 2


async def test_a_huge_payload_within_the_limit_is_taken_and_a_larger_one_costs_the_connection_alone(
    plugged: Office,
) -> None:
    form = payloads.slash(
        plugged.workspace, plugged.workspace.users[ADA], "/sopwith", "away", plugged.workspace.dm(ADA)
    )
    for size, taken in ((900_000, True), (1_100_000, False)):
        body = urlencode(form | {"trigger_id": f"1.{size}.x", "text": "away " + "x" * size}).encode()
        plugged.house.on(Kind.COMMAND, "away", plugged.house.answers[Kind.COMMAND, "help"])
        assert (await plugged.hands.delivery.deliver("slash", body, FORM)).ok is taken
    await until(lambda: plugged.socket.alive == 2)
    assert (await plugged.person().type("/sopwith help")).ok


async def test_a_frame_that_is_not_one_of_slacks_ends_nothing_and_is_not_repeated_in_the_log(plugged: Office) -> None:
    frames = ["zebra", "[1]", "7", "{}", '{"envelope_id": 7, "payload": {}}', '{"envelope_id": "zebra"}', "[" * 9999]
    frames += [json.dumps({"envelope_id": "e", "type": "zebra", "payload": "zebra"})]
    links = list(plugged.workspace.sockets.links)
    with capture_logs() as logged:
        for number, link in enumerate(links):
            for frame in frames:
                await link.socket.send_str(frame)
            await link.socket.send_bytes(b"zebra")
            await link.socket.send_json(
                {"envelope_id": f"e{number}", "type": "x", "payload": {"user": 7, "text": "zebra"}}
            )
        await until(lambda: len(logged) == 2 * (len(frames) + 2))
        await plugged.person().type("/sopwith help")
    assert plugged.workspace.sockets.links == links
    assert "zebra" not in str(logged)
    reasons = {line["reason"] for line in logged if "reason" in line}
    assert {"not JSON", "not an object", "no envelope id", "no payload", "binary", "unreadable payload"} == reasons
