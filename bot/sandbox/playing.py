"""Which story plays, what it says just now, and whom it shows; one at a time.

Invariants: starting a story ends the one before; a story that was stopped does nothing more; a story that went astray
says so on the page instead of falling silent.
"""

import asyncio
import logging
from dataclasses import dataclass

from bot.sandbox.stage import Closing, Stage
from bot.sandbox.telling import Astray
from handlers.words import _

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True)
class Caption:
    """What the bar under the banner shows: `name` of the story or "", its words, whom it shows, whether it plays on."""

    name: str = ""
    words: str = ""
    acting: str = ""
    playing: bool = False


class Playing:
    """Every change ends in the workspace's `touch`, so that the page shows it."""

    def __init__(self, stage: Stage, pace: float) -> None:
        self.stage, self.pace = stage, pace
        self.caption = Caption()
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self, name: str) -> None:
        """Play this story from its beginning; LookupError when there is none of that name."""
        story = self.stage.stories[name]
        await self.stop()
        self._stop = asyncio.Event()
        self._show(Caption(name=name, words=story.blurb, playing=True))
        self._task = asyncio.create_task(self._play(name))

    async def stop(self) -> None:
        """The visitor takes over: wait until the act in hand is done, then leave everything as it stands."""
        self._stop.set()
        if self._task is not None:
            await self._task
            self._task = None

    def dismiss(self) -> None:
        """Take the last words away."""
        if not self.caption.playing:
            self._show(Caption())

    async def _play(self, name: str) -> None:
        try:
            await self.stage.stories[name].play(self.stage, self.pace, self._stop, self._tell)
        except Astray as astray:
            self._end(_("The story ends here, for something went differently: {what}").format(what=astray))
        except Closing:
            self._end(_("The sandbox is closing."))
        except Exception:
            log.exception("a story broke off")
            self._end(_("The story broke off. The terminal says why."))
        else:
            taken = self._stop.is_set()
            self._end(_("Yours now. Everything stays as it stands; go on as anybody.") if taken else self.caption.words)

    def _tell(self, words: str, user_id: str) -> None:
        acting = user_id or self.caption.acting
        self._show(Caption(name=self.caption.name, words=words, acting=acting, playing=True))

    def _end(self, words: str) -> None:
        self._show(Caption(name=self.caption.name, words=words, acting=self.caption.acting))

    def _show(self, caption: Caption) -> None:
        self.caption = caption
        self.stage.workspace.touch()
