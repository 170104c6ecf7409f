"""What is known about a breach, as far as a statutory clock asks for it.

Invariants: every default is "not known", and what is not known counts as the worse answer (clock_conditions.py); four
instants are kept apart and never one "breach date": noticed, aware (GDPR), discovered (HIPAA, may be earlier), and
determined, besides those that single laws name. Instants are aware; ValueError for others.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum

from handlers.rules.local_time import utc

INSTANTS = (
    "first_signal_at",
    "aware_at",
    "discovered_at",
    "determined_at",
    "classified_at",
    "believed_at",
    "suspected_at",
    "materiality_determined_at",
)
FLAGS = ("personal_data", "phi", "major", "significant", "sensitive", "listed_company", "nydfs")
FIRST_SIGNAL = "first_signal_at"


class Answer(Enum):
    """To a question that may not be answered yet."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Risk(Enum):
    """The risk to people's rights and freedoms (GDPR Art. 33(1), 34(1))."""

    NONE = "none"
    RISK = "risk"
    HIGH = "high_risk"
    UNKNOWN = "unknown"


class Role(Enum):
    """What the firm is for these data: the first two by the GDPR, the others by HIPAA."""

    CONTROLLER = "controller"
    PROCESSOR = "processor"
    COVERED_ENTITY = "covered_entity"
    BUSINESS_ASSOCIATE = "business_associate"


ROLE_FAMILIES = (
    frozenset({Role.CONTROLLER, Role.PROCESSOR}),
    frozenset({Role.COVERED_ENTITY, Role.BUSINESS_ASSOCIATE}),
)


@dataclass(frozen=True, kw_only=True)
class Facts:
    """`instants` by the names in INSTANTS, `answers` by those in FLAGS. `regimes`: ids of laws or their beginnings, as
    named for this breach; `residents`: people by state ("US-CA"), None while a number is not known; `individuals`: all
    of them. `secured`: nobody can read the data, and the key was not taken with them. `sector`: None while not known.
    `notices_sent`: when the notice that a clock asks for went out, by the clock's id."""

    instants: Mapping[str, datetime] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    regimes: tuple[str, ...] = ()
    roles: frozenset[Role] = frozenset()
    risk: Risk = Risk.UNKNOWN
    individuals: int | None = None
    residents: Mapping[str, int | None] | None = None
    secured: bool | None = None
    sector: frozenset[str] | None = None
    notices_sent: Mapping[str, datetime] = field(default_factory=dict)
    law_enforcement_hold_until: datetime | None = None

    def __post_init__(self) -> None:
        unknown = [*(set(self.instants) - set(INSTANTS)), *(set(self.answers) - set(FLAGS))]
        if unknown:
            raise ValueError(f"{', '.join(sorted(unknown))}: no clock asks for this.")
        for one in (*self.instants.values(), *self.notices_sent.values()):
            utc(one)

    def answer(self, flag: str) -> Answer:
        """The answer to a yes-or-no question; unknown while nobody has answered."""
        return self.answers.get(flag, Answer.UNKNOWN)

    def at(self, name: str) -> datetime | None:
        """An instant in UTC, if it is known."""
        found = self.instants.get(name)
        return utc(found) if found else None

    def earliest(self) -> datetime | None:
        """The earliest instant known at all."""
        return min((utc(one) for one in self.instants.values()), default=None)

    def people(self) -> int | None:
        """How many people, never fewer than the states add up to; None while that is not known."""
        if self.individuals is None:
            return None
        return max(self.individuals, sum(number or 0 for number in (self.residents or {}).values()))

    def names(self, clock: str) -> bool:
        """Whether somebody has named this clock's own law for this breach, and not merely its continent ("us")."""
        return any("." in one and under(clock, one) for one in self.regimes)


def under(clock: str, regime: str) -> bool:
    """Whether a clock's id is this regime's or begins with it: `eu.gdpr` covers `eu.gdpr.33.1`, `eu.gd` does not."""
    return clock == regime or clock.startswith(f"{regime}.")
