"""This machine's clock beside Slack's: told by every answer, certain or not said, and an alarm beyond five seconds."""

from email.utils import formatdate
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot import telemetry
from bot.sandbox.firm import Firm
from bot.slack.skew import Skew

NOON = 1_795_521_600.0


@pytest.mark.parametrize(
    ("theirs", "asked", "answered", "ahead"),
    [
        (NOON, NOON, NOON + 0.1, 0.0),
        (NOON, NOON + 0.9, NOON + 0.95, 0.0),  # the date has whole seconds
        (NOON + 9, NOON, NOON + 9.5, 0.0),  # a slow answer
        (NOON, NOON - 9, NOON + 0.5, 0.0),
        (NOON, NOON + 20, NOON + 21, 19.0),
        (NOON, NOON - 21, NOON - 20, -20.0),
    ],
)
def test_only_what_is_certain_is_a_difference(theirs: float, asked: float, answered: float, ahead: float) -> None:
    skew = Skew()
    skew.note(formatdate(theirs, usegmt=True), asked, answered)
    assert skew.ahead == ahead
    assert bool(skew.wrong) is (abs(ahead) > 5)


@pytest.mark.parametrize("date", [None, "", "zebra", "Mon, 99 Zeb 2026 25:00:00 GMT"])
def test_an_answer_without_a_date_says_nothing(date: str | None) -> None:
    skew = Skew()
    skew.note(date, NOON, NOON)
    assert skew.ahead == 0.0


def test_the_log_says_once_that_it_began_and_once_that_it_is_over() -> None:
    skew, date = Skew(), formatdate(NOON, usegmt=True)
    with capture_logs() as logged:
        for at in (NOON, NOON + 20, NOON + 20, NOON + 20, NOON, NOON):
            skew.note(date, at, at)
    assert [(line["action"], line["log_level"], line["seconds"]) for line in logged] == [
        ("clock_skew", "warning", 19.0),
        ("clock_skew", "info", 0.0),
    ]


async def test_the_service_raises_an_alarm_until_the_clocks_agree(tmp_path: Path) -> None:
    firm = Firm(tmp_path)
    firm.workspace.clock_shift = -60
    await firm.start()
    assert any("ahead of Slack's" in reason for reason in await firm.service.late())
    assert 57 < telemetry.REGISTRY.get_sample_value("sopwith_clock_skew_seconds") <= 60
    assert await firm.service.unready() == []
    firm.workspace.clock_shift = 0
    await firm.hands.open_home("UAMELIA")
    assert not any("Slack's" in reason for reason in await firm.service.late())
    await firm.stop()
