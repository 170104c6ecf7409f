"""Forms gone through step by step: searched, turned back, refused, sent twice; nothing that was typed is lost."""

import copy
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox.reading import buttons, text_of
from bot.sandbox.submitting import Outcome
from bot.sandbox.teams import reading
from bot.sandbox.teams.person import Person
from bot.sandbox.teams.world import World
from bot.teams import dialogs
from bot.teams.shapes import Steps
from bot.teams.values import read
from handlers.request import Kind, Request
from handlers.views import Data
from storage import deadlines, interactions, people
from storage.store import Tx
from tests.journeys.conftest import Town


async def many_clients(town: Town, count: int = 60) -> None:
    rows = tuple(
        {"line": str(n), "ref": f"9{n:03}", "name": f"Client {n:03}", "owner": "amelia.ward@harbour-lane.example"}
        for n in range(count)
    )
    desk = Request(kind=Kind.DESK, name="clients.import", operator="test", rows=rows)
    answer = await town.firm.service.doorway.handle(desk)
    assert isinstance(answer, Data)
    assert answer.ok


async def test_among_many_clients_one_is_searched_and_what_was_typed_meanwhile_stays(
    town: Town, amelia: Person
) -> None:
    await many_clients(town)
    await amelia.type("log-client")
    await amelia.choose("Channel", "Company phone")
    found = await amelia.search("Client", "037")
    assert [one for one in found if "037" in one] == found[:1]
    assert "My client is not listed" in found
    await amelia.choose("Client", found[0])
    assert amelia.modal
    assert amelia.modal.state["choice.channel"] == "Company phone"
    assert await amelia.search("Client", "nobody of that name") == ["My client is not listed"]
    await amelia.search("Client", "")
    assert "Please type a part of the name." in text_of(amelia.modal)
    await town.fill(amelia, "Client 041", "Rang.", "No", {})
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    (entry,) = await town.firm.service.doorway.ask(lambda tx: interactions.last_of(tx, _me(tx), 10))
    assert entry.channel == "Company email"


def _me(tx: Tx) -> str:
    return next(p.id for p in people.everybody(tx) if p.name == "Amelia Ward")


async def test_an_unlisted_client_and_another_channel_are_asked_for_on_the_next_step(
    town: Town, amelia: Person
) -> None:
    await amelia.type("log-client")
    await amelia.choose("Client", "My client is not listed")
    await amelia.choose("Channel", "Another channel")
    await amelia.choose("Kind", "Call")
    await amelia.write("Summary", "Met at the harbour.")
    await amelia.write("Name of the client", "Fisher & Co")
    await amelia.write("Which channel?", "WhatsApp")
    await amelia.choose("Does the client expect a reply?", "Already answered")
    assert list((await amelia.submit()).errors) == ["Answered when"]  # what is asked because of the last choice
    today = town.firm.now().date().isoformat()
    await amelia.write("Answered when", today)
    assert (await amelia.submit()).errors == {"Answered when": "Please give a date and a time."}
    assert today in text_of(amelia.modal)
    await amelia.write("Answered when", "10:00")
    assert (await amelia.submit()).outcome is Outcome.UPDATED


async def test_back_shows_what_was_typed_and_what_comes_after_is_asked_again(town: Town, amelia: Person) -> None:
    await amelia.type("log-client")
    await town.fill(amelia, "Hollis", "First words.", "No", {})
    await amelia.press("Back")
    assert "First words." in text_of(amelia.modal)
    await amelia.write("Summary", "Second words.")
    await amelia.choose("Direction", "To the client")
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    await amelia.press("Open the file")
    assert "To the client" in text_of(amelia.modal)


async def test_what_must_be_filled_in_is_said_beside_its_field_before_the_next_step(amelia: Person) -> None:
    await amelia.type("log-client")
    await amelia.press("Next")
    assert amelia.modal
    assert amelia.modal
    assert list(reading.errors(amelia.modal)) == ["Client", "Channel", "Kind", "Summary"]
    assert set(reading.errors(amelia.modal).values()) == {"Please fill this in."}


