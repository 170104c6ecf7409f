"""Is this a breach of unsecured PHI that must be notified: the decision of 45 CFR 164.402, with its reasons (SOP 8).

Invariants: a breach is presumed; only a "yes" with a written reason leads away from it, and what nobody knows counts
as the worse answer; four low factors do so only with the privacy officer's signature (the law sets no score: "all four
low" is our choice); ransomware is presumed a breach whatever else was answered, because encryption at rest did not
keep an intruder out of a running system (HHS ransomware guidance): who thinks otherwise decides so outside this rule.
The caller sees to it that whoever signs is the privacy officer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum


class Exempt(Enum):
    """The three exceptions of 164.402(1), as they are shown."""

    GOOD_FAITH = "a member of the workforce, in good faith and within their authority, and no further use"
    INADVERTENT = "between two authorised persons of the same entity, by mistake, and no further use"
    NOT_RETAINED = "the recipient could not have retained it"


class Factor(Enum):
    """The four factors of 164.402(2), as they are shown."""

    NATURE = "nature and extent of the PHI, its identifiers and the likelihood of re-identification"
    RECIPIENT = "who used or received it, and whether they are bound to secrecy"
    ACQUIRED = "whether it was actually acquired or viewed"
    MITIGATED = "how far the risk was mitigated (return, attested destruction)"


class Level(Enum):
    """How a factor was judged; unknown is no answer."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    UNKNOWN = "unknown"


class Outcome(Enum):
    """Where the questions lead; each is written down (164.414(b): the burden of proof is the entity's)."""

    SECURED = "no notice: the PHI was secured"
    EXEMPT = "not a breach: an exception applies"
    LOW_PROBABILITY = "not a breach: low probability of compromise"
    BREACH = "breach"


def _needs_a_reason(reason: str) -> None:
    if not reason.strip():
        raise ValueError("An answer needs a written reason.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Secured:
    """PHI encrypted as NIST advises and the key not taken, or destroyed; None: nobody knows. Refused (ValueError): no
    reason."""

    answer: bool | None
    reason: str

    def __post_init__(self) -> None:
        _needs_a_reason(self.reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exemption:
    """An exception that is claimed. Refused (ValueError): no reason."""

    kind: Exempt
    reason: str

    def __post_init__(self) -> None:
        _needs_a_reason(self.reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rating:
    """One factor as it was judged. Refused (ValueError): no reason, for "unknown" too."""

    level: Level
    reason: str

    def __post_init__(self) -> None:
        _needs_a_reason(self.reason)


@dataclass(frozen=True, kw_only=True, slots=True)
class Signature:
    """The privacy officer's: a person id and an aware instant."""

    by: str
    at: datetime

    def __post_init__(self) -> None:
        if not self.by or self.at.tzinfo is None:
            raise ValueError("A signature has a person and a time with its zone.")


@dataclass(frozen=True, kw_only=True, slots=True)
class Answers:
    """What was answered so far; `ransomware` is asked first (None: nobody knows). What is absent was not asked yet and
    leads nowhere."""

    ransomware: bool | None
    secured: Secured | None = None
    exception: Exemption | None = None
    factors: Mapping[Factor, Rating] = field(default_factory=dict)
    signed: Signature | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """The outcome proposed, whether the law only presumes it, and why, a sentence each."""

    outcome: Outcome
    presumed: bool
    reasons: tuple[str, ...]


def phi_breach(answers: Answers) -> Decision:
    """The steps in the law's order: secured, exceptions, the four factors, else the presumption."""
    if answers.ransomware is not False:
        known = (
            "Ransomware reached the PHI" if answers.ransomware else "Nobody knows whether ransomware reached the PHI"
        )
        return _breach(f"{known}: a breach is presumed, encrypted at rest or not.")
    if answers.secured and answers.secured.answer:
        return _settled(Outcome.SECURED, f"The PHI was secured: {_clause(answers.secured.reason)}")
    before = _not_secured(answers.secured)
    if found := answers.exception:
        return _settled(Outcome.EXEMPT, before, f"Exception, {found.kind.value}: {_clause(found.reason)}")
    told = (before, "No exception is claimed.", *(_factor(one, answers.factors.get(one)) for one in Factor))
    lacking = [one for one in Factor if one not in answers.factors or answers.factors[one].level is not Level.LOW]
    if lacking:
        return _breach(*told, f"Not all four factors are low ({len(lacking)} are not): a breach is presumed.")
    if answers.signed is None:
        return _breach(*told, "All four factors are low, but the privacy officer has not signed: a breach is presumed.")
    return _settled(Outcome.LOW_PROBABILITY, *told, "All four factors are low, and the privacy officer has signed.")


def _settled(outcome: Outcome, *reasons: str) -> Decision:
    return Decision(outcome=outcome, presumed=False, reasons=reasons)


def _breach(*reasons: str) -> Decision:
    return Decision(outcome=Outcome.BREACH, presumed=True, reasons=reasons)


def _not_secured(secured: Secured | None) -> str:
    if secured is None:
        return "Nobody has said yet whether the PHI was secured: it counts as unsecured."
    if secured.answer is None:
        return f"It is unknown whether the PHI was secured, so it counts as unsecured: {_clause(secured.reason)}"
    return f"The PHI was not secured: {_clause(secured.reason)}"


def _factor(factor: Factor, rating: Rating | None) -> str:
    """`Whether it was actually acquired or viewed: low. The log shows no download.`"""
    name = factor.value[:1].upper() + factor.value[1:]
    if rating is None:
        return f"{name}: not judged yet, which counts as unknown."
    return f"{name}: {rating.level.value}. {_clause(rating.reason)}"


def _clause(reason: str) -> str:
    """A reason as it was written, ending in one full stop."""
    text = reason.strip()
    return text if text.endswith((".", "!", "?")) else f"{text}."
