"""A complaint from its first word to its outcome; on both databases."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.parcels import card_of
from handlers.request import Kind
from handlers.views import Card, Form, Invalid, Option, Page, Reply, Say
from storage import audit, complaints, escalations, kept_from, people, timers
from storage.complaints import Complaint
from storage.outbox import Notice
from tests.handlers.test_follow_up import leaves
from tests.support.house import House

WHAT = "She never rang back about the lease, and was rude."
TYPED = {"here": "yes", "kind": "complaint", "what": WHAT, "severity": "medium"}
NOBODYS = "CO-0000000000"


def choice(house: House, word: str) -> Option:
    return Option(value=house.ids.get(word, word), label=word)


def record(house: House, who: str = "luca", about: str = "amelia", **values: Any) -> Reply:
    form = house.ask(who, Kind.COMMAND, "complaint")
    assert isinstance(form, Form)
    typed = {**TYPED, "client": choice(house, "heron"), "about": choice(house, about) if about else None, **values}
    return house.submit(who, form, {"received": house.now, **typed})


def reference(said: Reply) -> str:
    assert isinstance(said, Say), said
    return said.reference


def card(house: House, notice: Notice) -> Card | None:
    found: Card | None = house.read(lambda tx: card_of(tx, house.policy, notice))
    return found


def held(house: House, id: str) -> Complaint:
    found: Complaint = house.read(lambda tx: complaints.by_id(tx, id))
    return found


def fill(house: House, who: str, name: str, id: str, **values: Any) -> Reply:
    form = house.open(who, name, id)
    assert isinstance(form, Form), form
    return house.submit(who, form, values)


def resolve(house: House, who: str, id: str) -> Reply:
    typed = {"outcome": "partly", "answer": "We are sorry, and rang.", "signposted": "yes", "cause": "On leave."}
    return fill(house, who, "complaint.resolve", id, **typed)


def test_the_supervisor_of_whom_it_is_about_is_told_and_sees_it_after_a_click(house: House) -> None:
    id = reference(record(house))
    (told,) = house.told("jonas", "complaint.raised")
    shown = card(house, told)
    assert isinstance(shown, Card)
    for secret in ("Brightwater", "Heron", "Amelia", "rude", "medium"):
        assert secret not in repr(shown)
    page = house.open("jonas", "complaint.open", id)
    assert isinstance(page, Page)
    for word in (WHAT, "Amelia Ward", "Quiet Heron", "Luca Reed"):
        assert word in repr(page)
    assert "This can open" not in repr(house.open("luca", "complaint.open", id))
    assert isinstance(house.open("luca", "complaint.open", id), Say)  # who recorded it does not read it


def test_about_the_supervisor_it_passes_him_by_and_he_finds_it_nowhere(house: House) -> None:
    id = reference(record(house, about="jonas"))
    assert house.told("jonas") == []
    (told,) = house.told("margaret", "complaint.raised")  # the supervisor of whom it is about
    assert told.subject == id
    for name in ("complaint.open", "complaint.note", "complaint.resolve", "complaint.hand", "complaint.file"):
        assert repr(house.open("jonas", name, id)) == repr(house.open("jonas", name, NOBODYS))
    for name in ("complaint.own", "complaint.confirm", "complaint.return"):
        assert repr(house.act("jonas", name, id)) == repr(house.act("jonas", name, NOBODYS))
    assert id not in repr(house.ask("jonas", Kind.HOME, "home"))
    words = house.read(lambda tx: [entry.words for entry in audit.newest(tx, 200)])
    spoken = [line for line in words if id in line.values() and house.ids["jonas"] in line.values()]
    assert all(line["what"].startswith("refused") or line["what"] == "access.refused" for line in spoken)


def test_whoever_reads_for_a_holder_is_never_whom_it_is_about(house: House) -> None:
    until = house.now + timedelta(days=3)
    away = {"person_id": house.ids["margaret"], "starts_at": house.now, "ends_at": until}
    house.write(lambda tx: people.go_away(tx, **away, deputy_id=house.ids["jonas"]))
    record(house, about="jonas")
    assert house.told("jonas") == []
    assert house.told("priya", "complaint.raised")  # the next rung: Margaret has no other deputy


def test_it_climbs_in_each_holders_hours_across_the_weekend(house: House) -> None:
    id = reference(record(house))  # Friday 16:00; Jonas has four business hours
    assert house.told("margaret", "complaint.raised") == []
    house.later(hours=66)  # Monday 10:00
    assert house.told("margaret", "complaint.raised") == []
    house.later(hours=2)  # Monday 12:00
    assert house.told("margaret", "complaint.raised")
    (running,) = house.read(lambda tx: [escalations.of(tx, id)])
    assert running.rung == 1


def test_a_serious_one_reaches_two_rungs_at_once(house: House) -> None:
    record(house, severity="high")
    assert house.told("jonas", "complaint.raised")
    assert house.told("margaret", "complaint.raised")


def test_who_owns_it_stops_the_ladder_and_silence_starts_it_again(house: House) -> None:
    id = reference(record(house))
    house.act("jonas", "complaint.own", id)
    said = house.act("jonas", "complaint.own", id)
    assert isinstance(said, Say)
    assert "Jonas Hale owns this already" in said.text
    house.later(days=7)
    assert house.told("margaret", "complaint.raised") == []
    (asked,) = house.told("jonas", "complaint.still-open")
    assert "Are you still on it?" in repr(card(house, asked))
    house.later(days=2)
    assert house.read(lambda tx: escalations.of(tx, id)).state == "acknowledged"
    house.later(days=1)  # Monday: a business day without an answer
    assert house.read(lambda tx: escalations.of(tx, id)).state == "climbing"
    assert len(house.told("jonas", "complaint.raised")) == 2


def test_still_on_it_is_enough_for_another_while(house: House) -> None:
    id = reference(record(house))
    house.act("jonas", "complaint.own", id)
    house.later(days=7)
    house.act("jonas", "complaint.confirm", id)
    house.later(days=6)
    assert house.read(lambda tx: escalations.of(tx, id)).state == "acknowledged"


def test_an_owner_who_left_loses_it(house: House) -> None:
    id = reference(record(house))
    house.act("jonas", "complaint.own", id)
    leaves(house, "jonas")
    house.later(days=8)
    assert house.read(lambda tx: escalations.of(tx, id)).state == "climbing"
    assert house.told("margaret", "complaint.raised")


def test_news_a_reply_the_outcome_and_again(house: House) -> None:
    id = reference(record(house))
    assert isinstance(house.open("jonas", "complaint.note", id), Say)  # nobody owns it yet
    house.act("jonas", "complaint.own", id)
    wrong = fill(house, "jonas", "complaint.note", id, kind="reply", text="")
    assert isinstance(wrong, Invalid)
    assert set(wrong.errors) == {"text"}
    fill(house, "jonas", "complaint.note", id, kind="reply", text="Rang her and said sorry.")
    met = {clock.clock: clock.met_at for clock in house.read(lambda tx: complaints.clocks(tx, id))}
    assert met["reply"] == house.now
    assert met["news"] is None
    assert isinstance(resolve(house, "jonas", id), Say)
    assert held(house, id).state == "resolved"
    assert held(house, id).outcome == "partly"
    page = repr(house.open("jonas", "complaint.open", id))
    assert "Rang her and said sorry." in page
    assert "On leave." in page
    (over,) = house.told("luca", "complaint.over")
    assert "dealt with" in repr(card(house, over))
    late = house.act("jonas", "complaint.own", id)
    assert isinstance(late, Say)
    assert "resolved already" in late.text
    house.later(days=30)
    assert {n.kind for n in house.told("jonas")} <= {"complaint.raised"}
    fill(house, "jonas", "complaint.reopen", id, text="She rang once more.")
    assert held(house, id).state == "open"
    assert house.read(lambda tx: escalations.of(tx, id)).acknowledged_by == house.ids["jonas"]


def test_handed_over_it_is_the_others(house: House) -> None:
    id = reference(record(house))
    house.act("jonas", "complaint.own", id)
    offered = house.ask("jonas", Kind.SEARCH, "complaint.owners", subject=id)
    assert "Amelia" not in repr(offered)
    assert "Sana" in repr(offered)
    told = fill(house, "jonas", "complaint.hand", id, person=choice(house, "amelia"))
    assert isinstance(told, Invalid)
    fill(house, "jonas", "complaint.hand", id, person=choice(house, "sana"), text="She knows the lease.")
    assert house.told("sana", "complaint.handed")
    assert "She knows the lease." in repr(house.open("sana", "complaint.open", id))
    assert isinstance(house.open("jonas", "complaint.note", id), Say)


def test_given_back_it_climbs(house: House) -> None:
    id = reference(record(house))
    house.act("jonas", "complaint.own", id)
    house.act("jonas", "complaint.return", id)
    assert house.read(lambda tx: escalations.of(tx, id)).state == "climbing"


def test_the_file_is_read_for_it_for_a_time_and_nobody_concerned_sees_that(house: House) -> None:
    house.log("amelia", summary="Asked about the lease.")
    id = reference(record(house, about="priya"))  # the DPO, who may look up every opening
    (running,) = house.read(lambda tx: [escalations.of(tx, id)])
    (reader,) = [word for word, one in house.ids.items() if one in running.told_ids]
    page = house.open(reader, "complaint.file", id)
    assert isinstance(page, Page)
    assert "Asked about the lease." in repr(page)
    assert "Correct" not in repr(page)
    assert isinstance(house.open(reader, "client.file", house.ids["heron"]), Say)  # no standing access
    form = house.open("priya", "access.openings")
    assert isinstance(form, Form)
    looked = house.submit("priya", form, {"person": choice(house, reader)})
    assert "complaint" not in repr(looked)
    house.later(days=15)
    said = house.open(reader, "complaint.file", id)
    assert isinstance(said, Say)
    assert "The time for reading" in said.text


def test_words_of_a_breach_ask_once_and_yes_reports_it(house: House) -> None:
    what = "My letter went to the wrong person."
    form = record(house, about="priya", what=what)
    assert isinstance(form, Form)
    assert "breach" in {field.name for field in form.fields}
    assert form.values["what"] == what
    missing = house.submit("luca", form, {})
    assert isinstance(missing, Form)
    said = house.submit("luca", missing, {"breach": "yes"})
    id = reference(said)
    breach_id = held(house, id).breach_id
    assert breach_id
    assert breach_id in repr(said)
    assert house.read(lambda tx: kept_from.of(tx, breach_id)) == {house.ids["priya"]}
    assert house.told("priya") == []
    assert {n.kind for n in house.told("margaret")} >= {"breach.reported", "breach.inform"}
    assert repr(house.open("priya", "breach.open", breach_id)) == repr(
        house.open("priya", "breach.open", "BR-0000000000")
    )


def test_a_concern_needs_no_client_and_no_client_waits(house: House) -> None:
    id = reference(record(house, kind="concern", client=None))
    assert [clock.clock for clock in house.read(lambda tx: complaints.clocks(tx, id))] == ["outcome"]


def test_about_nobody_here_it_goes_along_the_files_owner(house: House) -> None:
    house.write(lambda tx: people.change(tx, house.ids["luca"], supervisor_id=house.ids["priya"]))
    reference(
        record(
            house,
            who="amelia",
            about="",
            here="no",
            client=choice(house, "unlisted"),
            unlisted="Ms Moor",
            what="The fees.",
        )
    )
    reference(record(house, who="luca", about="", here="no", client=choice(house, "otter"), what="The fees."))
    assert house.told("jonas", "complaint.raised")
    assert house.told("priya", "complaint.raised")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"here": ""}, "here"),
        ({"about": None}, "about"),
        ({"client": None}, "client"),
        ({"what": ""}, "what"),
        ({"what": "x" * 3001}, "what"),
        ({"received": None}, "received"),
        ({"received": datetime.fromisoformat("2031-01-01T09:00:00+00:00")}, "received"),
        ({"what": "Her card is 4111 1111 1111 1111."}, "what"),
        ({"severity": "dreadful"}, "severity"),
    ],
)
def test_what_is_missing_is_said_beside_its_field(house: House, typed: dict[str, Any], field: str) -> None:
    said = record(house, **typed)
    assert isinstance(said, Invalid)
    assert set(said.errors) == {field}
    assert house.told("jonas") == []


def test_clocks_remind_the_owner_and_then_the_supervisor_too(house: House) -> None:
    id = reference(record(house))
    house.act("jonas", "complaint.own", id)
    house.later(days=4)
    assert {"complaint.due", "complaint.late"} <= {n.kind for n in house.told("jonas")}
    (late,) = house.told("margaret", "complaint.late")
    assert late.subject == id
    assert "rude" not in repr(card(house, late))


def test_the_entry_offers_it_and_brings_client_and_time_along(house: House) -> None:
    entry = house.log("amelia")
    assert isinstance(entry, Say)
    form = house.open("luca", "complaint", entry.reference)
    assert isinstance(form, Form)
    chosen = form.values["client"]
    assert isinstance(chosen, Option)
    assert chosen.value == house.ids["heron"]
    nothing = house.open("sana", "complaint", entry.reference)  # not a file of hers
    assert isinstance(nothing, Form)
    assert "client" not in nothing.values
    assert nothing.values["received"] == house.now


def test_no_stand_in_reads_what_is_about_the_stand_in(house: House) -> None:
    """The owner goes away after owning it, and the deputy is whom it is about: the one above the owner reads."""
    id = reference(record(house))
    house.act("jonas", "complaint.own", id)
    away = {"person_id": house.ids["jonas"], "starts_at": house.now, "ends_at": house.now + timedelta(days=20)}
    house.write(lambda tx: people.go_away(tx, **away, deputy_id=house.ids["amelia"]))
    house.later(days=4)
    assert {n.kind for n in house.told("margaret")} >= {"complaint.late"}
    assert [n for n in house.told("amelia") if n.subject == id] == []
    assert isinstance(house.open("amelia", "complaint.open", id), Say)


def test_a_report_is_kept_from_whom_the_reporter_names(house: House) -> None:
    form = house.ask("amelia", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    id = reference(house.submit("amelia", form, {"what": "He took files home.", "hide": choice(house, "priya")}))
    assert house.told("priya") == []
    assert house.told("margaret", "breach.reported")
    for name in ("breach.open",):
        assert repr(house.open("priya", name, id)) == repr(house.open("priya", name, "BR-0000000000"))
    for name in ("breach.on-it", "breach.done"):
        assert repr(house.act("priya", name, id)) == repr(house.act("priya", name, "BR-0000000000"))
    assert id not in repr(house.ask("priya", Kind.HOME, "home"))
    assert isinstance(house.open("margaret", "breach.open", id), Page)


def test_what_is_resolved_has_nothing_due(house: House) -> None:
    id = reference(record(house))
    house.act("jonas", "complaint.own", id)
    resolve(house, "jonas", id)
    assert [c for c in house.read(lambda tx: complaints.clocks(tx, id)) if c.met_at is None] == []
    assert [t for t in house.read(timers.upcoming) if t.subject == id] == []
