"""Exporting signed checkpoints of the audit log to a file outside the database, which an outsider checks it against.

Invariants: a checkpoint is written and synced before it counts; the same size is not written twice; the file is only
appended to, mode 0600.
"""

import os
from pathlib import Path

from bot.doorway import Doorway
from storage import audit, checkpoint, settings, tree
from storage.store import Tx

LAST = "checkpoint.size"


class Checkpoints:
    """Signs with `seed` (32 bytes, Ed25519) in the name of `origin`."""

    def __init__(self, doorway: Doorway, *, seed: bytes, origin: str, path: Path) -> None:
        self._doorway = doorway
        self._seed = seed
        self._origin = origin
        self._path = path

    async def export(self) -> bool:
        """Append a checkpoint when the log has grown; True when one was written."""
        head, last = await self._doorway.ask(lambda tx: (audit.head(tx), settings.get(tx, LAST)))
        if head.size == int(last or 0):
            return False
        append(self._path, checkpoint.sign(self._seed, self._origin, head.size, tree.root(head)))

        def note(tx: Tx) -> None:
            settings.put(tx, LAST, str(head.size))

        await self._doorway.do(note)
        return True


def append(path: Path, text: str) -> None:
    """Add to the file and wait for the disk."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(handle, text.encode())
        os.fsync(handle)
    finally:
        os.close(handle)


def origin(firm: str) -> str:
    """The log's name: the product and the firm, without spaces or plus signs."""
    words = "".join(c if c.isalnum() else "-" for c in firm.lower()).strip("-")
    return f"sopwith/{words or 'firm'}"
