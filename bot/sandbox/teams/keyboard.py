"""What somebody does in Teams, as the page asks for it.

Invariants: a button is found again by what it says and carries, so that one of an older painting is never another one.
"""

from bot.sandbox.chat import Asked
from bot.sandbox.stage import Stage
from bot.sandbox.teams import reading
from bot.sandbox.teams.card_rules import inputs
from bot.sandbox.teams.paint import mark_of
from bot.sandbox.teams.person import EXTENSIONS
from bot.sandbox.teams.records import Dialog, Json, Post
from bot.sandbox.teams.world import World


class Keyboard:
    """The hands are looked up at each act: they are there only once the firm is open."""

    def __init__(self, stage: Stage, world: World) -> None:
        self.stage, self.world, self.tenant = stage, world, world.tenant

    async def say(self, asked: Asked) -> Json:
        if line := str(asked["line"]).strip():
            await self.world.hands.say(asked["who"], line)
        return {}

    async def extend(self, asked: Asked) -> Json:
        """A message extension."""
        if asked["line"] not in EXTENSIONS:
            raise LookupError("there is no such extension")
        await self.world.hands.extension(asked["who"], asked["line"])
        return {}

    async def press(self, asked: Asked) -> Json:
        """What Teams says of the click is said."""
        place, hands, who = self._place(asked), self.world.hands, asked["who"]
        found = [action for action in reading.actions(place) if mark_of(action) == asked["action"]]
        if not found:
            raise LookupError("the button is gone")
        hands.toasts.pop(who, None)
        await hands.press(who, place, found[0])
        return {"say": hands.toasts[who]} if who in hands.toasts else {}

    async def fill(self, asked: Asked) -> Json:
        value = asked["value"]
        chosen = ",".join(map(str, value)) if isinstance(value, list) else str(value)
        self.world.hands.fill(self._dialog(asked), asked["action"], chosen)
        return {}

    async def search(self, asked: Asked) -> Json:
        """Teams looks through what the menu holds; the bot is not asked."""
        typed = str(asked["typed"]).lower()
        menu = [one for one in inputs(self._dialog(asked).card) if one["id"] == asked["action"]]
        found = [choice for one in menu for choice in one["choices"] if typed in choice["title"].lower()]
        return {"options": [{"value": choice["value"], "label": choice["title"]} for choice in found]}

    async def submit(self, _asked: Asked) -> Json:
        """A dialog has no button of its own: those of its card are pressed."""
        return {}

    async def close(self, asked: Asked) -> Json:
        self._dialog({**asked, "place": f"dialog:{asked['view']}"})
        self.world.hands.close_dialog(asked["who"])
        return {}

    async def home(self, _asked: Asked) -> Json:
        """There is no such tab; the duties are a message."""
        return {}

    def _place(self, asked: Asked) -> Post | Dialog:
        kind, _colon, id = str(asked["place"]).partition(":")
        if kind == "dialog":
            return self._dialog(asked)
        found = self.tenant.post_of(self.tenant.members[asked["who"]].chat, id)
        if found is None:
            raise LookupError("the message is gone")
        return found

    def _dialog(self, asked: Asked) -> Dialog:
        found = self.tenant.dialogs.get(asked["who"])
        if found is None or f"dialog:{found.id}" != asked["place"]:
            raise LookupError("the dialog is gone")
        return found
