"""Who reaches the house from Slack, and what they see at home."""

import json
from typing import Any

import pytest

from bot.sandbox.faults import Kind as Fault
from bot.sandbox.reading import fields, text_of
from bot.sandbox.submitting import Outcome
from bot.slack.incoming import ours
from handlers.request import Kind
from handlers.views import (
    Buttons,
    Form,
    Home,
    Say,
    Text,
    TextField,
)
from tests.slack.office import ADA, BEN, CARD, NEW, STRANGER, Office


async def test_the_home_tab_is_painted_when_it_is_looked_at(office: Office) -> None:
    home = await office.person().look_home()
    assert "Nothing is due." in text_of(home)
    assert (office.house.last.kind, office.house.last.name) == (Kind.HOME, "home")
    assert office.house.last.key.startswith("event:Ev")
    await office.hands.open_home(ADA, tab="messages")
    assert office.called("views.publish") == 1


async def test_the_home_tab_follows_what_is_done_on_it_and_in_forms_opened_from_it(office: Office) -> None:
    duty = Buttons(buttons=(CARD.buttons[0], CARD.buttons[2]))
    office.house.on(Kind.HOME, "home", Home(title="My duties", items=(duty,)))
    await office.person().look_home()
    office.house.on(Kind.HOME, "home", Home(title="My duties", items=(Text(text="One less."), duty)))
    await office.person().press("I take it")
    assert "One less." in text_of(office.person().home)
    await office.person().press("Log the reply")
    await office.person().choose("Client", "My client is not listed")  # a repaint forgets nothing
    await office.person().write("Name of the client", "Heron")
    await office.person().write("Summary", "We talked.")
    office.house.on(Kind.HOME, "home", Home(title="My duties", items=(Text(text="All done."),)))
    await office.person().submit()
    assert "All done." in text_of(office.person().home)


async def test_a_refusal_stands_on_the_home_tab(office: Office) -> None:
    office.house.on(Kind.HOME, "home", Say(text="Your access has ended."))
    assert "Your access has ended." in text_of(await office.person().look_home())


async def test_somebody_new_waits_a_moment_and_is_let_in(office: Office) -> None:
    await office.person(NEW).type("/log-client")
    assert fields(office.modal(NEW)) == ["Client", "Summary", "When"]
    methods = [c.method for c in office.workspace.calls]
    assert methods == ["views.open", "users.info", "views.update"]  # the window first: its trigger dies in 3 s
    waiting = office.workspace.calls[0].arguments["view"]
    assert "One moment…" in json.dumps(waiting, ensure_ascii=False)


async def test_somebody_who_is_not_in_the_people_file_is_told_whom_to_ask(office: Office) -> None:
    await office.person(BEN).type("/sopwith away")
    assert "ask the administrator to add you" in text_of(office.modal(BEN))
    assert "ask the administrator to add you" in text_of(await office.person(BEN).look_home())


async def test_a_breach_can_be_reported_by_anybody_and_nobody_is_looked_up(office: Office) -> None:
    report = Form(
        name="report-breach", title="Report", submit="Report", fields=(TextField(name="what", label="What?"),)
    )
    office.house.on(Kind.COMMAND, "report-breach", report)
    await office.person(BEN).type("/report-breach")
    assert fields(office.modal(BEN)) == ["What?"]
    assert (office.called("users.info"), office.house.rows) == (0, [])


async def test_a_directory_that_is_slow_lets_the_person_try_again(office: Office) -> None:
    office.workspace.faults.next("users.info", Fault.SERVER_ERROR)
    await office.person(NEW).type("/log-client")
    assert "Please try again." in text_of(office.modal(NEW))
    await office.person(NEW).cancel()
    await office.person(NEW).type("/log-client")
    assert fields(office.modal(NEW))[0] == "Client"


async def test_people_of_other_workspaces_never_reach_the_house(office: Office) -> None:
    stranger = office.person(STRANGER)
    await stranger.type("/log-client")
    assert stranger.messages[-1].text == "Sopwith answers people of this firm only."
    await office.hands.shortcut(STRANGER, "log-client")
    assert "people of this firm only" in text_of(office.modal(STRANGER))
    assert (office.house.asked, office.called("users.info")) == ([], 0)


@pytest.mark.parametrize(
    ("body", "known"),
    [
        ({"team_id": "T1", "user_id": "U1"}, True),
        ({"team_id": "T2", "user_id": "U1"}, False),
        ({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}}, True),
        ({"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T2"}}, False),
        ({"team": {"id": "T2"}, "user": {"id": "U1", "team_id": "T1"}}, False),
        ({"team": None, "user": {"id": "U1", "team_id": "T1"}}, True),
        ({"team": None, "user": {"id": "U1"}}, False),
        ({"user_id": "U1"}, False),
    ],
)
def test_every_workspace_that_a_payload_names_must_be_the_pinned_one(body: dict[str, Any], known: bool) -> None:
    assert ours(body, "T1") is known
    assert ours(body, None) is False


async def test_when_not_even_the_first_window_opens_nobody_is_looked_up(office: Office) -> None:
    office.workspace.faults.next("views.open", Fault.ERROR, code="expired_trigger_id")
    await office.person(NEW).type("/log-client")
    assert "Please try again." in office.person(NEW).messages[-1].text
    assert office.called("users.info") == 0


async def test_a_strangers_form_is_not_taken(office: Office) -> None:
    await office.hands.shortcut(STRANGER, "log-client")
    view = office.modal(STRANGER)
    view.json["callback_id"] = "form"
    view.json["private_metadata"] = json.dumps({"name": "log-client"})
    assert (await office.person(STRANGER).submit()).outcome is Outcome.UPDATED
    assert office.house.asked == []


async def test_a_stranger_seen_only_by_the_directory_is_marked_for_the_house(office: Office) -> None:
    """The event names our workspace; whose account it is, only users.info tells."""
    await office.hands.open_home(STRANGER)
    account = office.house.last.account
    assert account is not None
    assert (account.ours, account.human) == (False, True)
    assert "people of this firm only" in text_of(office.person(STRANGER).home)


async def test_until_the_workspace_is_known_everybody_is_a_stranger(office: Office) -> None:
    office.directory.team_id = None
    await office.person().type("/log-client")
    assert office.person().messages[-1].text == "Sopwith answers people of this firm only."
    assert await office.directory.connect() == office.workspace.team_id
    await office.person().type("/log-client")
    assert fields(office.modal())[0] == "Client"


async def test_people_who_join_or_change_are_told_to_the_house(office: Office) -> None:
    office.workspace.add_user("U0CY", "Cy Dale", "cy@harbour.example", is_restricted=True, tz="Asia/Tokyo")
    assert (await office.hands.join("U0CY")).status == 200
    assert (await office.hands.change("U0CY", deleted=True)).status == 200
    joined, changed = office.house.rows
    assert joined == {
        "account": "slack:T0HARBOUR/U0CY",
        "email": "cy@harbour.example",
        "name": "Cy Dale",
        "zone": "Asia/Tokyo",
        "guest": "yes",
        "active": "yes",
        "human": "yes",
        "ours": "yes",
    }
    assert (changed["account"], changed["active"]) == ("slack:T0HARBOUR/U0CY", "no")
