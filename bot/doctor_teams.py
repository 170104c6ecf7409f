"""What the doctor asks Microsoft: does the login service take the app, are the keys that sign requests to be had, when
does the secret end.

Invariants: nothing is sent to anybody; of a refusal only the service's own word is shown.
"""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import aiohttp

from bot.config import Secrets
from bot.finding import Finding, error, ok, warning
from bot.senders import Trouble
from bot.teams.credentials import Credentials, RefusedApp
from bot.teams.gate import METADATA
from bot.teams.keys import Keys, UnknownKey
from bot.teams.platform import app_of

SOON = timedelta(days=60)
_PAGE = "docs/install-teams.md"
_NETWORK = f"Check the network: the addresses are under “What must be reachable” in {_PAGE}."


def teams(secrets: Secrets, now: datetime) -> Iterator[Finding]:
    """Every finding about Teams."""
    yield asyncio.run(_login(secrets))
    yield asyncio.run(_keys(secrets.teams_openid_url or METADATA))
    yield _ends(secrets, now.date())


async def _login(secrets: Secrets) -> Finding:
    credentials = Credentials(app_of(secrets))
    async with aiohttp.ClientSession() as credentials.session:
        try:
            await credentials.token()
        except RefusedApp as refused:
            cure = f"Check TEAMS_APP_ID, TEAMS_TENANT_ID and the secret or certificate: {_PAGE}, step 1."
            return error("teams", f"Microsoft does not take the app: {refused}.", cure)
        except Trouble as trouble:
            return error("teams", f"The login service does not answer ({trouble}).", _NETWORK)
    return ok("teams", "Microsoft takes the app's secret or certificate.")


async def _keys(url: str) -> Finding:
    found = Keys(url)
    try:
        await found.get("")
    except UnknownKey:
        if found.known:
            return ok("teams keys", "The keys that sign Teams' requests can be fetched.")
    return error("teams keys", "The keys that sign Teams' requests cannot be fetched, so nobody gets in.", _NETWORK)


def _ends(secrets: Secrets, today: date) -> Finding:
    ends = secrets.teams_secret_expires
    if ends is None:
        if secrets.teams_app_certificate:
            return ok("teams secret", "The app proves itself by a certificate; watch its last day.")
        cure = "Set it to the secret's last day (Entra ID shows it): administrators are warned in time."
        return warning("teams secret", "TEAMS_SECRET_EXPIRES is not set, so nobody is warned.", cure)
    cure = f"Make a new client secret: {_PAGE}, “When the secret ends”."
    if ends < today:
        return error("teams secret", f"The app's secret ended on {ends}.", cure)
    if ends - today <= SOON:
        return warning("teams secret", f"The app's secret ends on {ends}.", cure)
    return ok("teams secret", f"The app's secret is good until {ends}.")
