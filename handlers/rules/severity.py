"""How severe is this breach: the ENISA 2013 method, `SE = DPC x EI + CB`, with its sum in words (SOP clause 8, assess).

Invariants: every number is an exact decimal, so a sum that lies on an edge (2, 3, 4) is in the upper band; what is not
in the method's tables is refused, and all of it at once; a suggestion is a design choice of ours (neither ENISA nor
the GDPR maps a score to a notification) and decides nothing: a named person does, with reasons.
ENISA, Recommendations for a methodology of the assessment of severity of personal data breaches, December 2013; the
values are the source's, the cells' words and the bands' meanings are shortened by us.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum

CONTEXTS = tuple(map(Decimal, (1, 2, 3, 4)))  # DPC, data processing context; rules/data_context.py says which
IDENTIFIABILITY = {Decimal("0.25"): "negligible", Decimal("0.5"): "limited", Decimal("0.75"): "significant"}
IDENTIFIABILITY[Decimal(1)] = "maximum"
SOME, FULL = Decimal("0.25"), Decimal("0.5")
STEPS = (Decimal(0), SOME, FULL)
CIRCUMSTANCES: Mapping[str, Mapping[Decimal, str]] = {
    "confidentiality": {SOME: "a known number of recipients", FULL: "an unknown number of recipients"},
    "integrity": {SOME: "altered, recoverable", FULL: "altered, not recoverable"},
    "availability": {SOME: "lost for a time", FULL: "lost for good"},
}
MANY = 100  # individuals beyond which the method raises a flag


class Band(Enum):
    """The four bands, as they are shown."""

    LOW = "Low"
    MEDIUM = "Medium"
    HIGH = "High"
    VERY_HIGH = "Very high"


class Flag(Enum):
    """What the method says beside the score, without changing it."""

    MANY = ">100 individuals"
    UNINTELLIGIBLE = "data unintelligible and key safe"


EDGES = ((Decimal(4), Band.VERY_HIGH), (Decimal(3), Band.HIGH), (Decimal(2), Band.MEDIUM))
MEANINGS = {
    Band.LOW: "minor inconvenience",
    Band.MEDIUM: "significant, and can be overcome",
    Band.HIGH: "serious difficulty",
    Band.VERY_HIGH: "perhaps irreversible",
}


class BadFacts(ValueError):
    """These are not facts of the method; `faults` has a line for each, beginning with its name."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """`dpc` 1-4; `ei` 0.25, 0.5, 0.75 or 1; each loss 0, 0.25 or 0.5; `malicious` counts 0.5. Built by `facts`."""

    dpc: Decimal
    ei: Decimal
    confidentiality: Decimal
    integrity: Decimal
    availability: Decimal
    malicious: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What stands in brackets behind a number ("health", "name", "one known recipient"); empty: the table's own."""

    dpc: str = ""
    ei: str = ""
    cb: str = ""


_OWN = Words()


@dataclass(frozen=True, kw_only=True, slots=True)
class Severity:
    """The score (0.25 to 6), its band, and the sum in words."""

    score: Decimal
    band: Band
    sentence: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Suggestion:
    """What software proposes: to tell the authority (GDPR Art. 33), to tell people (Art. 34), at once; never a
    decision. The legal test is risk and high risk to people, not a score."""

    authority: bool
    people: bool
    urgent: bool
    text: str


SUGGESTIONS = {
    Band.LOW: Suggestion(
        authority=False,
        people=False,
        urgent=False,
        text="Probably no risk: keep the register entry with the reason. Ask all the same: is there any risk?",
    ),
    Band.MEDIUM: Suggestion(authority=True, people=False, urgent=False, text="Notify the authority (Art. 33)."),
    Band.HIGH: Suggestion(
        authority=True, people=True, urgent=False, text="Notify the authority (Art. 33) and the people (Art. 34)."
    ),
    Band.VERY_HIGH: Suggestion(
        authority=True,
        people=True,
        urgent=True,
        text="Notify the authority (Art. 33) and the people (Art. 34), urgently.",
    ),
}


