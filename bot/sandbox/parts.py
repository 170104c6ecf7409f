"""The parts of the sandbox page as HTML, each with a stamp, so that the browser fetches only what has changed.

Invariants: a part depends on nothing but the stage, the story and who looks; the same state gives the same stamp;
looking at somebody's messages is what makes them read.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from markupsafe import Markup

from bot.sandbox.chat import Screen
from bot.sandbox.playing import Playing
from bot.sandbox.rendering import Part, part
from bot.sandbox.screen import Screen as SlackScreen
from bot.sandbox.stage import Cast, Happened, Stage
from bot.sandbox.teams.screen import Screen as TeamsScreen
from handlers.words import city, when

TABS = ("messages", "home")
EMPTY = Part(html=Markup(""), stamp="0")


@dataclass(frozen=True, kw_only=True)
class Look:
    """Who looks at which tab, and whose chat stands beside; `glance`: that one is on the screen just now."""

    who: Cast
    tab: str = TABS[0]
    beside: Cast | None = None
    glance: bool = True


class Parts:
    """`read` holds, for each person, the newest message that was looked at."""

    def __init__(self, stage: Stage, playing: Playing) -> None:
        self.stage, self.playing = stage, playing
        self.screens: dict[str, Screen] = {"slack": SlackScreen(stage)}
        if stage.teams:
            self.screens["teams"] = TeamsScreen(stage, stage.teams)
        self.read: dict[str, str] = {}

    async def all(self, look: Look) -> dict[str, Part]:
        """Every part as it is looked at."""
        who, beside = look.who, look.beside
        screen, happened = self.screens[who.platform], await self.stage.happened()
        shown = [who] if look.tab == "messages" else []
        for cast in [*shown, beside] if beside and look.glance else shown:
            self.read[cast.user_id] = max((n.id for n in self.screens[cast.platform].news(cast)), default="")
        people = [(c, self.screens[c.platform].name, self._unread(c), c == who) for c in self.stage.cast]
        return {
            "story": part("story", stories=self.stage.stories, caption=self.playing.caption),
            "people": part("people", people=people),
            "watch": part("watch", others=[c for c in self.stage.cast if c != who], beside=beside),
            "clock": part("clock", **self._clock(happened.next_due)),
            "tabs": part("tabs", tab=look.tab, unread=self._unread(who), has_home=screen.has_home),
            "head": part("head", who=who, screen=screen),
            "messages": part("messages", who=who, screen=screen, lines=screen.lines(who)),
            "composer": part("composer", screen=screen),
            "home": screen.home(who),
            **self._beside(beside),
            "modal": self._modal(who, beside),
            "happened": part("happened", **self._ledgers(happened)),
        }

    def _beside(self, beside: Cast | None) -> dict[str, Part]:
        if beside is None:
            return {"beside-head": EMPTY, "beside": EMPTY}
        screen = self.screens[beside.platform]
        return {
            "beside-head": part("beside_head", who=beside, screen=screen),
            "beside": part("messages", who=beside, screen=screen, lines=screen.lines(beside)),
        }

    def _modal(self, *those: Cast | None) -> Part:
        """What stands in front of the first of those who have something in front."""
        found = (self.screens[cast.platform].modal(cast) for cast in those if cast)
        return next((modal for modal in found if modal), EMPTY)

    def _unread(self, who: Cast) -> int:
        seen = self.read.get(who.user_id, "")
        return sum(one.id > seen for one in self.screens[who.platform].news(who))

    def _clock(self, next_due: Any) -> dict[str, Any]:
        now, zone = self.stage.now(), self.stage.zone
        local = now.astimezone(zone)
        return {
            "day": f"{local:%A} {local.day} {local:%B %Y}",
            "time": f"{local:%H:%M}",
            "zone": f"{city(zone)} ({local:%Z})",
            "next_due": when(next_due, zone, now) if next_due and next_due > now else "",
        }

    def _ledgers(self, happened: Happened) -> dict[str, Any]:
        """Rows of cells. The zone stands over the column instead of beside every time; `about` is a line of its own."""
        zone = city(self.stage.zone)

        def at(shown: str) -> str:
            return shown.removesuffix(f" ({zone})")

        def dotted(said: str) -> Markup:
            return Markup(".<wbr>").join(said.split("."))

        def what(said: str, about: str) -> Markup:
            return Markup("{}<small>{}</small>").format(dotted(said), about)

        return {
            "audit": [(r.number, at(r.at), what(r.what, r.about), r.who) for r in happened.audit],
            "outbox": [(at(r.at), dotted(r.what), r.to, r.state) for r in happened.outbox],
            "timers": [(at(r.due), dotted(r.what), r.about) for r in happened.timers],
            "zone": zone,
        }

    def arrived(self, after: str) -> list[dict[str, str]]:
        """What phones have shown since then (`last`): whose, and the one line."""
        seen = dict(zip(self.screens, after.split("~"), strict=False))
        return [
            {"who": cast.user_id, "name": cast.name, "text": one.phone}
            for cast in self.stage.cast
            for one in self.screens[cast.platform].news(cast)
            if one.phone and one.id > seen.get(cast.platform, "")
        ]

    @property
    def last(self) -> str:
        """The newest message of all, in each chat."""
        return "~".join(screen.last for screen in self.screens.values())


def moved(move: str, stage: Stage, next_due: Any) -> Any:
    """The instant a clock button leads to; None when there is nowhere to go. Days are days of the firm's zone."""
    now = stage.now()
    local = now.astimezone(stage.zone)
    if move == "hour":
        return now + timedelta(hours=1)
    if move == "day":
        return local + timedelta(days=1)
    if move == "next":
        return next_due
    monday = local.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=-local.weekday() % 7)
    return monday if monday > local else monday + timedelta(days=7)
