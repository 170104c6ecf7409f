"""Who is on call for a breach, by the policy's rota and the people who are still here.

Invariants: days are those of the firm's zone; a turn of somebody who has left counts for nobody, so the next one that
has the day is shown; without a rota nothing is shown at all.
"""

from datetime import date, timedelta
from typing import Any

from handlers.policy import Policy
from handlers.request import Ask
from handlers.rules.local_time import midnight, shown_date
from handlers.rules.on_call import Turn, on_call, stretches, until
from handlers.views import Item, Text
from handlers.words import _, when
from storage import people
from storage.store import Tx

WARNED = 14  # days in which a gap is warned of


def line(tx: Tx, ask: Ask) -> list[Item]:
    """One line for everybody: who is on call now, until when, at which number."""
    policy, day = ask.policy, _today(tx, ask.policy)
    if not policy.on_call:
        return []
    turn = on_call(policy.on_call, day, lambda one: here(tx, one))
    if turn is None:
        return [Text(text=_("Nobody is on call for a breach today. {emergency}").format(emergency=policy.emergency))]
    said = _("On call for a breach: {name}, {phone}").format(name=called(tx, turn), phone=turn.phone)
    last = until(policy.on_call, day, lambda one: here(tx, one))
    if last:
        end = when(midnight(last + timedelta(days=1), policy.zone), policy.zone, tx.now)
        said = _("{on_call}, until {end}").format(on_call=said, end=end)
    return [Text(text=said, quiet=True)]


def here(tx: Tx, turn: Turn) -> bool:
    """Whether whoever has this turn works here; of a bare name nobody can say."""
    if not turn.person:
        return True
    found = people.by_email(tx, turn.person)
    return found is not None and found.active(tx.now)


def called(tx: Tx, turn: Turn) -> str:
    """A name to ask for at the telephone."""
    found = people.by_email(tx, turn.person) if turn.person else None
    return found.name if found else turn.name or turn.person


def coming(tx: Tx, policy: Policy, days: int) -> list[dict[str, str]]:
    """Stretch by stretch from today on: the dates as people read them, whom to ask for and the number; both empty where
    nobody is on call."""
    today = _today(tx, policy)
    found = stretches(policy.on_call, today, days, lambda one: here(tx, one)) if policy.on_call else []
    return [
        {
            "from": shown_date(one.first, today),
            "to": shown_date(one.last, today),
            "name": called(tx, one.turn) if one.turn else "",
            "phone": one.turn.phone if one.turn else "",
        }
        for one in found
    ]


def faults(tx: Tx, policy: Policy) -> dict[str, Any]:
    """What somebody should mend: `gaps` in the next two weeks, and whom the rota names who does not work here, of turns
    that are not over."""
    today = _today(tx, policy)
    ahead = [turn for turn in policy.on_call if turn.last is None or turn.last >= today]
    return {
        "gaps": [_days(one["from"], one["to"]) for one in coming(tx, policy, WARNED) if not one["phone"]],
        "gone": sorted({turn.person for turn in ahead if not here(tx, turn)}),
    }


def _days(first: str, last: str) -> str:
    return first if first == last else _("{first} to {last}").format(first=first, last=last)


def _today(tx: Tx, policy: Policy) -> date:
    return tx.now.astimezone(policy.zone).date()
