"""The review of who may open a file: the owner is asked again from time to time; silence closes, late and gently (SOP
6.1; ISO 27001 A.5.18).

Invariants: nobody loses access before the owner, the deputy and the Data Protection Officer were told; access rests
from the start of a business day; nothing that is owed to a client is held up; a firm that begins has thirty days, and
its files are spread over the time after.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import sha256

from handlers import notices, standins
from handlers.need_to_know.deciding import may_decide
from handlers.request import Ask
from handlers.router import desk, timer
from handlers.rules.due_at import add
from handlers.rules.hours import Calendar
from handlers.rules.local_time import midnight
from handlers.rules.spans import span
from handlers.views import Data, Done
from storage import access, access_reviews, audit, barriers, clients, people, timers
from storage.access import Record
from storage.access_reviews import Review
from storage.clients import Client
from storage.people import Person
from storage.store import Tx

OPEN, STEP = "review.open", "review.step"
GRACE = timedelta(days=30)
USUAL, STRICT = span("6 months"), span("3 months")  # with an information barrier around the file: each quarter
TIME = span("10 business days")
STAGES = {  # what follows, and how long after
    "asked": ("reminded", span("5 business days")),
    "reminded": ("urged", span("3 business days")),
    "urged": ("deputy", span("2 business days")),
    "deputy": ("dpo", span("2 business days")),
    "dpo": ("suspended", span("2 business days")),
}


@desk("reviews.in-force")
def begin(tx: Tx, ask: Ask) -> Data:
    """At every start: files that have no next review get one, spread over the time after the first thirty days."""
    fresh = [client for client in clients.everything(tx) if not timers.of(tx, client.id)]
    for client in fresh:
        if access_reviews.running(tx, client.id) is None:
            timers.start(tx, OPEN, client.id, first(client.id, tx.now))
    return Data(data={"scheduled": len(fresh)})


def first(client_id: str, now: datetime) -> datetime:
    """A day of its own for each file, within half a year after the thirty days; at the same time of day as now."""
    return now + GRACE + timedelta(days=int.from_bytes(sha256(client_id.encode()).digest()[:4]) % 180)


@timer(OPEN)
def open_review(tx: Tx, ask: Ask) -> Done:
    """Ask the owner, if there is anybody but the owner to be asked about."""
    client = clients.by_id(tx, ask.subject)
    if client is None or access_reviews.running(tx, client.id):
        return Done()
    if client.status != "open" or not list(reviewed(tx, client)):
        next_one(tx, ask, client)
        return Done()
    due = add(TIME, tx.now, ask.policy.calendar(None), ask.policy.zone)
    review = access_reviews.open_one(tx, client.id, due)
    audit.record(tx, "review.opened", who=None, review=review.id, client=client.id)
    _told(tx, client, review, "asked", people.by_id(tx, client.owner_id), due)
    _wait(tx, ask, review, "asked")
    return Done()


def next_one(tx: Tx, ask: Ask, client: Client) -> None:
    """Half a year on; a quarter, where a barrier stands."""
    strict = any(barrier.client_id == client.id for barrier in barriers.standing_now(tx))
    period = STRICT if strict else USUAL
    timers.start(tx, OPEN, client.id, add(period, tx.now, ask.policy.calendar(None), ask.policy.zone))


def reviewed(tx: Tx, client: Client) -> Iterator[Record]:
    """Everybody but the owner who may open the file, or could but for a rest."""
    yield from (record for record in access.on_record(tx, client.id).values() if record.basis != "owner")


def open_questions(tx: Tx, client: Client, review: Review) -> list[Record]:
    """Of whom nobody has spoken yet."""
    said = access_reviews.answers(tx, review.id)
    return [record for record in reviewed(tx, client) if record.person_id not in said]


def _wait(tx: Tx, ask: Ask, review: Review, stage: str) -> None:
    following, wait = STAGES[stage]
    calendar = ask.policy.calendar(None)
    at = add(wait, tx.now, calendar, ask.policy.zone)
    timers.start(tx, STEP, review.id, _start_of_day(calendar, at) if following == "suspended" else at)


def _start_of_day(calendar: Calendar, at: datetime) -> datetime:
    """The opening of the next business day, never an afternoon."""
    morrow = at.astimezone(calendar.zone).date() + timedelta(days=1)
    return calendar.opening_at_or_after(midnight(morrow, calendar.zone))


def _told(tx: Tx, client: Client, review: Review, stage: str, person: Person | None, by: datetime) -> None:
    if person:
        key = f"{review.id}:{stage}"
        notices.tell(tx, person, key=key, kind="review.asked", subject=review.id, by=by)


@timer(STEP)
def step(tx: Tx, ask: Ask) -> Done:
    """Nobody has answered: a word again, then to the deputy, then to the DPO, and at last the access rests."""
    review = access_reviews.by_id(tx, ask.subject)
    client = clients.by_id(tx, review.client_id) if review else None
    if review is None or client is None or review.state != "open":
        return Done()
    if not open_questions(tx, client, review):
        finish(tx, ask, client, review)
        return Done()
    if review.stage == "suspended":
        _once_more(tx, ask, client, review)
        return Done()
    stage, _wait_for = STAGES[review.stage]
    access_reviews.advance(tx, review.id, stage)
    if stage == "suspended":
        _suspend(tx, client, review)
        _later(tx, ask, review)
        return Done()
    for person in _asked(tx, client, stage):
        _told(tx, client, review, stage, person, review.due_at)
    _wait(tx, ask, review, stage)
    return Done()


def _once_more(tx: Tx, ask: Ask, client: Client, review: Review) -> None:
    """It rests, and still nobody has spoken: every two weeks the owner hears of it again."""
    _told(tx, client, review, tx.now.isoformat(), people.by_id(tx, client.owner_id), review.due_at)
    _later(tx, ask, review)


def _later(tx: Tx, ask: Ask, review: Review) -> None:
    timers.start(tx, STEP, review.id, add(TIME, tx.now, ask.policy.calendar(None), ask.policy.zone))


def _asked(tx: Tx, client: Client, stage: str) -> list[Person]:
    owner = people.by_id(tx, client.owner_id)
    if stage == "dpo":
        return [p for p in people.holders(tx, "dpo") if not access.barred(tx, client.id, p.id)]
    if stage == "deputy" and owner:
        concerned = {record.person_id for record in reviewed(tx, client)}  # nobody is asked about oneself
        line = (standins.deputy(tx, owner), standins.supervisor(tx, owner))
        fit = [p for p in line if p and p.id not in concerned and not access.barred(tx, client.id, p.id)]
        if fit:
            return fit[:1]
    return [owner] if owner else []


def _suspend(tx: Tx, client: Client, review: Review) -> None:
    for record in open_questions(tx, client, review):
        access_reviews.suspend(tx, client.id, record.person_id, review.id, tx.now)
        ids = {"client": client.id, "person": record.person_id, "review": review.id}
        audit.record(tx, "access.suspended", who=None, **ids)
        person = people.by_id(tx, record.person_id)
        if person and person.active(tx.now):
            notices.tell(tx, person, key=f"{review.id}:rests", kind="access.rests", subject=review.id)


def may_review(tx: Tx, person: Person, client: Client, review: Review) -> bool:
    """The owner and whoever stands in; once they were told, the deputy or supervisor and the DPO; nobody about oneself
    alone, and nobody behind a barrier."""
    if may_decide(tx, person, client):
        return True
    told = [stage for stage in ("deputy", "dpo") if _reached(review, stage)]
    return any(person.id in {p.id for p in _asked(tx, client, stage)} for stage in told)


def _reached(review: Review, stage: str) -> bool:
    order = [*STAGES, "suspended"]
    return order.index(review.stage) >= order.index(stage)


def finish(tx: Tx, ask: Ask, client: Client, review: Review) -> None:
    """Everybody was spoken of: until the next time."""
    access_reviews.close(tx, review.id)
    timers.cancel(tx, review.id, STEP)
    audit.record(tx, "review.done", who=None, review=review.id, client=client.id)
    notices.settle(tx, review.id)
    next_one(tx, ask, client)
