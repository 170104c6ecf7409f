"""Logging, correcting and moving entries, through the real doorway and a real database file."""

from datetime import timedelta

import pytest

from handlers.interactions.choices import UNLISTED
from handlers.request import Kind
from handlers.views import Card, Form, Invalid, ManyField, Option, Options, Page, Say
from storage import deadlines, interactions
from tests.support.house import FRIDAY, House

CARD = "4111 1111 1111 1111"


def last(house: House, who: str = "amelia") -> interactions.Interaction:
    found: interactions.Interaction = house.read(lambda tx: interactions.last_of(tx, house.ids[who], 1))[0]
    return found


def words(reply: object) -> str:
    """Everything a view says, flat."""
    return repr(reply)


def test_a_repeat_entry_needs_two_inputs_and_one_click(house: House) -> None:
    house.log("amelia", channel="Company phone", kind="call", direction="out", expects="no")
    form = house.ask("amelia", Kind.COMMAND, "log-client")
    assert isinstance(form, Form)
    empty = {f.name for f in form.fields if not form.values.get(f.name) and not getattr(f, "optional", False)}
    assert empty == {"client", "summary"}


def test_typed_text_prefills_the_summary_and_leaves_no_trace(house: House) -> None:
    before = len(house.happened())
    form = house.ask("amelia", Kind.COMMAND, "log-client", text="Rang about the lease")
    assert isinstance(form, Form)
    assert form.values["summary"] == "Rang about the lease"
    assert len(house.happened()) == before


def test_the_type_ahead_offers_only_ones_own_clients_and_the_unlisted(house: House) -> None:
    found = house.ask("amelia", Kind.SEARCH, "clients", text="")
    assert isinstance(found, Options)
    assert [o.label for o in found.options] == ["Brightwater Estates · Quiet Heron · 4711", UNLISTED.label]
    assert house.ask("sana", Kind.SEARCH, "clients", text="Bright") == Options(options=(UNLISTED,))


def test_choosing_shows_the_fields_that_belong_to_it(house: House) -> None:
    form = house.open("amelia", "log-client", values={"client": UNLISTED, "channel": "other", "expects": "answered"})
    assert isinstance(form, Form)
    assert {"unlisted", "which_channel", "answered"} <= {f.name for f in form.fields}


def test_the_outbound_form_shows_open_inquiries_all_ticked(house: House) -> None:
    house.log("amelia")
    client = house.ask("amelia", Kind.SEARCH, "clients").options[0]  # type: ignore[union-attr]
    form = house.open("amelia", "log-client", values={"client": client, "direction": "out"})
    assert isinstance(form, Form)
    (field,) = [f for f in form.fields if isinstance(f, ManyField)]
    assert field.label == "Which inquiries does this answer?"
    assert form.values["answers"] == tuple(o.value for o in field.options)
    unticked = house.open("amelia", "log-client", values={"client": client, "direction": "out", "answers": ()})
    assert isinstance(unticked, Form)
    assert unticked.values["answers"] == ()


def test_the_owner_of_the_chosen_client_replies_unless_somebody_else_who_may_is_chosen(house: House) -> None:
    first = house.ask("luca", Kind.COMMAND, "log-client")
    assert isinstance(first, Form)
    assert first.values.get("replier") is None
    client = next(o for o in house.ask("luca", Kind.SEARCH, "clients").options if "Heron" in o.label)  # type: ignore[union-attr]
    for chosen, expected in ((None, "Amelia Ward"), ("luca", "luca"), ("sana", "Amelia Ward")):
        replier = Option(value=house.ids[chosen], label=chosen) if chosen else None
        form = house.open("luca", "log-client", values={"client": client, "replier": replier})
        assert isinstance(form, Form)
        assert getattr(form.values["replier"], "label", "") == expected


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("summary", ""),
        ("summary", "x" * 3001),
        ("summary", f"Card {CARD}"),
        ("client", None),
        ("client", "otter"),
        ("when", FRIDAY + timedelta(hours=1)),
        ("channel", "Carrier pigeon"),
        ("kind", "chat"),
        ("replier", "sana"),
    ],
)
def test_bad_input_is_said_beside_its_field_and_nothing_is_kept(house: House, field: str, typed: object) -> None:
    before = house.happened()
    if field == "client" and isinstance(typed, str):
        said = house.log("amelia", client=typed)
    elif field == "replier":
        said = house.log("amelia", replier=house.ids["sana"])
    else:
        said = house.log("amelia", **{field: typed})  # type: ignore[arg-type]
    assert isinstance(said, Invalid)
    assert set(said.errors) == {field}
    assert CARD not in words(said)
    assert house.read(lambda tx: interactions.last_of(tx, house.ids["amelia"])) == []
    assert set(house.happened()[len(before) :]) <= {"refused"}


