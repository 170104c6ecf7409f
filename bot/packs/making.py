"""Making a pack: a folder of files that nobody else can read, listed with their hashes in a sealed manifest.

Invariants: the folder is new or empty, mode 0700, each file new, mode 0600; no link is followed; a file is hashed as it
is written; the manifest and its seal come last, so that what was broken off is no pack; what could not be finished is
taken away again.
"""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.checkpoints import origin
from bot.packs.manifest import MANIFEST, PUBLIC_KEY, SEAL, Listed, Manifest, written
from storage.checkpoint import public_key
from storage.pack_seal import seal


class NotEmpty(Exception):
    """The folder holds something, or is no folder of one's own; the message says which."""


class HashedFile:
    """A new file, its hash and its size. `mark` remembers this place, `back` cuts off what came after it."""

    def __init__(self, path: Path) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        self._file = os.fdopen(handle, "wb")
        self._hash, self._size = sha256(), 0
        self.mark()

    def write(self, content: bytes) -> None:
        """Add to it."""
        self._file.write(content)
        self._hash.update(content)
        self._size += len(content)

    def mark(self) -> None:
        """Up to here it is to stay."""
        self._marked = self._hash.copy(), self._size

    def back(self) -> None:
        """Nothing behind the last mark is left."""
        self._hash, self._size = self._marked[0].copy(), self._marked[1]
        self._file.flush()
        self._file.truncate(self._size)
        self._file.seek(self._size)

    @property
    def listed(self) -> Listed:
        """As the manifest names it."""
        return Listed(sha256=self._hash.hexdigest(), size=self._size)

    def __enter__(self) -> "HashedFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with self._file:
            self._file.flush()
            os.fsync(self._file.fileno())


class NewPack:
    """A pack that is being made in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made: list[Path] = []
        self._files: dict[str, Listed] = {}

    @contextmanager
    def file(self, name: str) -> Iterator[HashedFile]:
        """A file of the pack, written in pieces."""
        self._made.append(self._folder / name)
        with HashedFile(self._made[-1]) as file:
            yield file
        self._files[name] = file.listed

    def add(self, name: str, text: str) -> None:
        """A whole file, as UTF-8 with the line ends that are in it."""
        with self.file(name) as file:
            file.write(text.encode())

    def close(self, kind: str, about: Mapping[str, Any], *, seed: bytes, made_at: datetime) -> None:
        """The public key, the manifest of everything and its seal."""
        name = origin(seed)
        self.add(PUBLIC_KEY, f"{public_key(seed, name)}\n")
        content = written(Manifest(kind=kind, made_at=made_at, about=about, files=dict(self._files)))
        self.add(MANIFEST, content.decode())
        self.add(SEAL, seal(seed, name, content))

    def discard(self) -> None:
        """Take away what was written."""
        for path in self._made:
            path.unlink(missing_ok=True)


def refuse_occupied(folder: Path) -> None:
    """`NotEmpty` unless the folder is not there yet, or there and empty; OSError when nobody can tell."""
    if folder.is_symlink():
        raise NotEmpty(f"{folder} is a link. Name the folder itself.")
    if folder.exists() and not folder.is_dir():
        raise NotEmpty(f"{folder} is there already and is no folder.")
    if folder.is_dir() and any(folder.iterdir()):
        raise NotEmpty(f"{folder} is not empty. A pack goes into a folder of its own; nothing is overwritten.")


@contextmanager
def new_pack(folder: Path) -> Iterator[NewPack]:
    """The pack while it is made; after an error nothing of it is left, and no folder that was not there before."""
    refuse_occupied(folder)
    there = folder.exists()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    pack = NewPack(folder)
    try:
        yield pack
    except BaseException:
        pack.discard()
        if not there:
            folder.rmdir()
        raise
