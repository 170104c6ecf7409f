"""Grants with their reasons, requests for them, information barriers, emergency access."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None
ID = sa.String(length=40)


def upgrade() -> None:
    op.add_column("access_records", sa.Column("given_by", ID, nullable=True))
    op.add_column("access_records", sa.Column("purpose", sa.String(length=40), nullable=False, server_default=""))
    op.add_column("access_records", sa.Column("reason", sa.LargeBinary(), nullable=True))
    _table(
        "access_requests",
        sa.Column("person_id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=True),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("until", Instant(), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("answered_by", ID, nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        people=("person_id", "answered_by"),
        indexes={"person_id": ["person_id"], "client_id": ["client_id", "state"]},
    )
    _table(
        "barriers",
        sa.Column("client_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("set_by", ID, nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=True),
        sa.Column("lifted_by", ID, nullable=True),
        sa.Column("lifted_why", sa.LargeBinary(), nullable=True),
        people=("person_id", "set_by", "lifted_by"),
        indexes={"person_id": ["person_id", "client_id"], "client_id": ["client_id"]},
    )
    _table(
        "emergencies",
        sa.Column("client_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("code", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("reviewed_by", ID, nullable=True),
        sa.Column("reviewed_at", Instant(), nullable=True),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        people=("person_id", "reviewed_by"),
        indexes={"person_id": ["person_id", "client_id"], "client_id": ["client_id"]},
    )


def _table(name: str, *columns: "sa.Column[object]", people: tuple[str, ...], indexes: dict[str, list[str]]) -> None:
    """Every one of them is about a client file."""
    keys = {"client_id": "clients.id", **dict.fromkeys(people, "people.id")}
    named = [sa.ForeignKeyConstraint([own], [other], name=op.f(f"fk_{name}_{own}")) for own, other in keys.items()]
    primary = sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}"))
    op.create_table(name, sa.Column("id", ID, nullable=False), *columns, *named, primary)
    for word, indexed in indexes.items():
        op.create_index(f"ix_{name}_{word}", name, indexed)
