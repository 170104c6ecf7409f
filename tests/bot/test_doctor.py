"""The doctor reports what is wrong with its cure, goes on when something is missing, and changes nothing."""

import base64
import os
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import config
from bot.desk import asked, hand_over
from bot.doctor import examine
from bot.finding import Finding, Status
from bot.sandbox.workspace import Workspace
from bot.upgrading import upgrade
from tests.support.office_slack import slack
from tests.support.policy_texts import GOOD, calendar

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
WELL = GOOD + '[breach]\nemergency = "Ring 1234"\n'
Firm = Mapping[str, str]


@pytest.fixture
def firm(tmp_path: Path) -> dict[str, str]:
    """The environment of a firm whose database is at head and empty."""
    (tmp_path / "sopwith.toml").write_text(WELL)
    found = {"SOPWITH_CONFIG": str(tmp_path / "sopwith.toml"), "SOPWITH_DATABASE_URL": f"sqlite:///{tmp_path}/firm.db"}
    for name in ("MASTER", "AUDIT"):
        path = tmp_path / f"{name}.key"
        path.touch(mode=0o600)
        path.write_bytes(base64.b64encode(os.urandom(32)))
        found[f"SOPWITH_{name}_KEY_FILE"] = str(path)
    upgrade(found["SOPWITH_DATABASE_URL"])
    return found


def of(found: list[Finding], check: str) -> list[Finding]:
    return [one for one in found if one.check == check]


def worst(found: list[Finding], check: str) -> Status:
    order = (Status.OK, Status.WARNING, Status.ERROR)
    return max((one.status for one in of(found, check)), key=order.index)


def staff(firm: Firm, *rows: dict[str, str]) -> None:
    numbered = tuple({"line": str(number), **row} for number, row in enumerate(rows, 2))
    assert hand_over(config.load(firm), asked("people.import", {"dry_run": ""}, numbered)).ok


def person(name: str, roles: str, supervisor: str = "") -> dict[str, str]:
    return {"email": f"{name}@x.example", "name": name.title(), "roles": roles, "supervisor": supervisor}


def test_a_sound_firm_has_no_errors_and_every_finding_that_is_not_ok_has_a_cure(firm: Firm) -> None:
    found = examine(firm, now=NOW)
    assert Status.ERROR not in {one.status for one in found}
    assert all(one.cure for one in found if one.status is not Status.OK)
    assert {"policy", "keys", "settings", "files", "calendars", "emergency", "sqlite", "migrations"} <= {
        one.check for one in found if one.status is Status.OK or one.check == "sqlite"
    }


def test_with_nothing_at_all_it_reports_and_goes_on(tmp_path: Path) -> None:
    nowhere = {"SOPWITH_CONFIG": str(tmp_path / "x.toml"), "SOPWITH_DATABASE_URL": f"sqlite:///{tmp_path}/no/firm.db"}
    found = examine(nowhere, now=NOW)
    assert worst(found, "policy") is worst(found, "keys") is Status.ERROR
    assert worst(found, "database") is Status.WARNING
    assert list(tmp_path.iterdir()) == []


def test_each_fault_of_the_policy_is_a_finding_and_the_database_is_looked_at_all_the_same(
    firm: Firm, tmp_path: Path
) -> None:
    (tmp_path / "sopwith.toml").write_text(WELL.replace("24 business hours", "0h").replace("Europe/London", "Mars"))
    found = examine(firm, now=NOW)
    assert [one.detail.partition(":")[0] for one in of(found, "policy")] == ["firm.zone", "sla.first_response.target"]
    assert worst(found, "migrations") is Status.OK


def test_no_secret_is_among_the_findings(firm: dict[str, str]) -> None:
    firm |= {"SOPWITH_MASTER_KEY_FILE": "", "SOPWITH_MASTER_KEY": "hunter2", "SLACK_SIGNING_SECRET": "hunter2"}
    firm |= {"SOPWITH_DATABASE_URL": "postgresql+psycopg://u:hunter2@db.example.com/x"}
    assert "hunter2" not in str(examine(firm, now=NOW))


def test_files_that_others_may_read_or_change_are_found(firm: Firm, tmp_path: Path) -> None:
    for name, mode in (("MASTER.key", 0o644), ("firm.db", 0o640), ("sopwith.toml", 0o666)):
        (tmp_path / name).chmod(mode)
    cures = [one.cure for one in of(examine(firm, now=NOW), "files") if one.status is Status.WARNING]
    assert cures == [
        f"chmod 600 {tmp_path}/MASTER.key",
        f"chmod 644 {tmp_path}/sopwith.toml",
        f"chmod 600 {tmp_path}/firm.db*",
    ]


def test_a_calendar_without_open_time_in_the_next_thirty_days_is_an_error(firm: Firm, tmp_path: Path) -> None:
    far = 'open = {}\nhalf_days = { "2027-06-01" = ["09:00-12:00"] }'
    (tmp_path / "sopwith.toml").write_text(calendar(far))
    assert worst(examine(firm, now=NOW), "calendars") is Status.ERROR


def test_without_emergency_words_somebody_should_know(firm: Firm, tmp_path: Path) -> None:
    (tmp_path / "sopwith.toml").write_text(GOOD)
    assert worst(examine(firm, now=NOW), "emergency") is Status.WARNING


