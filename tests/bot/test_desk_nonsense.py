"""What comes to the command line's socket and is no request of the command line reaches nobody."""

from pathlib import Path

import pytest

from bot import desk_socket
from bot.desk import asked
from handlers.views import Data
from tests.bot.test_desk import Recorder, raw, serving


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"\n",
        b"\xff\xfe\n",
        b"[]\n",
        b"{}\n",
        b'{"name": 1, "operator": "", "values": {}, "rows": []}\n',
        b'{"name": "a", "operator": "", "values": {"x": [1]}, "rows": []}\n',
        b'{"name": "a", "operator": "", "values": {}, "rows": [{"x": 1}]}\n',
        b'{"name": "a", "operator": "", "values": 3, "rows": 4}\n',
        b"[" * 100_000 + b"\n",
        b'{"name": "a", "operator": "", "values": {"x": "\\ud800"}, "rows": []}\n',
        b'{"name": "a", "operator": "", "values": {"x": "\\u0000"}, "rows": []}\n',
        b'{"name": [], "operator": "", "values": {}, "rows": []}\n',
        b'{"name": "a", "operator": "", "values": {}, "rows": [{"x": ""}, {"y": ""}]}\n',
        b'{"name": "a", "operator": "", "values": {}, "rows": [{"line": "2"}, {"line": "2"}]}\n',
    ],
)
def test_what_is_no_request_reaches_nobody_and_the_next_caller_is_served(tmp_path: Path, line: bytes) -> None:
    recorder = Recorder(Data(data={}))
    good = desk_socket.written(asked("a", {}))
    with serving(tmp_path / "s.sock", recorder):
        assert raw(tmp_path / "s.sock", line) == b""
        assert recorder.seen == []
        assert raw(tmp_path / "s.sock", good) != b""


@pytest.mark.parametrize("name", ["accounts.seen", "workspace.pin", "policy.in-force", "secret.known"])
def test_nobody_passes_for_the_service_itself(tmp_path: Path, name: str) -> None:
    recorder = Recorder(Data(data={}))
    with serving(tmp_path / "s.sock", recorder):
        assert raw(tmp_path / "s.sock", desk_socket.written(asked(name, {}))) == b""
    assert recorder.seen == []
