"""A line to the database that breaks: everything between client and server goes through here, on loopback.

`cut()` breaks all that stands. `lose_commits` breaks a line at the next COMMIT: `behind` it, so that it is done and the
answer lost, or `before` it, so that the server never hears of it.
"""

import select
import socket
import threading
from contextlib import suppress
from typing import Literal

from sqlalchemy import make_url

PIECE = 65536


class Line:
    """Listens until `close()`; `url` is the way through it."""

    def __init__(self, url: str) -> None:
        there = make_url(url)
        self._server = f"{there.query['host']}/.s.PGSQL.5432"
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._pairs: set[tuple[socket.socket, socket.socket]] = set()
        self._lose: list[Literal["behind", "before"]] = []
        port = self._listening.getsockname()[1]
        through = there.set(host="127.0.0.1", port=port, query={"sslmode": "disable", "gssencmode": "disable"})
        self.url = through.render_as_string(hide_password=False)
        threading.Thread(target=self._serve, daemon=True).start()

    def lose_commits(self, *where: Literal["behind", "before"]) -> None:
        """Break the line at the next COMMITs, one for each word."""
        self._lose.extend(where)

    def cut(self) -> None:
        """Break every line that stands; new ones can be made."""
        for pair in list(self._pairs):
            self._break(pair)

    def close(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)  # or else it would take one more
        self._listening.close()
        self.cut()

    def _serve(self) -> None:
        with suppress(OSError):
            while True:
                client, _address = self._listening.accept()
                server = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
                server.connect(self._server)
                self._pairs.add((client, server))
                threading.Thread(target=self._carry, args=((client, server),), daemon=True).start()

    def _carry(self, pair: tuple[socket.socket, socket.socket]) -> None:
        client, server = pair
        with suppress(OSError, ValueError):
            while True:
                for source in select.select(pair, (), ())[0]:
                    piece = source.recv(PIECE)
                    if not piece:
                        return self._break(pair)
                    if source is client and self._lose and b"COMMIT" in piece:
                        if self._lose.pop(0) == "behind":
                            server.sendall(piece)
                            server.recv(PIECE)  # it is done
                        return self._break(pair)
                    (server if source is client else client).sendall(piece)
        return self._break(pair)

    def _break(self, pair: tuple[socket.socket, socket.socket]) -> None:
        self._pairs.discard(pair)
        for end in pair:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
