"""One call to Slack's Web API: its time limit, its faults in the words of bot/senders.py, and silence in the logs.

Invariants: nothing is retried here; of a fault only Slack's error code is kept, never the answer or the arguments. The
SDK and Bolt write whole payloads to their loggers (at DEBUG, and unsigned bodies at INFO), so theirs are shut for good:
`hush` puts a filter on them that nothing passes, and a level that keeps them from even making the words.
"""

import asyncio
import logging
from collections.abc import Awaitable

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.senders import Limited, Rejected, Trouble, Unreachable

API_URL = "https://slack.com/api/"
PATIENCE = 10.0
_WAIT = 30.0  # when Slack asks to wait and does not say how long

_LIMITED = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
_UNREACHABLE = frozenset(
    {
        "user_not_found",
        "users_not_found",
        "user_not_visible",
        "user_disabled",
        "cannot_dm_bot",
        "channel_not_found",
        "is_archived",
    }
)
_REJECTED = frozenset(
    {
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_arguments",
        "invalid_arg_name",
        "msg_too_long",
        "msg_blocks_too_long",
        "no_text",
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "view_too_large",
    }
)


def web_client(*, token: str, api_url: str = API_URL, session: aiohttp.ClientSession | None = None) -> AsyncWebClient:
    """A client that does not retry and does not log. A `session` (closed by whoever made it) keeps connections open
    between calls; without one each call opens its own."""
    client = AsyncWebClient(token=token, base_url=api_url, session=session, retry_handlers=[], logger=quiet_logger())
    client.retry_handlers = []
    return client


def quiet_logger() -> logging.Logger:
    """A logger for the SDK and Bolt that keeps everything to itself."""
    return hush(logging.getLogger("sopwith.slack.quiet"))


def hush(logger: logging.Logger) -> logging.Logger:
    """Shut this logger, whatever level anybody sets later."""
    logger.setLevel(logging.CRITICAL + 10)
    if nothing not in logger.filters:
        logger.addFilter(nothing)
    return logger


def nothing(_record: logging.LogRecord) -> bool:
    """The filter that nothing passes."""
    return False


async def call(
    work: Awaitable[AsyncSlackResponse], *, limit: float = PATIENCE, everywhere: bool = False
) -> AsyncSlackResponse:
    """Slack's answer within `limit` seconds; else Limited, Unreachable, Rejected or Trouble. `everywhere`: a rate limit
    of this method is the whole workspace's, not one conversation's."""
    try:
        return await asyncio.wait_for(work, limit)
    except SlackApiError as error:
        raise fault(error, everywhere=everywhere) from None
    except (TimeoutError, aiohttp.ClientError, OSError, ValueError) as error:
        raise Trouble(type(error).__name__) from None


def fault(error: SlackApiError, *, everywhere: bool = False) -> Limited | Unreachable | Rejected | Trouble:
    """What this fault means for whoever wanted to tell somebody something."""
    code, status = code_of(error), getattr(error.response, "status_code", 0)
    if status == 429 or code in _LIMITED:
        seconds = _seconds(getattr(error.response, "headers", None) or {})
        return Limited(seconds, everywhere=everywhere or code == "message_limit_exceeded")
    if code in _UNREACHABLE:
        return Unreachable(code)
    if code in _REJECTED:
        return Rejected(code)
    return Trouble(code or f"status {status}")


def code_of(error: SlackApiError) -> str:
    """Slack's word for it, or nothing when the answer was not Slack's."""
    data = getattr(error.response, "data", None)
    return str(data.get("error", "")) if isinstance(data, dict) else ""


def _seconds(headers: object) -> float:
    """Retry-After in seconds; the SDK hands headers over as aiohttp gives them, whatever their case."""
    for name, value in dict(headers).items():  # type: ignore[call-overload]
        if str(name).lower() == "retry-after":
            try:
                return max(0.0, float(value))
            except ValueError:
                return _WAIT
    return _WAIT