def facts(given: Mapping[str, object]) -> Facts:
    """The facts with these names, numbers as int or Decimal; `BadFacts` names every one that is missing, unknown or
    not in the method's tables. An adjustment in between does not exist: DPC moves in whole steps."""
    allowed = {"dpc": CONTEXTS, "ei": tuple(IDENTIFIABILITY), **dict.fromkeys(CIRCUMSTANCES, STEPS)}
    faults, taken = [], dict[str, Decimal]()
    for name, values in allowed.items():
        value = given.get(name)
        if name not in given:
            faults.append(f"{name}: is missing. Take one of {_one_of(values)}.")
        elif isinstance(value, bool) or not isinstance(value, int | Decimal) or value not in values:
            faults.append(f"{name}: is none of {_one_of(values)}.")
        else:
            taken[name] = Decimal(value)
    malicious = given.get("malicious")
    if not isinstance(malicious, bool):
        faults.append(f"malicious: is {'neither true nor false' if 'malicious' in given else 'missing'}.")
    known = {field.name for field in fields(Facts)}
    faults += [f"{name!r} is no fact of this method." for name in given if name not in known]
    if faults:
        raise BadFacts(faults)
    return Facts(malicious=malicious is True, **taken)


def severity(facts: Facts, words: Words = _OWN) -> Severity:
    """The score and its band, and the sum as the register keeps it: "DPC 4 (health) x EI 1 (name) + CB 0.25 (one known
    recipient) = 4.25 Very high"."""
    parts = _circumstances(facts)
    cb = sum((value for value, _words in parts), Decimal(0))
    score = facts.dpc * facts.ei + cb
    found = band(score)
    sentence = " ".join(
        (
            _term("DPC", facts.dpc, words.dpc),
            "x",
            _term("EI", facts.ei, words.ei or IDENTIFIABILITY[facts.ei]),
            "+",
            _term("CB", cb, words.cb or _joined(parts)),
            f"= {_score(score)} {found.value}",
        )
    )
    return Severity(score=score, band=found, sentence=sentence)


def band(score: Decimal) -> Band:
    """Below 2 Low, below 3 Medium, below 4 High, from 4 on Very high."""
    return next((found for edge, found in EDGES if score >= edge), Band.LOW)


def suggestion(band: Band) -> Suggestion:
    """What is proposed for a band; the DPO decides."""
    return SUGGESTIONS[band]


def flags(*, individuals: int | None, unintelligible: bool | None, key_safe: bool | None) -> tuple[Flag, ...]:
    """Beside the score, for whoever decides. What nobody knows yet counts as the worse: many people, and readable."""
    many = individuals is None or individuals > MANY
    unreadable = unintelligible is True and key_safe is True
    return (*((Flag.MANY,) if many else ()), *((Flag.UNINTELLIGIBLE,) if unreadable else ()))


def _circumstances(facts: Facts) -> list[tuple[Decimal, str]]:
    """What CB is made of: each loss above nothing, and intent."""
    losses = ((cells, getattr(facts, name)) for name, cells in CIRCUMSTANCES.items())
    found = [(value, cells[value]) for cells, value in losses if value]
    return [*found, (FULL, "malicious")] if facts.malicious else found


def _joined(parts: list[tuple[Decimal, str]]) -> str:
    """One circumstance by its words, several with their numbers."""
    if len(parts) == 1:
        return parts[0][1]
    return " + ".join(f"{_plain(value)} {words}" for value, words in parts)


def _term(name: str, value: Decimal, words: str) -> str:
    return f"{name} {_plain(value)}" + (f" ({words})" if words else "")


def _plain(value: Decimal) -> str:
    """`1`, `0.5`, `0.25`: no zeros behind."""
    return f"{value.normalize():f}"


def _score(value: Decimal) -> str:
    """A score keeps one place at least: `2.0`."""
    text = _plain(value)
    return text if "." in text else f"{text}.0"


def _one_of(values: tuple[Decimal, ...]) -> str:
    return ", ".join(map(_plain, values))
