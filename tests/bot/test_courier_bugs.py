"""A bug of ours on the way out: it stops nobody else's notice, is put off, given up in the end, and never silent."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot import parcels, telemetry
from bot.clock import Clock
from bot.courier import BUG_GIVES_UP, Courier
from bot.pulse import Pulse
from bot.rounds import Rounds
from handlers.policy import Policy
from handlers.views import Card
from storage import deadlines, outbox, timers
from storage.outbox import Notice, State
from storage.store import Tx, Unavailable
from tests.support.house import House
from tests.support.line import Line
from tests.support.postgres import Server


@dataclass
class Chat:
    """A platform whose painter breaks for one account."""

    breaks_for: str = ""
    platform: str = "slack"
    sent: list[str] = field(default_factory=list)

    async def send(self, account: str, cards: tuple[Card, ...], *, headline: str) -> str:
        await asyncio.sleep(0.01 if account != self.breaks_for else 0)
        if account == self.breaks_for:
            raise KeyError(cards[0].title)
        self.sent.append(account)
        return f"place-{len(self.sent)}"

    async def edit(self, place: str, cards: tuple[Card, ...], *, headline: str) -> None:
        """Nothing stands there that could change."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    built.log("amelia")
    (found,) = built.read(deadlines.all_open)
    built.later(seconds=(found.due_at - built.now).total_seconds())  # a notice to Amelia, one to Jonas
    yield built
    built.close()


def states(house: House, who: str) -> set[str]:
    """Of what came with the deadline: the reminders before it are another matter."""
    return {n.state for n in house.told(who) if n.kind in {"deadline.overdue", "deadline.escalated"}}


def faults(action: str) -> float:
    return sum(
        s.value
        for figure in telemetry.FAULTS.collect()
        for s in figure.samples
        if s.name.endswith("_total") and s.labels["action"] == action
    )


def test_a_card_that_cannot_be_painted_for_its_platform_stops_nobody_else_and_is_given_up_after_some_tries(
    house: House,
) -> None:
    chat, before, seen = Chat(breaks_for="slack:T1/amelia"), faults("courier"), []
    for _attempt in range(BUG_GIVES_UP):
        asyncio.run(Courier(house.doorway, {"slack": chat}).deliver())
        seen.append(states(house, "amelia"))
        house.now += timedelta(minutes=10)
    assert sorted(set(chat.sent)) == ["slack:T1/jonas", "slack:T1/rosa"]  # she administers, and is told
    assert states(house, "jonas") == {State.COMPLETED}
    assert seen == [{State.RETRYABLE}] * (BUG_GIVES_UP - 1) + [{State.DISCARDED}]
    assert faults("courier") >= before + BUG_GIVES_UP


def test_a_record_that_does_not_answer_for_a_while_costs_nobody_a_notice(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = Chat()

    def silent(*_args: object) -> None:
        raise Unavailable("OperationalError: database is locked")

    with monkeypatch.context() as patch:
        patch.setattr(parcels, "find", silent)
        for _attempt in range(BUG_GIVES_UP + 2):
            asyncio.run(Courier(house.doorway, {"slack": chat}).deliver())
            house.now += timedelta(minutes=6)
    asyncio.run(Courier(house.doorway, {"slack": chat}).deliver())
    assert sorted(set(chat.sent)) == ["slack:T1/amelia", "slack:T1/jonas"]
    assert State.DISCARDED not in states(house, "amelia") | states(house, "jonas")


def test_a_line_that_breaks_while_a_bundle_is_painted_is_nobodys_bug_and_the_work_begins_anew(
    tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    line, chat = Line(postgres.database()), Chat()
    house = House(tmp_path, line.url)
    for who in ("luca", "jonas"):
        what = {"recipient_id": house.ids["amelia"], "kind": "notice.failed", "subject": house.ids[who]}
        house.write(lambda tx, who=who, what=what: outbox.put(tx, key=who, by=tx.now, **what))
    cuts, real = [True], parcels.card_of

    def cutting(tx: Tx, policy: Policy, notice: Notice) -> Card | None:
        if tx.writable and cuts:
            cuts.pop()
            line.cut()
        return real(tx, policy, notice)

    monkeypatch.setattr(parcels, "card_of", cutting)
    before = faults("courier")
    asyncio.run(Courier(house.doorway, {"slack": chat}).deliver())
    assert cuts == []
    assert faults("courier") == before
    assert chat.sent == ["slack:T1/amelia"]
    house.close()
    line.close()


def broken(*_args: object, **_more: object) -> None:
    raise KeyError("SECRET")


def test_a_beat_that_breaks_says_so_in_the_figures(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def one_beat() -> None:
        clock = Clock(house.doorway, None, timedelta(minutes=1))
        clock.start()
        await asyncio.sleep(0.2)
        await clock.stop()

    before = faults("clock")
    monkeypatch.setattr(timers, "due", broken)
    asyncio.run(one_beat())
    assert faults("clock") == before + 1


def test_a_round_that_breaks_says_so_and_the_next_one_comes_all_the_same(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def some_rounds() -> None:
        pulse = Pulse()
        rounds = Rounds(pulse)
        rounds.add("deliver", Courier(house.doorway, {"slack": Chat()}).deliver, timedelta(milliseconds=5))
        with monkeypatch.context() as patch:
            patch.setattr(outbox, "claim", broken)
            rounds.start()
            while faults("rounds") < before + 2:
                await asyncio.sleep(0.01)
            assert pulse.late("deliver", timedelta(days=1))
        while states(house, "jonas") != {State.COMPLETED}:
            await asyncio.sleep(0.01)
        await rounds.stop()
        assert not pulse.late("deliver", timedelta(minutes=1))

    before = faults("rounds")
    asyncio.run(asyncio.wait_for(some_rounds(), 20))
