"""Timers: cost follows what is due, never what is open; beside a job per deadline in APScheduler's own job store.

Invariants: both sides are on disk, hold as many, and are asked the same question for the same instant. The scheduler
does not run: only its store is asked, so what its threads would do besides is not counted against it.
"""

import pickle
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from apscheduler.job import Job
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.date import DateTrigger
from sqlalchemy import delete, insert

from bench.measure import Limit, Row, rounds
from bench.opened import NOW, store
from storage import timers
from storage.schema import timers as table
from storage.store import Store, Tx

FAMILY = "timers"
KIND = "deadline.next"
BATCH = 50_000
SOME = 100  # due at once on a busy morning


async def measure(folder: Path, *, tiny: bool = False) -> list[Row]:
    """How what is open bears on what is due, and what it would cost elsewhere."""
    few, jobs, many = (10, 20, 40) if tiny else (10_000, 100_000, 1_000_000)
    some, times, seconds = (5, 1, 0.001) if tiny else (SOME, 31, 0.02)
    with store(folder, "few") as small, store(folder, "many") as large:
        _fill(small, few, some)
        _fill(large, many, some)
        found = rounds({"few": _find(small), "many": _find(large)}, times=times, seconds=seconds)
        kept = rounds({"few": _keep(small), "many": _keep(large)}, times=times, seconds=seconds)
        grown = [
            _growth(f"find what is due, of {many:,} open to {few:,}", found),
            _growth(f"set, move and settle one, of {many:,} open to {few:,}", kept),
        ]
    with store(folder, "jobs") as ours:
        theirs = Jobs(folder)
        some_due = _beside(ours, theirs, jobs, some, times, seconds)
        all_due = _beside(ours, theirs, jobs, jobs, min(times, 3), seconds)
        theirs.close()
    return [
        *grown,
        _cheaper(f"find what is due, all of {jobs:,}: cheaper than APScheduler", all_due),
        _cheaper(f"find what is due, {some} of {jobs:,}: cheaper than APScheduler", some_due),
    ]


def _beside(ours: Store, theirs: "Jobs", jobs: int, due: int, times: int, seconds: float) -> dict[str, float]:
    _fill(ours, jobs, due)
    theirs.fill(jobs, due)
    return rounds({"ours": _find(ours), "jobs": theirs.find}, times=times, seconds=seconds)


def _due_at(number: int, due: int) -> datetime:
    return NOW - timedelta(seconds=number) if number < due else NOW + timedelta(minutes=number + 1)


def _fill(opened: Store, count: int, due: int) -> None:
    """So many timers, so many of them due."""
    opened.write(lambda tx: tx.conn.execute(delete(table))).result()
    for start in range(0, count, BATCH):
        rows = [
            {"id": f"TM-{n}", "kind": KIND, "subject": f"DL-{n}", "due_at": _due_at(n, due), "attempts": 0}
            for n in range(start, min(start + BATCH, count))
        ]
        opened.write(lambda tx, rows=rows: tx.conn.execute(insert(table), rows)).result()  # type: ignore[misc]


def _find(opened: Store) -> Callable[[], object]:
    """As the clock asks each second."""
    return lambda: opened.read(timers.due).result()


def _life(tx: Tx) -> None:
    """Of one deadline's timer: an inquiry sets it, a reminder moves it, a reply settles it."""
    subject = f"DL-new-{time.perf_counter_ns()}"
    timers.start(tx, KIND, subject, NOW + timedelta(hours=3))
    timers.start(tx, KIND, subject, NOW + timedelta(hours=5))
    timers.cancel(tx, subject)


def _keep(opened: Store) -> Callable[[], object]:
    """Twenty lives in one transaction: the commit, which is the same for all, hardly counts."""

    def twenty(tx: Tx) -> None:
        for _ in range(20):
            _life(tx)

    return lambda: opened.write(twenty).result()


class Jobs:
    """A job per deadline in APScheduler's SQLAlchemyJobStore."""

    def __init__(self, folder: Path) -> None:
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._store = SQLAlchemyJobStore(url=f"sqlite:///{folder / 'apscheduler.db'}")
        self._store.start(self._scheduler, "default")

    def fill(self, count: int, due: int) -> None:
        self._store.remove_all_jobs()
        for start in range(0, count, BATCH):
            rows = [self._row(n, _due_at(n, due)) for n in range(start, min(start + BATCH, count))]
            with self._store.engine.begin() as conn:
                conn.execute(self._store.jobs_t.insert(), rows)

    def _row(self, number: int, at: datetime) -> dict[str, object]:
        job = self._job(f"DL-{number}", at)
        state = pickle.dumps(job.__getstate__(), self._store.pickle_protocol)
        return {"id": job.id, "next_run_time": at.timestamp(), "job_state": state}

    def _job(self, id: str, at: datetime) -> Job:
        more = {"misfire_grace_time": None, "coalesce": True, "max_instances": 1, "executor": "default", "name": KIND}
        return Job(
            self._scheduler,
            id=id,
            func=remind,
            trigger=DateTrigger(at),
            args=(id,),
            kwargs={},
            next_run_time=at,
            **more,
        )

    def find(self) -> object:
        return self._store.get_due_jobs(NOW)

    def close(self) -> None:
        self._store.shutdown()


def remind(subject: str) -> None:
    """What the jobs would do: a job store keeps functions by their place."""


def _growth(what: str, found: dict[str, float]) -> Row:
    ratio = found["many"] / found["few"]
    return Row(family=FAMILY, what=what, side=Limit.AT_MOST, limit=1.2, value=ratio, detail=_micros(found))


def _cheaper(what: str, found: dict[str, float]) -> Row:
    ratio = found["jobs"] / found["ours"]
    return Row(family=FAMILY, what=what, side=Limit.AT_LEAST, limit=40, value=ratio, detail=_micros(found))


def _micros(found: dict[str, float]) -> dict[str, float]:
    return {f"{name}_microseconds": round(seconds * 1e6, 1) for name, seconds in found.items()}
