"""Forms in Slack, over real HTTP: choosing, searching, submitting, and what comes of it."""

import asyncio
import json
from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest

from bot.sandbox import payloads
from bot.sandbox.delivery import FORM
from bot.sandbox.reading import fields, text_of
from bot.sandbox.submitting import Outcome
from bot.slack.answers import MOMENT
from handlers.request import Kind, Request
from handlers.views import (
    Done,
    Form,
    Invalid,
    Option,
    Page,
    Reply,
    Text,
    TextField,
)
from tests.slack.office import ADA, HERON, UNLISTED, Office, filled_in, note, sent_card, until


async def test_choosing_repaints_the_form_and_keeps_what_was_typed(office: Office) -> None:
    await office.person().type("/log-client")
    await office.person().write("Summary", "half a sent")
    await office.person().choose("Client", "My client is not listed")
    sent = office.house.last
    assert (sent.kind, sent.name, sent.form_id, sent.key) == (Kind.OPEN, "log-client", "FO-1", "")
    assert sent.values == {"client": UNLISTED, "summary": "half a sent", "when": None}
    assert fields(office.modal()) == ["Client", "Name of the client", "Summary", "When"]
    assert office.modal().state["summary"]["summary"]["value"] == "half a sent"
    await office.person().choose("Client", "Heron & Sons")
    assert fields(office.modal()) == ["Client", "Summary", "When"]


async def test_a_type_ahead_asks_the_search_of_its_field(office: Office) -> None:
    await office.person().press("Log the reply", on=await sent_card(office))
    assert await office.person().search("Client", "her <") == ["Heron & Sons", "My client is not listed"]
    sent = office.house.last
    assert (sent.kind, sent.name, sent.text, sent.subject) == (Kind.SEARCH, "clients", "her <", "reply:DL-7")


async def test_a_submission_brings_every_value_and_its_answer_takes_the_forms_place(office: Office) -> None:
    await filled_in(office)
    await office.person().write("When", 1_774_627_200)  # Fri 27 Mar 2026 16:00 UTC
    done = await office.person().submit()
    assert done.outcome is Outcome.UPDATED
    assert "The reply is due Mon 16:00 (London)" in text_of(office.modal())
    sent = office.house.last
    assert (sent.kind, sent.name, sent.form_id, sent.subject) == (Kind.SUBMIT, "log-client", "FO-1", "")
    assert sent.key.startswith("submit:")
    when = datetime(2026, 3, 27, 16, tzinfo=UTC)
    assert sent.values == {"client": HERON, "summary": "We talked.", "when": when}


@pytest.mark.parametrize(
    ("errors", "beside"),
    [
        ({"summary": "Please leave out the card number."}, {"summary": "Please leave out the card number."}),
        (
            {"": "The database is not there. Please try again."},
            {"client": "The database is not there. Please try again."},
        ),
        ({"unlisted": "Who is it?"}, {"client": "Who is it?"}),
        ({}, {"client": "This could not be saved. Please try again."}),
    ],
)
async def test_what_is_wrong_keeps_the_form_open_with_all_that_was_typed(
    office: Office, errors: dict[str, str], beside: dict[str, str]
) -> None:
    office.house.on(Kind.SUBMIT, "log-client", Invalid(errors=errors))
    await filled_in(office)
    done = await office.person().submit()
    assert (done.outcome, done.errors) == (Outcome.ERRORS, beside)
    assert office.modal().state["summary"]["summary"]["value"] == "We talked."


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (Done(), Outcome.CLEARED),
        (Page(title="The file", items=(Text(text="x"),)), Outcome.UPDATED),
        (Form(name="next", title="Next", submit="Go", fields=(TextField(name="a", label="A"),)), Outcome.UPDATED),
    ],
)
async def test_a_submission_can_end_the_window_or_lead_on(office: Office, reply: Reply, outcome: Outcome) -> None:
    office.house.on(Kind.SUBMIT, "log-client", reply)
    await filled_in(office)
    assert (await office.person().submit()).outcome is outcome


async def test_a_form_that_asks_nothing_says_what_is_wrong_in_its_place(office: Office) -> None:
    sure = Form(name="sure", title="Sure?", submit="Yes", fields=(), intro=(Text(text="Really?"),))
    office.house.on(Kind.OPEN, "deadline.why", sure)
    office.house.on(Kind.SUBMIT, "sure", Invalid(errors={"": "Not any more."}))
    await office.person().press("Why?", on=await sent_card(office))
    assert (await office.person().submit()).outcome is Outcome.UPDATED
    assert "Not any more." in text_of(office.modal())


async def choose_quickly(office: Office, *options: Option, ago: float = 0.0) -> None:
    """Choices made one right after the other: every payload carries the hash of the form as it was."""
    await office.person().type("/log-client")
    view, user = office.modal(), office.workspace.users[ADA]
    picked = []
    for option in options:
        said = {"text": {"type": "plain_text", "text": option.label}, "value": option.value}
        chosen = {"type": "external_select", "selected_option": said}
        view.state["client"]["search:clients"] = chosen
        at = f"{float(office.workspace.new_ts()) - ago:.6f}"
        action = {"action_id": "search:clients", "block_id": "client", "action_ts": at}
        payload = payloads.block_actions(office.workspace, user, view, action | chosen)
        picked.append(urlencode({"payload": json.dumps(payload)}).encode())
    await asyncio.gather(*(office.hands.delivery.deliver("interaction", body, FORM) for body in picked))


async def test_two_quick_choices_end_with_the_form_of_the_second(office: Office) -> None:
    await choose_quickly(office, HERON, UNLISTED)
    assert fields(office.modal()) == ["Client", "Name of the client", "Summary", "When"]


async def test_a_choice_of_long_ago_does_not_paint_over_what_stands_there_now(office: Office) -> None:
    await choose_quickly(office, HERON, UNLISTED, ago=MOMENT + 1)
    assert office.called("views.update") == 2  # and no third one without the form's hash
    assert fields(office.modal())[:1] == ["Client"]


async def test_a_choice_whose_answer_comes_late_does_not_undo_a_newer_one(office: Office) -> None:
    answered = asyncio.Event()

    async def late(request: Request) -> None:
        if request.values.get("client") == HERON:
            await answered.wait()
        elif request.values.get("client") == UNLISTED:
            asyncio.get_running_loop().call_later(0.2, answered.set)

    office.house.wait = late
    await choose_quickly(office, HERON, UNLISTED)
    assert fields(office.modal()) == ["Client", "Name of the client", "Summary", "When"]
    assert office.called("views.update") == 2


async def test_a_choice_whose_answer_comes_late_does_not_cover_what_came_of_the_form(office: Office) -> None:
    sent_in = asyncio.Event()

    async def late(request: Request) -> None:
        if request.kind is Kind.OPEN:
            await sent_in.wait()

    def painted(request: Request) -> Reply:
        return Done() if used_up.pop() else note(request)

    used_up = [True, False]  # the first was asked before the form was sent in
    await filled_in(office)
    office.house.wait = late
    office.house.on(Kind.OPEN, "log-client", painted)
    choosing = asyncio.create_task(office.person().choose("Client", "My client is not listed"))
    await until(lambda: office.house.last.values.get("client") == UNLISTED)
    assert (await office.person().submit()).outcome is Outcome.UPDATED
    sent_in.set()
    await choosing
    assert "The reply is due Mon 16:00 (London)" in text_of(office.modal())
    assert (used_up, fields(office.modal())) == ([], [])
