"""Which clocks are looked at for a breach, and which a law-enforcement hold may move."""

from dataclasses import replace
from datetime import date

from bot.statutes import built_in, clocks
from handlers.rules.clock_facts import Risk, under
from handlers.rules.clock_terms import LAW_ENFORCEMENT
from handlers.rules.clocks import chosen, running
from tests.support.breach_facts import AWARE, NOTICED, UTC_ZONE, at, facts, runs


def test_a_law_enforcement_hold_moves_the_clocks_that_name_it_to_its_end() -> None:
    hold = at("2027-06-01T12:00Z")
    found = runs(facts("hipaa", first_signal_at=NOTICED, individuals=501, law_enforcement_hold_until=hold))
    assert {one.due_at for one in found.values()} == {hold}
    assert len(found) == 4


def test_a_hold_that_ends_earlier_moves_nothing() -> None:
    held = facts("hipaa.individual", first_signal_at=NOTICED, law_enforcement_hold_until=at("2026-12-01T00:00Z"))
    assert runs(held)["hipaa.individual"].due_at == at("2027-01-20T00:00Z")


def test_a_hold_never_moves_a_clock_of_the_gdpr_nor_gives_a_date_where_the_law_has_none() -> None:
    hold = at("2027-06-01T12:00Z")
    known = facts(first_signal_at=NOTICED, risk=Risk.HIGH)
    free, held = runs(known), runs(replace(known, law_enforcement_hold_until=hold))
    moved = {id for id in free if free[id].due_at != held[id].due_at}
    assert moved == {id for id in free if free[id].clock.holds and free[id].due_at}
    assert {id for id in moved if id.startswith(("eu.", "uk."))} == set()
    assert moved >= {"hipaa.individual", "hipaa.hhs.500", "hipaa.media", "hipaa.ba"}


def test_no_clock_of_the_gdpr_names_a_hold_and_all_of_hipaa_do() -> None:
    assert [one.id for one in built_in() if one.id.startswith(("eu.", "uk.")) and one.holds] == []
    assert {one.holds for one in built_in() if one.id.startswith("hipaa.")} == {(LAW_ENFORCEMENT,)}


def test_a_regime_is_an_id_or_its_beginning_up_to_a_dot() -> None:
    assert under("eu.gdpr.33.1", "eu.gdpr")
    assert under("eu.gdpr.33.1", "eu.gdpr.33.1")
    assert not under("eu.gdpr.33.1", "eu.gd")
    assert not under("eu.gdpr.34", "eu.gdpr.3")


def test_regimes_named_for_the_breach_go_before_the_firms_usual_ones() -> None:
    usual = ("eu.gdpr", "uk.gdpr")
    assert set(runs(facts("uk.gdpr", first_signal_at=NOTICED), usual=usual)) == {"uk.gdpr.33", "uk.gdpr.34"}
    ids = set(runs(facts(first_signal_at=NOTICED), usual=usual))
    assert {id.rsplit(".", 1)[0].removesuffix(".33") for id in ids} == {"eu.gdpr", "uk.gdpr"}


def test_the_states_where_people_live_bring_their_laws_along() -> None:
    known = facts(first_signal_at=NOTICED, residents={"US-TX": 300, "US-CA": 0, "US-WA": 2, "DE": 5})
    ids = set(runs(known, usual=("eu.gdpr",)))
    assert {id for id in ids if id.startswith("us.")} == {"us.tx.ag", "us.tx.individuals", "us.other"}


def test_a_firms_own_clock_is_among_the_usual_ones() -> None:
    own = {"id": "contract.acme", "recipient": "Acme", "start": ["aware_at"], "length": 24, "unit": "h"}
    merged = clocks([{**own, "citation": "Acme agreement, cl. 9", "verified_on": date(2026, 11, 23)}])
    found = {one.clock.id: one for one in running(merged, facts(aware_at=AWARE), UTC_ZONE, ("uk.gdpr",))}
    assert set(found) == {"uk.gdpr.33", "uk.gdpr.34", "contract.acme"}
    assert found["contract.acme"].due_at == at("2026-11-21T13:20Z")


def test_a_clock_that_is_switched_off_never_runs_not_even_when_named() -> None:
    assert "eu.gdpr.33.1.omnibus" not in runs(facts("eu.gdpr.33.1.omnibus eu.gdpr", first_signal_at=NOTICED))
    assert [one.id for one in built_in() if not one.enabled] == ["eu.gdpr.33.1.omnibus"]
    assert chosen(built_in(), facts("eu.gdpr.33.1.omnibus")) == ()


def test_the_earliest_due_comes_first_and_what_has_no_date_last() -> None:
    order = [one.due_at for one in running(built_in(), facts(first_signal_at=NOTICED), UTC_ZONE)]
    dated = [one for one in order if one]
    assert dated == sorted(dated)
    assert order == [*dated, *[None] * (len(order) - len(dated))]
