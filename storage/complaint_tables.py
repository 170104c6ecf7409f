"""Complaints and concerns: what was said is sealed in a compartment of its own, and kept from whom it is about.

Invariants: notes are added and never changed; `kept_from` only grows: nobody learns of a matter by a correction.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Text

from storage.columns import ID, instant, person, table

kept_from = table(
    "kept_from",
    Column("subject", ID, primary_key=True),  # a complaint or a breach
    Column("person_id", ForeignKey("people.id"), primary_key=True),
    Index("ix_kept_from_person_id", "person_id"),
)
complaints = table(
    "complaints",
    Column("id", ID, primary_key=True),
    Column("kind", String(20), nullable=False),  # complaint | concern
    Column("compartment_id", ForeignKey("compartments.id"), nullable=False),
    Column("client_id", ForeignKey("clients.id"), nullable=True),  # null: not listed, or about no client
    Column("entry_id", ID, nullable=True),  # the interaction that it came with
    Column("told", LargeBinary, nullable=False),
    Column("severity", String(20), nullable=False),  # low | medium | high
    Column("scheme", String(40), nullable=False),
    instant("received_at"),
    instant("recorded_at"),
    person("recorded_by"),
    Column("breach_id", ID, nullable=True),
    Column("policy_hash", String(64), nullable=False),
    Column("state", String(20), nullable=False),  # open | resolved
    Column("outcome", String(20), nullable=False, default=""),
    instant("ended_at", nullable=True),
    Index("ix_complaints_state", "state"),
)
complaint_notes = table(
    "complaint_notes",
    Column("id", ID, primary_key=True),
    Column("complaint_id", ForeignKey("complaints.id"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", String(20), nullable=False),  # update | reply | confirmed | handed | resolved | reopened
    Column("text", LargeBinary, nullable=True),  # sealed with the complaint
    person("by"),
    instant("at"),
    Index("ix_complaint_notes_complaint_id", "complaint_id", "number", unique=True),
)
complaint_clocks = table(
    "complaint_clocks",
    Column("complaint_id", ForeignKey("complaints.id"), primary_key=True),
    Column("clock", String(60), primary_key=True),
    instant("starts_at"),
    instant("due_at"),
    instant("met_at", nullable=True),
    Column("why", Text, nullable=False),  # sentences, JSON
)
