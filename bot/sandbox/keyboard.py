"""What somebody does in Slack, as the page asks for it."""

from zoneinfo import ZoneInfo

from bot.sandbox.chat import Asked
from bot.sandbox.paint import second
from bot.sandbox.reading import element
from bot.sandbox.records import Json, Message, View
from bot.sandbox.stage import COMMANDS, Stage
from bot.sandbox.submitting import Outcome
from bot.sandbox.workspace import SLACKBOT
from handlers.words import _


class Keyboard:
    """The hands are looked up at each act: they are there only once the firm is open."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.workspace = stage, stage.workspace

    async def say(self, asked: Asked) -> Json:
        """A slash command, or words that nobody reads."""
        who, line = asked["who"], str(asked["line"]).strip()
        command, _space, text = line.partition(" ")
        if command in COMMANDS:
            await self.stage.hands.slash(who, command, text.strip())
        elif line.startswith("/"):
            said = _("{command} is not a command here. There are {known}.").format(
                command=command, known=", ".join(COMMANDS)
            )
            self.workspace.post(self.workspace.dm(who).id, SLACKBOT, _literal(said), ephemeral_to=who)
        elif line:
            self.workspace.post(self.workspace.dm(who).id, who, _literal(line))
            hint = _("Sopwith does not read messages, it answers commands and buttons. Try /sopwith help.")
            self.workspace.post(self.workspace.dm(who).id, SLACKBOT, hint, ephemeral_to=who)
        return {}

    async def extend(self, asked: Asked) -> Json:
        raise LookupError(f"there is no {asked['line']} in Slack")

    async def press(self, asked: Asked) -> Json:
        place = self._place(asked)
        await self.stage.hands.click(asked["who"], place, asked["action"], block_id=asked["block"])
        return {}

    async def fill(self, asked: Asked) -> Json:
        place = self._place(asked)
        _block, what = element(place, asked["action"], asked["block"])
        value = asked["value"]
        if what["type"] == "datetimepicker" and value:
            value = second(value, ZoneInfo(self.workspace.users[asked["who"]].tz))
        await self.stage.hands.fill(asked["who"], place, asked["block"], asked["action"], value)
        return {}

    async def search(self, asked: Asked) -> Json:
        hands, place = self.stage.hands, self._place(asked)
        found = await hands.type_ahead(
            asked["who"], place, asked["action"], str(asked["typed"]), block_id=asked["block"]
        )
        return {"options": [{"value": o["value"], "label": o["text"]["text"]} for o in found]}

    async def submit(self, asked: Asked) -> Json:
        done = await self.stage.hands.submit(asked["who"], self._view(asked))
        return {"kept": done.outcome in (Outcome.KEPT_BACK, Outcome.ERRORS, Outcome.TROUBLE)}

    async def close(self, asked: Asked) -> Json:
        everything = bool(asked.get("everything"))
        await self.stage.hands.close_view(asked["who"], self._view(asked), everything=everything)
        return {}

    async def home(self, asked: Asked) -> Json:
        await self.stage.hands.open_home(asked["who"])
        return {}

    def _place(self, asked: Asked) -> Message | View:
        kind, _colon, id = str(asked["place"]).partition(":")
        who = asked["who"]
        if kind == "view":
            home = self.workspace.homes.get(who)
            return home if home and home.id == id else self._view({"who": who, "view": id})
        found = self.workspace.message(self.workspace.dm(who).id, id)
        if found is None:
            raise LookupError("the message is gone")
        return found

    def _view(self, asked: Asked) -> View:
        found = self.workspace.views.get(str(asked["view"]))
        if found is None:
            raise LookupError("the form is gone")
        return found


def _literal(words: str) -> str:
    """As Slack stores what people type."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
