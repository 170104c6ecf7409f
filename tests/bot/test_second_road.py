"""The second road: what chat has not brought home in time goes by mail, once, to one person in one letter."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.courier import Courier
from bot.mail import Mailer
from bot.second_road import SecondRoad
from bot.senders import Trouble, Unreachable
from handlers.request import Kind, Request
from handlers.views import Form
from storage import chat, mails, outbox, people
from storage.outbox import State
from storage.store import Tx
from tests.bot.test_courier_promises import Chat, overdue
from tests.support.house import House
from tests.support.post_office import PostOffice, post_office_next_door, words

AFTER = timedelta(minutes=5)


class Firm:
    """A house with both roads."""

    def __init__(self, house: House, office: PostOffice) -> None:
        self.house, self.office, self.chat = house, office, Chat()
        house.doorway.policy = replace(house.doorway.policy, mail=True)
        house.store._firm["mail"] = True
        self.patience = 30.0

    def deliver(self) -> None:
        """A round on both roads, as each second brings one."""

        async def rounds() -> None:
            mailer = Mailer(self.office.notify, patience=self.patience)
            road = SecondRoad(self.house.doorway, mailer, AFTER, {"slack": self.chat})
            await Courier(self.house.doorway, {"slack": self.chat}, road.plan).deliver()
            await road.deliver()
            await road.close()

        asyncio.run(rounds())

    def later(self, **span: float) -> None:
        self.house.now += timedelta(**span)
        self.deliver()

    def report(self) -> None:
        """A breach, told to Priya (the DPO) and to Margaret."""
        form = self.house.ask("tomas", Kind.COMMAND, "report-breach")
        assert isinstance(form, Form)
        self.house.submit("tomas", form, {"what": "A letter went to the wrong address."})

    def put(self, key: str, kind: str, who: str, subject: str) -> None:
        what = {"recipient_id": self.house.ids[who], "kind": kind, "subject": subject}
        self.house.write(lambda tx: outbox.put(tx, key=key, **what))


@pytest.fixture
def firm(tmp_path: Path, database_url: str) -> Iterator[Firm]:
    with post_office_next_door(tmp_path) as office:
        house = House(tmp_path, database_url)
        yield Firm(house, office)
        house.close()


def mailed(firm: Firm, who: str) -> list[bool]:
    ids = [n.id for n in firm.house.told(who)]
    return [firm.house.read(lambda tx, id=id: mails.of(tx, id))[1] is not None for id in ids]


def test_what_chat_does_not_bring_home_goes_in_one_mail_to_each_person_when_its_time_is_up(firm: Firm) -> None:
    firm.chat.fault = Trouble("cut")
    overdue(firm.house)
    firm.deliver()
    firm.later(minutes=4, seconds=59)
    assert firm.office.letters == []
    firm.later(seconds=1)
    assert sorted(str(m["To"]) for m in firm.office.letters) == ["amelia@harbour.example", "jonas@harbour.example"]
    (letter,) = firm.office.to("amelia")
    assert letter["Subject"] == "Something is overdue."
    assert words(letter).count("Reply overdue since Mon 16:00 (London)") == 1  # reminders and all: one matter
    assert "Quiet Heron" in words(letter)
    assert all(mailed(firm, "amelia"))
    assert firm.house.happened().count("notice.mailed") == 2
    firm.later(hours=6)
    assert len(firm.office.letters) == 2
    firm.chat.fault = None
    firm.later(minutes=10)
    assert State.SCHEDULED in {n.state for n in firm.house.told("amelia")}  # it is 22:15: told already, it may wait
    firm.later(hours=12)
    assert {n.state for n in firm.house.told("amelia")} == {State.COMPLETED}
    assert len(firm.office.letters) == 2


def test_what_chat_has_brought_home_needs_no_mail(firm: Firm) -> None:
    overdue(firm.house)
    firm.deliver()
    firm.later(minutes=6)
    firm.house.act("jonas", "deadline.take", firm.house.told("jonas")[0].subject)  # cards are painted again
    firm.later(minutes=6)
    assert firm.chat.edited
    assert firm.office.letters == []


def test_what_goes_by_letter_too_does_though_chat_has_brought_it_home(firm: Firm) -> None:
    ends = (firm.house.now + timedelta(days=7)).date().isoformat()
    known = Request(kind=Kind.DESK, name="secret.known", operator="service:root", values={"expires": ends})
    asyncio.run(firm.house.doorway.handle(known))
    firm.deliver()
    assert State.COMPLETED in {n.state for n in firm.house.told("rosa")}
    assert firm.office.letters == []  # chat has its time
    firm.later(minutes=6)
    (letter,) = firm.office.to("rosa")
    assert "The secret of the Teams app ends on Friday 27 November 2026" in words(letter)
    firm.later(minutes=6)
    assert len(firm.office.letters) == 1


def test_what_is_settled_meanwhile_needs_no_mail(firm: Firm) -> None:
    firm.chat.fault = Trouble("cut")
    overdue(firm.house)
    firm.deliver()
    firm.house.log("luca", direction="out", expects="no", when=firm.house.now)
    firm.later(minutes=6)
    assert firm.office.letters == []


def test_an_urgent_matter_goes_by_mail_too_unless_somebody_has_it_in_hand(firm: Firm) -> None:
    firm.report()
    firm.deliver()
    assert len(firm.chat.sent) == 2
    firm.later(minutes=5)
    assert sorted(str(m["To"]) for m in firm.office.letters) == ["margaret@harbour.example", "priya@harbour.example"]
    (letter,) = firm.office.to("priya")
    assert letter["Subject"] == "Urgent: please open now."
    assert "Ring +44 20 7946 0000" in words(letter)
    firm.office.letters.clear()
    firm.report()
    firm.deliver()
    second = firm.house.told("priya", "breach.reported")[-1].subject
    firm.house.act("priya", "breach.on-it", second)
    firm.later(minutes=6)
    assert [str(m["To"]) for m in firm.office.letters if second in words(m)] == []


def without_account(house: House, who: str, *, known: bool, since: timedelta) -> None:
    def change(tx: Tx) -> None:
        for account in chat.accounts_of(tx, house.ids[who]):
            chat.link(tx, replace(account, active=False))
        if not known:
            tx.conn.exec_driver_sql(f"DELETE FROM accounts WHERE person_id = '{house.ids[who]}'")
        born = tx.now - since
        people.change(tx, house.ids[who], created_at=born)

    house.write(change)


@pytest.mark.parametrize(
    ("known", "since", "urgent", "minutes"),
    [
        (True, timedelta(days=9), False, 0),  # deactivated
        (False, timedelta(days=9), False, 0),  # nobody linked
        (False, timedelta(seconds=1), False, 5),  # new: the directory may not have been read yet
        (False, timedelta(seconds=1), True, 0),
    ],
)
def test_somebody_without_a_living_account_hears_at_once_unless_new(
    firm: Firm, known: bool, since: timedelta, urgent: bool, minutes: float
) -> None:
    if urgent:
        without_account(firm.house, "priya", known=known, since=since)
        firm.report()
    else:
        overdue(firm.house)
        without_account(firm.house, "amelia", known=known, since=since)
    who = "priya" if urgent else "amelia"
    firm.deliver()
    if minutes:
        assert firm.office.to(who) == []
        firm.later(minutes=minutes)
    (letter,) = firm.office.to(who)
    assert "ask your supervisor" in words(letter)
    for _attempt in range(8):
        firm.later(minutes=10)
    assert {n.state for n in firm.house.told(who)} <= {State.DISCARDED, State.CANCELLED}
    assert firm.house.told("rosa", "notice.failed") == []  # the mail has told


def test_whom_chat_refuses_for_good_is_mailed_at_once_and_nobody_is_alarmed(firm: Firm) -> None:
    firm.chat.fault = Unreachable("user_disabled")
    overdue(firm.house)
    firm.deliver()
    assert len(firm.office.to("amelia")) == 1
    assert firm.house.told("rosa", "notice.failed") == []


def test_whom_neither_road_reaches_is_told_of_to_the_administrators_and_the_ladder_goes_on(firm: Firm) -> None:
    firm.office.rcpt = ["550 5.1.1 No such user"] * 20
    firm.chat.fault = Unreachable("user_disabled")
    overdue(firm.house)
    firm.deliver()
    firm.later(seconds=1)  # Jonas may have been asked to stand in for Amelia before his own letter was refused
    missed = {n.subject for n in firm.house.told("rosa", "notice.failed")}
    assert {firm.house.ids["amelia"], firm.house.ids["jonas"]} <= missed
    told = sorted(n.kind for n in firm.house.told("margaret"))
    assert told == ["deadline.escalated", "deadline.overdue"]  # not a business day later; and she stands in for Amelia
    assert "rung.missed" in firm.house.happened()


@pytest.mark.parametrize("answer", ["cut", "lost"])
def test_a_letter_that_may_have_arrived_is_sent_again_as_the_same_letter(firm: Firm, answer: str) -> None:
    firm.chat.fault = Trouble("cut")
    firm.office.data = [answer]
    firm.report()
    firm.deliver()
    firm.later(minutes=5)
    firm.put("later", "notice.failed", "priya", firm.house.ids["luca"])
    firm.put("later too", "notice.failed", "margaret", firm.house.ids["luca"])
    for _round in range(6):
        firm.later(minutes=2)
    got = {who: [m["Message-ID"] for m in firm.office.to(who)] for who in ("priya", "margaret")}
    assert sorted(len(set(ids)) for ids in got.values()) == [2, 2]  # the breach, and what came later
    assert sorted(len(ids) for ids in got.values()) == ([2, 3] if answer == "cut" else [2, 2])


def test_a_letter_that_did_not_arrive_is_packed_anew_with_what_has_come_meanwhile(firm: Firm) -> None:
    firm.chat.fault = Trouble("cut")
    firm.office.rcpt = ["450 4.2.0 Greylisted"] * 2
    firm.report()
    firm.deliver()
    firm.put("more", "notice.failed", "priya", firm.house.ids["luca"])
    firm.later(minutes=5)
    assert firm.office.letters == []
    firm.later(minutes=6)
    (letter,) = firm.office.to("priya")
    assert "somebody is needed now" in words(letter)
    assert "Somebody cannot be reached" in words(letter)


def test_a_slow_mail_server_is_no_doubt_before_the_text_and_is_tried_again(firm: Firm) -> None:
    firm.chat.fault = Trouble("cut")
    firm.office.data = ["slow", "slow"]
    firm.report()
    firm.deliver()
    firm.patience = 0.5
    firm.later(minutes=5)
    firm.later(minutes=1)
    assert len({m["Message-ID"] for m in firm.office.letters}) == 2


def test_a_sender_that_was_killed_with_a_letter_in_hand_leaves_it_to_the_next_at_once(firm: Firm) -> None:
    firm.chat.fault = Trouble("cut")
    firm.report()
    firm.deliver()
    firm.house.now += AFTER
    (first, *_others) = firm.house.write(lambda tx: mails.claim(tx, 8))
    firm.later(seconds=1)
    assert firm.office.letters == []
    firm.house.write(mails.release)
    firm.later(seconds=1)
    assert f"<{first.reference}@harbour.example>" in [m["Message-ID"] for m in firm.office.letters]


def test_somebody_who_has_left_gets_no_mail(firm: Firm) -> None:
    firm.chat.fault = Trouble("cut")
    overdue(firm.house)
    firm.deliver()
    firm.house.write(lambda tx: people.change(tx, firm.house.ids["amelia"], left_at=tx.now))
    firm.later(minutes=6)
    assert firm.office.to("amelia") == []
