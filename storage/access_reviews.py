"""Reviews of who may open a client file: when each began, what was said of whom, and access that rests since nobody
spoke.

Invariants: a file has at most one review open; answers and suspensions are facts with dates, ended and never removed.
"""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import insert, select, update

from storage.access import standing
from storage.ids import new_id
from storage.schema import access_reviews, review_answers, suspensions
from storage.store import Tx


class Review(NamedTuple):
    """`stage` out of asked, reminded, urged, deputy, dpo, suspended: how far the telling has come."""

    id: str
    client_id: str
    opened_at: datetime
    due_at: datetime
    stage: str
    state: str
    ended_at: datetime | None


_columns = [access_reviews.c[name] for name in Review.__annotations__]


def open_one(tx: Tx, client_id: str, due_at: datetime) -> Review:
    """Begin a review of this file now."""
    made = Review(new_id("RV"), client_id, tx.now, due_at, "asked", "open", None)
    tx.conn.execute(insert(access_reviews).values(made._asdict()))
    return made


def by_id(tx: Tx, id: str) -> Review | None:
    """One review, also when it is over."""
    row = tx.conn.execute(select(*_columns).where(access_reviews.c.id == id)).one_or_none()
    return Review._make(row) if row else None


def running(tx: Tx, client_id: str) -> Review | None:
    """The review of this file that is open."""
    mine = access_reviews.c.client_id == client_id, access_reviews.c.state == "open"
    row = tx.conn.execute(select(*_columns).where(*mine).limit(1)).one_or_none()
    return Review._make(row) if row else None


def advance(tx: Tx, id: str, stage: str) -> None:
    """The telling has come so far."""
    tx.conn.execute(update(access_reviews).where(access_reviews.c.id == id).values(stage=stage))


def close(tx: Tx, id: str) -> None:
    """Everybody was spoken of."""
    rows = update(access_reviews).where(access_reviews.c.id == id, access_reviews.c.state == "open")
    tx.conn.execute(rows.values(state="done", ended_at=tx.now))


def answer(tx: Tx, review_id: str, person_id: str, verdict: str, by: str) -> None:
    """What was said of one person: keep, reduce or remove."""
    row = {"id": new_id("RA"), "review_id": review_id, "person_id": person_id, "verdict": verdict, "by": by}
    tx.conn.execute(insert(review_answers).values(**row, at=tx.now))


def answers(tx: Tx, review_id: str) -> dict[str, str]:
    """What was said last of each: person id -> verdict."""
    mine = select(review_answers.c.person_id, review_answers.c.verdict).where(review_answers.c.review_id == review_id)
    rows = tx.conn.execute(mine.order_by(review_answers.c.at, review_answers.c.id))
    return {row.person_id: row.verdict for row in rows}


def suspend(tx: Tx, client_id: str, person_id: str, review_id: str, at: datetime) -> None:
    """From that instant on this access rests."""
    row = {"id": new_id("SU"), "client_id": client_id, "person_id": person_id, "review_id": review_id}
    tx.conn.execute(insert(suspensions).values(**row, starts_at=at, ended_why=""))


def suspended(tx: Tx, client_id: str, person_id: str) -> bool:
    """Whether it rests now."""
    mine = suspensions.c.client_id == client_id, suspensions.c.person_id == person_id
    found = select(suspensions.c.id).where(*mine, standing(suspensions)).limit(1)
    return tx.conn.execute(found, {"now": tx.now}).first() is not None


def resume(tx: Tx, client_id: str, person_id: str, why: str) -> str:
    """It rests no longer, nor will it from a later instant on; gives the review it came from, or nothing."""
    mine = suspensions.c.client_id == client_id, suspensions.c.person_id == person_id, suspensions.c.ends_at.is_(None)
    rows = update(suspensions).where(*mine).values(ends_at=tx.now, ended_why=why).returning(suspensions.c.review_id)
    return next(iter(tx.conn.execute(rows).scalars().all()), "")
