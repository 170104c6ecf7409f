"""How the command line speaks: answers on standard output, everything else on standard error, one status at the end.

Invariants: 0 done; 1 a true no; 2 wrong use, settings, rows or facts; nothing but JSON is on standard output when JSON
was asked for; nothing said here holds a secret.
"""

import json
import sys
from collections.abc import Iterable, Sequence


class Stop(Exception):
    """The command ends here; `lines` say why and what to do."""

    status = 1

    def __init__(self, *lines: str) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


class No(Stop):
    """A true no: a check failed, or a person may not."""


class WrongUse(Stop):
    """The command cannot begin: wrong arguments, settings, rows or facts."""

    status = 2


def say(line: str = "") -> None:
    """A line of the answer."""
    sys.stdout.write(f"{line}\n")


def note(line: str) -> None:
    """A line about the answer."""
    sys.stderr.write(f"{line}\n")


def say_json(value: object) -> None:
    """The whole answer, for programs."""
    say(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def say_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Rows under a title; nothing in a cell is read as markup."""
    from rich.console import Console  # noqa: PLC0415  only where a table is shown
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(title=Text(title), title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    Console().print(table)
