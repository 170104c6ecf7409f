"""Whom a complaint or a breach is kept from: those it is about, and those who should not see it."""

from collections.abc import Collection

from sqlalchemy import insert, select

from storage.schema import kept_from
from storage.store import Tx


def add(tx: Tx, subject: str, people: Collection[str]) -> None:
    """Keep it from these people too; nobody is taken off."""
    new = sorted(set(people) - of(tx, subject))
    if new:
        tx.conn.execute(insert(kept_from), [{"subject": subject, "person_id": id} for id in new])


def of(tx: Tx, subject: str) -> frozenset[str]:
    """Person ids."""
    return frozenset(tx.conn.execute(select(kept_from.c.person_id).where(kept_from.c.subject == subject)).scalars())


def by_person(tx: Tx, person_id: str) -> frozenset[str]:
    """What is kept from this person."""
    return frozenset(tx.conn.execute(select(kept_from.c.subject).where(kept_from.c.person_id == person_id)).scalars())
