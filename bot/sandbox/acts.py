"""What the visitor does on the page, carried out by the hands of the person he plays.

Invariants: only what that person sees can be used; an act of the visitor ends a story that is playing (he takes over);
something that has changed meanwhile is said kindly and changes nothing.
"""

from collections.abc import Awaitable, Callable

from bot.sandbox.chat import Asked, Keyboard
from bot.sandbox.keyboard import Keyboard as SlackKeyboard
from bot.sandbox.parts import moved
from bot.sandbox.playing import Playing
from bot.sandbox.records import Json
from bot.sandbox.stage import Stage
from bot.sandbox.teams.keyboard import Keyboard as TeamsKeyboard
from handlers.words import _, when

Work = Callable[[Asked], Awaitable[Json]]
TYPED = ("say", "extend", "press", "fill", "search", "submit", "close")


class Acts:
    """One work for each address; each gets the JSON that was sent and gives JSON back. `say` is shown as a toast."""

    def __init__(self, stage: Stage, playing: Playing) -> None:
        self.stage, self.playing = stage, playing
        self._keyboards: dict[str, Keyboard] = {"slack": SlackKeyboard(stage)}
        if stage.teams:
            self._keyboards["teams"] = TeamsKeyboard(stage, stage.teams)

    @property
    def works(self) -> dict[str, Work]:
        """By address; those of the first row do not stop a story."""
        home = self._at_the_keyboard("home")
        looking: dict[str, Work] = {"home": home, "story": self.story, "stop": self.stop, "dismiss": self.dismiss}
        mine = {name: self._at_the_keyboard(name) for name in TYPED} | {"clock": self.clock}
        return looking | {name: self._taking_over(work) for name, work in mine.items()}

    def _at_the_keyboard(self, name: str) -> Work:
        """Done by whoever acts, wherever that person chats."""

        async def act(asked: Asked) -> Json:
            platform = next(cast.platform for cast in self.stage.cast if cast.user_id == asked["who"])
            work: Work = getattr(self._keyboards[platform], name)
            return await work(asked)

        return act

    def _taking_over(self, work: Work) -> Work:
        async def act(asked: Asked) -> Json:
            if self.playing.caption.playing:
                await self.playing.stop()
            return await work(asked)

        return act

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
