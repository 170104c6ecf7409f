"""What becomes of a reply, by where the question was asked: a window, a line only this person sees, the home tab.

Invariants: the window is the first call after the handler, for the trigger dies in three seconds; for somebody nobody
linked yet a "One moment" window is opened first and Slack's directory asked after; a reply may be lost, a notice never.
"""

import re
import time
from dataclasses import replace

from bot.senders import Limited, Trouble
from bot.slack import blocks, forms
from bot.slack.directory import Directory
from bot.slack.incoming import Doorway, Place
from bot.slack.text import Json
from bot.slack.windows import Outcome, Windows
from handlers.people import Unknown
from handlers.request import Account, Kind, Request
from handlers.views import Card, Form, Home, Invalid, Opens, Options, Page, Reply, Say, Text
from handlers.words import _

HOME = "home"
MOMENT = 5.0  # seconds
_STAMP = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")


def try_again() -> Say:
    return Say(text=_("Slack did not answer in time, so nothing was opened. Please try again."))


def not_listed() -> Say:
    return Say(text=_("Sopwith does not know you yet. Please ask the administrator to add you to the people file."))


def stranger() -> Say:
    return Say(text=_("Sopwith answers people of this firm only."))


class Answers:
    """Asks the house and shows what it says."""

    def __init__(self, doorway: Doorway, directory: Directory, windows: Windows) -> None:
        self._doorway = doorway
        self._directory = directory
        self._windows = windows
        self._newest: dict[str, str] = {}  # the newest choice in each form that is being repainted, by its time stamp

    async def show(self, request: Request, place: Place, *, in_words: bool = False) -> Say | None:
        """Ask, and open what comes. Gives what is left to be said in words: that it could not be opened or, with
        `in_words`, a short answer."""
        try:
            reply = await self._doorway.handle(request)
        except Unknown:
            return await self._introduce(request, place)
        if isinstance(reply, Card) and place.message:
            return said(await self._windows.rewrite(place.message, reply))
        if in_words and isinstance(reply, Say) and not reply.items:
            return reply
        view = window(reply, request, place)
        if view is None:
            return None
        if request.kind is Kind.ACTION and isinstance(reply, Page) and place.modal:
            return said(await self._windows.replace(place.modal["id"], view))
        return said(await self._windows.show(place, view))

    async def ask(self, request: Request, user: str) -> Reply:
        """Ask where no window waits; somebody unknown is looked up once."""
        try:
            return await self._doorway.handle(request)
        except Unknown:
            return await self._ask_again(request, user)

    async def _introduce(self, request: Request, place: Place) -> Say | None:
        shown = await self._windows.show(place, moment())
        if shown.outcome is not Outcome.SHOWN:
            return said(shown)
        reply = await self._ask_again(request, place.user)
        view = window(reply, request, place) or blocks.say(Say(text=_("Done.")))
        await self._windows.replace(shown.view_id, view)
        return None

    async def _ask_again(self, request: Request, user: str) -> Reply:
        try:
            account: Account = await self._directory.look_up(user)
        except (Trouble, Limited):
            return _as_asked(request, try_again())
        try:
            return await self._doorway.handle(replace(request, account=account))
        except Unknown:
            return _as_asked(request, not_listed())

    async def repaint(self, request: Request, place: Place, at: str) -> None:
        """The form in front, after a choice made at `at` that changes what it asks."""
        if place.modal is None:
            return
        id = place.modal["id"]
        self._newest[id] = max(at, self._newest.get(id, ""))
        try:
            reply = await self.ask(request, place.user)
            if isinstance(reply, Form):
                await self._update(reply, request, place, at)
            elif view := window(reply, request, place):
                await self._windows.show(place, view)
        finally:
            if self._newest.get(id) == at:
                del self._newest[id]

    async def _update(self, form: Form, request: Request, place: Place, at: str) -> None:
        """A form that changed meanwhile was repainted for another choice, and the newest choice wins; or it was sent
        in, and what came of that stays. Who made the choice long ago has gone on, and may have another window there."""
        shown = place.modal or {}
        id = shown["id"]
        painted = await self._windows.replace(id, forms.form(form, shown=shown), only_if=shown["hash"])
        if painted.outcome is not Outcome.STALE or self._newest.get(id) != at or not _is_recent(at):
            return
        again = await self.ask(request, place.user)
        if isinstance(again, Form):
            await self._windows.replace(id, forms.form(again, shown=shown))

    async def publish_home(self, request: Request, user: str) -> None:
        """The home tab as it is now, or why there is nothing on it."""
        reply = await self.ask(request, user)
        if isinstance(reply, Say):
            reply = Home(title=reply.title or "Sopwith", items=(Text(text=reply.text), *reply.items))
        if isinstance(reply, Home):
            await self._windows.publish(user, blocks.home(reply))

    async def reread(self, place: Place, account: Account) -> None:
        """The page in front, opened afresh after one of its buttons did something."""
        meta = forms.Meta.of(place.modal or {})
        if not place.modal or place.modal["callback_id"] != "page" or not meta.name:
            return
        kind = Kind.HOME if meta.name == HOME else Kind.OPEN
        again = Request(kind=kind, name=meta.name, account=account, subject=meta.subject)
        reply = await self.ask(again, place.user)
        view = window(reply, again, place) if isinstance(reply, Page | Home) else None
        if view:
            await self._windows.replace(place.modal["id"], view, only_if=place.modal["hash"])


def _is_recent(at: str) -> bool:
    """Whether Slack's time stamp is of a moment ago, by this machine's clock."""
    return bool(_STAMP.fullmatch(at)) and abs(time.time() - float(at)) < MOMENT


def said(shown: object) -> Say | None:
    """A window that did not open must be said; one that the first delivery opened must not."""
    return try_again() if getattr(shown, "outcome", None) is Outcome.FAILED else None


def window(reply: Reply, request: Request, place: Place) -> Json | None:
    """The reply as a modal; None when there is nothing to show."""
    match reply:
        case Form():
            return forms.form(reply, home=place.home)
        case Page():
            again = request.kind is Kind.OPEN or request.name == HOME
            return blocks.page(reply, opener=Opens(name=request.name, subject=request.subject) if again else None)
        case Home():
            return blocks.page(Page(title=reply.title, items=reply.items), opener=Opens(name=HOME))
        case Card():
            return blocks.modal(reply.title, blocks.card(reply), callback="say")
        case Say() | Invalid():
            return blocks.say(reply if isinstance(reply, Say) else Say(text="\n".join(reply.errors.values())))
    return None


def moment() -> Json:
    """What keeps the place while the directory is asked."""
    return blocks.modal("Sopwith", blocks.items((Text(text=_("One moment…")),)), callback="wait")


def _as_asked(request: Request, say: Say) -> Reply:
    """A sentence in the form that the question's kind takes."""
    if request.kind is Kind.SUBMIT:
        return Invalid(errors={"": say.text})
    return Options(options=()) if request.kind is Kind.SEARCH else say
