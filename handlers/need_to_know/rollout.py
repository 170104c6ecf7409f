"""What a firm that begins will be asked, day by day, before it is asked: `sopwith rollout plan`."""

from collections import Counter
from datetime import timedelta

from handlers.need_to_know import reviews, undertaking
from handlers.request import Ask
from handlers.router import desk
from handlers.views import Data
from storage import clients, people, timers, undertakings
from storage.store import Tx

AHEAD = timedelta(days=60)


@desk("rollout.plan", writes=False)
def plan(tx: Tx, ask: Ask) -> Data:
    """For each of the next sixty days on which anything is asked: how many undertakings, and how many reviews of files
    (each a card to its owner). Before the first start there is nothing to plan."""
    asked: dict[str, Counter[str]] = {}
    for person in people.everybody(tx):
        text = undertakings.owed(tx, person.id) if person.active(tx.now) else None
        until = undertakings.time_for(tx, person.id, text) if text else tx.now
        for left in (undertaking.first_call(person), undertaking.LAST_CALL) if text else ():
            _count(asked, tx, ask, "undertakings", (until - timedelta(days=left)).date().isoformat())
    for client in clients.everything(tx):
        for timer in timers.of(tx, client.id):
            if timer.kind == reviews.OPEN:
                _count(asked, tx, ask, "reviews", timer.due_at.astimezone(ask.policy.zone).date().isoformat())
    days = [{"day": day, "undertakings": n["undertakings"], "reviews": n["reviews"]} for day, n in asked.items()]
    return Data(data={"days": sorted(days, key=lambda one: str(one["day"]))})


def _count(asked: dict[str, Counter[str]], tx: Tx, ask: Ask, what: str, day: str) -> None:
    today, last = tx.today.isoformat(), (tx.now + AHEAD).astimezone(ask.policy.zone).date().isoformat()
    if today <= day <= last:
        asked.setdefault(day, Counter())[what] += 1
