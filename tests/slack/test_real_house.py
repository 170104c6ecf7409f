"""The walk through the house, from the signed command to the reply that is due, on a real record.

The clock of the house stands at Friday 20 November 2026, 16:00 in London.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from aiohttp import ClientSession, web

from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.sandbox.reading import fields, text_of
from bot.sandbox.server import start
from bot.sandbox.submitting import Outcome
from bot.sandbox.workspace import Workspace
from bot.slack.directory import Directory
from bot.slack.listeners import app
from bot.slack.web import events
from bot.slack.wire import web_client
from tests.support.house import CAST, House


@dataclass(kw_only=True)
class Firm:
    """The people of the firm at their keyboards; their Slack ids are their first names."""

    house: House
    workspace: Workspace
    hands: Hands

    def __getitem__(self, name: str) -> Person:
        return Person(self.hands, name)


@pytest.fixture
async def firm(tmp_path: Path) -> AsyncIterator[Firm]:
    house, workspace = House(tmp_path), Workspace(team_id="T1")
    for id, facts in CAST.items():
        workspace.add_user(id, facts["name"], f"{id}@harbour.example", is_restricted=id == "tomas")
    slack = await start(workspace)
    async with ClientSession() as session:
        client = web_client(token=workspace.bot_token, api_url=slack.api_url, session=session)
        directory = Directory(client, house.doorway)
        await directory.connect()
        bolt = app(house.doorway, directory, signing_secret=workspace.signing_secret, client=client)
        server = web.Application()
        server.router.add_post("/slack/events", events(bolt, signing_secret=workspace.signing_secret))
        runner = web.AppRunner(server, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        async with Hands(workspace, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events") as hands:
            yield Firm(house=house, workspace=workspace, hands=hands)
        await runner.cleanup()
    await slack.stop()
    house.close()
    assert workspace.faults_seen == []


async def log_call(firm: Firm) -> str:
    """Amelia puts a call on record; gives what the window says."""
    amelia = firm["amelia"]
    await amelia.type("/log-client They asked for the draft.")
    offered = await amelia.search("Client", "bright")
    await amelia.choose("Client", offered[0])
    await amelia.choose("Channel", "Company phone")
    await amelia.choose("Kind", "Call")
    assert (await amelia.submit()).outcome is Outcome.UPDATED
    assert amelia.modal is not None
    return text_of(amelia.modal)


async def test_a_call_is_logged_and_the_reply_is_due_on_monday(firm: Firm) -> None:
    said = await log_call(firm)
    assert "Mon 16:00 (London)" in said  # Friday 16:00 + one business day
    assert "interaction.logged" in firm.house.happened()


async def test_the_labels_are_those_of_the_contract_and_fields_appear_when_they_are_needed(firm: Firm) -> None:
    amelia = firm["amelia"]
    await amelia.type("/log-client")
    assert amelia.modal is not None
    first = ["Client", "Channel", "Direction", "Kind", "When", "Summary"]
    last = ["Does the client expect a reply?", "Who will reply?"]
    assert fields(amelia.modal) == [*first, *last]
    await amelia.write("Summary", "half a sent")
    await amelia.choose("Client", "My client is not listed")
    await amelia.choose("Channel", "Another channel")
    await amelia.choose("Does the client expect a reply?", "Already answered")
    shown = fields(amelia.modal)
    assert {"Name of the client", "Which channel?", "Answered when"} <= set(shown)
    assert amelia.modal.state["summary"]["summary"]["value"] == "half a sent"


async def test_a_card_number_is_refused_beside_its_field_and_what_was_typed_stays(firm: Firm) -> None:
    amelia = firm["amelia"]
    await amelia.type("/log-client")
    await amelia.choose("Client", (await amelia.search("Client", "bright"))[0])
    await amelia.choose("Channel", "Company phone")
    await amelia.choose("Kind", "Call")
    await amelia.write("Summary", "Paid with 4111 1111 1111 1111.")
    done = await amelia.submit()
    assert done.outcome is Outcome.ERRORS
    assert list(done.errors) == ["summary"]
    assert "4111" not in done.errors["summary"]


async def test_a_second_click_on_submit_has_no_second_effect(firm: Firm) -> None:
    amelia = firm["amelia"]
    await log_call(firm)
    sent = firm.hands.delivery.sent[-1]
    again = await firm.hands.delivery.replay(sent)
    assert again.status == 200
    assert firm.house.happened().count("interaction.logged") == 1
    assert "Saved already" in str(again.body)
    assert amelia.modal is not None


async def test_home_shows_the_duty_and_explains_it(firm: Firm) -> None:
    amelia = firm["amelia"]
    await log_call(firm)
    await amelia.cancel()
    home = await amelia.look_home()
    assert home is not None
    assert "Reply due Mon 16:00 (London)" in text_of(home)
    assert "Brightwater" not in text_of(home)
    await amelia.press("Why?", on=home)
    assert amelia.modal is not None
    assert "Mon" in text_of(amelia.modal)


async def test_a_breach_is_reported_by_somebody_nobody_knows_without_a_name_anywhere(firm: Firm) -> None:
    firm.workspace.add_user("U0TEMP", "Tia Temp", "tia@agency.example", is_restricted=True)
    temp = firm["U0TEMP"]
    await temp.type("/report-breach")
    await temp.write("What happened?", "A letter went to the wrong address.")
    assert (await temp.submit()).outcome is Outcome.UPDATED
    assert temp.modal is not None
    assert "BR-" in text_of(temp.modal)
    assert "U0TEMP" not in str(firm.house.happened())
    assert not any(c.method.startswith("users.") for c in firm.workspace.calls)


@pytest.mark.parametrize("word", ["help", "people", "client", "home", "away"])
async def test_every_word_of_the_help_opens_a_window(firm: Firm, word: str) -> None:
    await firm["amelia"].type(f"/sopwith {word}")
    assert firm["amelia"].modal is not None


async def test_a_guest_of_the_people_file_is_let_in_and_a_stranger_to_it_is_told_whom_to_ask(firm: Firm) -> None:
    await firm["tomas"].type("/sopwith people")
    assert "Tomas Berg" in text_of(firm["tomas"].modal)  # type: ignore[arg-type]
    firm.workspace.add_user("U0X", "Xa Nobody", "xa@elsewhere.example")
    await firm["U0X"].type("/sopwith people")
    assert "ask the administrator" in text_of(firm["U0X"].modal)  # type: ignore[arg-type]
