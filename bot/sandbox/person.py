"""One person at the keyboard, who knows only the words on the screen: the way stories and tests are told.

Invariants: everything is found by label in what this person sees; a label that is not there is a LookupError.
"""

from typing import Any

from bot.sandbox import reading
from bot.sandbox.delivery import Answer
from bot.sandbox.hands import Hands
from bot.sandbox.inputs import is_many, options_of
from bot.sandbox.records import Json, Message, View
from bot.sandbox.submitting import Submitted


class Person:
    def __init__(self, hands: Hands, user_id: str) -> None:
        self.hands, self.id = hands, user_id

    @property
    def modal(self) -> View | None:
        return self.hands.workspace.top(self.id)

    @property
    def home(self) -> View | None:
        return self.hands.workspace.homes.get(self.id)

    @property
    def messages(self) -> list[Message]:
        """Direct messages with the bot, oldest first."""
        return self.hands.workspace.seen_by(self.id)

    async def type(self, line: str) -> Answer:
        """A slash command with what follows it."""
        command, _, text = line.partition(" ")
        return await self.hands.slash(self.id, command, text)

    async def log_message(self, text: str) -> Answer:
        """“Log client interaction” on a message with these words."""
        workspace = self.hands.workspace
        message = workspace.post(workspace.dm(self.id).id, self.id, text)
        return await self.hands.message_shortcut(self.id, "log-client", message)

    async def press(self, label: str, on: Message | View | None = None, *, below: str = "") -> Answer:
        """A button on `on`; else on the modal in front, else on the newest message that has it, else on the home. With
        `below`, the first one under these words."""
        place = on or self._place_with(label)
        block, button = reading.button(place, label, below)
        return await self.hands.click(self.id, place, button["action_id"], block_id=block["block_id"])

    def _place_with(self, label: str) -> Message | View:
        if self.modal:
            return self.modal
        places: list[Message | View] = [*reversed(self.messages)]
        if self.home:
            places.append(self.home)
        found = [p for p in places if label in reading.buttons(p)]
        if not found:
            raise LookupError(f"no button {label!r}, only {[b for p in places for b in reading.buttons(p)]}")
        return found[0]

    async def write(self, label: str, value: Any, on: Message | View | None = None) -> Answer | None:
        """Into a text field; also a date ("2026-03-27"), a time ("16:00") or an instant (epoch second)."""
        place = on or self._form()
        block, what = reading.field(place, label)
        return await self.hands.fill(self.id, place, block["block_id"], what["action_id"], value)

    async def choose(self, label: str, *texts: str, on: Message | View | None = None) -> Answer | None:
        """Options by their words, people by their names; a type-ahead menu is searched for them first."""
        place = on or self._form()
        _, what = reading.field(place, label)
        values = [await self._value(place, label, what, text) for text in texts]
        return await self.write(label, values if is_many(what) else values[0], on=place)

    async def search(self, label: str, typed: str, on: Message | View | None = None) -> list[str]:
        """What a type-ahead menu offers for this, in words."""
        return [o["text"]["text"] for o in await self._offered(on or self._form(), label, typed)]

    async def submit(self) -> Submitted:
        return await self.hands.submit(self.id)

    async def cancel(self) -> None:
        await self.hands.close_view(self.id)

    async def look_home(self) -> View | None:
        await self.hands.open_home(self.id)
        return self.home

    def _form(self) -> View:
        if self.modal is None:
            raise LookupError("no modal is open")
        return self.modal

    async def _offered(self, place: Message | View, label: str, typed: str) -> list[Json]:
        block, what = reading.field(place, label)
        return await self.hands.type_ahead(self.id, place, what["action_id"], typed, block_id=block["block_id"])

    async def _value(self, place: Message | View, label: str, what: Json, text: str) -> str:
        if what["type"] in ("users_select", "multi_users_select"):
            offered = [(u.name, u.id) for u in self.hands.workspace.users.values()]
        else:
            external = what["type"] in ("external_select", "multi_external_select")
            options = await self._offered(place, label, text) if external else options_of(what)
            offered = [(o["text"]["text"], o["value"]) for o in options]
        found = [value for name, value in offered if name == text]
        if len(found) != 1:
            raise LookupError(f"{text!r} is there {len(found)} times among {[name for name, _ in offered]}")
        return str(found[0])