def test_a_second_click_on_the_same_form_has_one_effect_and_the_same_answer(house: House) -> None:
    form = house.ask("amelia", Kind.COMMAND, "log-client")
    assert isinstance(form, Form)
    values = {"client": house.ask("amelia", Kind.SEARCH, "clients").options[0], "channel": "Company email"}  # type: ignore[union-attr]
    values |= {"kind": "email", "summary": "Asked."}
    first, second = house.submit("amelia", form, values), house.submit("amelia", form, values)
    assert isinstance(first, Say)
    assert isinstance(second, Say)
    assert first.reference in second.text
    assert house.happened().count("interaction.logged") == 1


def test_a_refused_submission_does_not_use_up_its_form(house: House) -> None:
    form = house.ask("amelia", Kind.COMMAND, "log-client")
    assert isinstance(form, Form)
    values = {
        "client": house.ask("amelia", Kind.SEARCH, "clients").options[0],
        "channel": "Company email",
        "kind": "call",
    }  # type: ignore[union-attr]
    assert isinstance(house.submit("amelia", form, {**values, "summary": ""}, key="t-1"), Invalid)
    said = house.submit("amelia", form, {**values, "summary": "Rang."}, key="t-2")
    assert isinstance(said, Say)
    assert said.title == "Logged"


def test_an_unapproved_channel_is_kept_and_told_kindly_to_the_supervisor(house: House) -> None:
    said = house.log("amelia", channel="other", which_channel="WhatsApp")
    assert "not on the firm's list" in words(said)
    assert len(house.told("jonas", "channel.exception")) == 1
    page = house.open("amelia", "client.file", house.ids["heron"])
    assert "WhatsApp" in words(page)


def test_an_unlisted_client_is_sealed_in_quarantine_with_a_running_clock_until_records_place_it(house: House) -> None:
    said = house.log("amelia", client=UNLISTED.value, unlisted="Orchard Partners", summary="New inquiry.")
    assert isinstance(said, Say)
    entry = last(house)
    assert entry.client_id is None
    assert len(house.told("rosa", "quarantine.entry")) == 1
    (deadline,) = house.read(deadlines.all_open)
    assert deadline.client_id is None
    form = house.open("rosa", "quarantine.place", entry.id)
    assert "Orchard Partners" in words(form)
    assert isinstance(form, Form)
    assert isinstance(house.submit("rosa", form, {"ref": "nope"}), Invalid)
    assert isinstance(house.submit("rosa", form, {"ref": "4711"}), Say)
    (moved,) = house.read(deadlines.all_open)
    assert moved.client_id == house.ids["heron"]
    assert "New inquiry." in words(house.open("luca", "client.file", house.ids["heron"]))


def test_nobody_but_records_and_the_dpo_reads_the_quarantine(house: House) -> None:
    house.log("amelia", client=UNLISTED.value, unlisted="Orchard Partners")
    for who in ("amelia", "jonas", "margaret", "tomas"):
        assert isinstance(house.open(who, "quarantine.place", last(house).id), Say), who


def test_a_correction_is_a_new_version_and_the_old_one_stays(house: House) -> None:
    house.log("amelia", summary="Agreed 500.")
    form = house.open("amelia", "interaction.amend", last(house).id)
    assert isinstance(form, Form)
    assert form.values["summary"] == "Agreed 500."
    assert isinstance(house.submit("amelia", form, {"summary": "Agreed 600."}), Say)
    found = house.read(lambda tx: interactions.versions(tx, last(house).id))
    assert [v.version for v in found] == [1, 2]
    page = words(house.open("luca", "client.file", house.ids["heron"]))
    assert "Agreed 600." in page
    assert "Agreed 500." not in page


