"""A guard, what its removal looks like, and the tests that must fail then; an import that a contract must refuse."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Edit:
    """`find` stands in `file` exactly once; `put` stands there when the guard is gone."""

    file: str
    find: str
    put: str


@dataclass(frozen=True, kw_only=True)
class Guard:
    """Each of `tests` fails when all of `edits` are made, and passes otherwise."""

    name: str
    edits: tuple[Edit, ...]
    tests: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class Contract:
    """`line` at the end of `file` breaks the import contract of this name."""

    name: str
    file: str
    line: str


def guard(name: str, file: str, find: str, put: str, *tests: str, also: tuple[Edit, ...] = ()) -> Guard:
    """A guard that one edit takes away, or several when another would still hold (`also`)."""
    return Guard(name=name, edits=(Edit(file=file, find=find, put=put), *also), tests=tests)
