"""The DPO's weekly look at openings: what stands out, with reasons; on both databases."""

from datetime import timedelta

import pytest

from handlers.need_to_know import weekly
from handlers.request import Kind
from handlers.views import Page, Say
from tests.handlers.test_emergency import begin as begin_emergency
from tests.support.house import House
from tests.support.many import more_clients


@pytest.fixture
def watched(house: House) -> House:
    house.ask(None, Kind.DESK, "openings.in-force", operator="op")
    return house


def page(house: House, who: str = "priya") -> str:
    house.happened()  # what happened has its place in the log
    found = house.open(who, "openings.week")
    assert isinstance(found, Page)
    return repr(found)


def opened(house: House, who: str, client: str = "heron") -> None:
    assert isinstance(house.open(who, "client.file", house.ids[client]), Page)


def test_an_ordinary_week_says_so_and_sends_nothing(watched: House) -> None:
    opened(watched, "amelia")
    assert "An ordinary week" in page(watched)
    watched.later(days=4)
    assert not watched.told("priya", "openings.weekly")


def test_openings_outside_working_hours_are_named_with_their_reason(watched: House) -> None:
    watched.now += timedelta(hours=5)  # Friday evening
    opened(watched, "amelia")
    opened(watched, "amelia")
    assert "Amelia Ward opened files outside working hours (2)." in page(watched)
    watched.later(days=4)
    (told,) = watched.told("priya", "openings.weekly")
    assert told.created_at.astimezone(watched.policy.zone).weekday() == weekly.MONDAY
    watched.later(days=7)
    assert len(watched.told("priya", "openings.weekly")) == 1
    assert "An ordinary week" in page(watched)


def test_a_look_that_comes_late_is_of_the_week_that_was_due(watched: House) -> None:
    """A holiday's longer hop or an outage of twelve days: what was opened before is not left out."""
    watched.now += timedelta(hours=5)  # Friday evening
    opened(watched, "amelia")
    monday = (watched.now + timedelta(days=3)).date().isoformat()
    watched.now += timedelta(days=12)
    watched.later(seconds=1)
    (told,) = watched.told("priya", "openings.weekly")
    assert told.subject == monday
    shown = watched.open("priya", "openings.week", told.subject)
    assert "Amelia Ward opened files outside working hours (1)." in repr(shown)


def test_emergency_access_stands_out(watched: House) -> None:
    begin_emergency(watched)
    opened(watched, "sana")
    assert "Sana Iqbal opened files by emergency access (1)." in page(watched)


def test_many_different_files_stand_out(watched: House) -> None:
    for word in more_clients(watched, "amelia", weekly.MANY):
        opened(watched, "amelia", word)
    assert f"Amelia Ward opened {weekly.MANY} different files." in page(watched)


def test_it_is_for_the_dpo_and_auditors_and_junk_is_no_day(watched: House) -> None:
    said = watched.open("amelia", "openings.week")
    assert isinstance(said, Say)
    assert "for another role" in said.text
    assert isinstance(watched.open("priya", "openings.week", "2026-99-99"), Page)