async def test_a_fault_on_the_first_step_brings_it_back_from_the_last_one(town: Town, amelia: Person) -> None:
    await amelia.type("log-client")
    await town.fill(amelia, "Hollis", "Card 4111 1111 1111 1111.", "Yes", {})
    said = await amelia.submit()
    assert list(said.errors) == ["Summary"]
    assert amelia.modal
    assert "Summary" in reading.labels(amelia.modal)
    await amelia.write("Summary", "Card ending 1111.")
    assert (await amelia.submit()).outcome is Outcome.UPDATED


async def test_what_is_seldom_wanted_stands_behind_a_button_of_its_own(town: Town, amelia: Person) -> None:
    aside = "Somebody who should not see this"
    await amelia.type("report-breach")
    assert {"Report", aside} <= set(buttons(amelia.modal))
    await amelia.press(aside)
    assert amelia.modal
    assert list(reading.errors(amelia.modal)) == ["What happened?"]
    await amelia.write("What happened?", "A letter went to the wrong house.")
    await amelia.choose(aside, (await amelia.search(aside, "Priya"))[0])
    assert buttons(amelia.modal) == ["Report", "Back"]
    await amelia.press("Back")
    assert {"Report", aside} <= set(buttons(amelia.modal))
    await amelia.write("What happened?", "A letter with card 4111 1111 1111 1111 went to the wrong house.")
    assert list((await amelia.submit()).errors) == ["What happened?"]  # what was chosen outlives a refusal too
    await amelia.write("What happened?", "A letter went to the wrong house.")
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    assert "Management is told now" in text_of(amelia.modal)
    await town.settle()
    assert not town.about(town.priya, "somebody is needed now")


async def test_a_second_click_on_the_same_step_is_told_that_it_was_saved(
    town: Town, world: World, amelia: Person
) -> None:
    await amelia.type("log-client")
    await town.fill(amelia, "Hollis", "Asked for a meeting.", "Yes", {})
    form = copy.deepcopy(amelia.modal)
    assert form
    main = next(a for a in reading.actions(form) if a["data"]["sopwith"]["verb"] == "form")
    await world.hands.press(amelia.id, form, main)
    assert "Reference: IN-" in text_of(amelia.modal)
    await world.hands.press(amelia.id, form, main)
    assert "This was saved already, as IN-" in text_of(amelia.modal)
    assert len(await town.firm.service.doorway.ask(deadlines.all_open)) == 1


async def test_going_on_from_an_older_step_saves_nothing_twice(town: Town, world: World, amelia: Person) -> None:
    await amelia.type("log-client")
    await town.fill(amelia, "Hollis", "Asked for a meeting.", "Yes", {})
    await amelia.press("Back")
    older = copy.deepcopy(amelia.modal)
    assert older
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    world.tenant.dialogs[amelia.id] = older
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    assert "This was saved already, as IN-" in text_of(amelia.modal)
    assert len(await town.firm.service.doorway.ask(deadlines.all_open)) == 1


async def test_a_time_is_meant_in_the_zone_it_was_painted_in(town: Town, amelia: Person) -> None:
    """Somebody who travels while a form is open sees the old city beside the time."""

    def travel(tx: Tx) -> None:
        tx.conn.exec_driver_sql("UPDATE accounts SET zone = 'Asia/Tokyo'")

    before = town.firm.now().replace(second=0, microsecond=0)
    await amelia.type("log-client")
    await town.fill(amelia, "Hollis", "Asked for a meeting.", "Yes", {})
    await town.firm.service.doorway.do(travel)
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    (entry,) = await town.firm.service.doorway.ask(lambda tx: interactions.last_of(tx, _me(tx), 10))
    assert timedelta(0) <= entry.happened_at - before <= timedelta(minutes=1)
    await amelia.cancel()
    await amelia.type("log-client")
    assert amelia.modal
    assert "at (Tokyo)" in reading.labels(amelia.modal)


