"""Checking the audit log, beside reading the same rows with the bare driver and looking at none of them.

The entries are of the kind that a submit leaves, written as the house writes them.
"""

import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

from bench.measure import Limit, Row, median, timed
from bench.opened import store
from storage import audit
from storage.store import Store, Tx, reading_engine
from storage.verify import verify

FAMILY = "verify"
BATCH = 5000


async def measure(folder: Path, *, tiny: bool = False) -> list[Row]:
    """The share of the raw rate, and how long so many entries take."""
    count, times = (50, 1) if tiny else (1_000_000, 3)
    with store(folder, "log") as opened:
        _write(opened, count)
        url = opened.url
    engine = reading_engine(url)
    try:
        works = {"raw": lambda: _read(folder / "log.db"), "verify": lambda: _whole(verify(engine).size, count)}
        found = _in_turns(works, times)
    finally:
        engine.dispose()
    detail = {f"{name}_entries_a_second": round(count / seconds) for name, seconds in found.items()}
    share = found["raw"] / found["verify"] * 100
    what = f"audit verify, {count:,} entries"
    return [
        Row(
            family=FAMILY,
            what=f"{what}: rate of raw reading",
            side=Limit.AT_LEAST,
            limit=20,
            unit="%",
            value=share,
            detail=detail,
        ),
        Row(family=FAMILY, what=what, side=Limit.AT_MOST, limit=30, unit="s", value=found["verify"], detail=detail),
    ]


def _in_turns(works: Mapping[str, Callable[[], object]], times: int) -> dict[str, float]:
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            found[name].append(timed(work, 1))
    return {name: median(seconds) for name, seconds in found.items()}


def _write(opened: Store, count: int) -> None:
    for start in range(0, count, BATCH):
        numbers = range(start, min(start + BATCH, count))
        opened.write(lambda tx, numbers=numbers: _entries(tx, numbers)).result()  # type: ignore[misc]


def _entries(tx: Tx, numbers: range) -> None:
    for number in numbers:
        ids = {"interaction": f"IN-{number:010}", "file": f"CL-{number:010}", "sealed": f"{number:064x}"}
        audit.record(tx, "interaction.logged", who=f"PE-{number % 40:010}", **ids)


def _read(path: Path) -> None:
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        for _row in connection.execute("SELECT position, body, link FROM audit_log ORDER BY position"):
            pass


def _whole(size: int, count: int) -> None:
    if size != count:
        raise AssertionError(f"verified {size} entries of {count}")
