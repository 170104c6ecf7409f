"""The courier against time: what changes while a card is on its way, and a platform that asks to be left alone."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.courier import Courier
from bot.senders import Limited
from handlers.views import Card
from storage import deadlines, outbox
from storage.outbox import State
from tests.bot.test_courier_promises import Chat, overdue
from tests.support.house import House


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


@dataclass
class Answered(Chat):
    """While the first card to Amelia is on its way, her colleague logs the reply."""

    firm: House | None = None
    places: dict[str, str] = field(default_factory=dict)  # account -> place
    painted: dict[str, Card] = field(default_factory=dict)  # place -> the card that stands there now

    async def send(self, account: str, cards: tuple[Card, ...], *, headline: str) -> str:
        if self.firm and account.endswith("/amelia"):
            firm, self.firm = self.firm, None
            await asyncio.to_thread(firm.log, "luca", direction="out", expects="no", when=firm.now)
        self.places[account] = await super().send(account, cards, headline=headline)
        return self.places[account]

    async def edit(self, place: str, cards: tuple[Card, ...], *, headline: str) -> None:
        (self.painted[place],) = cards


@dataclass
class Busy(Chat):
    """Counts what was tried while it asks to wait."""

    tried: int = 0

    async def send(self, account: str, cards: tuple[Card, ...], *, headline: str) -> str:
        self.tried += 1
        return await super().send(account, cards, headline=headline)


def test_a_card_whose_cause_went_while_it_was_on_its_way_is_painted_again(house: House) -> None:
    overdue(house)
    chat = Answered(firm=house)
    courier = Courier(house.doorway, {"slack": chat})
    asyncio.run(courier.deliver())
    assert house.read(deadlines.all_open) == []
    (sent,) = [card for to, card, _headline in chat.sent if to.endswith("/amelia")]
    assert sent.buttons
    now = chat.painted[chat.places["slack:T1/amelia"]]
    assert "Settled" in now.title
    assert not now.buttons


def test_a_platform_that_asks_to_wait_is_left_alone_by_the_whole_lane(house: House) -> None:
    deadline = overdue(house)
    more = {"recipient_id": house.ids["amelia"], "kind": "deadline.overdue", "subject": deadline.id}
    for number in range(3):
        house.write(lambda tx, key=f"more:{number}": outbox.put(tx, key=key, **more))
    chat = Busy(fault=Limited(30))
    asyncio.run(Courier(house.doorway, {"slack": chat}).deliver())
    assert chat.tried == 2  # one for Amelia's lane, one for her supervisor's
    chat.fault = None
    house.now += timedelta(seconds=31)
    asyncio.run(Courier(house.doorway, {"slack": chat}).deliver())
    assert {n.state for n in house.told("amelia", "deadline.overdue")} == {State.COMPLETED}
