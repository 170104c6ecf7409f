"""Timers: their cost follows what is due and whose they are, never how many are open."""

from typing import Any

from sqlalchemy import event

from storage import timers
from storage.store import Store, Tx
from tests.storage.conftest import NOW


def plans(store: Store, *asked: Any) -> list[str]:
    """How SQLite finds the rows of every statement that these questions send."""
    sent: list[tuple[str, Any]] = []

    def keep(_conn: object, _cursor: object, statement: str, parameters: Any, *_more: object) -> None:
        sent.append((statement, parameters))

    def ask(tx: Tx) -> list[str]:
        event.listen(tx.conn, "before_cursor_execute", keep)
        for question in asked:
            question(tx)
        event.remove(tx.conn, "before_cursor_execute", keep)
        found = (tx.conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values) for text, values in sent)
        return [row.detail for rows in found for row in rows]

    return store.write(ask).result()


def test_no_question_looks_at_every_open_timer(file_store: Store) -> None:
    found = plans(
        file_store,
        timers.due,
        timers.oldest_due,
        timers.upcoming,
        lambda tx: timers.start(tx, "deadline.next", "DL-1", NOW),
        lambda tx: timers.cancel(tx, "DL-1"),
        lambda tx: timers.cancel(tx, "DL-1", "deadline.next"),
        lambda tx: timers.of(tx, "DL-1"),
        lambda tx: timers.take(tx, "TM-1"),
    )
    assert len(found) >= 7
    assert [plan for plan in found if plan.startswith("SCAN") and "INDEX" not in plan] == []
