"""`explain clocks` from outside, as a process, and the facts it is given: every fault a line, status 2."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.breach_facts import read
from bot.environment import BadConfig
from bot.statutes import built_in
from handlers.rules.clock_facts import Answer, Risk, Role
from tests.support.installed import Installed
from tests.support.policy_texts import GOOD

FRIDAY = {"aware_at": "2026-11-20T14:20:00+01:00"}
ACME = (
    '\n[[clock]]\nid = "contract.acme"\nrecipient = "Acme"\nstart = ["aware_at"]\nlength = 1\nunit = "cd"\n'
    'citation = "Acme agreement"\nverified_on = 2026-11-23\n'
)


@pytest.fixture
def firm(tmp_path: Path) -> Installed:
    """A folder without a policy file."""
    firm = Installed(tmp_path / "firm")
    (firm.folder / "sopwith.toml").unlink()
    return firm


def explain(firm: Installed, facts: Mapping[str, Any], *more: str) -> subprocess.CompletedProcess[str]:
    (firm.folder / "facts.json").write_text(json.dumps(facts))
    return firm.run("explain", "clocks", "facts.json", *more)


def rows(firm: Installed, facts: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    done = explain(firm, facts, "--json")
    assert (done.stderr, done.returncode) == ("", 0)
    return {row["id"]: row for row in json.loads(done.stdout)}


def test_the_answer_in_json_has_these_keys_and_instants_in_utc(firm: Installed) -> None:
    found = rows(firm, {**FRIDAY, "regimes": ["eu.gdpr"], "role": "controller"})
    assert list(found) == ["eu.gdpr.33.1", "eu.gdpr.33.5", "eu.gdpr.34"]
    row = found["eu.gdpr.33.1"]
    assert row.pop("why").startswith("GDPR Art. 33(1), (4): supervisory authority (Art. 55), without undue delay")
    assert row == {
        "id": "eu.gdpr.33.1",
        "recipient": "supervisory authority (Art. 55)",
        "starts_at": "2026-11-20T13:20:00Z",
        "due_at": "2026-11-23T13:20:00Z",
        "provisional": False,
        "standard": "without undue delay and, where feasible, not later than 72 hours",
        "counting": "elapsed_hours",
        "citation": "GDPR Art. 33(1), (4)",
    }
    assert found["eu.gdpr.34"]["due_at"] is None
    assert sorted(path.name for path in firm.folder.iterdir()) == ["audit.key", "facts.json", "master.key"]


def test_days_end_in_the_firms_zone_and_without_a_policy_file_in_utc_which_is_said(firm: Installed) -> None:
    facts = {"discovered_at": "2026-11-20T23:30:00Z", "regimes": ["hipaa.individual"]}
    row = rows(firm, facts)["hipaa.individual"]
    assert row["due_at"] == "2027-01-20T00:00:00Z"
    assert "counted in UTC because no policy file" in row["why"]
    (firm.folder / "sopwith.toml").write_text(GOOD.replace("Europe/London", "Europe/Berlin"))
    row = rows(firm, facts)["hipaa.individual"]  # in Berlin it is the 21st already
    assert row["due_at"] == "2027-01-20T23:00:00Z"
    assert "because no policy file" not in row["why"]


def test_the_firms_usual_regimes_and_its_own_clocks_come_from_its_policy_file(firm: Installed) -> None:
    (firm.folder / "sopwith.toml").write_text(GOOD + '[breach]\nregimes = ["uk.gdpr.33"]\n' + ACME)
    found = rows(firm, FRIDAY)
    assert list(found) == ["contract.acme", "uk.gdpr.33"]
    assert found["contract.acme"]["due_at"] == "2026-11-22T00:00:00Z"
    assert "the firm's own, from its policy file" in found["contract.acme"]["why"]


def test_a_policy_file_that_is_named_must_be_there(firm: Installed) -> None:
    for done in (
        explain(firm, FRIDAY, "--config", "no.toml"),
        firm.run("explain", "clocks", "-", SOPWITH_CONFIG="no.toml"),
    ):
        assert (done.returncode, done.stdout) == (2, "")
        assert "no.toml: there is no such policy file" in done.stderr


def test_facts_come_from_standard_input_too(firm: Installed) -> None:
    done = firm.run("explain", "clocks", "-", "--json", stdin=json.dumps({**FRIDAY, "regimes": ["uk.gdpr.33"]}))
    assert [row["id"] for row in json.loads(done.stdout)] == ["uk.gdpr.33"]


def test_people_read_it_sentence_by_sentence_with_weekday_and_zone(firm: Installed) -> None:
    done = explain(firm, {"first_signal_at": "2026-11-20T08:00:00Z", "regimes": ["uk.gdpr"]})
    lines = done.stdout.splitlines()
    assert "uk.gdpr.33  Information Commissioner (ICO)  [provisional]" in lines
    assert "  Due  Mon 23 Nov 08:00 (UTC)" in lines
    assert "  Due  no date: without undue delay" in lines
    assert "a named person decides" in done.stderr


def test_where_no_clock_runs_that_is_said(firm: Installed) -> None:
    facts = {**FRIDAY, "regimes": ["eu.gdpr"], "personal_data": "no"}
    assert explain(firm, facts).stdout == "No clock runs for these facts.\n"
    assert explain(firm, facts, "--json").stdout == "[]\n"


def test_the_list_is_the_page_and_has_the_firms_own(firm: Installed) -> None:
    page = (Path(__file__).parents[2] / "docs/clocks.md").read_text()
    assert firm.run("explain", "clocks", "--list").stdout == page
    (firm.folder / "sopwith.toml").write_text(GOOD + ACME)
    assert "| `contract.acme` | Acme |" in firm.run("explain", "clocks", "--list").stdout


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "FACTS.json: is missing."),
        (["no.json"], "no.json: cannot be read: No such file or directory."),
        (["."], ".: cannot be read: Is a directory."),
        (["master.key"], "the facts are not valid JSON"),
    ],
)
def test_facts_that_cannot_be_read_are_wrong_use(firm: Installed, words: list[str], said: str) -> None:
    done = firm.run("explain", "clocks", *words, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_every_fault_of_the_facts_is_a_line_on_standard_error(firm: Installed) -> None:
    wrong = {
        "aware_at": "2026-11-20T14:20:00",
        "risk": "big",
        "colour": "red",
        "regimes": ["eu.gdrp"],
        "individuals": -1,
    }
    done = explain(firm, wrong, "--json")
    assert (done.returncode, done.stdout) == (2, "")
    lines = sorted(line.partition(":")[0] for line in done.stderr.splitlines())
    assert lines == ["aware_at", "colour", "individuals", "regimes.0", "risk"]


def test_an_instant_at_the_end_of_time_is_wrong_use(firm: Installed) -> None:
    done = explain(firm, {"first_signal_at": "9999-12-30T00:00:00Z", "regimes": ["eu.gdpr"]})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("FACTS.json: ")


# --- the facts -----------------------------------------------------------------------------------------------------


def faults(facts: object) -> str:
    with pytest.raises(BadConfig) as bad:
        read(facts if isinstance(facts, str) else json.dumps(facts), built_in())
    assert len(bad.value.faults) == 1, bad.value.faults
    return bad.value.faults[0]


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"aware_at": "2026-11-20"}, "aware_at: '2026-11-20' has no zone."),
        ({"aware_at": "yesterday"}, "aware_at: 'yesterday' is not a date and time."),
        ({"aware_at": 1_800_000_000}, "aware_at: must be a text in quotes."),
        ({"aware_at": "0001-01-01T00:00:00+14:00"}, "aware_at: "),
        ({**FRIDAY, "awareat": 1}, "awareat: unknown key. Did you mean aware_at?"),
        ({**FRIDAY, "awareat": None}, "awareat: unknown key."),
        ({**FRIDAY, "role": "boss"}, "role: 'boss' is no role. Take one of controller, processor, covered_entity, bus"),
        ({**FRIDAY, "role": ["controller", 1]}, "role: must be a word in quotes, or a list of such words."),
        ({**FRIDAY, "risk": "high"}, "risk: 'high' is no risk. Take one of none, risk, high_risk, unknown."),
        ({**FRIDAY, "phi": True}, "phi: must be a text in quotes."),
        ({**FRIDAY, "phi": "perhaps"}, "phi: 'perhaps' is no answer. Take one of yes, no, unknown."),
        ({**FRIDAY, "secured": "yes"}, "secured: must be true or false."),
        ({**FRIDAY, "individuals": 1.5}, "individuals: must be a whole number."),
        ({**FRIDAY, "individuals": True}, "individuals: must be a whole number."),
        ({**FRIDAY, "residents": {"California": 5}}, "residents.California: 'California' is no state."),
        ({**FRIDAY, "residents": {"us-ca": 5}}, "residents.us-ca: 'us-ca' is no state."),
        ({**FRIDAY, "residents": {"US-CA": -5}}, "residents.US-CA: must be greater than or equal to 0."),
        ({**FRIDAY, "sector": ["financial"]}, "sector.0: 'financial' is no sector. Take some of app_entity_au, "),
        ({**FRIDAY, "sector": "legal"}, "sector: must be a list in square brackets."),
        (
            {**FRIDAY, "regimes": ["eu.gd"]},
            "regimes.0: there is no clock 'eu.gd', nor one that begins so. Did you mean eu.gd",
        ),
        ({**FRIDAY, "notices_sent": {"us.ca": "2026-11-20T00:00:00Z"}}, "notices_sent.us.ca: there is no such clock."),
        ({**FRIDAY, "notices_sent": {"eu.dora.1": "2026-11-20"}}, "notices_sent.eu.dora.1: '2026-11-20' has no zone."),
        (
            {**FRIDAY, "law_enforcement_hold_until": "2027-02-01"},
            "law_enforcement_hold_until: '2027-02-01' has no zone.",
        ),
        ({}, "first_signal_at: is missing, and no other instant is given, so no clock can start."),
        ({"notices_sent": {"eu.dora.1": "2026-11-20T00:00:00Z"}}, "first_signal_at: is missing"),
        ([], "the facts must be one JSON object"),
        ("{", "the facts are not valid JSON"),
        ('{"risk": "none", "risk": "high_risk"}', "the facts are not valid JSON: risk stands there twice."),
        ("[" * 100_000, "the facts are nested too deeply."),
    ],
)
def test_a_fact_that_is_wrong_is_refused_with_its_key(facts: object, said: str) -> None:
    assert faults(facts).startswith(said)


def test_what_is_absent_or_null_is_not_known() -> None:
    for more in ({}, {"risk": None, "individuals": None, "residents": {"US-CA": None}, "phi": None, "role": None}):
        facts = read(json.dumps({**FRIDAY, **more}), built_in())
        assert (facts.risk, facts.people(), facts.answer("phi"), facts.roles) == (
            Risk.UNKNOWN,
            None,
            Answer.UNKNOWN,
            set(),
        )


def test_a_role_is_one_word_or_several() -> None:
    for words, roles in (
        ("processor", {Role.PROCESSOR}),
        (["controller", "processor"], {Role.CONTROLLER, Role.PROCESSOR}),
    ):
        assert read(json.dumps({**FRIDAY, "role": words}), built_in()).roles == roles
