"""Duties that could fall silent between two files, two clocks or two people: each was seen to happen once."""

import asyncio
from datetime import timedelta

from sqlalchemy import event

from bot.courier import Courier
from handlers.interactions.choices import UNLISTED
from handlers.request import Kind
from handlers.views import Card, Done, Form, Option, Reply, Say, Value
from storage import deadlines, escalations, interactions, people
from storage.store import Tx
from tests.bot.test_courier_promises import Chat
from tests.support.house import FRIDAY, House


def running(house: House) -> list[deadlines.Deadline]:
    found: list[deadlines.Deadline] = house.read(deadlines.all_open)
    return found


def last(house: House, who: str) -> interactions.Interaction:
    found: interactions.Interaction = house.read(lambda tx: interactions.last_of(tx, house.ids[who], 1))[0]
    return found


def fill(house: House, who: str, form: Reply, **values: Value) -> Say:
    assert isinstance(form, Form), form
    said = house.submit(who, form, values)
    assert isinstance(said, Say), said
    return said


def move_out(house: House, who: str) -> None:
    fill(house, who, house.open(who, "interaction.wrong-client", last(house, who).id), right="Somebody else")


def place(house: House, id: str, ref: str) -> None:
    fill(house, "rosa", house.open("rosa", "quarantine.place", id), ref=ref)


def go_away(house: House, who: str, deputy: str) -> None:
    span = {"starts_at": house.now, "ends_at": house.now + timedelta(days=9)}
    house.write(lambda tx: people.go_away(tx, person_id=house.ids[who], deputy_id=house.ids[deputy], **span))


def cards_for(house: House, who: str) -> list[Card]:
    chat = Chat()
    asyncio.run(Courier(house.doorway, {"slack": chat}).deliver())
    return [card for to, card, _headline in chat.sent if to.endswith(f"/{who}")]


def a_reply_in_the_wrong_file(house: House) -> None:
    """It stopped the clock of a client whom nobody answered."""
    house.log("luca", direction="out", expects="no")
    assert running(house) == []
    move_out(house, "luca")
    assert len(running(house)) == 1


def test_a_clock_that_runs_again_overdue_is_told_again_and_handed_up_again(house: House) -> None:
    house.log("amelia")
    house.later(days=3)
    assert [len(house.told("amelia", "deadline.overdue")), len(house.told("jonas", "deadline.escalated"))] == [1, 1]
    house.later(hours=1)
    a_reply_in_the_wrong_file(house)
    house.later(seconds=1)
    assert [len(house.told("amelia", "deadline.overdue")), len(house.told("jonas", "deadline.escalated"))] == [2, 2]


def test_a_clock_that_runs_again_in_time_is_told_at_once(house: House) -> None:
    house.log("amelia")
    house.later(days=2, hours=23)  # an hour before it is due; the reminders of 50 and 75 per cent are behind
    before = len(house.told("amelia", "deadline.reminder"))
    a_reply_in_the_wrong_file(house)
    assert len(house.told("amelia", "deadline.reminder")) == before + 1


def test_a_ladder_that_somebody_took_climbs_again_when_its_clock_does(house: House) -> None:
    house.log("amelia")
    house.later(days=3)
    (deadline,) = running(house)
    assert isinstance(house.act("jonas", "deadline.take", deadline.id), Done)
    house.now += timedelta(minutes=5)
    a_reply_in_the_wrong_file(house)
    house.later(seconds=1)
    ladder = house.read(lambda tx: escalations.of(tx, deadline.id))
    assert ladder is not None
    assert (ladder.state, ladder.acknowledged_by) == ("climbing", None)
    assert len(house.told("jonas", "deadline.escalated")) == 2


def test_log_the_reply_stops_the_clock_of_a_client_who_is_not_listed(house: House) -> None:
    house.log("amelia", UNLISTED.value, unlisted="Orchard Partners")
    (deadline,) = running(house)
    house.now += timedelta(minutes=5)
    form = house.open("amelia", "log-client", f"reply:{deadline.id}")
    answer: dict[str, Value] = {"client": UNLISTED, "unlisted": "Orchard Partners", "summary": "Sent the draft."}
    fill(house, "amelia", form, channel="Company email", kind="email", **answer)
    assert running(house) == []
    place(house, last(house, "amelia").id, "4711")  # the reply comes into its file: what it answered stays answered
    assert running(house) == []


def test_a_reply_that_stops_no_clock_says_so(house: House) -> None:
    house.log("amelia")
    (deadline,) = running(house)
    form = house.open("amelia", "log-client", f"reply:{deadline.id}")
    early: dict[str, Value] = {"when": FRIDAY - timedelta(hours=1), "summary": "Sent the draft."}
    said = fill(house, "amelia", form, channel="Company email", kind="email", **early)
    assert len(running(house)) == 1
    assert "still due" in repr(said)


def test_a_reply_put_into_its_file_by_records_stops_the_clocks_there(house: House) -> None:
    house.log("amelia")
    house.now += timedelta(minutes=5)
    house.log("amelia", UNLISTED.value, unlisted="Brightwater", direction="out", expects="no")
    assert len(running(house)) == 1
    place(house, last(house, "amelia").id, "4711")
    assert running(house) == []


