"""After "I take it" and "I am on it": asked every business day, handed on when the taker leaves, silent when over."""

from handlers.request import Kind
from handlers.rules.checklist import Step
from handlers.views import Form, Say
from storage import deadlines, people, timers, watch
from tests.support.house import House


def overdue_and_taken(house: House) -> deadlines.Deadline:
    house.log("amelia")
    house.later(days=3)
    (deadline,) = house.read(deadlines.all_open)
    house.act("jonas", "deadline.take", deadline.id)
    assert isinstance(deadline, deadlines.Deadline)
    return deadline


def leaves(house: House, who: str) -> None:
    house.write(lambda tx: people.change(tx, house.ids[who], left_at=tx.now))


def test_whoever_took_a_reply_is_asked_every_business_day_until_it_is_logged(house: House) -> None:
    overdue_and_taken(house)
    house.later(days=2)
    assert len(house.told("jonas", "deadline.still-due")) == 2
    assert house.read(watch.forgotten) == []
    house.log("amelia", direction="out", expects="no")
    house.later(days=7)
    assert len(house.told("jonas", "deadline.still-due")) == 2
    assert house.read(timers.upcoming) == []


def test_it_climbs_again_when_the_taker_has_left(house: House) -> None:
    overdue_and_taken(house)
    leaves(house, "jonas")
    house.later(days=1)
    assert len(house.told("margaret", "deadline.escalated")) == 1


def report(house: House) -> str:
    form = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    said = house.submit("tomas", form, {"what": "A letter went to the wrong house."})
    assert isinstance(said, Say)
    return said.reference


def test_whoever_is_on_a_breach_is_asked_until_every_step_is_done(house: House) -> None:
    reference = report(house)
    house.act("priya", "breach.on-it", reference)
    house.later(days=4)
    asked = len(house.told("priya", "breach.still-open"))
    assert asked >= 1
    for step in Step:
        house.act("priya", "breach.done", f"{reference}|{step.value}")
    house.later(days=7)
    assert len(house.told("priya", "breach.still-open")) == asked


def test_a_former_dpo_no_longer_reads_a_report_he_was_told_of(house: House) -> None:
    reference = report(house)
    house.write(lambda tx: people.change(tx, house.ids["priya"], roles=["staff"]))
    refused = house.open("priya", "breach.open", reference)
    assert "wrong house" not in repr(refused)
    assert isinstance(refused, Say)


def test_without_a_dpo_the_reporter_is_not_told_that_one_knows(house: House) -> None:
    house.write(lambda tx: people.change(tx, house.ids["priya"], roles=["staff"]))
    form = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    said = repr(house.submit("tomas", form, {"what": "A letter went to the wrong house."}))
    assert "Data Protection Officer is told" not in said
    assert "Management is told now" in said
    assert house.told("margaret", "breach.reported") or house.told("margaret", "breach.inform")


def test_without_anybody_who_keeps_the_records_the_dpo_hears_of_an_unlisted_client(house: House) -> None:
    house.write(lambda tx: people.change(tx, house.ids["rosa"], roles=["admin"]))
    house.log("amelia", client="unlisted", unlisted="Orchard Partners")
    assert len(house.told("priya", "quarantine.entry")) == 1


def test_a_leavers_reminder_reaches_the_head_of_department_when_there_is_no_supervisor(house: House) -> None:
    house.log("amelia")
    house.write(lambda tx: people.change(tx, house.ids["amelia"], left_at=tx.now, supervisor_id=None))
    house.later(days=2, hours=20)
    assert len(house.told("margaret", "deadline.reminder")) == 1
