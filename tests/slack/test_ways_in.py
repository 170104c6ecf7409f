"""Which ways in are open: each of Slack's two secrets opens one; with both, Slack may take either; and what is said
when there is none."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.firm import Firm
from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.web import port_of
from tests.slack.office import until
from tests.support.unharmed import slack_of

AMELIA = "UAMELIA"


@pytest.fixture
async def firm(tmp_path: Path) -> AsyncIterator[Firm]:
    built = Firm(tmp_path, socket_mode=True)
    await built.start()
    yield built
    await built.stop()


async def status(firm: Firm, runner: int, method: str, path: str) -> tuple[int, str]:
    port = port_of(firm.service._runners[runner])
    async with aiohttp.ClientSession() as client, client.request(method, f"http://127.0.0.1:{port}{path}") as answer:
        return answer.status, await answer.text()


async def test_without_a_signing_secret_there_is_no_address(firm: Firm) -> None:
    assert (await status(firm, 0, "POST", "/slack/events"))[0] == 404


async def test_with_both_secrets_both_ways_are_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    firm = Firm(tmp_path, socket_mode=True)
    settings, secret = firm._settings, firm.workspace.signing_secret

    def both() -> object:
        made = settings()
        return replace(made, secrets=replace(made.secrets, slack_signing_secret=secret))

    monkeypatch.setattr(firm, "_settings", both)
    await firm.start()
    async with Hands(firm.workspace, f"http://127.0.0.1:{firm.service.port}/slack/events") as over_http:
        for hands in (over_http, firm.hands):
            await Person(hands, AMELIA).type("/sopwith help")
            assert firm.workspace.top(AMELIA) is not None
            await Person(hands, AMELIA).cancel()
    assert (await status(firm, 0, "POST", "/slack/events"))[0] == 401  # unsigned
    await firm.stop()


async def test_half_a_minute_without_a_connection_is_an_alarm_and_no_unreadiness(firm: Firm) -> None:
    slack, sockets = slack_of(firm), firm.workspace.sockets
    assert slack._socket
    await until(lambda: slack._socket.alive == 2)
    assert "Socket Mode" not in (await status(firm, 1, "GET", "/watchz"))[1]
    assert "sopwith_slack_connections 2.0" in (await status(firm, 1, "GET", "/metrics"))[1]
    await sockets.switch_off()
    await until(lambda: not slack._socket.alive)
    assert "Socket Mode" not in (await status(firm, 1, "GET", "/watchz"))[1]  # not yet
    for _try in range(20):  # a connection that is tried anew may stand for a moment
        slack._socket._last_alive -= 31
        late, said = await status(firm, 1, "GET", "/watchz")
        if late == 503:
            break
    assert (late, "no Socket Mode connection" in said) == (503, True)
    assert (await status(firm, 0, "GET", "/readyz"))[0] == 200
    assert "sopwith_slack_connections 0.0" in (await status(firm, 1, "GET", "/metrics"))[1]