def test_an_inquiry_that_waited_in_the_wrong_file_gets_a_clock_of_its_own(house: House) -> None:
    house.log("amelia")
    house.now += timedelta(minutes=5)
    house.log("luca", summary="From another client.")
    waiting = last(house, "luca").id
    move_out(house, "luca")
    place(house, waiting, "4712")
    assert {d.client_id for d in running(house)} == {house.ids["heron"], house.ids["otter"]}


def test_a_corrected_time_keeps_the_clock_though_another_inquiry_waits(house: House) -> None:
    house.log("amelia")
    (first,) = running(house)
    house.now += timedelta(minutes=30)
    house.log("luca", summary="Asked again.")
    form = house.open("amelia", "interaction.amend", first.interaction_id)
    fill(house, "amelia", form, when=FRIDAY - timedelta(minutes=30))
    (deadline,) = running(house)
    assert deadline.interaction_id == first.interaction_id
    assert deadline.due_at == FRIDAY + timedelta(days=3, minutes=-30)


def test_an_earlier_inquiry_that_was_logged_later_is_not_forgotten(house: House) -> None:
    house.log("amelia")
    (first,) = running(house)
    house.now += timedelta(minutes=30)
    house.log("luca", when=FRIDAY - timedelta(hours=1))
    fill(house, "amelia", house.open("amelia", "deadline.no-reply", first.id), why="thanks")
    (second,) = running(house)
    assert second.received_at == FRIDAY - timedelta(hours=1)


def test_who_stands_in_for_somebody_who_was_handed_a_reply_can_act_on_it(house: House) -> None:
    house.log("amelia")
    (deadline,) = running(house)
    go_away(house, "luca", "sana")
    chosen = Option(value=house.ids["luca"], label="Luca Reed")
    fill(house, "amelia", house.open("amelia", "deadline.reassign", deadline.id), person=chosen)
    (card,) = cards_for(house, "sana")
    assert card.buttons
    assert "Luca Reed" in repr(card)


def test_who_stands_in_for_management_may_press_what_stands_on_the_card(house: House) -> None:
    go_away(house, "margaret", "sana")
    fill(house, "tomas", house.ask("tomas", Kind.COMMAND, "report-breach"), what="A letter went astray.")
    (told,) = house.told("sana", "breach.inform")
    assert isinstance(house.act("luca", "breach.on-it", told.subject), Say)  # nobody's deputy
    assert isinstance(house.act("sana", "breach.on-it", told.subject), Done)


def test_people_who_left_do_not_hide_those_who_are_here(house: House) -> None:
    def sixty_leavers(tx: Tx) -> None:
        for number in range(60):
            gone = {"roles": ["staff"], "kind": "contractor", "ends_on": "2026-01-31"}
            people.add(tx, email=f"gone{number}@harbour.example", name="Aaron Able", **gone)

    house.write(sixty_leavers)
    assert "Amelia Ward" in [p.name for p in house.read(lambda tx: people.matching(tx, "a"))]


def test_one_question_sees_one_state_of_the_record(house: House) -> None:
    def twice(tx: Tx) -> tuple[int, int]:
        before = len(deadlines.all_open(tx))
        house.log("amelia")
        return before, len(deadlines.all_open(tx))

    before, after = house.read(twice)
    assert before == after
    assert len(running(house)) == before + 1


def test_home_asks_no_more_for_a_hundred_late_replies_than_for_ten(house: House) -> None:
    def home_of_jonas() -> tuple[int, str]:
        asked: list[str] = []

        def count(_conn: object, _cursor: object, statement: str, *_more: object) -> None:
            asked.append(statement)

        event.listen(house.store._reader, "before_cursor_execute", count)
        page = repr(house.ask("jonas", Kind.HOME, "home"))
        event.remove(house.store._reader, "before_cursor_execute", count)
        return len(asked), page

    for number in range(11):
        house.log("amelia", UNLISTED.value, unlisted=f"Client {number}")
    house.later(days=3)
    few, page = home_of_jonas()
    assert page.count("deadline.take") == 10
    assert "and more" in page
    for number in range(30):
        house.log("amelia", UNLISTED.value, unlisted=f"Client {number}", when=FRIDAY)
    house.later(seconds=1)
    assert home_of_jonas()[0] == few


def test_a_reply_corrected_to_before_the_inquiry_did_not_answer_it(house: House) -> None:
    house.log("amelia")
    house.now += timedelta(minutes=30)
    house.log("amelia", direction="out", expects="no")
    reply = last(house, "amelia").id
    fill(house, "amelia", house.open("amelia", "interaction.amend", reply), when=FRIDAY + timedelta(minutes=20))
    assert running(house) == []
    fill(house, "amelia", house.open("amelia", "interaction.amend", reply), when=FRIDAY - timedelta(hours=1))
    assert len(running(house)) == 1


def test_somebody_unknown_is_told_before_reporting_that_no_name_will_stand_there(house: House) -> None:
    assert "no name will stand" in repr(house.ask("nobody", Kind.COMMAND, "report-breach"))
    assert "no name will stand" not in repr(house.ask("tomas", Kind.COMMAND, "report-breach"))
