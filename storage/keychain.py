"""The firm keys that this process has opened, by generation. Which one wraps is asked of the record, never remembered.

Invariants: what is kept is a cache by id, and under an id there is never another key: a generation made in a
transaction that is taken back, or by another process, or an old state that a reader still sees, does no harm. The
keyring is replaced as a whole, so threads may share it. Whoever meets an unknown generation looks again.
"""

from sqlalchemy import Connection, select

from storage.key_tables import firm_keys
from storage.vault import Keyring, Root, unwrap_firm_key

NEWEST = (firm_keys.c.created_at.desc(), firm_keys.c.id.desc())


class Keychain:
    """`root` is the outside key at work. `WrongKey` when it does not open a generation of the record."""

    __slots__ = ("_ring", "root")

    def __init__(self, root: Root, ring: Keyring) -> None:
        self.root = root
        self._ring = ring

    def newest(self, conn: Connection) -> Keyring:
        """A keyring whose current generation is the newest one that this transaction sees: for wrapping."""
        id = conn.execute(select(firm_keys.c.id).order_by(*NEWEST).limit(1)).scalar_one()
        known = self._ring
        return known if known.current == id else self.anew(conn)

    def holding(self, conn: Connection, *firm_key_ids: str) -> Keyring:
        """A keyring with these generations on it, if the record has them: for opening."""
        known = self._ring  # another thread may exchange it meanwhile
        return known if all(id in known for id in firm_key_ids) else self.anew(conn)

    def anew(self, conn: Connection) -> Keyring:
        """Every generation that this transaction sees; one that was destroyed is dropped."""
        found = self._ring = ring(conn, self.root)
        return found


def ring(conn: Connection, root: Root) -> Keyring:
    """The generations that stand in the record, unwrapped."""
    rows = conn.execute(select(firm_keys.c.id, firm_keys.c.wrapped).order_by(*NEWEST)).all()
    return Keyring({row.id: unwrap_firm_key(root, row.id, row.wrapped) for row in rows}, current=rows[0].id)
