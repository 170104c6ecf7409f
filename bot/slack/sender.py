"""The courier's way out to Slack: cards into a person's direct messages, and their edit in place.

Invariants: it never retries and never asks whether a message arrived (that would need `im:history`); what a locked
phone shows is the headline alone; a place is `D…/ts`. One message a second and channel is the courier's business.
"""

from slack_sdk.web.async_client import AsyncWebClient

from bot.senders import Rejected, Trouble, Unreachable
from bot.slack import messages
from bot.slack.text import cut, escape
from bot.slack.wire import PATIENCE, call, hush
from handlers.views import Card

_HEADLINE = 300


class Sender:
    """Posts as the bot of `client`. Accounts are `slack:T1/U7`."""

    platform = "slack"

    def __init__(self, client: AsyncWebClient) -> None:
        hush(client.logger)
        client.retry_handlers = []
        self._client = client
        self._chats: dict[str, str] = {}

    async def send(self, account: str, cards: tuple[Card, ...], *, headline: str) -> str:
        """Post `cards` as one message; gives its place. Raises Limited, Trouble, Unreachable or Rejected."""
        chat = self._chats.get(account) or await self._open(account)
        try:
            sent = await call(
                self._client.chat_postMessage(
                    channel=chat,
                    text=escape(cut(headline, _HEADLINE)),
                    blocks=messages.message(cards),
                    unfurl_links=False,
                    unfurl_media=False,
                ),
                limit=PATIENCE,
            )
        except Unreachable:
            self._chats.pop(account, None)
            raise
        return f"{sent['channel']}/{sent['ts']}"

    async def edit(self, place: str, cards: tuple[Card, ...], *, headline: str) -> None:
        """Replace the message at `place`. A message that is gone is Rejected: there is nothing to edit any more."""
        channel, slash, ts = place.partition("/")
        if not slash:
            raise Rejected("not a place in Slack")
        text, painted = escape(cut(headline, _HEADLINE)), messages.message(cards)
        work = self._client.chat_update(channel=channel, ts=ts, text=text, blocks=painted)
        await call(work, limit=PATIENCE, everywhere=True)

    async def _open(self, account: str) -> str:
        user = account.rpartition("/")[2]
        opened = await call(self._client.conversations_open(users=user), limit=PATIENCE, everywhere=True)
        chat = (opened.get("channel") or {}).get("id")
        if not chat:
            raise Trouble("no channel in the answer")
        self._chats[account] = str(chat)
        return str(chat)
