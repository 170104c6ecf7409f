"""Who keeps the firm's keys: a new generation each month, everything put under it, the one before destroyed in time.

Invariants: no value is opened here; the work is done in small transactions, after any of which the process may be
killed: the next one goes on; each step is on record.
"""

from datetime import timedelta

from handlers.request import Ask, Refused
from handlers.router import desk, timer
from handlers.views import Data, Done
from handlers.words import _
from storage import audit, generations, timers
from storage.store import Tx

RENEW, REWRAP, DESTROY = "keys.renew", "keys.rewrap", "keys.destroy"
FIRM = "firm"  # the subject of what concerns all of the firm's keys
EVERY = timedelta(days=30)
GRACE = timedelta(days=30)  # single rows out of a recent backup still open in the living record
BATCH, PAUSE, AGAIN = 500, timedelta(seconds=1), timedelta(days=1)


def begin(tx: Tx) -> None:
    """At every start: the next renewal is in the calendar."""
    if all(timer.kind != RENEW for timer in timers.of(tx, FIRM)):
        timers.start(tx, RENEW, FIRM, tx.now + EVERY)


@timer(RENEW)
def renew(tx: Tx, ask: Ask) -> Done:
    """A month is over: a new generation, under which everything is put in the background."""
    _make(tx, None)
    timers.start(tx, REWRAP, FIRM, tx.now)
    return Done()


def _make(tx: Tx, who: str | None) -> None:
    id = generations.make(tx)
    audit.record(tx, "keys.generation-made", who=who, generation=id, outside=generations.outside(tx))
    timers.start(tx, RENEW, FIRM, tx.now + EVERY)


@timer(REWRAP)
def rewrap(tx: Tx, ask: Ask) -> Done:
    """Some more data keys under the newest generation; a pause lets others through."""
    _some(tx, None)
    if generations.waiting(tx):
        timers.start(tx, REWRAP, FIRM, tx.now + PAUSE)
    return Done()


def _some(tx: Tx, who: str | None) -> int:
    """One batch. With the last one the older generations are retired, and when they end is in the calendar."""
    done = generations.rewrap(tx, BATCH)
    if done:
        newest = generations.all_of(tx)[0].id
        audit.record(tx, "keys.rewrapped", who=who, generation=newest, count=str(done))
    if not generations.waiting(tx):
        for id in generations.retire(tx):
            audit.record(tx, "keys.generation-retired", who=who, generation=id)
            timers.start(tx, DESTROY, id, tx.now + GRACE)
    return done


@timer(DESTROY)
def destroy(tx: Tx, ask: Ask) -> Done:
    """A retired generation ends. One that came to wrap something after all (a transaction that was under way when the
    next was made) waits until that is put elsewhere."""
    if generations.destroy(tx, ask.subject, GRACE):
        audit.record(tx, "keys.generation-destroyed", who=None, generation=ask.subject)
    elif any(each.id == ask.subject for each in generations.all_of(tx)):
        timers.start(tx, REWRAP, FIRM, tx.now)
        timers.start(tx, DESTROY, ask.subject, tx.now + AGAIN)
    return Done()


@desk("keys.rotate")
def rotate(tx: Tx, ask: Ask) -> Data:
    """From the old outside key to the current one (`outside`: its name, as the command line has it), and a new
    generation, unless an earlier run has made one and was interrupted before all was put under it."""
    same_outside_key(tx, ask)
    moved, who = generations.rewrap_outside(tx), ask.request.operator
    if moved:
        audit.record(tx, "keys.outside-changed", who=who, outside=generations.outside(tx), count=str(moved))
    made = bool(moved) or not generations.waiting(tx)
    if made:
        _make(tx, who)
    return Data(data={"moved": moved, "made": made, "left": generations.waiting(tx)})


@desk("keys.rewrap-some")
def rewrap_some(tx: Tx, ask: Ask) -> Data:
    """One batch, for the command line that shows how far it is."""
    same_outside_key(tx, ask)
    done = _some(tx, ask.request.operator)
    return Data(data={"done": done, "left": generations.waiting(tx)})


def same_outside_key(tx: Tx, ask: Ask) -> None:
    """Refused unless the command line and whoever holds the database were started with the same outside key."""
    if ask.typed("outside") != generations.outside(tx):
        raise Refused(
            _(
                "The running service was started with another SOPWITH_MASTER_KEY than this command. Restart it with "
                "the new key in SOPWITH_MASTER_KEY and the one before in SOPWITH_MASTER_KEY_OLD; then run this again."
            ),
            why="another outside key",
        )
