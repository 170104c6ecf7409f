"""A real Bolt app on loopback, small enough to read, and the sandbox workspace it lives in."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.hands import Hands
from bot.sandbox.person import Person
from bot.sandbox.server import start
from bot.sandbox.workspace import Workspace

ADA, BEN, STRANGER = "U0ADA", "U0BEN", "U0STRANGER"


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def option(text: str) -> dict[str, Any]:
    return {"text": words(text), "value": text.lower().replace(" ", "-")}


def field_of(id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": id, "label": words(label), "element": {"action_id": id, **element}, **more}


def note_form(*extra: dict[str, Any]) -> dict[str, Any]:
    channels = [option("Company email"), option("Another channel")]
    summary = {"type": "plain_text_input", "multiline": True, "max_length": 500}
    blocks = [
        field_of("client", "Client", {"type": "external_select", "min_query_length": 1}),
        field_of("channel", "Channel", {"type": "static_select", "options": channels}, dispatch_action=True),
        *extra,
        field_of("when", "When", {"type": "datetimepicker", "initial_date_time": 1_774_627_200}),
        field_of("summary", "Summary", summary),
        field_of("who", "Who will reply?", {"type": "users_select"}, optional=True),
        field_of("tags", "Tags", {"type": "checkboxes", "options": [option("Urgent"), option("Fee")]}, optional=True),
    ]
    return {
        "type": "modal",
        "callback_id": "note",
        "private_metadata": "form-1",
        "title": words("Log interaction"),
        "submit": words("Log"),
        "close": words("Cancel"),
        "notify_on_close": True,
        "blocks": blocks,
    }


def button(label: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": label.lower(), "text": words(label), "value": "42", **more}


def card(text: str, *labels: str) -> list[dict[str, Any]]:
    lines: list[dict[str, Any]] = [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]
    return [*lines, {"type": "actions", "block_id": "deadline", "elements": [button(b) for b in labels]}]


@dataclass(kw_only=True)
class House:
    """Everything a test touches; `heard` are the bodies Bolt gave its listeners, in order."""

    workspace: Workspace
    client: AsyncWebClient
    app: AsyncApp
    hands: Hands
    heard: list[dict[str, Any]] = field(default_factory=list)


def _listen_to_forms(house: House) -> None:
    app = house.app

    @app.use
    async def hear(body: dict[str, Any], next: Any) -> None:
        house.heard.append(body)
        await next()

    @app.command("/note")
    async def note(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=note_form())
        await ack()

    @app.options("client")
    async def clients(ack: Any, payload: dict[str, Any]) -> None:
        await ack(options=[option(n) for n in ("Quiet Heron", "Quick Fox") if payload["value"].lower() in n.lower()])

    @app.action("channel")
    async def channel(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        which = field_of("which", "Which channel?", {"type": "plain_text_input"})
        view, other = body["view"], body["actions"][0]["selected_option"]["value"] == "another-channel"
        await client.views_update(view_id=view["id"], hash=view["hash"], view=note_form(*[which] * other))
        await ack()

    @app.view("note")
    async def noted(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        summary = body["view"]["state"]["values"]["summary"]["summary"]["value"]
        if "4111" in summary:
            await ack(response_action="errors", errors={"summary": "This looks like a card number."})
        elif summary == "elsewhere":
            await ack(response_action="errors", errors={"no-such-field": "This looks like a card number."})
        elif summary in ("push", "update"):
            await ack(response_action=summary, view=note_form())
        elif summary in ("clear", "dance"):
            await ack({"response_action": summary})
        else:
            await client.chat_postMessage(channel=body["user"]["id"], text="Due today", blocks=card("Due", "Why?"))
            await ack()


def _listen_to_the_rest(app: AsyncApp) -> None:
    @app.command("/say")
    async def say(ack: Any, body: dict[str, Any]) -> None:
        await ack(f"You said {body['text']}")

    @app.view_closed("note")
    @app.action("why?")
    @app.shortcut("log")
    @app.event("team_join")
    @app.event("user_change")
    async def only_hear(ack: Any) -> None:
        await ack()

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        blocks = card("My duties", "Refresh")
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


@pytest.fixture
async def house() -> AsyncIterator[House]:
    workspace = Workspace()
    workspace.add_user(ADA, "Ada Lane", "ada@harbour.example")
    workspace.add_user(BEN, "Ben Okri", "ben@harbour.example", tz="America/New_York")
    workspace.add_user(STRANGER, "Sam Other", "sam@other.example", team_id="T0OTHER", is_stranger=True)
    slack = await start(workspace)
    client = AsyncWebClient(token=workspace.bot_token, base_url=slack.api_url, retry_handlers=[])
    app = AsyncApp(client=client, signing_secret=workspace.signing_secret, process_before_response=True)

    async def events(request: web.Request) -> web.Response:
        return await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))

    server = web.Application()
    server.router.add_post("/slack/events", events)
    runner = web.AppRunner(server, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hands = Hands(workspace, f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    made = House(workspace=workspace, client=client, app=app, hands=hands)
    _listen_to_forms(made)
    _listen_to_the_rest(app)
    yield made
    await hands.close()
    await runner.cleanup()
    await slack.stop()


@pytest.fixture
def ada(house: House) -> Person:
    return Person(house.hands, ADA)
