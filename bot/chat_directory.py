"""The chat platform's directory for the command line: who is there, and whether the tokens work.

Invariants: it imports the platform, so it is imported late; it tells the house nothing (only the running service does);
of a fault only the platform's own word is kept.
"""

from dataclasses import dataclass

import aiohttp

from bot.config import Secrets
from bot.senders import Limited, Rejected, Trouble, Unreachable
from bot.slack.directory import Directory, WrongWorkspace
from bot.slack.skew import Skew
from bot.slack.socket_mode import address
from bot.slack.wire import web_client
from bot.terminal import No
from handlers.request import Request
from handlers.views import Done, Reply


class _Nobody:
    """The command line does not pass on what the directory says."""

    async def handle(self, request: Request) -> Reply:
        return Done()


def _directory(secrets: Secrets, session: aiohttp.ClientSession | None = None) -> Directory:
    client = web_client(token=secrets.slack_bot_token, api_url=secrets.slack_api_url, session=session)
    return Directory(client, _Nobody(), team_id=secrets.slack_team_id or None)


async def suggested(secrets: Secrets) -> list[dict[str, str]]:
    """Rows of email, name, zone and slack_id; `No` when Slack does not tell."""
    try:
        return await _directory(secrets).people_suggest_rows()
    except (Trouble, Limited, Rejected, Unreachable) as error:
        raise No(f"Slack does not tell who is there: {error}.") from None
    except WrongWorkspace as error:
        raise No(f"SLACK_TEAM_ID: {error}.") from None


@dataclass(frozen=True, kw_only=True)
class Connected:
    """What the tokens tell. `app_token_fault`: Slack's word, when there is an app-level token and Slack does not take
    it; `clock`: what is wrong with this machine's."""

    team: str
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    app_token_fault: str
    clock: str


async def connected(secrets: Secrets) -> Connected:
    """Whose the tokens are and what they may do. Raises as `suggested`."""
    skew = Skew()
    async with aiohttp.ClientSession(trace_configs=[skew.tracing()]) as session:
        directory = _directory(secrets, session)
        team = await _team(directory)
        fault = await _app_token_fault(secrets, session) if secrets.slack_app_token else ""
    return Connected(
        team=team,
        missing=directory.missing_scopes,
        extra=directory.extra_scopes,
        app_token_fault=fault,
        clock=skew.wrong,
    )


async def _app_token_fault(secrets: Secrets, session: aiohttp.ClientSession) -> str:
    client = web_client(token=secrets.slack_bot_token, api_url=secrets.slack_api_url, session=session)
    try:
        await address(client, secrets.slack_app_token)
    except (Trouble, Limited, Rejected, Unreachable) as error:
        return str(error)
    return ""


async def _team(directory: Directory) -> str:
    try:
        return await directory.connect()
    except (Trouble, Limited, Rejected, Unreachable) as error:
        raise No(f"Slack refuses the token or does not answer: {error}.") from None
    except WrongWorkspace as error:
        raise No(f"SLACK_TEAM_ID: {error}.") from None
