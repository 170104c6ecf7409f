"""The one HTTP address Slack calls, as an aiohttp handler: `POST /slack/events`.

Invariants: whatever is not signed, badly signed or older than five minutes is answered with 401 before it is parsed;
Bolt looks at the signature again.
"""

from collections.abc import Awaitable, Callable

from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import SignatureVerifier

Handler = Callable[[web.Request], Awaitable[web.Response]]


def events(bolt: AsyncApp, *, signing_secret: str) -> Handler:
    """The handler for `bolt`, whose signing secret this is."""
    verifier = SignatureVerifier(signing_secret)

    async def handle(request: web.Request) -> web.Response:
        try:
            body = await request.read()
        except (web.RequestPayloadError, ConnectionError):  # broken off, or packed as nothing unpacks
            return web.json_response({"error": "unreadable request"}, status=400)
        if not genuine(verifier, body, request):
            return web.json_response({"error": "invalid request"}, status=401)
        try:
            sent = await to_bolt_request(request)
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            return web.json_response({"error": "unreadable request"}, status=400)
        return await to_aiohttp_response(await bolt.async_dispatch(sent))

    return handle


def genuine(verifier: SignatureVerifier, body: bytes, request: web.Request) -> bool:
    """Slack's v0 signature over the exact bytes, at most five minutes old. Time stamps that are no numbers, signatures
    that are no ASCII and bodies that are no text make the verifier raise: they are forged."""
    timestamp = request.headers.get("X-Slack-Request-Timestamp")
    signature = request.headers.get("X-Slack-Signature")
    try:
        return verifier.is_valid(body, timestamp, signature)
    except (ValueError, TypeError, OverflowError):
        return False
