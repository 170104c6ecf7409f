"""A clock as it is written in a pack (TOML), key by key, and the plain value made of it.

Invariants: an unknown key or word is refused everywhere; a citation, and the day on which it was looked at, have no
default. `length` counts in `unit`: h hours, cd calendar days, bd business days, mo months.
"""

from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainValidator

from bot.policy_values import DateText, Names, Words, ZoneText, read_by
from bot.public_holidays import holiday_dates
from handlers.rules.clock_conditions import Count, Of, When
from handlers.rules.clock_facts import FLAGS, INSTANTS, ROLE_FAMILIES, Risk, Role
from handlers.rules.clock_terms import HOLDS, Clock, Quality
from handlers.rules.counting import UNITS, Counting
from handlers.rules.hours import no_holidays

E = TypeVar("E", bound=Enum)
USUAL = {"h": Counting.ELAPSED_HOURS, "cd": Counting.CALENDAR_DAYS, "mo": Counting.MONTHS_CLAMPED}
_WITH_CALENDAR = (Counting.BUSINESS_DAYS, Counting.CALENDAR_DAYS_ROLL)
_PLACE = 2


def word(text: str, known: tuple[str, ...], kind: str) -> str:
    """One of a closed set; ValueError that names them all."""
    if text not in known:
        raise ValueError(f"{text!r} is no {kind}. Take one of {', '.join(known)}.")
    return text


def _enum(kind: type[E], name: str) -> PlainValidator:
    return read_by(lambda text: kind(word(text, tuple(one.value for one in kind), name)))


def place(text: str) -> str:
    """ "US-CA": a country, or a country and its subdivision (ISO 3166-2), in capitals."""
    country, dash, part = text.partition("-")
    fits = len(country) == _PLACE and country.isalpha() and country.isupper()
    if not fits or bool(dash) != bool(part) or (part and not (part.isalnum() and part.isascii() and part.isupper())):
        raise ValueError(f'{text!r} is no state. Write it like "US-CA".')
    return text


def _of(text: str) -> Of | str:
    return next((one for one in Of if one.value == text), None) or place(text)


def _id(text: str) -> str:
    parts = text.split(".")
    if not all(part.replace("_", "").replace("-", "").isalnum() and part == part.lower() for part in parts):
        raise ValueError(f'{text!r} is no id. Write it like "contract.acme", in small letters.')
    return text


Limit = Annotated[int, Field(ge=1)]
Start = Annotated[str, read_by(lambda text: word(text, INSTANTS, "fact"))]
Flag = Annotated[str, read_by(lambda text: word(text, FLAGS, "question"))]
Hold = Annotated[str, read_by(lambda text: word(text, HOLDS, "hold"))]


class Section(BaseModel):
    """Keys that belong together."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class CountPart(Section):
    of: Annotated[Of | str, read_by(_of)]
    at_least: Limit | None = None
    more_than: Limit | None = None
    below: Limit | None = None
    others_than: list[Annotated[str, read_by(place)]] = []

    def count(self) -> Count:
        """The threshold."""
        return Count(
            of=self.of,
            at_least=self.at_least,
            more_than=self.more_than,
            below=self.below,
            others_than=tuple(self.others_than),
        )


def _one_limit(part: CountPart) -> CountPart:
    if sum(limit is not None for limit in (part.at_least, part.more_than, part.below)) != 1:
        raise ValueError("needs one of at_least, more_than and below, and one only.")
    return part


class WhenPart(Section):
    risk: Annotated[Risk | None, _enum(Risk, "risk")] = None
    yes: list[Flag] = []
    unsecured: bool = False
    sector: Names = []
    sector_known: Names = []
    not_sector: Names = []
    counts: list[Annotated[CountPart, AfterValidator(_one_limit)]] = []
    any_of: list["WhenPart"] = []

    def when(self) -> When:
        """The condition."""
        return When(
            risk=self.risk,
            yes=tuple(self.yes),
            unsecured=self.unsecured,
            sector=tuple(self.sector),
            sector_known=tuple(self.sector_known),
            not_sector=tuple(self.not_sector),
            counts=tuple(one.count() for one in self.counts),
            any_of=tuple(one.when() for one in self.any_of),
        )


class ClockPart(Section):
    """Without `counting`: the usual method of the unit. Without `zone`: the firm's."""

    id: Annotated[str, read_by(_id)]
    version: Words
    regime: Words
    recipient: Words
    start: list[Start] = []
    after: Words | None = None
    start_event: Words
    length: Limit | None = None
    unit: Literal["h", "cd", "bd", "mo"] | None = None
    counting: Annotated[Counting | None, _enum(Counting, "way to count")] = None
    backstop: Limit | None = None
    also_due: Words | None = None
    internal_target: Limit | None = None
    when: WhenPart = WhenPart()
    role: list[Annotated[Role, _enum(Role, "role")]] = []
    holds: list[Hold] = []
    standard: Words
    citation: Words
    source_quality: Annotated[Quality, _enum(Quality, "source quality")]
    verified_on: DateText
    enabled: bool = True
    zone: ZoneText | None = None
    authority_zone: ZoneText | None = None
    calendar: str = ""
    notes: list[Words] = []

    def method(self) -> Counting:
        """How it is counted."""
        if self.counting is not None:
            return self.counting
        return Counting.BUSINESS_DAYS if self.unit == "bd" else USUAL.get(self.unit or "", Counting.NONE)

    def faults(self) -> Iterator[str]:
        """What only shows between the keys, each as "key: sentence"."""
        method = self.method()
        unit = UNITS[method]
        if bool(self.start) == bool(self.after):
            yield "start: needs one of start (facts) and after (another clock), and one only."
        if unit and self.length is None:
            yield f"length: is missing; {method.value} needs one."
        elif unit and self.unit != unit:
            yield f"unit: must be {unit!r} for {method.value}."
        elif not unit and (self.length is not None or self.unit):
            yield "length: counts nothing, for counting is none."
        if (self.backstop is not None) != (method is Counting.FORMULA):
            yield "backstop: goes with counting = formula, and with nothing else."
        if bool(self.calendar) != (method in _WITH_CALENDAR):
            yield f"calendar: goes with {' and '.join(one.value for one in _WITH_CALENDAR)}, and with nothing else."
        if len([family for family in ROLE_FAMILIES if family & set(self.role)]) > 1:
            yield "role: must not mix the words of the GDPR with those of HIPAA."

    def clock(self, *, own: bool, changed: tuple[str, ...]) -> Clock:
        """The plain value."""
        return Clock(
            id=self.id,
            version=self.version,
            regime=self.regime,
            recipient=self.recipient,
            start_event=self.start_event,
            standard=self.standard,
            citation=self.citation,
            quality=self.source_quality,
            verified_on=self.verified_on,
            counting=self.method(),
            start=tuple(self.start),
            after=self.after,
            length=self.length,
            backstop=self.backstop,
            also_due=self.also_due,
            internal_target=self.internal_target,
            when=self.when.when(),
            role=tuple(self.role),
            holds=tuple(self.holds),
            enabled=self.enabled,
            zone=self.zone,
            authority_zone=self.authority_zone,
            calendar=self.calendar,
            holidays=holiday_dates(self.calendar) if self.calendar else no_holidays,
            notes=tuple(self.notes),
            changed=changed,
            own=own,
        )


class PackPart(Section):
    """A whole file."""

    title: Words
    clock: list[dict[str, object]]


KEYS = frozenset(key for part in Section.__subclasses__() for key in part.model_fields)
