"""A subject's timers are found by its id, however many are open."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_timers_subject", "timers", ["subject"], unique=False)
