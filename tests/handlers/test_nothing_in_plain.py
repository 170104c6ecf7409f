"""What people typed stands sealed in the record or not at all: every byte of the database is looked through."""

import pytest

from handlers.interactions.choices import UNLISTED
from handlers.request import Kind
from handlers.views import Form, Invalid, Say
from storage import access, interactions
from tests.support.house import House
from tests.support.records import stored

CARD = "4111 1111 1111 1111"


def raw(house: House) -> bytes:
    """The record as somebody finds it who takes the disk."""
    return stored(house.url)


def the_last(house: House, who: str = "amelia") -> interactions.Interaction:
    (found,) = house.read(lambda tx: interactions.last_of(tx, house.ids[who], 1))
    assert isinstance(found, interactions.Interaction)
    return found


def test_the_look_through_finds_what_is_there(house: House) -> None:
    assert b"Amelia Ward" in raw(house)  # colleagues' names are not sealed
    house.log("amelia")
    assert the_last(house).id.encode() in raw(house)


def test_a_summary_and_another_channel_are_sealed(house: House) -> None:
    house.log("amelia", summary="MARMALADE", channel="other", which_channel="PIGEONPOST")
    assert b"MARMALADE" not in raw(house)
    assert b"PIGEONPOST" not in raw(house)


def test_the_name_of_an_unlisted_client_is_sealed(house: House) -> None:
    house.log("amelia", client=UNLISTED.value, unlisted="ORCHARDPARTNERS")
    assert b"ORCHARDPARTNERS" not in raw(house)


def test_a_correction_is_sealed(house: House) -> None:
    house.log("amelia")
    form = house.open("amelia", "interaction.amend", the_last(house).id)
    assert isinstance(form, Form)
    typed = {"summary": "MARMALADE", "channel": "other", "which_channel": "PIGEONPOST"}
    assert isinstance(house.submit("amelia", form, typed), Say)
    assert b"MARMALADE" not in raw(house)
    assert b"PIGEONPOST" not in raw(house)


def test_what_moves_to_another_compartment_is_sealed_there(house: House) -> None:
    house.log("amelia", summary="MARMALADE", channel="other", which_channel="PIGEONPOST")
    form = house.open("amelia", "interaction.wrong-client", the_last(house).id)
    assert isinstance(form, Form)
    assert isinstance(house.submit("amelia", form, {"right": "ORCHARDPARTNERS"}), Say)
    for word in (b"MARMALADE", b"PIGEONPOST", b"ORCHARDPARTNERS"):
        assert word not in raw(house)


def test_client_names_are_sealed_and_so_are_their_new_names(house: House) -> None:
    for row in ("4711,Brightwater Estates,amelia", "4711,MARMALADE Ltd,amelia"):
        ref, name, owner = row.split(",")
        rows = ({"ref": ref, "name": name, "owner": f"{owner}@harbour.example"},)
        house.ask(None, Kind.DESK, "clients.import", operator="test", rows=rows)
    assert "MARMALADE Ltd" in repr(house.open("amelia", "client.file", house.ids["heron"]))
    for word in (b"Brightwater", b"Zephyrine", b"MARMALADE"):
        assert word not in raw(house)


def test_a_breach_report_is_sealed(house: House) -> None:
    form = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    assert isinstance(house.submit("tomas", form, {"what": "MARMALADE", "clients": "PIGEONPOST"}), Say)
    assert b"MARMALADE" not in raw(house)
    assert b"PIGEONPOST" not in raw(house)


@pytest.mark.parametrize("field", ["summary", "unlisted", "which_channel"])
def test_a_card_number_is_refused_in_every_field_that_is_kept(house: House, field: str) -> None:
    filled = {"unlisted": "Orchard", "channel": "other", "which_channel": "WhatsApp", "summary": "Rang."}
    said = house.log("amelia", client=UNLISTED.value, **{**filled, field: f"Card {CARD}"})
    assert isinstance(said, Invalid)
    assert set(said.errors) == {field}
    assert CARD.encode() not in raw(house)
    assert CARD.replace(" ", "").encode() not in raw(house)  # four digits alone may stand in any random id


@pytest.mark.parametrize("field", ["summary", "which_channel"])
def test_a_card_number_is_refused_in_a_correction(house: House, field: str) -> None:
    house.log("amelia")
    form = house.open("amelia", "interaction.amend", the_last(house).id)
    assert isinstance(form, Form)
    said = house.submit("amelia", form, {"channel": "other", "which_channel": "WhatsApp", field: f"Card {CARD}"})
    assert isinstance(said, Invalid)
    assert set(said.errors) == {field}


@pytest.mark.parametrize("typed", [f"Card {CARD}", "x" * 201])
def test_a_card_number_is_refused_in_the_name_of_the_right_client(house: House, typed: str) -> None:
    house.log("amelia")
    form = house.open("amelia", "interaction.wrong-client", the_last(house).id)
    assert isinstance(form, Form)
    said = house.submit("amelia", form, {"right": typed})
    assert isinstance(said, Invalid)
    assert set(said.errors) == {"right"}
    assert the_last(house).client_id == house.ids["heron"]


def test_another_channel_needs_its_name(house: House) -> None:
    said = house.log("amelia", channel="other", which_channel="")
    assert isinstance(said, Invalid)
    assert set(said.errors) == {"which_channel"}


def test_an_entry_corrected_to_another_channel_is_told_to_the_supervisor_once(house: House) -> None:
    house.log("amelia")
    for name in ("WhatsApp", "Signal"):
        form = house.open("amelia", "interaction.amend", the_last(house).id)
        assert isinstance(form, Form)
        assert isinstance(house.submit("amelia", form, {"channel": "other", "which_channel": name}), Say)
    assert len(house.told("jonas", "channel.exception")) == 1


def test_whoever_keeps_the_records_can_put_an_entry_into_a_file_and_not_read_the_file(house: House) -> None:
    house.log("amelia", client=UNLISTED.value, unlisted="Orchard", summary="New inquiry.")
    form = house.open("rosa", "quarantine.place", the_last(house).id)
    assert isinstance(form, Form)
    assert isinstance(house.submit("rosa", form, {"ref": "4712"}), Say)
    assert house.ids["rosa"] not in house.read(lambda tx: access.people_of(tx, house.ids["otter"]))
    assert isinstance(house.open("rosa", "client.file", house.ids["otter"]), Say)
