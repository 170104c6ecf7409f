"""The line to the server breaks: what was not committed is tried again, what nobody knows is not done twice."""

from collections.abc import Callable, Iterator

import pytest

from storage import audit, inbox, settings
from storage.store import Store, Tx, Unavailable, Unsure
from tests.storage.conftest import opened
from tests.support.line import Line
from tests.support.postgres import Server


@pytest.fixture
def line(postgres: Server) -> Iterator[Line]:
    url = postgres.database()
    built = Line(url)
    yield built
    built.close()
    postgres.drop(url)


@pytest.fixture
def store(line: Line) -> Iterator[Store]:
    with opened(line.url) as store:
        yield store


def entries(store: Store) -> list[str]:
    store.write(audit.sequence).result()
    return [entry.words["thing"] for entry in store.read(audit.entries).result()]


def doing(thing: str, *first: Callable[[], None]) -> Callable[[Tx], str]:
    """Work with an audit entry; on its first run something happens in the middle of it."""
    todo = list(first)

    def work(tx: Tx) -> str:
        settings.put(tx, thing, "done")
        if todo:
            todo.pop()()
        settings.put(tx, thing, "done")
        audit.record(tx, "thing.done", who=None, thing=thing)
        return thing

    return work


def test_a_line_that_breaks_before_the_commit_costs_nothing(store: Store, line: Line) -> None:
    assert store.write(doing("a", line.cut)).result() == "a"
    assert entries(store) == ["a"]


def test_lines_that_broke_while_nobody_asked_are_made_anew(store: Store, line: Line) -> None:
    for _round in range(3):
        line.cut()
        assert store.read(lambda tx: settings.get(tx, "a")).result() is None
        assert store.write(lambda tx: None).result() is None


@pytest.mark.parametrize(("where", "kept"), [("behind", ["a"]), ("before", [])])
def test_a_lost_commit_is_said_and_not_tried_again(store: Store, line: Line, where: str, kept: list[str]) -> None:
    line.lose_commits(where)  # type: ignore[arg-type]
    with pytest.raises(Unsure):
        store.write(doing("a")).result()
    assert entries(store) == kept


@pytest.mark.parametrize("where", ["behind", "before"])
def test_a_lost_commit_of_work_that_knows_itself_is_tried_again_and_done_once(
    store: Store, line: Line, where: str
) -> None:
    def work(tx: Tx) -> str:
        seen = inbox.outcome(tx, ["delivery:1"])
        if seen is not None:
            return f"saved already as {seen}"
        doing("a")(tx)
        inbox.consume(tx, ["delivery:1"], "IN-1")
        return "saved"

    line.lose_commits(where)  # type: ignore[arg-type]
    said = store.write(work, repeatable=True).result()
    assert said == {"behind": "saved already as IN-1", "before": "saved"}[where]
    assert entries(store) == ["a"]


def test_when_nobody_can_find_out_it_is_not_said_that_nothing_was_saved(store: Store, line: Line) -> None:
    line.lose_commits("behind", "behind", "behind")
    with pytest.raises(Unsure):
        store.write(doing("a"), repeatable=True).result()


def test_what_was_perhaps_saved_is_never_said_not_to_be(store: Store, line: Line) -> None:
    """The second try does not reach the server at all."""
    again: list[object] = []

    def work(tx: Tx) -> None:
        if again:
            line.close()
        again.append(doing("a")(tx))

    line.lose_commits("behind")
    with pytest.raises(Unsure):
        store.write(work, repeatable=True).result()


def test_a_server_that_is_gone_is_said(store: Store, line: Line) -> None:
    line.close()
    with pytest.raises(Unavailable) as caught:
        store.write(doing("a")).result()
    assert not isinstance(caught.value, Unsure)


def test_a_session_that_the_server_ends_costs_nothing(store: Store, postgres: Server) -> None:
    def end_all() -> None:
        with postgres.admin() as conn:
            conn.exec_driver_sql(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> ''"
            )

    assert store.write(doing("a", end_all)).result() == "a"
    assert entries(store) == ["a"]
