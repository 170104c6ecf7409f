"""Several cards in one message, and which of them a newer one has replaced."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("part", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("messages", sa.Column("urgent", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("messages", sa.Column("replaced_by", sa.String(length=40), nullable=False, server_default=""))
    op.create_index("ix_messages_person", "messages", ["person_id", "sent_at"], unique=False)
