"""Questions of the watch: is the database there and whole, and is any open case left without a next moment?"""

from sqlalchemy import select, text

from storage import guards, roles
from storage.schema import deadlines, escalations, outbox, timers
from storage.store import Tx

HOPELESS = 5  # failed attempts of a timer, about a minute of them


def revision(tx: Tx) -> str:
    """Which migration the database is at; asked in a writing transaction, this also shows that it can be written to."""
    return str(tx.conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


def forgotten(tx: Tx) -> list[str]:
    """Open deadlines and climbing ladders for which nothing will ever happen by itself: there must be none. A timer
    that fails again and again counts for nothing."""
    timed = select(timers.c.subject).where(timers.c.attempts < HOPELESS)
    waiting = select(deadlines.c.id).where(deadlines.c.state == "open", deadlines.c.id.not_in(timed))
    climbing = select(escalations.c.subject).where(
        escalations.c.state == "climbing", escalations.c.subject.not_in(timed)
    )
    return sorted({*tx.conn.execute(waiting).scalars(), *tx.conn.execute(climbing).scalars()})


def waiting_notices(tx: Tx) -> int:
    """How many notices wait to be sent."""
    rows = select(outbox.c.id).where(outbox.c.state.in_(("available", "scheduled", "retryable", "executing")))
    return len(tx.conn.execute(rows).all())


def rights_over_the_log(tx: Tx) -> list[str] | None:
    """What the service's role could do to the audit log beyond reading and adding; None where there are no roles."""
    return None if tx.conn.dialect.name == "sqlite" else roles.rights_over_the_log(tx.conn)


def missing_guards(tx: Tx) -> list[str]:
    """Guards of the audit log that somebody took down."""
    return guards.missing_guards(tx.conn)
