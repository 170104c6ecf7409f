"""Checking the audit log as an outsider would: every stored byte against its tree, the tree against signed checkpoints.

Needs the database, read-only, the checkpoints exported outside of it, and the public key; no secret key. Whoever
rewrites
entries and links consistently is caught by the next checkpoint, whose stretch then names the first entry in doubt.
"""

from dataclasses import dataclass

from sqlalchemy import Engine, Row, select

from storage import audit, tree
from storage.checkpoint import BadCheckpoint, PublicKey, parse_many
from storage.schema import audit_log, audit_tree

BATCH = 5000


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """`ok`; how many entries; the root (hex); the first bad position from 1, or None; what is wrong in one sentence."""

    ok: bool
    size: int
    root: str
    first_bad: int | None
    problem: str


class _Bad(Exception):
    def __init__(self, position: int | None, problem: str) -> None:
        super().__init__(problem)
        self.position = position
        self.problem = problem


class _Walk:
    """The log as far as it was read."""

    def __init__(self, marks: dict[int, bytes]) -> None:
        self.frontier = tree.Frontier(size=0, hashes=())
        self.link = audit.FIRST_LINK
        self.checked = 0
        self.marks = marks

    def take(self, row: Row[int, bytes, bytes]) -> None:
        here = self.frontier.size + 1
        if row.position != here:
            raise _Bad(here, f"Entry {here} is missing.")
        body = row.body if isinstance(row.body, bytes) else str(row.body).encode()
        leaf = tree.leaf_hash(body)
        self.link = audit.linked(self.link, leaf)
        if self.link != row.link:
            raise _Bad(here, f"Entry {here} is not what was written there.")
        self.frontier = tree.append(self.frontier, leaf)
        signed = self.marks.get(here)
        if signed is None:
            return
        if tree.root(self.frontier) != signed:
            first = self.checked + 1
            raise _Bad(first, f"Entries {first} to {here} are not those that the signed checkpoint of {here} saw.")
        self.checked = here

    def end(self, head: tuple[bytes, bytes] | None) -> None:
        newest, size = max(self.marks, default=0), self.frontier.size
        if newest > size:
            raise _Bad(size + 1, f"The log ends at {size}, but a signed checkpoint saw {newest} entries.")
        if head is None or tree.decode(head[0]) != self.frontier or head[1] != self.link:
            raise _Bad(self.checked + 1, "The entries behind the last checkpoint do not match the stored tree.")


def verify(engine: Engine, checkpoints: str = "", public_key: PublicKey | None = None) -> Verdict:
    """Walk the log once: positions without gap, links, every checkpoint's root at its size, then the stored head."""
    walk = _Walk({})
    try:
        if public_key:
            walk.marks = {mark.size: mark.root for _line, mark in parse_many(checkpoints, public_key)}
        with engine.connect() as conn:
            for row in conn.execution_options(yield_per=BATCH).execute(
                select(audit_log.c.position, audit_log.c.body, audit_log.c.link).order_by(audit_log.c.position)
            ):
                walk.take(row)
            head = conn.execute(select(audit_tree.c.frontier, audit_tree.c.link)).one_or_none()
        walk.end((head.frontier, head.link) if head else None)
    except BadCheckpoint as bad:
        return _verdict(walk, None, f"The checkpoint file is not sound: {bad}.")
    except _Bad as bad:
        return _verdict(walk, bad.position, bad.problem)
    return _verdict(walk, None, "")


def _verdict(walk: _Walk, position: int | None, problem: str) -> Verdict:
    root = tree.root(walk.frontier).hex()
    return Verdict(ok=not problem, size=walk.frontier.size, root=root, first_bad=position, problem=problem)
