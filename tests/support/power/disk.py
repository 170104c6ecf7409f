"""A disk as its journal (shim.c) tells it, and what may be left of it when the power goes at any moment.

Invariants: what was synced is there, whole; of what came after anything may be there or not, in pieces of a sector and
in any order; a name that its folder was not synced with may be missing, or still mean the file it meant before.
"""

import random
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

HEAD = struct.Struct("<cHQQ")


class Way(StrEnum):
    """What becomes of what was not synced."""

    KEPT = "all of it is there"
    DROPPED = "nothing of it is there"
    CUT = "it ends somewhere, in the middle of a write"
    TORN = "some sectors of it are there"
    REORDERED = "some sectors of it are there, older ones over newer ones"


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One line of the journal. `op` is C, W, T, S, R or U, as in shim.c."""

    op: str
    path: str
    at: int
    data: bytes


@dataclass(eq=False)
class File:
    """A file, whatever it is called: what is surely on the disk, and what was asked for since. A piece without data is
    a cut."""

    sure: bytearray = field(default_factory=bytearray)
    asked: list[tuple[int, bytes | None]] = field(default_factory=list)

    def sync(self) -> None:
        for at, data in self.asked:
            _put(self.sure, at, data, b"\0")
        self.asked.clear()

    def after(self, way: Way, chance: random.Random) -> bytes:
        """What may be found there."""
        found = bytearray(self.sure)
        filler = chance.choice((b"\0", b"\0", chance.randbytes(1)))
        for at, data in _survivors(self.asked, way, chance):
            _put(found, at, data, filler)
        return bytes(found)


def _put(found: bytearray, at: int, data: bytes | None, filler: bytes) -> None:
    """Write, or cut; what lies between the old end and a write beyond it is whatever was there before."""
    if data is None:
        del found[at:]
    found.extend((b"\0" if data is None else filler) * (at - len(found)))
    if data is not None:
        found[at : at + len(data)] = data


def _survivors(
    asked: list[tuple[int, bytes | None]], way: Way, chance: random.Random
) -> list[tuple[int, bytes | None]]:
    if way is Way.KEPT:
        return asked
    if way is Way.DROPPED or not asked:
        return []
    pieces = [piece for write in asked for piece in _sectors(write, chance.choice((512, 4096)))]
    if way is Way.CUT:
        return pieces[: chance.randrange(len(pieces) + 1)]
    share = chance.choice((0.1, 0.5, 0.9, 1.0))
    pieces = [piece for piece in pieces if chance.random() < share]
    if way is Way.REORDERED:
        chance.shuffle(pieces)
    return pieces


def _sectors(write: tuple[int, bytes | None], size: int) -> Iterator[tuple[int, bytes | None]]:
    at, data = write
    if data is None:
        yield write
        return
    end = at + len(data)
    while at < end:
        until = min(end, (at // size + 1) * size)
        yield at, data[until - end - (until - at) : until - end or None]
        at = until


class Disk:
    """The disk at one moment; `take` each line in order, `fall` as often as wanted."""

    def __init__(self, folder: Path) -> None:
        self._folder = str(folder)
        self._names: dict[str, File] = {}  # as the process saw them
        self._sure: dict[str, File] = {}  # as the folder is surely on the disk
        self._asked: list[tuple[str, File | None]] = []  # names since then; None for a name that went

    def take(self, asked: Asked) -> None:
        match asked.op:
            case "C":
                self._name(asked.path, File())
            case "W":
                self._names[asked.path].asked.append((asked.at, asked.data))
            case "T":
                self._names[asked.path].asked.append((asked.at, None))
            case "S" if asked.path == self._folder:
                self._sure, self._asked = dict(self._names), []
            case "S":
                self._names[asked.path].sync()
            case "U":
                self._name(asked.path, None)
            case "R":
                self._name(asked.data.decode(), self._names[asked.path])
                self._name(asked.path, None)

    def _name(self, path: str, file: File | None) -> None:
        self._asked.append((path, file))
        if file is None:
            self._names.pop(path, None)
        else:
            self._names[path] = file

    def fall(self, way: Way, chance: random.Random) -> dict[str, bytes]:
        """What is found when the power is back: file names and what is in them."""
        names = dict(self._sure)
        changes = self._asked
        if way is Way.CUT:
            changes = changes[: chance.randrange(len(changes) + 1)]
        elif way is not Way.KEPT:
            share = 0.0 if way is Way.DROPPED else 0.5
            changes = [change for change in changes if chance.random() < share]
        for path, file in changes:
            if file is None:
                names.pop(path, None)
            else:
                names[path] = file
        return {Path(path).name: file.after(way, chance) for path, file in names.items()}


def journal(path: Path) -> list[Asked]:
    """Everything that was asked, in order."""
    content, at, found = path.read_bytes(), 0, []
    while at < len(content):
        op, path_length, offset, length = HEAD.unpack_from(content, at)
        at += HEAD.size
        name, data = content[at : at + path_length].decode(), content[at + path_length : at + path_length + length]
        at += path_length + length
        found.append(Asked(op=op.decode(), path=name, at=offset, data=data))
    return found
