"""A statutory clock as data: what the packs and a firm's own policy file say of one duty to notify.

Invariants: a clock names its article, how good our source for it is, and when it was looked at; `version` is the day
from which this wording of the law counts, so that a notice already sent is never judged by a later one. What only a
file can get wrong is refused where files are read (bot/statutes.py).
"""

from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from zoneinfo import ZoneInfo

from handlers.rules.clock_conditions import When
from handlers.rules.clock_facts import Role
from handlers.rules.counting import Counting, Holidays
from handlers.rules.hours import no_holidays

LAW_ENFORCEMENT = "law_enforcement"
HOLDS = (LAW_ENFORCEMENT,)


class Quality(Enum):
    """How good our source is: read there; in a secondary text only; neither, or sources differ."""

    CONFIRMED = "confirmed"
    SECONDARY = "secondary"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, kw_only=True)
class Clock:
    """One duty to one recipient.

    `start`: the facts whose earliest starts it; or `after`: the clock whose notice starts it (a chained clock).
    `start_event`, `standard`: the same and the real duty in the law's words. `length` counts in the unit of `counting`;
    None when the law names no number. `backstop`: hours from awareness, for the formula. `also_due`: due with that
    clock's notice, if it goes earlier. `internal_target`: the firm's own, in hours, and no law. `holds`: what may
    delay it by law. `calendar`: the code of `holidays`, for working days. `zone`: None for the firm's own;
    `authority_zone`: where the recipient's own day ends. `changed`: keys that the firm's policy file sets otherwise;
    `own`: the firm's own clock.
    """

    id: str
    version: str
    regime: str
    recipient: str
    start_event: str
    standard: str
    citation: str
    quality: Quality
    verified_on: date
    counting: Counting
    start: tuple[str, ...] = ()
    after: str | None = None
    length: int | None = None
    backstop: int | None = None
    also_due: str | None = None
    internal_target: int | None = None
    when: When = field(default_factory=When)
    role: tuple[Role, ...] = ()
    holds: tuple[str, ...] = ()
    enabled: bool = True
    zone: ZoneInfo | None = None
    authority_zone: ZoneInfo | None = None
    calendar: str = ""
    holidays: Holidays = no_holidays
    notes: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    own: bool = False
