"""How the audit log lies in a pack: one line an entry, one line a leaf hash, and what the manifest says of them.

Invariants: an entry's exact stored bytes stand unchanged between the two ends of its line; a leaf is 64 hexadecimal
digits; positions are counted from 1.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

KIND = "audit-log"
ENTRIES, LEAVES, CHECKPOINT, README = "entries.jsonl", "leaves.txt", "checkpoint.txt", "README.txt"
LEAF_LINE = 65  # bytes of a leaf with its line end
LONGEST = 1_000_000  # bytes of an entry's line; ours have some hundreds
_LEAVES = re.compile(rb"(?:[0-9a-f]{64}\n)*")


@dataclass(frozen=True, kw_only=True)
class About:
    """The log's size and root (hex), and the first and last position whose entry is in the pack (both None: none)."""

    size: int
    root: str
    first: int | None
    last: int | None


def entry_line(position: int, body: bytes) -> bytes:
    """`{"position":12,"entry":…}` with a line end. ValueError for bytes that are no single line."""
    if b"\n" in body:
        raise ValueError(f"entry {position} is not one line")
    return b'{"position":%d,"entry":%s}\n' % (position, body)


def body_in(line: bytes, position: int) -> bytes | None:
    """The exact bytes of the entry at this position, or None when this is not its line."""
    before, after = b'{"position":%d,"entry":' % position, b"}\n"
    if not line.startswith(before) or not line.endswith(after):
        return None
    return line[len(before) : -len(after)]


def leaf_lines(leaves: list[bytes]) -> bytes:
    """The lines of these hashes."""
    return "".join(f"{leaf.hex()}\n" for leaf in leaves).encode()


def leaves_in(file: BinaryIO, at_once: int) -> Iterator[list[bytes]]:
    """The hashes of a file, so many at a time; ValueError for anything else in it."""
    while content := file.read(LEAF_LINE * at_once):
        if len(content) % LEAF_LINE or not _LEAVES.fullmatch(content):
            raise ValueError("not leaf hashes")
        yield [bytes.fromhex(line) for line in content.decode().split()]


def about(fields: Mapping[str, Any]) -> About:
    """What the manifest says; ValueError when it does not, or cannot be."""
    size, root, first, last = (fields.get(name) for name in ("size", "root", "first", "last"))
    if type(size) is not int or size < 0 or not isinstance(root, str):
        raise ValueError("no size or no root")
    if first is None and last is None:
        return About(size=size, root=root, first=None, last=None)
    if type(first) is not int or type(last) is not int or not 1 <= first <= last <= size:
        raise ValueError("no positions that can be")
    return About(size=size, root=root, first=first, last=last)
