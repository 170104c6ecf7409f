"""People files and client lists as spreadsheets, scripts and tired people spoil them.

Invariants: all chance is the caller's; `word` stands in cells that no answer may repeat, never in the one that names
the row.
"""

import csv
import io
import random
from dataclasses import dataclass

from bot.imports import Columns
from handlers import client_rows, people_rows
from tests.support.mutations import WORDS

CELLS = (
    "=1+1", "+A1", "@SUM(A1)", "-2+3", '"', '""', "a\nb", "a\r\nb", ";;", ",,", "\t", "\u00a0", "\u2028",
    "2026-02-30", "0000-00-00", "9999-12-31", "31/12/2026", "-1", "1e400", "amelia.ward@harbour-lane.example",
    "AMELIA.WARD@HARBOUR-LANE.EXAMPLE", "@", "a@b@c.example", "x" * 5000, "staff", "staff;staff", "STAFF;nobody",
    "contractor", "employee", "4711", "4711-2", "yes", "no", "UAMELIA", "T1/U1", "4111 1111 1111 1111", "\u202ename",
    "e\u0301", "ﬃ", "İ", "ß",
)  # fmt: skip
MADE_OF = (" ", "\u200b", "\x7f", "\x85", "\ud7ff", "\ue000", "\ufffe", "\U0010ffff")


@dataclass(frozen=True, kw_only=True)
class Table:
    """`rows` are good ones; `names` is the column by which a row is named."""

    request: str
    columns: Columns
    names: str
    rows: tuple[dict[str, str], ...]

    def spoilt(self, chance: random.Random, word: str) -> bytes:
        """The file, with something wrong at one to five places, or nowhere."""
        heading = [*self.rows[0]]
        picked = chance.sample(self.rows, chance.randrange(len(self.rows) + 1))
        rows = [[self._marked(chance, word, *pair) for pair in row.items()] for row in picked]
        for _time in range(chance.choice((0, 1, 1, 2, 5))):
            self._spoil(chance, word, heading, rows)
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=chance.choice(",,,;\t|"), lineterminator=chance.choice(("\r\n", "\n", "\r")))
        writer.writerows([heading, *rows])
        return _bytes(chance, out.getvalue())

    def _marked(self, chance: random.Random, word: str, name: str, cell: str) -> str:
        return f"{cell} {word}" if chance.random() < 0.1 and name != self.names else cell

    def _spoil(self, chance: random.Random, word: str, heading: list[str], rows: list[list[str]]) -> None:
        draw = chance.random()
        if draw < 0.1:
            heading[chance.randrange(len(heading))] = chance.choice(("", word, "email", "ref", "name ", *CELLS))
        elif draw < 0.2 and rows:
            rows.append(list(chance.choice(rows)))
        elif draw < 0.27 and rows:
            row = chance.choice(rows)
            row[:] = chance.choice((row[:-1], [*row, word], [], [""] * len(row)))
        elif rows and (row := chance.choice(rows)):
            row[chance.randrange(len(row))] = chance.choice((*CELLS, *CELLS, *WORDS)) + chance.choice(
                ("", "", *MADE_OF)
            )


def _bytes(chance: random.Random, text: str) -> bytes:
    content = text.encode("utf-8", "surrogatepass")
    draw = chance.random()
    if draw < 0.04:
        return text.encode(chance.choice(("utf-16", "utf-8-sig", "utf-32", "utf-7")), "replace")
    if draw < 0.08:
        return content[: chance.randrange(len(content) + 1)]
    if draw < 0.14:
        at = chance.randrange(len(content) + 1)
        return content[:at] + chance.choice((
            b"\0", b"\xff", b'"', b'"', b"\r", b"\xed\xa0\x80", b"\x1a",
        )) + content[at:]  # fmt: skip
    return content


def tables(people: tuple[dict[str, str], ...], clients: tuple[dict[str, str], ...]) -> tuple[Table, Table]:
    """The two that the command line takes, with these rows."""
    return (
        Table(
            request="people.import",
            columns=Columns(needed=people_rows.NEEDED, known=people_rows.COLUMNS, ignored=("zone",)),
            names="email",
            rows=people,
        ),
        Table(
            request="clients.import",
            columns=Columns(needed=client_rows.NEEDED, known=client_rows.COLUMNS),
            names="ref",
            rows=clients,
        ),
    )
