"""What to do after a breach, in the SOP's order: contain, inform, assess, report, tell clients, review (SOP clause 8).

Invariants: the order is fixed, doing a later step first is allowed; a step's standing is derived from facts that are
only ever added; nothing here blames anybody, for blame makes people report late.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from handlers.rules.mishap import Mishap, containment, kind_of

__all__ = [
    "STEPS",
    "Guide",
    "Mishap",
    "Progress",
    "Step",
    "StepFact",
    "containment",
    "kind_of",
    "progress",
    "standing",
    "time_to_report",
]


class Step(Enum):
    """The closed set, in order."""

    CONTAIN = "contain"
    INFORM = "inform"
    ASSESS = "assess"
    REPORT = "report"
    TELL_CLIENTS = "tell_clients"
    REVIEW = "review"


@dataclass(frozen=True, kw_only=True, slots=True)
class Guide:
    """A step as people read it."""

    step: Step
    title: str
    guidance: str


STEPS = (
    Guide(
        step=Step.CONTAIN,
        title="Contain it",
        guidance="Stop what is still going on and get back what can be got back. Keep what shows what happened.",
    ),
    Guide(
        step=Step.INFORM,
        title="Tell the DPO and management",
        guidance="Make sure the DPO and senior management know, at once and in person if need be.",
    ),
    Guide(
        step=Step.ASSESS,
        title="Assess the harm",
        guidance="Whose information is it, how much of it, who has it now, and what could happen to them?",
    ),
    Guide(
        step=Step.REPORT,
        title="Report as the law asks",
        guidance="The DPO decides which authorities are told, by when, and writes down why or why not.",
    ),
    Guide(
        step=Step.TELL_CLIENTS,
        title="Tell the clients affected",
        guidance="Say plainly what happened, what you have done, what they can do, and whom they can ring.",
    ),
    Guide(
        step=Step.REVIEW,
        title="Review and learn",
        guidance="What made this possible, and what will change, by when and by whom?",
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class StepFact:
    """Somebody ticked (or unticked) a step. `at` is aware."""

    step: Step
    done: bool
    by: str
    at: datetime

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("A time needs a zone.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a checklist is; `next` is the first open step, None when all are done."""

    done: int
    total: int
    next: Step | None


def standing(facts: Iterable[StepFact]) -> dict[Step, StepFact | None]:
    """Every step in order, with the fact that it is done, or None while it is open.

    The latest fact about a step wins, of two at one instant the later in the list; an unticked step is open again.
    """
    latest: dict[Step, StepFact] = {}
    for fact in facts:
        if fact.step not in latest or fact.at >= latest[fact.step].at:
            latest[fact.step] = fact
    return {step: latest[step] if step in latest and latest[step].done else None for step in Step}


def progress(standing: Mapping[Step, StepFact | None]) -> Progress:
    """A step that is absent from `standing` is open."""
    still_open = [step for step in Step if standing.get(step) is None]
    return Progress(done=len(Step) - len(still_open), total=len(Step), next=next(iter(still_open), None))


def time_to_report(first_signal_at: datetime, reported_at: datetime) -> timedelta:
    """How long the report took, for the evidence pack ("minutes from signal to DPO"); never shown as a reproach.

    Aware instants; a first sign after the report is refused (ValueError).
    """
    if first_signal_at.tzinfo is None or reported_at.tzinfo is None:
        raise ValueError("A time needs a zone.")
    if reported_at < first_signal_at:
        raise ValueError("The first sign cannot come after the report.")
    return reported_at - first_signal_at
