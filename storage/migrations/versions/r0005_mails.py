"""E-mail as a second road: which notice goes by e-mail too, and when."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "mails",
        sa.Column("notice_id", sa.String(length=40), nullable=False),
        sa.Column("recipient_id", sa.String(length=40), nullable=False),
        sa.Column("mail_at", Instant(), nullable=True),
        sa.Column("mailed_at", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(length=64), nullable=False),
        sa.Column("problem", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["outbox.id"], name=op.f("fk_mails_notice_id")),
        sa.ForeignKeyConstraint(["recipient_id"], ["people.id"], name=op.f("fk_mails_recipient_id")),
        sa.PrimaryKeyConstraint("notice_id", name=op.f("pk_mails")),
    )
    op.create_index("ix_mails_mail_at", "mails", ["mail_at"], unique=False)
