"""Who may open which client file, and why: every fact with its dates, so that it can be asked as of any day.

Invariants: no row is taken away; what somebody wrote is sealed; a barrier's reason is sealed apart from the file's own
compartment, so that those on the file do not read it.
"""

from sqlalchemy import Boolean, Column, ForeignKey, Index, LargeBinary, String, Text

from storage.columns import ID, instant, person, table


def _client(*, nullable: bool = False) -> Column[str]:
    return Column("client_id", ForeignKey("clients.id"), nullable=nullable)


access_records = table(
    "access_records",
    Column("id", ID, primary_key=True),
    _client(),
    person("person_id"),
    Column("basis", String(20), nullable=False),  # owner | team | grant
    instant("starts_at"),
    instant("ends_at", nullable=True),
    Column("given_by", ID, nullable=True),  # a person; null: the client list
    Column("purpose", String(40), nullable=False, default=""),
    Column("reason", LargeBinary, nullable=True),  # sealed in the file
    Index("ix_access_records_person_id", "person_id", "client_id"),
    Index("ix_access_records_client_id", "client_id"),
)
access_requests = table(
    "access_requests",
    Column("id", ID, primary_key=True),
    person("person_id"),
    _client(nullable=True),  # null: no file of this number, or none for this person
    Column("purpose", String(40), nullable=False),
    Column("reason", LargeBinary, nullable=False),  # sealed in the file, else in quarantine
    instant("until"),
    instant("asked_at"),
    Column("state", String(20), nullable=False),  # open | approved | refused | lapsed
    person("answered_by", nullable=True),
    instant("answered_at", nullable=True),
    Index("ix_access_requests_person_id", "person_id"),
    Index("ix_access_requests_client_id", "client_id", "state"),
)
barriers = table(
    "barriers",
    Column("id", ID, primary_key=True),
    _client(),
    person("person_id"),
    Column("kind", String(20), nullable=False),  # conflict | inside | adverse | other
    Column("reason", LargeBinary, nullable=False),  # sealed among the barriers
    person("set_by"),
    instant("starts_at"),
    instant("ends_at", nullable=True),
    person("lifted_by", nullable=True),
    Column("lifted_why", LargeBinary, nullable=True),  # sealed among the barriers
    Index("ix_barriers_person_id", "person_id", "client_id"),
    Index("ix_barriers_client_id", "client_id"),
)
emergencies = table(
    "emergencies",
    Column("id", ID, primary_key=True),
    _client(),
    person("person_id"),
    Column("code", String(20), nullable=False),
    Column("reason", LargeBinary, nullable=False),  # sealed in the file
    instant("starts_at"),
    instant("ends_at"),
    person("reviewed_by", nullable=True),
    instant("reviewed_at", nullable=True),
    Column("verdict", String(20), nullable=False, default=""),  # needed | not_needed
    Index("ix_emergencies_person_id", "person_id", "client_id"),
    Index("ix_emergencies_client_id", "client_id"),
)
undertaking_texts = table(
    "undertaking_texts",
    Column("hash", String(64), primary_key=True),
    Column("body", Text, nullable=False),
    instant("first_seen_at"),
)
undertakings = table(
    "undertakings",
    Column("id", ID, primary_key=True),
    person("person_id"),
    Column("leaving", Boolean, nullable=False, default=False),
    Column("text_hash", ForeignKey("undertaking_texts.hash"), nullable=False),
    Column("sentence", String(200), nullable=False),
    Column("account", String(120), nullable=False, default=""),  # where it was said; empty: by a sponsor
    person("sponsor_id", nullable=True),
    Column("document_hash", String(64), nullable=False, default=""),
    instant("at"),
    Index("ix_undertakings_person_id", "person_id"),
)
suspensions = table(
    "suspensions",
    Column("id", ID, primary_key=True),
    _client(),
    person("person_id"),
    Column("review_id", ID, nullable=False, default=""),
    instant("starts_at"),
    instant("ends_at", nullable=True),
    Column("ended_why", String(20), nullable=False, default=""),  # kept | a reason code of a day's reprieve
    Index("ix_suspensions_person_id", "person_id", "client_id"),
)
access_reviews = table(
    "access_reviews",
    Column("id", ID, primary_key=True),
    _client(),
    instant("opened_at"),
    instant("due_at"),
    Column("stage", String(20), nullable=False),  # asked | reminded | deputy | dpo | suspended
    Column("state", String(20), nullable=False),  # open | done
    instant("ended_at", nullable=True),
    Index("ix_access_reviews_client_id", "client_id", "state"),
)
review_answers = table(
    "review_answers",
    Column("id", ID, primary_key=True),
    Column("review_id", ForeignKey("access_reviews.id"), nullable=False),
    person("person_id"),
    Column("verdict", String(20), nullable=False),  # keep | reduce | remove
    person("by"),
    instant("at"),
    Index("ix_review_answers_review_id", "review_id"),
)
