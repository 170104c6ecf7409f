"""A firm with people on both platforms: each is told where they are, and an action on one side updates the card on the
other."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox.firm import Firm
from bot.sandbox.reading import buttons, text_of
from tests.journeys.conftest import Town
from tests.support.chats import faults_seen


@pytest.fixture
async def town(tmp_path: Path, database_url: str) -> AsyncIterator[Town]:
    firm = Firm(tmp_path, database_url, on_teams=("UJONAS", "UMARGARET"))
    await firm.start()
    yield Town(firm)
    await firm.stop()
    assert faults_seen(firm) == []


async def test_a_late_reply_crosses_from_slack_to_teams_and_back(town: Town) -> None:
    await town.log(town.amelia, "Brightwater Estates: lease", "Asked whether the lease can be renewed.")
    await town.amelia.cancel()
    await town.later(days=1, hours=1)
    hers, his = town.about(town.amelia, "Reply overdue")[-1], town.about(town.jonas, "Reply overdue")[-1]
    await town.jonas.press("I take it", on=his)
    await town.settle()
    assert "Jonas Hale" in text_of(his)
    assert "Jonas Hale" in text_of(hers)  # taken in Teams, seen in Slack
    await town.amelia.press("Log the reply", on=hers)
    await town.amelia.choose("Channel", "Company email")
    await town.amelia.choose("Kind", "E-mail")
    await town.amelia.write("Summary", "Sent the terms of renewal.")
    await town.amelia.submit()
    await town.settle()
    assert "Settled" in text_of(his)  # answered in Slack, settled in Teams
    assert buttons(his) == []


async def test_a_breach_reported_in_slack_is_taken_in_teams(town: Town) -> None:
    await town.tomas.type("/report-breach")
    await town.tomas.write("What happened?", "A letter went to the wrong house.")
    await town.tomas.submit()
    await town.settle()
    in_slack, in_teams = (town.about(who, "somebody is needed now")[-1] for who in (town.priya, town.margaret))
    await town.margaret.press("Open", on=in_teams)
    assert "A letter went to the wrong house." in text_of(town.margaret.modal)
    await town.margaret.cancel()
    await town.priya.press("I am on it", on=in_slack)
    await town.settle()
    assert "Priya Nair" in text_of(in_teams)
    assert "I am on it" not in buttons(in_teams)


async def test_each_is_told_on_one_platform_and_may_choose_the_other(town: Town) -> None:
    town.firm.workspace.add_user("UJONAS", "Jonas Hale", "jonas.hale@harbour-lane.example")
    await town.firm.hands.join("UJONAS")
    await town.log(town.jonas, "Marlow", "Asked for a word.")
    await town.later(hours=23)
    assert not town.firm.workspace.seen_by("UJONAS") or not town.jonas.messages  # one of the two
    await town.jonas.type("here")
    before = len(town.jonas.messages)
    await town.later(hours=2)
    assert len(town.jonas.messages) > before
