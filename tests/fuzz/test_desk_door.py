"""Whatever comes through the command line's socket or stands in an imported file is taken, refused or passed over,
without a fault and without a word of what it held."""

import asyncio
import json
import random
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from bot.desk_socket import socket_path
from bot.imports import LINE, BadTable, parse
from bot.sandbox import seed as staff
from bot.sandbox.firm import Firm
from handlers.request import Kind, Request
from handlers.views import Data
from tests.support.bad_tables import Table, tables
from tests.support.dressing import DAMAGE
from tests.support.eavesdropper import Eavesdropper
from tests.support.judge import Answered, Judge
from tests.support.mutations import Mutator

AT_ONCE = 8
LONG = pytest.param(20_000, marks=pytest.mark.long)
MAIL = "amelia.ward@harbour-lane.example"
PERSON = {
    "line": "2",
    "email": "new@harbour-lane.example",
    "name": "New Hand",
    "roles": "staff",
    "ends_on": "2099-12-31",
}
CLIENT = {"line": "2", "ref": "9001", "name": "Sealed & Sons", "owner": MAIL, "team": "", "regimes": ""}
SEEN = {"account": "slack:T0HARBOUR/UNEW", "email": PERSON["email"], "zone": "Europe/Paris", "guest": "no",
        "active": "yes", "human": "yes", "ours": "yes", "name": "New"}  # fmt: skip
ASKED: tuple[dict[str, Any], ...] = (
    {"name": "people.import", "operator": "me", "values": {"dry_run": ""}, "rows": [PERSON]},
    {"name": "clients.import", "operator": "me", "values": {"dry_run": "yes"}, "rows": [CLIENT]},
    {
        "name": "clients.import",
        "operator": "me",
        "values": {},
        "rows": [CLIENT, CLIENT | {"line": "3", "parent": "9001"}],
    },
    {"name": "clients.export", "operator": "me", "values": {"ref": "4711", "as": MAIL}, "rows": []},
    {"name": "people.check", "operator": "me", "values": {}, "rows": []},
    {"name": "accounts.seen", "operator": "slack", "values": {}, "rows": [SEEN]},
    {"name": "help", "operator": "me", "values": {}, "rows": []},
)


async def each(cases: int, one: Callable[[int], Coroutine[Any, Any, None]]) -> None:
    numbers = iter(range(cases))

    async def some(numbers: Iterator[int]) -> None:
        for number in numbers:
            await one(number)

    await asyncio.gather(*(some(numbers) for _one in range(AT_ONCE)))


@pytest.mark.parametrize("cases", [2000, LONG])
async def test_the_socket_takes_anything(firm: Firm, ear: Eavesdropper, judge: Judge, seed: int, cases: int) -> None:
    path = str(socket_path(firm._folder / "sandbox.db"))

    async def knock(number: int) -> None:
        chance = random.Random(f"{seed}:{number}")
        asked = chance.choice(ASKED)
        line = json.dumps(Mutator(chance, judge.word).mutated(asked) if chance.random() < 0.8 else asked).encode()
        if chance.random() < 0.3:
            line = chance.choice(DAMAGE)(chance, line)
        reader, writer = await asyncio.open_unix_connection(path, limit=1 << 26)
        writer.write(line + b"\n")
        writer.write_eof()
        came = await asyncio.wait_for(reader.read(), 30)
        writer.close()
        if came:
            told = json.loads(came)
            assert set(told) in ({"said"}, {"data", "ok"})
        kind = "answered" if came else "unread"
        judge.look_at(f"{kind} #{number}", Answered(status=200, body=came))

    await each(cases, knock)
    judge.read(ear.heard)
    assert judge.wrong == [], judge.said(seed)
    assert judge.faults == {}, seed
    assert judge.statuses["answered 200"] > cases / 10 < judge.statuses["unread 200"] * 10
    assert await firm.service.unready() == []


@pytest.mark.parametrize("cases", [2000, LONG])
async def test_a_spoilt_table_is_taken_whole_or_refused_with_its_lines(
    firm: Firm, ear: Eavesdropper, judge: Judge, seed: int, cases: int
) -> None:
    people = tuple({k: v for k, v in row.items() if k != LINE} for row in staff.people())
    clients = tuple({k: v for k, v in row.items() if k != LINE} for row in staff.clients())
    made = tables(people, clients)

    async def bring(number: int) -> None:
        chance = random.Random(f"{seed}:{number}")
        table = chance.choice(made)
        judge.look_at(*await _brought(firm, table, table.spoilt(chance, judge.word), number))

    await each(cases, bring)
    judge.read(ear.heard)
    assert judge.wrong == [], judge.said(seed)
    assert judge.faults == {}, seed
    assert judge.echoed == 0, seed
    for outcome in ("unreadable", "refused", "taken"):
        assert judge.statuses[f"{outcome} 200"] > cases / 50, outcome


async def _brought(firm: Firm, table: Table, content: bytes, number: int) -> tuple[str, Answered]:
    """As the command line does; everything is said in an answer whose length has a limit."""
    try:
        rows = parse(content, table.columns)
    except BadTable as bad:
        return f"unreadable #{number}", Answered(status=200, body=repr(bad.faults).encode())
    request = Request(kind=Kind.DESK, name=table.request, operator="test", rows=rows)
    answer = await firm.service.doorway.handle(request)
    assert isinstance(answer, Data)
    return f"{'taken' if answer.ok else 'refused'} #{number}", Answered(status=200, body=repr(answer.data).encode())
