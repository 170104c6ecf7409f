"""An information barrier beats every right, and is told to nobody: through the real doorway, on both databases."""

from datetime import timedelta

import pytest

from bot.parcels import card_of
from handlers import access as files
from handlers.request import Kind
from handlers.views import Card, Data, Form, Invalid, Page, Reply, Say
from storage import access, barriers, clients, deadlines, escalations, outbox, people
from storage.barriers import Barrier
from storage.store import Tx
from tests.support.house import House

WHY = "Her brother is on the other side."


@pytest.fixture
def guarded(house: House) -> House:
    """Margaret and Rosa are guardians."""

    def appoint(tx: Tx) -> None:
        people.change(tx, house.ids["margaret"], roles=["senior_management", "guardian"])
        people.change(tx, house.ids["rosa"], roles=["records", "admin", "guardian"])

    house.write(appoint)
    return house


def bar(house: House, who: str, number: str = "4711", guardian: str = "margaret") -> Reply:
    form = house.open(guardian, "barrier.set")
    assert isinstance(form, Form), form
    typed = {"number": number, "person": house.ids[who], "kind": "conflict", "reason": WHY}
    return house.submit(guardian, form, typed)


def standing(house: House) -> list[Barrier]:
    found: list[Barrier] = house.read(barriers.standing_now)
    return found


def test_a_barrier_beats_the_team_a_grant_and_emergency_access(guarded: House) -> None:
    assert isinstance(guarded.open("luca", "client.file", guarded.ids["heron"]), Page)
    assert isinstance(bar(guarded, "luca"), Say)
    nobodys = guarded.open("luca", "client.file", "CL-0000000000")
    assert guarded.open("luca", "client.file", guarded.ids["heron"]) == nobodys
    form = guarded.open("luca", "emergency")
    assert isinstance(form, Form)
    typed = {"code": "harm", "reason": "Somebody may come to harm without it.", "minutes": "60"}
    known, unknown = (guarded.submit("luca", form, {**typed, "number": number}) for number in ("4711", "9999"))
    assert known == unknown
    assert isinstance(known, Invalid)


def test_the_way_in_itself_is_closed_whatever_is_on_record(guarded: House) -> None:
    luca = guarded.read(lambda tx: people.by_id(tx, guarded.ids["luca"]))
    assert guarded.read(lambda tx: files.may_open(tx, luca, guarded.ids["heron"]))
    bar(guarded, "luca")
    assert not guarded.read(lambda tx: files.may_open(tx, luca, guarded.ids["heron"]))
    assert guarded.read(lambda tx: files.names(tx, luca, [clients.by_id(tx, guarded.ids["heron"])])) == {}


def test_nothing_of_the_client_is_left_in_any_list(guarded: House) -> None:
    guarded.log("luca")
    bar(guarded, "luca")
    for kind, name, text in (
        (Kind.HOME, "home", ""),
        (Kind.COMMAND, "access", ""),
        (Kind.COMMAND, "client", ""),
        (Kind.SEARCH, "clients", "bright"),
        (Kind.SEARCH, "my-clients", "heron"),
        (Kind.OPEN, "access.mine", ""),
    ):
        said = repr(guarded.ask("luca", kind, name, text=text))
        assert "Heron" not in said, name
        assert "Brightwater" not in said, name
        assert "IN-" not in said, name


def test_open_replies_move_to_the_owner_and_cards_say_that_nothing_is_to_do(guarded: House) -> None:
    guarded.log("luca", replier=None)
    (duty,) = guarded.read(deadlines.all_open)
    guarded.write(lambda tx: deadlines.hand_to(tx, duty.id, guarded.ids["luca"]))
    guarded.later(days=3)
    (reminder, *_more) = guarded.told("luca", "deadline.reminder")
    bar(guarded, "luca")
    (moved,) = guarded.read(deadlines.all_open)
    assert moved.responsible_id == guarded.ids["amelia"]
    assert guarded.told("amelia", "deadline.reassigned")
    assert guarded.read(lambda tx: card_of(tx, guarded.policy, reminder)) is None
    edit = outbox.Notice(**{**vars(reminder), "message_id": "ME-1"})
    card = guarded.read(lambda tx: card_of(tx, guarded.policy, edit))
    assert isinstance(card, Card)
    assert "Settled" in repr(card)
    for said in (guarded.open("luca", "deadline.why", duty.id), guarded.open("luca", "log-client", f"reply:{duty.id}")):
        assert isinstance(said, Say)
        assert "This duty is not yours" in said.text


