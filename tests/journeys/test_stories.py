"""Both stories of the demo play through in the real firm, whatever the people in them chat in."""

import asyncio
from pathlib import Path

import pytest

from bot.demo import ON_TEAMS
from bot.sandbox.firm import Firm
from bot.sandbox.reading import text_of
from tests.support.chats import EVERYBODY, faults_seen


@pytest.mark.parametrize("on_teams", [(), ON_TEAMS, EVERYBODY], ids=["slack", "both", "teams"])
async def test_the_stories_play_by_themselves_one_after_the_other_and_again(
    tmp_path: Path, on_teams: tuple[str, ...]
) -> None:
    firm = Firm(tmp_path, on_teams=on_teams)
    await firm.start()
    amelia, jonas, priya, margaret, _tomas = (firm.person(cast) for cast in firm.cast)
    for name in ("late-reply", "friday-breach", "late-reply"):
        told = list[str]()
        await firm.stories[name].play(firm, 0, asyncio.Event(), lambda words, _who, told=told: told.append(words))
        assert told[-1].startswith("Answered." if name == "late-reply" else "Contained,")
    async with asyncio.timeout(10):
        for who in (amelia, jonas):
            while "Settled: Reply logged" not in text_of(who.messages[-1]):
                await firm.workspace.changed(firm.workspace.version, timeout=0.1)  # the last cards are on their way
    for who in (priya, margaret):
        assert any("Undo: Contain it" in text_of(message) for message in who.messages)
    assert faults_seen(firm) == []
    await firm.stop()
