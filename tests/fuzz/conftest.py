"""The sandbox firm with an ear at every log, for whatever is thrown at its doors.

`SOPWITH_FUZZ_SEED` makes another run; the same seed makes the same one, but for ids that Slack's side gives out.
"""

import asyncio
import logging
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.firm import Firm
from tests.journeys.conftest import Town
from tests.support.barrage import Barrage
from tests.support.canaries import word
from tests.support.eavesdropper import LOGGERS, Eavesdropper
from tests.support.judge import Judge
from tests.support.walk import Walked, walk


@pytest.fixture
def seed() -> int:
    return int(os.environ.get("SOPWITH_FUZZ_SEED", "20261124"))


@pytest.fixture
def judge(seed: int) -> Judge:
    return Judge(word=word(random.Random(seed)))


@pytest.fixture
async def ear(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Eavesdropper]:
    """At DEBUG, but for SQLAlchemy's rows, in which colleagues' names stand in clear as in any staff list."""
    listening = Eavesdropper()
    listening.listen(monkeypatch, logging.DEBUG)
    for name in LOGGERS[1:]:
        logging.getLogger(name).setLevel(logging.INFO)
    yield listening
    listening.stop()


@pytest.fixture
def socket_mode() -> bool:
    """Whether Slack's requests come over Socket Mode; a test module for it says so by one of its own."""
    return False


@pytest.fixture
def on_teams() -> tuple[str, ...]:
    """Who uses Teams; a test module for it says so by one of its own."""
    return ()


@pytest.fixture
async def firm(ear: Eavesdropper, tmp_path: Path, socket_mode: bool, on_teams: tuple[str, ...]) -> AsyncIterator[Firm]:
    built = Firm(tmp_path, socket_mode=socket_mode, on_teams=on_teams)
    ear.follow(built)
    await built.start()
    while not await built.service.doorway.ask(
        lambda tx: tx.conn.exec_driver_sql("SELECT count(*) FROM accounts").scalar()
    ):
        await asyncio.sleep(0.01)
    yield built
    await ear.see_it_close()


@pytest.fixture
async def walked(firm: Firm) -> list[Walked]:
    """What an ordinary day brought."""
    found = await walk(Town(firm))
    assert firm.workspace.faults_seen == []
    firm.workspace.trigger_seconds = 3600.0
    return found


@pytest.fixture
def barrage(firm: Firm, ear: Eavesdropper, judge: Judge, seed: int, walked: list[Walked]) -> Barrage:
    return Barrage(firm=firm, ear=ear, judge=judge, walked=walked, seed=seed)