def test_a_corrected_time_reckons_the_clock_anew(house: House) -> None:
    house.log("amelia")
    form = house.open("amelia", "interaction.amend", last(house).id)
    assert isinstance(form, Form)
    house.submit("amelia", form, {"when": FRIDAY - timedelta(hours=5)})
    (deadline,) = house.read(deadlines.all_open)
    assert deadline.due_at == FRIDAY + timedelta(days=3, hours=-5)


def test_the_wrong_client_leaves_the_file_at_once_and_the_clock_it_stopped_runs_again(house: House) -> None:
    house.log("amelia")
    house.now += timedelta(minutes=5)
    house.log("amelia", direction="out", expects="no", summary="Meant for another client.")
    assert house.read(deadlines.all_open) == []
    form = house.open("amelia", "interaction.wrong-client", last(house).id)
    assert isinstance(form, Form)
    assert isinstance(house.submit("amelia", form, {"right": "Somebody else"}), Say)
    assert len(house.read(deadlines.all_open)) == 1
    assert "Meant for another" not in words(house.open("luca", "client.file", house.ids["heron"]))
    assert len(house.told("priya", "quarantine.entry")) == 1
    assert "Meant for another" in words(house.open("rosa", "quarantine.place", last(house).id))


def test_the_timeline_is_newest_first_in_pages_with_a_filter_and_each_opening_is_audited_once(house: House) -> None:
    for number in range(10):
        house.now += timedelta(minutes=1)
        house.log("amelia", summary=f"Entry {number}.", direction="in" if number % 2 else "out", expects="no")
    before = house.happened().count("file.opened")
    page = words(house.open("amelia", "client.file", house.ids["heron"]))
    assert house.happened().count("file.opened") == before + 1
    assert page.index("Entry 9.") < page.index("Entry 2.")
    assert "Entry 1." not in page
    assert "Entry 1." in words(house.open("amelia", "client.file", f"{house.ids['heron']}||2"))
    assert "Entry 8." not in words(house.open("amelia", "client.file", f"{house.ids['heron']}|in"))


def test_a_file_of_others_and_a_file_that_does_not_exist_are_refused_alike(house: House) -> None:
    assert house.open("amelia", "client.file", house.ids["otter"]) == house.open("amelia", "client.file", "CL-NOWHERE")


def test_home_shows_duties_and_last_entries_by_codename_never_by_name(house: House) -> None:
    house.log("amelia")
    home = words(house.ask("amelia", Kind.HOME, "home"))
    assert "Quiet Heron" in home
    assert "Brightwater" not in home


def test_everybody_has_a_home_even_with_nothing_in_it(house: House) -> None:
    for who in ("margaret", "jonas", "priya", "rosa", "tomas", "sana"):
        assert "No reply is due from you" in words(house.ask(who, Kind.HOME, "home")), who


def test_every_command_of_the_help_answers(house: House) -> None:
    page = house.ask("amelia", Kind.COMMAND, "help")
    assert isinstance(page, Page)
    for name in ("log-client", "report-breach", "sopwith client", "sopwith home", "sopwith away", "sopwith people"):
        assert f"/{name}:" in words(page)
        assert isinstance(house.ask("amelia", Kind.COMMAND, name.removeprefix("sopwith ")), (Form, Page)), name


def test_a_card_about_a_settled_deadline_says_so(house: House) -> None:
    from bot.parcels import card_of

    house.log("amelia")
    house.later(days=2, hours=20)
    (notice,) = house.told("amelia", "deadline.reminder")
    card = house.read(lambda tx: card_of(tx, house.policy, notice))
    assert isinstance(card, Card)
    assert "Quiet Heron" in words(card)
    assert "Brightwater" not in words(card)
    house.log("luca", direction="out", expects="no")
    assert house.read(lambda tx: card_of(tx, house.policy, notice)) is None
