"""Few pings, and at good hours, on both roads: what may wait waits for the reader's hours and for a day that is not
full; what is urgent or would be missed goes out at once."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.courier import Courier
from bot.mail import Mailer
from bot.second_road import SecondRoad
from bot.senders import Trouble
from handlers import notices, pings
from handlers.policy import Pings
from handlers.request import Kind
from handlers.rules.blocks import block
from handlers.rules.hours import Calendar
from handlers.views import Form
from storage import deadlines, outbox, people
from storage.outbox import State
from tests.bot.test_courier_promises import Chat, deliver, overdue
from tests.bot.test_second_road import AFTER, Firm, without_account
from tests.support.house import House
from tests.support.many import more_clients
from tests.support.post_office import post_office_next_door

NINE_ON_MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
SATURDAY = datetime(2026, 11, 21, 11, tzinfo=UTC)


@pytest.fixture
def house(tmp_path: Path, database_url: str) -> Iterator[House]:
    built = House(tmp_path, database_url)
    yield built
    built.close()


def tell(house: House, key: str, *, about: str = "luca", by: datetime | None = None, urgent: bool = False) -> None:
    """Amelia is to learn that somebody cannot be reached."""

    def put(tx: object) -> None:
        person = people.by_id(tx, house.ids["amelia"])  # type: ignore[arg-type]
        subject = house.ids[f"client {key}"] if f"client {key}" in house.ids else house.ids[about]
        notices.tell(tx, person, key=key, kind="notice.failed", subject=subject, by=by, urgent=urgent)  # type: ignore[arg-type]

    house.write(put)


def waiting(house: House) -> list[tuple[str, datetime, str]]:
    return [(n.state, n.due_at, n.problem) for n in house.told("amelia")]


def set_pings(house: House, pings: Pings) -> None:
    house.doorway.policy = replace(house.doorway.policy, pings=pings)


def test_what_falls_due_on_saturday_comes_on_monday_at_opening_as_one_message(house: House) -> None:
    chat = Chat()
    house.now = SATURDAY
    for key in ("a", "b"):
        tell(house, key)
    deliver(house, chat)
    assert chat.sent == []
    assert waiting(house) == [(State.SCHEDULED, NINE_ON_MONDAY, "outside hours")] * 2
    house.now = NINE_ON_MONDAY - timedelta(seconds=1)
    deliver(house, chat)
    assert chat.sent == []
    house.now = NINE_ON_MONDAY
    deliver(house, chat)
    assert len(chat.messages) == 1
    assert {state for state, *_rest in waiting(house)} == {State.COMPLETED}


def test_the_readers_own_calendar_counts_not_the_firms(house: House) -> None:
    chat, new_york = Chat(), Calendar(name="ny", zone=ZoneInfo("America/New_York"), open={4: (block("09:00-17:00"),)})
    policy = house.doorway.policy
    house.doorway.policy = replace(policy, calendars={**policy.calendars, "ny": new_york})
    house.write(lambda tx: people.change(tx, house.ids["amelia"], calendar="ny"))
    house.now = datetime(2026, 11, 20, 11, tzinfo=UTC)  # Friday: 06:00 in New York
    tell(house, "early")
    deliver(house, chat)
    assert chat.sent == []
    house.now = datetime(2026, 11, 20, 21, tzinfo=UTC)  # 16:00 there, 21:00 in London
    deliver(house, chat)
    assert len(chat.sent) == 1


@pytest.mark.parametrize("by", [SATURDAY, NINE_ON_MONDAY])
def test_what_waiting_would_miss_goes_out_at_once(house: House, by: datetime) -> None:
    chat = Chat()
    house.now = SATURDAY
    tell(house, "now", by=by)
    deliver(house, chat)
    assert len(chat.sent) == 1


def test_a_reminder_waits_for_the_opening_but_never_beyond_the_deadline(house: House) -> None:
    """Due Monday 16:00; at 50 per cent on Monday 12:00, in a calendar of the reader that opens at 13:00 or 16:00."""
    house.log("amelia")
    (deadline,) = house.read(deadlines.all_open)
    policy = house.doorway.policy
    for opening, sent in (("13:00-20:00", False), ("16:00-20:00", True)):
        late = Calendar(name="late", zone=policy.zone, open=dict.fromkeys(range(5), (block(opening),)))
        house.doorway.policy = replace(policy, calendars={**policy.calendars, "late": late})
        house.write(lambda tx: people.change(tx, house.ids["amelia"], calendar="late"))
        if not sent:
            house.later(seconds=(datetime(2026, 11, 23, 12, tzinfo=UTC) - house.now).total_seconds())
        else:
            house.write(lambda tx: tx.conn.exec_driver_sql(f"UPDATE outbox SET due_at = {_micros(house.now)}"))
        chat = Chat()
        deliver(house, chat)
        assert bool(chat.sent) is sent
    assert deadline.due_at == datetime(2026, 11, 23, 16, tzinfo=UTC)


def _micros(at: datetime) -> int:
    return int(at.timestamp() * 1_000_000)


def test_a_breach_waits_for_nobodys_hours_and_is_outside_the_count(house: House) -> None:
    chat = Chat()
    house.now = SATURDAY
    set_pings(house, Pings(per_day=1, quiet=block("00:00-23:00")))
    for _report in range(2):
        form = house.ask("tomas", Kind.COMMAND, "report-breach")
        assert isinstance(form, Form)
        house.submit("tomas", form, {"what": "A letter went to the wrong address."})
        deliver(house, chat)
    assert sum(account.endswith("/priya") for account, *_rest in chat.sent) == 2
    assert sum(account.endswith("/margaret") for account, *_rest in chat.sent) == 2


def test_after_the_last_ping_of_the_day_the_rest_comes_tomorrow_as_one(house: House) -> None:
    chat = Chat()
    house.now = NINE_ON_MONDAY
    set_pings(house, Pings(per_day=2))
    for key in ("a", "b", "c", "d"):
        tell(house, key)
        deliver(house, chat)
        house.now += timedelta(hours=1)
    assert len(chat.messages) == 2
    tomorrow = NINE_ON_MONDAY + timedelta(days=1)
    assert waiting(house)[2:] == [(State.SCHEDULED, tomorrow, "daily cap")] * 2
    tell(house, "urgent", about="margaret", urgent=True)
    tell(house, "today", by=house.now + timedelta(hours=2))
    deliver(house, chat)
    assert len(chat.messages) == 4
    house.now = tomorrow
    deliver(house, chat)
    assert len(chat.messages) == 5


def test_an_urgent_message_takes_along_what_waits_about_the_same_matter(house: House) -> None:
    chat = Chat()
    house.now = SATURDAY
    tell(house, "quiet")
    tell(house, "other", about="margaret")
    deliver(house, chat)
    assert chat.messages == []
    tell(house, "urgent", urgent=True)
    deliver(house, chat)
    assert [headline for _account, _cards, headline in chat.messages] == ["Urgent: please open now."]
    assert sorted(state for state, *_rest in waiting(house)) == [State.COMPLETED, State.COMPLETED, State.SCHEDULED]


def test_a_firm_may_ask_for_any_hour_but_the_quiet_ones(house: House) -> None:
    chat = Chat()
    set_pings(house, Pings(working_hours=False, quiet=block("20:00-07:00")))
    house.now = SATURDAY
    tell(house, "a")
    deliver(house, chat)
    assert len(chat.sent) == 1
    house.now = datetime(2026, 11, 21, 23, tzinfo=UTC)
    tell(house, "b")
    deliver(house, chat)
    assert len(chat.sent) == 1
    house.now = datetime(2026, 11, 22, 7, tzinfo=UTC)
    deliver(house, chat)
    assert len(chat.sent) == 2


def test_what_was_settled_while_it_waited_is_not_sent(house: House) -> None:
    chat = Chat()
    overdue(house)
    house.now = datetime(2026, 11, 23, 18, tzinfo=UTC)
    deliver(house, chat)
    house.log("luca", direction="out", expects="no", when=house.now)
    house.now += timedelta(days=1)
    deliver(house, chat)
    assert chat.sent == []


def test_what_waits_in_chat_waits_in_the_mail_too(tmp_path: Path) -> None:
    with post_office_next_door(tmp_path) as office:
        firm = Firm(House(tmp_path), office)
        without_account(firm.house, "amelia", known=True, since=timedelta(days=9))
        firm.house.now = SATURDAY
        tell(firm.house, "a")
        firm.later(minutes=10)
        assert office.letters == []
        firm.house.now = NINE_ON_MONDAY
        firm.deliver()
        assert len(office.to("amelia")) == 1
        firm.house.close()


def test_what_had_its_moment_for_a_letter_and_has_to_wait_loses_it(tmp_path: Path) -> None:
    with post_office_next_door(tmp_path) as office:
        firm = Firm(House(tmp_path), office)
        firm.chat.fault = Trouble("cut")
        firm.house.now = datetime(2026, 11, 20, 16, 57, tzinfo=UTC)
        tell(firm.house, "a")
        firm.deliver()  # a letter is planned for 17:02
        firm.later(minutes=4)
        firm.later(minutes=2)
        assert office.letters == []
        firm.house.now = NINE_ON_MONDAY
        firm.deliver()
        firm.later(minutes=5)
        assert len(office.to("amelia")) == 1
        firm.house.close()


def test_what_was_begun_in_time_and_fails_after_hours_goes_on_in_the_morning(house: House) -> None:
    chat = Chat(fault=Trouble("cut"))
    house.now = datetime(2026, 11, 20, 16, 59, tzinfo=UTC)
    tell(house, "a")
    deliver(house, chat)
    chat.fault = None
    house.now += timedelta(minutes=10)
    deliver(house, chat)
    assert chat.sent == []
    house.now = NINE_ON_MONDAY
    deliver(house, chat)
    assert len(chat.sent) == 1


def test_a_full_lane_of_hundreds_is_held_whole(house: House) -> None:
    chat = Chat()
    house.now = SATURDAY
    for word in more_clients(house, "amelia", 3):
        tell(house, word)
    for number in range(230):
        tell(house, f"n{number}")
    for _round in range(3):
        asyncio.run(Courier(house.doorway, {"slack": chat}).deliver())
    assert chat.sent == []
    assert set(waiting(house)) == {(State.SCHEDULED, NINE_ON_MONDAY, "outside hours")}


def test_hours_that_never_come_again_keep_nobody_waiting(house: House) -> None:
    chat, half_days = Chat(), {NINE_ON_MONDAY.date() - timedelta(days=700): (block("09:00-12:00"),)}
    old = replace(house.doorway.policy.calendar(""), open={}, half_days=half_days)
    house.doorway.policy = replace(house.doorway.policy, calendars={**house.doorway.policy.calendars, "old": old})
    house.write(lambda tx: people.change(tx, house.ids["amelia"], calendar="old"))
    tell(house, "a")
    tell(house, "urgent", about="jonas", urgent=True)
    deliver(house, chat)
    assert sorted(headline for *_rest, headline in chat.messages) == [
        "Something is due today.",
        "Urgent: please open now.",
    ]


def test_what_came_since_it_was_looked_at_is_not_sent_unseen(house: House) -> None:
    """On PostgreSQL another process may commit in between."""
    house.now = SATURDAY
    free = house.write(lambda tx: pings.hold(tx, house.doorway.policy))
    tell(house, "late")
    assert house.write(lambda tx: outbox.claim(tx, 8, of=free)) == []
    tell(house, "urgent", about="margaret", urgent=True)
    (taken,) = house.write(lambda tx: outbox.claim(tx, 8, of=free))
    assert taken.urgent
    tell(house, "later", about="jonas")
    assert house.write(lambda tx: pings.hold(tx, house.doorway.policy)) == frozenset()  # her lane is busy


def test_letters_wait_for_good_hours_though_the_courier_hangs(tmp_path: Path) -> None:
    with post_office_next_door(tmp_path) as office:
        house = House(tmp_path)
        without_account(house, "amelia", known=True, since=timedelta(days=9))
        house.now = SATURDAY
        tell(house, "a")
        road = SecondRoad(house.doorway, Mailer(office.notify), AFTER, {})
        asyncio.run(road.deliver())
        assert office.letters == []
        assert [state for state, *_rest in waiting(house)] == [State.SCHEDULED]
        house.close()


@pytest.mark.parametrize("urgent_first", [False, True])
def test_an_urgent_message_in_the_morning_lifts_no_cap_from_the_letters_of_the_day(
    tmp_path: Path, urgent_first: bool
) -> None:
    with post_office_next_door(tmp_path) as office:
        house = House(tmp_path)
        firm = Firm(house, office)
        set_pings(house, Pings(per_day=2))
        house.now = NINE_ON_MONDAY
        if urgent_first:
            tell(house, "urgent", urgent=True)
            firm.deliver()
            firm.later(minutes=6)
            office.letters.clear()
        firm.chat.fault = Trouble("cut")
        for who in ("luca", "sana", "jonas", "margaret", "priya", "rosa"):
            tell(house, who, about=who)
            firm.deliver()
            for _time in range(2):
                firm.later(minutes=8)
        assert len(office.to("amelia")) == 2
        house.close()
