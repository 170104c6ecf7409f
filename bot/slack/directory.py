"""Slack's directory: which workspace this is, and who is in it, told to the house as `accounts.seen`.

Invariants: one workspace, found at the start and pinned; nothing about people is kept here, the handler keeps those who
are in the people file and forgets the rest; strangers (Slack Connect) and bots are marked and so never linked.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.senders import Limited, Trouble, Unreachable
from bot.slack.incoming import Doorway
from bot.slack.manifest import SCOPES
from bot.slack.wire import call, hush
from handlers.request import Account, Kind, Request

PAGE = 200
LOOK_UP_LIMIT = 1.0
_SLACKBOT = "USLACKBOT"  # listed with is_bot: false
_LONGEST_WAIT, _MOST_WAITS = 120.0, 30


class WrongWorkspace(Exception):
    """The token belongs to another workspace than the pinned one."""


class RefusedToken(Trouble):
    """Slack knows this token no more, or never did."""


REFUSED = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})


class Directory:
    """`team_id` pins the workspace; without it the token's own is pinned by `connect`."""

    def __init__(self, client: AsyncWebClient, doorway: Doorway, *, team_id: str | None = None) -> None:
        hush(client.logger)
        client.retry_handlers = []
        self._client = client
        self._doorway = doorway
        self.team_id = team_id
        self.scopes: frozenset[str] = frozenset()

    async def connect(self) -> str:
        """Ask whose token this is; gives the workspace's id. Raises WrongWorkspace, RefusedToken with Slack's word, or
        Trouble when Slack does not answer."""
        try:
            found = await call(self._client.auth_test())
        except Trouble as trouble:
            if str(trouble) in REFUSED:
                raise RefusedToken(str(trouble)) from None
            raise
        team = str(found["team_id"])
        if self.team_id and self.team_id != team:
            raise WrongWorkspace(f"the token is for {team}, the pinned workspace is {self.team_id}")
        granted = next((v for k, v in dict(found.headers).items() if k.lower() == "x-oauth-scopes"), "")
        self.team_id, self.scopes = team, frozenset(s.strip() for s in granted.split(",") if s.strip())
        return team

    @property
    def missing_scopes(self) -> tuple[str, ...]:
        """What the manifest asks for and the installed app was not granted; known after `connect`."""
        return tuple(sorted(set(SCOPES) - self.scopes))

    @property
    def extra_scopes(self) -> tuple[str, ...]:
        """What the installed app was granted and the manifest does not ask for; known after `connect`."""
        return tuple(sorted(self.scopes - set(SCOPES)))

    async def sync(self) -> int:
        """Tell the house about everybody, page by page; gives how many were seen. Waits when Slack asks to."""
        seen = 0
        async for members in self._pages():
            await self._tell(members)
            seen += len(members)
        return seen

    async def look_up(self, user_id: str) -> Account:
        """Ask about one person who is waiting, tell the house, and give the account as Slack vouches for it. Raises
        Trouble or Limited; somebody Slack does not know is no one of ours."""
        try:
            found = await call(self._client.users_info(user=user_id), limit=LOOK_UP_LIMIT)
        except Unreachable:
            return Account(platform="slack", id=f"{self.team_id}/{user_id}", ours=False)
        await self._tell([found["user"]])
        row = self._row(found["user"])
        human, ours = row["human"] == "yes", row["ours"] == "yes"
        return Account(platform="slack", id=f"{self.team_id}/{user_id}", human=human, ours=ours)

    async def changed(self, user: Mapping[str, Any]) -> None:
        """The user object of the events team_join and user_change."""
        await self._tell([user])

    async def people_suggest_rows(self) -> list[dict[str, str]]:
        """Email, name, zone and slack_id of the active people of this workspace, for `sopwith people suggest`."""
        if self.team_id is None:
            await self.connect()
        rows = [self._row(user) async for members in self._pages() for user in members]
        return [
            {"email": r["email"], "name": r["name"], "zone": r["zone"], "slack_id": r["account"].rpartition("/")[2]}
            for r in rows
            if r["human"] == r["ours"] == r["active"] == "yes"
        ]

    async def _tell(self, users: Iterable[Mapping[str, Any]]) -> None:
        rows = tuple(self._row(user) for user in users)
        await self._doorway.handle(Request(kind=Kind.DESK, name="accounts.seen", operator="slack", rows=rows))

    def _row(self, user: Mapping[str, Any]) -> dict[str, str]:
        profile = user.get("profile") or {}
        guest = user.get("is_restricted") or user.get("is_ultra_restricted")
        ours = user.get("team_id") in (None, self.team_id) and not user.get("is_stranger")
        return {
            "account": f"slack:{self.team_id}/{user['id']}",
            "email": profile.get("email") or "",
            "name": profile.get("real_name") or user.get("real_name") or user.get("name") or "",
            "zone": user.get("tz") or "",
            "guest": _yes(guest),
            "active": _yes(not user.get("deleted")),
            "human": _yes(not user.get("is_bot") and user["id"] != _SLACKBOT),
            "ours": _yes(ours),
        }

    async def _pages(self) -> AsyncIterator[list[dict[str, Any]]]:
        cursor, waits = "", 0
        while True:
            try:
                found = await call(self._client.users_list(limit=PAGE, cursor=cursor or None), everywhere=True)
            except Limited as limited:
                waits += 1
                if waits > _MOST_WAITS:
                    raise
                await asyncio.sleep(min(limited.seconds, _LONGEST_WAIT))
                continue
            yield found["members"]
            cursor = (found.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return


def _yes(value: object) -> str:
    return "yes" if value else "no"
