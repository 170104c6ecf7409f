"""Two services on one PostgreSQL, killed, made to stand still and cut off from it, on every chat: what was acknowledged
is there once, what is due is told, and the log is whole."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from tests.support import reckoning
from tests.support.postgres import Server
from tests.support.replicas import Replicas
from tests.support.siege import POLICY, new_house, new_side

PAUSES = {"http": 4, "socket": 2, "teams": 2}
LONG = 24
LOST_LINE = {"Unavailable", "Unsure"}  # what a request is answered with while the database is not there
STOOD_STILL = {("connect", "Trouble"), ("directory", "Trouble")}  # a pause outlasts a question to Slack; it asks again


@pytest.fixture(scope="module")
def durable() -> AsyncIterator[Server]:
    server = Server(durable=True)
    yield server
    server.stop()


@pytest.fixture
async def siege(tmp_path: Path, transport: str, durable: Server) -> AsyncIterator[Replicas]:
    side, url = await new_side(transport), durable.database()
    new_house(tmp_path, POLICY.replace('"120s"', '"40s"'))
    admin = create_engine(durable.url("postgres"), poolclass=NullPool, isolation_level="AUTOCOMMIT")
    built = Replicas(tmp_path, side, url, admin)
    await built.begin()
    yield built
    await built.close()
    durable.drop(url)


@pytest.mark.parametrize("pauses", [None, pytest.param(LONG, marks=pytest.mark.long)])
async def test_two_replicas_killed_paused_and_cut_off_lose_nothing(
    siege: Replicas, transport: str, pauses: int | None
) -> None:
    began = time.monotonic()
    await siege.up()
    balancing = asyncio.create_task(siege.balance()) if siege.side.balanced else None
    working = [asyncio.create_task(clerk.work()) for clerk in siege.clerks]
    await siege.storm(pauses or PAUSES[transport])
    for clerk in siege.clerks:
        clerk.stop.set()
    await asyncio.wait_for(asyncio.gather(*working), 120)
    await siege.pass_time(20)
    await siege.pass_time(60)  # and now every clock is over
    await siege.down()
    if balancing:
        balancing.cancel()
    spent = time.monotonic() - began

    record = await siege.record()
    reckoning.every_acknowledged_form_is_on_record_once(siege.book, record, siege.kills)
    reckoning.whoever_was_to_learn_something_was_told(record, siege.kills)
    sent_again = reckoning.no_message_is_lost_and_few_come_twice(siege, record, siege.blows)
    reckoning.nothing_is_left_hanging(record)
    for file in siege.checkpoint_files:
        reckoning.the_log_is_whole(siege, file)
    faults = [line for line in siege.said() if line.get("event") == "fault"]
    unexplained = [line for line in faults if (line["name"], line["error"]) not in STOOD_STILL]
    assert {line["error"] for line in unexplained} <= LOST_LINE, unexplained
    assert siege.side.faults_seen == []
    sys.stdout.write(f"\n{siege.kills} kills, {siege.pauses} pauses, {siege.cuts} cuts in {spent:.0f} s; ")
    sys.stdout.write(reckoning.in_words(siege, record, sent_again))
