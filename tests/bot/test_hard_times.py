"""When the disk is full, the file is held by another, or a timer fails again and again: said, and nothing spoilt."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.slack.incoming import submission
from handlers.request import Account
from storage import deadlines, timers, watch
from storage.sqlite_file import BUSY_MS
from storage.store import Tx
from tests.support.house import House
from tests.support.installed import Installed
from tests.support.line import Line
from tests.support.postgres import Server

GONE = "The database cannot be used at the moment; nothing was saved."


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


LITTLE_ROOM = """
import resource, sys
from pathlib import Path
from bot import checkpoints
path = Path(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))  # a write beyond it is cut short, as on a full disk
checkpoints.append(path, "first" * 100)
try:
    checkpoints.append(path, "second" * 100)  # 500 bytes fit, 600 more do not
except OSError as error:
    print(error.strerror)
"""


def test_a_full_disk_leaves_no_half_checkpoint_behind(tmp_path: Path) -> None:
    path = tmp_path / "checkpoints.txt"
    said = subprocess.run([sys.executable, "-c", LITTLE_ROOM, path], capture_output=True, text=True, check=True)
    assert "space" in said.stdout
    assert path.read_text() == "first" * 100


def test_who_waited_in_the_queue_has_that_much_less_patience_with_a_file_held_by_another(house: House) -> None:
    def patience(tx: Tx) -> int:
        found: int = tx.conn.exec_driver_sql("PRAGMA busy_timeout").scalar_one()
        return found

    house.store.write(lambda tx: time.sleep(0.3))
    assert house.store.write(patience).result() <= BUSY_MS - 300
    assert house.write(patience) > BUSY_MS - 300


def test_a_line_to_the_server_that_breaks_in_the_middle_of_a_start_is_said_plainly(
    tmp_path: Path, postgres: Server
) -> None:
    url = postgres.database()
    line = Line(url)
    line.lose_commits("before")
    firm = Installed(tmp_path / "firm", line.url)
    ended = firm.run("run")
    assert (ended.returncode, ended.stderr.splitlines()[-1]) == (2, f"{GONE} See `sopwith doctor`.")
    firm.done("db", "upgrade")
    line.close()
    postgres.drop(url)


def test_a_deadline_whose_timer_fails_again_and_again_is_said_by_the_watch(house: House) -> None:
    house.log("amelia")
    (deadline,) = house.read(deadlines.all_open)
    house.write(lambda tx: tx.conn.exec_driver_sql("UPDATE deadlines SET plan = 'no plan'"))
    assert house.read(watch.forgotten) == []
    for _attempt in range(5):
        (timer,) = house.read(timers.upcoming)
        house.now = max(house.now, timer.due_at)
        asyncio.run(house.doorway.fire(timer))
    assert house.read(watch.forgotten) == [deadline.id]


def test_two_forms_without_a_trigger_do_not_pass_for_each_other() -> None:
    view = {"private_metadata": '{"name": "log-client"}', "state": {"values": {}}}
    account = Account(platform="slack", id="T1/U1")
    assert submission({"view": view, "trigger_id": "1.2"}, account).key == "submit:1.2"
    assert submission({"view": view}, account).key == ""
