"""Slack's requests, as Bolt verifies and routes them, on their way to the doorway and back.

Invariants: a request is answered after the commit (`process_before_response`), whether or not a window could be opened;
nobody outside the pinned workspace gets past here; ids of people, words and payloads are never logged, and Bolt's own
loggers are shut (see wire.py); a fault becomes an answer of 200 with a reference, never a 500.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot import telemetry
from bot.slack import blocks, forms, incoming
from bot.slack.answers import Answers, stranger
from bot.slack.directory import Directory
from bot.slack.incoming import Body, Doorway, ours, place_of, user_of
from bot.slack.manifest import OWN, SHORTCUT
from bot.slack.shapes import sound
from bot.slack.text import Json
from bot.slack.windows import Windows
from bot.slack.wire import hush, quiet_logger
from handlers.request import Account, Kind, Request
from handlers.views import Form, Invalid, Options, Page, Reply, Say
from handlers.words import _

Listener = Callable[[Mapping[str, Any]], Awaitable[BoltResponse]]
ANY = re.compile(".*", re.DOTALL)


class Sound(AsyncApp):
    """Bolt, which by itself trusts the shape of what is signed."""

    async def async_dispatch(self, req: AsyncBoltRequest) -> BoltResponse:
        """400 for what does not look like Slack's, by whichever way it came."""
        if not sound(req.body):
            return BoltResponse(status=400, body={"error": "unreadable request"})
        return await super().async_dispatch(req)


def app(
    doorway: Doorway,
    directory: Directory,
    *,
    signing_secret: str,
    client: AsyncWebClient,
    team_id: str | None = None,
) -> AsyncApp:
    """Bolt with our listeners. `team_id` is the pinned workspace; without it the one that `directory.connect` found,
    and until then everybody is a stranger."""
    hush(client.logger)
    client.retry_handlers = []

    async def authorize(team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id=team_id, bot_token=client.token)

    bolt = Sound(
        logger=quiet_logger(),
        name="slack_bolt.sopwith",
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        signing_secret=signing_secret,
        client=client,
        authorize=authorize,
        ssl_check_enabled=False,  # it is answered before the signature is looked at
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
    )
    _listen(bolt, Listeners(doorway, directory, client, team_id))
    return bolt


def _listen(bolt: AsyncApp, ears: "Listeners") -> None:
    """Bolt asks one after the other whether it is meant, and none is meant with another: what comes often stands
    first."""
    bolt.view_submission("form")(_heard(ears.submitted))
    bolt.block_action(ANY)(_heard(ears.pressed))
    bolt.options(ANY)(_heard(ears.typed))
    for name in (*OWN, "sopwith"):
        bolt.command(f"/{name}")(_heard(ears.command))
    bolt.shortcut(SHORTCUT)(_heard(ears.shortcut))
    bolt.event("app_home_opened")(_heard(ears.home_opened))
    for event in ("team_join", "user_change"):
        bolt.event(event)(_heard(ears.person_changed))
    bolt.error(_failed)


def _heard(listener: Listener) -> Callable[..., Awaitable[BoltResponse]]:
    """As Bolt calls it: by the names of its arguments."""

    async def listen(body: dict[str, Any]) -> BoltResponse:
        return await listener(body)

    return listen


