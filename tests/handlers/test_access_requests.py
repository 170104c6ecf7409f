"""A client file is asked for, given, ended and handed on: through the real doorway, on both databases."""

from datetime import timedelta

import pytest

from bot.parcels import card_of
from handlers.request import Kind
from handlers.views import Card, Form, Invalid, Page, Reply, Say
from storage import access, access_requests, clients, deadlines, people
from storage.access_requests import AccessRequest
from storage.outbox import Notice
from storage.store import Tx
from tests.support.house import House

ASKED = {"number": "4711", "purpose": "cover", "reason": "I stand in for Amelia next week.", "until": "month"}


def ask_for(house: House, who: str, **values: str) -> Reply:
    form = house.open(who, "access.ask")
    assert isinstance(form, Form)
    return house.submit(who, form, ASKED | values)


def request_of(house: House, said: Reply) -> AccessRequest:
    assert isinstance(said, Say), said
    found = house.read(lambda tx: access_requests.by_id(tx, said.reference))
    assert isinstance(found, AccessRequest)
    return found


def card(house: House, notice: Notice) -> Card:
    found = house.read(lambda tx: card_of(tx, house.policy, notice))
    assert isinstance(found, Card), found
    return found


def opens(house: House, who: str, client: str = "heron") -> bool:
    return isinstance(house.open(who, "client.file", house.ids[client]), Page)


def test_a_request_is_approved_by_the_owner_and_opens_the_file_until_its_end(house: House) -> None:
    request = request_of(house, ask_for(house, "sana"))
    (notice,) = house.told("amelia", "access.request")
    asked = card(house, notice)
    assert "Sana Iqbal" in repr(asked)
    assert "Quiet Heron" in repr(asked)
    assert "stand in" not in repr(asked)  # the reason stands behind the click
    page = house.open("amelia", "access.request", request.id)
    assert "I stand in for Amelia next week." in repr(page)
    assert not opens(house, "sana")
    assert isinstance(house.act("amelia", "access.approve", request.id), Say)
    assert opens(house, "sana")
    (answered,) = house.told("sana", "access.answered")
    assert "Quiet Heron" in repr(card(house, answered))
    assert "Settled" in card(house, Notice(**{**vars(notice), "message_id": "ME-1"})).title
    house.now = request.until - timedelta(seconds=1)
    assert opens(house, "sana")
    house.now = request.until
    assert not opens(house, "sana")


def test_a_request_that_is_refused_opens_nothing_and_is_told(house: House) -> None:
    request = request_of(house, ask_for(house, "sana"))
    house.act("amelia", "access.refuse", request.id)
    assert not opens(house, "sana")
    (answered,) = house.told("sana", "access.answered")
    assert card(house, answered).title == "Access not approved"
    again = house.act("amelia", "access.approve", request.id)
    assert again == Say(text="This request is settled already. Nothing to do.")
    assert not opens(house, "sana")


def test_silence_opens_nothing_and_ends_in_three_business_days(house: House) -> None:
    request_of(house, ask_for(house, "sana"))
    house.later(days=4)
    assert not house.told("sana", "access.answered")
    house.later(days=1)
    (answered,) = house.told("sana", "access.answered")
    assert card(house, answered).title == "Access not answered in time"


def test_a_number_that_nobody_has_is_answered_and_lapses_like_any_other(house: House) -> None:
    known, unknown = ask_for(house, "sana"), ask_for(house, "sana", number="9999")
    assert isinstance(known, Say)
    assert isinstance(unknown, Say)
    assert known.text.replace(known.reference, "") == unknown.text.replace(unknown.reference, "")
    house.later(days=6)
    first, second = house.told("sana", "access.answered")
    assert repr(card(house, first)).replace(first.subject, "") == repr(card(house, second)).replace(second.subject, "")


@pytest.mark.parametrize("who", ["luca", "jonas", "priya", "rosa", "sana"])
def test_only_the_owner_answers(house: House, who: str) -> None:
    request = request_of(house, ask_for(house, "sana"))
    for said in (
        house.act(who, "access.approve", request.id),
        house.act(who, "access.refuse", request.id),
        house.open(who, "access.request", request.id),
    ):
        assert isinstance(said, Say)
        assert "not yours to answer" in said.text
    assert not opens(house, "sana")


