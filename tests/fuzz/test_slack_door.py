"""Whatever comes to Slack's door, signed or not, is answered shortly and plainly, and the house goes on working."""

import sys
import time

import pytest

from tests.support.barrage import Barrage
from tests.support.unharmed import the_house_still_works, the_log_is_whole
from tests.support.walk import KINDS


async def test_two_thousand_wrong_payloads_are_answered_and_leave_a_house_that_works(barrage: Barrage) -> None:
    await _fired(barrage, 2000)


@pytest.mark.long
async def test_a_hundred_thousand_wrong_payloads_are_answered_and_leave_a_house_that_works(barrage: Barrage) -> None:
    began = time.monotonic()
    await _fired(barrage, 100_000)
    sys.stdout.write(f"\n100,000 payloads in {time.monotonic() - began:.0f} s: {dict(barrage.judge.statuses)}\n")


async def _fired(barrage: Barrage, cases: int) -> None:
    assert {walked.what for walked in barrage.walked} == set(KINDS)
    judge = barrage.judge
    await barrage.fire(cases)
    assert judge.wrong == [], judge.said(barrage.seed)
    assert [fault for fault in judge.faults if not fault.startswith("library sopwith.http ")] == [], barrage.seed
    _every_kind_came_through_and_was_turned_away(judge.statuses)
    await the_house_still_works(barrage.firm)
    await the_log_is_whole(barrage.firm, barrage.ear)


def _every_kind_came_through_and_was_turned_away(statuses: dict[str, int]) -> None:
    """Else the cases would be all sense or all nonsense."""
    assert [kind for kind in KINDS if not statuses.get(f"{kind} 200")] == []
    assert [kind for kind in KINDS if kind != "view_closed" and not statuses.get(f"{kind} 400")] == []
    assert statuses["forged 401"] > 0
    assert statuses["untouched 200"] > 0
