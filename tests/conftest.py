"""What all tests share: the option --long, a database of either kind, and property tests never failed for slowness."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from hypothesis import settings

from tests.support.postgres import Server

settings.register_profile("house", deadline=None)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests that take minutes")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--long"):
        return
    for item in items:
        if item.get_closest_marker("long"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: run with --long"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """The ordinary tests' server: it waits for no disk."""
    server = Server()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a new database, of both kinds: whoever asks for it runs on both. On PostgreSQL its tables are
    there already."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'a house #1.db'}"
        return
    server: Server = request.getfixturevalue("postgres")
    url = server.database()
    yield url
    server.drop(url)


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A command line that a test ran in this process leaves its quiet logs to no other test."""
    yield
    structlog.reset_defaults()


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Gives the address of one empty database after the other, all of one kind."""
    made: list[str] = []
    server: Server | None = request.getfixturevalue("postgres") if request.param == "postgresql" else None

    def new() -> str:
        made.append(server.database(empty=True) if server else f"sqlite:///{tmp_path / f'new {len(made)}.db'}")
        return made[-1]

    yield new
    for url in made if server else ():
        server.drop(url)
