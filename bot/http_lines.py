"""aiohttp's server without its own words: what is no HTTP, or breaks off, is answered as shortly as anything else.

Invariants: no answer holds the server's banner or quotes what was sent; the connection is closed after such an answer.
"""

from http import HTTPStatus

from aiohttp import HttpVersion11, hdrs, web

BANNER = "sopwith"


class Runner(web.AppRunner):
    """As aiohttp's, but for what it says by itself."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Server(made.request_handler, request_factory=made.request_factory, **made._kwargs)  # noqa: SLF001


class _Server(web.Server):
    def __call__(self) -> web.RequestHandler:
        return _Line(self, loop=self._loop, **self._kwargs)


class _Line(web.RequestHandler):
    """One connection."""

    __slots__ = ()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What never came as far as a handler, or broke behind one."""
        super().handle_error(request, status, exc, message)  # logs it; an answer that has begun it breaks off
        answer = web.json_response({"error": HTTPStatus(status).phrase}, status=status, headers={hdrs.SERVER: BANNER})
        answer.force_close()
        return answer


async def expected(request: web.Request) -> None:
    """`Expect: 100-continue` is met, any other expectation passed over."""
    if request.version >= HttpVersion11 and request.headers.get(hdrs.EXPECT, "").lower() == "100-continue":
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # else what is answered now would pass for the rest of an answer
