"""An install page as something that can be done: its boxes in order, and a newcomer who does them."""

import asyncio
import os
import pty
import re
import shutil
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.workspace import Workspace

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/install-slack.md"
TEAMS_PAGE = ROOT / "docs/install-teams.md"
RUN = "sopwith run"
PATIENCE = 120.0
_BOX = re.compile(r"^```(?P<kind>[a-z]+)(?P<about>[^\n]*)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Box:
    """A box of the page: `kind` is its mark, `about` what else stands beside the mark."""

    kind: str
    about: str
    text: str


def boxes(page: Path = PAGE) -> list[Box]:
    """All boxes, in order."""
    found = _BOX.finditer(page.read_text(encoding="utf-8"))
    return [Box(kind=m["kind"], about=m["about"].strip(), text=m["text"]) for m in found]


def first_terminal() -> str:
    """Everything up to and with the start, as one script: a `csv` box is what the reader makes of that file."""
    return _script(boxes())


def on_teams() -> str:
    """What the Teams page has the reader do: the Slack page's steps without its app (3), doctor and start (6, 7), then
    its own boxes, with people and clients behind the settings."""
    common = [box for box in boxes() if box.kind in {"bash", "csv"} and not _is_slacks_own(box)]
    first_list = next(n for n, box in enumerate(common) if box.kind == "csv")
    own = [box for box in boxes(TEAMS_PAGE) if box.kind == "bash"]
    return _script([*common[:first_list], own[0], *common[first_list:], *own[1:]])


def _is_slacks_own(box: Box) -> bool:
    own = ("manifest slack", "SLACK_", "people suggest", "sopwith doctor", RUN)
    return box.about == "second terminal" or any(words in box.text for words in own)


def _script(found: list[Box]) -> str:
    lines = ["set -euo pipefail"]
    for box in found:
        if box.kind == "csv":
            lines += [f"if [ -e {box.about} ]; then cp {box.about} suggested.csv; fi"]
            lines += [f"cat > {box.about} <<'TABLE'\n{box.text}TABLE"]
        elif box.kind == "bash" and not box.about:
            lines.append(box.text)
    return "\n".join(lines)


def second_terminal() -> str:
    """What is done beside the running service."""
    return "\n".join(["set -euo pipefail", *(b.text for b in boxes() if b.about == "second terminal")])


class Newcomer:
    """A home folder with the program in it, and a keyboard at which answers are typed ahead."""

    def __init__(self, home: Path, environ: Mapping[str, str]) -> None:
        self.home, self.said = home, home / "said"
        self.env = {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8", **environ}
        self._keyboard: list[int] = []
        self.process: asyncio.subprocess.Process | None = None
        self._unpack(home / "sopwith")

    def _unpack(self, folder: Path) -> None:
        """The program as unpacked, with the environment that these tests run in."""
        (folder / "bin").mkdir(parents=True)
        shutil.copy(ROOT / "bin/sopwith", folder / "bin/sopwith")  # a link would lead out of the home
        for name in ("bot", "handlers", "storage"):
            (folder / name).symlink_to(ROOT / name)
        (folder / ".venv").symlink_to(sys.prefix)

    async def begin(self, script: str, *typed: str) -> None:
        """Run a script that goes on; `typed` are the lines that its questions are answered with."""
        ours, theirs = pty.openpty()
        os.write(ours, "".join(f"{line}\n" for line in typed).encode())
        with self.said.open("ab") as said:
            self.process = await asyncio.create_subprocess_exec(
                "bash", "-c", script, env=self.env, cwd=self.home, stdin=theirs, stdout=said, stderr=said,
                start_new_session=True,
            )  # fmt: skip
        os.close(theirs)
        self._keyboard.append(ours)

    async def do(self, script: str) -> tuple[int, str]:
        """Run a script to its end."""
        done = await asyncio.create_subprocess_exec(
            "bash", "-c", script, env=self.env, cwd=self.home, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        said, _nothing = await asyncio.wait_for(done.communicate(), PATIENCE)
        return done.returncode or 0, said.decode()

    async def until_connected(self, workspace: Workspace) -> None:
        """Back when the service stands on its feet; AssertionError with everything said when it does not."""
        until = time.monotonic() + PATIENCE
        while self.process and self.process.returncode is None and time.monotonic() < until:
            if workspace.sockets.open and '"started"' in self.said.read_text():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(self.said.read_text())

    async def until_started(self) -> None:
        """Back when the service says so; AssertionError with everything said when it does not."""
        until = time.monotonic() + PATIENCE
        while self.process and self.process.returncode is None and time.monotonic() < until:
            if '"started"' in self.said.read_text():
                return
            await asyncio.sleep(0.1)
        raise AssertionError(self.said.read_text())

    async def press_ctrl_c(self) -> int:
        """What is said when the service has stopped."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGINT)
        return await asyncio.wait_for(self.process.wait(), 20)

    async def leave(self) -> None:
        """Nothing is left behind."""
        if self.process and self.process.returncode is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            await self.process.wait()
        for keyboard in self._keyboard:
            os.close(keyboard)
