"""Need-to-know said a second time: windows of time in a list, written from the rules (SOP 6.1) and not from the code.

It knows people and files by short words. What happens is a method that says whether the house is to do it, and then
it has happened here.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.support.london_time import LONDON, as_utc, later, three_business_days

RIGHTS = ("owner", "team", "grant")
LISTED = ("owner", "team")
GUARDIANS = frozenset({"margaret", "rosa"})
REVIEWERS = frozenset({"margaret", "priya"})  # beside the owner of the file: senior management and the DPO
KEEPER = "rosa"  # decides when the owner is gone
SUPERVISOR = dict.fromkeys(("amelia", "luca", "sana", "tomas"), "jonas")


@dataclass(eq=False, kw_only=True)
class Window:
    """Between one person and one file, from `start` until just before `end`; `kind` out of owner, team, grant,
    barrier, emergency."""

    kind: str
    who: str
    file: str
    start: datetime
    end: datetime | None = None
    reviewed: bool = False

    def holds(self, at: datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


@dataclass(eq=False, kw_only=True)
class Asked:
    """A request; without a `file` nothing can come of it."""

    who: str
    file: str | None
    until: datetime
    lapses: datetime
    open: bool = True


@dataclass(frozen=True, kw_only=True)
class Remembered:
    """Of one file at one instant."""

    listed: frozenset[str]
    could_open: frozenset[str]


@dataclass(kw_only=True)
class Model:
    """`past`: what was so, by instant and file."""

    now: datetime
    owner: dict[str, str]
    last_day: dict[str, date] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)
    windows: list[Window] = field(default_factory=list)
    requests: list[Asked] = field(default_factory=list)
    past: dict[datetime, Mapping[str, Remembered]] = field(default_factory=dict)

    @property
    def today(self) -> date:
        return self.now.astimezone(LONDON).date()

    def here(self, who: str) -> bool:
        """Has not left, and the last day in London is not over."""
        return who not in self.left and self.today <= self.last_day.get(who, date.max)

    def standing(self, file: str, *kinds: str, who: str = "") -> list[Window]:
        found = [w for w in self.windows if w.file == file and w.kind in kinds and w.holds(self.now)]
        return [w for w in found if who in ("", w.who)]

    def barred(self, who: str, file: str) -> bool:
        return bool(self.standing(file, "barrier", who=who))

    def kinds(self, who: str, file: str) -> set[str]:
        """The rights on record, whatever stands before them."""
        return {w.kind for w in self.standing(file, *RIGHTS, who=who)}

    def listed(self, file: str) -> set[str]:
        """Who has a right to the file and no barrier before it."""
        return {w.who for w in self.standing(file, *RIGHTS) if not self.barred(w.who, file)}

    def may_write(self, who: str, file: str) -> bool:
        return self.here(who) and who in self.listed(file)

    def in_emergency(self, who: str, file: str) -> bool:
        return self.here(who) and not self.barred(who, file) and bool(self.standing(file, "emergency", who=who))

    def may_open(self, who: str, file: str) -> bool:
        return self.may_write(who, file) or self.in_emergency(who, file)

    def remember(self, everybody: Iterable[str]) -> None:
        """The present state of this instant; what happens in the same instant later takes its place."""
        self.past[self.now] = {
            file: Remembered(
                listed=frozenset(self.listed(file)),
                could_open=frozenset(who for who in everybody if self.may_open(who, file)),
            )
            for file in self.owner
        }

    def speaks_for_owner(self, who: str, file: str) -> bool:
        """The owner, or the supervisor of one who is gone."""
        owner = self.owner[file]
        return self.here(who) and who == (owner if self.here(owner) else SUPERVISOR.get(owner))

    def decides(self, who: str, file: str, *, alone: bool = False) -> bool:
        if self.barred(who, file) or not self.here(who):
            return False
        gone = not self.here(self.owner[file])
        stands_in = gone and alone
        return (self.speaks_for_owner(who, file) and not stands_in) or (gone and who == KEEPER)

    def _open(self, kind: str, who: str, file: str, end: datetime | None = None) -> Window:
        self.windows.append(Window(kind=kind, who=who, file=file, start=self.now, end=end))
        return self.windows[-1]

    def _close(self, found: Iterable[Window]) -> None:
        for window in found:
            window.end = self.now

    def _grant(self, who: str, file: str, until: datetime) -> None:
        """In place of an earlier one."""
        self._close(self.standing(file, "grant", who=who))
        self._open("grant", who, file, until)

    def gives(self, by: str, file: str, who: str, long: str) -> bool:
        """To somebody who is here, without a right, and not behind a barrier."""
        fit = self.here(who) and not self.kinds(who, file) and not self.barred(who, file)
        if self.decides(by, file) and fit:
            self._grant(who, file, later(self.now, long))
            return True
        return False

    def ends(self, by: str, file: str, who: str, kind: str, *, over: bool) -> bool:
        """`over`: it was the record of a right that has ended, whatever stands in its place."""
        if self.decides(by, file) and kind != "owner" and not over:
            self._close(self.standing(file, kind, who=who))
            return True
        return False

    def asks(self, who: str, file: str, long: str) -> Asked | None:
        """Everybody here may; behind a barrier it is about nothing."""
        if not self.here(who):
            return None
        about = None if self.barred(who, file) else file
        lapses = three_business_days(self.now)
        self.requests.append(Asked(who=who, file=about, until=later(self.now, long), lapses=lapses))
        return self.requests[-1]

    def answers(self, by: str, asked: Asked, *, yes: bool) -> bool:
        if not asked.open or asked.file is None or not self.decides(by, asked.file):
            return False
        if yes and not self.here(asked.who):
            return False
        asked.open = False
        if yes:
            self._grant(asked.who, asked.file, asked.until)
        return True

    def bars(self, by: str, file: str, who: str) -> bool:
        """Never the owner, oneself, or twice; it ends an emergency and leaves requests about nothing."""
        if by not in GUARDIANS or not self.here(by) or self.barred(by, file):
            return False
        if who in (by, self.owner[file]) or self.barred(who, file):
            return False
        self._close(self.standing(file, "emergency", who=who))
        for asked in self.requests:
            if asked.open and (asked.who, asked.file) == (who, file):
                asked.file = None
        self._open("barrier", who, file)
        return True

    def lifts(self, by: str, file: str, who: str, *, over: bool) -> bool:
        """Not for a guardian who is behind a barrier to the file."""
        if over or by not in GUARDIANS or not self.here(by) or self.barred(by, file):
            return False
        self._close(self.standing(file, "barrier", who=who))
        return True

    def begins(self, who: str, file: str, minutes: int) -> Window | None:
        """For whoever is here, cannot open it now, and is not behind a barrier."""
        if not self.here(who) or self.barred(who, file) or self.may_open(who, file):
            return None
        return self._open("emergency", who, file, self.now + timedelta(minutes=minutes))

    def is_done(self, by: str, emergency: Window) -> bool:
        if by != emergency.who or not self.here(by) or not emergency.holds(self.now):
            return False
        self._close([emergency])
        return True

    def reviews(self, by: str, emergency: Window, *, needed: bool) -> bool:
        """Once, by somebody else who is not behind a barrier; it ends what was not needed."""
        may = by in REVIEWERS or self.speaks_for_owner(by, emergency.file)
        if not may or not self.here(by) or by == emergency.who or self.barred(by, emergency.file):
            return False
        if emergency.reviewed:
            return False
        emergency.reviewed = True
        if not needed and emergency.holds(self.now):
            self._close([emergency])
        return True

    def hands_over(self, by: str, file: str, who: str) -> bool:
        """Nothing is left to the old owner, and the new one has nothing but the file."""
        if not self.decides(by, file, alone=True):
            return False
        if not self.here(who) or self.barred(who, file) or who == self.owner[file]:
            return False
        for one in (self.owner[file], who):
            self._close(self.standing(file, *RIGHTS, who=one))
        self._open("owner", who, file)
        self.owner[file] = who
        return True

    def list_says(self, file: str, owner: str, team: Iterable[str]) -> bool:
        """The client list is taken when all it names are here; grants stay. Who must not know of the file is not made
        its owner: the present one stays, and whoever was named stays where that person was."""
        if not all(map(self.here, (owner, *team))):
            return False
        if self.barred(owner, file):
            was_there = {owner} & {window.who for window in self.standing(file, "team")}
            owner, team = self.owner[file], ({*team} - {owner}) | was_there
        self._close(self.standing(file, *LISTED))
        self._open("owner", owner, file)
        self.owner[file] = owner
        for who in sorted({*team} - {owner}):
            self._open("team", who, file)
        return True

    def clock_strikes(self) -> None:
        """Requests that nobody answered in time are over."""
        for asked in self.requests:
            asked.open = asked.open and asked.lapses > self.now

    def edges(self) -> list[datetime]:
        """Instants to come at which something ends by itself."""
        ends = {w.end for w in self.windows if w.end} | {a.lapses for a in self.requests if a.open}
        ends |= {as_utc(datetime.combine(day + timedelta(days=1), time())) for day in self.last_day.values()}
        return sorted(end for end in ends if end > self.now)
