"""The sandbox firm with everybody on Teams: the real service over real HTTP, Microsoft's side of the wire around it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.firm import Firm
from bot.sandbox.teams.person import Person
from bot.sandbox.teams.world import World
from tests.journeys.conftest import Town
from tests.support.chats import CHATS, faults_seen


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    firm = Firm(tmp_path, **CHATS["teams"].settings())
    await firm.start()
    yield Town(firm, CHATS["teams"])
    await firm.stop()
    assert faults_seen(firm) == []


@pytest.fixture
def world(town: Town) -> World:
    assert town.firm.teams
    return town.firm.teams


@pytest.fixture
def amelia(town: Town) -> Person:
    assert isinstance(town.amelia, Person)
    return town.amelia
