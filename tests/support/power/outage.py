"""The worker on a journaled disk, run once; then as many outages of it as wanted, each looked at with the real house.

Invariants: an outage is made from the seed and its number; the house opens what was left as it opens any record; what
is found wrong is told with the number, the moment and the way.
"""

import asyncio
import os
import random
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import Engine

from bot.checkpoints import origin
from bot.config import Settings
from bot.opening import local_doorway
from storage import deadlines, outbox, timers
from storage.checkpoint import public_key
from storage.store import Tx, reading_engine
from storage.verify import verify
from tests.support.power.disk import Asked, Disk, Way, journal
from tests.support.power.worker import ACKNOWLEDGED, CHECKPOINTS, DATABASE, log_of, settings
from tests.support.siege import POLICY
from tests.support.unsealed import breach_texts, summaries

SHIM = Path(__file__).with_name("shim.c")


def built(folder: Path) -> Path:
    """The shim, compiled."""
    if shutil.which("gcc") is None:
        if "gcc" in os.environ.get("SOPWITH_TEST_REQUIRE", "").split(","):
            pytest.fail("SOPWITH_TEST_REQUIRE asks for gcc, but there is none", pytrace=False)
        pytest.skip("no gcc")
    made = folder / "shim.so"
    command = ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Wextra", "-Werror", "-o", made, SHIM, "-ldl", "-lpthread"]
    subprocess.run(command, check=True)
    return made


def worked(folder: Path, *, entries: int, seed: int, how: str = "") -> Path:
    """Let the worker work; gives its disk. The journal lies beside it."""
    disk = folder / "disk"
    disk.mkdir()
    (folder / "sopwith.toml").write_text(POLICY)
    for name in ("master.key", "audit.key"):
        (folder / name).touch(mode=0o600)
        (folder / name).write_bytes(os.urandom(32))
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(Path.cwd()),
        "LD_PRELOAD": str(built(folder)),
        "POWER_FOLDER": str(disk),
        "POWER_JOURNAL": str(folder / "journal"),
        "POWER_FULL": str(folder / "full"),
    }
    words = [sys.executable, "-m", "tests.support.power.worker", folder, disk, str(entries), str(seed)]
    subprocess.run([*words, how], env=environment, check=True)
    return disk


@dataclass(kw_only=True)
class Outages:
    """`folder` is the worker's. `wrong` is what was found, `ways` how often the power went in which way."""

    folder: Path
    seed: int
    wrong: list[str] = field(default_factory=list)
    ways: Counter[str] = field(default_factory=Counter)
    kept: int = 0  # acknowledged entries that were looked for and found

    def look(self, number: int) -> None:
        """At so many of them, at moments spread over the whole journal."""
        asked = journal(self.folder / "journal")
        chance = random.Random(f"{self.seed}:moments")
        moments = Counter(chance.choice(_moments(asked)) for _outage in range(number))
        disk, told, outage = Disk(self.folder / "disk"), Told(), 0
        for at, line in enumerate(asked, 1):
            told.take(line)
            disk.take(line)
            for _again in range(moments[at]):
                outage += 1
                self._look_at(outage, f"#{outage} at {at}", disk, told)

    def _look_at(self, outage: int, name: str, disk: Disk, told: "Told") -> None:
        chance = random.Random(f"{self.seed}:{outage}")
        way = chance.choice(list(Way))
        self.ways[way.name] += 1
        place = self.folder / "image"
        place.mkdir()
        for file, content in disk.fall(way, chance).items():
            if file != ACKNOWLEDGED:
                (place / file).write_bytes(content)
        if chance.random() < 0.3:
            (place / f"{DATABASE}-shm").write_bytes(chance.randbytes(32768))
        try:
            found = faults(settings(self.folder, place), told)
        except Exception as error:  # noqa: BLE001  whatever keeps the record from being opened is found wrong
            found = [f"{type(error).__name__}: {error}"]
        self.kept += len(told.entries) + len(told.breaches)
        self.wrong += [f"{name}, {way.name}: {fault}" for fault in found]
        shutil.rmtree(place)


def faults(place: Settings, told: "Told") -> list[str]:
    """What the house, opened there, has lost or does not hold together, in its record, its log and its checkpoints."""
    with local_doorway(place) as doorway:
        found = doorway.store.read(lambda tx: list(_lost(tx, told))).result()
        log = log_of(doorway, place)
        asyncio.run(log.export())
        found += [log.problem] if log.problem else []
    text = place.checkpoint_file.read_text() if place.checkpoint_file.exists() else ""
    engine = reading_engine(place.database_url)
    try:
        return [*found, *_unsound(engine, text, place, told)]
    finally:
        engine.dispose()


class Told:
    """What the worker had acknowledged: markers with the references that were given."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.breaches: dict[str, str] = {}
        self.checkpoint = 0
        self.imported: set[str] = set()

    def take(self, line: Asked) -> None:
        if line.op != "W" or not line.path.endswith(ACKNOWLEDGED):
            return
        kind, *words = line.data.decode().split()
        match kind:
            case "entry":
                self.entries[words[0]] = words[1]
            case "breach":
                self.breaches[words[0]] = words[1]
            case "checkpoint":
                self.checkpoint = int(words[0])
            case _:
                self.imported.add(kind)


def _moments(asked: list[Asked]) -> list[int]:
    """Every one; those about a sync and an acknowledgement again and again, and before a checkpoint is synced most."""
    found = list(range(1, len(asked) + 1))
    for at, line in enumerate(asked, 1):
        if line.path.endswith(CHECKPOINTS):
            found += [at] * 40
        elif line.op in "SCRU" or line.path.endswith(ACKNOWLEDGED):
            found += [max(1, at - 1), at, at] * 3
    return found


def _lost(tx: Tx, told: Told) -> Iterator[str]:
    """What was acknowledged is there once, with what it brings about; what was not is there once at most."""
    found = [(text.split()[-1], id) for id, text in (*summaries(tx), *breach_texts(tx))]
    ids, times = dict(found), Counter(marker for marker, _id in found)
    for marker, reference in (told.entries | told.breaches).items():
        if ids.get(marker) != reference:
            yield f"{reference} was acknowledged and is lost"
    yield from (f"{marker} is there {number} times" for marker, number in times.items() if number > 1)
    subjects = {notice.subject for notice in outbox.recent(tx, 100_000)}
    yield from (f"nobody would be told of {id}" for id in told.breaches.values() if id not in subjects)
    due = {timer.subject for timer in timers.upcoming(tx, 100_000)}
    running = deadlines.all_open(tx)
    yield from (f"no timer for {deadline.id}" for deadline in running if deadline.id not in due)
    if told.entries and not running:
        yield "no clock runs"
    for name, table in (("people.import", "people"), ("clients.import", "clients"), ("workspace.pin", "accounts")):
        if name in told.imported and not tx.conn.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar():
            yield f"{name} was acknowledged and is lost"


def _unsound(engine: Engine, text: str, place: Settings, told: Told) -> Iterator[str]:
    key = public_key(place.secrets.audit_key, origin(place.secrets.audit_key))
    verdict = verify(engine, text, key)
    if not verdict.ok:
        yield f"the log is not whole: {verdict.problem}"
    with engine.connect() as conn:
        said = conn.exec_driver_sql("PRAGMA integrity_check").scalar()
    if said != "ok":
        yield f"the file is not whole: {said}"
    if told.checkpoint and f"\n{told.checkpoint}\n" not in text:
        yield f"the checkpoint of {told.checkpoint} counted and is lost"
