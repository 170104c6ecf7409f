"""Two people, two clicks or two processes at the very same time: the outcome is that of one after the other."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from handlers.request import Kind
from handlers.views import Form, Option, Say
from storage import deadlines, interactions, outbox, timers
from storage.store import Store, Tx
from tests.support.house import House
from tests.support.postgres import Server

TIMES = 8


@pytest.fixture
def house(tmp_path: Path, postgres: Server) -> Iterator[House]:
    url = postgres.database()
    built = House(tmp_path, url)
    yield built
    built.close()
    postgres.drop(url)


@pytest.fixture
def other(house: House) -> Iterator[Store]:
    """A second process on the same record."""
    store = Store(house.url, keyring=house.store._keyring, now=lambda: house.now)
    yield store
    store.close()


def at_once(*work: Callable[[], Any]) -> list[Any]:
    """All of them, released together."""
    gate = threading.Barrier(len(work))

    def run(one: Callable[[], Any]) -> Any:
        gate.wait()
        return one()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(run, work))


@contextmanager
def uncommitted(store: Store, work: Callable[[Tx], Any]) -> Iterator[Future[Any]]:
    """A process in the middle of a transaction: `work` is done, and is committed half a second later."""
    reached, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> Any:
        result = work(tx)
        reached.set()
        go_on.wait(5)
        return result

    future = store.write(slow)
    assert reached.wait(5)
    threading.Timer(0.5, go_on.set).start()
    yield future
    go_on.wait(5)
    future.result(5)


def clocks(house: House) -> list[deadlines.Deadline]:
    return list(house.read(deadlines.all_open))


def end_all(house: House) -> None:
    for running in clocks(house):
        house.write(lambda tx, id=running.id: deadlines.end(tx, id, state="closed", by=None))


def form(house: House, who: str = "amelia") -> Form:
    found = house.ask(who, Kind.COMMAND, "log-client")
    assert isinstance(found, Form)
    return found


def test_the_same_form_twice_at_once_is_saved_once_and_both_are_told_where(house: House) -> None:
    for _ in range(TIMES):
        before, one = len(house.happened()), form(house)
        chosen = Option(value=house.ids["heron"], label="")
        typed = {"client": chosen, "channel": "Company email", "kind": "email", "when": house.now, "summary": "Asked."}
        said = at_once(*[lambda f=one, v=typed: house.submit("amelia", f, v)] * 2)
        assert sorted("saved already" in reply.text for reply in said) == [False, True]
        assert house.happened()[before:].count("interaction.logged") == 1


def test_two_inquiries_of_one_client_at_once_start_one_clock(house: House) -> None:
    for _ in range(TIMES):
        at_once(lambda: house.log("amelia"), lambda: house.log("luca"))
        assert len(clocks(house)) == 1
        end_all(house)


def test_an_inquiry_beside_the_end_of_a_clock_never_goes_without_one(house: House) -> None:
    for _ in range(TIMES):
        house.log("amelia")
        (running,) = clocks(house)
        asked = house.open("amelia", "deadline.no-reply", running.id)
        assert isinstance(asked, Form)
        at_once(lambda a=asked: house.submit("amelia", a, {"why": "thanks"}), lambda: house.log("luca"))
        assert len(clocks(house)) == 1
        end_all(house)


def test_one_of_two_who_take_it_has_it(house: House) -> None:
    house.log("amelia")
    house.later(days=12)
    (running,) = clocks(house)
    at_once(*[lambda w=who: house.act(w, "deadline.take", running.id) for who in ("jonas", "margaret")])
    assert house.happened().count("ladder.acknowledged") == 1


def test_two_processes_fire_a_timer_once(house: House, other: Store) -> None:
    house.log("amelia")
    (due,) = [t for t in house.read(timers.upcoming) if t.kind == "deadline.next"]
    house.now = due.due_at
    with uncommitted(house.store, lambda tx: timers.take(tx, due.id)) as first:
        assert other.write(lambda tx: timers.take(tx, due.id)).result(5) is None
    assert first.result() == due
    assert other.write(lambda tx: timers.take(tx, due.id)).result() is None


def test_two_couriers_never_have_one_lane_in_hand(house: House, other: Store) -> None:
    def put(tx: Tx) -> None:
        for number in range(20):
            outbox.put(tx, key=f"{number}", recipient_id=house.ids["jonas"], kind="x", subject="s")

    house.write(put)
    with uncommitted(house.store, lambda tx: outbox.claim(tx, 1)) as first:
        second = other.write(lambda tx: outbox.claim(tx, 1))
    assert len(first.result()) == 1
    assert second.result() == []


def test_a_sender_whose_lease_ran_out_does_not_end_what_another_took(house: House, other: Store) -> None:
    house.write(lambda tx: outbox.put(tx, key="k", recipient_id=house.ids["jonas"], kind="x", subject="s"))
    (slow,) = house.write(lambda tx: outbox.claim(tx, 1))
    house.now += 2 * outbox.LEASE
    (mine,) = other.write(lambda tx: outbox.claim(tx, 1)).result()
    house.write(lambda tx: outbox.retry(tx, slow, outbox.LEASE, "did not arrive"))
    house.write(lambda tx: outbox.end(tx, slow, outbox.State.DISCARDED))
    assert [n.state for n in house.read(outbox.recent)] == ["executing"]
    other.write(lambda tx: outbox.end(tx, mine, outbox.State.COMPLETED)).result()
    assert [n.state for n in house.read(outbox.recent)] == ["completed"]


def test_an_entry_that_is_corrected_while_it_is_moved_leaves_no_version_behind(house: House) -> None:
    for _ in range(TIMES):
        said = house.log("amelia")
        assert isinstance(said, Say)
        amend = house.open("amelia", "interaction.amend", said.reference)
        move = house.open("amelia", "interaction.wrong-client", said.reference)
        assert isinstance(amend, Form)
        assert isinstance(move, Form)
        at_once(
            lambda f=amend: house.submit("amelia", f, {"summary": "Corrected."}),
            lambda f=move: house.submit("amelia", f, {"right": "Somebody else"}),
        )
        versions = house.read(lambda tx, id=said.reference: interactions.versions(tx, id))
        assert len({version.client_id for version in versions}) == 1
