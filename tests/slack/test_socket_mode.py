"""Two connections to Slack are kept up: one of them always stands, whatever breaks, and stopping loses nothing."""

import asyncio

import pytest
from structlog.testing import capture_logs

from bot.sandbox.faults import Kind as Fault
from bot.sandbox.submitting import Outcome
from bot.senders import Trouble
from bot.slack import connection, socket_mode
from bot.slack.socket_mode import RefusedAppToken, SocketMode, UnsafeAddress, pause, safe
from handlers.request import Kind, Request
from tests.slack.office import Office, filled_in, until


async def test_a_goodbye_is_followed_by_a_new_connection_while_the_old_one_is_read_on(plugged: Office) -> None:
    sockets = plugged.workspace.sockets
    (old, _other), before = sockets.links, plugged.called("apps.connections.open")
    await sockets.goodbye(old, "warning", after=0.5)
    await until(lambda: len(sockets.links) == 3)
    assert old in sockets.links
    old.leaving = False  # Slack sends one more by it
    other_links = [link for link in sockets.links if link is not old]
    for link in other_links:
        link.leaving = True
    assert (await plugged.person().type("/sopwith help")).ok
    assert plugged.called("apps.connections.open") == before + 1
    await until(lambda: old not in sockets.links)


async def test_connections_that_slack_breaks_are_opened_again(plugged: Office) -> None:
    sockets = plugged.workspace.sockets
    for link in list(sockets.links):
        sockets.cut(link)
    await until(lambda: not sockets.links)
    await until(lambda: plugged.socket.alive == 2)
    assert (await plugged.person().type("/sopwith help")).ok


async def test_without_an_address_it_goes_on_trying_and_says_so_by_name(plugged: Office) -> None:
    plugged.workspace.faults.next("apps.connections.open", Fault.SERVER_ERROR, times=2)
    plugged.workspace.faults.next("apps.connections.open", Fault.ERROR, times=2, code="token_revoked")
    with capture_logs() as logged:
        for link in list(plugged.workspace.sockets.links):
            plugged.workspace.sockets.cut(link)
        await until(lambda: not plugged.socket.alive)
        assert plugged.socket.silent_for >= 0
        await until(lambda: plugged.socket.alive == 2)
    assert plugged.socket.silent_for == 0
    said = {(line["name"], line["reason"]) for line in logged if line["event"] == "connection lost"}
    assert {reason for _name, reason in said} == {"closed", "status 500", "token_revoked"}
    assert {name for name, _reason in said} == {"connection 1", "connection 2"}


@pytest.mark.parametrize(
    ("patience", "fault"), [((connection, "GREETING"), "silent"), ((socket_mode, "HEARTBEAT"), "deaf")]
)
async def test_a_connection_that_says_nothing_is_given_up_for_another(
    plugged: Office, monkeypatch: pytest.MonkeyPatch, patience: tuple[object, str], fault: str
) -> None:
    sockets = plugged.workspace.sockets
    setattr(sockets, fault, True)
    monkeypatch.setattr(*patience, 0.2)
    before = list(sockets.links)
    with capture_logs() as logged:
        for link in before:
            sockets.cut(link)
        await until(lambda: len(logged) >= 4)  # the two that were cut, and the two after them
    setattr(sockets, fault, False)
    await until(lambda: plugged.socket.alive == 2 and len(sockets.links) == 2)
    assert (await plugged.person().type("/sopwith help")).ok
    assert {line["reason"] for line in logged} == {"closed"} | ({"no hello"} if fault == "silent" else set())


async def test_when_slack_asks_to_wait_it_waits(plugged: Office) -> None:
    before = plugged.called("apps.connections.open")
    plugged.workspace.faults.next("apps.connections.open", Fault.RATE_LIMITED, seconds=1)
    plugged.workspace.sockets.cut(plugged.workspace.sockets.links[0])
    await until(lambda: plugged.called("apps.connections.open") == before + 1)
    await asyncio.sleep(0.3)
    assert plugged.called("apps.connections.open") == before + 1
    await until(lambda: plugged.socket.alive == 2)


async def test_socket_mode_that_is_turned_off_is_tried_again_until_it_is_turned_on(plugged: Office) -> None:
    with capture_logs() as logged:
        await plugged.workspace.sockets.switch_off()
        await until(lambda: not plugged.socket.alive)
        assert (await plugged.person().type("/sopwith help")).status == 0
        await until(lambda: plugged.called("apps.connections.open") > 4)
        plugged.workspace.sockets.enabled = True
        await until(lambda: plugged.socket.alive == 2)
    assert {line["reason"] for line in logged if line["event"] == "connection lost"} == {"link_disabled"}


@pytest.mark.parametrize("code", ["invalid_auth", "not_allowed_token_type", "missing_scope", "token_revoked"])
async def test_a_refused_token_ends_the_start(plugged: Office, code: str) -> None:
    plugged.workspace.faults.next("apps.connections.open", Fault.ERROR, code=code)
    again = SocketMode(plugged.bolt, plugged.sender._client, app_token="xapp-1")
    with pytest.raises(RefusedAppToken, match=code):
        await again.start()


async def test_a_bots_token_is_no_apps_token(plugged: Office) -> None:
    again = SocketMode(plugged.bolt, plugged.sender._client, app_token=plugged.workspace.bot_token)
    with pytest.raises(RefusedAppToken, match="not_allowed_token_type"):
        await again.start()


async def test_a_slack_that_does_not_answer_ends_no_start(plugged: Office) -> None:
    plugged.workspace.faults.next("apps.connections.open", Fault.SERVER_ERROR)
    again = SocketMode(plugged.bolt, plugged.sender._client, app_token=plugged.workspace.app_token, waits=lambda _n: 0)
    await again.start()
    await until(lambda: again.alive == 2)
    await again.stop()


@pytest.mark.parametrize(
    "address", ["ws://slack.com/link", "http://127.0.0.1/", "wss://", "", "ws://127.0.0.1.evil.example/", "ws://[::1"]
)
def test_an_address_without_tls_is_not_followed(address: str) -> None:
    with pytest.raises(UnsafeAddress):
        safe(address)


@pytest.mark.parametrize("address", ["wss://wss-primary.slack.com/link/?ticket=1", "ws://127.0.0.1:1/", "ws://[::1]/"])
def test_an_address_with_tls_or_on_loopback_is(address: str) -> None:
    assert safe(address) == address
    assert issubclass(UnsafeAddress, Trouble)


def test_pauses_grow_to_a_minute_and_spread() -> None:
    assert pause(0) == pause(1) == 0
    assert 0.25 <= pause(2) <= 0.75
    assert all(30 <= pause(n) <= 90 for n in (9, 50, 10_000))


async def test_stopping_finishes_what_is_in_hand_and_takes_nothing_new(plugged: Office) -> None:
    held = asyncio.Event()

    async def wait(_request: Request) -> None:
        await held.wait()

    await filled_in(plugged)
    before, plugged.house.wait = len(plugged.house.asked), wait
    pressing = asyncio.create_task(plugged.person().submit())
    await until(lambda: len(plugged.house.asked) > before)
    stopping = asyncio.create_task(plugged.socket.stop())
    await asyncio.sleep(0.05)
    late = asyncio.create_task(plugged.person().type("/sopwith help"))
    await asyncio.sleep(0.05)
    assert not stopping.done()
    held.set()
    assert (await pressing).outcome is Outcome.UPDATED
    await stopping
    assert (await late).status == 0
    assert [r.kind for r in plugged.house.asked[before:]] == [Kind.SUBMIT]
    assert plugged.workspace.sockets.links == []
