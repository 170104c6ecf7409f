"""A table that people keep: its rows by line, and all that is wrong with them, so that everything can be said at once.

Invariants: white space in a cell is one space at most, none at its ends; a column that the file does not have is told
from an empty cell; a remark names line and column and says what to do, and is never made here out of what a cell holds.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

LINE = "line"
_EMAIL = re.compile(r"""[^@\s,;:<>"()\[\]\\]+@[^@\s,;:<>"()\[\]\\.]+(\.[^@\s,;:<>"()\[\]\\.]+)+""")
_EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3, without the angle brackets


@dataclass(frozen=True, kw_only=True)
class Row:
    """One row; `line` is its line in the file, as an editor counts."""

    line: int
    cells: Mapping[str, str]

    def __contains__(self, column: str) -> bool:
        return column in self.cells

    def __getitem__(self, column: str) -> str:
        """The cell; empty when the file has no such column."""
        return self.cells.get(column, "")


@dataclass(frozen=True, kw_only=True)
class Remark:
    """Something about one cell: an error, or a warning. `key` names the row where a line alone would not do."""

    line: int
    column: str
    problem: str
    key: str = ""


def rows(typed: Iterable[Mapping[str, str]]) -> list[Row]:
    """The rows as they came, with tidy cells. The heading is line 1, so a row without a `line` counts from 2."""
    return [
        Row(
            line=int(cells[LINE]) if str(cells.get(LINE, "")).isdecimal() else number,
            cells={column: one_line(cell) for column, cell in cells.items() if column != LINE},
        )
        for number, cells in enumerate(typed, 2)
    ]


def columns(found: Iterable[Row]) -> list[str]:
    """The columns that the file has, in its order."""
    return list(dict.fromkeys(column for row in found for column in row.cells))


def repeated(keys: Mapping[int, str]) -> dict[int, int]:
    """Lines whose key stood there before (line -> line where it stood first); an empty key repeats nothing."""
    first: dict[str, int] = {}
    return {line: first[key] for line, key in keys.items() if key and first.setdefault(key, line) != line}


def one_line(cell: str) -> str:
    """Every kind of white space, line ends too, as one plain space."""
    return " ".join((cell or "").split())


def several(cell: str) -> tuple[str, ...]:
    """The parts of a cell that holds many, between semicolons; each once, in order."""
    return tuple(dict.fromkeys(part for part in map(str.strip, cell.split(";")) if part))


def is_email(text: str) -> bool:
    """Has the shape of one plain address: no name beside it, no quotes, a domain with a dot."""
    return len(text) <= _EMAIL_LENGTH and _EMAIL.fullmatch(text) is not None


def has_controls(text: str) -> bool:
    """Holds a character that steers a terminal or ends a text: never part of a name."""
    return any(unicodedata.category(char) in {"Cc", "Cs"} for char in text)