def test_a_ladder_passes_a_screened_holder_by_and_says_not_available(guarded: House) -> None:
    guarded.log("amelia")
    assert isinstance(bar(guarded, "jonas"), Say)
    guarded.later(days=4)
    (duty,) = guarded.read(deadlines.all_open)
    running = guarded.read(lambda tx: escalations.of(tx, duty.id))
    assert guarded.ids["jonas"] not in running.told_ids
    assert guarded.ids["margaret"] in running.told_ids
    assert not guarded.told("jonas", "deadline.escalated")


def test_a_screened_deputy_reads_nothing_in_anothers_stead(guarded: House) -> None:
    guarded.log("amelia")
    away = guarded.ask("amelia", Kind.COMMAND, "away")
    assert isinstance(away, Form)
    span = {"from": guarded.now, "until": guarded.now + timedelta(days=20), "deputy": guarded.ids["luca"]}
    guarded.submit("amelia", away, span)
    bar(guarded, "luca")
    guarded.later(days=3)
    assert not guarded.told("luca")
    assert guarded.told("jonas", "deadline.reminder")  # the next in her line


def test_whoever_took_it_is_relieved_and_it_climbs_again(guarded: House) -> None:
    guarded.log("amelia")
    guarded.later(days=4)
    (duty,) = guarded.read(deadlines.all_open)
    guarded.act("jonas", "deadline.take", duty.id)
    bar(guarded, "jonas")
    running = guarded.read(lambda tx: escalations.of(tx, duty.id))
    assert running.state == "climbing"
    assert guarded.ids["jonas"] not in running.told_ids


def test_a_request_that_waited_lapses_and_cannot_be_approved(guarded: House) -> None:
    form = guarded.open("sana", "access.ask")
    assert isinstance(form, Form)
    typed = {"number": "4711", "purpose": "work", "reason": "Needed.", "until": "week"}
    asked = guarded.submit("sana", form, typed)
    assert isinstance(asked, Say)
    bar(guarded, "sana")
    assert "not yours to answer" in repr(guarded.act("amelia", "access.approve", asked.reference))
    guarded.later(days=6)
    assert len(guarded.told("sana", "access.answered")) == 1


def test_the_owner_cannot_add_a_screened_person_and_is_not_told_why(guarded: House) -> None:
    bar(guarded, "sana")
    form = guarded.open("amelia", "access.give", guarded.ids["heron"])
    assert isinstance(form, Form)
    typed = {"purpose": "work", "reason": "Joins.", "until": "week"}
    screened = guarded.submit("amelia", form, {**typed, "person": guarded.ids["sana"]})
    there_already = guarded.submit("amelia", form, {**typed, "person": guarded.ids["luca"]})
    assert screened == there_already
    assert isinstance(screened, Invalid)


def test_an_import_may_name_a_screened_person_and_opens_nothing(guarded: House) -> None:
    bar(guarded, "luca")
    guarded.write(lambda tx: access.give(tx, guarded.ids["heron"], guarded.ids["luca"], "team"))
    assert isinstance(guarded.open("luca", "client.file", guarded.ids["heron"]), Say)
    assert guarded.ids["luca"] not in guarded.read(lambda tx: access.people_of(tx, guarded.ids["heron"]))


def test_a_list_does_not_make_a_screened_person_the_owner_and_guardians_are_told(guarded: House) -> None:
    bar(guarded, "luca")
    row = {"line": "2", "ref": "4711", "name": "Brightwater Estates", "owner": "luca@harbour.example"}
    said = guarded.ask(None, Kind.DESK, "clients.import", operator="op", rows=(row,))
    assert isinstance(said, Data)
    assert said.ok
    assert said.data["unchanged"] == 1  # type: ignore[index]
    heron = guarded.read(lambda tx: clients.by_id(tx, guarded.ids["heron"]))
    assert heron.owner_id == guarded.ids["amelia"]
    (told,) = guarded.told("margaret", "barrier.owner")
    card = guarded.read(lambda tx: card_of(tx, guarded.policy, told))
    assert isinstance(card, Card)
    assert "4711" in repr(card)
    assert "Luca" not in repr(card)


