"""The people file: who works here, in which roles, under whom; who is away, and who stands in.

A leaver's row stays (the record names it); `active` says whether somebody may still come in.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import and_, bindparam, insert, or_, select, update

from storage.ids import new_id
from storage.schema import absences, people
from storage.store import Tx


@dataclass(frozen=True, kw_only=True)
class Person:
    """One row of the people file. `roles` out of staff, supervisor, dpo, senior_management, admin, guardian, records,
    counsel, auditor; `ends_on` is the last day of a contractor or third party, inclusive, or empty; it ends at midnight
    in the firm's `zone`, which is no part of the row."""

    id: str
    email: str
    name: str
    roles: frozenset[str]
    supervisor_id: str | None
    deputy_id: str | None
    department: str
    department_head_id: str | None
    calendar: str
    kind: str
    ends_on: str
    slack_id: str
    teams_id: str
    left_at: datetime | None
    zone: tzinfo

    def active(self, now: datetime) -> bool:
        """Not gone, and not past the last day."""
        if self.left_at is not None or not self.ends_on:
            return self.left_at is None
        return now.astimezone(self.zone).date() <= date.fromisoformat(self.ends_on)


@dataclass(frozen=True, kw_only=True)
class Absence:
    """Somebody is away from `starts_at` until `ends_at`; `deputy_id` stands in for that time."""

    id: str
    person_id: str
    starts_at: datetime
    ends_at: datetime
    deputy_id: str | None


_columns = [people.c[name] for name in Person.__dataclass_fields__ if name != "zone"]
_absence_columns = [absences.c[name] for name in Absence.__dataclass_fields__]
_by_id = select(*_columns).where(people.c.id == bindparam("id"))  # asked many times a request: built once


def _person(tx: Tx, row: Any) -> Person:
    return Person(**{**row._mapping, "roles": frozenset(filter(None, row.roles.split(";")))}, zone=tx.zone)


def by_id(tx: Tx, id: str) -> Person | None:
    """The person of this id."""
    row = tx.conn.execute(_by_id, {"id": id}).one_or_none()
    return _person(tx, row) if row else None


def by_email(tx: Tx, email: str) -> Person | None:
    """The person of this address; addresses are compared in lower case."""
    row = tx.conn.execute(select(*_columns).where(people.c.email == email.strip().lower())).one_or_none()
    return _person(tx, row) if row else None


def by_account_id(tx: Tx, platform: str, id: str) -> Person | None:
    """The person for whom the people file itself names this account (`slack_id`, `teams_id`)."""
    column = {"slack": people.c.slack_id, "teams": people.c.teams_id}.get(platform)
    if column is None or not id:
        return None
    row = tx.conn.execute(select(*_columns).where(column == id).limit(1)).one_or_none()
    return _person(tx, row) if row else None


def everybody(tx: Tx) -> list[Person]:
    """All rows, leavers included, by name."""
    return [_person(tx, row) for row in tx.conn.execute(select(*_columns).order_by(people.c.name, people.c.id))]


def holders(tx: Tx, role: str) -> list[Person]:
    """Active holders of a role, by name."""
    rows = tx.conn.execute(select(*_columns).where(people.c.roles.contains(role)).order_by(people.c.name, people.c.id))
    return [p for p in (_person(tx, row) for row in rows) if role in p.roles and p.active(tx.now)]


def names(tx: Tx, ids: AbstractSet[str]) -> dict[str, str]:
    """Names by id."""
    rows = tx.conn.execute(select(people.c.id, people.c.name).where(people.c.id.in_(ids)))
    return {row.id: row.name for row in rows}


def matching(tx: Tx, typed: str, limit: int = 20) -> list[Person]:
    """Active people whose name or address contains what was typed."""
    needle = typed.strip()
    found = or_(people.c.name.icontains(needle, autoescape=True), people.c.email.icontains(needle, autoescape=True))
    here = and_(people.c.left_at.is_(None), or_(people.c.ends_on == "", people.c.ends_on >= tx.today.isoformat()))
    rows = tx.conn.execute(select(*_columns).where(found, here).order_by(people.c.name, people.c.id).limit(limit))
    return [_person(tx, row) for row in rows]


def add(tx: Tx, **fields: Any) -> str:
    """Add a person; `roles` as an iterable. Gives the new id."""
    id = new_id("PE")
    tx.conn.execute(insert(people).values(**_stored(fields), id=id, created_at=tx.now))
    return id


def change(tx: Tx, id: str, **fields: Any) -> None:
    """Bring a row up to the people file."""
    tx.conn.execute(update(people).where(people.c.id == id).values(**_stored(fields)))


def _stored(fields: dict[str, Any]) -> dict[str, Any]:
    if "roles" in fields:
        fields = {**fields, "roles": ";".join(sorted(fields["roles"]))}
    return fields


def absence(tx: Tx, person_id: str) -> Absence | None:
    """The absence that holds now, or None."""
    row = tx.conn.execute(
        select(*_absence_columns)
        .where(
            absences.c.person_id == person_id,
            absences.c.ended_at.is_(None),
            absences.c.starts_at <= tx.now,
            absences.c.ends_at > tx.now,
        )
        .order_by(absences.c.starts_at.desc())
        .limit(1)
    ).one_or_none()
    return Absence(**row._mapping) if row else None


def absences_of(tx: Tx, person_id: str) -> list[Absence]:
    """Present and coming absences, next first."""
    rows = tx.conn.execute(
        select(*_absence_columns)
        .where(absences.c.person_id == person_id, absences.c.ended_at.is_(None), absences.c.ends_at > tx.now)
        .order_by(absences.c.starts_at)
    )
    return [Absence(**row._mapping) for row in rows]


def go_away(tx: Tx, *, person_id: str, starts_at: datetime, ends_at: datetime, deputy_id: str | None) -> str:
    """Record an absence."""
    row = {"id": new_id("AW"), "person_id": person_id, "starts_at": starts_at, "ends_at": ends_at}
    tx.conn.execute(insert(absences).values(**row, deputy_id=deputy_id, created_at=tx.now))
    return row["id"]  # type: ignore[return-value]


def come_back(tx: Tx, absence_id: str, person_id: str) -> bool:
    """End or call off one's own absence; False when it is not there."""
    rows = update(absences).where(absences.c.id == absence_id, absences.c.person_id == person_id)
    return bool(tx.conn.execute(rows.where(absences.c.ended_at.is_(None)).values(ended_at=tx.now)).rowcount)
