"""The socket beside the database (`<db>.sock`): where the running service takes what the command line hands over.

Invariants: mode 0600 from the first moment; only the service's own user and root are answered, and the system, not the
caller, says who it is; only requests of the command line come in here, so nobody can pass for a person in chat or for
the service itself.
One request a connection, one JSON line each way.
"""

import asyncio
import json
import os
import socket
import stat
import struct
import sys
import tempfile
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from bot import os_user
from handlers.request import Kind, Request
from handlers.views import Data, Reply, Say

LONGEST = 100  # bytes of a path that every system takes as a socket's name
MOST_BYTES = 1 << 28
_LONG_NUMBER = 12
_ITS_OWN = frozenset({"accounts.seen", "workspace.pin", "policy.in-force", "secret.known"})
_FOLDER, _SHORT = "sopwith-", "desk.sock"


class Doorway(Protocol):
    """What answers."""

    async def handle(self, request: Request) -> Reply: ...


def operator() -> str:
    """Whoever runs this command, as it stands in the audit log."""
    return os_user.speaker("cli")


# --- a request and an answer as one line ---------------------------------------------------------------------------


def written(request: Request) -> bytes:
    """A request of the command line; its values are texts."""
    told = {"name": request.name, "operator": request.operator, "rows": [dict(row) for row in request.rows]}
    values = {key: value for key, value in request.values.items() if isinstance(value, str)}
    if len(values) < len(request.values):
        raise TypeError("the command line hands over texts only")
    return _line(told | {"values": values})


def understood(line: bytes) -> Request:
    """The request in a line; ValueError for anything else, and for what the service asks only of itself."""
    try:
        told = json.loads(line)
        values, rows = dict(told["values"]), [dict(row) for row in told["rows"]]
        texts = [told["name"], told["operator"], *values.values(), *(cell for row in rows for cell in row.values())]
    except (KeyError, TypeError, RecursionError) as fault:
        raise ValueError("not a request") from fault
    if not all(map(_is_text, (*texts, *values))) or told["name"] in _ITS_OWN or not _is_table(rows):
        raise ValueError("not a request")
    return Request(kind=Kind.DESK, name=told["name"], operator=told["operator"], values=values, rows=tuple(rows))


def _is_text(found: object) -> bool:
    """What any database can keep: no NUL, no half of a character."""
    return isinstance(found, str) and "\0" not in found and not any("\ud800" <= c <= "\udfff" for c in found)


def _is_table(rows: list[dict[str, str]]) -> bool:
    """Each row has every column, and a line of its own."""
    lines = [row["line"] for row in rows if "line" in row]
    short = all(len(line) < _LONG_NUMBER for line in lines)
    return short and len({*lines}) == len(lines) and len({frozenset(row) for row in rows}) <= 1


def written_reply(reply: Reply) -> bytes:
    """An answer; a refusal is a `said`."""
    if isinstance(reply, Data):
        return _line({"data": reply.data, "ok": reply.ok})
    return _line({"said": reply.text if isinstance(reply, Say) else ""})


def understood_reply(line: bytes) -> Reply:
    """The answer in a line."""
    told: dict[str, Any] = json.loads(line)
    return Data(data=told["data"], ok=bool(told["ok"])) if "data" in told else Say(text=str(told["said"]))


def _line(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, default=str).encode() + b"\n"


# --- where it is ---------------------------------------------------------------------------------------------------


def socket_path(database: Path) -> Path:
    """Beside the database."""
    return Path(f"{database.resolve()}.sock")


def connected(path: Path) -> socket.socket:
    """A connection to the service behind `path`; OSError when none answers there."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        made.connect(str(path.readlink() if path.is_symlink() else path))
    except OSError:
        made.close()
        raise
    return made


def _bound(path: Path) -> socket.socket:
    """Whoever holds the database's lock may clear away what a killed service left. A name too long for a socket becomes
    a link to one in a new folder that only this user can enter."""
    _cleared(path)
    place = path if len(os.fsencode(path)) <= LONGEST else Path(tempfile.mkdtemp(prefix=_FOLDER)) / _SHORT
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        made.bind(str(place))
    finally:
        os.umask(before)
    if place != path:
        path.symlink_to(place)
    return made


def _cleared(path: Path) -> None:
    with suppress(OSError):
        if path.is_symlink():
            target = path.readlink()
            path.unlink()
            if target.name == _SHORT and target.parent.name.startswith(_FOLDER):  # else the link is not ours
                target.unlink(missing_ok=True)
                target.parent.rmdir()
        elif stat.S_ISSOCK(path.lstat().st_mode):
            path.unlink()


# --- the service's side --------------------------------------------------------------------------------------------


class Desk:
    """The open socket; `close` finishes what is in hand and takes it away."""

    def __init__(self, path: Path, doorway: Doorway) -> None:
        self._path = path
        self._doorway = doorway
        self._server: asyncio.Server | None = None
        self._in_hand: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Take requests from now on."""
        self._server = await asyncio.start_unix_server(self._come_in, sock=_bound(self._path), limit=MOST_BYTES)

    async def _come_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task:
            self._in_hand.add(task)
            task.add_done_callback(self._in_hand.discard)
        try:
            with suppress(ConnectionError):
                await self._serve(reader, writer)
        finally:
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        caller = _caller(writer.get_extra_info("socket"))
        if caller and caller.uid not in (0, os.getuid()):
            return
        try:
            request = understood(await reader.readline())
        except (ValueError, asyncio.LimitOverrunError):
            return
        if caller:
            request = replace(request, operator=os_user.speaker("cli", uid=caller.uid, pid=caller.pid))
        writer.write(written_reply(await self._doorway.handle(request)))
        await writer.drain()

    async def close(self) -> None:
        """No new callers; those inside are answered first."""
        if self._server is None:
            return
        self._server.close()
        _cleared(self._path)
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=10)


class _Caller(NamedTuple):
    pid: int
    uid: int


def _caller(made: socket.socket) -> _Caller | None:
    """The caller as the kernel vouches for it; None where it cannot be asked."""
    if sys.platform != "linux":
        return None
    pid, uid, _gid = struct.unpack("3i", made.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))
    return _Caller(pid, uid)


async def serve_socket(path: Path, doorway: Doorway) -> Desk:
    """Open the socket at `path` (`socket_path` of the database) for this doorway; `await desk.close()` at the end."""
    desk = Desk(path, doorway)
    await desk.open()
    return desk
