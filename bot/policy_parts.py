"""The policy file, section by section: its keys, what is taken when one is absent, and the plain value made of it.

Invariants: an unknown key is refused everywhere. Firm, a calendar, the first-response clock and the channels have no
default: they are the SOP, and no software should decide on them in a firm's place.
"""

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field

from bot.notify import AFTER, Notify, usual_sender
from bot.policy_values import (
    BlockText,
    Channels,
    ClockDuration,
    DateText,
    Duration,
    HolidayCode,
    MailAddress,
    MailServer,
    Names,
    Percents,
    Phone,
    ReadingText,
    RungName,
    WebAddress,
    Weekday,
    Words,
    ZoneText,
)
from bot.public_holidays import holiday_dates
from bot.usual_ladders import LADDERS
from handlers.policy import Pings, Rollout
from handlers.rules.due_at import Reading, Sla
from handlers.rules.hours import Calendar, no_holidays
from handlers.rules.next_rung import Ladder, Rung
from handlers.rules.on_call import Turn
from handlers.rules.spans import span

_WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Part(BaseModel):
    """One section of the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FirmPart(Part):
    name: Words
    zone: ZoneText


class CalendarPart(Part):
    """Without `zone`: the firm's. A day without entry in `open` is closed."""

    zone: ZoneText | None = None
    open: dict[Weekday, list[BlockText]] = {}
    holidays: HolidayCode | None = None
    closed: list[DateText] = []
    half_days: dict[DateText, list[BlockText]] = {}
    always_open: bool = False

    def calendar(self, name: str, firm_zone: ZoneInfo) -> Calendar:
        """The opening hours."""
        return Calendar(
            name=name,
            zone=self.zone or firm_zone,
            open={_WEEK.index(day): tuple(blocks) for day, blocks in self.open.items()},
            holidays=holiday_dates(self.holidays) if self.holidays else no_holidays,
            closed=frozenset(self.closed),
            half_days={day: tuple(blocks) for day, blocks in self.half_days.items()},
            always_open=self.always_open,
        )


class SlaPart(Part):
    """Without `calendar`: the only one there is. An empty `remind_at` means no reminder."""

    target: Duration
    reading: ReadingText = Reading.BUSINESS_DAY
    calendar: str | None = None
    remind_at: Percents = [75]

    def sla(self, name: str, calendars: Mapping[str, Calendar], zone: ZoneInfo) -> Sla:
        """The response time; `zone` is the firm's."""
        return Sla(
            name=name,
            target=self.target,
            reading=self.reading,
            calendar=calendars[self.calendar] if self.calendar else next(iter(calendars.values())),
            remind_at=tuple(self.remind_at),
            zone=zone,
        )


class ChannelsPart(Part):
    """Each name with whether the channel is encrypted."""

    approved: Channels


class RungPart(Part):
    to: RungName
    acknowledge_within: Duration | None = None


class LadderPart(Part):
    """What is absent is taken from the ladder of the same name in `LADDERS`."""

    rungs: list[RungPart] | None = None
    repeat: Duration | None = None

    def ladder(self, default: Ladder) -> Ladder:
        """Who is told when nobody answers."""
        rungs = tuple(Rung(to=rung.to, acknowledge_within=rung.acknowledge_within) for rung in self.rungs or ())
        return Ladder(rungs=rungs or default.rungs, repeat=self.repeat or default.repeat)


class EscalationPart(Part):
    overdue: LadderPart = LadderPart()
    breach: LadderPart = LadderPart()
    complaint: LadderPart = LadderPart()

    def ladders(self) -> dict[str, Ladder]:
        """All three, by name."""
        parts = {"overdue": self.overdue, "breach": self.breach, "complaint": self.complaint}
        return {name: part.ladder(LADDERS[name]) for name, part in parts.items()}


class TurnPart(Part):
    """Who is on call: somebody of the people file, or a name; without dates on every day that nobody before has."""

    person: MailAddress = ""
    name: Words = ""
    phone: Phone
    first: DateText | None = Field(default=None, alias="from")
    last: DateText | None = Field(default=None, alias="to")

    def turn(self) -> Turn:
        """Addresses are compared in lower case, as in the people file."""
        return Turn(person=self.person.lower(), name=self.name, phone=self.phone, first=self.first, last=self.last)


class BreachPart(Part):
    dpo_within: Duration = span("1h")
    emergency: str = ""
    regimes: Names = []
    on_call: list[TurnPart] = []


class PingsPart(Part):
    per_day: Annotated[int, Field(ge=1, le=1000)] = 6
    working_hours: bool = True
    quiet: BlockText | None = None

    def pings(self) -> Pings:
        """How often and when people are told of what is not urgent."""
        return Pings(per_day=self.per_day, working_hours=self.working_hours, quiet=self.quiet)


class RolloutPart(Part):
    """Addresses are compared in lower case, as in the people file."""

    people: list[MailAddress] = []
    escalate_from: DateText | None = None

    def rollout(self) -> Rollout:
        """Who takes part already, and from when late replies go up."""
        return Rollout(people=frozenset(one.lower() for one in self.people), escalate_from=self.escalate_from)


class AccessPart(Part):
    """Without `undertaking`: Sopwith's own text."""

    undertaking: Annotated[str, Field(max_length=3000)] = ""


class AuditPart(Part):
    checkpoint_file: Words = "checkpoints.txt"
    every: ClockDuration = timedelta(minutes=1)


class NotifyPart(Part):
    """Without `sender`: sopwith@ and the domain of the mail server."""

    smtp: MailServer = ""
    sender: MailAddress = ""
    ca_file: Words = ""
    fallback_after: ClockDuration = AFTER
    heartbeat_url: WebAddress = ""

    def notify(self) -> Notify:
        """The second road, and the heartbeat."""
        return Notify(
            smtp=self.smtp,
            sender=self.sender or usual_sender(self.smtp),
            ca_file=Path(self.ca_file) if self.ca_file else None,
            fallback_after=self.fallback_after,
            heartbeat_url=self.heartbeat_url,
        )


class FilePart(Part):
    """The whole file."""

    firm: FirmPart
    calendars: dict[str, CalendarPart]
    sla: dict[str, SlaPart]
    channels: ChannelsPart
    escalation: EscalationPart = EscalationPart()
    breach: BreachPart = BreachPart()
    pings: PingsPart = PingsPart()
    rollout: RolloutPart = RolloutPart()
    access: AccessPart = AccessPart()
    audit: AuditPart = AuditPart()
    notify: NotifyPart = NotifyPart()
    clock: list[dict[str, Any]] = []  # read by packs.py, together with the clocks that come with Sopwith
