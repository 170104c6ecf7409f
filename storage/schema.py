"""Every table of the record, in one place. Instants are stored as microseconds since 1970 UTC; sealed values as bytes.

Invariants: no column holds a client's name, a note or a report in the clear; ids are made before the insert; rows of
facts (interactions, steps, audit) are added and never changed, rows of state change only from a named state to another.
"""

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Text
from sqlalchemy import UniqueConstraint as Unique

from storage.access_tables import (
    access_records,
    access_requests,
    access_reviews,
    barriers,
    emergencies,
    review_answers,
    suspensions,
    undertaking_texts,
    undertakings,
)
from storage.breach_tables import breach_clocks, breach_ends, breach_facts, breach_notices, breach_steps, breaches
from storage.columns import EPOCH, ID, Instant, instant, metadata, person, table
from storage.complaint_tables import complaint_clocks, complaint_notes, complaints, kept_from
from storage.key_tables import compartments, firm_keys
from storage.mail_tables import mails

__all__ = [
    "EPOCH",
    "Instant",
    "access_records",
    "access_requests",
    "access_reviews",
    "barriers",
    "breach_clocks",
    "breach_ends",
    "breach_facts",
    "breach_notices",
    "breach_steps",
    "breaches",
    "compartments",
    "complaint_clocks",
    "complaint_notes",
    "complaints",
    "emergencies",
    "firm_keys",
    "kept_from",
    "mails",
    "metadata",
    "review_answers",
    "suspensions",
    "undertaking_texts",
    "undertakings",
]

