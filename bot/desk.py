"""How the command line acts: its request goes through the one doorway, in the running service or, if none runs, here.

Invariants: on SQLite only one process writes, so whoever finds the database taken hands its request over the socket
beside it; the operator is the operating system's user.
"""

import asyncio
import json
import socket
import time
from collections.abc import Mapping

from bot import telemetry
from bot.config import Settings
from bot.desk_socket import connected, operator, serve_socket, socket_path, understood_reply, written
from bot.terminal import No
from handlers.request import Kind, Request
from handlers.views import Data, Reply, Say
from storage.store import InUse, sqlite_path

__all__ = ["asked", "hand_over", "serve_socket", "socket_path"]

PATIENCE = 5.0  # seconds for another command to finish, or for a service to open its socket
ANSWER = 300.0
QUIET = 40  # faults of ours alone, by reference: what else there is to say is said in the answer


def asked(name: str, values: Mapping[str, str], rows: tuple[Mapping[str, str], ...] = ()) -> Request:
    """A request of the command line, in the name of whoever runs it."""
    return Request(kind=Kind.DESK, name=name, operator=operator(), values=values, rows=rows)


def hand_over(settings: Settings, request: Request) -> Data:
    """The doorway's answer. `No` with its words when it is refused or fails; `InUse` when somebody else keeps writing
    and no service answers."""
    reply = _answer(settings, request)
    if isinstance(reply, Say):
        raise No(reply.text or "This cannot be done from here.")
    if not isinstance(reply, Data):
        raise TypeError(f"{request.name} answered with a {type(reply).__name__}")
    if no := _no(reply):
        raise No(no)
    return reply


def _no(reply: Data) -> str:
    """The words of a refusal, or of a fault with its reference; an answer with faults of its own has none."""
    if reply.ok or not isinstance(reply.data, Mapping):
        return ""
    return str(reply.data.get("refused") or reply.data.get("problem") or "")


def _answer(settings: Settings, request: Request) -> Reply:
    telemetry.set_up(QUIET)
    until = time.monotonic() + PATIENCE
    while (reply := _from_service(settings, request)) is None:
        try:
            return _from_here(settings, request)
        except InUse:  # a service that has not opened its socket yet, or another command
            if time.monotonic() > until:
                raise
        time.sleep(0.2)
    return reply


def _from_here(settings: Settings, request: Request) -> Reply:
    from bot.opening import local_doorway  # noqa: PLC0415  opens the record: not before it is needed

    with local_doorway(settings) as doorway:
        return asyncio.run(doorway.handle(request))


def _from_service(settings: Settings, request: Request) -> Reply | None:
    """None when no service answers at the socket. Once the request is out there is no second try: it may be done."""
    database = sqlite_path(settings.database_url)
    if database is None:
        return None
    try:
        line = connected(socket_path(database))
    except OSError:
        return None
    with line:
        line.settimeout(ANSWER)
        try:
            return _exchanged(line, written(request))
        except (OSError, ValueError):
            raise No(
                "The running service did not answer. Look there whether it was done before you try again."
            ) from None


def _exchanged(line: socket.socket, request: bytes) -> Reply:
    line.sendall(request)
    with line.makefile("rb") as answers:
        answer = answers.readline()
    if not answer:
        raise json.JSONDecodeError("no answer", "", 0)
    return understood_reply(answer)
