"""The doctor's question after the outside key: do two officers hold sheets of it that were seen to open this record?"""

from collections.abc import Iterator
from typing import Any, cast

from bot.desk import asked
from bot.finding import Finding, ok, warning
from handlers import escrow
from handlers.request import Ask
from handlers.words import listing
from storage.store import Tx

_MAKE = "`sopwith keys escrow --officer EMAIL`, then `sopwith keys check FILE`."


def custody(tx: Tx) -> Iterator[Finding]:
    """Warns until two people of the firm hold sheets that were tried within a year."""
    held: Any = escrow.held(tx, Ask(request=asked("keys.held", {}), policy=cast(Any, None))).data
    tried, missing = held["tried"], escrow.OFFICERS - len(held["tried"])
    if held["gone"]:
        cure = f"Ask for the paper, rotate the outside key (`sopwith keys rotate`), and let others have one: {_MAKE}"
        yield warning("escrow", f"{listing(held['gone'])} left with a sheet of the outside key.", cure)
    if held["overdue"]:
        cure = "`sopwith keys check FILE`, with the lines typed from the paper."
        yield warning("escrow", f"The sheet of {listing(held['overdue'])} was last tried more than a year ago.", cure)
    if held["untried"]:
        cure = "`sopwith keys check FILE`, with the lines typed from the paper."
        yield warning("escrow", f"The sheet of {listing(held['untried'])} was never tried.", cure)
    if missing <= 0:
        yield ok("escrow", f"{listing(tried)} hold sheets of the outside key, tried within a year.")
    elif not any(held.values()):
        detail = "Nobody holds a sheet of the outside key. If its file is lost, nothing in the record can be opened."
        yield warning("escrow", detail, f"For each of two officers: {_MAKE}")
    elif missing > len(held["overdue"]) + len(held["untried"]):
        detail = f"Of {escrow.OFFICERS} officers, {listing(tried) or 'nobody'} holds a sheet that was tried."
        yield warning("escrow", detail, f"For another officer: {_MAKE}")