class Listeners:
    """One method for each thing that Slack sends. Each gives the HTTP answer."""

    def __init__(self, doorway: Doorway, directory: Directory, client: AsyncWebClient, team_id: str | None) -> None:
        self._directory = directory
        self._team_id = team_id
        self._windows = Windows(client)
        self._answers = Answers(doorway, directory, self._windows)

    @property
    def team_id(self) -> str | None:
        return self._team_id or self._directory.team_id

    async def command(self, body: Body) -> BoltResponse:
        """/log-client, /report-breach, /sopwith."""
        account = self._known(body)
        if account is None:
            return _answer(blocks.whispered(stranger()))
        say = await self._answers.show(incoming.command(body, account), place_of(body), in_words=True)
        return _answer(blocks.whispered(say) if say else "")

    async def shortcut(self, body: Body) -> BoltResponse:
        """“Log client interaction”, from the menu or on a message."""
        account = self._known(body)
        if account:
            await self._show(incoming.shortcut(body, account), body)
        else:
            await self._turn_away(body)
        return _answer()

    async def pressed(self, body: Body) -> BoltResponse:
        """A button, or a field that changes its form."""
        account = self._known(body)
        if account is None:
            await self._turn_away(body)
            return _answer()
        request = incoming.pressed(body, account)
        if request and incoming.refreshes(body):
            await self._answers.repaint(request, place_of(body), str(body["actions"][0].get("action_ts", "")))
        elif request:
            await self._show(request, body)
            await self._follow_up(request, body, account)
        return _answer()

    async def submitted(self, body: Body) -> BoltResponse:
        """A form: closed, answered, or kept open with what is wrong beside its fields."""
        account = self._known(body)
        if account is None:
            return _answer({"response_action": "update", "view": blocks.say(stranger())})
        reply = await self._answers.ask(incoming.submission(body, account), user_of(body))
        if forms.Meta.of(body["view"]).home and not isinstance(reply, Invalid):
            await self._publish_home(body, account)
        return _answer(_after_submit(reply, body["view"]))

    async def typed(self, body: Body) -> BoltResponse:
        """A type-ahead; somebody who may not ask is offered nothing."""
        account = self._known(body)
        reply = await self._answers.ask(incoming.typed(body, account), user_of(body)) if account else None
        return _answer(forms.suggestions(reply if isinstance(reply, Options) else Options(options=())))

    async def home_opened(self, body: Body) -> BoltResponse:
        """The home tab, painted each time it is looked at."""
        account = self._known(body)
        if account and body["event"].get("tab") == "home":
            await self._answers.publish_home(incoming.look_home(body, account), user_of(body))
        return _answer()

    async def person_changed(self, body: Body) -> BoltResponse:
        """Somebody joined, left, or has another name, address or zone."""
        if ours(body, self.team_id):
            await self._directory.changed(body["event"]["user"])
        return _answer()

    def _known(self, body: Body) -> Account | None:
        team_id = self.team_id
        return incoming.account_of(body, team_id) if team_id and ours(body, team_id) else None

    async def _show(self, request: Request, body: Body) -> None:
        place = place_of(body)
        say = await self._answers.show(request, place)
        if say:
            await self._windows.whisper(place, say)

    async def _turn_away(self, body: Body) -> None:
        await self._windows.show(place_of(body), blocks.say(stranger()))

    async def _follow_up(self, request: Request, body: Body, account: Account) -> None:
        """What was done shows itself: on the home tab, or on the page whose button it was."""
        if request.kind is Kind.ACTION:
            place = place_of(body)
            await self._answers.reread(place, account)
            if place.home:
                await self._publish_home(body, account)

    async def _publish_home(self, body: Body, account: Account) -> None:
        await self._answers.publish_home(Request(kind=Kind.HOME, name="home", account=account), user_of(body))


def _after_submit(reply: Reply, view: Mapping[str, Any]) -> Json:
    if isinstance(reply, Invalid):
        errors = forms.beside(reply.errors or {"": _("This could not be saved. Please try again.")}, view)
        if errors:
            return {"response_action": "errors", "errors": errors}
        reply = Say(text="\n".join(reply.errors.values()))
    match reply:
        case Form():
            return {"response_action": "update", "view": forms.form(reply, home=forms.Meta.of(view).home)}
        case Page():
            return {"response_action": "update", "view": blocks.page(reply)}
        case Say():
            return {"response_action": "update", "view": blocks.say(reply)}
    return {"response_action": "clear"}


def _answer(body: Json | str = "") -> BoltResponse:
    return BoltResponse(status=200, body=body)


async def _failed(error: Exception, body: dict[str, Any]) -> BoltResponse:
    """What nobody listens to is answered with 200. A bug leaves a reference in the log, with the place in the code and
    without a word of the payload; the person sees the reference."""
    if isinstance(error, BoltUnhandledRequestError):
        return _answer()
    reference = secrets.token_hex(4)
    telemetry.fault("slack", "command" if "command" in body else str(body.get("type")), error, reference=reference)
    words = _(
        "Something went wrong here, and it may not have been saved. Please try again, or tell the administrator: {}"
    )
    return _trouble(body, words.format(reference))


def _trouble(body: Mapping[str, Any], words: str) -> BoltResponse:
    if body.get("type") == "view_submission":
        return _answer(_after_submit(Invalid(errors={"": words}), body["view"]))
    if body.get("type") == "block_suggestion":
        return _answer(forms.suggestions(Options(options=())))
    return _answer(blocks.whispered(Say(text=words)) if "command" in body else "")
