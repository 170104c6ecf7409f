"""Starting the command line where no chat platform is needed: what it costs above an interpreter that does nothing."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from bench.children import ROOT
from bench.measure import Limit, Row, median, timed

FAMILY = "importing"
COMMANDS: dict[str, Sequence[str]] = {
    "import of the command line": ("-c", "import bot.cli"),
    "sopwith --help": ("-m", "bot", "--help"),
}


async def measure(folder: Path, *, tiny: bool = False) -> list[Row]:
    """Milliseconds above `python -c pass`, in turns."""
    works = {name: _started(words) for name, words in {"nothing": ("-c", "pass"), **COMMANDS}.items()}
    found: dict[str, list[float]] = {name: [] for name in works}
    for work in works.values():
        work()  # byte code is written, files are in the cache
    for _ in range(1 if tiny else 15):
        for name, work in works.items():
            found[name].append(timed(work, 1))
    return [_row(name, found) for name in COMMANDS]


def _started(words: Sequence[str]) -> Callable[[], object]:
    return lambda: subprocess.run([sys.executable, *words], cwd=ROOT, check=True, capture_output=True)


def _row(name: str, found: dict[str, list[float]]) -> Row:
    above = median(a - b for a, b in zip(found[name], found["nothing"], strict=True)) * 1000
    detail = {f"{each}_ms": round(median(found[each]) * 1000, 1) for each in (name, "nothing")}
    what = f"{name}: above a bare interpreter"
    return Row(family=FAMILY, what=what, side=Limit.AT_MOST, limit=150, unit="ms", value=above, detail=detail)