def test_while_the_owner_is_away_the_deputy_is_told_and_answers(house: House) -> None:
    away = house.ask("amelia", Kind.COMMAND, "away")
    assert isinstance(away, Form)
    luca = {"from": house.now, "until": house.now + timedelta(days=5), "deputy": house.ids["luca"]}
    house.submit("amelia", away, luca)
    request = request_of(house, ask_for(house, "sana"))
    assert house.told("luca", "access.request")
    assert isinstance(house.act("luca", "access.approve", request.id), Say)
    assert opens(house, "sana")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": ""}, "number"),
        ({"purpose": "gossip"}, "purpose"),
        ({"reason": ""}, "reason"),
        ({"reason": "4111 1111 1111 1111"}, "reason"),
        ({"reason": "x" * 501}, "reason"),
        ({"until": "ever"}, "until"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(house: House, wrong: dict[str, str], field: str) -> None:
    said = ask_for(house, "sana", **wrong)
    assert isinstance(said, Invalid)
    assert set(said.errors) == {field}


def give(house: House, who: str, **values: object) -> Reply:
    form = house.open(who, "access.give", house.ids["heron"])
    assert isinstance(form, Form), form
    typed = {"person": house.ids["sana"], "purpose": "work", "reason": "Joins the matter.", "until": "week"}
    return house.submit(who, form, typed | values)  # type: ignore[arg-type]


def test_the_owner_gives_shows_and_ends_access(house: House) -> None:
    assert isinstance(give(house, "amelia"), Say)
    assert opens(house, "sana")
    (told,) = house.told("sana", "access.given")
    assert "Quiet Heron" in repr(card(house, told))
    page = house.open("luca", "access.who", house.ids["heron"])
    assert "Sana Iqbal · granted by Amelia Ward: My work on the matter" in repr(page)
    assert "access.end" not in repr(page)  # only the owner ends it
    grant = house.read(lambda tx: access.people_of(tx, house.ids["heron"]))[house.ids["sana"]]
    assert isinstance(house.act("luca", "access.end", grant.id), Say)
    assert opens(house, "sana")
    house.act("amelia", "access.end", grant.id)
    assert not opens(house, "sana")
    assert house.told("sana", "access.ended")
    again = house.act("amelia", "access.end", grant.id)
    assert again == Say(text="This has ended already. Nothing to do.")


def test_nobody_but_the_owner_gives_and_the_answer_is_the_same_where_there_is_no_file(house: House) -> None:
    for who in ("luca", "jonas", "priya", "rosa", "tomas"):
        known = house.open(who, "access.give", house.ids["heron"])
        unknown = house.open(who, "access.give", "CL-0000000000")
        assert known == unknown
        assert isinstance(known, Say)


def test_a_department_is_given_access_with_one_reason(house: House) -> None:
    def place(tx: Tx) -> None:
        for who in ("sana", "tomas", "luca"):
            people.change(tx, house.ids[who], department="Probate")

    house.write(place)
    said = give(house, "amelia", person=None, department="Probate")
    assert isinstance(said, Say)
    assert said.text.startswith("2 more")  # luca is on the team already
    assert opens(house, "sana")
    assert opens(house, "tomas")


def test_both_sides_hear_a_week_before_a_grant_ends(house: House) -> None:
    give(house, "amelia", until="month")
    house.later(days=20)
    assert not house.told("sana", "access.ending")
    house.later(days=5)
    assert house.told("sana", "access.ending")
    assert house.told("amelia", "access.ending")


def test_a_new_owner_decides_and_the_open_replies_go_along(house: House) -> None:
    house.log("amelia")
    form = house.open("amelia", "access.owner", house.ids["heron"])
    assert isinstance(form, Form)
    said = house.submit("amelia", form, {"person": house.ids["sana"]})
    assert isinstance(said, Say)
    (duty,) = house.read(deadlines.all_open)
    assert duty.responsible_id == house.ids["sana"]
    assert house.read(lambda tx: clients.by_id(tx, house.ids["heron"])).owner_id == house.ids["sana"]
    assert opens(house, "sana")
    assert not opens(house, "amelia")
    assert isinstance(house.open("amelia", "access.give", house.ids["heron"]), Say)
    assert isinstance(give(house, "sana", person=house.ids["amelia"]), Say)
    assert opens(house, "amelia")
