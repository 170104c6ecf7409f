"""A table that people keep, as CSV, taken apart into rows with their line numbers; whether the cells are right is
decided by the procedure that takes them.

Invariants: UTF-8 with or without a byte order mark, comma or semicolon; everything wrong with the file's shape is said
at once, each as `line N: …`; no message repeats a cell, because any cell may hold a client's name.
"""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

LINE = "line"
_MOST_BYTES = 20_000_000
_MOST_FAULTS = 50


class BadTable(Exception):
    """The file is not such a table; `faults` says why, each with its line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        more = len(faults) - _MOST_FAULTS
        self.faults = (*faults[:_MOST_FAULTS], *([f"… and {more} more."] if more > 0 else []))


@dataclass(frozen=True, kw_only=True)
class Columns:
    """Which columns a table has. `needed` must be there, `ignored` may be there and are left out of the rows."""

    needed: Collection[str]
    known: Collection[str]
    ignored: Collection[str] = ()


def parse(content: bytes, columns: Columns) -> tuple[Mapping[str, str], ...]:
    """The rows below the heading, each with its cells by column and its `line` (as an editor counts; of a row with line
    breaks in it, the first). Rows without any text are passed over. `BadTable` with everything wrong."""
    text = _text(content)
    faults: list[str] = []
    records = list(_records(text, _delimiter(text, columns), faults))
    if not records:
        raise BadTable(faults or ["line 1: the file is empty. Its first line names the columns."])
    (line, heading), *rows = records
    names = [cell.strip().lower() for cell in heading]
    faults += _heading_faults(line, names, columns)
    faults += [
        f"line {number}: has {len(cells)} cells, the heading has {len(names)}. Check commas and quotes."
        for number, cells in rows
        if len(cells) != len(names)
    ]
    if not rows and not faults:
        faults.append(f"line {line + 1}: there are no rows below the heading.")
    if faults:
        raise BadTable(faults)
    kept = [(at, name) for at, name in enumerate(names) if name not in columns.ignored]
    return tuple({LINE: str(number), **{name: cells[at] for at, name in kept}} for number, cells in rows)


def _text(content: bytes) -> str:
    if len(content) > _MOST_BYTES:
        raise BadTable([f"line 1: the file is larger than {_MOST_BYTES // 1_000_000} MB."])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BadTable(["line 1: the file is in UTF-16. Save it as “CSV UTF-8”."])
    at = content.find(b"\x00")
    if at >= 0:
        raise BadTable([f"line {_line_of(content, at)}: holds a NUL character, so this is no text. Save it as CSV."])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadTable(
            [f"line {_line_of(content, error.start)}: is not UTF-8. Save the file as “CSV UTF-8”."]
        ) from None


def _line_of(content: bytes, at: int) -> int:
    return content.count(b"\n", 0, at) + 1


def _delimiter(text: str, columns: Columns) -> str:
    """Whichever of comma and semicolon makes more known columns of the first line."""
    first = next((line for line in text.splitlines() if line.strip()), "")

    def fit(mark: str) -> int:
        return len({cell.strip(' "').lower() for cell in first.split(mark)} & {*columns.known, *columns.ignored})

    return ";" if fit(";") > fit(",") else ","


def _records(text: str, delimiter: str, faults: list[str]) -> Iterator[tuple[int, list[str]]]:
    """Each record with the line on which it begins."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.append(
                f"line {line}: its quotes do not fit. A cell begins and ends with one, those inside are doubled."
            )
            return
        if any(cell.strip() for cell in record):
            yield line, record


def _heading_faults(line: int, names: list[str], columns: Columns) -> Iterator[str]:
    for name in columns.needed:
        if name not in names:
            yield f"line {line}: the column {name} is missing."
    for name in columns.known:
        if names.count(name) > 1:
            yield f"line {line}: the column {name} is there twice."
    for number, name in enumerate(names, 1):
        if name not in columns.known and name not in columns.ignored:
            near = get_close_matches(name, columns.known, n=1)
            meant = f"Did you mean {near[0]}?" if near else f"Known are {', '.join(columns.known)}."
            yield f"line {line}: the heading of column {number} is not known here. {meant}"
