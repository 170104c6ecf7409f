"""How far this machine's clock is from Slack's: what falls due falls due by this clock, and people read Slack's.

Invariants: the Date of each answer is compared with when it was asked for and when it came, so that a slow answer is no
difference; only what is certain counts (Date has whole seconds); crossing the limit is logged once, with the seconds.
"""

import time
from email.utils import parsedate_to_datetime
from types import SimpleNamespace

import aiohttp

from bot import telemetry

LIMIT = 5.0  # seconds


class Skew:
    """`ahead` is by how many seconds, at least, this clock is before Slack's; negative: behind."""

    def __init__(self) -> None:
        self.ahead = 0.0

    @property
    def wrong(self) -> str:
        """What is wrong, in words; nothing within the limit."""
        if abs(self.ahead) <= LIMIT:
            return ""
        return f"this machine's clock is {abs(self.ahead):.0f} s {'ahead of' if self.ahead > 0 else 'behind'} Slack's"

    def note(self, date: str | None, asked: float, answered: float) -> None:
        """`asked` and `answered` by this clock, in seconds since 1970; an answer without a date says nothing."""
        try:
            theirs = parsedate_to_datetime(date or "").timestamp()
        except ValueError:
            return
        before = self.wrong
        self.ahead = max(asked - (theirs + 1.0), 0.0) or min(answered - theirs, 0.0)
        telemetry.SKEW.set(self.ahead)
        if bool(before) is not bool(self.wrong):
            level = telemetry.log.warning if self.wrong else telemetry.log.info
            level("clock", action="clock_skew", seconds=round(self.ahead, 1))

    def tracing(self) -> aiohttp.TraceConfig:
        """Looks at each answer of a session."""
        looking = aiohttp.TraceConfig()

        async def begin(_session: object, context: SimpleNamespace, _params: object) -> None:
            context.asked = time.time()

        async def end(_session: object, context: SimpleNamespace, params: aiohttp.TraceRequestEndParams) -> None:
            self.note(params.response.headers.get("Date"), context.asked, time.time())

        looking.on_request_start.append(begin)
        looking.on_request_end.append(end)
        return looking
