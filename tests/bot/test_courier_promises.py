"""The courier, promise by promise: nothing whose cause is gone, three sentences for a phone, leases, no silence."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.courier import Courier
from bot.senders import Limited, Rejected, Trouble
from handlers.request import Kind
from handlers.views import Card, Form
from storage import deadlines, outbox
from storage.outbox import LEASE, Notice, State
from tests.support.house import House

PHONE = {"Urgent: please open now.", "Something is overdue.", "Something is due today."}


@dataclass
class Chat:
    """A platform that remembers what reached it, or fails as it is told."""

    platform: str = "slack"
    messages: list[tuple[str, tuple[Card, ...], str]] = field(default_factory=list)
    edits: list[tuple[str, tuple[Card, ...], str]] = field(default_factory=list)
    fault: Exception | None = None

    async def send(self, account: str, cards: tuple[Card, ...], *, headline: str) -> str:
        if self.fault:
            raise self.fault
        self.messages.append((account, cards, headline))
        return f"place-{len(self.messages)}"

    async def edit(self, place: str, cards: tuple[Card, ...], *, headline: str) -> None:
        self.edits.append((place, cards, headline))

    @property
    def sent(self) -> list[tuple[str, Card, str]]:
        """Card by card."""
        return [(account, card, headline) for account, cards, headline in self.messages for card in cards]

    @property
    def edited(self) -> list[tuple[str, Card, str]]:
        return [(place, card, headline) for place, cards, headline in self.edits for card in cards]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def overdue(house: House) -> deadlines.Deadline:
    """Amelia has not answered: one notice to her, one to her supervisor."""
    house.log("amelia")
    (found,) = house.read(deadlines.all_open)
    house.now = found.due_at
    house.later(seconds=0)
    assert isinstance(found, deadlines.Deadline)
    return found


def deliver(house: House, chat: Chat) -> None:
    asyncio.run(Courier(house.doorway, {"slack": chat}).deliver())


def state(house: House, who: str, kind: str) -> list[str]:
    return [n.state for n in house.told(who, kind)]


def claimed(house: House) -> list[Notice]:
    found: list[Notice] = house.write(lambda tx: outbox.claim(tx, 8))
    return found


def test_a_phone_shows_one_of_three_sentences_for_every_notice_and_every_edit(house: House) -> None:
    chat = Chat()
    deadline = overdue(house)
    form = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    house.submit("tomas", form, {"what": "A letter went to the wrong address."})
    deliver(house, chat)
    house.act("jonas", "deadline.take", deadline.id)
    deliver(house, chat)
    assert len(chat.sent) >= 4
    assert chat.edited
    assert {headline for _to, _card, headline in [*chat.sent, *chat.edited]} <= PHONE
    assert not any("Brightwater" in repr(card) for _to, card, _headline in [*chat.sent, *chat.edited])


def test_a_notice_whose_cause_went_while_it_was_taken_is_not_sent(house: House) -> None:
    chat = Chat()
    overdue(house)
    taken = claimed(house)
    assert {n.kind for n in taken} == {"deadline.overdue", "deadline.escalated"}
    house.log("luca", direction="out", expects="no", when=house.now)  # the reply, at the last moment
    house.now += LEASE + timedelta(seconds=1)
    deliver(house, chat)
    assert chat.sent == []
    assert state(house, "amelia", "deadline.overdue") == [State.CANCELLED]
    assert state(house, "jonas", "deadline.escalated") == [State.CANCELLED]


def test_a_reminder_of_a_duty_that_was_handed_on_is_not_sent(house: House) -> None:
    chat = Chat()
    deadline = overdue(house)
    house.write(lambda tx: deadlines.hand_to(tx, deadline.id, house.ids["luca"]))
    deliver(house, chat)
    assert state(house, "amelia", "deadline.overdue") == [State.CANCELLED]


def test_the_first_message_after_an_outage_wakes_every_lane(house: House) -> None:
    chat = Chat(fault=Trouble("down"))
    overdue(house)
    courier = Courier(house.doorway, {"slack": chat})
    for _second in range(40):  # two lanes, each with growing pauses
        asyncio.run(courier.deliver())
        house.now += timedelta(seconds=20)
    (hers,), (his,) = house.told("amelia", "deadline.overdue"), house.told("jonas", "deadline.escalated")
    assert min(hers.due_at, his.due_at) > house.now - timedelta(seconds=20)
    chat.fault = None
    house.now = min(hers.due_at, his.due_at)
    asyncio.run(courier.deliver())
    assert sorted(account for account, *_rest in chat.messages) == ["slack:T1/amelia", "slack:T1/jonas"]


def test_what_one_courier_took_no_other_takes_until_its_lease_is_over(house: House) -> None:
    overdue(house)
    first = claimed(house)
    assert len(first) == 2
    house.now += LEASE
    assert claimed(house) == []
    house.now += timedelta(seconds=1)  # the first courier is gone
    assert {n.id for n in claimed(house)} == {n.id for n in first}


def test_what_never_arrives_is_told_to_the_administrators_once_a_day(house: House) -> None:
    chat = Chat(fault=Rejected("invalid_blocks"))
    overdue(house)
    deliver(house, chat)
    assert state(house, "amelia", "deadline.overdue") == [State.DISCARDED]
    told = [n.subject for n in house.told("rosa", "notice.failed")]
    assert sorted(told) == sorted(house.ids[who] for who in ("amelia", "jonas", "margaret"))  # the ladder went on


@pytest.mark.parametrize("fault", [Trouble("cut"), Limited(5)])
def test_what_may_have_been_lost_is_sent_again(house: House, fault: Exception) -> None:
    chat = Chat(fault=fault)
    overdue(house)
    deliver(house, chat)
    assert state(house, "amelia", "deadline.overdue") == [State.RETRYABLE]
    chat.fault = None
    house.now += timedelta(minutes=10)
    deliver(house, chat)
    assert state(house, "amelia", "deadline.overdue") == [State.COMPLETED]
    assert house.happened().count("notice.sent") == 2


def test_a_notice_that_cannot_be_painted_does_not_stop_the_others(house: House) -> None:
    chat = Chat()
    overdue(house)
    key = {"key": "poison", "recipient_id": house.ids["priya"], "kind": "no.such.notice", "subject": "x"}
    house.write(lambda tx: outbox.put(tx, **key))
    deliver(house, chat)
    assert len(chat.sent) == 2
    assert state(house, "priya", "no.such.notice") == [State.RETRYABLE]