def test_cards_that_told_of_the_file_say_nothing_any_more(guarded: House) -> None:
    form = guarded.open("amelia", "access.give", guarded.ids["heron"])
    assert isinstance(form, Form)
    typed = {"person": guarded.ids["sana"], "purpose": "work", "reason": "Joins.", "until": "month"}
    guarded.submit("amelia", form, typed)
    (given,) = guarded.told("sana", "access.given")
    bar(guarded, "sana")
    edit = outbox.Notice(**{**vars(given), "message_id": "ME-1"})
    card = guarded.read(lambda tx: card_of(tx, guarded.policy, edit))
    assert "Heron" not in repr(card)
    guarded.later(days=28)
    assert not guarded.told("amelia", "access.ending")


def test_the_owners_card_for_a_request_is_settled_when_the_barrier_stands(guarded: House) -> None:
    form = guarded.open("sana", "access.ask")
    assert isinstance(form, Form)
    guarded.submit("sana", form, {"number": "4711", "purpose": "work", "reason": "Needed.", "until": "week"})
    (asked,) = guarded.told("amelia", "access.request")
    bar(guarded, "sana")
    edit = outbox.Notice(**{**vars(asked), "message_id": "ME-1"})
    assert "Settled" in repr(guarded.read(lambda tx: card_of(tx, guarded.policy, edit)))
    assert guarded.read(lambda tx: card_of(tx, guarded.policy, asked)) is None


@pytest.mark.parametrize("who", ["amelia", "jonas", "priya", "luca"])
def test_only_guardians_see_set_and_lift_barriers(guarded: House, who: str) -> None:
    bar(guarded, "luca")
    (barrier,) = standing(guarded)
    for name in ("barriers", "barrier.set", "barrier.why", "barrier.lift"):
        said = guarded.open(who, name, barrier.id)
        assert isinstance(said, Say), name
        assert "for another role" in said.text


def test_a_guardian_reads_why_and_lifts_it_with_a_reason(guarded: House) -> None:
    bar(guarded, "luca")
    (barrier,) = standing(guarded)
    assert WHY in repr(guarded.open("rosa", "barrier.why", barrier.id))
    form = guarded.open("rosa", "barrier.lift", barrier.id)
    assert isinstance(form, Form)
    assert isinstance(guarded.submit("rosa", form, {"reason": ""}), Invalid)
    assert isinstance(guarded.submit("rosa", form, {"reason": "He has sold the shares."}), Say)
    assert not standing(guarded)
    assert isinstance(guarded.open("luca", "client.file", guarded.ids["heron"]), Page)
    assert "does not stand any more" in repr(guarded.open("rosa", "barrier.lift", barrier.id))


def test_a_guardian_behind_a_barrier_does_not_see_it_and_sets_none_for_himself(guarded: House) -> None:
    assert isinstance(bar(guarded, "margaret"), Invalid)
    assert isinstance(bar(guarded, "margaret", guardian="rosa"), Say)
    assert "Heron" in repr(guarded.open("rosa", "barriers"))
    assert "Heron" not in repr(guarded.open("margaret", "barriers"))
    (barrier,) = standing(guarded)
    assert guarded.open("margaret", "barrier.why", barrier.id) == guarded.open(
        "margaret", "barrier.why", "IB-0000000000"
    )
    assert bar(guarded, "sana") == bar(guarded, "sana", number="9999")


def test_the_owner_is_screened_only_when_the_file_has_a_new_owner(guarded: House) -> None:
    said = bar(guarded, "amelia")
    assert isinstance(said, Invalid)
    assert "Hand it to a new owner first" in said.errors["person"]


def test_the_record_names_ids_and_never_the_reason(guarded: House) -> None:
    bar(guarded, "luca")
    (barrier,) = standing(guarded)
    assert WHY.encode() not in barrier.reason
    assert "barrier.set" in guarded.happened()
