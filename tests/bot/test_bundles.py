"""What falls due to one person within the hour travels as one message, and stays true card by card."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.courier import SETTLING, Courier
from bot.parcels import CARDS
from bot.senders import Rejected, Trouble
from handlers.request import Kind
from handlers.views import Card, Form, Page, Text
from storage import audit, chat, clients, deadlines, outbox, pings
from storage.outbox import State
from tests.bot.test_courier_promises import Chat
from tests.support.house import House
from tests.support.many import more_clients


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    built = House(tmp_path)
    yield built
    built.close()


def due_together(house: House, number: int) -> list[deadlines.Deadline]:
    """So many of Amelia's replies are overdue at one moment; what came before was not sent."""
    for word in more_clients(house, "amelia", number):
        house.log("amelia", word)
    found: list[deadlines.Deadline] = house.read(deadlines.all_open)
    house.later(seconds=(found[0].due_at - house.now).total_seconds())
    return found


def deliver(house: House, out: Chat) -> None:
    asyncio.run(Courier(house.doorway, {"slack": out}).deliver())


def to(out: Chat, who: str) -> list[tuple[Card, ...]]:
    return [cards for account, cards, _headline in out.messages if account.endswith(f"/{who}")]


def test_five_duties_are_one_message_with_one_card_each_and_a_line_of_evidence_for_every_notice(house: House) -> None:
    out, duties = Chat(), due_together(house, 5)
    deliver(house, out)
    (cards,) = to(out, "amelia")
    assert [sum(d.id in repr(card) for card in cards) for d in duties] == [1] * 5
    assert {headline for _to, _cards, headline in out.messages} == {"Something is overdue."}
    notices = house.told("amelia")
    assert len(notices) == 15  # two reminders and "overdue" for each: one matter, one card
    assert {n.state for n in notices} == {State.COMPLETED}
    entries = [e.words for e in house.read(audit.entries) if e.words["what"] == "notice.sent"]
    mine = [(e["kind"], e["subject"]) for e in entries if e["to"] == house.ids["amelia"]]
    assert sorted(mine) == sorted((n.kind, n.subject) for n in notices)
    for duty in duties:
        places = {m.place for m in house.read(lambda tx, id=duty.id: chat.messages_about(tx, id)) if not m.urgent}
        assert len(places) == 2  # hers and her supervisor's


def test_a_backlog_is_one_message_with_a_line_for_what_it_has_no_card_for(house: House) -> None:
    out, duties = Chat(), due_together(house, 12)
    deliver(house, out)
    (cards,) = to(out, "amelia")
    assert len(cards) == CARDS
    last = cards[-1]
    assert last.title == "5 more things wait for you"
    assert [button.label for button in last.buttons] == ["My duties"]
    lines = [item.text for item in last.items if isinstance(item, Text)]
    listed = [d for d in duties if d.id not in repr(cards[:-1])]
    names = [house.read(lambda tx, id=d.client_id: clients.codename(tx, id)) for d in listed]
    assert sorted(lines) == sorted(f"Reply overdue since Mon 16:00 (London) · {name}" for name in names)
    assert {n.state for n in house.told("amelia")} == {State.COMPLETED}
    assert len([e for e in house.happened() if e == "notice.sent"]) == 36 + 12  # hers, and her supervisor's


def test_a_list_of_many_is_painted_anew_with_what_stays_true(house: House) -> None:
    out, duties = Chat(), due_together(house, 12)
    deliver(house, out)
    place = next(f"place-{n}" for n, (to, *_) in enumerate(out.messages, 1) if to.endswith("/amelia"))
    assert out.edits == []  # nothing changed while it was sent
    shown = next(d for d in duties if d.id in repr(to(out, "amelia")[0]))
    house.log("amelia", client=str(shown.client_id), direction="out", expects="no", when=house.now)
    deliver(house, out)
    ((cards, _headline),) = [(c, h) for at, c, h in out.edits if at == place]
    assert cards[-1].title == "More waits for you"
    assert isinstance(house.open("amelia", "home"), Page)  # what its button opens


def test_many_things_that_are_not_overdue_are_listed_behind_those_that_are(house: House) -> None:
    out, duties = Chat(), due_together(house, 1)
    for number in range(10):
        subject = duties[0].interaction_id if number == 0 else house.ids["luca"]
        kind = "channel.exception" if number == 0 else "notice.failed"
        what = {"recipient_id": house.ids["amelia"], "kind": kind, "subject": subject}
        house.write(lambda tx, n=number, w=what: outbox.put(tx, key=f"first {n}", **w))
    deliver(house, out)
    (cards,) = to(out, "amelia")
    assert cards[0].title.startswith("Reply overdue")


def test_a_newer_card_about_the_same_matter_leaves_the_older_one_pointing_to_it_and_never_touched_again(
    house: House,
) -> None:
    out = Chat()
    house.log("amelia")
    (deadline,) = house.read(deadlines.all_open)
    places = []
    for at in (datetime(2026, 11, 23, 12, tzinfo=UTC), datetime(2026, 11, 23, 14, tzinfo=UTC), deadline.due_at):
        house.later(seconds=(at - house.now).total_seconds())
        deliver(house, out)
        places.append(next(f"place-{n}" for n, (to, *_) in reversed([*enumerate(out.messages, 1)]) if "amelia" in to))
    assert len(set(places)) == 3
    last = {place: cards for place, cards, _headline in out.edits}
    for old in places[:2]:
        assert "newer message" in repr(last[old])
        assert not any(card.buttons for card in last[old])
    edits = len(out.edits)
    house.log("amelia", direction="out", expects="no", when=house.now)
    deliver(house, out)
    later = [place for place, *_rest in out.edits[edits:]]
    assert places[2] in later
    assert not set(places[:2]) & set(later)


