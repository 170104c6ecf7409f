"""A duty of somebody whom no road reaches goes up at once, never into the void; and the administrators know of whom."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update

from bot.senders import Unreachable
from handlers import notices
from handlers.request import Kind
from handlers.views import Card, Form, Page
from storage import chat, deadlines, outbox, people, reach, schema
from storage.outbox import State
from storage.reach import Road
from storage.store import Tx
from tests.bot.test_courier_promises import Chat, deliver, overdue
from tests.bot.test_second_road import Firm, without_account
from tests.support.house import House
from tests.support.post_office import post_office_next_door


@dataclass
class Picky(Chat):
    """Chat that says of these people that no message reaches them."""

    gone: set[str] = field(default_factory=set)

    async def send(self, account: str, cards: tuple[Card, ...], *, headline: str) -> str:
        if account.rpartition("/")[2] in self.gone:
            raise Unreachable("user_disabled")
        return await super().send(account, cards, headline=headline)


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    built = House(tmp_path, database_url)
    yield built
    built.close()


def roads(house: House, who: str) -> frozenset[Road]:
    return house.read(lambda tx: reach.roads(tx, house.ids[who]))  # type: ignore[no-any-return]


def got(out: Chat, who: str) -> list[Card]:
    return [card for account, card, _headline in out.sent if account.endswith(f"/{who}")]


def test_a_reminder_for_somebody_without_any_road_goes_to_the_supervisor_too_who_can_act_on_it(house: House) -> None:
    out = Chat()
    house.log("amelia")
    without_account(house, "amelia", known=True, since=timedelta(days=9))
    assert roads(house, "amelia") == frozenset()
    house.later(days=2, hours=20)  # Monday 12:00, at half of the time
    assert [n.kind for n in house.told("jonas")] == ["deadline.reminder"]
    deliver(house, out)
    (card,) = got(out, "jonas")
    assert "Log the reply" in [button.label for button in card.buttons]
    assert ("Who replies", "Amelia Ward") in card.items[0].facts  # type: ignore[union-attr]


def test_whom_the_platform_gives_up_is_stood_in_for_at_once_and_from_then_on(house: House) -> None:
    out = Picky(gone={"amelia"})
    overdue(house)
    deliver(house, out)
    assert {n.state for n in house.told("amelia")} == {State.DISCARDED}
    assert {n.kind for n in house.told("jonas")} >= {"deadline.overdue", "deadline.escalated"}
    assert len(house.told("rosa", "notice.failed")) == 1
    assert roads(house, "amelia") == frozenset()
    (deadline,) = house.read(deadlines.all_open)
    before = len(house.told("jonas", "deadline.reminder"))
    form = house.open("luca", "deadline.later", deadline.id)
    assert not isinstance(form, Form)  # it is not his
    house.write(lambda tx: _remind(tx, house))
    assert len(house.told("jonas", "deadline.reminder")) == before + 1


def _remind(tx: Tx, house: House) -> None:
    (deadline,) = deadlines.all_open(tx)
    amelia = people.by_id(tx, house.ids["amelia"])
    assert amelia
    notices.tell(tx, amelia, key="again", kind="deadline.reminder", subject=deadline.id)


@pytest.mark.parametrize("how", ["a message arrives", "the directory knows the account"])
def test_an_account_that_is_heard_of_again_is_a_road_again(house: House, how: str) -> None:
    out = Picky(gone={"amelia"})
    overdue(house)
    deliver(house, out)
    assert roads(house, "amelia") == frozenset()
    if how == "a message arrives":
        out.gone.clear()
        house.write(lambda tx: _remind(tx, house))
        deliver(house, out)
    else:
        house.write(lambda tx: chat.link(tx, replace(_account(tx, house), active=False)))
        house.write(lambda tx: chat.link(tx, replace(_account(tx, house), active=True)))
    assert roads(house, "amelia") == {Road.CHAT}


def _account(tx: Tx, house: House) -> chat.Account:
    found = chat.account(tx, "slack:T1/amelia")
    assert found
    return found


def test_whoever_has_just_come_into_the_people_file_is_waited_for(house: House) -> None:
    house.log("amelia")
    without_account(house, "amelia", known=False, since=timedelta(seconds=1))
    house.write(lambda tx: _remind(tx, house))
    assert house.told("jonas") == []
    house.now += timedelta(minutes=3)
    assert not house.read(lambda tx: reach.reached(tx, house.ids["amelia"]))


def test_a_rung_whose_holder_no_road_reaches_is_passed_over_at_once(house: House) -> None:
    without_account(house, "priya", known=True, since=timedelta(days=9))
    form = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    house.submit("tomas", form, {"what": "A letter went to the wrong address."})
    assert len(house.told("margaret", "breach.reported")) == 1  # not fifteen minutes later


def test_when_nobody_in_the_line_can_be_reached_the_administrators_are_told(house: House) -> None:
    house.log("amelia")
    for who in ("amelia", "jonas", "margaret"):
        without_account(house, who, known=True, since=timedelta(days=9))
    house.later(days=3)
    for _attempt in range(8):
        deliver(house, Chat())
        house.now += timedelta(minutes=7)
    assert {n.subject for n in house.told("rosa", "notice.failed")} >= {house.ids["amelia"]}
    assert house.told("rosa", "ladder.nobody")


def test_mail_is_a_road_until_the_server_does_not_know_the_address(tmp_path: Path) -> None:
    with post_office_next_door(tmp_path) as office:
        firm = Firm(House(tmp_path), office)
        house = firm.house
        house.log("amelia")
        without_account(house, "amelia", known=True, since=timedelta(days=9))
        assert roads(house, "amelia") == {Road.MAIL}
        house.later(days=2, hours=20)
        firm.deliver()
        assert len(office.to("amelia")) == 1
        assert house.told("jonas") == []
        office.rcpt = ["550 5.1.1 No such user"] * 9
        house.later(hours=2)  # at three quarters
        for _round in range(8):
            firm.later(minutes=2)
        assert roads(house, "amelia") == frozenset()
        assert [n.kind for n in house.told("jonas")] == ["deadline.reminder"]
        house.close()


def test_the_administrator_sees_whom_nothing_reaches(house: House) -> None:
    page = house.ask("rosa", Kind.COMMAND, "people")
    assert isinstance(page, Page)
    assert "Everybody can be reached in chat." in repr(page)
    without_account(house, "luca", known=True, since=timedelta(days=9))
    assert "Nothing reaches: Luca Reed" in repr(house.ask("rosa", Kind.COMMAND, "people"))
    assert "Luca Reed" not in repr(house.ask("amelia", Kind.COMMAND, "people"))
    assert "Nothing reaches: Luca Reed" in repr(house.ask("rosa", Kind.HOME, "home"))
    assert "Out of reach" not in repr(house.ask("amelia", Kind.HOME, "home"))
    house.store._firm["mail"] = True
    assert "By e-mail only: Luca Reed" in repr(house.ask("rosa", Kind.COMMAND, "people"))


def test_nothing_is_handed_up_twice(house: House) -> None:
    out = Picky(gone={"amelia"})
    overdue(house)
    for _round in range(3):
        deliver(house, out)
        house.now += timedelta(minutes=1)
    told = [n.kind for n in house.told("jonas")]
    assert len(told) == len(set(told))
    assert house.read(lambda tx: [n for n in outbox.recent(tx, 500) if n.state in outbox.WAITING]) == []


def stands_in(house: House, who: str, deputy: str, supervisor: str | None = None) -> None:
    more = {"supervisor_id": house.ids[supervisor]} if supervisor else {}
    row = update(schema.people).where(schema.people.c.id == house.ids[who])
    house.write(lambda tx: tx.conn.execute(row.values(deputy_id=house.ids[deputy], **more)) and None)


def test_two_who_stand_in_for_each_other_and_are_both_out_of_reach_are_tried_once_each(house: House) -> None:
    out = Picky(gone={"amelia", "luca", "jonas", "margaret"})
    stands_in(house, "amelia", "luca")
    stands_in(house, "luca", "amelia")
    house.log("amelia")
    house.later(days=2, hours=20)
    for _time in range(2):
        deliver(house, out)  # and it ends
        house.now += timedelta(minutes=5)
        house.write(lambda tx: _remind(tx, house))
    deliver(house, out)
    for who in ("amelia", "luca", "jonas", "margaret"):
        keys = [notice.key for notice in house.told(who)]
        assert len(keys) == len(set(keys)) <= 3


def test_a_notice_goes_up_the_line_of_whom_it_is_meant_for_however_many_hands_it_passes(house: House) -> None:
    out = Picky(gone={"amelia", "luca"})
    stands_in(house, "amelia", "luca")
    stands_in(house, "luca", "amelia", supervisor="sana")
    house.log("amelia")
    house.later(days=2, hours=20)
    deliver(house, out)
    assert house.told("sana") == []
    (card,) = got(out, "jonas")
    assert "Reply due" in card.title


def test_whoever_stands_in_is_told_once_while_somebody_is_out_of_reach(house: House) -> None:
    out = Picky(gone={"amelia"})
    overdue(house)
    deliver(house, out)
    before = len(out.sent)
    house.now += timedelta(minutes=5)
    house.write(lambda tx: _remind(tx, house))
    deliver(house, out)
    assert [account.rpartition("/")[2] for account, *_rest in out.sent[before:]] == ["jonas"]


def test_an_edit_that_is_refused_closes_nobodys_road(house: House) -> None:
    refused: list[str] = []

    class Forgetful(Chat):
        async def edit(self, place: str, cards: tuple[Card, ...], *, headline: str) -> None:
            refused.append(place)
            raise Unreachable("channel_not_found")

    out = Forgetful()
    house.log("amelia")
    for span in (timedelta(days=2, hours=20), timedelta(hours=2)):  # the second reminder has the first one edited
        house.later(seconds=span.total_seconds())
        deliver(house, out)
    assert refused
    assert roads(house, "amelia") == {Road.CHAT}


@pytest.mark.parametrize(
    ("answers", "open_road"), [({"data": ["552 5.3.4 Too big"]}, True), ({"rcpt": ["550 5.1.1"]}, False)]
)
def test_a_letter_that_is_not_taken_says_nothing_of_the_address(
    tmp_path: Path, answers: dict[str, list[str]], open_road: bool
) -> None:
    with post_office_next_door(tmp_path) as office:
        house = House(tmp_path)
        firm = Firm(house, office)
        without_account(house, "amelia", known=True, since=timedelta(days=9))
        for name, said in answers.items():
            setattr(office, name, said)
        firm.put("a", "notice.failed", "amelia", house.ids["luca"])
        firm.deliver()
        assert office.letters == []
        assert (Road.MAIL in roads(house, "amelia")) is open_road
        house.close()
