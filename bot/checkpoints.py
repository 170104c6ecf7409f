"""Exporting signed checkpoints of the audit log to a file outside the database, which an outsider checks it against.

Invariants: a checkpoint is written and synced before it counts; what was written last is known from the file itself,
so that each of several processes that share a database keeps a whole file of its own; the file is only appended to, one
writer at a time, mode 0600; a log that is shorter than what was signed before is not signed; of what a lost power left
unfinished at its end nothing stays.
"""

import errno
import fcntl
import hashlib
import os
from pathlib import Path

from bot import telemetry
from bot.doorway import Doorway
from storage import audit, checkpoint, tree
from storage.checkpoint import PublicKey

SHRUNK = "the audit log is shorter than its last checkpoint: is this an older copy of the record?"
LINES, TAIL = 5, 4096  # of one checkpoint; bytes of the file's end that surely hold one


class Checkpoints:
    """Signs with `seed` (32 bytes, Ed25519)."""

    def __init__(self, doorway: Doorway, *, seed: bytes, path: Path) -> None:
        self._doorway = doorway
        self._seed = seed
        self._origin = origin(seed)
        self._path = path
        self._last: int | None = None
        self.problem = ""  # what an alarm should say

    async def begin(self) -> None:
        """Look what was signed last. A log that is shorter is an older copy of the record, put in place of the one that
        was signed: said from now on, until somebody has looked at it and starts anew."""
        mend(self._path)
        self._last = newest(self._path, checkpoint.public_key(self._seed, self._origin))
        if (await self._doorway.ask(audit.head)).size < self._last:
            self.problem = SHRUNK
            telemetry.log.error("shorter than its last checkpoint", action="checkpoint")

    async def export(self) -> bool:
        """Append a checkpoint when the log has grown; True when one was written."""
        if self._last is None:
            await self.begin()
        head = await self._doorway.ask(audit.head)
        if self.problem or head.size == self._last:
            return False
        append(self._path, checkpoint.sign(self._seed, self._origin, head.size, tree.root(head)))
        self._last = head.size
        return True


def newest(path: Path, key: PublicKey) -> int:
    """The size that the last checkpoint of the file vouches for; 0 when there is none that holds, and the next one is
    written whatever its size."""
    try:
        lines = path.read_bytes()[-TAIL:].decode(errors="replace").splitlines()
    except FileNotFoundError:
        return 0
    try:
        return checkpoint.read("\n".join(lines[-LINES:]) + "\n", key).size
    except checkpoint.BadCheckpoint:
        return 0


def mend(path: Path) -> None:
    """Cut off what a lost power left of the last checkpoint: it never counted, and half a checkpoint would make the
    whole file unsound."""
    try:
        handle = os.open(path, os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        content = path.read_bytes()
        end = checkpoint.whole(content)
        if end < len(content) <= end + TAIL:
            os.ftruncate(handle, end)
            os.fsync(handle)
            telemetry.log.warning("half a checkpoint was cut off", action="checkpoint")
    finally:
        os.close(handle)


def append(path: Path, text: str) -> None:
    """Add to the file and wait for the disk; on a full one nothing is left of it, for half a checkpoint would make the
    whole file unsound."""
    handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        before, written = os.fstat(handle).st_size, text.encode()
        if os.write(handle, written) < len(written):
            os.ftruncate(handle, before)
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.fsync(handle)
        if not before:
            _sync_folder(path.parent)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    """A new file's name is on the disk only when its folder is."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def origin(seed: bytes) -> str:
    """The log's name: the product and a fingerprint of its key, so that it outlives a renaming of the firm."""
    return f"sopwith/{hashlib.sha256(checkpoint.public_key(seed, 'sopwith').key).hexdigest()[:12]}"
