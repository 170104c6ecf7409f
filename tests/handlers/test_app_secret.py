"""The app's secret ends on a day: administrators are told 60, 30 and 7 days before, once each, in chat and by mail."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handlers.request import Ask, Kind, Request
from handlers.router import find
from handlers.views import Card, Data
from storage import people, timers
from storage.outbox import Notice
from storage.store import Tx
from tests.support.house import House

KIND = "secret.expires"


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    built = House(tmp_path, database_url)
    yield built
    built.close()


def start(house: House, expires: str) -> None:
    """The part of a start that says when the secret ends."""
    request = Request(kind=Kind.DESK, name="secret.known", operator="service:root", values={"expires": expires})
    answer = asyncio.run(house.doorway.handle(request))
    assert isinstance(answer, Data)
    assert answer.ok


def due(house: House) -> list[datetime]:
    return [t.due_at for t in house.read(lambda tx: timers.of(tx, "teams"))]


def card(house: House, notice: Notice) -> Card | None:
    entry = find(Kind.NOTICE, KIND)
    assert entry

    def painted(tx: Tx) -> Card | None:
        person = people.by_id(tx, notice.recipient_id)
        request = Request(kind=Kind.NOTICE, name=KIND, subject=notice.subject)
        found = entry.handler(tx, notice, person, Ask(request=request, policy=house.policy, actor=person))
        assert found is None or isinstance(found, Card)
        return found

    found: Card | None = house.read(painted)
    return found


def test_nobody_is_told_early_and_each_warning_comes_once_at_nine_in_the_firms_zone(house: House) -> None:
    start(house, "2027-06-30")
    assert house.told("rosa", KIND) == []
    assert due(house) == [datetime(2027, 5, 1, 8, 0, tzinfo=UTC)]  # nine o'clock in London's summer
    house.later(days=(datetime(2027, 5, 1, 9, tzinfo=UTC) - house.now).days + 1)
    assert [n.key.split(":")[2] for n in house.told("rosa", KIND)] == ["60"]
    start(house, "2027-06-30")
    house.later(days=31)
    house.later(days=24)
    assert sorted(n.key.split(":")[2] for n in house.told("rosa", KIND)) == ["30", "60", "7"]
    assert due(house) == []
    assert house.told("margaret", KIND) == house.told("amelia", KIND) == []


def test_a_start_shortly_before_the_end_tells_the_last_warning_that_is_due(house: House) -> None:
    start(house, (house.now + timedelta(days=20)).date().isoformat())
    (notice,) = house.told("rosa", KIND)
    shown = card(house, notice)
    assert shown
    assert shown.title == "The secret of the Teams app ends on Thursday 10 December 2026"
    assert "TEAMS_SECRET_EXPIRES" in str(shown)
    house.later(days=30)
    shown = card(house, notice)
    assert shown
    assert "ended on" in shown.title


def test_a_renewed_secret_is_spoken_of_no_more(house: House) -> None:
    start(house, (house.now + timedelta(days=20)).date().isoformat())
    (notice,) = house.told("rosa", KIND)
    start(house, (house.now + timedelta(days=700)).date().isoformat())
    assert card(house, notice) is None
    assert len(due(house)) == 1
    start(house, "")
    assert due(house) == []
    assert house.happened().count("secret.renewed") == 3


def test_it_goes_by_letter_too_even_when_chat_has_brought_it_home() -> None:
    entry = find(Kind.NOTICE, KIND)
    assert entry
    assert entry.letter
