"""The review of who may open a file: asked, reminded, handed up, and at last closed, gently; on both databases."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.parcels import card_of
from handlers.need_to_know import reviews
from handlers.request import Kind
from handlers.views import Card, Data, Form, Invalid, Page, Reply, Say
from storage import access, access_reviews, clients, deadlines, timers
from storage.access_reviews import Review
from storage.store import Tx
from tests.support.house import House

MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def asked(house: House) -> House:
    """A review of the heron's file begins on a Monday morning; Luca is on its team, Sana has a grant."""
    house.now = MONDAY
    form = house.open("amelia", "access.give", house.ids["heron"])
    assert isinstance(form, Form)
    typed = {"person": house.ids["sana"], "purpose": "work", "reason": "Joins.", "until": "year"}
    assert isinstance(house.submit("amelia", form, typed), Say)
    house.write(lambda tx: timers.start(tx, reviews.OPEN, house.ids["heron"], house.now))
    house.later(minutes=1)
    return house


def review(house: House) -> Review:
    found = house.read(lambda tx: access_reviews.running(tx, house.ids["heron"]))
    assert isinstance(found, Review)
    return found


def look(house: House, who: str) -> Reply:
    return house.open(who, "client.file", house.ids["heron"])


def answer(house: House, who: str, verdict: str, about: str) -> Reply:
    return house.act(who, f"review.{verdict}", f"{review(house).id}|{house.ids[about]}")


def until_it_rests(house: House) -> None:
    for _day in range(40):
        if house.told("luca", "access.rests"):
            return
        house.later(days=1)
    raise AssertionError("it never rests")


def test_the_owner_is_asked_and_says_who_keeps_and_who_loses_access(asked: House) -> None:
    (notice,) = asked.told("amelia", "review.asked")
    card = asked.read(lambda tx: card_of(tx, asked.policy, notice))
    assert isinstance(card, Card)
    assert "Quiet Heron" in repr(card)
    page = repr(asked.open("amelia", "review.look", review(asked).id))
    assert "Luca Reed" in page
    assert "Sana Iqbal" in page
    assert "Amelia Ward · owner" not in page
    assert isinstance(answer(asked, "amelia", "keep", "luca"), Say)
    assert isinstance(answer(asked, "amelia", "remove", "sana"), Say)
    assert isinstance(look(asked, "luca"), Page)
    assert isinstance(look(asked, "sana"), Say)
    assert asked.told("sana", "access.ended")
    assert asked.read(lambda tx: access_reviews.running(tx, asked.ids["heron"])) is None
    (following,) = [t for t in asked.read(lambda tx: timers.of(tx, asked.ids["heron"])) if t.kind == reviews.OPEN]
    assert following.due_at.date() == datetime(2027, 5, 24, tzinfo=UTC).date() - timedelta(days=1)


def test_three_more_months_are_a_grant_with_an_end(asked: House) -> None:
    answer(asked, "amelia", "reduce", "luca")
    record = asked.read(lambda tx: access.people_of(tx, asked.ids["heron"]))[asked.ids["luca"]]
    assert record.basis == "grant"
    assert record.ends_at is not None
    assert timedelta(days=89) < record.ends_at - asked.now < timedelta(days=93)
    assert "answered already" in repr(answer(asked, "amelia", "keep", "luca"))


def test_everybody_keeps_access_with_one_button(asked: House) -> None:
    said = asked.act("amelia", "review.keep-all", review(asked).id)
    assert isinstance(said, Say)
    assert said.title == "Reviewed"
    asked.later(days=30)
    assert isinstance(look(asked, "luca"), Page)
    assert not asked.told("luca", "access.rests")


def test_silence_is_reminded_twice_goes_to_the_supervisor_then_the_dpo_and_then_rests(asked: House) -> None:
    asked.later(days=11)
    assert len(asked.told("amelia", "review.asked")) == 3
    assert not asked.told("jonas", "review.asked")
    until_it_rests(asked)
    assert asked.told("jonas", "review.asked")
    assert asked.told("priya", "review.asked")
    (rests,) = asked.told("luca", "access.rests")
    local = rests.created_at.astimezone(asked.policy.zone)
    assert (local.hour, local.minute) == (9, 0)
    assert local.weekday() < 5
    assert isinstance(look(asked, "amelia"), Page)
    assert isinstance(look(asked, "luca"), Form)


