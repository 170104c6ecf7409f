"""Where the time of a running house goes: a profile of each of its threads, and the share of sealing and of the record.

Invariants: only the measured process is watched, and only while it is asked to; what is watched is slower for it, so
nobody takes a ratio from a watched run, except that of shares, whose watch is a clock around ten functions.
"""

import cProfile
import io
import pstats
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps
from typing import Any

from storage import audit, keys, vault
from storage.sqlite_file import READERS
from storage.store import Store

LINES = 28
WATCHED = (
    (keys, "data_key"),
    (keys, "read"),
    (keys, "fingerprint"),
    (vault.DataKey, "seal"),
    (vault.DataKey, "unseal"),
    (audit, "record"),
    (audit, "settle"),
)


class Profiles:
    """One profile for each thread that does the work: the event loop's, the writer's, the readers'."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: list[tuple[str, cProfile.Profile]] = []

    def start(self) -> None:
        """Called in the event loop's thread."""
        for name, pool, size in (("writer", self._store._writes, 1), ("readers", self._store._reads, READERS)):
            self._everywhere(pool, size, partial(self._enable, name))
        self._enable("event loop")

    def _enable(self, name: str) -> None:
        profile = cProfile.Profile()
        self._kept.append((name, profile))
        profile.enable()

    @staticmethod
    def _everywhere(pool: ThreadPoolExecutor, size: int, work: Callable[[], None]) -> None:
        """Once in each thread of the pool: none takes a second task before all have taken one."""
        together = threading.Barrier(size)

        def once() -> None:
            together.wait(10)
            work()

        for done in [pool.submit(once) for _ in range(size)]:
            done.result()

    def text(self) -> str:
        """For each kind of thread the dearest functions, by own time and with all that they call."""
        said = []
        for name in dict.fromkeys(name for name, _profile in self._kept):
            out = io.StringIO()
            stats: pstats.Stats | None = None
            for _name, profile in [kept for kept in self._kept if kept[0] == name]:
                profile.create_stats()
                stats = stats.add(profile) if stats else pstats.Stats(profile, stream=out)
            assert stats
            stats.strip_dirs()
            stats.sort_stats("tottime").print_stats(LINES)
            stats.sort_stats("cumulative").print_stats(2 * LINES)
            said.append(f"===== {name} =====\n{out.getvalue()}")
        self._kept.clear()
        return "\n".join(said)


class Shares:
    """Seconds within sealing, opening and the audit log; a watched function within another counts once."""

    def __init__(self) -> None:
        self.wall = self.cpu = 0.0
        self._begun = time.process_time()
        self._within = threading.local()
        self._lock = threading.Lock()

    def start(self) -> None:
        for owner, name in WATCHED:
            setattr(owner, name, self._watched(getattr(owner, name)))
        self._begun = time.process_time()

    def _watched(self, work: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(work)
        def watched(*args: Any, **more: Any) -> Any:
            if getattr(self._within, "deep", False):
                return work(*args, **more)
            self._within.deep = True
            wall, cpu = time.perf_counter(), time.thread_time()
            try:
                return work(*args, **more)
            finally:
                self._within.deep = False
                with self._lock:
                    self.wall += time.perf_counter() - wall
                    self.cpu += time.thread_time() - cpu

        return watched

    @property
    def found(self) -> dict[str, float]:
        """`process` is all processor time of the house meanwhile."""
        return {"wall": self.wall, "cpu": self.cpu, "process": time.process_time() - self._begun}
