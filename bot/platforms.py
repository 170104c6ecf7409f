"""The chat platforms that the settings turn on, each behind the same few doors, so that the service knows none by name.

Invariants: a platform that is not used is not imported; each is opened, shut and closed in the service's order.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Protocol

from aiohttp import web

from bot.config import Secrets
from bot.doorway import Doorway
from bot.senders import Sender

Route = Callable[[web.Request], Awaitable[web.Response]]


class Platform(Protocol):
    """One of them. `routes` are its public addresses."""

    @property
    def sender(self) -> Sender: ...

    @property
    def routes(self) -> Mapping[str, Route]: ...

    async def start(self) -> None:
        """Find out who we are there; nobody is let in yet."""

    async def open(self) -> None:
        """Let people in, by whatever is not HTTP."""

    def late(self) -> list[str]:
        """What an alarm should go off for."""

    async def shut(self) -> None:
        """Let nobody in any more, and finish what is in hand."""

    async def stop(self) -> None:
        """Ask no more by itself."""

    async def close(self) -> None:
        """Nothing more goes out."""


def platforms(secrets: Secrets, doorway: Doorway) -> list[Platform]:
    """Those that are set up."""
    found: list[Platform] = []
    if secrets.slack_bot_token:
        from bot.slack.platform import Slack  # noqa: PLC0415

        found.append(Slack(secrets, doorway))
    if secrets.teams_app_id:
        from bot.teams.platform import Teams  # noqa: PLC0415

        found.append(Teams(secrets, doorway))
    return found
