"""One Socket Mode connection: takes envelopes, gives each to be worked on, and acknowledges it when the work is done.

Invariants: an envelope is acknowledged after its commit, on the connection it came by; a frame that cannot be read ends
nothing; a connection that Slack says goodbye on is still read until Slack closes it; nothing of a frame is logged.
"""

import asyncio
from collections.abc import Awaitable, Callable

import aiohttp

from bot import telemetry
from bot.slack.envelopes import Envelope, Goodbye, Hello, Spoilt, read

Work = Callable[[Envelope, str], Awaitable[str | None]]
GREETING = 10.0  # seconds in which Slack says hello
FAREWELL = 30.0  # seconds after a goodbye until a connection that Slack leaves open is closed here
FINISH = 10.0  # seconds that work in hand is waited for


class Connection:
    """`work` gets an envelope and the app's id, and gives the acknowledgement, or nothing."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, work: Work, changed: Callable[[], None]) -> None:
        self._socket = socket
        self._work = work
        self._changed = changed
        self._in_hand: set[asyncio.Task[None]] = set()
        self._finishing = False
        self._gone = asyncio.Event()
        self.app_id: str | None = None
        self.reason = ""

    @property
    def alive(self) -> bool:
        """Slack said hello and has not said goodbye."""
        return self.app_id is not None and not self._gone.is_set()

    async def until_gone(self) -> str:
        """Back when Slack said goodbye or the connection broke, with the word for it; it may be read on."""
        await self._gone.wait()
        return self.reason

    async def listen(self) -> None:
        """Until it is closed, by whichever side."""
        try:
            while await self._next():
                pass
        finally:
            self._go("closed")
            await self._socket.close()

    async def _next(self) -> bool:
        patience = GREETING if self.app_id is None else FAREWELL if self._gone.is_set() else None
        try:
            message = await self._socket.receive(patience)
        except TimeoutError:
            self._go("no hello")
            return False
        if message.type not in (aiohttp.WSMsgType.TEXT, aiohttp.WSMsgType.BINARY):
            return False
        try:
            self._take(message)
        except Spoilt as spoilt:
            telemetry.log.warning("frame ignored", action="socket", reason=str(spoilt))
        return True

    def _take(self, message: aiohttp.WSMessage) -> None:
        if message.type is aiohttp.WSMsgType.BINARY:
            raise Spoilt("binary")
        match read(message.data):
            case Hello(app_id=app_id) if self.app_id is None:  # whose connection it is does not change
                self.app_id = app_id
                self._changed()
            case Goodbye(reason=reason):
                self._go(reason)
            case Envelope() as envelope if not self._finishing:
                task = asyncio.create_task(self._answer(envelope))
                self._in_hand.add(task)
                task.add_done_callback(self._in_hand.discard)

    async def _answer(self, envelope: Envelope) -> None:
        try:
            said = await self._work(envelope, self.app_id or "")
            if said is not None:
                await self._socket.send_str(said)
        except (aiohttp.ClientError, OSError) as error:  # Slack sends an event again; a person presses again
            telemetry.log.warning("not acknowledged", action="socket", reason=type(error).__name__)
        except Exception as error:  # noqa: BLE001  a task that ends unseen
            telemetry.fault("slack", "envelope", error)

    def _go(self, reason: str) -> None:
        if not self._gone.is_set():
            self.reason = reason
            self._gone.set()
            self._changed()

    async def finish(self) -> None:
        """Take nothing new, finish what is in hand, close."""
        self._finishing = True
        if self._in_hand:
            await asyncio.wait(set(self._in_hand), timeout=FINISH)
        await self._socket.close()
