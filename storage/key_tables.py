"""The tables of the keys: the firm's generations, what is wrapped by them, and what officers hold for the day of need.

Invariants: no key is stored but wrapped by another; sheets and checks are facts, added and never changed; a generation
that is destroyed leaves its dates behind.
"""

from sqlalchemy import Column, ForeignKey, Index, LargeBinary, String

from storage.columns import ID, instant, person, table

KEY_NAME = String(16)  # vault.key_name

firm_keys = table(
    "firm_keys",
    Column("id", ID, primary_key=True),
    Column("wrapped", LargeBinary, nullable=False),
    instant("created_at"),
    Column("outside", KEY_NAME, nullable=True),  # the outside key that wraps it; null: not looked at yet
    instant("retired_at", nullable=True),  # since then nothing living is wrapped by it
)
compartments = table(
    "compartments",
    Column("id", ID, primary_key=True),
    Column("kind", String(20), nullable=False),  # client | breach | quarantine | barriers
    Column("firm_key_id", ForeignKey("firm_keys.id"), nullable=False),
    Column("data_key", LargeBinary, nullable=False),
    instant("created_at"),
    Index("ix_compartments_firm_key_id", "firm_key_id"),
)
destroyed_firm_keys = table(
    "destroyed_firm_keys",
    Column("id", ID, primary_key=True),
    instant("created_at"),
    instant("retired_at"),
    instant("destroyed_at"),
)
escrow_sheets = table(
    "escrow_sheets",
    Column("fingerprint", KEY_NAME, primary_key=True),  # of the sheet's own letters
    person("officer_id"),
    Column("outside", KEY_NAME, nullable=False),
    Column("audit", KEY_NAME, nullable=False),  # the name of the audit key beside it
    Column("made_by", String(80), nullable=False),  # the operating system's user
    instant("made_at"),
)
escrow_checks = table(
    "escrow_checks",
    Column("id", ID, primary_key=True),
    Column("fingerprint", KEY_NAME, nullable=False),
    Column("outside", KEY_NAME, nullable=False),
    Column("checked_by", String(80), nullable=False),
    instant("checked_at"),
)
