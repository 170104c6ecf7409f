"""The command line from outside, as a process: what it answers, where it says it, and with which status it ends."""

import json
import os
import socket
import stat
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.support.policy_texts import GOOD

ROOT = Path(__file__).parents[2]
OFFICE = GOOD.replace(
    '{ mon = ["09:00-17:00"], tue = ["09:00-17:00"] }',
    "{ " + ", ".join(f'{day} = ["09:00-17:00"]' for day in ("mon", "tue", "wed", "thu", "fri")) + " }",
).replace('target = "24 business hours"', 'target = "24 business hours"\nremind_at = [50, 75, 90]')

TABLE = "email,name,roles\na@x.example,Ann,staff\n"

Sopwith = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def sopwith(tmp_path: Path) -> Sopwith:
    """Runs a command in a folder of its own with nothing but the variables given."""

    def run(*words: str, env: Mapping[str, str] | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
        variables = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "200", **(env or {})}
        command = [sys.executable, "-m", "bot", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=variables, input=stdin, capture_output=True, text=True, timeout=60
        )

    return run


def explain(sopwith: Sopwith, tmp_path: Path, received: str, *more: str) -> subprocess.CompletedProcess[str]:
    (tmp_path / "sopwith.toml").write_text(OFFICE)
    return sopwith("explain", "deadline", "--received", received, "--sla", "first_response", *more)


# --- explain -------------------------------------------------------------------------------------------------------


def test_explain_deadline_answers_in_json_without_secrets_or_database(sopwith: Sopwith, tmp_path: Path) -> None:
    done = explain(sopwith, tmp_path, "2026-11-20T17:00:00+01:00", "--json")  # Friday 16:00 in London
    told = json.loads(done.stdout)
    steps = told.pop("steps")
    assert told == {
        "received_at": "2026-11-20T16:00:00Z",
        "due_at": "2026-11-23T16:00:00Z",  # Monday
        "reading": "business_day",
        "calendar": "london",
        "reminders": [
            {"percent": 50, "at": "2026-11-23T12:00:00Z"},
            {"percent": 75, "at": "2026-11-23T14:00:00Z"},
            {"percent": 90, "at": "2026-11-23T15:12:00Z"},
        ],
    }
    assert all(isinstance(step, str) for step in steps)
    assert steps[-1].startswith("Mon 23 Nov 16:00")
    assert (done.stderr, done.returncode) == ("", 0)
    assert [path.name for path in tmp_path.iterdir()] == ["sopwith.toml"]


def test_explain_deadline_says_it_to_people_with_weekday_and_zone(sopwith: Sopwith, tmp_path: Path) -> None:
    done = explain(sopwith, tmp_path, "2026-11-21T11:00Z")  # a Saturday
    assert "Due       Tue 24 Nov 09:00 (Europe/London)" in done.stdout


