"""Whatever comes down a Socket Mode connection is acknowledged or left alone, costs no connection, is in no log."""

import sys
import time

import pytest

from bot.sandbox.firm import Firm
from tests.support.eavesdropper import Eavesdropper
from tests.support.judge import Judge
from tests.support.unharmed import the_house_still_works, the_log_is_whole
from tests.support.volley import Volley
from tests.support.walk import KINDS, Walked


@pytest.fixture
def socket_mode() -> bool:
    return True


@pytest.fixture
def volley(firm: Firm, ear: Eavesdropper, judge: Judge, seed: int, walked: list[Walked]) -> Volley:
    return Volley(firm=firm, ear=ear, judge=judge, walked=walked, seed=seed)


async def test_two_thousand_wrong_frames_leave_a_house_that_works(volley: Volley) -> None:
    await _fired(volley, 2000)


@pytest.mark.long
async def test_a_hundred_thousand_wrong_frames_leave_a_house_that_works(volley: Volley) -> None:
    began = time.monotonic()
    await _fired(volley, 100_000)
    sys.stdout.write(f"\n100,000 frames in {time.monotonic() - began:.0f} s: {dict(volley.judge.statuses)}\n")


async def _fired(volley: Volley, cases: int) -> None:
    assert {walked.what for walked in volley.walked} == set(KINDS)
    judge, links = volley.judge, list(volley.firm.workspace.sockets.open)
    await volley.fire(cases)
    assert judge.wrong == [], judge.said(volley.seed)
    assert judge.faults == {}, judge.said(volley.seed)
    assert volley.firm.workspace.sockets.open == links
    assert [kind for kind in KINDS if not judge.statuses[f"{kind} 200"]] == []
    assert [kind for kind in KINDS if kind != "view_closed" and not judge.statuses[f"{kind} silence"]] == []
    assert judge.statuses["untouched 200"] > 0
    await the_house_still_works(volley.firm)
    await the_log_is_whole(volley.firm, volley.ear)
