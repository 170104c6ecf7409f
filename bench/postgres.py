"""PostgreSQL with several writers: what the audit log costs there."""

from pathlib import Path

from bench.measure import Limit, Row, absent

FAMILY = "postgres"
WHY = "this version keeps its record in SQLite only"


async def measure(folder: Path, *, tiny: bool = False) -> list[Row]:
    """The rate with audit entries to the rate without, and how late the last entry is in its place."""
    return [
        absent(FAMILY, "PostgreSQL, 4 writers: rate with audit to without", Limit.AT_LEAST, 80, "%", WHY),
        absent(FAMILY, "PostgreSQL, 4 writers: until all is sequenced", Limit.AT_MOST, 1, "s", WHY),
    ]
