"""A complaint that is resolved in the very moment in which somebody else does something with it: it ends resolved and
stays so, and nobody is told twice."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from handlers.complaints.owning import SILENT
from handlers.views import Form, Say
from storage import complaints, escalations, timers
from tests.handlers.test_at_once import at_once, uncommitted
from tests.handlers.test_complaints import fill, held, record, reference, resolve
from tests.support.house import House

TIMES = 6
TYPED = {"outcome": "partly", "answer": "We are sorry.", "signposted": "yes"}


def owned_by_jonas(house: House) -> str:
    """Jonas and Margaret were told, and Jonas owns it."""
    id = reference(record(house, severity="high"))
    house.act("jonas", "complaint.own", id)
    return id


def resolving(house: House, id: str) -> Callable[[], Any]:
    form = house.open("jonas", "complaint.resolve", id)
    assert isinstance(form, Form)
    return lambda: house.submit("jonas", form, TYPED)


def is_over(house: House, id: str) -> None:
    """Resolved once, nothing due, nothing climbing, and whoever passed it on was told once."""
    kinds = [note.kind for note in house.read(lambda tx: complaints.notes(tx, id))]
    assert held(house, id).state == "resolved"
    assert house.read(lambda tx: escalations.of(tx, id)).state != "climbing"
    assert [t for t in house.read(timers.upcoming) if t.subject == id] == []
    assert kinds.count("resolved") == 1
    assert len([n for n in house.told("luca", "complaint.over") if n.subject == id]) == 1


def told_to_own(house: House, id: str) -> int:
    return sum(n.subject == id for who in house.ids if who in CAST for n in house.told(who, "complaint.raised"))


CAST = ("jonas", "margaret", "priya")


def test_a_late_i_own_this_in_the_moment_of_the_end_changes_nothing(house: House) -> None:
    for _ in range(TIMES):
        id = owned_by_jonas(house)
        before = told_to_own(house, id)
        end = resolving(house, id)
        said, late = at_once(end, lambda id=id: house.act("margaret", "complaint.own", id))
        assert isinstance(said, Say)
        assert said.title == "Resolved"
        assert isinstance(late, Say)
        assert "already" in late.text
        is_over(house, id)
        assert told_to_own(house, id) == before
        house.later(days=3)
        is_over(house, id)


def test_taken_from_a_silent_owner_in_the_moment_of_the_end_it_is_one_or_the_other(house: House) -> None:
    """Either it was over before he lost it, or he lost it, is told so, takes it again and resolves it."""
    for _ in range(TIMES):
        id = owned_by_jonas(house)
        house.write(lambda tx, id=id: timers.start(tx, SILENT, id, house.now))
        (due,) = [t for t in house.read(timers.upcoming) if t.subject == id and t.kind == SILENT]
        end = resolving(house, id)
        said, _fired = at_once(end, lambda due=due: fire(house, due))
        if held(house, id).state == "open":
            assert "Somebody must own this first" in repr(said)
            house.act("jonas", "complaint.own", id)
            resolve(house, "jonas", id)
        is_over(house, id)
        house.later(days=3)
        is_over(house, id)


def test_in_the_middle_of_the_end_it_is_not_taken_from_its_owner(house: House) -> None:
    id = owned_by_jonas(house)
    house.write(lambda tx: timers.start(tx, SILENT, id, house.now))
    (due,) = [t for t in house.read(timers.upcoming) if t.subject == id and t.kind == SILENT]
    with uncommitted(house.store, lambda tx: complaints.resolve(tx, id, "upheld")):
        fire(house, due)
    assert house.read(lambda tx: escalations.of(tx, id)).state == "acknowledged"
    assert told_to_own(house, id) == 2


def fire(house: House, due: timers.Timer) -> Any:
    return asyncio.run(house.doorway.fire(due))


def test_resolved_twice_at_once_it_is_resolved_once(house: House) -> None:
    for _ in range(TIMES):
        id = owned_by_jonas(house)
        said = at_once(resolving(house, id), resolving(house, id))
        assert sorted("already" in one.text for one in said) == [False, True]
        is_over(house, id)


@pytest.mark.parametrize("first", ["own", "resolve"])
def test_one_after_the_other_it_is_the_same(house: House, first: str) -> None:
    id = owned_by_jonas(house)
    end = resolving(house, id)
    steps = [lambda: house.act("margaret", "complaint.own", id), end]
    for step in steps if first == "own" else reversed(steps):
        step()
    is_over(house, id)
    assert isinstance(fill(house, "jonas", "complaint.reopen", id, text="They rang again."), Say)
    assert held(house, id).state == "open"  # only somebody who says why opens it again
