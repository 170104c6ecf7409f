"""The first-response clock through the real doorway: started, reminded, overdue, handed up, stopped."""

from datetime import timedelta

import pytest

from handlers.request import Kind
from handlers.views import Done, Form, Invalid, Options, Page, Say
from storage import deadlines, escalations, interactions, timers
from tests.support.house import FRIDAY, House


def open_deadlines(house: House) -> list[deadlines.Deadline]:
    return house.read(deadlines.all_open)


def test_a_friday_inquiry_is_due_on_monday_at_the_same_hour(house: House) -> None:
    said = house.log("amelia")
    assert isinstance(said, Say)
    assert "Mon 16:00 (London)" in said.text
    (deadline,) = open_deadlines(house)
    assert deadline.due_at == FRIDAY + timedelta(days=3)
    assert deadline.responsible_id == house.ids["amelia"]


def test_the_nudge_comes_before_it_is_late_then_the_supervisor_is_told_then_the_head(house: House) -> None:
    house.log("amelia")
    house.later(days=2)  # Sunday
    assert house.told("amelia") == []
    house.later(hours=20)  # Monday 12:00: half of the open time has passed
    assert [n.key.split(":")[1] for n in house.told("amelia", "deadline.reminder")] == ["50"]
    house.later(hours=2)
    assert [n.key.split(":")[1] for n in house.told("amelia", "deadline.reminder")] == ["50", "75"]
    assert house.told("jonas") == []
    house.later(hours=2)  # 16:00
    assert len(house.told("amelia", "deadline.overdue")) == 1
    assert len(house.told("jonas", "deadline.escalated")) == 1
    assert house.told("margaret") == []
    house.later(days=1)  # nobody took it for a business day
    assert len(house.told("margaret", "deadline.escalated")) == 1
    house.later(days=2)  # she is head of department and senior management: told again on the repeating rung only
    assert len(house.told("jonas", "deadline.escalated")) == 1


def test_taking_it_stops_the_ladder_and_the_reply_stops_everything(house: House) -> None:
    house.log("amelia")
    house.later(days=3)
    (deadline,) = open_deadlines(house)
    assert isinstance(house.act("jonas", "deadline.take", deadline.id), Done)
    again = house.act("jonas", "deadline.take", deadline.id)
    assert isinstance(again, Say)
    assert "Jonas Hale" in again.text
    house.later(days=4)
    assert house.told("margaret") == []
    form = house.open("amelia", "log-client", f"reply:{deadline.id}")
    assert isinstance(form, Form)
    assert form.values["direction"] == "out"
    said = house.submit("amelia", form, {"channel": "Company email", "kind": "email", "summary": "Sent the draft."})
    assert isinstance(said, Say)
    assert open_deadlines(house) == []
    assert house.read(timers.upcoming) == []
    running = house.read(lambda tx: escalations.of(tx, deadline.id))
    assert running is not None
    assert running.state == "acknowledged"


def test_a_second_inquiry_starts_no_second_clock_but_gets_one_when_the_first_was_logged_in_error(house: House) -> None:
    house.log("amelia")
    house.now += timedelta(minutes=10)
    house.log("luca", summary="Asked again.")
    (first,) = open_deadlines(house)
    form = house.open("amelia", "deadline.no-reply", first.id)
    assert isinstance(form, Form)
    house.submit("amelia", form, {"why": "error"})
    (second,) = open_deadlines(house)
    assert second.id != first.id
    assert second.received_at == FRIDAY + timedelta(minutes=10)


def test_a_reply_dated_before_the_inquiry_does_not_stop_its_clock(house: House) -> None:
    house.log("amelia")
    house.now += timedelta(minutes=5)
    house.log("amelia", direction="out", expects="no", when=FRIDAY - timedelta(minutes=1))
    assert len(open_deadlines(house)) == 1
    house.log("amelia", direction="out", expects="no", when=FRIDAY + timedelta(minutes=1))
    assert open_deadlines(house) == []


def test_an_unticked_inquiry_stays_open(house: House) -> None:
    house.log("amelia")
    house.now += timedelta(minutes=5)
    house.log("amelia", direction="out", expects="no", answers=())
    assert len(open_deadlines(house)) == 1


