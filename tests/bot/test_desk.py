"""What the command line does goes through the one doorway: in the running service, or here when none runs."""

import asyncio
import base64
import json
import os
import socket
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot import config, desk, desk_socket
from bot.config import Settings
from bot.desk import asked, hand_over
from bot.opening import local_doorway
from bot.terminal import No
from handlers.request import Kind, Request
from handlers.views import Data, Reply, Say
from storage import audit
from storage.store import InUse, lock_file
from tests.support.policy_texts import GOOD

ANN = ({"line": "2", "email": "ann@x.example", "name": "Ann", "roles": "staff"},)


class Recorder:
    """A doorway that keeps what came in and answers the same to all."""

    def __init__(self, answer: Reply) -> None:
        self.answer = answer
        self.seen: list[Request] = []

    async def handle(self, request: Request) -> Reply:
        self.seen.append(request)
        return self.answer


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "sopwith.toml").write_text(GOOD)
    keys = {name: base64.b64encode(os.urandom(32)).decode() for name in ("SOPWITH_MASTER_KEY", "SOPWITH_AUDIT_KEY")}
    return config.load(keys | {"SOPWITH_DATABASE_URL": f"sqlite:///{tmp_path}/firm.db"}, tmp_path / "sopwith.toml")


@contextmanager
def serving(path: Path, doorway: desk_socket.Doorway) -> Iterator[None]:
    """The service's side, in a loop of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    opened = asyncio.run_coroutine_threadsafe(desk.serve_socket(path, doorway), loop).result(10)
    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(opened.close(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """A service that holds the database and answers at its socket."""
    with local_doorway(settings) as doorway, serving(socket_of(settings), doorway):
        yield


def socket_of(settings: Settings) -> Path:
    return desk.socket_path(Path(settings.database_url.removeprefix("sqlite:///")))


def raw(path: Path, line: bytes) -> bytes:
    with desk_socket.connected(path) as made:
        made.sendall(line)
        made.shutdown(socket.SHUT_WR)
        return made.makefile("rb").readline()


def who(settings: Settings) -> set[str]:
    """Whoever stands in the audit log."""
    with local_doorway(settings) as doorway:
        entries = asyncio.run(doorway.ask(audit.entries))
    return {entry.words.get("who", "") for entry in entries}


@pytest.mark.parametrize("place", ["in the running service", "here"])
def test_an_import_is_done_wherever_the_doorway_is_and_names_the_operator(settings: Settings, place: str) -> None:
    request = asked("people.import", {"dry_run": ""}, ANN)
    if place == "here":
        answer = hand_over(settings, request)
    else:
        with running(settings):
            answer = hand_over(settings, request)
    assert isinstance(answer.data, dict)
    assert (answer.ok, answer.data["added"]) == (True, ["ann@x.example"])
    assert who(settings) == {desk_socket.operator()}


def test_bad_rows_come_back_as_an_answer_and_not_as_an_exception(settings: Settings) -> None:
    answer = hand_over(settings, asked("people.import", {"dry_run": ""}, ({**ANN[0], "roles": "king"},)))
    assert isinstance(answer.data, dict)
    assert not answer.ok
    assert answer.data["errors"][0]["line"] == 2


@pytest.mark.parametrize(
    "answer",
    [
        Say(text="Not yours."),
        Data(data={"refused": "Not yours."}, ok=False),
        Data(data={"problem": "Not yours."}, ok=False),
    ],
)
def test_a_refusal_is_a_no_with_its_words(settings: Settings, answer: Reply) -> None:
    with serving(socket_of(settings), Recorder(answer)), pytest.raises(No, match=r"Not yours\."):
        hand_over(settings, asked("clients.export", {"ref": "1", "as": "a@x.example"}))


def test_the_socket_is_the_owners_alone_and_gone_afterwards(settings: Settings) -> None:
    path = socket_of(settings)
    with serving(path, Recorder(Data(data={}))):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.exists()


def test_the_system_says_who_asks_and_only_requests_of_the_command_line_come_in(tmp_path: Path) -> None:
    recorder = Recorder(Data(data={"n": 1}))
    line = {"kind": "submit", "name": "log", "operator": "margaret", "values": {"a": "b"}, "rows": [{"line": "2"}]}
    with serving(tmp_path / "s.sock", recorder):
        answer = raw(tmp_path / "s.sock", json.dumps(line).encode() + b"\n")
    assert json.loads(answer) == {"data": {"n": 1}, "ok": True}
    (seen,) = recorder.seen
    assert (seen.kind, seen.operator, seen.account) == (Kind.DESK, desk_socket.operator(), None)
    assert (seen.name, seen.values, seen.rows) == ("log", {"a": "b"}, ({"line": "2"},))


def test_a_path_too_long_for_a_socket_is_reached_through_a_link(tmp_path: Path) -> None:
    folder = tmp_path / ("d" * 90) / ("e" * 90)
    folder.mkdir(parents=True)
    path = desk.socket_path(folder / "firm.db")
    recorder = Recorder(Data(data={}))
    with serving(path, recorder):
        assert path.is_symlink()
        place = path.readlink()
        assert stat.S_IMODE(place.stat().st_mode) == 0o600
        assert stat.S_IMODE(place.parent.stat().st_mode) == 0o700
        raw(path, desk_socket.written(asked("a", {})))
    assert len(recorder.seen) == 1
    assert not place.parent.exists()
    assert list(folder.iterdir()) == []


def test_what_a_killed_service_left_is_cleared_away_but_nothing_else(tmp_path: Path) -> None:
    stale, link, victim = tmp_path / "a.sock", tmp_path / "b.sock", tmp_path / "victim"
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(stale))
    victim.write_text("precious")
    link.symlink_to(victim)
    for path in (stale, link):
        with serving(path, Recorder(Data(data={}))):
            assert raw(path, desk_socket.written(asked("a", {}))) != b""
    assert victim.read_text() == "precious"


def test_a_stale_socket_does_not_keep_the_command_line_from_working(settings: Settings) -> None:
    with socket.socket(socket.AF_UNIX) as killed:
        killed.bind(str(socket_of(settings)))
    assert hand_over(settings, asked("people.import", {"dry_run": "yes"}, ANN)).ok


def test_while_something_else_writes_and_nobody_answers_it_gives_up(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk, "PATIENCE", 0.0)
    held = lock_file(settings.database_url)
    assert held
    with held, pytest.raises(InUse):
        hand_over(settings, asked("people.import", {"dry_run": "yes"}, ANN))


def test_an_answer_that_does_not_come_is_not_asked_for_twice(settings: Settings) -> None:
    with _hanging_up(socket_of(settings)) as taken, pytest.raises(No, match="did not answer"):
        hand_over(settings, asked("people.import", {"dry_run": ""}, ANN))
    assert taken() == 1


@contextmanager
def _hanging_up(path: Path) -> Iterator[Callable[[], int]]:
    """A service that takes requests and dies of each."""
    calls: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(str(path))
        made.listen()

        def take() -> None:
            while True:
                try:
                    caller, _ = made.accept()
                except OSError:
                    return
                with caller, caller.makefile("rb") as lines:
                    calls.append(lines.readline())

        thread = threading.Thread(target=take)
        thread.start()
        yield lambda: len(calls)
        made.shutdown(socket.SHUT_RDWR)
        thread.join(10)


def test_only_texts_are_handed_over() -> None:
    with pytest.raises(TypeError):
        desk_socket.written(Request(kind=Kind.DESK, name="a", operator="b", values={"x": ("y",)}))
