"""`audit export`: the audit log, or a stretch of it, as a pack that an outsider can check.

Invariants: the export is on record before anything is written; the log is checked as it is copied, against itself and
the exported checkpoints, and one that is not whole is not exported or signed; the pack holds every entry between the
first and the last of the period, whatever their times, so that its positions have no gap; entries are never all in
memory.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, tzinfo
from pathlib import Path
from typing import Any

from bot.checkpoints import origin
from bot.config import Settings
from bot.desk import asked, hand_over
from bot.kept_by_auditor import text_of
from bot.opening import utc_now
from bot.packs import log_lines
from bot.packs.log_lines import About
from bot.packs.log_readme import readme
from bot.packs.making import HashedFile, NewPack, new_pack
from bot.terminal import No
from storage import checkpoint, tree
from storage.engines import is_postgres, reading_engine
from storage.verify import Stored, Verdict, verify

TRIES, PAUSE = 25, 0.2  # how often, and every how many seconds, it is asked whether all entries have their position


@dataclass(frozen=True, kw_only=True)
class Period:
    """Days on the firm's clock, both inclusive; None: from the beginning, or to the end."""

    since: date | None
    until: date | None
    zone: tzinfo

    @property
    def whole(self) -> bool:
        """Whether it is all of time."""
        return self.since is None and self.until is None

    def holds(self, body: bytes) -> bool:
        """Whether this entry is of the period; one whose time cannot be read is, so that nothing is left out."""
        try:
            day = datetime.fromisoformat(json.loads(body)["at"]).astimezone(self.zone).date()
        except (ValueError, TypeError, KeyError):
            return True
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    @property
    def words(self) -> dict[str, str | None]:
        """For the manifest."""
        since, until = (day.isoformat() if day else None for day in (self.since, self.until))
        return {"since": since, "until": until, "zone": str(self.zone)}


class _Copy:
    """The log on its way into the pack: every leaf, and the entries from the first of the period to its last."""

    def __init__(self, period: Period, entries: HashedFile, leaves: HashedFile) -> None:
        self._period, self._entries, self._leaves = period, entries, leaves
        self.first: int | None = None
        self.last: int | None = None

    def take(self, rows: Sequence[Stored]) -> None:
        self._leaves.write(log_lines.leaf_lines([tree.leaf_hash(body) for _position, body, _link in rows]))
        for position, body, _link in rows:
            inside = self._period.whole or self._period.holds(body)
            if inside or self.first is not None:
                self._entries.write(_line(position, body))
            if inside:
                self.first, self.last = self.first or position, position
                self._entries.mark()


def _line(position: int, body: bytes) -> bytes:
    try:
        return log_lines.entry_line(position, body)
    except ValueError:
        raise No(f"Entry {position} is none that Sopwith wrote, so the log was not exported.") from None


def export(settings: Settings, folder: Path, since: date | None, until: date | None) -> About:
    """Make the pack in `folder`. `NotEmpty` when that holds something; `No` when the log is not whole; OSError when it
    cannot be written. Nothing is left of it then."""
    period = Period(since=since, until=until, zone=settings.policy.zone)
    with new_pack(folder) as pack:
        hand_over(settings, asked("audit.export", {name: period.words[name] or "" for name in ("since", "until")}))
        until_all_have_a_position(settings)
        found = _copied(settings, period, pack)
        seed, made_at = settings.secrets.audit_key, utc_now()
        signed = checkpoint.sign(seed, origin(seed), found.size, bytes.fromhex(found.root))
        pack.add(log_lines.CHECKPOINT, signed)
        pack.add(log_lines.README, readme(found, period.words, origin(seed)))
        pack.close(log_lines.KIND, asdict(found) | period.words, seed=seed, made_at=made_at)
    return found


def until_all_have_a_position(settings: Settings) -> None:
    """On a server entries wait a moment for their position, and without a service nobody gives it."""
    for _ in range(TRIES if is_postgres(settings.database_url) else 0):
        told: Any = hand_over(settings, asked("audit.sequence", {})).data
        if not told["waiting"]:
            return
        time.sleep(PAUSE)


def _copied(settings: Settings, period: Period, pack: NewPack) -> About:
    with pack.file(log_lines.ENTRIES) as entries, pack.file(log_lines.LEAVES) as leaves:
        copy = _Copy(period, entries, leaves)
        verdict = walked(settings, copy.take)
        entries.back()
    if not verdict.ok:
        raise No(f"The audit log is not whole, so it was not exported: {verdict.problem} See `sopwith audit verify`.")
    return About(size=verdict.size, root=verdict.root, first=copy.first, last=copy.last)


def walked(settings: Settings, take: Callable[[Sequence[Stored]], None]) -> Verdict:
    """One reading of the log, given to `take` as it goes, held against the checkpoints that were exported so far."""
    seed, kept = settings.secrets.audit_key, settings.checkpoint_file
    text = text_of(kept, "audit.checkpoint_file") if kept.exists() else ""  # before the log, which only grows
    engine = reading_engine(settings.database_url)
    try:
        return verify(engine, text, checkpoint.public_key(seed, origin(seed)), take)
    finally:
        engine.dispose()
