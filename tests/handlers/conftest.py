"""Every procedure on both databases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.support_desk import Desk
from tests.support.house import House


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    built = House(tmp_path, database_url)
    yield built
    built.close()


@pytest.fixture
def desk(database_url: str) -> Iterator[Desk]:
    built = Desk(database_url)
    yield built
    built.close()
