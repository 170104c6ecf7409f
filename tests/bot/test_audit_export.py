"""`sopwith audit export` and `sopwith verify` as an operator and an auditor use them, on both databases."""

import json
import os
import sqlite3
import stat
import subprocess
import sys
import tracemalloc
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from bot import os_user
from bot.opening import open_store
from bot.packs import log_pack, verifying
from bot.packs.log_lines import ENTRIES, README
from bot.packs.log_pack import Period, export
from bot.packs.making import NewPack, NotEmpty, new_pack
from bot.packs.manifest import MANIFEST, PUBLIC_KEY
from bot.terminal import No
from storage import audit, guards
from storage.store import Tx
from tests.support.installed import ROOT, Installed
from tests.support.proof import copied

ME = os_user.speaker("cli")
NAMES = {"A1": "Brightwater Ltd", "A2": "Hollis & Sons"}
NOTHING_SET = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "200"}


@pytest.fixture
def firm(tmp_path: Path, database_url: str) -> Iterator[Installed]:
    built = Installed(tmp_path / "firm", database_url)
    built.staff(NAMES)
    yield built


@pytest.fixture
def small(tmp_path: Path) -> Installed:
    return Installed(tmp_path / "firm")


def auditor(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`sopwith verify` on a machine with nothing but the pack."""
    return subprocess.run(
        [sys.executable, "-m", "bot", "verify", *words],
        cwd=folder,
        env=NOTHING_SET,
        capture_output=True,
        text=True,
        timeout=60,
    )


def entries(pack: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (pack / ENTRIES).read_text().splitlines()]


def days(firm: Installed, *instants: datetime) -> None:
    """An entry at each of these instants, in this order."""
    for at in instants:
        store = open_store(firm.settings(), now=lambda at=at: at)
        store.write(lambda tx: audit.record(tx, "thing.done", who="PE-1")).result()
        store.write(audit.sequence).result()
        store.close()


# --- made while the service runs, and while none does


def test_the_whole_log_goes_to_an_auditor_while_the_service_runs_and_while_none_does(
    firm: Installed, tmp_path: Path
) -> None:
    with firm.serving():
        firm.done("audit", "export", "running")
    firm.done("audit", "export", "stopped")
    sizes = []
    for name in ("running", "stopped"):
        pack = copied(firm.folder / name, tmp_path / "desk" / name)
        done = auditor(tmp_path / "desk", name, "--json")
        told = json.loads(done.stdout)
        assert (done.returncode, told["ok"], told["problem"], told["first_bad"]) == (0, True, "", None)
        found = entries(pack)
        assert [one["position"] for one in found] == list(range(1, told["size"] + 1))
        assert any((one["entry"]["what"], one["entry"].get("who")) == ("log.exported", ME) for one in found)
        sizes.append(told["size"])
    assert sizes[1] > sizes[0]
    assert json.loads(firm.done("audit", "verify", "--json"))["size"] == sizes[1]


def test_what_lies_in_the_pack_are_the_very_bytes_of_the_log_and_no_content(firm: Installed) -> None:
    firm.done("audit", "export", "pack")
    store = open_store(firm.settings())
    stored = store.read(lambda tx: audit.entries(tx, limit=1000)).result()
    store.close()
    lines = (firm.folder / "pack" / ENTRIES).read_bytes().splitlines()
    assert lines == [b'{"position":%d,"entry":%s}' % (one.position, one.body) for one in stored[: len(lines)]]
    everything = b"".join(path.read_bytes() for path in (firm.folder / "pack").iterdir())
    for secret in (*NAMES.values(), "ann@x.example", "Ann Ward", (firm.folder / "audit.key").read_text().strip()):
        assert secret.encode() not in everything


def test_the_folder_and_its_files_are_its_owners_alone(small: Installed) -> None:
    (small.folder / "pack").mkdir(mode=0o755)
    small.done("audit", "export", "pack")
    assert stat.S_IMODE((small.folder / "pack").stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in (small.folder / "pack").iterdir()} == {0o600}


# --- a period


def test_a_period_is_days_on_the_firms_clock_and_holds_every_position_between(firm: Installed) -> None:
    """GOOD's firm is in London, an hour before UTC in summer."""
    start = json.loads(firm.done("audit", "verify", "--json"))["size"]
    days(
        firm,
        datetime(2098, 6, 30, 22, 59, tzinfo=UTC),  # 30 June 23:59 in London
        datetime(2098, 6, 30, 23, 0, tzinfo=UTC),  # 1 July 00:00
        datetime(2098, 7, 2, 12, 0, tzinfo=UTC),
        datetime(2098, 6, 30, 12, 0, tzinfo=UTC),  # the clock was put back: between two of the period
        datetime(2098, 7, 3, 22, 59, tzinfo=UTC),  # 3 July 23:59
        datetime(2098, 7, 3, 23, 0, tzinfo=UTC),  # 4 July 00:00
    )
    made = export(firm.settings(), firm.folder / "july", date(2098, 7, 1), date(2098, 7, 3))
    assert (made.first, made.last) == (start + 2, start + 5)
    found = verifying.verdict(firm.folder / "july", "", None)
    assert (found.ok, found.first, found.last) == (True, start + 2, start + 5)
    assert [one["position"] for one in entries(firm.folder / "july")] == [start + n for n in (2, 3, 4, 5)]
    assert "2098-07-01 to 2098-07-03, days in the zone Europe/London" in (firm.folder / "july" / README).read_text()


def test_the_period_that_was_asked_for_is_on_record(small: Installed) -> None:
    small.done("audit", "export", "pack", "--since", "2026-01-01", "--until", "2099-12-31")
    small.done("audit", "export", "again", "--until", "2099-12-31")
    last, before = (one["entry"] for one in entries(small.folder / "again")[:-3:-1])
    assert (before["since"], before["until"]) == ("2026-01-01", "2099-12-31")
    assert "since" not in last


def test_a_period_without_entries_is_a_whole_pack_that_says_so(small: Installed) -> None:
    assert "no entry of this period" in small.done("audit", "export", "pack", "--until", "2020-01-01")
    done = auditor(small.folder, "pack")
    assert (done.returncode, done.stdout.partition(" of")[0]) == (0, "The pack is whole: no entry")
    assert (small.folder / "pack" / ENTRIES).read_bytes() == b""


# --- what is refused, and what then is left


WRONG_USE = (
    (("full",), "full is not empty"),
    (("link",), "link is a link"),
    (("file",), "file is there already and is no folder"),
    (("x", "--since", "yesterday"), "--since: 'yesterday' is no day"),
    (("x", "--since", "2026-02-02", "--until", "2026-02-01"), "--until: is before --since"),
    (("file/x",), "cannot be written"),
)


def test_a_folder_that_is_taken_and_a_period_that_is_none_are_wrong_use_and_leave_no_entry(small: Installed) -> None:
    small.done("db", "upgrade")
    (small.folder / "full").mkdir()
    (small.folder / "full" / "note").touch()
    (small.folder / "link").symlink_to(small.folder / "elsewhere")
    (small.folder / "file").touch()
    before = small.done("audit", "verify", "--json")
    for words, said in WRONG_USE:
        done = small.run("audit", "export", *words)
        assert (done.returncode, done.stdout) == (2, ""), words
        assert said in done.stderr
        assert "Traceback" not in done.stderr
    assert small.done("audit", "verify", "--json") == before
    assert not (small.folder / "x").exists()
    assert not (small.folder / "elsewhere").exists()


def test_a_log_that_is_not_whole_is_not_exported_and_nothing_is_left(small: Installed) -> None:
    small.staff(NAMES)
    conn = sqlite3.connect(small.folder / "firm.db")
    for guard in guards.SQLITE:
        conn.execute(f"DROP TRIGGER IF EXISTS {guard}")
    conn.execute("UPDATE audit_log SET body = '{}' WHERE position = 4")
    conn.commit()
    conn.close()
    done = small.run("audit", "export", "pack")
    assert (done.returncode, done.stdout) == (1, "")
    assert "not whole, so it was not exported: Entry 4 is not what was written there." in done.stderr
    assert not (small.folder / "pack").exists()


def test_a_log_shorter_than_its_checkpoints_is_not_signed_again(small: Installed) -> None:
    small.staff(NAMES)
    copy = (small.folder / "firm.db").read_bytes()
    with small.serving():
        small.take_clients({"A3": "Third"})
    assert (small.folder / "checkpoints.txt").exists()
    (small.folder / "firm.db").write_bytes(copy)
    for side in ("firm.db-wal", "firm.db-shm"):
        (small.folder / side).unlink(missing_ok=True)
    done = small.run("audit", "export", "pack")
    assert done.returncode == 1
    assert "a signed checkpoint saw" in done.stderr
    assert not (small.folder / "pack").exists()


def test_what_was_broken_off_leaves_nothing_behind(tmp_path: Path) -> None:
    def fails(pack: NewPack) -> None:
        pack.add("a.txt", "a")
        with pack.file("b.txt") as file:
            file.write(b"b")
            raise KeyboardInterrupt

    for folder in (tmp_path / "new" / "pack", tmp_path / "there"):
        if folder.name == "there":
            folder.mkdir()
        with pytest.raises(KeyboardInterrupt), new_pack(folder) as pack:
            fails(pack)
    assert not (tmp_path / "new" / "pack").exists()
    assert list((tmp_path / "there").iterdir()) == []


def test_a_planted_file_is_not_written_over(tmp_path: Path) -> None:
    (tmp_path / "target").write_text("kept")
    with new_pack(tmp_path / "pack") as pack:
        (tmp_path / "pack" / "a.txt").symlink_to(tmp_path / "target")
        with pytest.raises(FileExistsError):
            pack.add("a.txt", "lost")
    assert (tmp_path / "target").read_text() == "kept"
    with pytest.raises(NotEmpty), new_pack(tmp_path / "pack"):
        pass


# --- the auditor's side


def test_the_auditor_is_told_where_the_key_came_from_and_what_was_compared(small: Installed, tmp_path: Path) -> None:
    small.staff(NAMES)
    with small.serving():
        pass  # a checkpoint is signed
    small.done("audit", "export", "pack")
    done = auditor(small.folder, "pack")
    assert done.returncode == 0
    assert "The public key came with the pack" in done.stderr
    key = copied(small.folder / "pack", tmp_path / "copy") / PUBLIC_KEY
    done = auditor(small.folder, "pack", "--public-key", str(key), "--checkpoints", "checkpoints.txt")
    assert (done.returncode, "came with the pack" in done.stderr) == (0, False)
    assert "of your checkpoints" in done.stderr


def test_a_pack_that_was_changed_is_a_true_no(small: Installed) -> None:
    small.done("audit", "export", "pack")
    with (small.folder / "pack" / ENTRIES).open("ab") as file:
        file.write(b"\n")
    done = auditor(small.folder, "pack", "--json")
    told = json.loads(done.stdout)
    assert done.returncode == 1
    assert (told["ok"], told["problem"]) == (False, f"{ENTRIES} is not the file that was written.")
    (small.folder / "pack" / MANIFEST).unlink()
    done = auditor(small.folder, "pack")
    assert (done.returncode, done.stdout, done.stderr.strip()) == (
        1,
        "",
        f"{MANIFEST} is missing: this is no pack, or not all of it.",
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nowhere",), "nowhere is no folder"),
        (("sopwith.toml",), "sopwith.toml is no folder"),
        ((".", "--public-key", "nowhere.pub"), "--public-key: nowhere.pub cannot be read"),
        ((".", "--public-key", "sopwith.toml"), "--public-key: A verifier key reads"),
        ((".", "--checkpoints", "nowhere.txt"), "--checkpoints: nowhere.txt cannot be read"),
        ((), "Missing argument"),
    ],
)
def test_what_cannot_be_looked_at_is_wrong_use(small: Installed, words: tuple[str, ...], said: str) -> None:
    done = auditor(small.folder, *words)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_checking_imports_no_database(small: Installed) -> None:
    small.done("audit", "export", "pack")
    code = (
        "import sys; from bot.__main__ import run; status = run(['verify', 'pack']); "
        "print(status, [m for m in sys.modules if m.split('.')[0] in {'sqlalchemy', 'alembic', 'psycopg', 'aiohttp'}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=small.folder, env=NOTHING_SET, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "0 []"


# --- a long log


def test_a_long_log_is_never_all_in_memory(firm: Installed) -> None:
    many, body = 30_000, "x" * 200

    def write(tx: Tx) -> None:
        for number in range(3000):
            audit.record(tx, "thing.done", who="PE-1", thing=f"{body}{number}")

    store = open_store(firm.settings())
    for _ in range(many // 3000):
        store.write(write).result()
        while store.write(audit.sequence).result():
            pass
    store.close()
    settings, period = firm.settings(), Period(since=date(2000, 1, 1), until=None, zone=UTC)
    export(settings, firm.folder / "whole", None, None)
    tracemalloc.start()
    with new_pack(firm.folder / "pack") as pack:
        assert log_pack._copied(settings, period, pack).size >= many
    copying = tracemalloc.get_traced_memory()[1]
    tracemalloc.reset_peak()
    assert verifying.verdict(firm.folder / "whole", "", None).ok
    checking = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    size = (firm.folder / "whole" / ENTRIES).stat().st_size
    assert size > 8_000_000
    assert max(copying, checking) < size / 2


def test_entries_that_wait_on_a_server_get_their_position_before_the_export(firm: Installed) -> None:
    def later(tx: Tx) -> None:
        audit.record(tx, "thing.done", who="PE-1", thing="waiting")

    store = open_store(firm.settings())
    store.write(later).result()  # on PostgreSQL nobody gives it a position: no service runs
    store.close()
    export(firm.settings(), firm.folder / "pack", None, None)
    told = [one["entry"]["what"] for one in entries(firm.folder / "pack")]
    assert told[-2:] == ["thing.done", "log.exported"]


def test_a_name_that_is_no_day_is_refused_at_the_desk_and_not_repeated(small: Installed) -> None:
    from bot.desk import asked, hand_over

    with pytest.raises(No, match="given in days"):
        hand_over(small.settings(), asked("audit.export", {"since": "Brightwater", "until": ""}))
    small.done("audit", "export", "pack")
    assert "Brightwater" not in (small.folder / "pack" / ENTRIES).read_text()
