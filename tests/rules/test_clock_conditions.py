"""Which statutory clocks run: thresholds, roles, sectors; and what is not known counts as the worse answer."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.statutes import built_in
from handlers.rules.clock_conditions import applies
from handlers.rules.clock_facts import FLAGS, Answer, Facts, Risk, Role
from tests.support.breach_facts import NOTICED, at, facts, runs


@pytest.mark.parametrize(
    ("id", "known", "expected"),
    [
        *[("eu.gdpr.33.1", {"risk": risk}, risk is not Risk.NONE) for risk in Risk],
        *[("eu.gdpr.34", {"risk": risk}, risk in (Risk.HIGH, Risk.UNKNOWN)) for risk in Risk],
        *[("eu.gdpr.33.5", {"risk": risk}, True) for risk in Risk],  # every breach, notified or not
        *[("eu.gdpr.33.2", {"risk": risk}, True) for risk in Risk],  # no risk test first
        *[
            (id, {"personal_data": "no"}, False)
            for id in ("eu.gdpr.33.1", "eu.gdpr.33.5", "hipaa.individual", "sg.pdpa")
        ],
        *[(id, {"personal_data": "no"}, True) for id in ("eu.dora.1", "eu.nis2.1", "sec.8k.105", "in.certin")],
        ("eu.gdpr.33.1", {"secured": True}, True),  # whether that removes the risk is decided by a person
        ("hipaa.individual", {"secured": True}, False),
        ("hipaa.individual", {"secured": False}, True),
        ("hipaa.individual", {"phi": "no"}, False),
        ("hipaa.individual", {"phi": "unknown"}, True),
        ("hipaa.hhs.500", {"individuals": 500}, True),
        ("hipaa.hhs.500", {"individuals": 499}, False),
        ("hipaa.hhs.500", {}, True),  # unknown counts as the worse
        ("hipaa.hhs.small", {"individuals": 499}, True),
        ("hipaa.hhs.small", {"individuals": 500}, False),
        ("hipaa.hhs.small", {}, False),
        ("hipaa.hhs.500", {"individuals": 100, "residents": {"US-CA": 300, "US-NY": 200}}, True),  # they add up
        ("hipaa.media", {"residents": {"US-CA": 501}}, True),
        ("hipaa.media", {"residents": {"US-CA": 500, "US-NY": 500}}, False),  # more than 500 of one state
        ("hipaa.media", {"residents": {"US-CA": None, "US-NY": 500}}, True),
        ("hipaa.media", {"residents": {"US-CA": None, "US-NY": 501}}, True),
        ("hipaa.media", {"residents": {"DE": 900}}, False),
        ("hipaa.media", {}, True),
        ("hipaa.media", {"individuals": 500}, False),  # no state can have more
        ("us.tx.ag", {"residents": {"US-TX": 250}}, True),
        ("us.tx.ag", {"residents": {"US-TX": 249}}, False),
        ("us.tx.ag", {"residents": {"US-TX": None}}, True),
        ("us.tx.ag", {"residents": {"US-CA": 9}}, True),  # its own law was named, its number was not
        ("us.tx.ag", {"residents": {"US-CA": 9}, "individuals": 249}, False),
        ("us.tx.individuals", {"residents": {"US-TX": 0}}, False),
        ("us.tx.ag", {"residents": {"US": 250}}, True),  # which states is not known
        ("us.tx.ag", {"residents": {"US-TX": 200, "US": 50}}, True),
        ("us.tx.ag", {"residents": {"US-TX": 200, "US": 49}}, False),
        ("us.tx.ag", {"residents": {"US-TX": 200, "US": None}}, True),
        ("hipaa.media", {"residents": {"US": 501}}, True),
        ("hipaa.media", {"residents": {"US": 500}}, False),
        ("us.fl.ag", {"residents": {"US-FL": 500}}, True),
        ("us.fl.ag", {"residents": {"US-FL": 499}}, False),
        ("us.fl.cra", {"residents": {"US-FL": 1000}}, False),
        ("us.fl.cra", {"residents": {"US-FL": 1001}}, True),
        ("us.ny.cra", {"residents": {"US-NY": 5001}}, True),
        ("us.tx.cra", {"residents": {"US-TX": 10000}}, False),
        ("us.ny.dfs", {"nydfs": "no"}, False),
        ("us.ny.dfs", {"nydfs": "unknown"}, True),
        ("us.ny.dfs", {}, True),
        ("us.ny.ag", {"nydfs": "no"}, True),
        ("us.other", {"residents": {"US-CA": 9, "US-WA": 1}}, True),
        ("us.other", {"residents": {"US-WA": 1}, "secured": True}, False),
        ("sg.pdpa", {"risk": Risk.NONE, "individuals": 500}, True),  # either is enough
        ("sg.pdpa", {"risk": Risk.NONE, "individuals": 499}, False),
        ("sg.pdpa", {"risk": Risk.NONE}, True),
        ("sg.pdpa", {"risk": Risk.RISK, "individuals": 1}, True),
        ("br.lgpd", {"sensitive": "no"}, False),
        ("br.lgpd", {"sector": frozenset({"small_agent_br"})}, False),
        ("br.lgpd.small", {"sector": frozenset({"small_agent_br"})}, True),
        ("br.lgpd.small", {}, False),
        ("br.lgpd", {"sector": frozenset({"legal"})}, True),
        ("eu.dora.1", {"major": "no"}, False),
        ("eu.dora.1", {"sector": frozenset({"financial_eu"})}, True),
        ("eu.dora.1", {"sector": frozenset({"legal"})}, False),
        ("eu.nis2.1", {"significant": "no"}, False),
        ("uk.pecr", {"sector": frozenset()}, False),
        ("sec.8k.105", {"listed_company": "no"}, False),
        ("sec.regsp.individuals", {"sector": frozenset({"legal"})}, False),
        ("ftc.safeguards", {"individuals": 499}, False),
    ],
)
def test_a_clock_runs_or_not(id: str, known: Mapping[str, Any], expected: bool) -> None:
    assert (id in runs(facts(id, first_signal_at=NOTICED, **known))) is expected


def test_more_than_500_californians_and_not_500_go_to_the_attorney_general() -> None:
    sent = {"us.ca.individuals": "2026-12-01T10:00Z"}
    for number, expected in ((500, False), (501, True)):
        known = facts("us.ca", first_signal_at=NOTICED, residents={"US-CA": number}, notices_sent=sent)
        assert ("us.ca.ag" in runs(known)) is expected


@pytest.mark.parametrize(
    ("roles", "expected"),
    [
        ({Role.CONTROLLER}, {"eu.gdpr.33.1", "eu.gdpr.34", "eu.gdpr.33.5"}),
        ({Role.PROCESSOR}, {"eu.gdpr.33.2", "eu.gdpr.33.5"}),
        ({Role.CONTROLLER, Role.PROCESSOR}, {"eu.gdpr.33.1", "eu.gdpr.33.2", "eu.gdpr.33.5", "eu.gdpr.34"}),
        ({Role.COVERED_ENTITY}, {"eu.gdpr.33.1", "eu.gdpr.33.2", "eu.gdpr.33.5", "eu.gdpr.34"}),  # says nothing of it
        (set(), {"eu.gdpr.33.1", "eu.gdpr.33.2", "eu.gdpr.33.5", "eu.gdpr.34"}),
    ],
)
def test_the_role_changes_the_recipient(roles: set[Role], expected: set[str]) -> None:
    assert set(runs(facts("eu.gdpr", first_signal_at=NOTICED, roles=frozenset(roles)))) == expected


def test_the_role_in_hipaas_words_is_one_of_its_own() -> None:
    for role, expected in (
        (Role.BUSINESS_ASSOCIATE, {"hipaa.ba"}),
        (Role.CONTROLLER, {"hipaa.ba", "hipaa.individual"}),
    ):
        known = facts("hipaa.ba hipaa.individual", first_signal_at=NOTICED, roles=frozenset({role}))
        assert set(runs(known)) == expected


def test_what_was_assumed_is_said() -> None:
    why = " ".join(runs(facts("us.tx.ag eu.gdpr.33.1", first_signal_at=NOTICED))["us.tx.ag"].why)
    assert "How many live in US-TX is not known: counted as 250 or more." in why
    assert "whether personal data are involved: counted as yes" in why
    known = facts("us.tx.ag", determined_at=NOTICED, personal_data="yes", residents={"US-TX": 300})
    assert "counted as" not in " ".join(runs(known)["us.tx.ag"].why)


UNKNOWN: Mapping[str, Any] = {
    "risk": Risk.UNKNOWN,
    "individuals": None,
    "residents": None,
    "secured": None,
    "sector": None,
}
PLACES = ["US-CA", "US-NY", "US-TX", "US-FL", "US-WA", "US", "DE"]
HARDER = {"hipaa.hhs.small": "hipaa.hhs.500", "br.lgpd.small": "br.lgpd", "br.lgpd.small.complete": "br.lgpd.complete"}


@settings(max_examples=200, deadline=None)
@given(
    risk=st.sampled_from(Risk),
    individuals=st.none() | st.integers(0, 20_000),
    residents=st.none()
    | st.dictionaries(
        st.sampled_from(["US-CA", "US-NY", "US-TX", "US-FL", "US-WA", "US", "DE"]), st.integers(0, 12_000)
    ),
    secured=st.sampled_from([None, True, False]),
    sector=st.none() | st.frozensets(st.sampled_from(["financial_eu", "telecom_uk", "small_agent_br", "legal"])),
    answers=st.dictionaries(st.sampled_from(FLAGS), st.sampled_from(Answer)),
    roles=st.frozensets(st.sampled_from(Role)),
)
def test_knowing_less_never_makes_a_clock_disappear(**known: Any) -> None:
    placed = sum((known["residents"] or {}).values())
    known["individuals"] = None if known["individuals"] is None else max(known["individuals"], placed)
    full = Facts(instants={"first_signal_at": at(NOTICED)}, **known)
    before = apply(full)
    for forgotten in [*UNKNOWN, *FLAGS, "roles"]:
        if forgotten in FLAGS:
            less = replace(full, answers={k: v for k, v in full.answers.items() if k != forgotten})
        else:
            less = replace(full, **{forgotten: UNKNOWN.get(forgotten, frozenset())})
        left = apply(less)
        assert {id for id in before if id not in left and HARDER.get(id) not in left} == set(), forgotten


def apply(known: Facts) -> set[str]:
    """Every clock whose condition holds, chained ones too."""
    return {one.id for one in built_in() if applies(one.id, one.when, one.role, known).holds}
