"""A contractor's last day ends at midnight where the firm is, on days when the clocks change too."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from handlers.request import Kind
from handlers.views import Form, Say
from storage import people
from storage.people import Person
from storage.store import Tx
from tests.support.house import POLICY, House

ENDED = "Your access has ended"


def house_in(folder: Path, zone: str) -> House:
    return House(folder, text=POLICY.replace('zone = "Europe/London"', f'zone = "{zone}"'))


@pytest.mark.parametrize(
    ("zone", "last_day", "over"),
    [
        ("Europe/London", "2026-11-20", "2026-11-21T00:00:00Z"),
        ("Europe/London", "2026-06-30", "2026-06-30T23:00:00Z"),  # summer time
        ("Europe/London", "2026-03-29", "2026-03-29T23:00:00Z"),  # the day has 23 hours
        ("Europe/London", "2026-10-25", "2026-10-26T00:00:00Z"),  # the day has 25 hours
        ("America/New_York", "2026-11-01", "2026-11-02T05:00:00Z"),
        ("America/New_York", "2026-03-08", "2026-03-09T04:00:00Z"),
        ("Asia/Tokyo", "2026-11-20", "2026-11-20T15:00:00Z"),
        ("Africa/Cairo", "2026-04-23", "2026-04-23T22:00:00Z"),  # the next day has no midnight: it starts at one
        ("Pacific/Kiritimati", "2026-11-20", "2026-11-20T10:00:00Z"),
    ],
)
def test_the_last_day_ends_at_the_firms_midnight(tmp_path: Path, zone: str, last_day: str, over: str) -> None:
    house, end = house_in(tmp_path, zone), datetime.fromisoformat(over)
    house.write(lambda tx: people.change(tx, house.ids["tomas"], ends_on=last_day))
    for now, here in ((end - timedelta(seconds=1), True), (end, False)):
        house.now = now
        person = house.read(lambda tx: people.by_id(tx, house.ids["tomas"]))
        assert isinstance(person, Person)
        assert person.active(now) is here
        assert bool(house.read(lambda tx: people.matching(tx, "tomas"))) is here
        said = house.ask("tomas", Kind.COMMAND, "log-client")
        assert isinstance(said, Form if here else Say), said
        assert (ENDED in repr(said)) is not here
    house.close()


def test_holders_of_a_role_are_asked_by_the_firms_date_too(tmp_path: Path) -> None:
    house = house_in(tmp_path, "America/New_York")
    house.write(lambda tx: people.change(tx, house.ids["tomas"], ends_on="2026-11-20", roles=["staff", "records"]))

    def named(tx: Tx) -> list[str]:
        return [person.name for person in people.holders(tx, "records")]

    house.now = datetime(2026, 11, 21, 4, 59, tzinfo=UTC)  # 23:59 there
    assert "Tomas Berg" in house.read(named)
    house.now = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
    assert "Tomas Berg" not in house.read(named)
    house.close()
