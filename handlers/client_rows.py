"""What is wrong with a client list: every cell by itself, then the rows against each other and against who is known.

Invariants: nothing is written here; no remark repeats what a cell holds except client numbers, because any cell may
hold a client's name when columns have slipped; a file never lies inside itself.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from handlers.imports import text_faults, wrong_columns
from handlers.rules.cycles import cycles, upwards
from handlers.rules.sheet import Remark, Row, columns, repeated, several
from handlers.words import _

NEEDED = ("ref", "name", "owner")
PLAIN = ("regimes", "retention_class")
COLUMNS = (*NEEDED, "team", "parent", *PLAIN)
LONGEST = {"ref": 80, "name": 200, "regimes": 200, "retention_class": 80}
_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")  # as ids of clocks and retention classes are written


@dataclass(frozen=True, kw_only=True, repr=False)  # a name in clear is never printed
class Filed:
    """A client file as the client list says it: people by address, the parent by its number."""

    name: str = ""
    owner: str = ""
    team: frozenset[str] = frozenset()
    parent: str = ""
    regimes: str = ""
    retention_class: str = ""

    @property
    def access(self) -> dict[str, str]:
        """Address -> basis; the owner is not on the team as well."""
        return {**dict.fromkeys(sorted(self.team), "team"), **({self.owner: "owner"} if self.owner else {})}


def key(row: Row) -> str:
    """The client or matter number that names the row, as the firm writes it."""
    return row["ref"]


def merged(rows: Iterable[Row], before: Mapping[str, Filed]) -> dict[str, Filed]:
    """All files as they would stand after the import. Columns that the list does not have stay as they are."""
    after = dict(before)
    for row in rows:
        told = {column: _read(row, column) for column in COLUMNS[1:] if column in row}
        filed = replace(before.get(key(row), Filed()), **told)
        after[key(row)] = replace(filed, team=filed.team - {filed.owner})
    return after


def _read(row: Row, column: str) -> Any:
    if column == "team":
        return frozenset(several(row["team"].lower()))
    if column == "regimes":
        return ";".join(several(row["regimes"]))
    return row[column].lower() if column == "owner" else row[column]


def changed(before: Filed, after: Filed) -> list[str]:
    """The columns that differ."""
    return [column for column in COLUMNS[1:] if getattr(before, column) != getattr(after, column)]


def errors(rows: list[Row], after: Mapping[str, Filed], here: Mapping[str, bool]) -> Iterator[Remark]:
    """Everything that keeps the list from being taken. `here`: known addresses, and whether they still work here."""
    yield from wrong_columns(columns(rows), COLUMNS, NEEDED if rows else ())
    first = repeated({row.line: key(row) for row in rows})
    for row in rows:
        if row.line in first:
            words = _("This number stands in line {first} already. Keep one of the two.").format(first=first[row.line])
            yield _remark(row, "ref", words)
        for column, words in (*_cell_faults(row), *_people_faults(row, here), *_parent_faults(row, after)):
            yield _remark(row, column, words)
    yield from _rings(rows, after)


def _remark(row: Row, column: str, words: str) -> Remark:
    """Numbers are in the answer so that a row is found again; a cell that is none is not repeated."""
    return Remark(line=row.line, column=column, problem=words, key=key(row) if len(key(row)) <= LONGEST["ref"] else "")


def _cell_faults(row: Row) -> Iterator[tuple[str, str]]:
    yield from text_faults(row.cells, LONGEST)
    for column, words in (("ref", _("The client or matter number is missing.")), ("name", _("The name is missing."))):
        if column in row and not row[column]:
            yield column, words
    if not all(map(_KEY.fullmatch, several(row["regimes"]))):
        yield "regimes", _("Write ids like uk.gdpr, with a semicolon between several.")
    if row["retention_class"] and not _KEY.fullmatch(row["retention_class"]):
        yield "retention_class", _("Write the id of a retention class: letters, digits, points and dashes, no spaces.")


def _people_faults(row: Row, here: Mapping[str, bool]) -> Iterator[tuple[str, str]]:
    owners = several(row["owner"].lower())
    if "owner" in row and len(owners) != 1:
        yield "owner", _("Exactly one address is needed here; further people belong under team.")
    for column, found in (("owner", owners), ("team", several(row["team"].lower()))):
        for number, email in enumerate(found, 1):
            place = _("Address {n} of this cell").format(n=number) if len(found) > 1 else _("The address")
            if email not in here:
                words = _("{place} is not in the people file. Import the people first, or correct it.")
                yield column, words.format(place=place)
            elif not here[email]:
                words = _("{place} is of somebody who no longer works here. Name somebody else.")
                yield column, words.format(place=place)


def _parent_faults(row: Row, after: Mapping[str, Filed]) -> Iterator[tuple[str, str]]:
    if row["parent"] and row["parent"] == key(row):
        yield "parent", _("A file is not its own parent. Leave it empty.")
    elif row["parent"] and row["parent"] not in after:
        yield "parent", _("No file has this number, neither in this list nor before. Add it, or correct the number.")


def _rings(rows: Iterable[Row], after: Mapping[str, Filed]) -> Iterator[Remark]:
    above = {ref: filed.parent for ref, filed in after.items() if filed.parent and filed.parent != ref}
    rings = {ref: ring for ring in cycles(above) for ref in ring}
    for row in rows:
        if ring := rings.get(key(row)):
            words = _("These files lie inside each other: {circle}. Change the parent of one.")
            yield _remark(row, "parent", words.format(circle=" → ".join(upwards(ring, key(row)))))