settings = table("settings", Column("key", String(80), primary_key=True), Column("value", Text, nullable=False))
policies = table(
    "policies",
    Column("hash", String(64), primary_key=True),
    Column("body", Text, nullable=False),
    instant("first_seen_at"),
)
people = table(
    "people",
    Column("id", ID, primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("name", String(200), nullable=False),
    Column("roles", String(200), nullable=False),  # sorted, ;-separated
    person("supervisor_id", nullable=True),
    person("deputy_id", nullable=True),
    Column("department", String(200), nullable=False, default=""),
    person("department_head_id", nullable=True),
    Column("calendar", String(80), nullable=False, default=""),
    Column("kind", String(20), nullable=False),  # employee | contractor | third_party
    Column("ends_on", String(10), nullable=False, default=""),  # ISO date, last day inclusive
    Column("slack_id", String(40), nullable=False, default=""),
    Column("teams_id", String(40), nullable=False, default=""),
    instant("left_at", nullable=True),
    instant("created_at"),
)
accounts = table(
    "accounts",
    Column("account", String(120), primary_key=True),  # slack:T1/U7
    person("person_id"),
    Column("guest", Boolean, nullable=False, default=False),
    Column("active", Boolean, nullable=False, default=True),
    Column("zone", String(80), nullable=False, default=""),
    Column("conversation", String(400), nullable=False, default=""),  # the private chat, where that needs a name
    Column("service_url", String(400), nullable=False, default=""),  # … and where the platform is spoken to
    Column("home", Boolean, nullable=False, default=False),  # the person chose this one of several
    instant("silent_since", nullable=True),  # the platform said that no message reaches it
    Index("ix_accounts_person_id", "person_id"),
)
absences = table(
    "absences",
    Column("id", ID, primary_key=True),
    person("person_id"),
    instant("starts_at"),
    instant("ends_at"),
    person("deputy_id", nullable=True),
    instant("created_at"),
    instant("ended_at", nullable=True),
    Index("ix_absences_person_id", "person_id"),
)
clients = table(
    "clients",
    Column("id", ID, primary_key=True),
    Column("ref", String(80), nullable=False, unique=True),
    Column("codename", String(80), nullable=False, unique=True),
    Column("compartment_id", ForeignKey("compartments.id"), nullable=False),
    Column("name", LargeBinary, nullable=False),  # sealed
    Column("parent_id", ForeignKey("clients.id"), nullable=True),
    person("owner_id"),
    Column("regimes", String(200), nullable=False, default=""),
    Column("retention_class", String(80), nullable=False, default=""),
    Column("status", String(20), nullable=False, default="open"),  # open | closed
    instant("created_at"),
)
interactions = table(
    "interactions",
    Column("id", ID, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("client_id", ForeignKey("clients.id"), nullable=True),  # null: in quarantine
    Column("compartment_id", ForeignKey("compartments.id"), nullable=False),
    Column("channel", String(80), nullable=False),  # an approved one by name; empty: the sealed one
    Column("other_channel", LargeBinary, nullable=True),  # sealed: free text
    Column("direction", String(10), nullable=False),  # in | out
    Column("kind", String(20), nullable=False),
    instant("happened_at"),
    Column("summary", LargeBinary, nullable=False),  # sealed
    Column("unlisted_name", LargeBinary, nullable=True),  # sealed
    Column("expects_reply", String(10), nullable=False),  # yes | no | answered
    instant("answered_at", nullable=True),
    person("replier_id", nullable=True),
    person("entered_by"),
    instant("entered_at"),
    Column("late_entry", Boolean, nullable=False),
    Column("current", Boolean, nullable=False, default=True),
    Index("ix_interactions_client_id", "client_id", "happened_at"),
    Index("ix_interactions_entered_by", "entered_by", "entered_at"),
)
deadlines = table(
    "deadlines",
    Column("id", ID, primary_key=True),
    Column("interaction_id", ID, nullable=False),
    Column("client_id", ForeignKey("clients.id"), nullable=True),
    Column("sla", String(80), nullable=False),
    instant("received_at"),
    instant("due_at"),
    Column("plan", Text, nullable=False),  # JSON: reading, calendar, reminders, steps; no content
    Column("policy_hash", String(64), nullable=False),
    person("responsible_id"),
    Column("state", String(20), nullable=False),  # open | answered | closed
    instant("ended_at", nullable=True),
    person("ended_by", nullable=True),
    Column("ended_why", String(40), nullable=False, default=""),
    Column("answer_id", ID, nullable=False, default=""),
    Index("ix_deadlines_client_id", "client_id", "state"),
    Index("ix_deadlines_responsible_id", "responsible_id", "state"),
    Index("ix_deadlines_interaction_id", "interaction_id"),
    Index("ix_deadlines_answer_id", "answer_id"),
)
escalations = table(
    "escalations",
    Column("id", ID, primary_key=True),
    Column("ladder", String(20), nullable=False),  # overdue | breach
    Column("subject", ID, nullable=False, unique=True),  # the deadline's or breach's id
    Column("about_id", ForeignKey("people.id"), nullable=True),  # whose line of supervision it climbs
    Column("rungs", Text, nullable=False),  # JSON snapshot of the ladder
    Column("rung", Integer, nullable=True),
    Column("round", Integer, nullable=False, default=0),
    Column("told", Text, nullable=False, default="[]"),  # JSON list of person ids
    Column("state", String(20), nullable=False),  # climbing | acknowledged | ended
    person("acknowledged_by", nullable=True),
    instant("acknowledged_at", nullable=True),
    instant("started_at"),
)
timers = table(
    "timers",
    Column("id", ID, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("subject", ID, nullable=False),
    instant("due_at"),
    Column("attempts", Integer, nullable=False, default=0),
    Unique("kind", "subject", name="uq_timers_kind_subject"),
    Index("ix_timers_due_at", "due_at"),
    Index("ix_timers_subject", "subject"),  # else settling one case would look at every open timer
)
outbox = table(
    "outbox",
    Column("id", ID, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    person("recipient_id"),
    Column("kind", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    Column("urgent", Boolean, nullable=False, default=False),
    Column("message_id", ID, nullable=False, default=""),  # set: the message to edit instead of posting
    Column("state", String(20), nullable=False),
    instant("due_at"),
    instant("by_at", nullable=True),  # when waiting for better hours would be too late
    instant("lease_until", nullable=True),
    Column("attempts", Integer, nullable=False, default=0),
    instant("created_at"),
    instant("ended_at", nullable=True),
    Column("problem", String(80), nullable=False, default=""),
    Index("ix_outbox_state", "state", "due_at"),
)
messages = table(
    "messages",
    Column("id", ID, primary_key=True),
    Column("kind", String(40), nullable=False),
    Column("subject", String(80), nullable=False),
    person("person_id"),
    Column("account", String(120), nullable=False),
    Column("place", String(200), nullable=False),  # channel and time stamp, as the platform names them
    Column("part", Integer, nullable=False, default=0),  # which card of the message, from 0
    Column("urgent", Boolean, nullable=False, default=False),
    Column("replaced_by", ID, nullable=False, default=""),  # the newer message about the same matter
    instant("sent_at"),
    Index("ix_messages_subject", "subject"),
    Index("ix_messages_person", "person_id", "sent_at"),
)
inbox = table(
    "inbox",
    Column("key", String(80), primary_key=True),  # a hash of the delivery's or form's id
    instant("seen_at"),
    Column("outcome", String(80), nullable=False, default=""),  # a reference, never content
)
audit_pending = table(
    "audit_pending",
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("body", LargeBinary, nullable=False),
)
audit_log = table(
    "audit_log",
    Column("position", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("body", LargeBinary, nullable=False),
    Column("link", LargeBinary, nullable=False),  # hash of the link before and this leaf: names the entry that is wrong
)
audit_tree = table(
    "audit_tree",
    Column("id", Integer, primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("frontier", LargeBinary, nullable=False),
    Column("link", LargeBinary, nullable=False),
)
