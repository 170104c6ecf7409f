"""Checking an exported audit log: every entry against its leaf, all leaves against the signed checkpoint, and against
whatever checkpoints the auditor has kept.

Invariants: nothing but the folder and the public key is needed; entries have the positions that the manifest says,
without gap, and no line more; two roots for one size are never both believed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path

from bot.packs.checking import Found, NotWhole, plain_file, small
from bot.packs.log_lines import (
    CHECKPOINT,
    ENTRIES,
    LEAVES,
    LONGEST,
    README,
    About,
    about,
    body_in,
    leaves_in,
)
from bot.packs.manifest import PUBLIC_KEY, Manifest
from storage import tree
from storage.checkpoint import BadCheckpoint, Checkpoint, PublicKey, parse_many, read

BATCH = 2000
FILES = {ENTRIES, LEAVES, CHECKPOINT, README, PUBLIC_KEY}


def check(folder: Path, manifest: Manifest, key: PublicKey, kept: str) -> Found:
    """The log in a pack whose files are those of its manifest. `kept`: the auditor's checkpoints, or nothing."""
    said = _about(manifest)
    own = own_checkpoint(folder, key)
    if (own.size, own.root.hex()) != (said.size, said.root):
        raise NotWhole("The manifest and the signed checkpoint speak of two different logs.")
    marks = their_checkpoints(kept, key)
    brought = set(marks)
    if marks.setdefault(own.size, own.root) != own.root:
        raise NotWhole(f"The pack's checkpoint of size {own.size} and yours differ. Both are signed.")
    _Walk(folder, said, marks).go()
    later = sum(size > own.size for size in brought)
    return Found(**asdict(said), compared=len(brought) - later, later=later)


def _about(manifest: Manifest) -> About:
    if set(manifest.files) != FILES:
        raise NotWhole("These are not the files of an exported audit log.")
    try:
        return about(manifest.about)
    except ValueError as fault:
        raise NotWhole(f"The manifest does not say what is in the pack: {fault}.") from None


def own_checkpoint(folder: Path, key: PublicKey) -> Checkpoint:
    """The checkpoint that lies in the pack, if this key signed it."""
    try:
        return read(small(folder, CHECKPOINT).decode(), key)
    except (BadCheckpoint, UnicodeDecodeError) as bad:
        why = bad.reason if isinstance(bad, BadCheckpoint) else "it is not text"
        raise NotWhole(f"{CHECKPOINT} does not hold: {why}.") from None


def their_checkpoints(text: str, key: PublicKey) -> dict[int, bytes]:
    """The roots that the auditor's checkpoints vouch for, by size."""
    marks: dict[int, bytes] = {}
    try:
        for line, mark in parse_many(text, key):
            if marks.setdefault(mark.size, mark.root) != mark.root:
                raise NotWhole(
                    f"Two checkpoints of size {mark.size} in your file differ (line {line}). Both are signed."
                )
    except BadCheckpoint as bad:
        raise NotWhole(f"The checkpoint file is not sound: {bad}.") from None
    return marks


class _Walk:
    """All leaves of the log once, with the entries beside those whose entry is in the pack."""

    def __init__(self, folder: Path, said: About, marks: Mapping[int, bytes]) -> None:
        self._folder, self._said, self._marks = folder, said, marks
        self._frontier = tree.EMPTY
        self._checked = 0

    def go(self) -> None:
        with plain_file(self._folder, LEAVES) as leaves, plain_file(self._folder, ENTRIES) as lines:
            try:
                for some in leaves_in(leaves, BATCH):
                    self._entries(iter(lambda: lines.readline(LONGEST), b""), some)
                    self._grow(some)
            except ValueError:
                raise NotWhole(f"{LEAVES} holds something that is no leaf hash.") from None
            more = lines.read(1)
        if self._frontier.size != self._said.size:
            raise NotWhole(f"{LEAVES} has {self._frontier.size} leaves, the signed checkpoint {self._said.size}.")
        if more:
            raise NotWhole(f"{ENTRIES} holds more than the manifest says.")

    def _entries(self, lines: Iterator[bytes], leaves: list[bytes]) -> None:
        """Those entries that belong to the next leaves."""
        start = self._frontier.size
        first, last = self._said.first or 1, self._said.last or 0
        for position in range(max(first, start + 1), min(last, start + len(leaves)) + 1):
            body = body_in(next(lines, b""), position)
            if body is None:
                raise NotWhole(f"Entry {position} is missing, or is not in its place.", position)
            if tree.leaf_hash(body) != leaves[position - start - 1]:
                raise NotWhole(f"Entry {position} is not what was written there.", position)

    def _grow(self, leaves: list[bytes]) -> None:
        """The tree with these leaves more, held against each signed size among them."""
        start = self._frontier.size
        for size in [size for size in range(start + 1, start + len(leaves) + 1) if size in self._marks]:
            self._frontier = tree.append(self._frontier, *leaves[self._frontier.size - start : size - start])
            if tree.root(self._frontier) != self._marks[size]:
                first = self._checked + 1
                raise NotWhole(f"Entries {first} to {size} are not those that a signed checkpoint saw.", first)
            self._checked = size
        self._frontier = tree.append(self._frontier, *leaves[self._frontier.size - start :])
