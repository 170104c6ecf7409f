"""The audit log leaves the house as a pack: on record before it is written, by whom and for which days (SOP 6.1).

Invariants: what stands in the log is ids and our own words, so any operator may take it; nothing that was typed comes
into the entry but two days of the calendar.
"""

from datetime import date

from handlers.request import Ask, Refused
from handlers.router import desk
from handlers.views import Data
from handlers.words import _
from storage import audit
from storage.store import Tx


@desk("audit.export")
def export_log(tx: Tx, ask: Ask) -> Data:
    """`since` and `until` in `values`: ISO days on the firm's clock, or empty."""
    days = {name: _day(ask.typed(name)) for name in ("since", "until")}
    audit.record(tx, "log.exported", who=ask.request.operator, **{name: day for name, day in days.items() if day})
    return Data(data={})


@desk("audit.sequence")
def give_positions(tx: Tx, ask: Ask) -> Data:
    """On a server that several processes share, give waiting entries their position, as the service does each second;
    `waiting`: how many have none yet."""
    audit.sequence(tx)
    return Data(data={"waiting": audit.waiting(tx)})


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat() if text else ""
    except ValueError:
        raise Refused(_("A period is given in days, like 2026-11-20."), why="no day") from None
