"""Who may use the command line's socket: the service's own user and root, as the system vouches for them."""

import asyncio
import os
from contextlib import suppress
from pathlib import Path

import pytest

from bot import desk_socket
from handlers.request import Kind, Request
from handlers.views import Data, Reply


class Heard:
    """A doorway that keeps what came in."""

    def __init__(self) -> None:
        self.seen: list[Request] = []

    async def handle(self, request: Request) -> Reply:
        self.seen.append(request)
        return Data(data={})


async def said(path: Path) -> bytes:
    """What the socket answers to a request; nothing when it hangs up."""
    reader, writer = await asyncio.open_unix_connection(str(path))
    writer.write(desk_socket.written(Request(kind=Kind.DESK, name="x", operator="margaret")))
    try:
        return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


@pytest.mark.parametrize(("uid", "heard"), [(os.getuid(), True), (0, True), (12345, False)])
async def test_another_user_is_not_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, uid: int, heard: bool
) -> None:
    monkeypatch.setattr(desk_socket, "_caller", lambda _made: desk_socket._Caller(os.getpid(), uid))
    doorway, path = Heard(), tmp_path / "s.sock"
    desk = await desk_socket.serve_socket(path, doorway)
    answer = await said(path.readlink() if path.is_symlink() else path)
    await desk.close()
    assert (bool(answer), len(doorway.seen)) == (heard, int(heard))
