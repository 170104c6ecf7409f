"""A complaint that nobody owns climbs in each holder's own hours: over weekends, holidays and the days on which the
clocks change, with every instant written out."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storage import audit, people
from storage.store import Tx
from tests.handlers.test_complaints import record, reference
from tests.support.house import POLICY, House

WEEK = "\n".join(f'{day} = ["09:00-17:00"]' for day in ("mon", "tue", "wed", "thu", "fri"))
GULF = "\n".join(f'{day} = ["09:00-17:00"]' for day in ("sun", "mon", "tue", "wed", "thu"))
CALENDARS = f"""
[calendars.new_york]
zone = "America/New_York"
[calendars.new_york.open]
{WEEK}
[calendars.dubai]
zone = "Asia/Dubai"
[calendars.dubai.open]
{GULF}
"""
GOOD_FRIDAY = 'zone = "Europe/London"\nclosed = ["2026-04-03", "2026-04-06"]\n[calendars.london.open]'
TEXT = POLICY.replace('zone = "Europe/London"\n[calendars.london.open]', GOOD_FRIDAY) + CALENDARS


@pytest.fixture
def abroad(tmp_path: Path, database_url: str) -> Iterator[House]:
    """Jonas and Margaret work in London, Rosa (head of the department) in New York, Priya in Dubai."""
    built = House(tmp_path, database_url, text=TEXT, now=utc("2026-03-02 09:00"))

    def moved(tx: Tx) -> None:
        people.change(tx, built.ids["amelia"], department_head_id=built.ids["rosa"])
        for who, calendar in (("jonas", "london"), ("margaret", "london"), ("rosa", "new_york"), ("priya", "dubai")):
            people.change(tx, built.ids[who], calendar=calendar)

    built.write(moved)
    yield built
    built.close()


def utc(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def rungs(house: House) -> list[tuple[datetime, str]]:
    """When each rung was told, and who stood on it."""
    names = {id: word for word, id in house.ids.items()}
    told = [entry for entry in house.read(audit.entries) if entry.words["what"] == "rung.told"]
    return [(datetime.fromisoformat(e.words["at"]), names[e.words["people"]]) for e in told]


# London's clocks go forward on Sunday 29 March (New York's did on the 8th) and back on Sunday 25 October (New York's do
# on 1 November); Dubai's never move. Each has four hours of nine to five, Dubai on Sundays too; the top is told again
# on each of London's business days, to the hour.
SPRING = [
    ("2026-03-27 15:30", "jonas"),  # Friday 15:30 in London: an hour and a half is left
    ("2026-03-30 10:30", "rosa"),  # Monday 11:30 BST, two and a half hours after nine; 6:30 in New York
    ("2026-03-30 17:00", "priya"),  # 13:00 in New York; 21:00 in Dubai
    ("2026-03-31 09:00", "margaret"),  # Tuesday 13:00 in Dubai; 10:00 BST
    ("2026-04-01 09:00", "margaret"),
    ("2026-04-02 09:00", "margaret"),  # Thursday; Good Friday and Easter Monday are closed
    ("2026-04-07 09:00", "margaret"),
]
AUTUMN = [
    ("2026-10-23 14:30", "jonas"),  # Friday 15:30 BST
    ("2026-10-26 11:30", "rosa"),  # Monday 11:30 GMT; 7:30 in New York, still on summer time
    ("2026-10-26 17:00", "priya"),  # 13:00 in New York
    ("2026-10-27 09:00", "margaret"),  # Tuesday 13:00 in Dubai; 9:00 GMT
    ("2026-10-28 09:00", "margaret"),
    ("2026-10-29 09:00", "margaret"),
    ("2026-10-30 09:00", "margaret"),
    ("2026-11-02 09:00", "margaret"),  # Monday
]
SUNDAY_IN_DUBAI = [  # Priya's Sunday counts, though Friday and Saturday do not; London's night of 59 minutes less too
    ("2026-03-26 16:30", "jonas"),  # Thursday 16:30 in London
    ("2026-03-27 12:30", "rosa"),  # Friday 12:30 GMT; 8:30 in New York
    ("2026-03-27 17:00", "priya"),  # 13:00 in New York; 21:00 in Dubai
    ("2026-03-29 09:00", "margaret"),  # Sunday 13:00 in Dubai; 10:00 BST, nine hours after the clocks changed
    ("2026-03-31 08:00", "margaret"),  # told while closed: Monday nine o'clock BST, and a business day after it
]


@pytest.mark.parametrize("expected", [SPRING, AUTUMN, SUNDAY_IN_DUBAI])
def test_it_climbs_over_a_weekend_and_a_change_of_the_clocks(abroad: House, expected: list[tuple[str, str]]) -> None:
    abroad.now = utc(expected[0][0])
    reference(record(abroad))
    until = utc(expected[-1][0])
    abroad.later(seconds=(until - abroad.now - timedelta(seconds=1)).total_seconds())
    assert rungs(abroad) == [(utc(at), who) for at, who in expected[:-1]]
    abroad.later(seconds=1)
    assert rungs(abroad) == [(utc(at), who) for at, who in expected]
