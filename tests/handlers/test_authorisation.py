"""Who may do what: every entry of the registry, tried by everybody who can stand in some relation to a client file.

The expected answers are the table in docs/authorisation.md, which people read and review; an entry without a row there
fails. `python -m tests.handlers.test_authorisation` prints the rows as the house answers now, to be reviewed.
"""

import itertools
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.doorway import Unknown
from handlers import router
from handlers.request import Kind, Refused, Request
from handlers.router import Entry
from handlers.views import Invalid
from storage.store import Tx
from tests.support.house import House
from tests.support.scene import WHO, Scene

TABLE = Path(__file__).parents[2] / "docs" / "authorisation.md"
YES, NO = "yes", "–"
COLUMNS = tuple(WHO)
RIGHTS = ("not open to you", "may not open")  # a fault beside a field that is about rights
SUBJECTS: Mapping[str, str] = {
    "access.approve": "request",
    "access.day": "file",
    "access.end": "grant",
    "access.give": "file",
    "access.owner": "file",
    "access.refuse": "request",
    "access.request": "request",
    "access.who": "file",
    "away.end": "absence",
    "barrier.lift": "barrier",
    "barrier.why": "barrier",
    "breach.clock": "clock",
    "breach.clocks": "breach",
    "breach.close": "breach",
    "breach.done": "step",
    "breach.facts": "facts",
    "breach.needed": "clock",
    "breach.not-needed": "clock",
    "breach.on-it": "breach",
    "breach.open": "breach",
    "breach.reopen": "breach",
    "breach.sent": "clock",
    "breach.undo": "step",
    "client.file": "file",
    "complaint.confirm": "case",
    "complaint.file": "case",
    "complaint.hand": "case",
    "complaint.note": "case",
    "complaint.open": "complaint",
    "complaint.own": "complaint",
    "complaint.owners": "case",
    "complaint.reopen": "case",
    "complaint.resolve": "case",
    "complaint.return": "case",
    "deadline.later": "duty",
    "deadline.no-reply": "duty",
    "deadline.reassign": "duty",
    "deadline.take": "duty",
    "deadline.why": "duty",
    "deadline.people": "duty",
    "emergency.end": "emergency",
    "emergency.needed": "emergency",
    "emergency.not-needed": "emergency",
    "emergency.review": "emergency",
    "interaction.amend": "entry",
    "interaction.wrong-client": "entry",
    "leaver.openings": "leaver",
    "quarantine.place": "unlisted entry",
    "review.keep": "reviewed",
    "review.keep-all": "review",
    "review.look": "review",
    "review.reduce": "reviewed",
    "review.remove": "reviewed",
}
DELIVERIES = itertools.count()


class _Undone(Exception):
    """The transaction is taken back: the next one tries the same house."""

    def __init__(self, allowed: bool) -> None:
        super().__init__()
        self.allowed = allowed


def allowed(scene: Scene, entry: Entry, column: str) -> bool:
    """Whether the doorway lets this one do this, tried in a transaction that leaves nothing."""
    request = Request(
        kind=entry.kind,
        name=entry.name,
        account=scene.account(column),
        key=f"cell-{next(DELIVERIES)}",
        subject=scene.subjects.get(SUBJECTS.get(entry.name, ""), ""),
        values=scene.values() if entry.kind is Kind.SUBMIT else {},
    )

    def tried(tx: Tx) -> None:
        try:
            reply = scene.house.doorway._call(tx, entry, request)
        except (Refused, Unknown):
            raise _Undone(allowed=False) from None
        told = " ".join(reply.errors.values()) if isinstance(reply, Invalid) else ""
        raise _Undone(allowed=not any(words in told for words in RIGHTS))

    with pytest.raises(_Undone) as undone:
        scene.house.write(tried)
    return undone.value.allowed


def rows(scene: Scene) -> dict[str, tuple[str, ...]]:
    """The table as the house answers: `command log-client` -> a cell for each column."""
    return {
        f"{entry.kind} {entry.name}": tuple(YES if allowed(scene, entry, column) else NO for column in COLUMNS)
        for entry in router.entries()
    }


def published() -> dict[str, tuple[str, ...]]:
    """The rows of the page."""
    lines = [line for line in TABLE.read_text().splitlines() if line.startswith("| `")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    return {first.strip("`"): tuple(rest) for first, *rest in cells}


def test_everybody_may_do_what_the_table_says_and_nothing_else(house: House) -> None:
    expected, found = published(), rows(Scene(house))
    assert set(found) - set(expected) == set(), "an entry has no row in docs/authorisation.md"
    assert set(expected) - set(found) == set(), "a row of docs/authorisation.md is about nothing"
    wrong = [
        f"{name}: {column} is {now}, the table says {said}"
        for name, cells in found.items()
        for column, now, said in zip(COLUMNS, cells, expected[name], strict=True)
        if now != said
    ]
    assert wrong == []


def test_the_page_has_the_columns_that_are_tried() -> None:
    head = next(line for line in TABLE.read_text().splitlines() if line.startswith("| entry"))
    assert tuple(cell.strip() for cell in head.strip("|").split("|")[1:]) == COLUMNS


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        house = House(Path(folder))
        sys.stdout.write(f"| entry | {' | '.join(COLUMNS)} |\n|---|{'---|' * len(COLUMNS)}\n")
        for name, cells in rows(Scene(house)).items():
            sys.stdout.write(f"| `{name}` | {' | '.join(cells)} |\n")
        house.close()