def broken(*_args: object, **_more: object) -> None:
    raise ValueError("the form cannot be built")


async def test_a_step_that_could_not_be_gone_on_from_is_tried_again_with_what_was_typed(
    town: Town, amelia: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await amelia.type("log-client")
    await town.fill(amelia, "Hollis", "A long story.", "Yes", {})
    await amelia.press("Back")
    with monkeypatch.context() as patch:
        patch.setattr("handlers.interactions.form.build", broken)
        await amelia.press("Next")
        assert "Something went wrong on our side" in text_of(amelia.modal)
        await amelia.press("Try again")
        assert "Something went wrong on our side" in text_of(amelia.modal)
    await amelia.press("Try again")
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    await amelia.press("Open the file")
    assert "A long story." in text_of(amelia.modal)


async def test_a_last_step_on_which_nothing_changed_the_form_is_sent_in_as_it_is(
    town: Town, amelia: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    await amelia.type("log-client")
    await town.fill(amelia, "Hollis", "Asked for a meeting.", "Yes", {})
    monkeypatch.setattr("handlers.interactions.form.build", broken)
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    assert "Reference: IN-" in text_of(amelia.modal)


@pytest.mark.parametrize(
    ("pins", "must", "typed", "whole"),
    [
        ({"choice.kind": "a"}, ["name"], {"choice.kind": "a", "text.name": "x"}, True),
        ({"choice.kind": "a"}, [], {"choice.kind": "b"}, False),
        ({"search.client": ""}, [], {"search.client": "CL-1"}, False),
        ({}, ["name"], {"text.name": "  "}, False),
        ({}, [], {"date.when": "2026-01-01"}, False),
        (None, [], {}, False),
    ],
)
def test_only_what_is_whole_and_unchanged_is_sent_in_unasked(
    pins: dict[str, str] | None, must: list[str], typed: dict[str, str], whole: bool
) -> None:
    steps = Steps(opener="it", pins=pins, must=must)
    assert dialogs._is_whole(steps, typed, read(typed, must, {}, ZoneInfo("Europe/London"))) is whole


async def test_a_page_shows_what_its_button_did_and_a_form_opens_over_it(town: Town, amelia: Person) -> None:
    await amelia.type("away")
    await amelia.write("Until", (town.firm.now() + timedelta(days=20)).date().isoformat())
    await amelia.write("Until", "09:00")
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    await amelia.cancel()
    await town.log(amelia, "Hollis", "Asked for a meeting.")
    await amelia.cancel()
    await amelia.type("client")
    await amelia.choose("Client", (await amelia.search("Client", "Hollis"))[0])
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    assert "Hollis & Daughters" in text_of(amelia.modal)
    await amelia.cancel()
    await amelia.type("away")
    await amelia.press("I am back")
    assert amelia.modal is None
    await amelia.type("away")
    assert "I am back" not in buttons(amelia.modal)
    await amelia.cancel()
    await town.tomas.type("report-breach")
    await town.tomas.write("What happened?", "A letter went astray.")
    await town.tomas.submit()
    await town.settle()
    card = town.about(town.priya, "somebody is needed now")[-1]
    await town.priya.press("I am on it", on=card)
    await town.settle()
    await town.priya.press("Open", on=card)
    assert "A letter went astray." in text_of(town.priya.modal)


async def test_home_follows_what_was_done_from_it(town: Town, amelia: Person) -> None:
    await town.log(amelia, "Hollis", "Asked for a meeting.")
    await amelia.cancel()
    home = await amelia.look_home()
    assert "Reply due Tue 10:00" in text_of(home)
    await amelia.press("No reply needed", on=home)
    await amelia.choose("Why is no reply needed?", "Thanks only")
    await amelia.submit()
    assert home
    assert "No reply is due from you" in text_of(home)
