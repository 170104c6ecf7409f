"""Whoever looks over the house's shoulder: its logs, its figures, its files, its tables, and all that goes to a chat.

Invariants: from before the house is built everything that any library says at DEBUG is kept; of what goes out only
a window, a dialog or an answer for the very person who acted counts as told to a reader, all else as told to everybody.
"""

import io
import json
import logging
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import parse_qs

import aiohttp
import pytest
import structlog
from sqlalchemy import select

from bot import telemetry
from bot.sandbox import seed
from bot.sandbox.delivery import Sent
from bot.sandbox.firm import Firm
from bot.sandbox.records import Call, Json, Message, View
from bot.sandbox.teams.records import ANSWER
from bot.sandbox.teams.world import World
from bot.web import port_of
from storage.schema import metadata
from storage.store import Tx

LOGGERS = ("", "sqlalchemy", "sqlalchemy.engine", "sqlalchemy.pool")  # SQLAlchemy's would else stay at WARNING
WINDOWS = ("views.open", "views.push", "views.update")
PRIVATE = ("task/", "composeExtension/")  # what is answered to these in Teams is a dialog before the one who acted
READERS = {user.aad: user.id for user in seed.CAST}


class Remembering(dict[str, View]):
    """The open windows, and whose each one ever was."""

    def __init__(self) -> None:
        super().__init__()
        self.owners: dict[str, str] = {}

    def __setitem__(self, id: str, view: View) -> None:
        self.owners[id] = view.user
        super().__setitem__(id, view)


class Eavesdropper:
    """`listen` before the firm starts; `follow` the firm; then ask."""

    def __init__(self) -> None:
        self.heard = io.StringIO()
        self._handler = logging.StreamHandler(self.heard)
        self._windows = Remembering()
        self._closed = False
        self._firm: Firm

    def listen(self, monkeypatch: pytest.MonkeyPatch, level: int) -> None:
        """Standard error, structlog and every logger of the standard library."""
        monkeypatch.setattr(sys, "stderr", self.heard)
        telemetry.set_up(level)
        logging.getLogger().addHandler(self._handler)
        for name in LOGGERS:
            logging.getLogger(name).setLevel(level)

    def stop(self) -> None:
        logging.getLogger().removeHandler(self._handler)
        for name in LOGGERS:
            logging.getLogger(name).setLevel(logging.WARNING)
        structlog.reset_defaults()

    def follow(self, firm: Firm) -> None:
        self._firm, firm.workspace.views = firm, self._windows

    async def see_it_close(self) -> None:
        """Stop the firm, once."""
        if not self._closed:
            self._closed = True
            await self._firm.stop()

    async def told_everybody(self) -> list[tuple[str, bytes]]:
        """(where, what) of all that must not hold a word of content, while the house is open."""
        workspace, teams = self._firm.workspace, self._firm.teams
        record = await self._firm.service.doorway.ask(rows)
        return [
            ("the rows", repr(record).encode()),
            ("the rows as bytes", b"\n".join(v for row in record for v in row if isinstance(v, bytes))),
            ("the sandbox page", repr(await self._firm.happened()).encode()),
            *by_method(call for call in workspace.calls if call.method not in WINDOWS),
            ("messages", written([[m.text, m.blocks] for m in self._ours()])),
            ("homes", written([home.json for home in workspace.homes.values()])),
            *(told_in_teams(teams) if teams else ()),
            *await self._over_http(),
        ]

    def _ours(self) -> Iterator[Message]:
        return (m for m in self._firm.workspace.messages if m.user == self._firm.workspace.bot_user_id)

    async def _over_http(self) -> list[tuple[str, bytes]]:
        outer, inner = (port_of(runner) for runner in self._firm.service._runners)
        asked = [(outer, "/healthz"), (outer, "/readyz"), (inner, "/watchz"), (inner, "/metrics")]
        async with aiohttp.ClientSession() as client:
            return [(path, await _got(client, port, path)) for port, path in asked]

    def told_somebody(self) -> Iterator[tuple[str, str, bytes]]:
        """(where, user id, what) of windows and of answers to an act."""
        workspace, teams = self._firm.workspace, self._firm.teams
        for call in workspace.calls:
            if call.method in WINDOWS:
                yield call.method, self._reader(call.arguments), written(call.arguments["view"])
        for sent in self._firm.hands.delivery.sent:
            yield f"the answer to a {sent.kind}", actor(sent), written(sent.answer.body)
        for name, who, sent in acts(teams) if teams else ():
            if name.startswith(PRIVATE):
                yield f"the answer to {name}", READERS.get(who, ""), written(sent.answer.body)

    def _reader(self, arguments: Json) -> str:
        """Nobody, when the window is none that Slack knows."""
        if "view_id" in arguments:
            return self._windows.owners.get(arguments["view_id"], "")
        trigger = self._firm.workspace._triggers.get(arguments["trigger_id"])
        return trigger.user if trigger else ""


def by_method(calls: Iterable[Call]) -> list[tuple[str, bytes]]:
    """What the bot called, and with what."""
    found: dict[str, list[Json]] = {}
    for call in calls:
        found.setdefault(call.method, []).append(call.arguments)
    return [(method, written(told)) for method, told in found.items()]


def told_in_teams(teams: World) -> Iterator[tuple[str, bytes]]:
    """What a chat keeps, and what is answered to all but a dialog: the card that takes a card's place, a toast."""
    yield from by_method(teams.tenant.calls)
    posts = [post for post in teams.tenant.posts if not post.author]
    yield "messages", written([[p.summary, p.said, p.cards, p.state] for p in posts if p.summary != ANSWER])
    yield "homes", written([[p.summary, p.said, p.cards, p.state] for p in posts if p.summary == ANSWER])
    yield "toasts", written(teams.hands.toasts)
    for name, _who, sent in acts(teams):
        if not name.startswith(PRIVATE):
            yield f"the answer to {name}", written(sent.answer.body)


def acts(teams: World) -> Iterator[tuple[str, str, Sent]]:
    """What each delivery was (an invoke's name, else the activity's type), and who acted, by object id."""
    for sent in teams.hands.delivery.sent:
        try:
            body = json.loads(sent.body)
            yield str(body.get("name") or body["type"]), str(body["from"].get("aadObjectId")), sent
        except (ValueError, LookupError, AttributeError, TypeError):
            yield "nothing", "", sent


def files(*folders: Path) -> Iterator[tuple[str, bytes]]:
    """Every file's name and bytes."""
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            yield f"the name of {path.name}", str(path).encode()
            if path.is_file():
                yield path.name, path.read_bytes()


def rows(tx: Tx) -> list[tuple[object, ...]]:
    """Every row of every table, so that nothing hides across two pages of the file."""
    return [tuple(row) for table in metadata.sorted_tables for row in tx.conn.execute(select(table))]


def written(what: object) -> bytes:
    """As text without escapes."""
    return json.dumps(what, ensure_ascii=False, default=str).encode()


def actor(sent: Sent) -> str:
    """Who acted, by the payload; nobody when it is none of Slack's."""
    try:
        form = parse_qs(sent.body.decode())
        if "user_id" in form:
            return form["user_id"][0]
        body = json.loads(form["payload"][0]) if "payload" in form else json.loads(sent.body)
        return str((body.get("user") or {}).get("id") or body["event"].get("user", ""))
    except (ValueError, LookupError, AttributeError):
        return ""


async def _got(client: aiohttp.ClientSession, port: int, path: str) -> bytes:
    async with client.get(f"http://127.0.0.1:{port}{path}") as answer:
        return await answer.read()
