"""The parts of the sandbox page as HTML, each with a stamp, so that the browser fetches only what has changed.

Invariants: a part depends on nothing but the stage, the story and who looks; the same state gives the same stamp;
looking at somebody's messages is what makes them read.
"""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from markupsafe import Markup

from bot.sandbox import mrkdwn
from bot.sandbox.paint import Painter, name_of
from bot.sandbox.playing import Playing
from bot.sandbox.records import Message, User, View
from bot.sandbox.rendering import environment
from bot.sandbox.stage import Cast, Happened, Stage
from bot.sandbox.workspace import SLACKBOT
from handlers.words import _, city, when

SHOWN = 60  # messages
TABS = ("messages", "home")


@dataclass(frozen=True, kw_only=True)
class Part:
    html: Markup
    stamp: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """A message as the chat shows it."""

    ts: str
    place: str
    author: str
    kind: str
    at: str
    body: Markup
    edited: bool
    private: bool


def part(name: str, **values: Any) -> Part:
    """Paint the macro of this name in `parts.html`."""
    html = Markup(getattr(environment().get_template("parts.html").module, name)(**values))  # noqa: S704 - escapes
    return Part(html=html, stamp=blake2b(html.encode(), digest_size=6).hexdigest())


class Parts:
    """`read` holds, for each person, the newest message that was looked at."""

    def __init__(self, stage: Stage, playing: Playing) -> None:
        self.stage, self.playing = stage, playing
        self.read: dict[str, str] = {}

    async def all(self, who: Cast, tab: str) -> dict[str, Part]:
        """Every part as `who` sees it."""
        workspace = self.stage.workspace
        painter = Painter(workspace.users[who.user_id], workspace.users.values())
        happened = await self.stage.happened()
        if tab == "messages":
            self.read[who.user_id] = max((m.ts for m in workspace.seen_by(who.user_id)), default="")
        front = workspace.top(who.user_id)
        home = workspace.homes.get(who.user_id)
        return {
            "story": part("story", stories=self.stage.stories, caption=self.playing.caption),
            "people": part("people", people=[(c, self._unread(c), c == who) for c in self.stage.cast]),
            "clock": part("clock", **self._clock(happened.next_due)),
            "tabs": part("tabs", tab=tab, unread=self._unread(who)),
            "head": part("head", who=who, guest=workspace.users[who.user_id].is_restricted),
            "messages": part("messages", who=who, lines=self._lines(who, painter)),
            "home": part("home", who=who, view=home, body=_body(painter, home)),
            "modal": part("modal", who=who, view=front, body=_body(painter, front), depth=self._depth(front)),
            "happened": part("happened", **self._ledgers(happened)),
        }

    def _depth(self, view: View | None) -> int:
        return len(self.stage.workspace.modals[view.user]) if view else 0

    def _unread(self, who: Cast) -> int:
        seen = self.stage.workspace.seen_by(who.user_id)
        return sum(m.ts > self.read.get(who.user_id, "") and m.user != who.user_id for m in seen)

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

    def _lines(self, who: Cast, painter: Painter) -> list[Line]:
        found = self.stage.workspace.seen_by(who.user_id)[-SHOWN:]
        return [self._line(m, painter) for m in found]

    def _line(self, message: Message, painter: Painter) -> Line:
        users, now = self.stage.workspace.users, self.stage.now()
        author = users.get(message.user)
        return Line(
            ts=message.ts,
            place=name_of(message),
            author=_("Sandbox") if message.user == SLACKBOT else author.name if author else message.user,
            kind=_kind(message, author),
            at=when(message.at or now, painter.zone, now),
            body=painter.blocks(message) if message.blocks else _plain(message, painter),
            edited=message.updated > 0,
            private=bool(message.ephemeral_to),
        )

    def arrived(self, after: str) -> list[dict[str, str]]:
        """What phones have shown since that message: whose, and the one line."""
        workspace = self.stage.workspace
        return [
            {"who": cast.user_id, "name": cast.name, "text": message.text, "ts": message.ts}
            for cast in self.stage.cast
            for message in workspace.seen_by(cast.user_id)
            if message.ts > after and message.user == workspace.bot_user_id and not message.ephemeral_to
        ]

    @property
    def last(self) -> str:
        """The newest message of all."""
        return max((m.ts for m in self.stage.workspace.messages), default="")


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


def _kind(message: Message, author: User | None) -> str:
    if message.user == SLACKBOT:
        return "house"
    return "bot" if author and author.is_bot else "own"


def _plain(message: Message, painter: Painter) -> Markup:
    said = mrkdwn.mrkdwn(message.text, painter.names)
    return Markup('<div class="b-section"><div class="b-words"><p>{}</p></div></div>').format(said)


def _body(painter: Painter, view: View | None) -> Markup:
    return painter.blocks(view) if view else Markup("")
