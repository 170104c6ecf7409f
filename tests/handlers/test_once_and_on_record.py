"""One effect per delivery and per due timer; refusals and faults are on record, by reference and without a name."""

import asyncio

from handlers.request import Kind
from handlers.views import Done, Form, Invalid, Option, Say
from storage import audit, deadlines, interactions, timers
from tests.support.house import House


def refusals(house: House) -> list[dict[str, str]]:
    return [e.words for e in house.read(audit.entries) if e.words["what"] == "refused"]


def test_one_delivery_has_one_effect_however_often_it_comes(house: House) -> None:
    house.log("amelia")
    (deadline,) = house.read(deadlines.all_open)
    house.later(days=3)
    press = {"subject": deadline.id, "key": "trigger-7"}
    assert house.ask("jonas", Kind.ACTION, "deadline.take", **press) == Done()
    assert house.ask("jonas", Kind.ACTION, "deadline.take", **press) == Done()  # not "taken already"
    assert isinstance(house.ask("jonas", Kind.ACTION, "deadline.take", subject=deadline.id), Say)
    assert house.happened().count("ladder.acknowledged") == 1


def test_a_form_that_is_painted_anew_behind_its_submission_is_not_saved_again(house: House) -> None:
    form = house.ask("amelia", Kind.COMMAND, "log-client")
    assert isinstance(form, Form)
    typed = {"client": Option(value=house.ids["heron"], label="Heron"), "summary": "They asked.", "kind": "email"}
    typed |= {"channel": "Company email", "direction": "out"}
    painted = house.open("amelia", "log-client", form_id=form.form_id, values=typed, key="")
    assert isinstance(painted, Form)
    first = house.submit("amelia", form, typed)
    second = house.submit("amelia", painted, typed)  # the answer to the first was lost, and the new paint came late
    assert isinstance(first, Say)
    assert isinstance(second, Say)
    assert second.title == "Saved already"
    assert house.open("amelia", "log-client", form_id=form.form_id, values=typed, key="") == Done()
    assert house.happened().count("interaction.logged") == 1
    new = house.ask("amelia", Kind.COMMAND, "log-client")
    assert isinstance(new, Form)
    assert new.form_id not in {form.form_id, ""}


def test_a_due_timer_is_done_once_though_two_beats_saw_it(house: House) -> None:
    house.log("amelia")
    (timer,) = house.read(timers.upcoming)
    house.now = timer.due_at
    for _beat in range(2):
        asyncio.run(house.doorway.fire(timer))
    assert house.happened().count("deadline.reminded") == 1


def test_a_refusal_at_the_breach_report_names_nobody(house: House) -> None:
    form = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    said = house.submit("tomas", form, {"what": "Card 4111 1111 1111 1111 was sent"})
    assert isinstance(said, Invalid)
    (kept,) = refusals(house)
    assert set(kept) == {"at", "what", "entry", "why"}
    assert kept["why"] == "sensitive data: card"


def test_a_refusal_elsewhere_says_who_asked_for_what(house: House) -> None:
    house.open("sana", "client.file", house.ids["heron"])
    (kept,) = refusals(house)
    assert (kept["who"], kept["subject"]) == ("slack:T1/sana", house.ids["heron"])


def test_a_fault_is_said_by_reference_and_without_the_databases_words(house: House) -> None:
    form = house.ask("amelia", Kind.COMMAND, "log-client")
    assert isinstance(form, Form)
    house.write(lambda tx: tx.conn.exec_driver_sql("ALTER TABLE interactions RENAME TO mislaid") and None)
    said = house.ask("amelia", Kind.COMMAND, "log-client")
    assert isinstance(said, Say)
    assert "the reference" in said.text
    assert "interactions" not in said.text
    assert "no such table" not in said.text


def test_a_refused_form_leaves_nothing_and_can_be_sent_again(house: House) -> None:
    house.log("amelia", summary="Agreed 500.")
    (entry,) = house.read(lambda tx: interactions.last_of(tx, house.ids["amelia"], 1))
    form = house.open("amelia", "interaction.amend", entry.id)
    assert isinstance(form, Form)
    before = house.happened()
    assert isinstance(house.submit("amelia", form, {"summary": ""}), Invalid)
    assert house.happened() == before  # not even the opening that the form asked for
    said = house.submit("amelia", form, {"summary": "Agreed 600."})
    assert isinstance(said, Say)
    assert "version 2 holds now" in said.text
