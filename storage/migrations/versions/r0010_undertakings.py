"""The undertaking to confidentiality: its texts, and who has acknowledged which."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
ID = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "undertaking_texts",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("first_seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_undertaking_texts")),
    )
    op.create_table(
        "undertakings",
        sa.Column("id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("leaving", sa.Boolean(), nullable=False),
        sa.Column("text_hash", sa.String(length=64), nullable=False),
        sa.Column("sentence", sa.String(length=200), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("sponsor_id", ID, nullable=True),
        sa.Column("document_hash", sa.String(length=64), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_undertakings_person_id")),
        sa.ForeignKeyConstraint(["sponsor_id"], ["people.id"], name=op.f("fk_undertakings_sponsor_id")),
        sa.ForeignKeyConstraint(["text_hash"], ["undertaking_texts.hash"], name=op.f("fk_undertakings_text_hash")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undertakings")),
    )
    op.create_index("ix_undertakings_person_id", "undertakings", ["person_id"])
