"""Whatever the command line writes is on record with the user of the machine who did it; what only asks leaves none."""

import base64
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from bot import os_user
from storage import audit
from storage.store import Tx, reading_engine
from tests.support.policy_texts import GOOD

PEOPLE = "email,name,roles\nann@x.example,Ann,staff;dpo\nben@x.example,Ben,staff\n"
CLIENTS = "ref,name,owner\n4711,Brightwater Estates,ann@x.example\n"
SETTING_UP = (("db", "upgrade"), ("people", "import", "people.csv"), ("clients", "import", "clients.csv"))
EXPORT = ("clients", "export", "4711", "--as")
ME = os_user.speaker("cli")
Run = Callable[..., int]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """A command in a fresh folder, as the one who runs the tests; the environment claims somebody else."""
    (tmp_path / "sopwith.toml").write_text(GOOD)
    (tmp_path / "people.csv").write_text(PEOPLE)
    (tmp_path / "clients.csv").write_text(CLIENTS)
    keys = {name: base64.b64encode(os.urandom(32)).decode() for name in ("SOPWITH_MASTER_KEY", "SOPWITH_AUDIT_KEY")}
    lies = {"USER": "margaret", "SUDO_USER": "margaret"}
    env = keys | lies | {"PATH": os.environ["PATH"], "PYTHONPATH": str(Path.cwd())}

    def command(*words: str) -> int:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *words], env=env, cwd=tmp_path, capture_output=True, check=False, timeout=60
        )
        return done.returncode

    return command


def record(folder: Path) -> list[dict[str, Any]]:
    """The audit entries, read from the file."""
    engine = reading_engine(f"sqlite:///{folder}/sopwith.db")
    with closing(engine.connect()) as conn:
        tx = Tx(conn=conn, now=datetime.now(UTC), writable=False, _keyring=cast(Any, None))
        found = [entry.words for entry in audit.entries(tx)]
    engine.dispose()
    return found


def test_every_entry_of_a_firms_setting_up_names_who_did_it(run: Run, tmp_path: Path) -> None:
    for words in SETTING_UP:
        assert run(*words) == 0
        assert {entry.get("who") for entry in record(tmp_path)} == {ME}, words
    done = {entry["what"] for entry in record(tmp_path)}
    assert {"database.upgraded", "people.imported", "clients.imported", "client.added"} <= done


def test_an_export_names_who_took_it_and_whose_rights_were_used_and_so_does_a_refused_one(
    run: Run, tmp_path: Path
) -> None:
    for words in SETTING_UP:
        run(*words)
    assert run(*EXPORT, "ann@x.example") == 0
    taken = record(tmp_path)[-1]
    assert (taken["what"], taken["who"]) == ("file.exported", ME)
    assert taken["rights_of"].startswith("PE-")
    assert run(*EXPORT, "ben@x.example", "--out", "again") == 1
    refused = record(tmp_path)[-1]
    assert (refused["what"], refused["who"], refused["entry"]) == ("refused", ME, "desk:clients.export")


QUESTIONS = (
    ("audit", "verify"),
    ("manifest", "slack"),
    ("explain", "deadline", "--received", "2026-11-20T16:00:00Z", "--sla", "first_response"),
    ("explain", "clocks", "--list"),
    ("people", "import", "people.csv", "--dry-run"),
    ("clients", "import", "clients.csv", "--dry-run"),
)


def test_a_question_leaves_no_entry(run: Run, tmp_path: Path) -> None:
    for words in SETTING_UP:
        run(*words)
    before = record(tmp_path)
    for words in QUESTIONS:
        assert run(*words) == 0, words
    assert run("doctor") == 1  # nobody has the role senior_management
    assert record(tmp_path) == before
