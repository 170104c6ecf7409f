"""The firm's policy as plain values: what `bot/config.py` makes of the checked policy file, and all that handlers
know of it.

Deadlines and cases name the `hash` of the policy they were made under and keep what they were given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from handlers.rules.blocks import Block
from handlers.rules.clock_terms import Clock
from handlers.rules.due_at import Sla
from handlers.rules.hours import Calendar
from handlers.rules.local_time import midnight
from handlers.rules.next_rung import Ladder
from handlers.rules.on_call import Turn
from handlers.rules.spans import Span
from storage.people import Person


@dataclass(frozen=True, kw_only=True)
class Pings:
    """Everything but the urgent: at most so many messages a day, in the receiver's working hours, not in `quiet` ones
    (read in the zone of his calendar)."""

    per_day: int = 6
    working_hours: bool = True
    quiet: Block | None = None


@dataclass(frozen=True, kw_only=True)
class Rollout:
    """A firm that starts with a few: `people` by e-mail address (none: everybody); late replies go up the ladder from
    that date on. A breach is everybody's from the first day."""

    people: frozenset[str] = frozenset()
    escalate_from: date | None = None


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The whole SOP in numbers. `ladders` has the keys overdue, breach, complaint; `channels` name -> encrypted?
    `mail`: there is a second road, so that everybody with an address can be reached. `undertaking`: the firm's own
    text, empty for ours. `clocks`: the statutory clocks, with the firm's own; `regimes` says which it usually needs.
    `on_call`: who is rung for a breach, the first that has the day."""

    hash: str
    firm: str
    zone: ZoneInfo
    calendars: Mapping[str, Calendar]
    slas: Mapping[str, Sla]
    channels: Mapping[str, bool]
    ladders: Mapping[str, Ladder]
    dpo_within: Span
    emergency: str
    regimes: tuple[str, ...]
    pings: Pings
    rollout: Rollout = Rollout()
    mail: bool = False
    undertaking: str = ""
    clocks: tuple[Clock, ...] = ()
    on_call: tuple[Turn, ...] = ()

    def calendar(self, name: str | None) -> Calendar:
        """A person's own calendar, else that of the first-response clock."""
        if name and name in self.calendars:
            return self.calendars[name]
        return self.slas["first_response"].calendar

    def takes_part(self, person: Person) -> bool:
        """Whether this person uses Sopwith already."""
        return not self.rollout.people or person.email in self.rollout.people

    def ladders_wait_until(self, now: datetime) -> datetime | None:
        """The instant from which late replies go up; None when that is over, or was never put off."""
        first = self.rollout.escalate_from
        starts = midnight(first, self.zone) if first else now
        return starts if starts > now else None
