"""Reviews of who may open a file, what their owners said, and access that rests because nobody said anything."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
ID = sa.String(length=40)


def upgrade() -> None:
    op.create_table(
        "access_reviews",
        sa.Column("id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("opened_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_access_reviews_client_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_reviews")),
    )
    op.create_index("ix_access_reviews_client_id", "access_reviews", ["client_id", "state"])
    op.create_table(
        "review_answers",
        sa.Column("id", ID, nullable=False),
        sa.Column("review_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("verdict", sa.String(length=20), nullable=False),
        sa.Column("by", ID, nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_review_answers_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_review_answers_person_id")),
        sa.ForeignKeyConstraint(["review_id"], ["access_reviews.id"], name=op.f("fk_review_answers_review_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_answers")),
    )
    op.create_index("ix_review_answers_review_id", "review_answers", ["review_id"])
    op.create_table(
        "suspensions",
        sa.Column("id", ID, nullable=False),
        sa.Column("client_id", ID, nullable=False),
        sa.Column("person_id", ID, nullable=False),
        sa.Column("review_id", ID, nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=True),
        sa.Column("ended_why", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_suspensions_client_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_suspensions_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suspensions")),
    )
    op.create_index("ix_suspensions_person_id", "suspensions", ["person_id", "client_id"])
