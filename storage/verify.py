"""Checking the audit log as an outsider would: every stored byte against its tree, the tree against signed checkpoints.

Needs the database, read-only, the checkpoints exported outside of it, and the public key; no secret key. Whoever
rewrites entries and links consistently is caught by the next checkpoint, whose stretch then names the first entry in
doubt.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, LargeBinary, cast, select

from storage import audit, tree
from storage.checkpoint import BadCheckpoint, PublicKey, parse_many
from storage.engines import in_pieces
from storage.schema import audit_log, audit_tree

BATCH = 2000
_LOG = select(  # SQLite keeps text in a column of bytes when somebody writes it there: its bytes are what counts
    audit_log.c.position, cast(audit_log.c.body, LargeBinary), cast(audit_log.c.link, LargeBinary)
).order_by(audit_log.c.position)
Stored = tuple[Any, ...]  # position, body, link


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

    def take(self, rows: Sequence[Stored]) -> None:
        """The next rows of the log, held against each signed size among them as soon as that is reached."""
        start = self.frontier.size
        sizes = [size for size in range(start + 1, start + len(rows) + 1) if size in self.marks]
        for size in sizes:
            self._grow(rows[self.frontier.size - start : size - start])
            self._compare(size, self.marks[size])
        self._grow(rows[self.frontier.size - start :])

    def _grow(self, rows: Sequence[Stored]) -> None:
        """What a million entries are checked by: each one's bytes, its place and its link."""
        leaves: list[bytes] = []
        link = self.link
        try:
            for here, (position, body, stored) in enumerate(rows, self.frontier.size + 1):
                if position != here:
                    raise _Bad(here, f"Entry {here} is missing.")
                leaf = tree.leaf_hash(body)
                link = audit.linked(link, leaf)
                if link != stored:
                    raise _Bad(here, f"Entry {here} is not what was written there.")
                leaves.append(leaf)
        finally:
            self.frontier, self.link = tree.append(self.frontier, *leaves), link

    def _compare(self, here: int, signed: bytes) -> None:
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


def verify(
    engine: Engine,
    checkpoints: str = "",
    public_key: PublicKey | None = None,
    each: Callable[[Sequence[Stored]], None] = lambda rows: None,
) -> Verdict:
    """Walk the log once: positions without gap, links, every checkpoint's root at its size, then the stored head.
    `each` is given the rows that were found good so far, some at a time; what they are worth, the verdict says."""
    walk = _Walk({})
    try:
        if public_key:
            walk.marks = {mark.size: mark.root for _line, mark in parse_many(checkpoints, public_key)}
        with engine.connect() as conn, conn.begin():
            for rows in in_pieces(conn, _LOG, BATCH):
                walk.take(rows)
                each(rows)
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