def test_while_it_rests_entries_and_replies_go_on_and_nothing_is_read(asked: House) -> None:
    first = asked.log("luca")
    assert isinstance(first, Say)
    until_it_rests(asked)
    assert isinstance(asked.log("luca", summary="Rang again."), Say)
    duty = asked.read(lambda tx: a_duty(tx, asked))
    form = asked.open("luca", "log-client", f"reply:{duty}")
    assert isinstance(form, Form)
    assert "Quiet Heron" in repr(form)
    refused = asked.open("luca", "interaction.amend", first.reference)
    assert "Your access to this file rests" in repr(refused)
    assert asked.ids["luca"] not in asked.read(lambda tx: access.people_of(tx, asked.ids["heron"]))


def a_duty(tx: Tx, house: House) -> str:
    return deadlines.open_of_client(tx, house.ids["heron"])[0].id


def test_a_day_is_taken_with_a_reason_told_to_the_owner_and_ends_by_itself(asked: House) -> None:
    until_it_rests(asked)
    form = look(asked, "luca")
    assert isinstance(form, Form)
    assert isinstance(asked.submit("luca", form, {"why": ""}), Invalid)
    before = len(asked.told("amelia", "review.asked"))
    assert isinstance(asked.submit("luca", form, {"why": "client"}), Say)
    assert isinstance(look(asked, "luca"), Page)
    assert len(asked.told("amelia", "review.asked")) == before + 1
    asked.now += timedelta(hours=24)
    assert isinstance(look(asked, "luca"), Form)
    assert "not open to you" in repr(asked.open("jonas", "access.day", asked.ids["heron"]))


def test_a_late_answer_opens_what_rested_also_after_a_day_was_taken(asked: House) -> None:
    until_it_rests(asked)
    form = look(asked, "luca")
    assert isinstance(form, Form)
    asked.submit("luca", form, {"why": "deadline"})
    answer(asked, "amelia", "keep", "luca")
    asked.now += timedelta(hours=30)
    assert isinstance(look(asked, "luca"), Page)


def test_it_is_asked_again_every_two_weeks_and_ends_by_itself_when_nobody_is_left(asked: House) -> None:
    until_it_rests(asked)
    before = len(asked.told("amelia", "review.asked"))
    asked.later(days=15)
    assert len(asked.told("amelia", "review.asked")) == before + 1
    asked.write(
        lambda tx: [access.end(tx, asked.ids["heron"], asked.ids[who], "team", "grant") for who in ("luca", "sana")]
    )
    asked.later(days=15)
    assert asked.read(lambda tx: access_reviews.running(tx, asked.ids["heron"])) is None


def test_the_supervisor_answers_when_told_and_nobody_for_oneself(asked: House) -> None:
    assert "not yours" in repr(answer(asked, "jonas", "keep", "luca"))
    until_it_rests(asked)
    assert isinstance(answer(asked, "jonas", "keep", "luca"), Say)
    assert "not yours" in repr(answer(asked, "luca", "keep", "luca"))
    assert isinstance(look(asked, "luca"), Page)


def test_a_deputy_of_the_team_says_nothing_about_oneself(asked: House) -> None:
    away = asked.ask("amelia", Kind.COMMAND, "away")
    assert isinstance(away, Form)
    span = {"from": asked.now, "until": asked.now + timedelta(days=5), "deputy": asked.ids["luca"]}
    asked.submit("amelia", away, span)
    assert "Somebody else has to answer for you" in repr(answer(asked, "luca", "keep", "luca"))
    assert "1 more to look at" in repr(asked.act("luca", "review.keep-all", review(asked).id))


def test_a_firm_that_begins_is_spread_and_loses_nothing_for_thirty_days(house: House) -> None:
    begun = house.ask(None, Kind.DESK, "reviews.in-force", operator="op")
    assert begun == Data(data={"scheduled": 2})
    assert house.ask(None, Kind.DESK, "reviews.in-force", operator="op") == Data(data={"scheduled": 0})
    for client in house.read(clients.everything):
        (timer,) = house.read(lambda tx, id=client.id: timers.of(tx, id))
        assert house.now + timedelta(days=30) <= timer.due_at < house.now + timedelta(days=210)


def test_the_plan_tells_how_many_are_asked_on_which_day(house: House) -> None:
    for name in ("undertaking.in-force", "reviews.in-force"):
        house.ask(None, Kind.DESK, name, operator="op")
    told = house.ask(None, Kind.DESK, "rollout.plan", operator="op")
    assert isinstance(told, Data)
    days = told.data["days"]  # type: ignore[index]
    assert sum(day["undertakings"] for day in days) == 2 * 8
    assert days == sorted(days, key=lambda one: one["day"])
