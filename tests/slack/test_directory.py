"""Which workspace this is, and who is in it."""

from typing import Any

import pytest

from bot.sandbox.faults import Kind as Fault
from bot.senders import Trouble
from bot.slack import directory as module
from bot.slack.directory import Directory, WrongWorkspace
from bot.slack.manifest import SCOPES
from bot.slack.wire import web_client
from tests.slack.office import ADA, NEW, STRANGER, Office


def other(office: Office, *, team_id: str | None = None, token: str = "") -> Directory:
    workspace = office.workspace
    client = web_client(token=token or workspace.bot_token, api_url=workspace.api_url)
    return Directory(client, office.house, team_id=team_id)


async def test_the_tokens_own_workspace_is_pinned(office: Office) -> None:
    found = other(office)
    assert await found.connect() == "T0HARBOUR"
    assert found.team_id == "T0HARBOUR"


async def test_a_token_of_another_workspace_than_the_pinned_one_is_refused(office: Office) -> None:
    with pytest.raises(WrongWorkspace, match=r"T0HARBOUR.*T0OTHER"):
        await other(office, team_id="T0OTHER").connect()


async def test_a_token_slack_does_not_take_is_trouble_with_slacks_word(office: Office) -> None:
    with pytest.raises(Trouble, match="invalid_auth"):
        await other(office, token="xoxb-wrong").connect()


async def test_scopes_that_were_not_granted_are_named(office: Office) -> None:
    await office.directory.connect()
    assert office.directory.scopes >= set(SCOPES)
    assert office.directory.missing_scopes == ()
    office.workspace.scopes = ("commands", "chat:write")
    await office.directory.connect()
    assert office.directory.missing_scopes == ("im:write", "users:read", "users:read.email")


async def test_everybody_is_told_to_the_house_page_by_page(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAGE", 2)
    for n in range(5):
        office.workspace.add_user(f"U1{n}", f"Clerk {n}", f"clerk{n}@harbour.example")
    everybody = ["USLACKBOT", *office.workspace.users]
    assert await office.directory.sync() == len(everybody) == 11
    assert [r["account"] for r in office.house.rows] == [f"slack:T0HARBOUR/{id}" for id in everybody]
    assert office.called("users.list") == 6  # two by two: 5 full pages and one


async def test_bots_slackbot_strangers_and_people_who_left_are_marked(office: Office) -> None:
    office.workspace.users[NEW].deleted = True
    await office.directory.sync()
    marks = {r["account"].rpartition("/")[2]: (r["human"], r["ours"], r["active"]) for r in office.house.rows}
    assert marks["USLACKBOT"] == marks["U0SOPWITH"] == ("no", "yes", "yes")
    assert marks[STRANGER] == ("yes", "no", "yes")
    assert marks[NEW] == ("yes", "yes", "no")
    assert marks[ADA] == ("yes", "yes", "yes")


@pytest.mark.parametrize(
    ("user", "ours"),
    [
        ({"team_id": "T0HARBOUR"}, "yes"),
        ({"team_id": "T0HARBOUR", "is_stranger": True}, "no"),
        ({"team_id": "T0OTHER"}, "no"),
        ({}, "yes"),  # an event in which Slack leaves it out comes in our own envelope
    ],
)
async def test_a_stranger_is_known_by_the_mark_or_by_the_workspace(
    office: Office, user: dict[str, Any], ours: str
) -> None:
    await office.directory.changed({"id": "U9", **user})
    assert office.house.rows[-1]["ours"] == ours


async def test_a_rate_limit_in_the_middle_is_waited_for(office: Office) -> None:
    office.workspace.faults.next("users.list", Fault.RATE_LIMITED, seconds=1)
    assert await office.directory.sync() == len(office.workspace.users) + 1
    assert office.called("users.list") == 2


async def test_a_directory_that_is_down_is_trouble(office: Office) -> None:
    office.workspace.faults.next("users.list", Fault.SERVER_ERROR)
    with pytest.raises(Trouble):
        await office.directory.sync()


async def test_somebody_looked_up_is_told_to_the_house_and_vouched_for(office: Office) -> None:
    account = await office.directory.look_up(NEW)
    assert (str(account), account.human, account.ours) == ("slack:T0HARBOUR/U0NEW", True, True)
    assert str(account) in office.house.accounts
    assert (await office.directory.look_up(office.workspace.bot_user_id)).human is False
    assert (await office.directory.look_up(STRANGER)).ours is False
    assert (await office.directory.look_up("U0NOBODY")).ours is False


async def test_suggestions_for_the_people_file_are_the_active_people_of_this_workspace(office: Office) -> None:
    office.workspace.users[NEW].deleted = True
    rows = await other(office).people_suggest_rows()
    assert rows == [
        {"email": "ada@harbour.example", "name": "Ada Lane", "zone": "Europe/London", "slack_id": "U0ADA"},
        {"email": "ben@harbour.example", "name": "Ben Moor", "zone": "Europe/London", "slack_id": "U0BEN"},
    ]
