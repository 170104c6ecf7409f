"""The second road's table: which notice goes by e-mail too, and when."""

from sqlalchemy import Column, ForeignKey, Index, Integer, String

from storage.columns import instant, person, table

mails = table(
    "mails",
    Column("notice_id", ForeignKey("outbox.id"), primary_key=True),
    person("recipient_id"),
    instant("mail_at", nullable=True),  # null: nothing more to send
    instant("mailed_at", nullable=True),
    Column("attempts", Integer, nullable=False, default=0),
    Column("letter", String(64), nullable=False, default=""),  # which letter it is in; kept while that may have arrived
    Column("problem", String(80), nullable=False, default=""),
    Index("ix_mails_mail_at", "mail_at"),
    Index("ix_mails_recipient_id", "recipient_id", "mailed_at"),
)
