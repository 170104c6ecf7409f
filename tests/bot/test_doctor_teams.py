"""What the doctor learns from Microsoft: the app, the keys that sign requests, and the secret's last day."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from bot.config import Secrets
from bot.doctor_chat import chat
from bot.finding import Finding, Status
from tests.support.office_teams import teams

NOW = datetime(2026, 11, 28, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def secrets() -> Iterator[Secrets]:
    with teams() as found:
        yield found


def looked(secrets: Secrets) -> dict[str, Finding]:
    return {one.check: one for one in chat(secrets, NOW)}


def test_all_is_well(secrets: Secrets) -> None:
    found = looked(replace(secrets, teams_secret_expires=date(2028, 1, 1)))
    assert list(found) == ["teams", "teams keys", "teams secret"]
    assert {one.status for one in found.values()} == {Status.OK}


def test_a_secret_that_microsoft_does_not_take_is_an_error_in_its_own_word(secrets: Secrets) -> None:
    found = looked(replace(secrets, teams_app_password="wrong-secret"))
    assert (found["teams"].status, "invalid_client" in found["teams"].detail) == (Status.ERROR, True)
    assert "wrong-secret" not in str(found)
    assert found["teams keys"].status is Status.OK


def test_addresses_that_do_not_answer_are_errors_with_the_network_as_cure(secrets: Secrets) -> None:
    nowhere = "http://127.0.0.1:9"
    found = looked(replace(secrets, teams_login_url=nowhere, teams_openid_url=f"{nowhere}/openid"))
    assert [found[check].status for check in ("teams", "teams keys")] == [Status.ERROR] * 2
    assert all("What must be reachable" in found[check].cure for check in ("teams", "teams keys"))


@pytest.mark.parametrize(
    ("ends", "status", "words"),
    [
        (None, Status.WARNING, "is not set"),
        (date(2027, 1, 27), Status.WARNING, "ends on 2027-01-27"),
        (date(2027, 1, 28), Status.OK, "is good until"),
        (date(2026, 11, 28), Status.WARNING, "ends on"),
        (date(2026, 11, 27), Status.ERROR, "ended on 2026-11-27"),
    ],
)
def test_the_secrets_last_day(secrets: Secrets, ends: date | None, status: Status, words: str) -> None:
    found = looked(replace(secrets, teams_secret_expires=ends))["teams secret"]
    assert (found.status, words in found.detail) == (status, True)


def test_a_certificate_needs_no_last_day_of_a_secret(secrets: Secrets) -> None:
    pem = "-----BEGIN CERTIFICATE-----\n-----BEGIN PRIVATE KEY-----"
    found = looked(replace(secrets, teams_app_password="", teams_app_certificate=pem))
    assert found["teams secret"].status is Status.OK
    assert found["teams"].status is Status.ERROR


def test_without_any_platform_both_ways_are_named() -> None:
    (found,) = chat(Secrets(master_key=b"", audit_key=b""), NOW)
    assert "SLACK_BOT_TOKEN" in found.cure
    assert "TEAMS_APP_ID" in found.cure
