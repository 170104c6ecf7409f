"""Facts of a breach, its statutory clocks, the notices that were sent, and how it ended."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None
ID = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "breach_facts",
        sa.Column("id", ID, nullable=False),
        sa.Column("breach_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("value", sa.String(length=2000), nullable=False),
        sa.Column("reason", sa.LargeBinary(), nullable=True),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["breach_id"], ["breaches.id"], name=op.f("fk_breach_facts_breach_id")),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_breach_facts_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_facts")),
    )
    op.create_index("ix_breach_facts_breach_id", "breach_facts", ["breach_id", "number"], unique=True)
    op.create_table(
        "breach_clocks",
        sa.Column("breach_id", ID, nullable=False),
        sa.Column("clock", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=20), nullable=False),
        sa.Column("counting", sa.String(length=20), nullable=False),
        sa.Column("zone", sa.String(length=80), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=True),
        sa.Column("target_at", Instant(), nullable=True),
        sa.Column("provisional", sa.Boolean(), nullable=False),
        sa.Column("recipient", sa.String(length=300), nullable=False),
        sa.Column("citation", sa.String(length=300), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("runs", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["breach_id"], ["breaches.id"], name=op.f("fk_breach_clocks_breach_id")),
        sa.PrimaryKeyConstraint("breach_id", "clock", name=op.f("pk_breach_clocks")),
    )
    op.create_index("ix_breach_clocks_due_at", "breach_clocks", ["due_at"])
    op.create_table(
        "breach_notices",
        sa.Column("id", ID, nullable=False),
        sa.Column("breach_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("sent_at", Instant(), nullable=True),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["breach_id"], ["breaches.id"], name=op.f("fk_breach_notices_breach_id")),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_breach_notices_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_notices")),
    )
    op.create_index("ix_breach_notices_breach_id", "breach_notices", ["breach_id", "number"], unique=True)
    op.create_table(
        "breach_ends",
        sa.Column("id", ID, nullable=False),
        sa.Column("breach_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("words", sa.LargeBinary(), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["breach_id"], ["breaches.id"], name=op.f("fk_breach_ends_breach_id")),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_breach_ends_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_ends")),
    )
    op.create_index("ix_breach_ends_breach_id", "breach_ends", ["breach_id", "number"], unique=True)
