"""What the doctor learns from Slack: tokens, what the installed app may do too little or too much, and the clocks."""

from datetime import UTC, datetime

import pytest

from bot.config import Secrets
from bot.doctor_chat import chat
from bot.finding import Finding, Status
from bot.sandbox.workspace import Workspace
from tests.support.office_slack import slack


def looked(workspace: Workspace, *, app_token: str = "") -> dict[str, list[Finding]]:
    """The findings by their check."""
    with slack(workspace) as there:
        secrets = Secrets(
            master_key=b"",
            audit_key=b"",
            slack_bot_token=there["SLACK_BOT_TOKEN"],
            slack_app_token=app_token,
            slack_api_url=there["SLACK_API_URL"],
        )
        found: dict[str, list[Finding]] = {}
        for one in chat(secrets, datetime.now(UTC)):
            found.setdefault(one.check, []).append(one)
    return found


def test_all_is_well() -> None:
    workspace = Workspace()
    found = looked(workspace, app_token=workspace.app_token)
    assert {one.status for ones in found.values() for one in ones} == {Status.OK}
    assert list(found) == ["chat", "scopes", "socket mode", "clock"]
    assert workspace.sockets.links == []


def test_each_missing_and_each_extra_scope_is_named_with_its_cure() -> None:
    workspace = Workspace()
    workspace.scopes = ("commands", "chat:write", "users:read", "im:history", "channels:history")
    found = looked(workspace)["scopes"]
    assert [(one.status, one.detail.split()[-1].strip(".")) for one in found[2:]] == [
        (Status.WARNING, "channels:history"),
        (Status.WARNING, "im:history"),
    ]
    assert [one.status for one in found[:2]] == [Status.ERROR] * 2
    for one, scope in zip(found, ("im:write", "users:read.email", "channels:history", "im:history"), strict=True):
        assert scope in one.detail
        assert scope in one.cure


@pytest.mark.parametrize("why", ["invalid_auth", "not_allowed_token_type", "missing_scope"])
def test_an_app_level_token_that_slack_does_not_take_is_an_error(why: str) -> None:
    workspace = Workspace()
    tokens = {"invalid_auth": "xapp-wrong", "not_allowed_token_type": workspace.bot_token}
    if why == "missing_scope":
        workspace.app_scopes = ()
    (one,) = looked(workspace, app_token=tokens.get(why, workspace.app_token))["socket mode"]
    assert (one.status, why in one.detail, "connections:write" in one.cure) == (Status.ERROR, True, True)
    assert "xapp-wrong" not in str(one)


@pytest.mark.parametrize(("seconds", "words"), [(-60, "s ahead of Slack's"), (60, "s behind Slack's")])
def test_a_clock_that_differs_is_a_warning_with_the_seconds(seconds: int, words: str) -> None:
    workspace = Workspace()
    workspace.clock_shift = seconds
    (one,) = looked(workspace)["clock"]
    assert (one.status, words in one.detail, "NTP" in one.cure) == (Status.WARNING, True, True)
    assert any(f" {n} s " in one.detail for n in (58, 59, 60))


def test_a_few_seconds_are_no_matter() -> None:
    workspace = Workspace()
    workspace.clock_shift = 4
    assert looked(workspace)["clock"][0].status is Status.OK
