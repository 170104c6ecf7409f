"""Exporting signed checkpoints of the audit log to a file outside the database, which an outsider checks it against.

Invariants: a checkpoint is written and synced before it counts; the same size is not written twice; the file is only
appended to, mode 0600.
"""

import errno
import hashlib
import os
from pathlib import Path

from bot.doorway import Doorway
from storage import audit, checkpoint, settings, tree
from storage.store import Tx

LAST = "checkpoint.size"


class Checkpoints:
    """Signs with `seed` (32 bytes, Ed25519)."""

    def __init__(self, doorway: Doorway, *, seed: bytes, path: Path) -> None:
        self._doorway = doorway
        self._seed = seed
        self._origin = origin(seed)
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
    """Add to the file and wait for the disk; on a full one nothing is left of it, for half a checkpoint would make the
    whole file unsound."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        before, written = os.fstat(handle).st_size, text.encode()
        if os.write(handle, written) < len(written):
            os.ftruncate(handle, before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
    finally:
        os.close(handle)


def origin(seed: bytes) -> str:
    """The log's name: the product and a fingerprint of its key, so that it outlives a renaming of the firm."""
    return f"sopwith/{hashlib.sha256(checkpoint.public_key(seed, 'sopwith').key).hexdigest()[:12]}"
