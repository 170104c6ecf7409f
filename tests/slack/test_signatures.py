"""What is not signed by Slack is a 401 and no work."""

import time
from dataclasses import replace
from urllib.parse import urlencode

import pytest
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.sandbox.delivery import FORM
from tests.slack.office import ADA, Office


async def test_slack_can_try_the_address(office: Office) -> None:
    answer = await office.hands.handshake()
    assert answer.status == 200
    assert answer.body["challenge"].startswith("challenge-")


SLASH = urlencode({"command": "/log-client", "team_id": "T0HARBOUR", "user_id": ADA, "trigger_id": "1.2.a"}).encode()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, SLASH),
        ({}, b"ssl_check=1&token=x"),
        ({}, b'{"type": "url_verification", "challenge": "x"}'),
        ({}, b""),
        ({}, b"[" * 100_000),
        ({"X-Slack-Signature": "v0=" + "0" * 64}, SLASH),
        ({"X-Slack-Signature": "v0=é"}, SLASH),
        ({"X-Slack-Request-Timestamp": "now"}, SLASH),
        ({"X-Slack-Request-Timestamp": "9" * 400}, SLASH),
        ({"X-Slack-Request-Timestamp": "9" * 5000}, SLASH),
        ({"X-Slack-Request-Timestamp": str(2**70)}, SLASH),
        ({}, b"\xff\xfe"),
        ({"Content-Type": "application/json"}, b"[1]"),
        ({"Content-Type": "text/plain; charset=nonsense"}, SLASH),
    ],
)
async def test_what_is_not_signed_is_a_401_and_no_work(office: Office, headers: dict[str, str], body: bytes) -> None:
    unsigned = {"Content-Type": FORM, "X-Slack-Request-Timestamp": str(int(time.time())), **headers}
    if set(headers) == {"X-Slack-Request-Timestamp"}:
        unsigned["X-Slack-Signature"] = "v0=" + "0" * 64
    answer = await office.hands.delivery.post("slash", body, unsigned)
    assert answer.status == 401
    assert (office.house.asked, office.workspace.calls) == ([], [])


@pytest.mark.parametrize("seconds", [-301, 302])
async def test_a_signature_older_or_newer_than_five_minutes_is_a_401(office: Office, seconds: int) -> None:
    headers = office.hands.delivery.signed(SLASH, FORM, at=time.time() + seconds)
    assert (await office.hands.delivery.post("slash", SLASH, headers)).status == 401


async def test_a_body_changed_after_signing_is_a_401(office: Office) -> None:
    await office.person().type("/log-client")
    sent = office.hands.delivery.sent[-1]
    forged = replace(sent, body=sent.body.replace(b"U0ADA", b"U0BEN"))
    assert (await office.hands.delivery.replay(forged)).status == 401


@pytest.mark.parametrize(
    ("content_type", "body"),
    [("application/json", b"[1]"), ("application/json", b"{"), ("text/plain; charset=nonsense", SLASH)],
)
async def test_what_is_signed_and_cannot_be_read_is_a_400(office: Office, content_type: str, body: bytes) -> None:
    headers = office.hands.delivery.signed(body, content_type)
    answer = await office.hands.delivery.post("slash", body, headers)
    assert (answer.status, office.house.asked) == (400, [])


@pytest.mark.parametrize("body", ["ssl_check=1", SLASH.decode()])
async def test_bolt_looks_at_the_signature_too(office: Office, body: str) -> None:
    answer = await office.bolt.async_dispatch(AsyncBoltRequest(body=body, headers={"content-type": FORM}))
    assert (answer.status, office.house.asked) == (401, [])
