"""Generations of the firm key with their dates, and the sheets that officers hold."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("firm_keys", sa.Column("outside", sa.String(length=16), nullable=True))
    op.add_column("firm_keys", sa.Column("retired_at", Instant(), nullable=True))
    op.create_index("ix_compartments_firm_key_id", "compartments", ["firm_key_id"], unique=False)
    op.create_table(
        "destroyed_firm_keys",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("retired_at", Instant(), nullable=False),
        sa.Column("destroyed_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_destroyed_firm_keys")),
    )
    op.create_table(
        "escrow_sheets",
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("officer_id", sa.String(length=40), nullable=False),
        sa.Column("outside", sa.String(length=16), nullable=False),
        sa.Column("audit", sa.String(length=16), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["people.id"], name=op.f("fk_escrow_sheets_officer_id")),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_escrow_sheets")),
    )
    op.create_table(
        "escrow_checks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("fingerprint", sa.String(length=16), nullable=False),
        sa.Column("outside", sa.String(length=16), nullable=False),
        sa.Column("checked_by", sa.String(length=80), nullable=False),
        sa.Column("checked_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escrow_checks")),
    )
