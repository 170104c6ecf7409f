"""Commands that touch the record: imports, exports, the audit log. Run within this process, on a real database."""

import csv
import io
import json
import os
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import structlog

from bot.__main__ import run
from bot.new_firm import Answers, write
from bot.sandbox.workspace import Workspace
from storage.store import lock_file
from tests.support.office_slack import slack
from tests.support.policy_texts import GOOD

PEOPLE = """\
email,name,roles,supervisor
margaret@x.example,Margaret Lane,staff;senior_management;dpo;records;admin,
amelia@x.example,Amelia Ward,staff,margaret@x.example
luca@x.example,Luca Reed,staff,margaret@x.example
"""
CLIENTS = "ref;name;owner\n4711/2;Brightwater Estates;amelia@x.example\n"


@dataclass(frozen=True, kw_only=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


Sopwith = Callable[..., Done]


@pytest.fixture
def sopwith(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Iterator[Sopwith]:
    """Runs a command in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    for name in [name for name in os.environ if name.startswith(("SOPWITH_", "SLACK_", "TEAMS_"))]:
        monkeypatch.delenv(name)

    def command(*words: str, env: Mapping[str, str] | None = None, stdin: str = "") -> Done:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in (env or {}).items():
                patch.setenv(name, value)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
            capsys.readouterr()
            status = run(words)
        said = capsys.readouterr()
        return Done(returncode=status, stdout=said.out, stderr=said.err)

    yield command
    structlog.reset_defaults()


@pytest.fixture
def firm(tmp_path: Path) -> Mapping[str, str]:
    """The variables of a firm with keys and a policy."""
    write(tmp_path, Answers(), date(2026, 11, 23))
    (tmp_path / "sopwith.toml").write_text(GOOD)
    return {"SOPWITH_MASTER_KEY_FILE": "master.key", "SOPWITH_AUDIT_KEY_FILE": "audit.key"}


@pytest.fixture
def staffed(tmp_path: Path, sopwith: Sopwith, firm: Mapping[str, str]) -> Mapping[str, str]:
    """A firm with people and one client file."""
    (tmp_path / "people.csv").write_text(PEOPLE)
    assert sopwith("people", "import", "people.csv", env=firm).returncode == 0
    assert sopwith("clients", "import", "-", env=firm, stdin=CLIENTS).returncode == 0
    return firm


def test_an_import_shows_what_it_does_and_a_second_one_changes_nothing(
    sopwith: Sopwith, firm: Mapping[str, str]
) -> None:
    dry = sopwith("people", "import", "-", "--dry-run", env=firm, stdin=PEOPLE)
    assert dry.returncode == 0
    assert "3 added, 0 updated, 0 unchanged, 0 not in the file. Nothing was written" in dry.stdout
    real = sopwith("people", "import", "-", env=firm, stdin="\ufeff" + PEOPLE.replace("\n", "\r\n"))
    assert "amelia@x.example" in real.stdout
    assert "3 added" in real.stdout
    fewer = "\n".join(PEOPLE.splitlines()[:3]).replace("Amelia Ward", "Amelia Hale")
    changed = sopwith("people", "import", "-", env=firm, stdin=fewer).stdout
    assert "0 added, 1 updated, 1 unchanged, 1 not in the file." in changed
    assert "luca@x.example" in changed


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("email,name\na@x.example,Ann\n", "line 1: the column roles is missing"),
        (PEOPLE.replace("margaret@x.example\n", "nobody@x.example\n"), "line 3: supervisor: "),
        (PEOPLE.replace("admin,", "admin,amelia@x.example"), "line 2: supervisor: "),
    ],
    ids=["shape", "unknown supervisor", "a circle"],
)
def test_bad_rows_are_all_reported_and_nothing_is_imported(
    sopwith: Sopwith, firm: Mapping[str, str], table: str, said: str
) -> None:
    done = sopwith("people", "import", "-", env=firm, stdin=table)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.endswith("Nothing was imported.\n")
    found = json.loads(sopwith("doctor", "--json", env=firm).stdout)
    assert "error" not in {one["status"] for one in found if one["check"] == "ladders"}


def test_a_clients_log_leaves_as_two_files_with_somebodys_rights(
    sopwith: Sopwith, tmp_path: Path, staffed: Mapping[str, str]
) -> None:
    words = ["clients", "export", "4711/2", "--as", "amelia@x.example"]
    assert json.loads(sopwith(*words, "--json", env=staffed).stdout)["client"]["name"] == "Brightwater Estates"
    assert sopwith(*words, "--out", "away", env=staffed).returncode == 0
    files = sorted((tmp_path / "away").iterdir())
    assert [path.name for path in files] == ["4711_2.csv", "4711_2.json"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert "summary" in next(csv.reader(files[0].read_text().splitlines()))
    assert json.loads(files[1].read_text())["interactions"] == []
    again = sopwith(*words, "--out", "away", env=staffed)
    assert again.returncode == 2
    assert "--overwrite" in again.stderr
    assert sopwith(*words, "--out", "away", "--overwrite", env=staffed).returncode == 0


@pytest.mark.parametrize("person", ["luca@x.example", "nobody@x.example"])
def test_an_export_that_chat_would_refuse_is_a_no(
    sopwith: Sopwith, tmp_path: Path, staffed: Mapping[str, str], person: str
) -> None:
    done = sopwith("clients", "export", "4711/2", "--as", person, env=staffed)
    assert (done.returncode, done.stdout) == (1, "")
    assert "Brightwater" not in done.stderr
    assert not list(tmp_path.glob("4711*"))


# --- the audit log, the database, the manifest ---------------------------------------------------------------------


def test_the_audit_log_is_verified_and_a_changed_entry_is_a_no(
    sopwith: Sopwith, tmp_path: Path, staffed: Mapping[str, str]
) -> None:
    good = sopwith("audit", "verify", "--json", env=staffed)
    told = json.loads(good.stdout)
    assert (good.returncode, told["ok"], told["first_bad"]) == (0, True, None)
    assert told["size"] > 3
    assert "itself only" in good.stderr
    _forge(tmp_path / "sopwith.db", position=2)
    bad = sopwith("audit", "verify", "--json", env=staffed)
    assert (bad.returncode, json.loads(bad.stdout)["ok"], json.loads(bad.stdout)["first_bad"]) == (1, False, 2)


def _forge(database: Path, position: int) -> None:
    connection = sqlite3.connect(database)
    with connection:
        connection.execute("DROP TRIGGER audit_log_no_update")
        connection.execute("UPDATE audit_log SET body = replace(body, '20', '21') WHERE position = ?", (position,))
    connection.close()


def test_verifying_without_a_database_is_wrong_use(sopwith: Sopwith, firm: Mapping[str, str]) -> None:
    done = sopwith("audit", "verify", "--json", env=firm)
    assert (done.returncode, done.stdout) == (2, "")
    assert "there is no database sopwith.db" in done.stderr


def test_a_database_that_another_process_writes_is_left_alone(
    sopwith: Sopwith, tmp_path: Path, firm: Mapping[str, str]
) -> None:
    held = lock_file(f"sqlite:///{tmp_path}/sopwith.db")
    assert held
    with held:
        done = sopwith("db", "upgrade", env=firm)
    assert (done.returncode, done.stderr.startswith("Another process is writing")) == (2, True)


def test_a_wrong_outside_key_is_said_plainly_and_changes_nothing(
    sopwith: Sopwith, tmp_path: Path, staffed: Mapping[str, str]
) -> None:
    other = {**staffed, "SOPWITH_MASTER_KEY_FILE": "audit.key", "SOPWITH_AUDIT_KEY_FILE": "master.key"}
    done = sopwith("people", "import", "people.csv", env=other)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "SOPWITH_MASTER_KEY is not the key of this database. Nothing was changed.\n"


def test_slacks_manifest_is_written_from_the_registry_and_explained(sopwith: Sopwith, tmp_path: Path) -> None:
    done = sopwith("manifest", "slack", "--out", "slack.yaml", "--explain", "--url", "https://bot.example.com")
    assert done.returncode == 0
    assert "users:read.email: " in done.stdout
    written = (tmp_path / "slack.yaml").read_text()
    assert 'url: "https://bot.example.com/slack/events"' in written
    assert "/report-breach" in written
    unfinished = sopwith("manifest", "slack")
    assert "chat:write" in unfinished.stdout
    assert "--url" in unfinished.stderr
    to_paste = sopwith("manifest", "slack", "--socket-mode")
    assert ("socket_mode_enabled: true" in to_paste.stdout, "example.com" in to_paste.stdout) == (True, False)
    assert to_paste.stderr == ""
    assert sopwith("manifest", "slack", "--socket-mode", "--url", "https://bot.example.com").returncode == 2


def test_nobody_can_be_suggested_without_a_chat(sopwith: Sopwith, firm: Mapping[str, str]) -> None:
    done = sopwith("people", "suggest", env=firm)
    assert (done.returncode, done.stderr.startswith("SLACK_BOT_TOKEN: is missing")) == (2, True)


def test_the_chat_directory_is_suggested_as_a_table_that_can_be_completed_and_imported(
    sopwith: Sopwith, firm: Mapping[str, str]
) -> None:
    workspace = Workspace()
    workspace.add_user("UANN", "Ann Marie", "ann@x.example", tz="Europe/Paris")
    workspace.add_user("UEVE", "=Eve", "eve@x.example")
    with slack(workspace) as there:
        done = sopwith("people", "suggest", env={**firm, **there})
        refused = sopwith("people", "suggest", env={**firm, **there, "SLACK_BOT_TOKEN": "xoxb-wrong"})
    rows = {row["email"]: row for row in csv.DictReader(done.stdout.splitlines())}
    ann, eve = rows["ann@x.example"], rows["eve@x.example"]
    assert (ann["name"], ann["slack_id"], ann["zone"], ann["roles"]) == ("Ann Marie", "UANN", "Europe/Paris", "")
    assert eve["name"] == "'=Eve"
    complete = done.stdout.replace("Ann Marie,,", "Ann Marie,staff,").replace("'=Eve,,", "Eve,staff,")
    assert "2 added" in sopwith("people", "import", "-", env=firm, stdin=complete).stdout
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "xoxb-wrong" not in refused.stderr
