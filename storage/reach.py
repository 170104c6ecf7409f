"""By which roads somebody can be reached: a living chat account, an address that takes mail, both, or none.

Invariants: a road is closed by what a platform or mail server said of this person, never by an outage; whoever has just
come into the people file is waited for.
"""

from collections.abc import Collection
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, bindparam, exists, literal, or_, select

from storage.mail_tables import mails
from storage.schema import accounts, outbox, people
from storage.store import Tx

NEW = timedelta(minutes=2)  # so long chat may need to learn of somebody who is new in the people file
REFUSED = "refused"  # what a letter ended in when the mail server does not know the address


class Road(StrEnum):
    CHAT = "chat"
    MAIL = "mail"


def living(platforms: Collection[str] | None = None) -> ColumnElement[bool]:
    """Of `accounts`: one that messages reach, as far as anybody knows; on one of these platforms, if said."""
    names = None if platforms is None else [accounts.c.account.startswith(f"{p}:", autoescape=True) for p in platforms]
    here = literal(True) if names is None else or_(*names, literal(False))
    return and_(accounts.c.active.is_(True), accounts.c.silent_since.is_(None), here)


_by_chat = select(literal(1)).where(accounts.c.person_id == bindparam("person_id"), living()).limit(1)
_last_letter = (
    select(mails.c.mailed_at)
    .join(outbox, outbox.c.id == mails.c.notice_id)
    .where(mails.c.recipient_id == bindparam("person_id"))
    .where(or_(mails.c.mailed_at.is_not(None), mails.c.problem == REFUSED))
    .order_by(outbox.c.created_at.desc())
    .limit(1)
)
_account = exists().where(accounts.c.person_id == people.c.id)
_is_new = select(literal(1)).where(
    people.c.id == bindparam("person_id"),
    people.c.created_at >= bindparam("since", type_=people.c.created_at.type),
    ~_account,
)


def roads(tx: Tx, person_id: str) -> frozenset[Road]:
    """The roads that are open."""
    chat = tx.conn.execute(_by_chat, {"person_id": person_id}).first() is not None
    mail = tx.mail and not _refused(tx, person_id)
    return frozenset(road for road, is_open in ((Road.CHAT, chat), (Road.MAIL, mail)) if is_open)


def without_chat(tx: Tx) -> dict[str, frozenset[Road]]:
    """Everybody in the people file whom no message reaches, leavers too, by id, with the roads there are."""
    chat = exists().where(accounts.c.person_id == people.c.id, living())
    return {id: roads(tx, id) for id in tx.conn.execute(select(people.c.id).where(~chat)).scalars()}


def _refused(tx: Tx, person_id: str) -> bool:
    last = tx.conn.execute(_last_letter, {"person_id": person_id}).first()
    return last is not None and last.mailed_at is None


def reached(tx: Tx, person_id: str) -> bool:
    """Whether a notice to this person has somewhere to go, or will have in a moment."""
    if roads(tx, person_id):
        return True
    return tx.conn.execute(_is_new, {"person_id": person_id, "since": tx.now - NEW}).first() is not None
