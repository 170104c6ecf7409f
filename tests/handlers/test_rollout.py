"""A firm that starts with a few: only they log and are made the one who replies; late replies go up from a date on, a
breach from the first day."""

from dataclasses import replace
from datetime import date

import pytest

from handlers.policy import Rollout
from handlers.request import Kind
from handlers.views import Form, Invalid, Option, Options, Say
from storage import deadlines, escalations, watch
from tests.support.house import House

FEW = frozenset({"amelia@harbour.example", "jonas@harbour.example"})


def start_with(house: House, people: frozenset[str] = frozenset(), escalate_from: date | None = None) -> None:
    rollout = Rollout(people=people, escalate_from=escalate_from)
    house.doorway.policy = replace(house.doorway.policy, rollout=rollout)


def test_whoever_does_not_take_part_yet_is_told_so_and_whom_to_ask(house: House) -> None:
    start_with(house, FEW)
    refused = house.ask("luca", Kind.COMMAND, "log-client")
    assert isinstance(refused, Say)
    assert "not among them yet" in refused.text
    assert "/report-breach" in refused.text
    assert isinstance(house.open("luca", "log-client"), Say)  # the shortcut on a message
    assert isinstance(house.ask("amelia", Kind.COMMAND, "log-client"), Form)


def test_everybody_can_report_a_breach_and_it_goes_up_from_the_first_day(house: House) -> None:
    start_with(house, FEW, date(2027, 1, 4))
    form = house.ask("luca", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    house.submit("luca", form, {"what": "A letter went to the wrong address."})
    assert len(house.told("priya", "breach.reported")) == 1
    house.later(minutes=15)
    assert len(house.told("margaret", "breach.reported")) == 1


@pytest.mark.parametrize("chosen", ["luca", None])
def test_nobody_else_is_made_the_one_who_replies(house: House, chosen: str | None) -> None:
    start_with(house, frozenset({"amelia@harbour.example"}))
    if chosen:
        said = house.log("amelia", replier=Option(value=house.ids["luca"], label="Luca Reed"))
        assert isinstance(said, Invalid)
        assert "Luca Reed does not use Sopwith yet" in said.errors["replier"]
        return
    start_with(house, frozenset({"luca@harbour.example"}))
    house.log("luca")  # the owner of the file is Amelia, who does not take part
    (deadline,) = house.read(deadlines.all_open)
    assert deadline.responsible_id == house.ids["luca"]
    found = house.ask("luca", Kind.SEARCH, "deadline.people", subject=deadline.id)
    assert isinstance(found, Options)
    assert [option.label for option in found.options] == ["Luca Reed"]


def test_a_late_reply_stays_with_the_one_who_replies_until_the_firm_lets_it_go_up(house: House) -> None:
    start_with(house, escalate_from=date(2026, 11, 26))  # Thursday
    house.log("amelia")
    (deadline,) = house.read(deadlines.all_open)
    house.later(days=3)  # Monday 16:00
    assert len(house.told("amelia", "deadline.overdue")) == 1
    assert house.told("jonas") == []
    assert house.read(watch.forgotten) == []
    house.later(days=2)  # each business day, and no more
    assert len(house.told("amelia", "deadline.overdue")) == 3
    assert house.told("jonas") == []
    house.later(hours=8)  # Thursday 00:00
    assert len(house.told("jonas", "deadline.escalated")) == 1
    assert len(house.told("amelia", "deadline.overdue")) == 4
    assert house.read(lambda tx: escalations.of(tx, deadline.id)).state == "climbing"
    house.later(days=1, hours=9)
    assert len(house.told("margaret", "deadline.escalated")) == 1


def test_a_reply_in_time_before_that_date_leaves_nothing_behind(house: House) -> None:
    start_with(house, escalate_from=date(2026, 11, 26))
    house.log("amelia")
    house.later(days=3, hours=1)
    house.log("amelia", direction="out", expects="no", when=house.now)
    house.later(days=7)
    assert house.told("jonas") == []
    assert len(house.told("amelia", "deadline.overdue")) == 1


def test_when_the_date_is_moved_the_ladder_waits_for_the_new_one(house: House) -> None:
    start_with(house, escalate_from=date(2026, 11, 24))
    house.log("amelia")
    house.later(days=3)
    start_with(house, escalate_from=date(2026, 11, 25))
    house.later(hours=8)  # Tuesday 00:00
    assert house.told("jonas") == []
    house.later(days=1, seconds=1)
    assert len(house.told("jonas", "deadline.escalated")) == 1


def test_whoever_has_a_reply_on_hand_may_give_it_though_the_few_have_changed(house: House) -> None:
    house.log("amelia")
    (deadline,) = house.read(deadlines.all_open)
    start_with(house, frozenset({"luca@harbour.example"}))
    assert isinstance(house.open("amelia", "log-client", f"reply:{deadline.id}"), Form)
