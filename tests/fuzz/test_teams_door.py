"""Whatever comes to Teams' door, signed or not, is answered shortly and plainly, and the house goes on working."""

import sys
import time

import pytest

from bot.sandbox.firm import Firm
from bot.teams.listeners import NOT_HEARD
from tests.journeys.conftest import Town
from tests.support.chats import CHATS, EVERYBODY, faults_seen
from tests.support.eavesdropper import Eavesdropper
from tests.support.judge import Judge
from tests.support.teams_barrage import TeamsBarrage
from tests.support.teams_walk import KINDS, walk
from tests.support.unharmed import the_house_still_works, the_log_is_whole
from tests.support.walk import Walked


@pytest.fixture
def on_teams() -> tuple[str, ...]:
    return EVERYBODY


@pytest.fixture
async def walked(firm: Firm) -> list[Walked]:
    """What an ordinary day brought."""
    found = await walk(Town(firm, CHATS["teams"]))
    assert faults_seen(firm) == []
    return found


@pytest.fixture
def barrage(firm: Firm, ear: Eavesdropper, judge: Judge, seed: int, walked: list[Walked]) -> TeamsBarrage:
    judge.polite = frozenset({NOT_HEARD})
    return TeamsBarrage(firm=firm, ear=ear, judge=judge, walked=walked, seed=seed)


async def test_two_thousand_wrong_activities_are_answered_and_leave_a_house_that_works(barrage: TeamsBarrage) -> None:
    await _fired(barrage, 2000)


@pytest.mark.long
async def test_a_hundred_thousand_wrong_activities_leave_a_house_that_works(barrage: TeamsBarrage) -> None:
    began = time.monotonic()
    await _fired(barrage, 100_000)
    sys.stdout.write(f"\n100,000 activities in {time.monotonic() - began:.0f} s: {dict(barrage.judge.statuses)}\n")


async def _fired(barrage: TeamsBarrage, cases: int) -> None:
    assert {walked.what for walked in barrage.walked} == set(KINDS)
    judge = barrage.judge
    await barrage.fire(cases)
    assert judge.wrong == [], judge.said(barrage.seed)
    assert [fault for fault in judge.faults if not fault.startswith("library sopwith.http ")] == [], barrage.seed
    _every_kind_came_through_and_was_turned_away(judge.statuses)
    await the_house_still_works(barrage.firm, CHATS["teams"])
    await the_log_is_whole(barrage.firm, barrage.ear)


def _every_kind_came_through_and_was_turned_away(statuses: dict[str, int]) -> None:
    """Else the cases would be all sense or all nonsense."""
    assert [kind for kind in KINDS if not statuses.get(f"{kind} 200")] == []
    assert [kind for kind in KINDS if not statuses.get(f"{kind} 400")] == []
    assert statuses["another's 200"] > 0
    assert statuses["forged 401"] > statuses["forged 403"] > 0
    assert statuses["untouched 200"] > 0
