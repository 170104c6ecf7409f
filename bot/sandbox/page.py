"""The sandbox page under `/`: a newcomer plays a small firm, in a browser on the same computer.

Invariants: every address refuses a Host that is not this computer (DNS rebinding), every act a foreign Origin or a body
that is not JSON; nothing is loaded from elsewhere (`default-src 'self'`), nothing is cached; it waits for news by long
poll and sends only the parts that changed.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web

from bot.sandbox.acts import Acts, Work
from bot.sandbox.parts import TABS, Look, Parts
from bot.sandbox.playing import Playing
from bot.sandbox.rendering import STATIC, Part, environment
from bot.sandbox.stage import Closing, Stage
from handlers.words import _

HOSTS = frozenset({"127.0.0.1", "localhost"})
POLL_SECONDS = 20.0
HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
TYPES = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
_FILES = {p.name: p for p in STATIC.iterdir() if p.suffix in TYPES}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def routes(stage: Stage, *, pace: float = 1.0) -> list[web.RouteDef]:
    """All addresses of the page. `stage.hands` is needed only once somebody acts; `pace` stretches the stories.

    From here on messages are dated by the stage's clock."""
    page = _Page(stage, pace)
    acts = [web.post(f"/act/{name}", _guarded(page.doing(work))) for name, work in page.acts.works.items()]
    return [
        web.get("/", _guarded(page.whole)),
        web.get("/parts", _guarded(page.parts_since)),
        web.get("/static/{name}", _guarded(_static)),
        *acts,
    ]


def _guarded(work: Handler) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            response = _refused(request) or await work(request)
        except Closing:
            response = web.Response(status=503, text=_("The sandbox is closing."))
        response.headers.update(HEADERS)
        return response

    return handle


def _refused(request: web.Request) -> web.Response | None:
    """A browser that was led here by another site, or one that believes another name to be this computer."""
    if urlsplit(f"//{request.host}").hostname not in HOSTS:
        return web.Response(status=403, text=_("This page answers only to 127.0.0.1 and localhost."))
    if request.method != "POST":
        return None
    if request.headers.get("Origin") != f"http://{request.host}" or request.content_type != "application/json":
        return web.Response(status=403, text=_("This did not come from the sandbox's own page."))
    return None


async def _static(request: web.Request) -> web.StreamResponse:
    path = _FILES.get(request.match_info["name"])
    if path is None:
        return web.Response(status=404, text=_("There is no such file."))
    return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8")


class _Page:
    def __init__(self, stage: Stage, pace: float) -> None:
        self.stage = stage
        stage.workspace.clock = stage.now
        self.playing = Playing(stage, pace)
        self.parts, self.acts = Parts(stage, self.playing), Acts(stage, self.playing)

    def _looking(self, request: web.Request) -> Look:
        """Who looks at which tab; the first of the cast and the messages unless the address says otherwise. Beside
        stands whom the address names, or the first who chats elsewhere."""
        cast, asked = self.stage.cast, request.query
        who = next((c for c in cast if c.user_id == asked.get("who")), cast[0])
        others = [c for c in cast if c != who]
        elsewhere = (c for c in others if c.platform != who.platform)
        named = (c for c in others if c.user_id == asked.get("beside"))
        beside = next(named if "beside" in asked else elsewhere, None)
        home = asked.get("tab") == "home" and self.parts.screens[who.platform].has_home
        return Look(who=who, tab=TABS[home], beside=beside, glance=asked.get("glance") != "0")

    async def whole(self, request: web.Request) -> web.Response:
        look = self._looking(request)
        painted = (
            environment()
            .get_template("page.html")
            .render(
                look=look,
                parts=await self.parts.all(look),
                firm=self.stage.workspace.team_name,
                chats=[screen.name for screen in self.parts.screens.values()],
                last=self.parts.last,
            )
        )
        return web.Response(text=painted, content_type="text/html")

    async def parts_since(self, request: web.Request) -> web.Response:
        """Wait for a part whose stamp is not among those the browser `have`s, or for a message `after` its last."""
        look = self._looking(request)
        have = dict(p.split(":", 1) for p in request.query.get("have", "").split(",") if ":" in p)
        after = request.query.get("after", "")
        until = asyncio.get_running_loop().time() + POLL_SECONDS
        new, arrived, version = dict[str, Part](), list[dict[str, str]](), self.stage.workspace.version
        while not (_gone(request) or asyncio.get_running_loop().time() > until):
            version = self.stage.workspace.version
            new = {n: p for n, p in (await self.parts.all(look)).items() if have.get(n) != p.stamp}
            arrived = self.parts.arrived(after)
            if new or arrived:
                break
            await self.stage.workspace.changed(version, timeout=1.0)
        sent = {name: {"html": str(p.html), "stamp": p.stamp} for name, p in new.items()}
        return web.json_response({"version": version, "parts": sent, "arrived": arrived, "last": self.parts.last})

    def doing(self, work: Work) -> Handler:
        """An act: its JSON in, its JSON out with the workspace's version, or kind words about what has changed."""

        async def handle(request: web.Request) -> web.Response:
            answer, status = await self._done(work, await _asked(request, {c.user_id for c in self.stage.cast}))
            return web.json_response({**answer, "version": self.stage.workspace.version}, status=status)

        return handle

    async def _done(self, work: Work, asked: Mapping[str, Any] | None) -> tuple[dict[str, Any], int]:
        try:
            if asked is not None:
                return await work(asked), 200
        except (KeyError, ValueError):
            pass  # something is missing, or is no time: as little understood as no JSON at all
        except LookupError:
            return {"say": _("This has changed meanwhile. Please look again.")}, 409
        return {"say": _("The sandbox did not understand this.")}, 400


async def _asked(request: web.Request, known: set[str]) -> Mapping[str, Any] | None:
    """The JSON object that was sent, by somebody of the cast."""
    try:
        sent = await request.json()
    except ValueError:
        return None
    return sent if isinstance(sent, dict) and str(sent.get("who")) in known else None


def _gone(request: web.Request) -> bool:
    return request.transport is None or request.transport.is_closing()
