"""The power goes at any moment, below SQLite: whatever was not synced is gone, torn or out of order, and nothing that
was acknowledged is lost. And a disk that is full: said, and nothing half kept."""

import sys
import time
from pathlib import Path

import pytest

from tests.support.power.disk import Way, journal
from tests.support.power.outage import Outages, Told, faults, worked
from tests.support.power.worker import DATABASE, settings


def test_nothing_acknowledged_is_lost_when_the_power_goes(tmp_path: Path) -> None:
    worked(tmp_path, entries=45, seed=1)
    outages = Outages(folder=tmp_path, seed=1)
    outages.look(150)
    assert outages.wrong == []
    assert set(outages.ways) == {way.name for way in Way}
    assert outages.kept > 150 * 10
    _sqlite_moved_its_log_into_the_file_while_it_worked(tmp_path)


def _sqlite_moved_its_log_into_the_file_while_it_worked(folder: Path) -> None:
    """Else the most dangerous moments were not among them: the file is written while the second life goes on."""
    lines = journal(folder / "journal")
    written = [at for at, line in enumerate(lines) if line.op == "W" and line.path.endswith(DATABASE)]
    assert any(line.op == "W" and line.path.endswith("acknowledged") for line in lines[written[-1] :])


@pytest.mark.long
@pytest.mark.parametrize("seed", range(2, 12))
def test_nothing_acknowledged_is_lost_in_two_thousand_outages(tmp_path: Path, seed: int) -> None:
    began = time.monotonic()
    worked(tmp_path, entries=45, seed=seed)
    outages = Outages(folder=tmp_path, seed=seed)
    outages.look(2000)
    assert outages.wrong == []
    sys.stdout.write(
        f"\n2,000 outages in {time.monotonic() - began:.0f} s, {outages.kept} times found: {outages.ways}\n"
    )


def test_a_database_that_does_not_wait_for_the_disk_is_found_out(tmp_path: Path) -> None:
    worked(tmp_path, entries=10, seed=1, how="sloppy")
    outages = Outages(folder=tmp_path, seed=1)
    outages.look(40)
    assert [fault for fault in outages.wrong if "was acknowledged and is lost" in fault]
    assert outages.ways["KEPT"] > 0
    assert [fault for fault in outages.wrong if " KEPT: " in fault] == []


def test_a_full_disk_is_said_and_the_same_form_is_taken_when_there_is_room_again(tmp_path: Path) -> None:
    disk, told = worked(tmp_path, entries=12, seed=1, how="full"), Told()
    for line in journal(tmp_path / "journal"):
        told.take(line)
    assert len(told.entries) + len(told.breaches) == 12 + 12 + 3 * 12
    assert told.breaches
    assert faults(settings(tmp_path, disk), told) == []
