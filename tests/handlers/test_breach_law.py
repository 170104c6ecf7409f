"""The statutory clocks of a breach through the real doorway: they run on what is known, move with it, are told or
decided by somebody, and nothing closes while one waits."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.policy_file import policy
from handlers.request import Ask, Kind, Request
from handlers.router import find
from handlers.views import Card, Done, Form, Invalid, Page, Reply, Say, Value
from storage import audit, breach_law, people
from storage.breach_law import ClockRow
from storage.escalations import of as ladder_of
from storage.store import Tx
from tests.handlers.test_breach import report, the_breach
from tests.support.house import POLICY, House
from tests.support.records import stored

ART_33 = "eu.gdpr.33.1"


@pytest.fixture
def case(house: House) -> House:
    """A report that the DPO is on, with four laws looked at."""
    report(house)
    assert isinstance(house.act("priya", "breach.on-it", the_breach(house).id), Done)
    assert said(house, "data", regimes=("eu.gdpr", "hipaa", "us.ca", "us.ny"))
    return house


def form(house: House, name: str, subject: str, who: str = "priya") -> Form:
    found = house.open(who, name, subject)
    assert isinstance(found, Form), found
    return found


def send(house: House, name: str, clock: str = "", who: str = "priya", **values: Value) -> Reply:
    id = the_breach(house).id if not clock else f"{the_breach(house).id}|{clock}"
    found = form(house, name, id, who)
    return house.submit(who, found, {**found.values, **values})


def said(house: House, group: str, **values: Value) -> str:
    reply = send(house, "breach.facts", group, **values)
    assert isinstance(reply, Say), reply
    return reply.text


def clocks(house: House) -> dict[str, ClockRow]:
    id = the_breach(house).id
    return {row.clock: row for row in house.read(lambda tx: breach_law.clocks(tx, id)) if row.runs}


def page(house: House, name: str = "breach.clocks", clock: str = "", who: str = "priya") -> str:
    id = the_breach(house).id
    found = house.open(who, name, f"{id}|{clock}" if clock else id)
    assert isinstance(found, Page), found
    return repr(found)


def test_from_the_report_on_every_clock_runs_that_may_run_and_provisionally(house: House) -> None:
    noticed = house.now - timedelta(hours=5)
    report(house, noticed=noticed)
    row = clocks(house)[ART_33]
    assert (row.starts_at, row.due_at, row.provisional) == (noticed, noticed + timedelta(hours=72), True)


def test_a_reporter_who_says_no_stops_no_clock(house: House) -> None:
    report(house, personal="no")
    assert ART_33 in clocks(house)


def test_the_dpos_answers_start_move_and_stop_clocks_and_the_log_says_so(case: House) -> None:
    assert {"eu.gdpr.33.1", "hipaa.hhs.500"} <= set(clocks(case))
    aware = case.now - timedelta(hours=1)
    said(case, "times", aware_at=aware)
    assert clocks(case)[ART_33].due_at == aware + timedelta(hours=72)
    assert not clocks(case)[ART_33].provisional
    said(case, "data", personal_data="no")
    assert clocks(case) == {}
    assert "More" not in said(case, "data", personal_data="yes")
    assert "breach.fact" in case.happened()
    reckoned = [e.words for e in case.read(audit.entries) if e.words["what"] == "breach.reckoned"]
    assert {change for words in reckoned for change in words} >= {"started", "moved", "stopped"}
    due = (aware + timedelta(hours=72)).isoformat()
    assert f"{ART_33}@{due}" in next(words["moved"] for words in reckoned if "moved" in words)


def test_a_count_that_passes_a_threshold_starts_its_clock_from_the_original_event(case: House) -> None:
    discovered = case.now - timedelta(days=1)
    said(case, "times", discovered_at=discovered)
    said(case, "people", individuals="120", residents="CA 120")
    assert "hipaa.hhs.500" not in clocks(case)
    assert "hipaa.hhs.small" in clocks(case)
    case.later(days=9)
    assert "more clocks run now" in said(case, "people", individuals="620", residents="ca 610, ny 10")
    row = clocks(case)["hipaa.hhs.500"]
    assert row.starts_at == discovered
    assert row.due_at == datetime(2027, 1, 19, tzinfo=UTC)  # the end of day 60, counted from Thursday the 19th
    assert "hipaa.hhs.small" not in clocks(case)


def test_a_hold_moves_only_clocks_whose_law_allows_it(case: House) -> None:
    before, until = clocks(case), case.now + timedelta(days=90)
    said(case, "times", law_enforcement_hold_until=until)
    after = clocks(case)
    assert after["hipaa.hhs.500"].due_at == until
    assert after[ART_33].due_at == before[ART_33].due_at


def test_a_later_awareness_needs_its_reason(case: House) -> None:
    said(case, "times", aware_at=case.now - timedelta(hours=10))
    later = case.now - timedelta(hours=2)
    refused = send(case, "breach.facts", "times", aware_at=later)
    assert isinstance(refused, Invalid)
    assert list(refused.errors) == ["reason"]
    said(case, "times", aware_at=later, reason="The first sign was a rumour.")
    assert clocks(case)[ART_33].due_at == later + timedelta(hours=72)
    assert b"rumour" not in stored(case.url)
    said(case, "times", aware_at=case.now - timedelta(hours=20))  # an earlier one moves a clock for nobody's good


@pytest.mark.parametrize(
    ("group", "field", "value", "words"),
    [
        ("people", "individuals", "many", "whole number"),
        ("people", "individuals", "1.5", "whole number"),
        ("people", "individuals", "9" * 5000, "whole number"),
        ("people", "roles", ("junk",), "not known any more"),
        ("data", "regimes", ("eu.nothing",), "not known any more"),
        ("times", "aware_at", datetime(1, 1, 1, tzinfo=UTC), "look at the year"),
        ("times", "law_enforcement_hold_until", datetime(9999, 12, 31, 23, tzinfo=UTC), "look at the year"),
        ("people", "residents", "California 12", "like this: CA 510"),
        ("people", "residents", "CA 1, ca 2", "stands there twice"),
        ("times", "aware_at", datetime(2027, 1, 1, tzinfo=UTC), "in the future"),
        ("times", "first_signal_at", None, "Without a first sign"),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    case: House, group: str, field: str, value: Value, words: str
) -> None:
    refused = send(case, "breach.facts", group, **{field: value})
    assert isinstance(refused, Invalid)
    assert words in refused.errors[field]


def test_only_what_the_clocks_depend_on_is_asked(house: House) -> None:
    only(house, "uk.gdpr")
    report(house)
    names = [f.name for f in form(house, "breach.facts", f"{the_breach(house).id}|times").fields]
    assert names == ["first_signal_at", "aware_at", "reason"]
    assert not form(house, "breach.facts", f"{the_breach(house).id}|people").fields[2:]


def test_a_notice_meets_its_clock_and_starts_what_waits_for_it(case: House) -> None:
    assert "us.ca.ag" not in clocks(case)
    said(case, "people", individuals="600", residents="CA 600")
    reply = send(case, "breach.sent", "us.ca.individuals", channel="letter", reference="Batch 7")
    assert isinstance(reply, Say), reply
    assert "us.ca.ag" in clocks(case)
    shown = page(case, "breach.clock", "us.ca.individuals")
    assert "Batch 7" in shown
    assert "Priya Nair" in shown
    assert b"Batch 7" not in stored(case.url)
    assert "breach.notice-sent" in case.happened()


def test_a_late_notice_needs_the_reasons_of_its_delay(case: House) -> None:
    case.later(days=5)
    refused = send(case, "breach.sent", ART_33, channel="portal")
    assert isinstance(refused, Invalid)
    assert list(refused.errors) == ["late"]
    assert isinstance(send(case, "breach.sent", ART_33, channel="portal", late="The server was seized."), Say)
    assert "The server was seized." in page(case, "breach.clock", ART_33)


def test_a_part_may_be_sent_and_more_follow(case: House) -> None:
    assert isinstance(send(case, "breach.sent", ART_33, channel="portal", whole="part"), Say)
    assert "more is to follow" in page(case)
    case.later(days=5)  # long after the 72 hours, which the first notice met
    assert isinstance(send(case, "breach.sent", ART_33, channel="portal"), Say)
    assert "more is to follow" not in page(case)


def test_not_needed_is_a_decision_with_reasons(case: House) -> None:
    refused = send(case, "breach.not-needed", ART_33)
    assert isinstance(refused, Invalid)
    assert list(refused.errors) == ["reasons"]
    assert isinstance(send(case, "breach.not-needed", ART_33, reasons="The letter came back unopened."), Say)
    assert "not needed" in page(case)
    before = clocks(case)[ART_33]
    said(case, "times", aware_at=case.now - timedelta(hours=3))
    assert clocks(case)[ART_33] == before  # what is decided is not judged again


def test_whoever_is_on_it_is_reminded_before_it_is_due_and_management_when_it_is_late(case: House) -> None:
    one_clock(case, "eu.gdpr.33.1")
    case.later(hours=37)
    assert len(case.told("priya", "breach.clock")) == 1  # half of the 72 hours
    assert not case.told("margaret", "breach.clock")
    case.later(hours=36)
    urgent = [notice.urgent for notice in case.told("priya", "breach.clock")]
    assert urgent == [False, False, True, True, True, True]
    assert len(case.told("margaret", "breach.clock")) == 1
    assert "Overdue since" in page(case)
    send(case, "breach.sent", ART_33, channel="portal", late="It was a holiday.")
    case.later(days=30)
    assert len(case.told("priya", "breach.clock")) == 6


def test_a_target_of_the_firm_is_no_law_and_late_for_nobody(case: House) -> None:
    one_clock(case, "eu.gdpr.33.2")
    assert "the firm's own target" in page(case)
    case.later(hours=30)
    shown = page(case)
    assert "Overdue" not in shown
    assert "the law names no number" in shown
    assert case.told("priya", "breach.clock")
    assert not case.told("margaret", "breach.clock")


def test_tonight_tomorrow_and_later(case: House) -> None:
    case.later(hours=3)  # 19:00
    case.later(days=2)
    said(case, "times", aware_at=case.now - timedelta(hours=70))
    shown = page(case)
    assert "Tonight" in shown
    assert "Nothing else is due before it" in shown
    assert shown.index("Tonight") < shown.index("Later")


def test_nothing_closes_while_something_waits_and_then_it_stands_in_the_register(case: House) -> None:
    one_clock(case, "eu.gdpr.33.1")
    id = the_breach(case).id
    refused = send(case, "breach.close", outcome="breach", review="Wrong address book.")
    assert isinstance(refused, Invalid)
    assert "1 clocks" in refused.errors["outcome"]
    for step in ("contain", "inform", "assess", "report", "tell_clients", "review"):
        assert isinstance(case.act("priya", "breach.done", f"{id}|{step}"), Done)
    assert isinstance(send(case, "breach.close", outcome="breach", review="Wrong address book."), Invalid)
    send(case, "breach.sent", ART_33, channel="portal")
    assert isinstance(send(case, "breach.close", outcome="breach", review="Wrong address book."), Say)
    for who in ("priya", "margaret"):
        assert "It was a breach" in repr(case.open(who, "breach.register"))
    assert b"address book" not in stored(case.url)
    case.later(days=90)
    assert not [n for n in case.told("priya") if n.subject == id and n.created_at > case.now - timedelta(days=89)]


def test_not_a_breach_closes_with_its_reasons_and_can_be_opened_again(case: House) -> None:
    id = the_breach(case).id
    assert isinstance(send(case, "breach.close", outcome="not_a_breach", review="The file was a test file."), Say)
    assert isinstance(case.open("priya", "breach.facts", f"{id}|data"), Say)
    assert "It was not a breach" in repr(case.open("priya", "breach.register"))
    found = form(case, "breach.reopen", id)
    assert isinstance(case.submit("priya", found, {"reason": "It was real after all."}), Say)
    running = case.read(lambda tx: ladder_of(tx, id))
    assert running
    assert running.acknowledged_by == case.ids["priya"]
    case.later(days=3)
    assert "breach.clock" in {n.kind for n in case.told("priya") if n.subject == id}
    assert "Close the case" in repr(case.open("priya", "breach.open", id))


def test_the_register_is_for_the_team_and_auditors(case: House) -> None:
    refused = case.open("amelia", "breach.register")
    assert isinstance(refused, Say)
    assert "senior management and auditors" in refused.text


def test_the_card_names_the_next_moment_and_nothing_of_what_happened(case: House) -> None:
    case.later(hours=37)
    told = case.told("priya", "breach.clock")[-1]
    entry = find(Kind.NOTICE, told.kind)
    assert entry

    def painted(tx: Tx) -> object:
        priya, ask = (
            people.by_id(tx, case.ids["priya"]),
            Ask(request=Request(kind=Kind.NOTICE, name=told.kind), policy=case.policy),
        )
        return entry.handler(tx, told, priya, ask)

    card = case.read(painted)
    assert isinstance(card, Card)
    assert "Next: " in repr(card)
    assert "Brightwater" not in repr(card)


def test_a_stale_button_and_junk_are_refused_with_words(case: House) -> None:
    id = the_breach(case).id
    for name, subject in (("breach.clock", f"{id}|eu.nothing"), ("breach.facts", f"{id}|weather")):
        assert isinstance(case.open("priya", name, subject), Say)
    for junk in ("junk", "9" * 5000):
        assert isinstance(case.open("priya", "breach.register", junk), Page)
    assert isinstance(case.open("priya", "breach.clocks", f"{id}|{'9' * 5000}"), Page)
    assert isinstance(case.ask("priya", Kind.OPEN, "breach.clocks", subject="BR-NONE"), Say)


# --- what a second look found


def test_what_is_late_when_it_is_reckoned_is_told_at_once_and_to_management_once(house: House) -> None:
    only(house, "eu.gdpr.33.1")
    report(house)
    house.act("priya", "breach.on-it", the_breach(house).id)
    said(house, "times", first_signal_at=house.now - timedelta(days=9), aware_at=house.now - timedelta(hours=80))
    house.later(minutes=1)
    assert [notice.urgent for notice in house.told("priya", "breach.clock")] == [True]
    house.later(days=30)
    assert len(house.told("priya", "breach.clock")) == 1
    assert len(house.told("margaret", "breach.clock")) == 1


def test_a_fact_that_comes_before_the_tick_takes_no_reminder_away(house: House) -> None:
    only(house, "eu.gdpr.33.1")
    report(house)
    house.act("priya", "breach.on-it", the_breach(house).id)
    house.now += timedelta(hours=72, seconds=30)  # nothing fired meanwhile
    said(house, "data", risk="high_risk")
    house.later(seconds=1)
    assert house.told("margaret", "breach.clock")


def test_only_what_is_over_now_goes_to_management_and_rings_at_night(house: House) -> None:
    only(house, "eu.gdpr.33.1", "hipaa.hhs")
    report(house)
    house.act("priya", "breach.on-it", the_breach(house).id)
    house.later(days=50)  # the 72 hours are over, sixty days have their reminders
    assert len(house.told("margaret", "breach.clock")) == 1
    assert not house.told("priya", "breach.clock")[-1].urgent
    shown = page(house)
    assert "Overdue since" in shown
    assert "Next: " in shown


def test_a_form_that_is_older_than_a_colleagues_answer_takes_nothing_back(case: House) -> None:
    said(case, "data", secured="yes")
    older = form(case, "breach.facts", f"{the_breach(case).id}|data")
    said(case, "data", secured="no")
    started = set(clocks(case))
    assert isinstance(case.submit("priya", older, {"risk": "high_risk"}), Say)
    assert set(clocks(case)) >= started


def test_how_many_clocks_stop_is_said(case: House) -> None:
    assert "do not run any more" in said(case, "data", personal_data="no")


def test_a_mistaken_decision_is_taken_back_and_stays_on_record(case: House) -> None:
    subject = f"{the_breach(case).id}|{ART_33}"
    assert isinstance(send(case, "breach.not-needed", ART_33, reasons="Nobody saw it."), Say)
    assert isinstance(case.act("priya", "breach.needed", subject), Done)
    assert isinstance(case.act("priya", "breach.needed", subject), Done)  # a second click
    shown = page(case, "breach.clock", ART_33)
    assert "Nobody saw it." in shown
    assert "needed after all" in shown
    case.later(hours=73)
    assert case.told("margaret", "breach.clock")
    assert isinstance(send(case, "breach.sent", ART_33, channel="portal", late="It was decided wrongly."), Say)


def test_a_notice_sent_before_the_firm_was_certain_counts(case: House) -> None:
    sent = case.now + timedelta(minutes=30)
    case.later(hours=2)
    said(case, "times", aware_at=case.now - timedelta(minutes=5))
    assert isinstance(send(case, "breach.sent", ART_33, channel="phone", sent=sent), Say)
    refused = send(case, "breach.sent", "eu.gdpr.34", channel="phone", sent=case.now - timedelta(days=40))
    assert isinstance(refused, Invalid)
    assert "before the first sign" in refused.errors["sent"]


def test_times_opened_and_saved_say_nothing_new(house: House) -> None:
    house.now += timedelta(seconds=37, microseconds=123)
    report(house)
    assert said(house, "times") == "Nothing has changed."


def test_a_law_that_the_policy_drops_runs_on_in_an_open_case_and_a_new_one_starts(house: House) -> None:
    only(house, "eu.gdpr", "uk.gdpr")
    report(house)
    only(house, "eu.gdpr", "hipaa")
    house.ask(None, Kind.DESK, "breach.in-force", operator="op")
    assert {"uk.gdpr.33", "hipaa.individual"} <= set(clocks(house))


def test_a_closed_case_stays_silent_when_whoever_took_it_leaves(case: House) -> None:
    id = the_breach(case).id
    send(case, "breach.close", outcome="not_a_breach", review="The file was a test file.")
    assert isinstance(case.act("priya", "breach.on-it", id), Say)  # an old card's button
    before = len(case.told("margaret"))
    case.ask(None, Kind.DESK, "people.end", operator="op", values={"email": "priya@harbour.example"})
    case.later(days=3)
    assert not [n for n in case.told("margaret")[before:] if n.subject == id]


def test_a_report_with_an_impossible_date_keeps_its_words(house: House) -> None:
    asked = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(asked, Form)
    refused = house.submit("tomas", asked, {"what": "Lost it.", "noticed": datetime(1, 1, 1, tzinfo=UTC)})
    assert isinstance(refused, Invalid)
    assert "too far back" in refused.errors["noticed"]


def one_clock(house: House, clock: str) -> None:
    """As if there were no other law."""
    id, fact = the_breach(house).id, {"name": "regimes", "value": clock, "by": house.ids["priya"]}
    house.write(lambda tx: breach_law.add_fact(tx, id, id=breach_law.fact_id(), **fact))
    said(house, "people", individuals="5")


def only(house: House, *regimes: str) -> None:
    named = ", ".join(f'"{one}"' for one in regimes)
    house.policy = house.doorway.policy = policy(POLICY.replace("[breach]", f"[breach]\nregimes = [{named}]"))
