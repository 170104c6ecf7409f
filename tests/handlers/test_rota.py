"""Who is on call stands on everybody's home, by the day of the firm's zone, and never somebody who has left."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handlers.breaches import rota
from handlers.request import Kind
from handlers.views import Page, Text
from storage import people
from tests.support.house import POLICY, House

ROTA = """
[[breach.on_call]]
person = "Priya@harbour.example"
phone = "+44 20 7946 0001"
to = 2026-11-22
[[breach.on_call]]
name = "Night desk"
phone = "+44 20 7946 0002"
from = 2026-11-23
to = 2026-11-29
"""
DESK = '[[breach.on_call]]\nname = "Counsel"\nphone = "020 7946 0003 ext 4"\n'


@pytest.fixture
def rota_house(tmp_path: Path, database_url: str) -> Iterator[House]:
    built = House(tmp_path, database_url, text=POLICY + ROTA)
    yield built
    built.close()


def lines(house: House, who: str = "amelia") -> list[str]:
    page = house.ask(who, Kind.COMMAND, "home")
    assert isinstance(page, Page)
    return [item.text for item in page.items if isinstance(item, Text) and "on call" in item.text.lower()]


def test_without_a_rota_nothing_is_said(house: House) -> None:
    assert lines(house) == []


def test_everybody_sees_whom_to_ring_and_until_when(rota_house: House) -> None:
    for who in ("amelia", "tomas", "margaret"):
        said = "On call for a breach: Priya Nair, +44 20 7946 0001, until Mon 00:00 (London)"
        assert lines(rota_house, who) == [said]


def test_the_turn_changes_at_midnight_of_the_firm_and_a_gap_says_what_else_to_do(rota_house: House) -> None:
    rota_house.now = datetime(2026, 11, 22, 23, 59, tzinfo=UTC)
    assert "Priya Nair" in lines(rota_house)[0]
    rota_house.now = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
    assert "Night desk, +44 20 7946 0002" in lines(rota_house)[0]
    rota_house.now = datetime(2026, 11, 30, 0, 0, tzinfo=UTC)
    assert lines(rota_house) == ["Nobody is on call for a breach today. Ring +44 20 7946 0000 (DPO on call)"]


def test_whoever_has_left_is_passed_over_and_the_doctor_is_told(tmp_path: Path, database_url: str) -> None:
    house = House(tmp_path, database_url, text=POLICY + ROTA + DESK)
    try:
        assert house.read(lambda tx: rota.faults(tx, house.policy)) == {"gaps": [], "gone": []}
        house.write(lambda tx: people.change(tx, house.ids["priya"], left_at=house.now))
        assert lines(house) == ["On call for a breach: Counsel, 020 7946 0003 ext 4, until Mon 00:00 (London)"]
        assert house.read(lambda tx: rota.faults(tx, house.policy))["gone"] == ["priya@harbour.example"]
    finally:
        house.close()


def test_gaps_of_the_next_fourteen_days_are_named(rota_house: House) -> None:
    rota_house.now = datetime(2026, 11, 16, 12, tzinfo=UTC)  # to the 29th
    assert rota_house.read(lambda tx: rota.faults(tx, rota_house.policy))["gaps"] == []
    rota_house.now = datetime(2026, 11, 17, 12, tzinfo=UTC)
    assert rota_house.read(lambda tx: rota.faults(tx, rota_house.policy))["gaps"] == ["Mon 30 Nov"]
    rota_house.now = datetime(2026, 11, 20, 12, tzinfo=UTC)
    assert rota_house.read(lambda tx: rota.faults(tx, rota_house.policy))["gaps"] == ["Mon 30 Nov to Thu 3 Dec"]
