"""Sheets of the outside key with two officers of the firm, for the day when the key or its keeper is gone.

Invariants: no sheet, key or passphrase comes here, only names of them; each sheet and each trial is on record before
anybody sees the one or is told of the other.
"""

from datetime import datetime, timedelta

from handlers import custody
from handlers.people_rows import OUTSIDERS
from handlers.request import Ask, Refused
from handlers.router import desk
from handlers.views import Data
from handlers.words import _
from storage import audit, escrow, people
from storage.people import Person
from storage.store import Tx

OFFICERS = 2
VALID = timedelta(days=365)  # a sheet that nobody tried for longer is not relied upon


@desk("keys.officer", writes=False)
def officer(tx: Tx, ask: Ask) -> Data:
    """The name of the person who is to hold a sheet, before anybody types a passphrase."""
    custody.same_outside_key(tx, ask)
    return Data(data={"name": _officer(tx, ask).name})


@desk("keys.escrow")
def made(tx: Tx, ask: Ask) -> Data:
    """A sheet was made for an officer: `fingerprint` names it, `outside` and `audit` name what it holds."""
    custody.same_outside_key(tx, ask)
    held_by, who = _officer(tx, ask), ask.request.operator
    named = {name: ask.typed(name) for name in ("fingerprint", "outside", "audit")}
    escrow.made(tx, officer_id=held_by.id, made_by=who, **named)
    audit.record(tx, "keys.sheet-made", who=who, officer=held_by.id, **named)
    return Data(data={"name": held_by.name})


@desk("keys.checked")
def checked(tx: Tx, ask: Ask) -> Data:
    """A sheet was tried and opened this record; whose it is, or nobody's when it is older than this record."""
    custody.same_outside_key(tx, ask)
    who, named = ask.request.operator, {name: ask.typed(name) for name in ("fingerprint", "outside")}
    escrow.checked(tx, checked_by=who, **named)
    audit.record(tx, "keys.sheet-checked", who=who, **named)
    holder = people.by_id(tx, escrow.holder(tx, named["fingerprint"]) or "")
    return Data(data={"name": holder.name if holder else ""})


@desk("keys.held", writes=False)
def held(tx: Tx, ask: Ask) -> Data:
    """E-mail addresses of active officers by the state of their best sheet of the present outside key: `tried` within a
    year, `overdue`, `untried`; `gone` are those who have left."""
    found: dict[str, list[str]] = {"tried": [], "overdue": [], "untried": [], "gone": []}
    everybody = {person.id: person for person in people.everybody(tx)}
    last: dict[str, datetime | None] = {}
    for sheet in escrow.held(tx):
        best = last.get(sheet.officer_id)
        last[sheet.officer_id] = max(filter(None, (best, sheet.checked_at)), default=None)
    for id, at in last.items():
        person = everybody[id]
        if not person.active(tx.now):
            state = "gone"
        elif at is None:
            state = "untried"
        else:
            state = "tried" if tx.now - at <= VALID else "overdue"
        found[state].append(person.email)
    return Data(data=found)


def _officer(tx: Tx, ask: Ask) -> Person:
    """Somebody of the firm who works here: keys stay in the house."""
    person = people.by_email(tx, ask.typed("officer"))
    if person is None or not person.active(tx.now):
        raise Refused(
            _("Nobody with this address works here by the people file. An officer is somebody of the firm."),
            why="no such officer",
        )
    if person.kind in OUTSIDERS:
        raise Refused(
            _("{name} is here for a time only, by the people file. Name somebody of the firm.").format(
                name=person.name
            ),
            why="an officer from outside",
            subject=person.id,
        )
    return person