@pytest.mark.parametrize(
    ("received", "said"),
    [
        ("2026-11-20T16:00:00", "has no zone"),
        ("2026-11-20", "has no zone"),
        ("yesterday", "is not a date and time"),
        ("9999-12-30T00:00:00Z", "no answer between the years"),
        ("0001-01-01T00:00:00+14:00", "--received"),
    ],
)
def test_a_time_that_names_no_instant_is_wrong_use(sopwith: Sopwith, tmp_path: Path, received: str, said: str) -> None:
    done = explain(sopwith, tmp_path, received, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_a_response_time_that_is_not_there_is_wrong_use(sopwith: Sopwith, tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_text(OFFICE)
    done = sopwith("--config", "x.toml", "explain", "deadline", "--received", "2026-11-20T16:00Z", "--sla", "fast")
    assert (done.returncode, done.stderr) == (2, "--sla: there is no [sla.fast]. Take one of first_response.\n")


def test_config_may_stand_before_or_behind_the_command_and_wins_over_the_variable(
    sopwith: Sopwith, tmp_path: Path
) -> None:
    (tmp_path / "x.toml").write_text(OFFICE)
    words = ["explain", "deadline", "--received", "2026-11-20T16:00Z", "--sla", "first_response"]
    wrong = {"SOPWITH_CONFIG": "nowhere.toml"}
    assert sopwith("--config", "x.toml", *words, env=wrong).returncode == 0
    assert sopwith(*words, "--config", "x.toml", env=wrong).returncode == 0
    assert sopwith(*words, env={"SOPWITH_CONFIG": "x.toml"}).returncode == 0
    assert "nowhere.toml: there is no such policy file" in sopwith(*words, env=wrong).stderr


# --- faults --------------------------------------------------------------------------------------------------------


def test_every_fault_of_the_settings_is_a_line_of_its_own_and_the_status_is_2(sopwith: Sopwith, tmp_path: Path) -> None:
    (tmp_path / "sopwith.toml").write_text(OFFICE.replace("24 business hours", "0h").replace("50, 75", "75, 50"))
    done = sopwith("run", env={"SOPWITH_MASTER_KEY": "hunter2", "SOPWITH_PORT": "x"})
    assert (done.returncode, done.stdout) == (2, "")
    assert [line.partition(": ")[0] for line in done.stderr.splitlines()] == [
        "sla.first_response.target",
        "sla.first_response.remind_at",
        "SOPWITH_MASTER_KEY",
        "SOPWITH_AUDIT_KEY",
        "SOPWITH_PORT",
    ]
    assert "hunter2" not in done.stderr


@pytest.mark.parametrize("words", [["nonsense"], ["explain", "deadlin"], ["run", "--fast"], ["clients", "export", "1"]])
def test_a_mistyped_command_is_wrong_use_in_plain_lines(sopwith: Sopwith, words: list[str]) -> None:
    done = sopwith(*words)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--help" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_fault_nobody_foresaw_shows_a_traceback_only_when_asked(sopwith: Sopwith, tmp_path: Path) -> None:
    sopwith("init", "--yes")
    keys = {"SOPWITH_MASTER_KEY_FILE": "master.key", "SOPWITH_AUDIT_KEY_FILE": "audit.key"}
    (tmp_path / "broken.db").write_text("not a database" * 1000)
    broken = {**keys, "SOPWITH_DATABASE_URL": "sqlite:///broken.db"}
    done = sopwith("people", "import", "-", env=broken, stdin=TABLE)
    assert done.returncode == 1
    assert "--debug" in done.stderr
    assert "Traceback" not in done.stderr
    assert "Traceback" in sopwith("people", "import", "-", "--debug", env=broken, stdin=TABLE).stderr


def test_a_folder_that_is_not_there_is_said_plainly(sopwith: Sopwith) -> None:
    sopwith("init", "--yes")
    keys = {"SOPWITH_MASTER_KEY_FILE": "master.key", "SOPWITH_AUDIT_KEY_FILE": "audit.key"}
    done = sopwith("run", env={**keys, "SOPWITH_DATABASE_URL": "sqlite:///nowhere/firm.db"})
    assert (done.returncode, done.stderr) == (2, "nowhere/firm.db.lock: No such file or directory.\n")


def test_a_port_that_is_taken_is_said_plainly_and_the_service_ends(sopwith: Sopwith) -> None:
    sopwith("init", "--yes")
    keys = {"SOPWITH_MASTER_KEY_FILE": "master.key", "SOPWITH_AUDIT_KEY_FILE": "audit.key"}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = sopwith("run", env={**keys, "SOPWITH_PORT": port, "SOPWITH_ADMIN_PORT": "0"})
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith(f"The service cannot listen on 127.0.0.1:{port} or ")


def test_the_help_needs_no_settings_and_imports_no_platform_and_no_database(sopwith: Sopwith) -> None:
    assert "people" in sopwith("--help").stdout
    code = "import bot.__main__, sys; print([m for m in sys.modules if m.split('.')[0] in " + (
        "{'slack_sdk', 'slack_bolt', 'botbuilder', 'sqlalchemy', 'alembic', 'cryptography', 'aiohttp', 'pydantic'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == "[]\n"


# --- init ----------------------------------------------------------------------------------------------------------


def test_init_writes_keys_for_their_owner_alone_and_never_overwrites(sopwith: Sopwith, tmp_path: Path) -> None:
    done = sopwith("init", "new firm", "--yes")
    assert done.returncode == 0
    folder = tmp_path / "new firm"
    kept = {path.name: path.read_text() for path in folder.iterdir()}
    assert sorted(kept) == ["audit.key", "master.key", "sopwith.toml"]
    assert {stat.S_IMODE((folder / key).stat().st_mode) for key in ("audit.key", "master.key")} == {0o600}
    assert f"export SOPWITH_MASTER_KEY_FILE='{folder}/master.key'" in done.stdout
    assert "sopwith/" in done.stdout
    assert kept["master.key"].strip() not in done.stdout
    again = sopwith("init", "new firm", "--yes")
    assert again.returncode == 2
    assert "master.key is there already" in again.stderr
    assert {path.name: path.read_text() for path in folder.iterdir()} == kept


def test_what_init_wrote_is_enough_for_the_doctor_and_for_a_database(sopwith: Sopwith) -> None:
    assert sopwith("init", "--yes").returncode == 0
    keys = {"SOPWITH_MASTER_KEY_FILE": "master.key", "SOPWITH_AUDIT_KEY_FILE": "audit.key"}
    assert sopwith("db", "upgrade", env=keys).returncode == 0
    found = json.loads(sopwith("doctor", "--json", env=keys).stdout)
    assert {"policy", "keys", "database", "migrations"} - {one["check"] for one in found} == {"database"}
    assert "error" not in {one["status"] for one in found}
