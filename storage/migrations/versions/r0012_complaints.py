"""Complaints and concerns with their notes and clocks, and whom a matter is kept from."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None
ID = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "kept_from",
        sa.Column("subject", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_kept_from_person_id")),
        sa.PrimaryKeyConstraint("subject", "person_id", name=op.f("pk_kept_from")),
    )
    op.create_index("ix_kept_from_person_id", "kept_from", ["person_id"])
    op.create_table(
        "complaints",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("compartment_id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=True),
        sa.Column("entry_id", ID, nullable=True),
        sa.Column("told", sa.LargeBinary(), nullable=False),
        sa.Column("severity", sa.String(length=20), nullable=False),
        sa.Column("scheme", sa.String(length=40), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("recorded_at", Instant(), nullable=False),
        sa.Column("recorded_by", ID, nullable=False),
        sa.Column("breach_id", ID, nullable=True),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_complaints_client_id")),
        sa.ForeignKeyConstraint(["compartment_id"], ["compartments.id"], name=op.f("fk_complaints_compartment_id")),
        sa.ForeignKeyConstraint(["recorded_by"], ["people.id"], name=op.f("fk_complaints_recorded_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaints")),
    )
    op.create_index("ix_complaints_state", "complaints", ["state"])
    op.create_table(
        "complaint_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("complaint_id", ID, nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=True),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_complaint_notes_by")),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_notes_complaint_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_notes")),
    )
    op.create_index("ix_complaint_notes_complaint_id", "complaint_notes", ["complaint_id", "number"], unique=True)
    op.create_table(
        "complaint_clocks",
        sa.Column("complaint_id", ID, nullable=False),
        sa.Column("clock", sa.String(length=60), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("met_at", Instant(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["complaint_id"], ["complaints.id"], name=op.f("fk_complaint_clocks_complaint_id")),
        sa.PrimaryKeyConstraint("complaint_id", "clock", name=op.f("pk_complaint_clocks")),
    )
