"""Who could see a file on a day: the page for auditors, answered from the record. On both databases."""

from datetime import datetime, timedelta

from handlers.views import Form, Page, Text
from storage import access, people
from storage.store import Tx
from tests.support.house import FRIDAY, House

TYPED = {"number": "4711", "code": "court", "reason": "The court wants it before noon today.", "minutes": "240"}


def could_see(house: House, at: datetime) -> set[str]:
    form = house.open("priya", "access.as-of")
    assert isinstance(form, Form)
    page = house.submit("priya", form, {"number": "4711", "at": at})
    assert isinstance(page, Page)
    return {item.text.partition(" · ")[0] for item in page.items if isinstance(item, Text) and not item.strong}


def test_a_contractor_is_shown_until_the_end_of_the_last_day(house: House) -> None:
    def until_today(tx: Tx) -> None:
        access.give(tx, house.ids["heron"], house.ids["tomas"], "team")
        people.change(tx, house.ids["tomas"], ends_on=tx.today.isoformat())

    house.write(until_today)
    house.later(days=2)
    assert could_see(house, FRIDAY) == {"Amelia Ward", "Luca Reed", "Tomas Berg"}
    assert could_see(house, FRIDAY + timedelta(days=1)) == {"Amelia Ward", "Luca Reed"}


def test_emergency_access_of_somebody_who_left_meanwhile_is_not_shown_after(house: House) -> None:
    form = house.open("sana", "emergency")
    assert isinstance(form, Form)
    house.submit("sana", form, TYPED)
    house.now += timedelta(hours=1)
    house.write(lambda tx: people.change(tx, house.ids["sana"], left_at=tx.now))
    house.now += timedelta(hours=1)
    assert "Sana Iqbal" in could_see(house, FRIDAY)
    assert "Sana Iqbal" not in could_see(house, house.now)
