"""Chat is dead for six hours and the clock with it: a breach is reported all the same, the DPO learns of it within five
minutes by e-mail, and afterwards the clocks are right."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.faults import Kind
from bot.sandbox.firm import Firm
from storage import outbox
from tests.journeys.conftest import Town
from tests.support.post_office import PostOffice, open_post_office, words


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[PostOffice]:
    async with open_post_office(tmp_path) as opened:
        yield opened


@pytest.fixture
async def firm(tmp_path: Path, office: PostOffice) -> AsyncIterator[Firm]:
    (tmp_path / "data").mkdir()
    notify = office.notify
    section = f'\n[notify]\nsmtp = "{notify.smtp}"\nsender = "{notify.sender}"\nca_file = "{notify.ca_file}"\n'
    built = Firm(tmp_path / "data", notify=section)
    await built.start()
    yield built
    await built.stop()


async def until(holds: Callable[[], bool | Awaitable[bool]], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while True:
            said = holds()
            if said if isinstance(said, bool) else await said:
                return
            await asyncio.sleep(0.05)


async def _tried(firm: Firm) -> bool:
    return any(n.attempts for n in await firm.service.doorway.ask(outbox.recent))


async def test_the_dpo_learns_of_a_breach_within_five_minutes_by_mail_while_chat_and_clock_are_dead(
    firm: Firm, office: PostOffice
) -> None:
    town = Town(firm)
    await town.tomas.type("/report-breach")
    await town.tomas.write("What happened?", "ZEBRACROSSING: a letter went to Brightwater by mistake.")
    firm.workspace.faults.rate(Kind.SERVER_ERROR, 1.0, target="chat.postMessage")
    firm.workspace.faults.rate(Kind.SERVER_ERROR, 1.0, target="conversations.open")
    firm.service.clock._scheduler.pause()  # APScheduler stands still from here on
    await town.tomas.submit()
    reported = firm.now()
    await until(lambda: _tried(firm))
    firm._jump(reported + timedelta(minutes=5))  # nothing but time passes: nobody wakes anybody
    await until(lambda: bool(office.to("priya.nair")))
    (letter,) = office.to("priya.nair")
    assert firm.now() - reported < timedelta(minutes=6)
    assert letter["Subject"] == "Urgent: please open now."
    assert "somebody is needed now" in words(letter)
    assert "Ring +44 20 7946 0000" in words(letter)
    assert "To act, open Sopwith in Slack." in words(letter)
    for secret in ("ZEBRACROSSING", "Brightwater", "Priya", "Tomas"):
        assert secret not in str(office.raw)

    firm._jump(reported + timedelta(hours=6))
    await until(lambda: len(office.to("priya.nair")) == 1)
    firm.workspace.faults.clear()
    firm.service.clock._scheduler.resume()
    await town.settle()
    assert len(town.about(town.priya, "somebody is needed now")) == 1
    assert len(office.to("priya.nair")) == 1
    waiting = [n for n in await firm.service.doorway.ask(outbox.recent) if n.state in outbox.WAITING]
    assert waiting == []
