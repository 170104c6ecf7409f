"""A reported breach: its checklist, what is known, its statutory clocks, what was sent to whom, and how it ended.

Invariants: facts and notices are only added, never changed; what people typed as a reason is sealed with the breach.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Text, UniqueConstraint

from storage.columns import ID, instant, person, table

breaches = table(
    "breaches",
    Column("id", ID, primary_key=True),
    Column("compartment_id", ForeignKey("compartments.id"), nullable=False),
    Column("intake", LargeBinary, nullable=False),  # sealed to the intake key (HPKE)
    instant("reported_at"),
    instant("noticed_at", nullable=True),
    Column("personal_data", String(10), nullable=False),
    Column("ongoing", String(10), nullable=False),
    person("reporter_id", nullable=True),  # null when the name was left out
    Column("policy_hash", String(64), nullable=False),
    Column("state", String(20), nullable=False),
)
breach_steps = table(
    "breach_steps",
    Column("id", ID, primary_key=True),
    Column("breach_id", ForeignKey("breaches.id"), nullable=False),
    Column("number", Integer, nullable=False),  # from 1, in the order they were said
    Column("step", String(20), nullable=False),
    Column("done", Boolean, nullable=False),
    person("by"),
    instant("at"),
    UniqueConstraint("breach_id", "number"),
)
breach_facts = table(
    "breach_facts",
    Column("id", ID, primary_key=True),
    Column("breach_id", ForeignKey("breaches.id"), nullable=False),
    Column("number", Integer, nullable=False),  # from 1, in the order they were said
    Column("name", String(40), nullable=False),
    Column("value", String(2000), nullable=False),  # empty: not known, after all
    Column("reason", LargeBinary, nullable=True),  # sealed
    person("by"),
    instant("at"),
    Index("ix_breach_facts_breach_id", "breach_id", "number", unique=True),
)
breach_clocks = table(
    "breach_clocks",
    Column("breach_id", ForeignKey("breaches.id"), primary_key=True),
    Column("clock", String(80), primary_key=True),  # its id in the packs
    Column("version", String(20), nullable=False),
    Column("counting", String(20), nullable=False),
    Column("zone", String(80), nullable=False),
    instant("starts_at"),
    instant("due_at", nullable=True),
    instant("target_at", nullable=True),
    Column("provisional", Boolean, nullable=False),
    Column("recipient", String(300), nullable=False),
    Column("citation", String(300), nullable=False),
    Column("why", Text, nullable=False),  # sentences, JSON
    Column("runs", Boolean, nullable=False),  # false: what is known now does not start it
    Index("ix_breach_clocks_due_at", "due_at"),
)
breach_notices = table(
    "breach_notices",
    Column("id", ID, primary_key=True),
    Column("breach_id", ForeignKey("breaches.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("clock", String(80), nullable=False),
    Column("kind", String(20), nullable=False),  # sent | part | not_needed
    Column("channel", String(20), nullable=False, default=""),
    instant("sent_at", nullable=True),
    Column("words", LargeBinary, nullable=False),  # sealed: reference, reasons
    person("by"),
    instant("at"),
    Index("ix_breach_notices_breach_id", "breach_id", "number", unique=True),
)
breach_ends = table(
    "breach_ends",
    Column("id", ID, primary_key=True),
    Column("breach_id", ForeignKey("breaches.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("outcome", String(20), nullable=False),  # breach | not_a_breach | duplicate | reopened
    Column("words", LargeBinary, nullable=False),  # sealed
    person("by"),
    instant("at"),
    Index("ix_breach_ends_breach_id", "breach_id", "number", unique=True),
)
