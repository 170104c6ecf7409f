"""Few pings, and at good hours: what is due and not urgent waits for the receiver's own hours and for a day that is not
full yet (SOP 5.3).

Invariant: decided in the transaction that takes what is due, so that nothing is sent that has to wait.
"""

from itertools import groupby

from handlers.policy import Policy
from handlers.rules.hours import Calendar
from handlers.rules.ping_at import day_begins, ping_at
from storage import people, pings
from storage.pings import Waiting
from storage.store import Tx


def hold(tx: Tx, policy: Policy) -> frozenset[str]:
    """Put off what has to wait. Gives what may be sent now, by id: of what is not urgent nothing else may, for it may
    have come since."""
    while True:
        due = sorted(pings.due(tx), key=lambda one: one.recipient_id)
        lanes = groupby(due, key=lambda one: one.recipient_id)
        held = [_hold_for(tx, policy, person_id, list(waiting)) for person_id, waiting in lanes]
        if not any(held):
            return frozenset(one.id for one in due)


def _hold_for(tx: Tx, policy: Policy, person_id: str, waiting: list[Waiting]) -> bool:
    person, rules = people.by_id(tx, person_id), policy.pings
    hours = _hours(policy, person.calendar if person else "")
    told, held = pings.told(tx, person_id, day_begins(tx.now, hours)), False
    for by, found in groupby(sorted(waiting, key=_by), key=lambda one: one.by_at):
        ping = ping_at(tx.now, hours=hours, quiet=rules.quiet, by=by, told=told, per_day=rules.per_day)
        if ping.why:
            pings.put_off(tx, (one.id for one in found), ping.at, ping.why)
            held = True
    return held


def _by(waiting: Waiting) -> str:
    return waiting.by_at.isoformat() if waiting.by_at else ""


def _hours(policy: Policy, calendar: str) -> Calendar:
    """The receiver's own, or every hour of that zone where the firm does not ask to wait for working hours."""
    own = policy.calendar(calendar)
    return own if policy.pings.working_hours else Calendar(name=own.name, zone=own.zone, always_open=True)