def test_her_card_and_her_supervisors_do_not_replace_each_other(house: House) -> None:
    out = Chat()
    due_together(house, 1)
    deliver(house, out)
    house.later(days=1)
    deliver(house, out)
    assert not any("newer message" in repr(cards) for _place, cards, _headline in out.edits)


def test_an_edit_paints_the_whole_message_and_only_what_is_settled_says_so(house: House) -> None:
    out, duties = Chat(), due_together(house, 3)
    deliver(house, out)
    place = next(f"place-{n}" for n, (to, *_) in enumerate(out.messages, 1) if to.endswith("/amelia"))
    form = house.open("amelia", "deadline.no-reply", duties[1].id)
    assert isinstance(form, Form)
    house.submit("amelia", form, {"why": "thanks"})
    deliver(house, out)
    ((cards, headline),) = [(c, h) for at, c, h in out.edits if at == place]
    assert ["Settled" in card.title for card in cards] == [
        duties[1].id == d for d in _order(to(out, "amelia")[0], duties)
    ]
    assert [bool(card.buttons) for card in cards].count(False) == 1
    assert headline == "Something is overdue."


def _order(cards: tuple[Card, ...], duties: list[deadlines.Deadline]) -> list[str]:
    return [next(d.id for d in duties if d.id in repr(card)) for card in cards]


def test_what_may_have_been_lost_is_sent_again_whole_with_the_same_references(house: House) -> None:
    @dataclass
    class Cut(Chat):
        lost: int = 1

        async def send(self, account: str, cards: tuple[Card, ...], *, headline: str) -> str:
            place = await super().send(account, cards, headline=headline)
            if account.endswith("/amelia") and self.lost:
                self.lost -= 1
                raise Trouble("cut")
            return place

    out = Cut()
    due_together(house, 3)
    deliver(house, out)
    house.now += timedelta(minutes=10)
    deliver(house, out)
    first, again = to(out, "amelia")
    assert first == again
    assert {n.state for n in house.told("amelia")} == {State.COMPLETED}


@pytest.mark.parametrize("fault", [Rejected("invalid_blocks"), KeyError("x")])
def test_a_card_that_nobody_will_have_does_not_hold_up_those_it_travels_with(house: House, fault: Exception) -> None:
    duties = due_together(house, 3)

    @dataclass
    class Picky(Chat):
        async def send(self, account: str, cards: tuple[Card, ...], *, headline: str) -> str:
            if duties[1].id in repr(cards) and account.endswith("/amelia"):
                raise fault
            return await super().send(account, cards, headline=headline)

    out = Picky()
    for _attempt in range(6):
        deliver(house, out)
        house.now += timedelta(minutes=9)
    assert {d for cards in to(out, "amelia") for d in _order(cards, duties)} == {duties[0].id, duties[2].id}
    states = {n.subject: n.state for n in house.told("amelia", "deadline.overdue")}
    assert states == {
        duties[0].id: State.COMPLETED,
        duties[1].id: State.DISCARDED,
        duties[2].id: State.COMPLETED,
    }


def test_what_is_urgent_travels_alone_and_first(house: House) -> None:
    out = Chat()
    due_together(house, 2)
    form = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    house.submit("tomas", form, {"what": "A letter went to the wrong address."})
    deliver(house, out)
    hers = [(len(cards), headline) for to, cards, headline in out.messages if to.endswith("/margaret")]
    assert hers[0] == (1, "Urgent: please open now.")


def test_a_companion_whose_cause_went_stays_behind(house: House) -> None:
    out, duties = Chat(), due_together(house, 3)
    house.write(lambda tx: deadlines.hand_to(tx, duties[2].id, house.ids["luca"]))
    deliver(house, out)
    (cards,) = to(out, "amelia")
    assert len(cards) == 2
    assert {n.state for n in house.told("amelia") if n.subject == duties[2].id} == {State.CANCELLED}


def test_what_is_due_within_the_hour_comes_along_and_what_is_due_later_waits(house: House) -> None:
    out, duties = Chat(), due_together(house, 1)
    deliver(house, out)
    out.messages.clear()

    def plan(minutes: int) -> None:
        what = {"recipient_id": house.ids["amelia"], "kind": "channel.exception", "subject": duties[0].interaction_id}
        due = house.now + timedelta(minutes=minutes)
        house.write(lambda tx: outbox.put(tx, key=f"in {minutes}", **what))
        (put,) = [n for n in house.told("amelia") if n.key == f"in {minutes}"]
        house.write(lambda tx: pings.put_off(tx, [put.id], due, "outside hours"))

    for minutes in (0, 60, 61):
        plan(minutes)
    deliver(house, out)
    states = {n.key: n.state for n in house.told("amelia", "channel.exception")}
    assert states == {"in 0": State.COMPLETED, "in 60": State.COMPLETED, "in 61": State.SCHEDULED}
    assert len(to(out, "amelia")) == 1


def test_while_timers_are_late_only_what_is_urgent_goes_at_once_and_nothing_waits_long(house: House) -> None:
    out = Chat()
    house.log("amelia")
    (duty,) = house.read(deadlines.all_open)
    house.now = duty.due_at  # and its timer has not fired
    for key, urgent in (("quiet", False), ("loud", True)):
        about = house.ids["luca" if urgent else "jonas"]
        what = {"key": key, "recipient_id": house.ids["amelia"], "kind": "notice.failed", "subject": about}
        house.write(lambda tx, what=what, urgent=urgent: outbox.put(tx, urgent=urgent, by=tx.now, **what))
    deliver(house, out)
    assert [headline for _to, _cards, headline in out.messages] == ["Urgent: please open now."]
    house.now += SETTLING  # the clock stands still, for all we know
    deliver(house, out)
    assert len(out.messages) == 2
