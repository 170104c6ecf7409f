"""Nothing that people type, and nobody's id, reaches a log: not at DEBUG, not when things go wrong."""

import logging
import logging.config
from collections.abc import Iterator

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest
from structlog.testing import capture_logs

from bot.sandbox.delivery import FORM
from bot.sandbox.faults import Kind as Fault
from bot.slack.wire import hush
from handlers.request import Kind, Request
from handlers.views import Reply
from tests.slack.office import ADA, CARD, NEW, Office, filled_in, sent_card

SECRETS = ("U0ADA", "U0NEW", "Ada", "ada@", "Heron", "talked", "Quiet", "xoxb", "zebra", "One moment")
NAMES = ("slack_bolt", "slack_sdk", "sopwith", "bot", "asyncio", "aiohttp")


@pytest.fixture(params=["before", "after"])
def loud(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    """DEBUG everywhere, set before the bot is made or after, and with a configuration that knows Bolt's loggers."""
    loggers = {name: {"level": "DEBUG"} for name in NAMES} if request.param == "after" else {}
    if request.param == "after":
        request.getfixturevalue("office")
    root = {"level": "DEBUG"}
    logging.config.dictConfig({"version": 1, "disable_existing_loggers": False, "loggers": loggers, "root": root})
    logging.getLogger().addHandler(caplog.handler)
    yield ["loud"]
    logging.getLogger().setLevel(logging.WARNING)
    for name in NAMES:
        logging.getLogger(name).setLevel(logging.NOTSET)


async def a_day(office: Office) -> None:
    """Everything that Slack sends, and what can go wrong with it."""

    def broken(_request: Request) -> Reply:
        raise ValueError("zebra: Mrs Heron")

    await filled_in(office)
    await office.person().submit()
    await office.person().press("Log the reply", on=await sent_card(office))
    await office.person(NEW).type("/log-client zebra")
    await office.person().look_home()
    await office.hands.change(NEW, name="Zebra")
    await office.directory.sync()
    await office.hands.event({"type": "message", "user": ADA, "text": "zebra"})
    await office.hands.slash(ADA, "/zebra", "zebra")
    forged = office.hands.delivery.signed(b"text=zebra", FORM) | {"X-Slack-Signature": "v0=zebra"}
    assert (await office.hands.delivery.post("slash", b"text=zebra", forged)).status == 401
    office.workspace.faults.next("views.open", Fault.ERROR, code="invalid_arguments")
    await office.person().press("Why?", on=await sent_card(office))
    office.house.on(Kind.COMMAND, "log-client", broken)
    await office.person().type("/log-client zebra")


async def test_a_day_at_debug_leaves_nothing_in_the_logs(
    loud: list[str], office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    with capture_logs() as own:
        await a_day(office)
    assert [r.name for r in caplog.records if not r.name.startswith(("asyncio", "aiohttp"))] == []
    said = [f"{r.getMessage()} {r.__dict__}" for r in caplog.records] + [str(line) for line in own]
    for secret in SECRETS:
        assert [line for line in said if secret in line] == []
    refused, fault = own
    assert (refused["event"], refused["method"], refused["reason"]) == ("not shown", "views.open", "invalid_arguments")
    assert (fault["event"], fault["action"], fault["name"], fault["error"]) == (
        "fault",
        "slack",
        "command",
        "ValueError",
    )


async def test_bolt_would_write_a_forged_body_into_the_log_without_the_filter(
    office: Office, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keeps the test above honest: take the filter away, and the body of an unsigned request is in the log."""
    logger = logging.getLogger("slack_bolt.RequestVerification")
    assert logger.filters
    monkeypatch.setattr(logger, "filters", [])
    monkeypatch.setattr(logger, "level", logging.INFO)
    logger.manager._clear_cache()  # type: ignore[attr-defined]
    headers = office.hands.delivery.signed(b"text=zebra", FORM) | {"X-Slack-Signature": "v0=zebra"}
    sent = AsyncBoltRequest(body="text=zebra", headers=dict(headers))
    assert (await office.bolt.async_dispatch(sent)).status == 401  # past our own look at the signature
    assert "body: text=zebra" in caplog.text


def test_a_hushed_logger_stays_shut_whatever_level_is_set(caplog: pytest.LogCaptureFixture) -> None:
    logger = hush(logging.getLogger("sopwith.tests.hushed"))
    logger.setLevel(logging.DEBUG)
    logger.critical("zebra")
    hush(logger)
    assert (caplog.text, len(logger.filters)) == ("", 1)


async def test_what_is_sent_carries_no_metadata(office: Office) -> None:
    await office.sender.send(f"slack:T0HARBOUR/{ADA}", (CARD,), headline="Something is due today.")
    assert "metadata" not in office.workspace.calls[-1].arguments
