"""The chat platform's directory for the command line: who is there, and whether the tokens work.

Invariants: it imports the platform, so it is imported late; it tells the house nothing (only the running service does);
of a fault only the platform's own word is kept.
"""

from bot.config import Secrets
from bot.senders import Limited, Rejected, Trouble, Unreachable
from bot.slack.directory import Directory, WrongWorkspace
from bot.slack.wire import web_client
from bot.terminal import No
from handlers.request import Request
from handlers.views import Done, Reply


class _Nobody:
    """The command line does not pass on what the directory says."""

    async def handle(self, request: Request) -> Reply:
        return Done()


def _directory(secrets: Secrets) -> Directory:
    client = web_client(token=secrets.slack_bot_token, api_url=secrets.slack_api_url)
    return Directory(client, _Nobody(), team_id=secrets.slack_team_id or None)


async def suggested(secrets: Secrets) -> list[dict[str, str]]:
    """Rows of email, name, zone and slack_id; `No` when Slack does not tell."""
    try:
        return await _directory(secrets).people_suggest_rows()
    except (Trouble, Limited, Rejected, Unreachable) as error:
        raise No(f"Slack does not tell who is there: {error}.") from None
    except WrongWorkspace as error:
        raise No(f"SLACK_TEAM_ID: {error}.") from None


async def connected(secrets: Secrets) -> tuple[str, tuple[str, ...]]:
    """The workspace's id and the scopes that the manifest names and the installed app lacks. Raises as `suggested`."""
    directory = _directory(secrets)
    try:
        team = await directory.connect()
    except (Trouble, Limited, Rejected, Unreachable) as error:
        raise No(f"Slack refuses the token or does not answer: {error}.") from None
    except WrongWorkspace as error:
        raise No(f"SLACK_TEAM_ID: {error}.") from None
    return team, directory.missing_scopes
