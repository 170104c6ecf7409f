"""People, client files and what happens with them; the outbox and its messages."""

import sqlalchemy as sa
from alembic import op

from storage.columns import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("roles", sa.String(length=200), nullable=False),
        sa.Column("supervisor_id", sa.String(length=40), nullable=True),
        sa.Column("deputy_id", sa.String(length=40), nullable=True),
        sa.Column("department", sa.String(length=200), nullable=False),
        sa.Column("department_head_id", sa.String(length=40), nullable=True),
        sa.Column("calendar", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("ends_on", sa.String(length=10), nullable=False),
        sa.Column("slack_id", sa.String(length=40), nullable=False),
        sa.Column("teams_id", sa.String(length=40), nullable=False),
        sa.Column("left_at", Instant(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["department_head_id"], ["people.id"], name=op.f("fk_people_department_head_id")),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name=op.f("fk_people_deputy_id")),
        sa.ForeignKeyConstraint(["supervisor_id"], ["people.id"], name=op.f("fk_people_supervisor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=False),
        sa.Column("deputy_id", sa.String(length=40), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["deputy_id"], ["people.id"], name=op.f("fk_absences_deputy_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_absences_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absences")),
    )
    op.create_index("ix_absences_person_id", "absences", ["person_id"], unique=False)
    op.create_table(
        "accounts",
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("guest", sa.Boolean(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("zone", sa.String(length=80), nullable=False),
        sa.Column("channel", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_accounts_person_id")),
        sa.PrimaryKeyConstraint("account", name=op.f("pk_accounts")),
    )
    op.create_index("ix_accounts_person_id", "accounts", ["person_id"], unique=False)
    op.create_table(
        "escalations",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("ladder", sa.String(length=20), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.String(length=40), nullable=True),
        sa.Column("rungs", sa.Text(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("told", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("acknowledged_by", sa.String(length=40), nullable=True),
        sa.Column("acknowledged_at", Instant(), nullable=True),
        sa.Column("started_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["about_id"], ["people.id"], name=op.f("fk_escalations_about_id")),
        sa.ForeignKeyConstraint(["acknowledged_by"], ["people.id"], name=op.f("fk_escalations_acknowledged_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalations")),
        sa.UniqueConstraint("subject", name=op.f("uq_escalations_subject")),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("account", sa.String(length=120), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("sent_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_messages_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_subject", "messages", ["subject"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("recipient_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("urgent", sa.Boolean(), nullable=False),
        sa.Column("message_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("lease_until", Instant(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("problem", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["recipient_id"], ["people.id"], name=op.f("fk_outbox_recipient_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "due_at"], unique=False)
    op.create_table(
        "breaches",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("compartment_id", sa.String(length=40), nullable=False),
        sa.Column("intake", sa.LargeBinary(), nullable=False),
        sa.Column("reported_at", Instant(), nullable=False),
        sa.Column("noticed_at", Instant(), nullable=True),
        sa.Column("personal_data", sa.String(length=10), nullable=False),
        sa.Column("ongoing", sa.String(length=10), nullable=False),
        sa.Column("reporter_id", sa.String(length=40), nullable=True),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["compartment_id"], ["compartments.id"], name=op.f("fk_breaches_compartment_id")),
        sa.ForeignKeyConstraint(["reporter_id"], ["people.id"], name=op.f("fk_breaches_reporter_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breaches")),
    )
    op.create_table(
        "clients",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("ref", sa.String(length=80), nullable=False),
        sa.Column("codename", sa.String(length=80), nullable=False),
        sa.Column("compartment_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.LargeBinary(), nullable=False),
        sa.Column("parent_id", sa.String(length=40), nullable=True),
        sa.Column("owner_id", sa.String(length=40), nullable=False),
        sa.Column("regimes", sa.String(length=200), nullable=False),
        sa.Column("retention_class", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["compartment_id"], ["compartments.id"], name=op.f("fk_clients_compartment_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_clients_owner_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["clients.id"], name=op.f("fk_clients_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clients")),
        sa.UniqueConstraint("codename", name=op.f("uq_clients_codename")),
        sa.UniqueConstraint("ref", name=op.f("uq_clients_ref")),
    )
    op.create_table(
        "access_records",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=False),
        sa.Column("person_id", sa.String(length=40), nullable=False),
        sa.Column("basis", sa.String(length=20), nullable=False),
        sa.Column("starts_at", Instant(), nullable=False),
        sa.Column("ends_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_access_records_client_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_access_records_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_records")),
    )
    op.create_index("ix_access_records_client_id", "access_records", ["client_id"], unique=False)
    op.create_index("ix_access_records_person_id", "access_records", ["person_id", "client_id"], unique=False)
    op.create_table(
        "breach_steps",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("breach_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(length=20), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["breach_id"], ["breaches.id"], name=op.f("fk_breach_steps_breach_id")),
        sa.ForeignKeyConstraint(["by"], ["people.id"], name=op.f("fk_breach_steps_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_breach_steps")),
        sa.UniqueConstraint("breach_id", "number", name=op.f("uq_breach_steps_breach_id")),
    )
    op.create_table(
        "deadlines",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("interaction_id", sa.String(length=40), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=True),
        sa.Column("sla", sa.String(length=80), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("due_at", Instant(), nullable=False),
        sa.Column("plan", sa.Text(), nullable=False),
        sa.Column("policy_hash", sa.String(length=64), nullable=False),
        sa.Column("responsible_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("ended_at", Instant(), nullable=True),
        sa.Column("ended_by", sa.String(length=40), nullable=True),
        sa.Column("ended_why", sa.String(length=40), nullable=False),
        sa.Column("answer_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_deadlines_client_id")),
        sa.ForeignKeyConstraint(["ended_by"], ["people.id"], name=op.f("fk_deadlines_ended_by")),
        sa.ForeignKeyConstraint(["responsible_id"], ["people.id"], name=op.f("fk_deadlines_responsible_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deadlines")),
    )
    op.create_index("ix_deadlines_answer_id", "deadlines", ["answer_id"], unique=False)
    op.create_index("ix_deadlines_client_id", "deadlines", ["client_id", "state"], unique=False)
    op.create_index("ix_deadlines_interaction_id", "deadlines", ["interaction_id"], unique=False)
    op.create_index("ix_deadlines_responsible_id", "deadlines", ["responsible_id", "state"], unique=False)
    op.create_table(
        "interactions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("client_id", sa.String(length=40), nullable=True),
        sa.Column("compartment_id", sa.String(length=40), nullable=False),
        sa.Column("channel", sa.String(length=80), nullable=False),
        sa.Column("other_channel", sa.LargeBinary(), nullable=True),
        sa.Column("direction", sa.String(length=10), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("happened_at", Instant(), nullable=False),
        sa.Column("summary", sa.LargeBinary(), nullable=False),
        sa.Column("unlisted_name", sa.LargeBinary(), nullable=True),
        sa.Column("expects_reply", sa.String(length=10), nullable=False),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("replier_id", sa.String(length=40), nullable=True),
        sa.Column("entered_by", sa.String(length=40), nullable=False),
        sa.Column("entered_at", Instant(), nullable=False),
        sa.Column("late_entry", sa.Boolean(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["client_id"], ["clients.id"], name=op.f("fk_interactions_client_id")),
        sa.ForeignKeyConstraint(["compartment_id"], ["compartments.id"], name=op.f("fk_interactions_compartment_id")),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_interactions_entered_by")),
        sa.ForeignKeyConstraint(["replier_id"], ["people.id"], name=op.f("fk_interactions_replier_id")),
        sa.PrimaryKeyConstraint("id", "version", name=op.f("pk_interactions")),
    )
    op.create_index("ix_interactions_client_id", "interactions", ["client_id", "happened_at"], unique=False)
    op.create_index("ix_interactions_entered_by", "interactions", ["entered_by", "entered_at"], unique=False)
