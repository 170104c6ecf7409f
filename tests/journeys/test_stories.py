"""The stories of the demo play through in the real firm, whatever the people in them chat in."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.demo import ON_TEAMS
from bot.sandbox import barrier
from bot.sandbox.firm import Firm
from bot.sandbox.reading import text_of
from bot.sandbox.telling import Astray, Someone, Telling
from tests.support.chats import EVERYBODY, faults_seen

ENDINGS = {
    "late-reply": "Answered.",
    "friday-breach": "Told within 72 hours",
    "barrier": "Margaret sees it on her list",
    "complaint": "Owned.",
}
AGAIN = ("late-reply", "friday-breach", "complaint", "barrier", "late-reply", "complaint", "barrier")


async def play(firm: Firm, name: str) -> list[str]:
    told: list[str] = []
    await firm.stories[name].play(firm, 0, asyncio.Event(), lambda words, _who: told.append(words))
    return told


@pytest.mark.parametrize("on_teams", [(), ON_TEAMS, EVERYBODY], ids=["slack", "both", "teams"])
async def test_the_stories_play_by_themselves_one_after_the_other_and_again(
    tmp_path: Path, on_teams: tuple[str, ...]
) -> None:
    firm = Firm(tmp_path, on_teams=on_teams)
    await firm.start()
    amelia, jonas, priya, margaret, _tomas = (firm.person(cast) for cast in firm.cast)
    for name in AGAIN:
        told = await play(firm, name)
        assert ENDINGS[name] in told[-1]
    async with asyncio.timeout(10):
        for who in (amelia, jonas):
            while not any("Settled: Reply logged" in text_of(message) for message in who.messages):
                await firm.workspace.changed(firm.workspace.version, timeout=0.1)  # the last cards are on their way
    for who in (priya, margaret):
        assert any("Undo: Contain it" in text_of(message) for message in who.messages)
    assert "Amelia Ward must not know of" in text_of(margaret.modal)  # and she may lift it
    assert amelia.modal is None
    for who in (amelia, jonas, priya):
        assert not any("barrier" in text_of(message).lower() for message in who.messages)
    assert faults_seen(firm) == []
    await firm.stop()


@pytest.fixture
async def firm(tmp_path: Path) -> AsyncIterator[Firm]:
    """With everybody on Slack."""
    firm = Firm(tmp_path)
    await firm.start()
    yield firm
    assert faults_seen(firm) == []
    await firm.stop()


async def test_whoever_takes_over_at_the_barrier_has_the_search_in_hand(firm: Firm) -> None:
    stop = asyncio.Event()

    def take_over(words: str, _who: str) -> None:
        if "Take over if you like" in words:
            stop.set()

    await firm.stories["barrier"].play(firm, 0, stop, take_over)
    amelia = firm.person(firm.cast[0])
    assert await amelia.search("Client", "Marlow") == []
    assert await amelia.search("Client", "Hollis") != []


async def test_a_barrier_that_does_not_stand_is_not_told_as_one_that_does(
    firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def nothing(_t: Telling, _margaret: Someone) -> None:
        return

    monkeypatch.setattr(barrier, "_set", nothing)
    with pytest.raises(Astray, match="a client behind a barrier was found"):
        await play(firm, "barrier")


async def test_the_barrier_says_so_when_amelia_is_no_longer_on_the_team(firm: Firm) -> None:
    jonas = firm.person(firm.cast[1])
    await jonas.type("/sopwith client")
    await jonas.choose("Client", (await jonas.search("Client", "Marlow"))[0])
    await jonas.submit()
    await jonas.press("Who can see this file?")
    await jonas.press("End", below="Amelia Ward")
    with pytest.raises(Astray, match="the file is not open to Amelia"):
        await play(firm, "barrier")
