"""Looking a pack over: its seal, its manifest, and that every byte of every file is the one that was listed.

Invariants: it needs the folder and nothing else; nothing is believed that was not looked at before: first the seal,
then the manifest, then the files; a file too many is as wrong as one too few; no link is followed.
"""

import os
import stat
from dataclasses import dataclass
from hashlib import file_digest
from io import BufferedReader
from pathlib import Path

from bot.packs.manifest import MANIFEST, PUBLIC_KEY, SEAL, BadManifest, Listed, Manifest, read
from storage.checkpoint import BadPublicKey, PublicKey, parse_public_key
from storage.pack_seal import BadSeal, holds

SMALL = 1_000_000  # bytes of a manifest, seal or key; more is none


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a whole pack shows of the log: its size and root (hex), the first and last position whose entries are in it
    (None: of none); how many checkpoints of the auditor's were held against it, and how many are of a longer log."""

    size: int = 0
    root: str = ""
    first: int | None = None
    last: int | None = None
    compared: int = 0
    later: int = 0


class NotWhole(Exception):
    """The pack is not what was made: `problem` says what is wrong in a sentence, `position` at which entry, if any."""

    def __init__(self, problem: str, position: int | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.position = position


def look_over(folder: Path, given: PublicKey | None) -> tuple[Manifest, PublicKey]:
    """The manifest, and whose seal is on it: `given`, or the key that lies in the pack. `NotWhole` at the first thing
    that is wrong; OSError when the folder cannot be read."""
    there = {path.name for path in folder.iterdir()}
    for name in (MANIFEST, SEAL, PUBLIC_KEY):
        if name not in there:
            raise NotWhole(f"{name} is missing: this is no pack, or not all of it.")
    key = _whose(folder, given)
    content = small(folder, MANIFEST)
    try:
        holds(_text(folder, SEAL), content, key)
        manifest = read(content)
    except BadSeal as bad:
        raise NotWhole(f"The seal of the manifest does not hold: {bad}.") from None
    except BadManifest as bad:
        raise NotWhole(f"The manifest cannot be read: {bad}.") from None
    _compare(folder, there - {MANIFEST, SEAL}, manifest)
    return manifest, key


def _whose(folder: Path, given: PublicKey | None) -> PublicKey:
    try:
        enclosed = parse_public_key(_text(folder, PUBLIC_KEY))
    except BadPublicKey as bad:
        raise NotWhole(f"{PUBLIC_KEY} holds no key: {bad}") from None
    if given and enclosed != given:
        raise NotWhole(f"The pack is by another key ({enclosed}) than the one given ({given}).")
    return enclosed


def _compare(folder: Path, there: set[str], manifest: Manifest) -> None:
    if missing := sorted(set(manifest.files) - there):
        raise NotWhole(f"{missing[0]} is missing from the pack.")
    if more := sorted(there - set(manifest.files)):
        raise NotWhole(f"{more[0]!r} is not in the manifest: somebody added it.")
    for name, listed in manifest.files.items():
        if _as_it_is(folder, name) != listed:
            raise NotWhole(f"{name} is not the file that was written.")


def _as_it_is(folder: Path, name: str) -> Listed:
    with plain_file(folder, name) as file:
        size = os.fstat(file.fileno()).st_size
        return Listed(sha256=file_digest(file, "sha256").hexdigest(), size=size)


def plain_file(folder: Path, name: str) -> BufferedReader:
    """A file of the pack, to be read; a link, a folder or a pipe is none."""
    try:
        handle = os.open(folder / name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError as error:
        raise NotWhole(f"{name} cannot be read: {error.strerror}.") from None
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise NotWhole(f"{name} is no plain file.")
    return os.fdopen(handle, "rb")


def small(folder: Path, name: str) -> bytes:
    """A whole file of the pack that is never large."""
    with plain_file(folder, name) as file:
        content = file.read(SMALL + 1)
    if len(content) > SMALL:
        raise NotWhole(f"{name} is too large to be one.")
    return content


def _text(folder: Path, name: str) -> str:
    try:
        return small(folder, name).decode()
    except UnicodeDecodeError:
        raise NotWhole(f"{name} is not text.") from None
