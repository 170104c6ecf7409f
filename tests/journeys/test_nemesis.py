"""Many times `kill -9` in the middle of the work, on every chat: what was acknowledged is there once, what is due is
told, and the log is whole."""

import asyncio
import signal
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support import reckoning
from tests.support.siege import POLICY, Siege, new_house, new_side

KILLS = {"http": 50, "socket": 20, "teams": 20}


@pytest.fixture
async def siege(tmp_path: Path, transport: str) -> AsyncIterator[Siege]:
    new_house(tmp_path, POLICY)
    built = Siege(tmp_path, await new_side(transport))
    await built.begin()
    yield built
    await built.close()


@pytest.mark.parametrize("kills", [None, pytest.param(200, marks=pytest.mark.long)])
async def test_many_kills_lose_nothing_and_double_nothing_but_a_message_nobody_could_confirm(
    siege: Siege, transport: str, kills: int | None
) -> None:
    began, kills = time.monotonic(), kills or KILLS[transport]
    await siege.up()
    working = [asyncio.create_task(clerk.work()) for clerk in siege.clerks]
    assert await siege.bot.end() == -signal.SIGKILL
    for _kill in range(kills - 1):
        await siege.live_and_die()
    await siege.up()
    for clerk in siege.clerks:
        clerk.stop.set()
    await asyncio.wait_for(asyncio.gather(*working), 120)
    await siege.pass_time(40)  # every clock has run 24 s, when its reminder is due; one of less than 80 s is not over
    await siege.pass_time(120)  # and now every clock is over
    await siege.down()
    spent = time.monotonic() - began

    record = await siege.record()
    reckoning.every_acknowledged_form_is_on_record_once(siege.book, record, kills)
    reckoning.whoever_was_to_learn_something_was_told(record, kills)
    sent_again = reckoning.no_message_is_lost_and_few_come_twice(siege, record, kills)
    reckoning.nothing_is_left_hanging(record)
    reckoning.the_log_is_whole(siege)
    assert [line for line in siege.said() if line.get("event") == "fault"] == []
    assert siege.side.faults_seen == []
    sys.stdout.write(f"\n{kills} kills in {spent:.0f} s, {siege.ahead:.0f} s of outage; ")
    sys.stdout.write(reckoning.in_words(siege, record, sent_again))
