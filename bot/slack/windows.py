"""Opens, stacks and replaces windows in Slack: the calls that must be made before a trigger id dies.

Invariants: a trigger lives three seconds and works once, so each call has 1.5 s; no fault of Slack's leaves here as an
exception; nothing of a view reaches a log.
"""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from enum import StrEnum

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot import telemetry
from bot.slack import blocks, messages
from bot.slack.incoming import Place, Standing
from bot.slack.text import Json
from bot.slack.wire import code_of, quiet_logger
from handlers.views import Card, Say

LIMIT = 1.5


class Outcome(StrEnum):
    """What became of a window."""

    SHOWN = "shown"
    SEEN = "seen"  # this very delivery was answered before
    FULL = "full"  # three windows stand on each other already
    STALE = "stale"  # the window changed meanwhile
    FAILED = "failed"  # too late, or Slack would not; the person should try again


@dataclass(frozen=True, kw_only=True)
class Shown:
    outcome: Outcome
    view_id: str = ""


_OUTCOMES = {
    "exchanged_trigger_id": Outcome.SEEN,
    "push_limit_reached": Outcome.FULL,
    "hash_conflict": Outcome.STALE,
}


class Windows:
    """What somebody has in front of them, through the bot's client."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def show(self, place: Place, view: Json) -> Shown:
        """In front of whoever acted: over an open form or page, in place of a short answer that was read."""
        if place.modal is None:
            return await self._do("views.open", self._client.views_open(trigger_id=place.trigger, view=view))
        if place.modal.get("callback_id") == "say":
            return await self.replace(place.modal["id"], view)
        shown = await self._do("views.push", self._client.views_push(trigger_id=place.trigger, view=view))
        return await self.replace(place.modal["id"], view) if shown.outcome is Outcome.FULL else shown

    async def replace(self, view_id: str, view: Json, *, only_if: str | None = None) -> Shown:
        """Instead of the window `view_id`; with `only_if`, when it still has this hash."""
        return await self._do("views.update", self._client.views_update(view_id=view_id, view=view, hash=only_if))

    async def publish(self, user: str, view: Json) -> Shown:
        """On the person's home tab."""
        return await self._do("views.publish", self._client.views_publish(user_id=user, view=view))

    async def rewrite(self, message: Standing, card: Card) -> Shown:
        """The card whose button it was, painted anew in our message; what a locked phone shows stays, and so do the
        other cards."""
        painted = messages.with_card(message.blocks, message.pressed, card)
        work = self._client.chat_update(channel=message.channel, ts=message.ts, text=message.text, blocks=painted)
        return await self._do("chat.update", work)

    async def whisper(self, place: Place, say: Say) -> None:
        """A line that only this person sees, where they acted; nowhere when the place has no address."""
        if place.response_url:
            hook = AsyncWebhookClient(
                place.response_url, session=self._client.session, logger=quiet_logger(), retry_handlers=[]
            )
            await self._quietly("response_url", hook.send_dict(blocks.whispered(say) | {"replace_original": False}))

    async def _do(self, method: str, work: Awaitable[AsyncSlackResponse]) -> Shown:
        try:
            answer = await asyncio.wait_for(work, LIMIT)
        except SlackApiError as error:
            code = code_of(error)
            outcome = _OUTCOMES.get(code, Outcome.FAILED)
            if outcome is Outcome.FAILED:
                _note(method, code or "no answer of Slack's")
            return Shown(outcome=outcome)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            _note(method, type(error).__name__)
            return Shown(outcome=Outcome.FAILED)
        return Shown(outcome=Outcome.SHOWN, view_id=str((answer.get("view") or {}).get("id", "")))

    async def _quietly(self, method: str, work: Awaitable[object]) -> None:
        try:
            await asyncio.wait_for(work, LIMIT)
        except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
            _note(method, type(error).__name__)


def _note(method: str, code: str) -> None:
    """Which call went wrong and Slack's word for it: no view, no person."""
    telemetry.log.warning("not shown", action="slack", method=method, reason=code)
