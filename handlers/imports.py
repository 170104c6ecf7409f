"""What both imports have in common: columns and cells that cannot be taken, and the answer to whoever ran the import.

Invariant: nothing said here repeats what a cell holds; a row is named by its line and, where it has one, its key.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from handlers.request import Ask
from handlers.rules.sheet import Remark, has_controls
from handlers.views import Data
from handlers.words import _


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an import did, or would do: rows by their key, changes by column."""

    added: list[str] = field(default_factory=list)
    updated: Mapping[str, list[str]] = field(default_factory=dict)
    unchanged: int = 0
    absent: list[str] = field(default_factory=list)
    warnings: Iterable[Remark] = ()
    errors: Iterable[Remark] = ()


def is_dry(ask: Ask) -> bool:
    """Only to show the difference."""
    return ask.typed("dry_run") == "yes"


def answer(ask: Ask, key: str, outcome: Outcome) -> Data:
    """The outcome in plain values; not ok when there are errors, and then nothing was written."""
    wrong = _said(outcome.errors)
    told = {
        "dry_run": is_dry(ask),
        "added": outcome.added,
        "updated": [{key: name, "changed": columns} for name, columns in outcome.updated.items()],
        "unchanged": outcome.unchanged,
        "absent": outcome.absent,
        "warnings": _said(outcome.warnings),
        "errors": wrong,
    }
    return Data(data=told, ok=not wrong)


def _said(remarks: Iterable[Remark]) -> list[dict[str, object]]:
    return [
        {"line": r.line, **({"ref": r.key} if r.key else {}), "column": r.column, "problem": r.problem}
        for r in sorted(remarks, key=lambda remark: remark.line)
    ]


def wrong_columns(found: Iterable[str], known: Collection[str], needed: Iterable[str]) -> Iterator[Remark]:
    """Columns that are missing, and columns nobody knows: perhaps a slip of the pen, so they are not passed over. They
    are counted and not named, because where the heading is missing they are somebody's data."""
    for column in needed:
        if column not in found:
            yield Remark(line=1, column=column, problem=_("This column is missing."))
    for number, column in enumerate(found, 1):
        if column not in known:
            words = _("Column {n} has a heading that is not known. Known are: {columns}.")
            yield Remark(line=1, column="", problem=words.format(n=number, columns=", ".join(known)))


def text_faults(cells: Mapping[str, str], longest: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """Cells that are too long or hold control characters: (column, problem)."""
    for column, most in longest.items():
        cell = cells.get(column, "")
        if len(cell) > most:
            yield column, _("This is too long: at most {n} characters.").format(n=most)
        if has_controls(cell):
            yield column, _("There is a control character in this cell. Please type it anew.")