def test_a_public_address_is_a_warning(firm: dict[str, str]) -> None:
    assert worst(examine(firm, now=NOW), "address") is Status.OK
    assert worst(examine(firm | {"SOPWITH_HOST": "0.0.0.0"}, now=NOW), "address") is Status.WARNING


def test_a_database_without_tables_needs_an_upgrade(firm: dict[str, str], tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.db").close()
    (tmp_path / "empty.db").touch()
    found = examine(firm | {"SOPWITH_DATABASE_URL": f"sqlite:///{tmp_path}/empty.db"}, now=NOW)
    assert (worst(found, "migrations"), of(found, "migrations")[0].cure) == (Status.ERROR, "`sopwith db upgrade`")


def test_a_file_that_is_no_database_is_an_error_and_not_a_crash(firm: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "other.db").write_text("not a database" * 1000)
    found = examine(firm | {"SOPWITH_DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}, now=NOW)
    assert worst(found, "database") is Status.ERROR


def test_a_guard_of_the_audit_log_that_is_gone_is_an_error(firm: Firm, tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "firm.db")
    connection.execute("DROP TRIGGER audit_log_no_delete")
    connection.close()
    found = examine(firm, now=NOW)
    assert worst(found, "audit guards") is Status.ERROR
    assert "audit_log_no_delete" in of(found, "audit guards")[0].detail


def test_roles_that_nobody_holds_and_people_without_a_supervisor_are_found(firm: Firm) -> None:
    staff(firm, person("ann", "staff"), person("eve", "staff", "ann@x.example"))
    found = of(examine(firm, now=NOW), "ladders")
    assert {one.detail for one in found if one.status is Status.ERROR} == {
        "Nobody has the role dpo.",
        "Nobody has the role senior_management.",
    }
    lost = [one.detail for one in found if "directly above" in one.detail]
    assert len(lost) == 1
    assert "ann@x.example" in lost[0]
    assert "eve@x.example" not in lost[0]


def test_a_gap_in_the_rota_and_whoever_has_left_are_found(firm: Firm) -> None:
    staff(firm, person("ann", "staff;dpo"))
    turns = ('person = "ann@x.example"\nto = 2026-12-04\n', 'person = "bob@x.example"\nfrom = 2026-12-05\n')
    rota = "".join(f'[[breach.on_call]]\nphone = "1234"\n{turn}' for turn in turns)
    path = Path(firm["SOPWITH_CONFIG"])
    assert of(examine(firm, now=NOW), "on call") == []
    path.write_text(WELL + rota)
    gap, gone = of(examine(firm, now=NOW), "on call")
    assert gap.detail == "Nobody is on call for a breach: Sat 5 Dec to Sun 6 Dec."
    assert gone.detail == "On the rota, but not at work here: bob@x.example."
    assert worst([gap, gone], "on call") is Status.WARNING
    path.write_text(WELL + rota + '[[breach.on_call]]\nphone = "1234"\nname = "Desk"\n')
    staff(firm, person("ann", "staff;dpo"), person("bob", "staff"))
    assert worst(examine(firm, now=NOW), "on call") is Status.OK


def test_a_firm_with_everybody_in_place_has_living_ladders(firm: Firm) -> None:
    ann = person("ann", "staff;senior_management;dpo;records;admin")
    staff(firm, ann, person("eve", "staff", "ann@x.example"))
    (alone,) = of(examine(firm, now=NOW), "ladders")
    assert alone.detail == "A complaint about ann@x.example would end in nobody."
    staff(firm, ann, person("eve", "staff", "ann@x.example"), person("uma", "senior_management"))
    found = examine(firm, now=NOW)
    assert worst(found, "ladders") is Status.OK
    assert worst(found, "reach") is Status.WARNING  # no chat account yet


def test_a_token_that_works_and_an_app_with_all_scopes_are_well(firm: dict[str, str]) -> None:
    with slack(Workspace()) as there:
        found = examine(firm | there, now=NOW)
    assert worst(found, "chat") is worst(found, "scopes") is Status.OK


def test_a_refused_token_and_a_missing_scope_are_errors(firm: dict[str, str]) -> None:
    workspace = Workspace()
    workspace.scopes = tuple(scope for scope in workspace.scopes if scope != "im:write")
    with slack(workspace) as there:
        lacking = examine(firm | there, now=NOW)
        refused = examine(firm | there | {"SLACK_BOT_TOKEN": "xoxb-wrong"}, now=NOW)
        foreign = examine(firm | there | {"SLACK_TEAM_ID": "T0OTHER"}, now=NOW)
    assert worst(lacking, "scopes") is Status.ERROR
    assert "im:write" in of(lacking, "scopes")[0].detail
    assert worst(refused, "chat") is worst(foreign, "chat") is Status.ERROR
    assert "xoxb-wrong" not in str(refused)


def test_a_slack_that_does_not_answer_is_an_error_and_not_a_crash(firm: dict[str, str]) -> None:
    dead = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "x", "SLACK_API_URL": "http://127.0.0.1:9/api/"}
    assert worst(examine(firm | dead, now=NOW), "chat") is Status.ERROR
