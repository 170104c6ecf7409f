"""A record as those find it who do not go through the house: everything that is stored, and somebody who holds it."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from storage.engines import is_postgres, reading_engine
from storage.schema import metadata
from storage.sqlite_file import sqlite_path


def rows(url: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every row of every table, with its table's name."""
    engine = reading_engine(url)
    with engine.connect() as conn:
        for table in metadata.sorted_tables:
            for row in conn.exec_driver_sql(f"SELECT * FROM {table.name}"):
                yield table.name, row._mapping
    engine.dispose()


def stored(url: str) -> bytes:
    """The file and its side files, as somebody who takes the disk finds them; of a server, every cell there is."""
    if path := sqlite_path(url):
        return b"".join(found.read_bytes() for found in path.parent.glob(f"{path.name}*"))
    cells = [cell for _table, row in rows(url) for cell in row.values()]
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)


@contextmanager
def held(url: str) -> Iterator[None]:
    """Somebody else holds the record: it can be read, and nothing can be written."""
    if not is_postgres(url):
        with closing(sqlite3.connect(str(sqlite_path(url)), isolation_level=None, check_same_thread=False)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as conn:
        conn.exec_driver_sql("LOCK TABLE inbox IN SHARE MODE")
        yield
    engine.dispose()
