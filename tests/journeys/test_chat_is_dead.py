"""Chat is dead for six hours and the clock with it: a breach is reported all the same, the DPO learns of it within five
minutes by e-mail; afterwards everybody gets one summary, and the clocks are right."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.sandbox.faults import Kind
from bot.sandbox.firm import Firm
from bot.sandbox.reading import text_of
from storage import breaches, deadlines, outbox
from tests.journeys.conftest import Town
from tests.support.chats import CHATS, faults_seen
from tests.support.post_office import PostOffice, open_post_office, words

BELOW = "There is a newer message about this further down."  # what was urgent waited for no timer


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[PostOffice]:
    async with open_post_office(tmp_path) as opened:
        yield opened


@pytest.fixture
async def firm(tmp_path: Path, office: PostOffice, database_url: str, transport: str) -> AsyncIterator[Firm]:
    (tmp_path / "data").mkdir()
    built = Firm(tmp_path / "data", database_url, **CHATS[transport].settings(), notify=office.section)
    await built.start()
    yield built
    assert faults_seen(built) == []
    await built.stop()


@pytest.fixture
def town(firm: Firm, transport: str) -> Town:
    return Town(firm, CHATS[transport])


def dead(town: Town) -> None:
    """No message goes out, and APScheduler stands still."""
    town.often(Kind.SERVER_ERROR, 1.0, town.chat.post, town.chat.update, *town.chat.opens)
    town.firm.service.clock._scheduler.pause()


def alive(town: Town) -> None:
    town.faults.clear()
    town.firm.service.clock._scheduler.resume()


async def until(holds: Callable[[], bool | Awaitable[bool]], seconds: float = 20) -> None:
    async with asyncio.timeout(seconds):
        while True:
            said = holds()
            if said if isinstance(said, bool) else await said:
                return
            await asyncio.sleep(0.05)


async def _tried(firm: Firm) -> bool:
    return any(n.attempts and n.urgent for n in await firm.service.doorway.ask(outbox.recent))


async def test_the_dpo_learns_of_a_breach_within_five_minutes_by_mail_while_chat_and_clock_are_dead(
    town: Town, office: PostOffice
) -> None:
    firm = town.firm
    await town.tomas.type("/report-breach")
    await town.tomas.write("What happened?", "ZEBRACROSSING: a letter went to Brightwater by mistake.")
    dead(town)
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
    assert f"To act, open Sopwith in {town.chat.says}." in words(letter)
    for secret in ("ZEBRACROSSING", "Brightwater", "Priya", "Tomas"):
        assert secret not in str(office.raw)

    firm._jump(reported + timedelta(hours=6))
    await until(lambda: len(office.to("priya.nair")) == 1)
    alive(town)
    await town.settle()
    assert len(town.about(town.priya, "somebody is needed now")) == 1
    assert len(office.to("priya.nair")) == 1
    waiting = [n for n in await firm.service.doorway.ask(outbox.recent) if n.state in outbox.WAITING]
    assert waiting == []


async def test_afterwards_everybody_gets_one_summary_and_the_clocks_are_right(town: Town, office: PostOffice) -> None:
    firm = town.firm
    for client in ("Brightwater Estates: lease", "Hollis", "Marlow"):
        await town.log(town.amelia, client, "Asked for a word.")
        await town.amelia.cancel()
    logged = firm.now()
    await town.later(hours=23, minutes=30)
    everybody = {"Amelia": town.amelia, "Jonas": town.jonas, "Priya": town.priya, "Margaret": town.margaret}
    before = {name: len(person.messages) for name, person in everybody.items()}
    dead(town)
    await town.tomas.type("/report-breach")
    await town.tomas.write("What happened?", "A letter went to the wrong house.")
    await town.tomas.submit()
    reported = firm.now()
    await until(lambda: _tried(firm))
    for minutes in (5, 20, 60, 360):
        firm._jump(reported + timedelta(minutes=minutes))
        await until(lambda: bool(office.to("priya.nair")))
    alive(town)
    await town.settle()
    new = {
        name: [m for m in person.messages[before[name] :] if BELOW not in text_of(m)]
        for name, person in everybody.items()
    }
    said = {who: [m.text for m in messages] for who, messages in new.items()}
    urgent, summary = "Urgent: please open now.", "Something is overdue."
    assert said == {"Amelia": [summary], "Jonas": [summary], "Priya": [urgent], "Margaret": [urgent, summary]}
    overdue = {
        who: text_of(messages[-1]).count("Reply overdue since Tue 10:00 (London)") for who, messages in new.items()
    }
    assert overdue == {"Amelia": 2, "Jonas": 3, "Priya": 0, "Margaret": 1}  # Jonas: his own one, and her two
    for name in ("Priya", "Margaret"):
        card = " ".join(text_of(new[name][0]).replace("*", "").replace(": ", " ").split())
        assert "Reported Tue 09:30 (London)" in card
        assert "Somebody on it by Tue 10:30 (London)" in card
    ((case,), clocks) = await firm.service.doorway.ask(
        lambda tx: (breaches.everything_open(tx), deadlines.all_open(tx))
    )
    assert timedelta() <= reported - case.reported_at < timedelta(minutes=1)
    assert {clock.due_at - logged < timedelta(days=1, minutes=1) for clock in clocks} == {True}
