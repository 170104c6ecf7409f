"""The undertaking to confidentiality: before the first file opens, with time for a firm that begins; on both
databases."""

from datetime import timedelta

import pytest

from bot.parcels import card_of
from handlers.need_to_know import undertaking
from handlers.request import Kind
from handlers.views import Card, Data, Form, Invalid, ManyField, Page, Reply, Say
from storage import chat, people, undertakings
from storage.store import Tx
from tests.support.house import House


@pytest.fixture
def begun(house: House) -> House:
    """The service was started: a text is in force."""
    in_force(house)
    return house


def in_force(house: House) -> Reply:
    return house.ask(None, Kind.DESK, "undertaking.in-force", operator="op")


def look(house: House, who: str) -> Reply:
    return house.open(who, "client.file", house.ids["heron"])


def acknowledge(house: House, who: str, form: Reply) -> Reply:
    assert isinstance(form, Form), form
    return house.submit(who, form, {"yes": ticked(form)})


def ticked(form: Form) -> tuple[str, ...]:
    (box,) = form.fields
    assert isinstance(box, ManyField)
    return (box.options[0].value,)


def test_a_firm_that_begins_has_thirty_days_and_sees_until_when(begun: House) -> None:
    page = look(begun, "amelia")
    assert isinstance(page, Page)
    assert "Please read the confidentiality undertaking before Sun 20 Dec 2026" in repr(page)
    begun.now += timedelta(days=30)
    assert isinstance(look(begun, "amelia"), Form)


def test_then_no_file_opens_before_it_is_acknowledged_and_logging_goes_on(begun: House) -> None:
    entry = begun.log("amelia")
    assert isinstance(entry, Say)
    begun.now += timedelta(days=30)
    form = look(begun, "amelia")
    assert isinstance(form, Form)
    assert undertaking.TEXT in repr(form.intro)
    assert isinstance(begun.log("amelia", summary="Rang again."), Say)
    refused = begun.open("amelia", "interaction.amend", entry.reference)
    assert "please read the confidentiality undertaking" in repr(refused)
    assert isinstance(begun.ask("amelia", Kind.COMMAND, "report-breach"), Form)
    said = acknowledge(begun, "amelia", form)
    assert isinstance(said, Say)
    assert "Open the file" in repr(said)
    assert isinstance(look(begun, "amelia"), Page)
    assert "undertaking" not in repr(look(begun, "amelia")).lower()


def test_what_is_kept_is_the_hash_the_sentence_who_when_and_where(begun: House) -> None:
    acknowledge(begun, "amelia", begun.open("amelia", "undertaking"))
    text = begun.read(undertakings.in_force)
    (kept,) = begun.read(lambda tx: undertakings.of_person(tx, begun.ids["amelia"]))
    assert kept.text_hash == text.hash
    assert kept.sentence == undertaking.SENTENCE
    assert kept.account == "slack:T1/amelia"
    assert kept.at == begun.now
    assert "undertaking.given" in begun.happened()
    again = begun.open("amelia", "undertaking")
    assert isinstance(again, Page)
    assert "You acknowledged this" in repr(again)


def test_a_box_that_is_not_ticked_and_a_text_that_has_changed_are_no_undertaking(begun: House) -> None:
    form = begun.open("amelia", "undertaking")
    assert isinstance(form, Form)
    assert isinstance(begun.submit("amelia", form, {"yes": ()}), Invalid)
    begun.now += timedelta(seconds=1)
    begun.write(lambda tx: undertakings.put_in_force(tx, "Another text."))
    assert isinstance(begun.submit("amelia", form, {"yes": ticked(form)}), Invalid)
    assert begun.read(lambda tx: undertakings.of_person(tx, begun.ids["amelia"])) == []


