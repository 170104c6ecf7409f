"""Where people are on the chat platforms, and which of our messages stand there, so that they can be edited in
place."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, bindparam, insert, select, update

from storage import locks
from storage.ids import new_id
from storage.schema import accounts, messages, people
from storage.store import Tx


@dataclass(frozen=True, kw_only=True)
class Account:
    """One person's account on one platform (`slack:T1/U7`)."""

    account: str
    person_id: str
    guest: bool
    active: bool
    zone: str


@dataclass(frozen=True, kw_only=True)
class Reference:
    """Where the private chat with an account is, for platforms that want to be told: the conversation's name, and the
    address of the platform's service."""

    conversation: str
    service_url: str


@dataclass(frozen=True, kw_only=True)
class Message:
    """A card of ours in somebody's private chat; `place` is the platform's name for the message, `part` which of its
    cards it is, from 0; `replaced_by` names the newer one about the same matter."""

    id: str
    kind: str
    subject: str
    person_id: str
    account: str
    place: str
    part: int
    urgent: bool
    replaced_by: str
    sent_at: datetime


_account_columns = [accounts.c[name] for name in Account.__dataclass_fields__]
_by_name = select(*_account_columns).where(accounts.c.account == bindparam("name"))
_living = (
    select(*_account_columns)
    .where(accounts.c.person_id == bindparam("person_id"), accounts.c.active.is_(True))
    .order_by(accounts.c.silent_since.is_not(None), accounts.c.home.desc(), accounts.c.account)
)
_message_columns = [messages.c[name] for name in Message.__dataclass_fields__]


def account(tx: Tx, name: str) -> Account | None:
    """The account of this name, if it belongs to somebody in the people file."""
    row = tx.conn.execute(_by_name, {"name": name}).one_or_none()
    return Account(**row._mapping) if row else None


def accounts_of(tx: Tx, person_id: str) -> list[Account]:
    """A person's living accounts; of several that messages reach the one chosen for notices first."""
    return [Account(**row._mapping) for row in tx.conn.execute(_living, {"person_id": person_id})]


def reference(tx: Tx, name: str) -> Reference | None:
    """Where the chat with this account is; None while nothing was heard from it."""
    columns = select(accounts.c.conversation, accounts.c.service_url).where(accounts.c.account == name)
    row = tx.conn.execute(columns).one_or_none()
    return Reference(**row._mapping) if row and row.conversation else None


def is_at(tx: Tx, name: str, there: Reference) -> bool:
    """Whether that is known already, and messages reach it."""
    silent = select(accounts.c.silent_since).where(accounts.c.account == name)
    return reference(tx, name) == there and tx.conn.execute(silent).scalar() is None


def found_at(tx: Tx, name: str, there: Reference) -> bool:
    """Remember where the chat with a linked account is; False for an account nobody knows."""
    row = update(accounts).where(accounts.c.account == name)
    values = {"conversation": there.conversation, "service_url": there.service_url, "silent_since": None}
    return bool(tx.conn.execute(row.values(**values)).rowcount)


def chosen(tx: Tx, person_id: str) -> str | None:
    """The account that this person chose for notices, if one was chosen."""
    mine = select(accounts.c.account).where(accounts.c.person_id == person_id, accounts.c.home.is_(True))
    return tx.conn.execute(mine).scalar()


def choose(tx: Tx, name: str, person_id: str) -> None:
    """This person's notices go to this account from now on."""
    mine = update(accounts).where(accounts.c.person_id == person_id)
    tx.conn.execute(mine.values(home=accounts.c.account == name))


def without_account(tx: Tx) -> frozenset[str]:
    """Ids of people in the people file whom no living account reaches."""
    reached = select(accounts.c.person_id).where(accounts.c.active.is_(True))
    return frozenset(tx.conn.execute(select(people.c.id).where(people.c.id.not_in(reached))).scalars())


def link(tx: Tx, found: Account) -> bool:
    """Record or update an account; True when something changed."""
    known = account(tx, found.account)
    if known == found:
        return False
    values = {"person_id": found.person_id, "guest": found.guest, "active": found.active, "zone": found.zone}
    if known:
        changed = update(accounts).where(accounts.c.account == found.account)
        tx.conn.execute(changed.values(**values, silent_since=None))
    else:
        tx.conn.execute(insert(accounts).values(account=found.account, **values))
    return True


def fell_silent(tx: Tx, name: str) -> None:
    """The platform says that no message reaches this account."""
    rows = update(accounts).where(accounts.c.account == name, accounts.c.silent_since.is_(None))
    tx.conn.execute(rows.values(silent_since=tx.now))


def spoke_again(tx: Tx, name: str) -> None:
    """A message has reached it after all."""
    rows = update(accounts).where(accounts.c.account == name, accounts.c.silent_since.is_not(None))
    tx.conn.execute(rows.values(silent_since=None))


def posted(
    tx: Tx,
    *,
    kind: str,
    subject: str,
    person_id: str,
    account: str,
    place: str,
    part: int = 0,
    urgent: bool = False,
) -> str:
    """Remember a sent card; gives its id. Whoever changes the subject meanwhile is waited for, so that the courier, who
    looks once more behind this, sees it."""
    locks.subject(tx, subject)
    row = {"id": new_id("ME"), "kind": kind, "subject": subject, "person_id": person_id, "account": account}
    tx.conn.execute(insert(messages).values(**row, place=place, part=part, urgent=urgent, sent_at=tx.now))
    return row["id"]


def supersede(tx: Tx, newer: str, *, person_id: str, subject: str, kinds: Collection[str]) -> list[Message]:
    """The card `newer` says what this person's cards of these kinds about the subject said; gives those it replaces."""
    mine = and_(messages.c.person_id == person_id, messages.c.subject == subject, messages.c.kind.in_(kinds))
    older = and_(mine, messages.c.replaced_by == "", messages.c.id != newer)
    rows = tx.conn.execute(update(messages).where(older).values(replaced_by=newer).returning(*_message_columns))
    return [Message(**row._mapping) for row in rows]


def message(tx: Tx, id: str) -> Message | None:
    """One sent card."""
    return next(iter(_list(tx, messages.c.id == id)), None)


def standing_with(tx: Tx, card: Message) -> list[Message]:
    """Every card of the message that this one stands in, itself too, from top to bottom."""
    return _list(tx, messages.c.account == card.account, messages.c.place == card.place)


def messages_about(tx: Tx, subject: str) -> list[Message]:
    """Every living card about this subject, for one who is about to change it; not those that a newer one replaced."""
    locks.subject(tx, subject)
    return _list(tx, messages.c.subject == subject, messages.c.replaced_by == "")


def _list(tx: Tx, *where: ColumnElement[bool]) -> list[Message]:
    rows = select(*_message_columns).where(*where).order_by(messages.c.sent_at, messages.c.place, messages.c.part)
    return [Message(**row._mapping) for row in tx.conn.execute(rows)]
