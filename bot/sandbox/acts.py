"""What the visitor does on the page, carried out by the hands of the person he plays.

Invariants: only what that person sees can be used; an act of the visitor ends a story that is playing (he takes over);
something that has changed meanwhile is said kindly and changes nothing.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox.paint import second
from bot.sandbox.parts import moved
from bot.sandbox.playing import Playing
from bot.sandbox.reading import element
from bot.sandbox.records import Json, Message, View
from bot.sandbox.stage import COMMANDS, Stage
from bot.sandbox.submitting import Outcome
from bot.sandbox.workspace import SLACKBOT
from handlers.words import _, when

Asked = Mapping[str, Any]
Work = Callable[[Asked], Awaitable[Json]]


class Acts:
    """One method for each address; each gets the JSON that was sent and gives JSON back. `say` is shown as a toast."""

    def __init__(self, stage: Stage, playing: Playing) -> None:
        self.stage, self.playing = stage, playing

    @property
    def works(self) -> dict[str, Work]:
        """By address; those of the first row do not stop a story."""
        looking: dict[str, Work] = {"home": self.home, "story": self.story, "stop": self.stop, "dismiss": self.dismiss}
        mine = {"say": self.say, "press": self.press, "fill": self.fill, "search": self.search}
        more = {"submit": self.submit, "close": self.close, "clock": self.clock}
        return looking | {name: self._taking_over(work) for name, work in {**mine, **more}.items()}

    def _taking_over(self, work: Work) -> Work:
        async def act(asked: Asked) -> Json:
            if self.playing.caption.playing:
                await self.playing.stop()
            return await work(asked)

        return act

    # the person's keyboard
    async def say(self, asked: Asked) -> Json:
        """A line typed into the chat: a slash command, or words that nobody reads."""
        who, line = asked["who"], str(asked["line"]).strip()
        workspace = self.stage.workspace
        command, _space, text = line.partition(" ")
        if command in COMMANDS:
            await self.stage.hands.slash(who, command, text.strip())
        elif line.startswith("/"):
            said = _("{command} is not a command here. There are {known}.").format(
                command=command, known=", ".join(COMMANDS)
            )
            workspace.post(workspace.dm(who).id, SLACKBOT, _literal(said), ephemeral_to=who)
        elif line:
            workspace.post(workspace.dm(who).id, who, _literal(line))
            hint = _("Sopwith does not read messages, it answers commands and buttons. Try /sopwith help.")
            workspace.post(workspace.dm(who).id, SLACKBOT, hint, ephemeral_to=who)
        return {}

    async def press(self, asked: Asked) -> Json:
        """A button."""
        place = self._place(asked)
        await self.stage.hands.click(asked["who"], place, asked["action"], block_id=asked["block"])
        return {}

    async def fill(self, asked: Asked) -> Json:
        """A field, or a menu in a message: text, an option's value, a list of them, or a local time."""
        place = self._place(asked)
        _block, what = element(place, asked["action"], asked["block"])
        value = asked["value"]
        if what["type"] == "datetimepicker" and value:
            value = second(value, self._zone(asked["who"]))
        await self.stage.hands.fill(asked["who"], place, asked["block"], asked["action"], value)
        return {}

    async def search(self, asked: Asked) -> Json:
        """What a type-ahead offers."""
        hands, place = self.stage.hands, self._place(asked)
        found = await hands.type_ahead(
            asked["who"], place, asked["action"], str(asked["typed"]), block_id=asked["block"]
        )
        return {"options": [{"value": o["value"], "label": o["text"]["text"]} for o in found]}

    async def submit(self, asked: Asked) -> Json:
        """The form's own button; `kept` says that the form stays open with words beside its fields."""
        done = await self.stage.hands.submit(asked["who"], self._view(asked))
        return {"kept": done.outcome in (Outcome.KEPT_BACK, Outcome.ERRORS, Outcome.TROUBLE)}

    async def close(self, asked: Asked) -> Json:
        """Cancel, or away with the whole stack."""
        everything = bool(asked.get("everything"))
        await self.stage.hands.close_view(asked["who"], self._view(asked), everything=everything)
        return {}

    async def home(self, asked: Asked) -> Json:
        """Look at the home tab."""
        await self.stage.hands.open_home(asked["who"])
        return {}

    # the visitor's own buttons
    async def clock(self, asked: Asked) -> Json:
        """Let time pass."""
        next_due = (await self.stage.happened()).next_due
        to = moved(asked["move"], self.stage, next_due)
        if to is None or to < self.stage.now():
            return {"say": _("Nothing is coming.")}
        await self.stage.move_clock(to)
        self.stage.workspace.touch()
        now = self.stage.now()
        return {"say": _("It is now {now}.").format(now=when(now, self.stage.zone, now))}

    async def story(self, asked: Asked) -> Json:
        """Play a story from its beginning."""
        await self.playing.start(asked["name"])
        return {}

    async def stop(self, _asked: Asked) -> Json:
        """Take over."""
        await self.playing.stop()
        return {}

    async def dismiss(self, _asked: Asked) -> Json:
        """Take the last words of a story away."""
        self.playing.dismiss()
        return {}

    # what is meant
    def _place(self, asked: Asked) -> Message | View:
        kind, _colon, id = str(asked["place"]).partition(":")
        workspace, who = self.stage.workspace, asked["who"]
        if kind == "view":
            home = workspace.homes.get(who)
            return home if home and home.id == id else self._view({"who": who, "view": id})
        found = workspace.message(workspace.dm(who).id, id)
        if found is None:
            raise LookupError("the message is gone")
        return found

    def _view(self, asked: Asked) -> View:
        found = self.stage.workspace.views.get(str(asked["view"]))
        if found is None:
            raise LookupError("the form is gone")
        return found

    def _zone(self, who: str) -> ZoneInfo:
        return ZoneInfo(self.stage.workspace.users[who].tz)


def _literal(words: str) -> str:
    """As Slack stores what people type."""
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
