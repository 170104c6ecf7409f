"""A firm's own statutory clocks, in its policy file: it adds, changes by id, and every fault has its path."""

from datetime import date
from typing import Any

import pytest

from bot.config import BadConfig, policy
from bot.statutes import built_in, clocks
from handlers.rules.clock_terms import Quality
from handlers.rules.counting import Counting
from tests.support.policy_texts import GOOD

ACME: dict[str, Any] = {
    "id": "contract.acme",
    "recipient": "Acme's security desk",
    "start": ["aware_at"],
    "length": 24,
    "unit": "h",
    "citation": "Acme agreement, clause 9",
    "verified_on": date(2026, 11, 23),
}


def test_a_firm_adds_a_clock_of_a_contract_in_few_words() -> None:
    (mine,) = [one for one in clocks([ACME]) if one.own]
    assert (mine.id, mine.counting, mine.length, mine.regime) == (
        "contract.acme",
        Counting.ELAPSED_HOURS,
        24,
        "contract",
    )
    assert mine.start_event == "the firm is aware of the breach"
    assert mine.quality is Quality.UNCONFIRMED
    assert len(clocks([ACME])) == len(built_in()) + 1


@pytest.mark.parametrize(
    ("unit", "more", "counting"),
    [
        ("h", {}, Counting.ELAPSED_HOURS),
        ("cd", {}, Counting.CALENDAR_DAYS),
        ("mo", {}, Counting.MONTHS_CLAMPED),
        ("bd", {"calendar": "GB-ENG"}, Counting.BUSINESS_DAYS),
    ],
)
def test_the_unit_says_how_it_is_counted(unit: str, more: dict[str, str], counting: Counting) -> None:
    (mine,) = [one for one in clocks([{**ACME, "unit": unit, **more}]) if one.own]
    assert mine.counting is counting


def test_a_firm_changes_what_it_names_and_keeps_the_rest() -> None:
    change = {"id": "eu.gdpr.33.1", "length": 48, "notes": ["The firm is stricter."]}
    (mine,) = [one for one in clocks([change]) if one.id == "eu.gdpr.33.1"]
    assert (mine.length, mine.citation, mine.changed, mine.own) == (
        48,
        "GDPR Art. 33(1), (4)",
        ("length", "notes"),
        False,
    )
    assert len(clocks([change])) == len(built_in())


def test_another_way_to_count_takes_the_old_length_away() -> None:
    by_contract = {"id": "eu.gdpr.33.1", "counting": "none"}
    (mine,) = [one for one in clocks([by_contract]) if one.id == "eu.gdpr.33.1"]
    assert (mine.counting, mine.length) == (Counting.NONE, None)


def test_a_proposal_is_switched_on_by_one_line() -> None:
    (mine,) = [one for one in clocks([{"id": "eu.gdpr.33.1.omnibus", "enabled": True}]) if "omnibus" in one.id]
    assert (mine.enabled, mine.length) == (True, 96)


POLICY = GOOD + '[breach]\nregimes = ["uk.gdpr", "contract"]\n'
IN_POLICY = (
    '[[clock]]\nid = "contract.acme"\nrecipient = "Acme"\nstart = ["aware_at"]\nlength = 24\nunit = "h"\n'
    'citation = "Acme agreement, clause 9"\nverified_on = 2026-11-23\n'
)


def test_a_firms_clocks_stand_in_its_policy_file() -> None:
    found = policy(POLICY + IN_POLICY)
    assert [one.id for one in found.clocks if one.own] == ["contract.acme"]
    assert len(policy(GOOD).clocks) == len(built_in())
    assert policy(GOOD).hash != policy(GOOD + IN_POLICY).hash


@pytest.mark.parametrize(
    ("find", "put", "expected"),
    [
        ('citation = "Acme agreement, clause 9"\n', "", ["clock.0.citation: is missing."]),
        ('unit = "h"', 'unit = "bd"\ncalendar = "XX"', ["clock.0.calendar: 'XX' is not a country"]),
        ('id = "contract.acme"\n', "", ["clock.0.id: is missing."]),
        (
            '"uk.gdpr"',
            '"uk.gdrp"',
            ["breach.regimes.0: there is no clock 'uk.gdrp', nor one that begins so. Did you mean"],
        ),
        ('"Acme"', '""', ["clock.0.recipient: must not be empty."]),
        ("[[clock]]", "[clock]", ["clock: must be a list in square brackets."]),
    ],
)
def test_what_is_wrong_with_a_firms_clock_is_said_with_its_path(find: str, put: str, expected: list[str]) -> None:
    with pytest.raises(BadConfig) as bad:
        policy((POLICY + IN_POLICY).replace(find, put))
    assert [fault[: len(said)] for fault, said in zip(bad.value.faults, expected, strict=True)] == expected


def test_a_firms_fault_does_not_hide_the_others_of_its_policy() -> None:
    with pytest.raises(BadConfig) as bad:
        policy(POLICY.replace("24 business hours", "0h") + IN_POLICY.replace("length = 24", "length = 0"))
    assert [fault.partition(":")[0] for fault in bad.value.faults] == ["sla.first_response.target", "clock.0.length"]
