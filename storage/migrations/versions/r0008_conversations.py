"""Where the conversation with an account stands, and which of a person's accounts notices go to."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("accounts", sa.Column("conversation", sa.String(400), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("service_url", sa.String(400), nullable=False, server_default=""))
    op.add_column("accounts", sa.Column("home", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.drop_column("accounts", "channel")
