"""The way out to Teams: the SDK's adapter and its Connector client over one aiohttp session.

Invariants: one client for each service address, made once; nothing is tried again here (the SDK would, in threads);
each call has its time; a fault becomes Limited, Trouble, Unreachable or Rejected, with a word of ours, and nothing of
the message. Our token goes to an address only that a signed activity named.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import aiohttp
from botbuilder.core import BotAdapter, TurnContext
from botbuilder.schema import Activity, ConversationReference, ResourceResponse
from botframework.connector.aio import ConnectorClient
from msrest.exceptions import ClientException
from msrest.pipeline import Request, Response
from msrest.pipeline.async_abc import AsyncHTTPSender, AsyncPipeline
from msrest.pipeline.universal import RawDeserializer
from msrest.universal_http.aiohttp import AioHttpClientResponse

from bot.senders import Limited, Rejected, Trouble, Unreachable
from bot.teams.credentials import Credentials

PATIENCE = 10.0
WAIT = 5.0  # seconds, when we are asked to wait and not told how long
LONGEST = 3600.0
T = TypeVar("T")


class _Answer(AioHttpClientResponse):
    """An empty body is one too."""

    def body(self) -> bytes:
        return self._body or b""


class _Way(AsyncHTTPSender[Any, Any]):
    """One call over the session, as who we are; only an answer of 2xx gets to the SDK."""

    def __init__(self, credentials: Credentials) -> None:
        self._credentials = credentials

    async def __aenter__(self) -> "_Way":
        return self

    async def __aexit__(self, *_why: object) -> None: ...

    async def send(self, request: Request[Any], **_config: Any) -> Response[Any, Any]:
        session, call = self._credentials.session, request.http_request
        if session is None:
            raise Trouble("no session")
        headers = {name: text for name, text in call.headers.items() if name.lower() != "content-length"}
        headers["Authorization"] = f"Bearer {await self._credentials.token()}"
        async with session.request(
            call.method, call.url, data=_unescaped(call.data), headers=headers, allow_redirects=False
        ) as answer:
            if not 200 <= answer.status < 300:
                if answer.status == 401:
                    self._credentials.not_taken()
                raise fault(answer.status, answer.headers.get("Retry-After", ""), edits=call.method == "PUT")
            self._credentials.taken()
            response = _Answer(call, answer)
            await response.load_body()
            return Response(request, response)


def _unescaped(body: Any) -> Any:
    """The SDK escapes every letter beyond ASCII, which makes a message six times as long as Teams needs it."""
    return json.dumps(json.loads(body), ensure_ascii=False).encode() if isinstance(body, str) else body


def fault(status: int, wait: str, *, edits: bool) -> Limited | Unreachable | Rejected | Trouble:
    """What this answer of the Connector's means. 403: the app was removed or blocked, or the person left; 404: there is
    no such conversation or, for an edit, no such message."""
    if status == 429:
        return Limited(min(float(wait), LONGEST) if wait.isdigit() else WAIT)
    if status == 403 or (status == 404 and not edits):
        return Unreachable(f"status {status}")
    if status in {400, 404, 405, 413}:
        return Rejected(f"status {status}")
    return Trouble(f"status {status}")


class Adapter(BotAdapter):
    """Sends, edits and asks for the SDK; a turn is begun by `turn`, for an activity or a stored reference."""

    def __init__(self, credentials: Credentials) -> None:
        super().__init__()
        self._credentials = credentials
        self._clients: dict[str, ConnectorClient] = {}

    def client(self, service_url: str) -> ConnectorClient:
        """The Connector at this address."""
        if service_url not in self._clients:
            found = ConnectorClient(self._credentials, base_url=service_url, pipeline_type=self._pipeline)
            self._clients[service_url] = found
        return self._clients[service_url]

    def _pipeline(self, _config: object) -> "AsyncPipeline[Any, Any]":
        return AsyncPipeline([RawDeserializer()], _Way(self._credentials))

    async def turn(self, activity: Activity, logic: Callable[[TurnContext], Awaitable[T]]) -> T:
        """Run `logic` as a turn of the SDK's, for an activity that was let in."""
        found: list[T] = []

        async def run(context: TurnContext) -> None:
            found.append(await logic(context))

        await self.run_pipeline(TurnContext(self, activity), run)
        return found[0]

    async def send_activities(self, context: TurnContext, activities: list[Activity]) -> list[ResourceResponse]:
        """Into the conversation of the turn. Raises Limited, Trouble, Unreachable or Rejected."""
        there = self.client(context.activity.service_url).conversations
        return [await self.call(there.send_to_conversation(one.conversation.id, one)) for one in activities]

    async def update_activity(self, context: TurnContext, activity: Activity) -> ResourceResponse | None:
        """In place of the message with the activity's id. Raises as `send_activities`."""
        there = self.client(context.activity.service_url).conversations
        changed: ResourceResponse | None = await self.call(
            there.update_activity(activity.conversation.id, activity.id, activity)
        )
        return changed

    async def delete_activity(self, context: TurnContext, reference: ConversationReference) -> None:
        """Nothing here takes a message back."""
        raise Rejected("no message is taken back")

    async def call(self, work: Awaitable[T]) -> T:
        """What the Connector answers. Raises Limited, Trouble, Unreachable or Rejected."""
        try:
            return await asyncio.wait_for(work, PATIENCE)
        except (TimeoutError, aiohttp.ClientError, OSError, ClientException, ValueError) as error:
            raise Trouble(type(error).__name__) from None
