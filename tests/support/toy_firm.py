"""A stage for the sandbox page without the service: a toy bot on loopback that knows just enough to be played.

It opens and rewrites modals in the workspace itself, and has a clock of its own that stands still until it is moved.
"""

import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from aiohttp import web

from bot.sandbox import stage, stories, view_methods
from bot.sandbox.chat_methods import put, rewrite
from bot.sandbox.hands import Hands
from bot.sandbox.page import routes
from bot.sandbox.person import Person
from bot.sandbox.records import Json, Message
from bot.sandbox.server import Running, start
from bot.sandbox.stage import AuditRow, Cast, Happened, OutboxRow, TimerRow
from bot.sandbox.workspace import Workspace
from tests.support.toy_forms import (
    MONDAY,
    breach_form,
    button,
    card,
    clock_page,
    log_form,
    notice_form,
    one_clock,
    option,
    said,
)

CLIENTS = ("Hollis & Daughters · Quiet Heron · 4802", "Marlow Trust · Amber Finch · 4950")
AMELIA, JONAS, PRIYA, MARGARET, TOMAS = "U0AMELIA", "U0JONAS", "U0PRIYA", "U0MARGARET", "U0TOMAS"
LONDON = ZoneInfo("Europe/London")
PARTS = {
    AMELIA: (stage.AMELIA, "Associate"),
    JONAS: (stage.JONAS, "Her supervisor"),
    PRIYA: (stage.PRIYA, "Data Protection Officer"),
    MARGARET: (stage.MARGARET, "Senior manager"),
    TOMAS: (stage.TOMAS, "Contractor, a guest in the workspace"),
}


