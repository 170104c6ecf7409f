"""Notices wait for good hours, unless that would be too late; letters to one person are counted; accounts that no
message reaches."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("by_at", Instant(), nullable=True))
    op.add_column("accounts", sa.Column("silent_since", Instant(), nullable=True))
    op.create_index("ix_mails_recipient_id", "mails", ["recipient_id", "mailed_at"], unique=False)
