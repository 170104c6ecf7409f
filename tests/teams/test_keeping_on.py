"""Teams over a service's life: whose tenant it is, what is an alarm, and that a secret's end shuts nobody out."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.firm import Firm
from bot.sandbox.reading import text_of
from bot.service import Service
from bot.teams.platform import WrongTenant
from bot.web import port_of
from storage import chat, settings
from tests.support.chats import CHATS


@pytest.fixture
async def firm(tmp_path: Path) -> AsyncIterator[Firm]:
    built = Firm(tmp_path, **CHATS["teams"].settings())
    await built.start()
    yield built
    await built.stop()


async def watched(firm: Firm) -> tuple[int, str]:
    port = port_of(firm.service._runners[1])
    async with aiohttp.ClientSession() as client, client.get(f"http://127.0.0.1:{port}/watchz") as answer:
        return answer.status, await answer.text()


async def test_a_refused_secret_is_an_alarm_and_people_still_get_in(firm: Firm) -> None:
    assert firm.teams
    (teams,) = firm.service.platforms
    firm.teams.tenant.secret = "another one"
    teams._credentials.not_taken()
    amelia = firm.teams.person(firm.cast[0].user_id)
    await amelia.type("report-breach")
    assert "What happened?" in text_of(amelia.modal)
    await amelia.say("help")  # its answer cannot be sent
    status, said = await watched(firm)
    assert (status, "does not take the app's secret or certificate (invalid_client)" in said) == (503, True)
    firm.teams.tenant.secret = firm.service.settings.secrets.teams_app_password
    await amelia.say("help")
    assert "invalid_client" not in (await watched(firm))[1]


async def test_a_start_with_a_refused_secret_is_said_and_goes_on(firm: Firm, capfd: pytest.CaptureFixture[str]) -> None:
    hidden = replace(firm.service.settings.secrets, teams_app_password="wrong-secret")
    await firm.service.stop()
    firm.service = Service(replace(firm.service.settings, secrets=hidden), now=firm.now)
    await firm.service.start()
    heard = "".join(capfd.readouterr())
    assert "RefusedApp" in heard
    assert "wrong-secret" not in heard
    assert "Traceback" not in heard


async def test_another_tenant_than_the_first_one_ends_the_start(firm: Firm) -> None:
    hidden = replace(firm.service.settings.secrets, teams_tenant_id="99999999-0000-4000-8000-000000000000")
    kept = firm.service.settings
    await firm.service.stop()
    other = Service(replace(kept, secrets=hidden), now=firm.now)
    with pytest.raises(WrongTenant):
        await other.start()
    await other.stop()
    firm.service = Service(kept, now=firm.now)
    await firm.service.start()


async def test_when_the_secret_ends_is_known_from_the_settings(firm: Firm) -> None:
    hidden = replace(firm.service.settings.secrets, teams_secret_expires=date(2099, 1, 1))
    await firm.service.stop()
    firm.service = Service(replace(firm.service.settings, secrets=hidden), now=firm.now)
    await firm.service.start()
    assert await firm.service.doorway.ask(lambda tx: settings.get(tx, "teams.secret-expires")) == "2099-01-01"


async def test_where_everybody_is_outlives_a_restart(firm: Firm) -> None:
    assert firm.teams
    account = f"teams:{firm.teams.tenant.tenant_id}/{firm.cast[0].user_id}"
    before = await firm.service.doorway.ask(lambda tx: chat.reference(tx, account))
    assert before
    kept = firm.service.settings
    await firm.service.stop()
    firm.service = Service(kept, now=firm.now)
    await firm.service.start()
    assert await firm.service.doorway.ask(lambda tx: chat.reference(tx, account)) == before


async def test_without_an_app_id_there_is_no_address_for_teams(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    await firm.start()
    url = f"http://127.0.0.1:{firm.service.port}/api/messages"
    async with aiohttp.ClientSession() as client, client.post(url, json={}) as answer:
        assert answer.status == 404
    await firm.stop()