@dataclass(kw_only=True)
class ToyFirm:
    """A `Stage`. `heard` are the interactions as they came; `coming` what the clock will do."""

    workspace: Workspace
    hands: Hands
    slack: Running = field(init=False)
    time: datetime = MONDAY
    zone: ZoneInfo = LONDON
    cast: tuple[Cast, ...] = tuple(Cast(user_id=id, name=n, part=p) for id, (n, p) in PARTS.items())
    stories: Mapping[str, stage.Story] = field(default_factory=lambda: stories.STORIES)
    heard: list[Json] = field(default_factory=list)
    coming: list[tuple[datetime, Callable[[], None]]] = field(default_factory=list)
    audit: list[str] = field(default_factory=list)
    cards: list[Message] = field(default_factory=list)
    ticked: list[str] = field(default_factory=list)
    owing: str = ""  # what the home page says a reply is due to
    teams: None = None

    def person(self, cast: Cast) -> Person:
        return Person(self.hands, cast.user_id)

    @property
    def url(self) -> str:
        return self.slack.url

    def now(self) -> datetime:
        return self.time

    async def move_clock(self, to: datetime) -> None:
        for due in sorted((c for c in self.coming if c[0] <= to), key=lambda c: c[0]):
            self.coming.remove(due)
            self.time = max(self.time, due[0])
            due[1]()
        self.time = max(self.time, to.astimezone(UTC))

    async def happened(self) -> Happened:
        numbered = list(enumerate(self.audit, 1))
        return Happened(
            audit=tuple(
                AuditRow(number=str(n), at="Mon 10:00 (London)", who="Amelia Ward", what=a, about="DL-1")
                for n, a in reversed(numbered)
            ),
            outbox=tuple(
                OutboxRow(to=m.channel, what="notice", state="completed", at="Mon 10:00 (London)") for m in self.cards
            ),
            timers=tuple(TimerRow(due=f"{due:%a %H:%M} (London)", what="deadline.next") for due, _act in self.coming),
            next_due=min((due for due, _act in self.coming), default=None),
        )

    # what the bot says
    def tell(self, user: str, title: str, *buttons: Json, phone: str = "Something is due today.") -> Message:
        message = put(self.workspace, self.workspace.dm(user).id, phone, card(title, *buttons))
        self.cards.append(message)
        return message

    def repaint(self, title: str, *buttons: Json) -> None:
        for message in self.cards:
            rewrite(self.workspace, message, message.text, card(title, *buttons))

    def _open(self, user: str, view: Json) -> None:
        view_methods.put_on_top(self.workspace, user, view_methods.checked(self.workspace, view, "modal"))

    def _remind(self) -> None:
        self.tell(AMELIA, "Reply due Tue 10:05 (London)", button("Log the reply", "opens:reply", style="primary"))

    def _overdue(self) -> None:
        self.tell(JONAS, "Reply overdue", button("I take it", "does:take"), phone="Something is overdue.")

    def _call(self, user: str) -> None:
        self.tell(
            user, "BR-1: somebody is needed now", button("I am on it", "does:on-it"), phone="Urgent: please open now."
        )

    # what the bot is told
    async def answer(self, request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            return self._event((await request.json())["event"])
        form = dict(parse_qsl((await request.read()).decode()))
        if "command" in form:
            return self._command(form)
        payload = json.loads(form["payload"])
        self.heard.append(payload)
        kinds = {"block_suggestion": self._search, "block_actions": self._act, "view_submission": self._submit}
        return web.json_response(kinds[payload["type"]](payload))

    def _event(self, event: Json) -> web.Response:
        blocks = card("My duties", button("Report a breach", "opens:breach"), about=self.owing or "Nobody waits.")
        self.workspace.homes[event["user"]] = view_methods.View(
            id=f"V{event['user']}", user=event["user"], json={"type": "home", "blocks": blocks}, hash="1", root_id="V"
        )
        self.workspace.touch()
        return web.Response()

    def _command(self, form: Mapping[str, str]) -> web.Response:
        if form["command"] == "/sopwith":
            return web.json_response({"text": f"You asked for *{form['text'] or 'nothing'}*"})
        self._open(form["user_id"], log_form() if form["command"] == "/log-client" else breach_form())
        return web.Response()

    def _search(self, payload: Json) -> Json:
        return {"options": [option(c) for c in CLIENTS if payload["value"].lower() in c.lower()]}

    def _act(self, payload: Json) -> Json:
        action, user = payload["actions"][0], payload["user"]["id"]
        match action["action_id"].split("#")[0]:
            case "channel":
                other = action["selected_option"]["value"] == "Another channel"
                view = self.workspace.views[payload["view"]["id"]]
                new = view_methods.checked(self.workspace, log_form(elsewhere=other), "modal", own_id=view.id)
                view_methods.rewrite(self.workspace, view, new)
            case "opens:reply":
                self._open(user, log_form("reply"))
            case "opens:breach":
                self._open(user, breach_form())
            case "opens:clocks":
                self._open(user, clock_page())
            case "opens:clock":
                self._open(user, one_clock())
            case "opens:sent":
                self._open(user, notice_form())
            case "does:take":
                self.audit.append("ladder.acknowledged")
                self.repaint("Taken by Jonas Hale", button("Log the reply", "opens:reply"))
            case "does:on-it" | "does:done" as act:
                self.ticked.append(action["text"]["text"])
                self.coming.clear()
                steps = ("Done: Contain it", "Done: Tell the DPO and management")
                left = [s for s in steps if s not in self.ticked]
                self.repaint(
                    f"BR-1 {act}",
                    button("Clocks", "opens:clocks"),
                    *(button(s, f"does:done#{n}") for n, s in enumerate(left)),
                )
        return {}

    def _submit(self, payload: Json) -> Json:
        name, typed = payload["view"]["callback_id"], payload["view"]["state"]["values"]
        if name == "sent":
            return said("BR-1", "On record. Thank you.")
        if name != "breach" and "4111" in typed["summary"]["summary"]["value"]:
            return {"response_action": "errors", "errors": {"summary": "This looks like a card number."}}
        if name == "log":
            self.audit.append("interaction.logged")
            self.coming += [
                (self.time + timedelta(hours=h), act) for h, act in ((6, self._remind), (24, self._overdue))
            ]
            return said("Logged", "Logged. The reply is due Tue 10:00 (London).")
        if name == "reply":
            self.coming.clear()
            self.repaint("Settled: Reply logged")
            return said("Logged", "Logged.")
        self.audit.append("breach.reported")
        self._call(PRIYA)
        self.coming.append((self.time + timedelta(minutes=15), lambda: self._call(MARGARET)))
        return said("Thank you", "Thank you for reporting this. Your reference is BR-1.")


@asynccontextmanager
async def toy_firm(*, pace: float = 1.0, **more: Any) -> AsyncIterator[ToyFirm]:
    """The firm with its page at `url`; `more` goes into it."""
    workspace, bot = Workspace(), web.Application()
    for id, (name, _part) in PARTS.items():
        email = f"{name.split()[0].lower()}@harbour.example"
        workspace.add_user(id, name, email, is_restricted=id == TOMAS)
    runner = web.AppRunner(bot, access_log=None, shutdown_timeout=0.1)
    placeholder = "http://127.0.0.1/slack/events"
    firm = ToyFirm(workspace=workspace, hands=Hands(workspace, placeholder), **more)
    bot.router.add_post("/slack/events", firm.answer)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    firm.hands = Hands(workspace, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    firm.slack = await start(workspace, extra_routes=routes(firm, pace=pace))
    try:
        yield firm
    finally:
        workspace.touch()  # whoever still waits for news sees that the page is gone
        await firm.hands.close()
        await firm.slack.stop()
        await runner.cleanup()
