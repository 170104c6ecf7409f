"""Statutory clocks over the packs that come with Sopwith: from when, and until when."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.statutes import built_in
from handlers.rules.clock_facts import INSTANTS
from handlers.rules.clocks import running
from handlers.rules.counting import BY_THE_HOUR, Counting
from tests.support import slow_days
from tests.support.breach_facts import AWARE, NOTICED, UTC_ZONE, at, facts, runs


@pytest.mark.parametrize(
    ("id", "known", "zone", "expected"),
    [
        ("eu.gdpr.33.1", {"aware_at": AWARE}, "Europe/Berlin", "2026-11-23T14:20+01:00"),
        ("eu.gdpr.33.1", {"aware_at": "2026-10-24T10:00+02:00"}, "Europe/Berlin", "2026-10-27T09:00+01:00"),
        ("uk.gdpr.33", {"aware_at": "2026-12-24T18:00Z"}, "Europe/London", "2026-12-27T18:00Z"),
        ("uk.pecr", {"aware_at": AWARE}, "UTC", "2026-11-23T13:20Z"),
        ("eu.nis2.1", {"aware_at": AWARE}, "UTC", "2026-11-21T13:20Z"),
        ("eu.nis2.2", {"aware_at": AWARE}, "UTC", "2026-11-23T13:20Z"),
        (
            "eu.dora.1",
            {"aware_at": "2026-11-23T08:00Z", "classified_at": "2026-11-24T06:00Z"},
            "UTC",
            "2026-11-24T08:00Z",
        ),
        (
            "eu.dora.1",
            {"aware_at": "2026-11-23T08:00Z", "classified_at": "2026-11-25T10:00Z"},
            "UTC",
            "2026-11-25T14:00Z",
        ),
        ("hipaa.individual", {"discovered_at": "2026-11-20T10:00Z"}, "UTC", "2027-01-20T00:00Z"),  # to the end of 19th
        ("hipaa.media", {"discovered_at": "2026-11-20T10:00Z"}, "America/New_York", "2027-01-20T00:00-05:00"),
        ("hipaa.ba", {"discovered_at": "2026-11-20T10:00Z"}, "UTC", "2027-01-20T00:00Z"),
        ("hipaa.hhs.small", {"discovered_at": "2019-05-01T10:00Z", "individuals": 9}, "UTC", "2020-03-01T00:00Z"),
        ("hipaa.hhs.small", {"discovered_at": "2025-05-01T10:00Z", "individuals": 9}, "UTC", "2026-03-02T00:00Z"),
        ("hipaa.hhs.small", {"discovered_at": "2026-05-01T10:00Z", "individuals": 9}, "UTC", "2027-03-02T00:00Z"),
        ("hipaa.hhs.small", {"discovered_at": "2027-05-01T10:00Z", "individuals": 9}, "UTC", "2028-03-01T00:00Z"),
        ("sec.8k.105", {"materiality_determined_at": "2026-11-20T10:00Z"}, "UTC", "2026-11-28T00:00Z"),  # Thanksgiving
        ("sec.regsp.individuals", {"aware_at": "2026-11-20T10:00Z"}, "UTC", "2026-12-21T00:00Z"),
        ("sec.regsp.firm", {"aware_at": "2026-11-20T10:00Z"}, "UTC", "2026-11-23T10:00Z"),
        ("ftc.safeguards", {"discovered_at": "2026-11-20T10:00Z"}, "UTC", "2026-12-21T00:00Z"),
        ("us.ca.individuals", {"discovered_at": "2026-11-20T10:00Z"}, "UTC", "2026-12-21T00:00Z"),  # Sunday, no roll
        ("us.ny.ag", {"discovered_at": "2026-11-20T10:00Z"}, "UTC", "2026-12-21T00:00Z"),
        ("us.tx.individuals", {"determined_at": "2026-11-20T10:00Z"}, "UTC", "2027-01-20T00:00Z"),
        ("us.tx.ag", {"determined_at": "2026-11-20T10:00Z"}, "UTC", "2026-12-21T00:00Z"),
        ("us.fl.ag", {"determined_at": "2026-11-20T10:00Z"}, "UTC", "2026-12-21T00:00Z"),
        ("us.fl.individuals", {"believed_at": "2026-11-19T10:00Z", "determined_at": AWARE}, "UTC", "2026-12-20T00:00Z"),
        ("us.fl.owner", {"determined_at": "2026-11-20T10:00Z"}, "UTC", "2026-12-01T00:00Z"),
        ("au.ndb.assess", {"suspected_at": "2026-11-20T10:00Z"}, "UTC", "2026-12-21T00:00Z"),
        ("sg.pdpa", {"determined_at": "2026-11-20T10:00Z"}, "UTC", "2026-11-24T00:00Z"),  # to the end of Mon 23rd
        ("br.lgpd", {"aware_at": "2026-11-20T10:00Z"}, "UTC", "2026-11-26T00:00Z"),  # to the end of Wed 25th
        ("in.dpdp", {"aware_at": AWARE}, "UTC", "2026-11-23T13:20Z"),
        ("in.certin", {"aware_at": AWARE}, "UTC", "2026-11-20T19:20Z"),
    ],
)
def test_a_clock_is_due(id: str, known: Mapping[str, Any], zone: str, expected: str) -> None:
    found = runs(facts(id, **known), ZoneInfo(zone))[id]
    assert found.due_at == at(expected)
    assert not found.provisional
    assert found.due_at.tzinfo is UTC


@pytest.mark.parametrize(
    "id", ["eu.gdpr.33.2", "eu.gdpr.33.5", "eu.gdpr.34", "uk.gdpr.34", "ca.pipeda", "au.ndb.notify"]
)
def test_without_a_number_in_the_law_there_is_no_date(id: str) -> None:
    found = runs(facts(id, first_signal_at=NOTICED))[id]
    assert found.due_at is None
    assert found.clock.standard
    assert any("names no number" in sentence for sentence in found.why)


def test_a_firms_target_is_named_as_such_and_is_never_the_due_date() -> None:
    found = runs(facts("ca.pipeda", determined_at="2026-11-20T10:00Z"))["ca.pipeda"]
    assert (found.due_at, found.target_at) == (None, at("2026-11-23T10:00Z"))
    assert any(sentence.startswith("Firm target, and no law: 72 hours") for sentence in found.why)


def test_without_its_own_start_a_clock_runs_provisionally_from_the_first_signal() -> None:
    found = runs(facts("eu.gdpr hipaa", first_signal_at=NOTICED))
    assert found
    assert {(one.starts_at, one.provisional) for one in found.values()} == {(at(NOTICED), True)}
    own = runs(facts("eu.gdpr hipaa", first_signal_at=NOTICED, aware_at=AWARE))
    assert (own["eu.gdpr.33.1"].starts_at, own["eu.gdpr.33.1"].provisional) == (at(AWARE), False)
    assert (own["hipaa.individual"].starts_at, own["hipaa.individual"].provisional) == (at(NOTICED), True)


def test_every_clock_but_the_chained_ones_starts_from_the_first_signal_alone() -> None:
    found = runs(facts(first_signal_at=NOTICED))
    one_of_two = {"hipaa.hhs.small", "br.lgpd.small"}  # their harder sisters run while the number or sector is unknown
    assert set(found) == {c.id for c in built_in() if c.enabled and not c.after} - one_of_two
    assert all(one.provisional and one.starts_at == at(NOTICED) for one in found.values())


def test_without_a_first_signal_the_earliest_instant_known_is_taken() -> None:
    found = runs(facts("hipaa.individual", aware_at=AWARE, classified_at="2026-11-22T00:00Z"))["hipaa.individual"]
    assert (found.starts_at, found.provisional) == (at(AWARE), True)


def test_without_any_instant_nothing_can_be_counted() -> None:
    with pytest.raises(ValueError, match="no clock can start"):
        running(built_in(), facts("eu.gdpr"), UTC_ZONE)


def test_noticing_may_be_earlier_than_awareness_and_counts_then() -> None:
    found = runs(facts("in.certin", first_signal_at=NOTICED, aware_at=AWARE))["in.certin"]
    assert (found.starts_at, found.due_at, found.provisional) == (at(NOTICED), at("2026-11-20T14:00Z"), False)


def test_an_incident_that_is_not_classified_yet_counts_as_classified_when_it_was_noticed() -> None:
    found = runs(facts("eu.dora.1", first_signal_at=NOTICED, aware_at=AWARE))["eu.dora.1"]
    assert (found.starts_at, found.due_at, found.provisional) == (at(NOTICED), at("2026-11-20T12:00Z"), True)


def test_where_awareness_is_not_known_the_first_signal_is_its_place_in_the_formula() -> None:
    known = facts("eu.dora.1", first_signal_at=NOTICED, classified_at="2026-11-21T07:00Z")
    found = runs(known)["eu.dora.1"]
    assert (found.due_at, found.provisional) == (at("2026-11-21T08:00Z"), True)


@pytest.mark.parametrize(
    ("id", "sent", "expected"),
    [
        ("us.ca.ag", {"us.ca.individuals": "2026-12-01T10:00Z"}, "2026-12-17T00:00Z"),
        ("eu.nis2.3", {"eu.nis2.2": "2026-01-31T10:00Z"}, "2026-03-01T00:00Z"),  # clamped to 28 February
        ("eu.dora.2", {"eu.dora.1": "2026-11-24T08:00Z"}, "2026-11-27T08:00Z"),
        ("eu.dora.3", {"eu.dora.2": "2027-12-31T10:00Z"}, "2028-02-01T00:00Z"),
        ("br.lgpd.complete", {"br.lgpd": "2026-11-20T10:00Z"}, "2026-12-19T00:00Z"),  # 20 business days
    ],
)
def test_a_chained_clock_is_absent_until_its_notice_was_sent(id: str, sent: Mapping[str, str], expected: str) -> None:
    assert id not in runs(facts(id, first_signal_at=NOTICED, aware_at=AWARE))
    found = runs(facts(id, first_signal_at=NOTICED, notices_sent=sent))[id]
    assert (found.starts_at, found.due_at, found.provisional) == (at(*sent.values()), at(expected), False)


def test_the_notice_to_the_department_goes_with_that_to_individuals() -> None:
    id, known = "hipaa.hhs.500", {"discovered_at": "2026-11-20T10:00Z", "individuals": 500}
    sent = facts(id, notices_sent={"hipaa.individual": "2026-12-01T10:00Z"}, **known)
    late = facts(id, notices_sent={"hipaa.individual": "2027-03-01T10:00Z"}, **known)
    assert runs(sent)[id].due_at == at("2026-12-01T10:00Z")
    assert runs(late)[id].due_at == at("2027-01-20T00:00Z")


@settings(max_examples=60, deadline=None)
@given(
    start=st.datetimes(datetime(2022, 1, 1), datetime(2040, 1, 1)),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Singapore"]),
)
def test_every_clock_agrees_with_the_slow_way(start: datetime, zone: str) -> None:
    where, begun = ZoneInfo(zone), start.replace(tzinfo=UTC)
    sent = {one.after: begun.isoformat() for one in built_in() if one.after}
    known = replace(facts(notices_sent=sent), instants=dict.fromkeys(INSTANTS, begun))
    day_0 = slow_days.shown(begun, where)
    for one in running(built_in(), known, where):
        clock, length = one.clock, one.clock.length or 0
        assert (one.starts_at, one.provisional) == (begun, clock.start == ("first_signal_at",))
        if clock.also_due or not length:
            continue
        if clock.counting in BY_THE_HOUR:
            assert one.due_at is not None
            assert round(one.due_at.timestamp() - begun.timestamp(), 3) == length * 3600
            continue
        kept = {(d.year, d.month, d.day) for year in range(day_0[0], day_0[0] + 3) for d in clock.holidays(year)}
        last = slow_days.last_day(clock.counting.value, day_0, length, kept)
        assert one.due_at == slow_days.end(last, where)


def test_every_way_to_count_but_the_roll_has_a_clock() -> None:
    assert {one.counting for one in built_in()} == set(Counting) - {Counting.CALENDAR_DAYS_ROLL}
