"""The courier's way out to Teams: cards into a person's chat with the bot, and their edit in place.

Invariants: it never retries and never asks whether a message arrived; what a locked phone shows is the headline alone;
a message goes to the conversation that was stored last for the person, at the address that was named last. A place is
`account message`.
"""

from collections.abc import Awaitable, Callable

from botbuilder.core import TurnContext
from botbuilder.schema import Activity, ActivityTypes, Attachment, ChannelAccount, ConversationAccount

from bot.senders import Rejected, Trouble, Unreachable
from bot.teams import cards
from bot.teams.cards import Json, Where
from bot.teams.connector import Adapter
from bot.teams.gate import CHANNEL
from handlers.views import Card
from storage.chat import Reference

_HEADLINE = 300
References = Callable[[str], Awaitable[Reference | None]]


class Sender:
    """Posts as the bot. `reference` gives where an account's chat with the bot is."""

    platform = "teams"

    def __init__(self, adapter: Adapter, bot_id: str, tenant_id: str, reference: References) -> None:
        self._adapter, self._bot_id, self._tenant_id, self._reference = adapter, bot_id, tenant_id, reference

    async def send(self, account: str, found: tuple[Card, ...], *, headline: str) -> str:
        """Post `found` as one message; gives its place. Raises Limited, Trouble, Unreachable or Rejected."""
        there = await self._reference(account)
        if there is None:
            raise Unreachable("never spoken to")
        id = await self.post(there, [*painted(found)], headline=headline)
        return f"{account} {id}"

    async def edit(self, place: str, found: tuple[Card, ...], *, headline: str) -> None:
        """Replace the message at `place`. A message that is gone is Rejected: there is nothing to edit any more."""
        account, _space, id = place.rpartition(" ")
        there = await self._reference(account) if account else None
        if there is None:
            raise Rejected("not a place in Teams")
        await self.rewrite(there, id, [*painted(found)], headline=headline)

    async def post(self, there: Reference, shown: list[Json], *, headline: str = "", text: str = "") -> str:
        """Cards, or words, into a conversation; gives the message's id."""
        message = self._message(there, shown, headline, text)

        async def logic(context: TurnContext) -> str:
            sent = await context.send_activity(message)
            return str(sent.id) if sent and sent.id else ""

        id = await self._adapter.turn(self._message(there, [], "", ""), logic)
        if not id:
            raise Trouble("no id in the answer")
        return id

    async def rewrite(self, there: Reference, id: str, shown: list[Json], *, headline: str = "") -> None:
        """These cards in place of those of a message of ours."""
        message = self._message(there, shown, headline, "")
        message.id = id

        async def logic(context: TurnContext) -> None:
            await context.update_activity(message)

        await self._adapter.turn(self._message(there, [], "", ""), logic)

    def _message(self, there: Reference, shown: list[Json], headline: str, text: str) -> Activity:
        return Activity(
            type=ActivityTypes.message,
            channel_id=CHANNEL,
            service_url=there.service_url,
            conversation=ConversationAccount(id=there.conversation, tenant_id=self._tenant_id),
            channel_data={"tenant": {"id": self._tenant_id}},
            from_property=ChannelAccount(id=self._bot_id, name="Sopwith"),
            recipient=ChannelAccount(id=""),
            summary=headline[:_HEADLINE] or None,
            text=text or None,
            text_format="plain",
            attachments=[Attachment(content_type=cards.CONTENT_TYPE, content=card) for card in shown] or None,
        )


def painted(found: tuple[Card, ...]) -> list[Json]:
    """A message's cards, which share the room there is."""
    where = Where(alone=len(found) == 1)
    return [cards.card(card, where, room=cards.BYTES // len(found)) for card in found]
