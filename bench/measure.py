"""What a figure is: a ratio against a peer or a limit, measured in the same run, with what it came from beside it.

Invariants: a figure that could not be measured is absent and says why; nothing here decides whether a run has failed.
"""

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any


class Verdict(StrEnum):
    """Where a figure stands to its limit."""

    REACHED = "reached"
    SHORT = "short"
    ABSENT = "absent"


class Limit(StrEnum):
    """Which side of the limit is the good one."""

    AT_LEAST = "≥"
    AT_MOST = "≤"


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of the table. `value` None: not measured, and `why` says so; `detail` is what it was reckoned from."""

    family: str
    what: str
    side: Limit
    limit: float
    unit: str = "x"
    value: float | None = None
    why: str = ""
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        if self.value is None:
            return Verdict.ABSENT
        good = self.value <= self.limit if self.side is Limit.AT_MOST else self.value >= self.limit
        return Verdict.REACHED if good else Verdict.SHORT

    @property
    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"verdict": self.verdict}


def absent(family: str, what: str, side: Limit, limit: float, unit: str, why: str) -> Row:
    """A line that says why there is no figure."""
    return Row(family=family, what=what, side=side, limit=limit, unit=unit, why=why)


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest value that so many per cent of the values do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * int(percent * 10) // 1000) - 1)]


def timed(work: Callable[[], object], times: int) -> float:
    """Seconds that one call takes, over so many calls in a row."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def enough(work: Callable[[], object], seconds: float) -> int:
    """How often to call it so that a round takes about so long."""
    return max(1, int(seconds / max(timed(work, 3), 1e-9)))


def rounds(works: Mapping[str, Callable[[], object]], *, times: int, seconds: float) -> dict[str, float]:
    """Seconds a call of each, the median of interleaved rounds: what the machine does meanwhile, it does to all."""
    often = {name: enough(work, seconds) for name, work in works.items()}
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            found[name].append(timed(work, often[name]))
    return {name: median(values) for name, values in found.items()}


def machine(folder: Path, load: float) -> dict[str, Any]:
    """What the figures were measured on; `load` is how much it did besides, `fsync_ms` what a durable write of
    4 KiB costs in `folder`."""
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "load": round(load, 1),
        "fsync_ms": round(_fsync(folder / "fsync") * 1000, 3),
    }


def _fsync(path: Path) -> float:
    with path.open("wb", buffering=0) as file:

        def write() -> None:
            file.write(bytes(4096))
            os.fsync(file.fileno())

        return median(timed(write, 1) for _ in range(30))