def test_no_reply_needed_asks_for_a_reason_and_is_told_apart_from_an_answer(house: House) -> None:
    house.log("amelia")
    (deadline,) = open_deadlines(house)
    form = house.open("amelia", "deadline.no-reply", deadline.id)
    assert isinstance(form, Form)
    assert isinstance(house.submit("amelia", form, {"why": ""}), Invalid)
    assert isinstance(house.submit("amelia", form, {"why": "thanks"}), Say)
    ended = house.read(lambda tx: deadlines.by_id(tx, deadline.id))
    assert (ended.state, ended.ended_why) == ("closed", "thanks")
    assert house.read(timers.upcoming) == []


def test_remind_me_later_offers_only_times_before_it_is_due(house: House) -> None:
    house.log("amelia")
    (deadline,) = open_deadlines(house)
    form = house.open("amelia", "deadline.later", deadline.id)
    assert isinstance(form, Form)
    house.submit("amelia", form, {"when": "1h"})
    house.later(hours=1)
    assert len(house.told("amelia", "deadline.reminder")) == 1
    house.now = deadline.due_at - timedelta(minutes=10)
    assert "no later before it is due" in getattr(house.open("amelia", "deadline.later", deadline.id), "text", "")


def test_reassign_offers_only_people_who_may_open_the_file_and_refuses_others(house: House) -> None:
    house.log("amelia")
    (deadline,) = open_deadlines(house)
    form = house.open("amelia", "deadline.reassign", deadline.id)
    assert isinstance(form, Form)
    found = house.ask("amelia", Kind.SEARCH, "deadline.people", subject=deadline.id)
    assert isinstance(found, Options)
    assert {o.label for o in found.options} == {"Amelia Ward", "Luca Reed"}
    assert isinstance(house.submit("amelia", form, {"person": house.ids["sana"]}), Invalid)
    assert isinstance(house.submit("amelia", form, {"person": house.ids["luca"]}), Say)
    assert len(house.told("luca", "deadline.reassigned")) == 1
    house.later(days=3)
    assert len(house.told("luca", "deadline.overdue")) == 1
    assert house.told("amelia", "deadline.overdue") == []


def test_why_shows_the_sum_and_only_to_those_concerned(house: House) -> None:
    house.log("amelia")
    (deadline,) = open_deadlines(house)
    page = house.open("amelia", "deadline.why", deadline.id)
    assert isinstance(page, Page)
    assert isinstance(house.open("sana", "deadline.why", deadline.id), Say)


def test_a_stranger_to_the_duty_can_do_nothing_about_it(house: House) -> None:
    house.log("amelia")
    (deadline,) = open_deadlines(house)
    for name in ("deadline.no-reply", "deadline.later", "deadline.reassign"):
        assert isinstance(house.open("sana", name, deadline.id), Say), name
    assert isinstance(house.act("sana", "deadline.take", deadline.id), Say)
    assert house.happened().count("refused") == 4


@pytest.mark.parametrize(
    ("who_is_away", "deputy", "reader"),
    [("amelia", "luca", "luca"), ("amelia", None, "jonas")],
)
def test_the_reminder_of_somebody_on_leave_reaches_who_stands_in(
    house: House, who_is_away: str, deputy: str | None, reader: str
) -> None:
    house.log("amelia")
    form = house.ask(who_is_away, Kind.COMMAND, "away")
    assert isinstance(form, Form)
    said = house.submit(
        who_is_away,
        form,
        {"from": house.now, "until": house.now + timedelta(days=10), "deputy": house.ids[deputy] if deputy else None},
    )
    assert isinstance(said, Say)
    house.later(days=2, hours=20)
    assert len(house.told(reader, "deadline.reminder")) == 1


def test_an_inquiry_logged_after_its_time_is_overdue_at_once(house: House) -> None:
    house.log("amelia", when=FRIDAY - timedelta(days=7))
    house.later(seconds=1)
    assert len(house.told("jonas", "deadline.escalated")) == 1
    (entry,) = house.read(lambda tx: interactions.last_of(tx, house.ids["amelia"]))
    assert entry.late_entry


def test_an_answered_inquiry_is_on_record_without_a_running_clock(house: House) -> None:
    house.log("amelia", when=FRIDAY - timedelta(hours=3), expects="answered", answered=FRIDAY - timedelta(hours=1))
    assert open_deadlines(house) == []
    (entry,) = house.read(lambda tx: interactions.last_of(tx, house.ids["amelia"]))
    (deadline,) = house.read(lambda tx: deadlines.of_interaction(tx, entry.id))
    assert (deadline.state, deadline.ended_at) == ("answered", FRIDAY - timedelta(hours=1))
