"""Emergency access: at once, to read, for a short time, before everybody's eyes; on both databases."""

from datetime import timedelta

import pytest

from bot.parcels import card_of
from handlers.request import Kind
from handlers.views import Card, Form, Invalid, Page, Reply, Say
from storage import emergencies
from storage.emergencies import Emergency
from tests.support.house import House

TYPED = {"number": "4711", "code": "deadline", "reason": "The court wants it before noon today.", "minutes": "60"}


def begin(house: House, who: str = "sana", **values: str) -> Reply:
    form = house.open(who, "emergency")
    assert isinstance(form, Form)
    return house.submit(who, form, TYPED | values)


def running(house: House, who: str = "sana") -> list[Emergency]:
    found: list[Emergency] = house.read(lambda tx: emergencies.running(tx, house.ids[who]))
    return found


def test_it_opens_at_once_to_read_and_closes_by_itself(house: House) -> None:
    assert isinstance(begin(house), Say)
    assert isinstance(house.open("sana", "client.file", house.ids["heron"]), Page)
    assert "Quiet Heron until" in repr(house.ask("sana", Kind.COMMAND, "access"))
    house.now += timedelta(minutes=60)
    assert isinstance(house.open("sana", "client.file", house.ids["heron"]), Say)
    assert "Heron" not in repr(house.ask("sana", Kind.COMMAND, "access"))


def test_it_writes_nothing(house: House) -> None:
    entry = house.log("amelia")
    assert isinstance(entry, Say)
    begin(house)
    logged = house.log("sana")
    assert isinstance(logged, Invalid)
    assert set(logged.errors) == {"client"}
    said = house.open("sana", "interaction.amend", entry.reference)
    assert isinstance(said, Say)
    assert "Emergency access only reads" in said.text


def test_the_owner_and_the_dpo_know_at_once_and_the_reason_is_in_the_file(house: House) -> None:
    begin(house)
    (held,) = running(house)
    for who in ("amelia", "priya"):
        (notice,) = house.told(who, "emergency.begun")
        assert notice.urgent
        card = house.read(lambda tx, n=notice: card_of(tx, house.policy, n))
        assert isinstance(card, Card)
        assert "Sana Iqbal" in repr(card)
        assert "court" not in repr(card).lower().replace(house.ids["sana"].lower(), "")
    assert TYPED["reason"] in repr(house.open("amelia", "emergency.review", held.id))
    assert TYPED["reason"] not in repr(house.open("priya", "emergency.review", held.id))  # she may not open the file


def test_somebody_else_reviews_it_and_it_climbs_until_somebody_does(house: House) -> None:
    begin(house)
    (held,) = running(house)
    assert "for the owner of the file" in repr(house.act("sana", "emergency.needed", held.id))
    assert "for the owner of the file" in repr(house.act("luca", "emergency.needed", held.id))
    house.later(days=4)
    assert house.told("margaret", "emergency.review")
    said = house.act("margaret", "emergency.needed", held.id)
    assert isinstance(said, Say)
    count = len(house.told("priya", "emergency.review"))
    house.later(days=7)
    assert len(house.told("priya", "emergency.review")) == count
    assert house.act("priya", "emergency.needed", held.id) == Say(text="This is reviewed already. Nothing to do.")


def test_one_that_was_not_needed_ends_at_once(house: House) -> None:
    begin(house, minutes="240")
    (held,) = running(house)
    house.act("amelia", "emergency.not-needed", held.id)
    assert not running(house)
    assert isinstance(house.open("sana", "client.file", house.ids["heron"]), Say)


def test_who_is_done_says_so(house: House) -> None:
    begin(house)
    (held,) = running(house)
    assert "ended already" in repr(house.act("luca", "emergency.end", held.id))
    house.act("sana", "emergency.end", held.id)
    assert not running(house)
    assert "ended already" in repr(house.act("sana", "emergency.end", held.id))


def test_repeated_use_is_flagged(house: House) -> None:
    for _ in range(3):
        begin(house)
        house.act("sana", "emergency.end", running(house)[0].id)
    *_first, last = house.told("priya", "emergency.begun")
    assert "3 times, more than usual" in repr(house.read(lambda tx: card_of(tx, house.policy, last)))
    house.now += timedelta(days=31)
    begin(house)
    *_first, last = house.told("priya", "emergency.begun")
    assert "more than usual" not in repr(house.read(lambda tx: card_of(tx, house.policy, last)))


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"number": "9999"}, "number"),
        ({"reason": "Too short."}, "reason"),
        ({"code": "curiosity"}, "code"),
        ({"minutes": "600"}, "minutes"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(house: House, wrong: dict[str, str], field: str) -> None:
    said = begin(house, **wrong)
    assert isinstance(said, Invalid)
    assert set(said.errors) == {field}


def test_whoever_may_open_the_file_needs_none(house: House) -> None:
    said = begin(house, "luca")
    assert isinstance(said, Say)
    assert said.title == "Open already"
    assert not running(house, "luca")


def test_every_opening_says_that_it_was_by_emergency(house: House) -> None:
    begin(house)
    house.open("sana", "client.file", house.ids["heron"])
    house.happened()  # what happened has its place in the log
    form = house.open("priya", "access.openings")
    assert isinstance(form, Form)
    page = house.submit("priya", form, {"person": house.ids["sana"]})
    assert isinstance(page, Page)
    assert "Quiet Heron · 4711 · timeline · emergency access" in repr(page)


def test_a_dpo_who_used_it_does_not_review_it(house: House) -> None:
    begin(house, "priya")
    (held,) = running(house, "priya")
    assert not house.told("priya", "emergency.begun")
    assert "for the owner of the file" in repr(house.act("priya", "emergency.needed", held.id))
    assert isinstance(house.act("margaret", "emergency.needed", held.id), Say)
    assert not house.read(emergencies.unreviewed)
