"""What the doctor asks the chat platforms, and Slack: are the tokens good, what may the installed app do, do the clocks
agree.

Invariants: it opens no connection that would take envelopes; of a fault only Slack's own word is shown.
"""

import asyncio
from collections.abc import Iterator
from datetime import datetime

from bot.config import Secrets
from bot.finding import Finding, error, ok, warning
from bot.terminal import No

_SET_UP = (
    "Set SLACK_BOT_TOKEN, and SLACK_APP_TOKEN (Socket Mode) or SLACK_SIGNING_SECRET: docs/install-slack.md, step 3. Or "
    "TEAMS_APP_ID, TEAMS_APP_PASSWORD and TEAMS_TENANT_ID: docs/install-teams.md, step 3."
)


def chat(secrets: Secrets, now: datetime) -> Iterator[Finding]:
    """Every finding about the platforms that are set up; one, when none is."""
    if not (secrets.slack_bot_token or secrets.teams_app_id):
        yield warning("chat", "No chat platform is set up, so nobody can reach Sopwith.", _SET_UP)
    if secrets.slack_bot_token:
        yield from _slack(secrets)
    if secrets.teams_app_id:
        from bot.doctor_teams import teams  # noqa: PLC0415  a platform only when it is used

        yield from teams(secrets, now)


def _slack(secrets: Secrets) -> Iterator[Finding]:
    from bot.chat_directory import connected  # noqa: PLC0415  a platform only when it is used

    try:
        found = asyncio.run(connected(secrets))
    except No as no:
        yield error(
            "chat",
            " ".join(no.lines),
            "Check the token, the address and the network: docs/install-slack.md, at its end.",
        )
        return
    yield ok("chat", f"Slack knows the token: workspace {found.team}.")
    yield from _scopes(found.missing, found.extra)
    if secrets.slack_app_token:
        yield _socket_mode(found.app_token_fault)
    if found.clock:
        cure = "Let this machine keep its time with NTP (timedatectl set-ntp true): deadlines follow its clock."
        yield warning("clock", f"{found.clock[0].upper()}{found.clock[1:]}.", cure)
    else:
        yield ok("clock", "This machine's clock and Slack's agree.")


def _scopes(missing: tuple[str, ...], extra: tuple[str, ...]) -> Iterator[Finding]:
    from bot.slack.manifest import EXPLAIN  # noqa: PLC0415

    for scope in missing:
        cure = f"Add {scope} under “OAuth & Permissions” (or take over `sopwith manifest slack`), and install again."
        yield error("scopes", f"The installed app lacks {scope}. {EXPLAIN[scope]}", cure)
    for scope in extra:
        cure = f"Take {scope} away under “OAuth & Permissions”, and install again."
        yield warning("scopes", f"The installed app may do more than it needs: {scope}.", cure)
    if not missing and not extra:
        yield ok("scopes", "The installed app has what the manifest asks for, and nothing else.")


def _socket_mode(fault: str) -> Finding:
    if not fault:
        return ok("socket mode", "Slack takes the app-level token.")
    cure = (
        "Make one under “App-Level Tokens” of the same app, with the scope connections:write, and turn Socket Mode on "
        "(docs/install-slack.md, step 3)."
    )
    return error("socket mode", f"Slack does not take SLACK_APP_TOKEN for Socket Mode: {fault}.", cure)