def test_a_new_text_is_asked_of_everybody_with_thirty_days_again(begun: House) -> None:
    acknowledge(begun, "amelia", begun.open("amelia", "undertaking"))
    begun.now += timedelta(days=60)
    assert in_force(begun) == Data(data={"changed": False})
    begun.write(lambda tx: undertakings.put_in_force(tx, "Another text."))
    assert isinstance(look(begun, "amelia"), Page)
    begun.now += timedelta(days=30)
    assert "Another text." in repr(look(begun, "amelia"))


def test_whoever_comes_when_the_month_is_over_does_it_before_the_first_file(begun: House) -> None:
    begun.now += timedelta(days=40)

    def join(tx: Tx) -> None:
        fields = {"name": "Nia New", "roles": ["staff"], "kind": "employee", "ends_on": ""}
        begun.ids["nia"] = people.add(tx, email="nia@harbour.example", **fields)
        chat.link(
            tx,
            chat.Account(account="slack:T1/nia", person_id=begun.ids["nia"], guest=False, active=True, zone=""),
        )

    begun.write(join)
    acknowledge(begun, "amelia", look(begun, "amelia"))
    form = begun.open("amelia", "access.give", begun.ids["heron"])
    assert isinstance(form, Form)
    typed = {"person": begun.ids["nia"], "purpose": "work", "reason": "Joins.", "until": "week"}
    assert isinstance(begun.submit("amelia", form, typed), Say)
    assert isinstance(look(begun, "nia"), Form)
    acknowledge(begun, "nia", look(begun, "nia"))
    assert isinstance(look(begun, "nia"), Page)


def test_a_stranger_to_the_file_is_not_asked_but_refused(begun: House) -> None:
    begun.now += timedelta(days=30)
    assert look(begun, "sana") == begun.open("sana", "client.file", "CL-0000000000")


def test_everybody_is_told_twice_on_days_of_their_own(begun: House) -> None:
    acknowledge(begun, "luca", begun.open("luca", "undertaking"))
    begun.later(days=32)
    for who in ("amelia", "sana", "jonas"):
        told = begun.told(who, "undertaking.owed")
        assert len(told) == 2, who
    assert begun.told("luca", "undertaking.owed") == []
    days = {begun.told(who, "undertaking.owed")[0].created_at.date() for who in ("amelia", "sana", "jonas", "priya")}
    assert len(days) > 1
    (first, _second) = begun.told("amelia", "undertaking.owed")
    card = begun.read(lambda tx: card_of(tx, begun.policy, first))
    assert isinstance(card, Card)
    assert "Read it" in repr(card)
    acknowledge(begun, "amelia", begun.open("amelia", "undertaking"))
    assert begun.read(lambda tx: card_of(tx, begun.policy, first)) is None


def test_a_sponsor_records_the_paper_of_somebody_without_chat(begun: House) -> None:
    values = {"email": "tomas@harbour.example", "sponsor": "jonas@harbour.example", "document": "ab" * 32}
    said = begun.ask(None, Kind.DESK, "undertaking.sponsored", operator="op", values=values)
    assert isinstance(said, Data)
    assert said.ok
    (kept,) = begun.read(lambda tx: undertakings.of_person(tx, begun.ids["tomas"]))
    assert kept.sponsor_id == begun.ids["jonas"]
    assert kept.document_hash == "ab" * 32
    assert begun.read(lambda tx: undertakings.owed(tx, begun.ids["tomas"])) is None
    for wrong in ({"email": "nobody@x.example"}, {"sponsor": "nobody@x.example"}, {"sponsor": values["email"]}):
        refused = begun.ask(None, Kind.DESK, "undertaking.sponsored", operator="op", values={**values, **wrong})
        assert isinstance(refused, Data)
        assert not refused.ok


def test_who_is_missing_is_shown_to_those_who_look_after_it(begun: House) -> None:
    acknowledge(begun, "amelia", begun.open("amelia", "undertaking"))
    page = repr(begun.open("priya", "undertaking.list"))
    assert "1 of 8 have acknowledged" in page
    assert "Luca Reed" in page
    assert "Amelia Ward" not in page
    assert "for another role" in repr(begun.open("amelia", "undertaking.list"))
