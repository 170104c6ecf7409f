"""What is said about a statutory clock: its article, its sum, what was assumed, how good the source is."""

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from bot.statutes import built_in
from handlers.rules.clock_facts import Answer, Facts
from handlers.rules.clock_terms import Clock, Quality
from handlers.rules.clocks import running
from tests.support.breach_facts import AWARE, NOTICED, UTC_ZONE, at, facts, runs

BERLIN = ZoneInfo("Europe/Berlin")


def test_every_reason_has_its_article_its_sum_and_the_quality_of_the_source() -> None:
    sent = {one.after: "2026-11-20T10:00Z" for one in built_in() if one.after}
    found = runs(facts(first_signal_at=NOTICED, notices_sent=sent), BERLIN)
    for one in found.values():
        assert one.why[0].startswith(one.clock.citation)
        assert one.why[-1].startswith(f"Source {one.clock.quality.value}: ")
        assert all(sentence.endswith((".", "(SB 446).")) for sentence in one.why), one.why


def test_the_days_left_out_are_named() -> None:
    why = " ".join(runs(facts("sec.8k", materiality_determined_at="2026-11-20T10:00Z"))["sec.8k.105"].why)
    assert "Fri 20 Nov 2026 does not count; 4 working days later the last day is Fri 27 Nov 2026" in why
    assert "Weekends and holidays (US: Thu 26 Nov 2026) are left out." in why


def test_a_last_day_on_a_sunday_does_not_move_and_the_friday_is_named() -> None:
    why = " ".join(runs(facts("us.ca", discovered_at="2026-11-20T10:00Z"))["us.ca.individuals"].why)
    assert "That is no working day and does not move: be done on Fri 18 Dec 2026." in why


def test_where_the_authoritys_day_ends_earlier_that_is_said() -> None:
    why = " ".join(runs(facts("sg.pdpa", determined_at="2026-11-20T10:00Z"))["sg.pdpa"].why)
    assert "(Asia/Singapore), that day ends already at Mon 23 Nov 2026 16:00 (UTC)" in why
    there = running(built_in(), facts("sg.pdpa", determined_at="2026-11-20T10:00Z"), ZoneInfo("Asia/Singapore"))
    assert not any("ends already" in sentence for one in there for sentence in one.why)


def test_days_counted_in_utc_for_want_of_a_zone_say_so() -> None:
    known = facts("hipaa.individual", discovered_at="2026-11-20T10:00Z")
    (said,) = running(built_in(), known, UTC_ZONE, zone_known=False)
    (quiet,) = running(built_in(), known, UTC_ZONE)
    assert "counted in UTC because no policy file" in " ".join(said.why)
    assert "because no policy file" not in " ".join(quiet.why)


def test_a_clocks_own_zone_goes_before_the_firms() -> None:
    (clock,) = [one for one in built_in() if one.id == "sg.pdpa"]
    there: Clock = replace(clock, zone=ZoneInfo("Asia/Singapore"))
    known = facts("sg.pdpa", determined_at="2026-11-20T17:00Z")  # Saturday in Singapore already
    (found,) = running([there], known, UTC_ZONE, zone_known=False)
    assert found.due_at == at("2026-11-24T16:00Z")
    assert "because no policy file" not in " ".join(found.why)


@pytest.mark.parametrize(
    "id", ["ftc.safeguards", "us.fl.ag", "us.tx.ag", "in.dpdp", "us.ny.dfs", "eu.gdpr.33.1.omnibus"]
)
def test_what_is_not_confirmed_says_so(id: str) -> None:
    (clock,) = [one for one in built_in() if one.id == id]
    assert clock.quality is Quality.UNCONFIRMED


def test_an_instant_without_a_zone_and_a_word_no_clock_knows_are_refused() -> None:
    with pytest.raises(ValueError, match="no zone"):
        Facts(instants={"aware_at": datetime(2026, 11, 20)})
    with pytest.raises(ValueError, match="no zone"):
        Facts(notices_sent={"eu.dora.1": datetime(2026, 11, 20)})
    with pytest.raises(ValueError, match="noticed_at"):
        Facts(instants={"noticed_at": at(AWARE)})
    with pytest.raises(ValueError, match="breach"):
        Facts(answers={"breach": Answer.YES})
