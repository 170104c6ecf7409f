"""The questions about a breach: which are asked, what stands in them, and what an answer means.

Invariants: a field bears the name of its fact; empty means "not known"; what cannot be read is said beside its field.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta

from handlers.interactions.checks import CLOCKS_DIFFER
from handlers.request import Ask
from handlers.rules.clock_facts import FLAGS, INSTANTS, Answer, Role
from handlers.rules.clock_terms import Clock
from handlers.rules.fact_values import (
    HOLD,
    INDIVIDUALS,
    REGIMES,
    RESIDENTS,
    RISK,
    ROLES,
    SECTOR,
    SECURED,
    laws,
    number,
    residents,
    residents_text,
    sectors,
    words,
)
from handlers.views import ChoiceField, Field, ManyField, Option, TextField, Value, WhenField
from handlers.words import _

GROUPS: Mapping[str, tuple[str, ...]] = {
    "times": (*INSTANTS, HOLD),
    "people": (INDIVIDUALS, RESIDENTS, ROLES),
    "data": (REGIMES, *FLAGS, SECURED, RISK, SECTOR),
}
TITLES = {"times": _("Times"), "people": _("People affected"), "data": _("Kind of data")}
LABELS = {
    "first_signal_at": _("First sign of it"),
    "aware_at": _("When was the firm reasonably certain?"),
    "discovered_at": _("When was it discovered, or could have been?"),
    "determined_at": _("When was it determined to be a breach?"),
    "classified_at": _("When was it classified as major?"),
    "believed_at": _("When were there grounds to believe it?"),
    "suspected_at": _("When was it suspected?"),
    "materiality_determined_at": _("When was it found to be material?"),
    HOLD: _("Law enforcement asks to wait until"),
    INDIVIDUALS: _("How many people?"),
    RESIDENTS: _("People by US state"),
    ROLES: _("What is the firm for these data?"),
    REGIMES: _("Which laws are looked at?"),
    "personal_data": _("Is personal data involved?"),
    "phi": _("Is protected health information involved?"),
    "major": _("Is the incident major?"),
    "significant": _("Is the incident significant?"),
    "sensitive": _("Is sensitive data involved?"),
    "listed_company": _("Is a listed company affected?"),
    "nydfs": _("Is the firm supervised by the New York DFS?"),
    SECURED: _("Was the data unreadable (encrypted, and the key safe)?"),
    RISK: _("Risk to people's rights and freedoms"),
    SECTOR: _("Sector of the firm"),
}
HINTS = {
    RESIDENTS: _("For example: CA 510, NY ?. Write US for people whose state is not known."),
    REGIMES: _("If none is chosen, the firm's usual ones."),
    HOLD: _("Only a written request of an authority; it moves only clocks whose law allows it."),
}
EARLIEST, FURTHEST = datetime(2000, 1, 1, tzinfo=UTC), timedelta(days=3653)
UNKNOWN = Answer.UNKNOWN.value
ANSWERS = {"yes": _("Yes"), "no": _("No"), UNKNOWN: _("Not known yet")}
RISKS = {"none": _("Unlikely"), "risk": _("A risk"), "high_risk": _("A high risk"), UNKNOWN: _("Not known yet")}
ROLE_WORDS = {
    Role.CONTROLLER.value: _("Controller (it decides what for)"),
    Role.PROCESSOR.value: _("Processor (it works for another)"),
    Role.COVERED_ENTITY.value: _("Covered entity (HIPAA)"),
    Role.BUSINESS_ASSOCIATE.value: _("Business associate (HIPAA)"),
}
_CHOICES = {RISK: RISKS, **dict.fromkeys((*FLAGS, SECURED), ANSWERS)}


def fields(
    group: str, asked: Collection[str], looked_at: Iterable[Clock], known: Iterable[Clock], values: Mapping[str, str]
) -> list[tuple[Field, Value]]:
    """Each question of the group that is asked, with what stands in it. `looked_at`: the clocks; `known`: all of the
    firm's, whose laws may be chosen."""
    options = _options(looked_at, known)
    return [_field(name, values.get(name, ""), options.get(name, {})) for name in GROUPS[group] if name in asked]


def _options(looked_at: Iterable[Clock], known: Iterable[Clock]) -> dict[str, Mapping[str, str]]:
    """What may be ticked, by question."""
    sector_words = {sector: sector.replace("_", " ") for sector in (*sectors(looked_at), "other")}
    return {REGIMES: laws(clock for clock in known if clock.enabled), ROLES: ROLE_WORDS, SECTOR: sector_words}


def _field(name: str, value: str, many: Mapping[str, str]) -> tuple[Field, Value]:
    label, hint = _(LABELS[name]), _(HINTS.get(name, ""))
    if name in {*INSTANTS, HOLD}:
        at = datetime.fromisoformat(value) if value else None
        return WhenField(name=name, label=label, hint=hint, optional=True), at
    if name in _CHOICES:
        options = tuple(Option(value=word, label=_(text)) for word, text in _CHOICES[name].items())
        return ChoiceField(name=name, label=label, options=options, hint=hint, optional=True), value or UNKNOWN
    if many:
        options = tuple(Option(value=word, label=_(text)) for word, text in many.items())
        return ManyField(name=name, label=label, options=options, hint=hint), words(value)
    return TextField(name=name, label=label, hint=hint, optional=True, max_length=1000), value


def read(group: str, known: Iterable[Clock], now: datetime, ask: Ask) -> tuple[dict[str, str], dict[str, str]]:
    """The words to keep of what was asked, and what is wrong, each by its name."""
    found, errors, known = dict[str, str](), dict[str, str](), tuple(known)
    for name in (one for one in GROUPS[group] if one in ask.values):
        try:
            found[name] = _read(name, known, now, ask)
        except ValueError as fault:
            errors[name] = str(fault)
    if group == "times" and "first_signal_at" in found and not found["first_signal_at"]:
        errors["first_signal_at"] = _("Without a first sign no clock can be reckoned. An estimate is enough.")
    return found, errors


def _read(name: str, known: tuple[Clock, ...], now: datetime, ask: Ask) -> str:
    if name in {*INSTANTS, HOLD}:
        at = ask.instant(name)
        if at and name != HOLD and at > now + CLOCKS_DIFFER:
            raise ValueError(_("This lies in the future. Leave it empty while it is not known."))
        if at and not EARLIEST <= at <= now + FURTHEST:
            raise ValueError(_("Please look at the year."))
        return at.isoformat() if at else ""
    if name in _CHOICES:
        word = ask.typed(name)
        return "" if word == UNKNOWN or word not in _CHOICES[name] else word
    if name in {REGIMES, ROLES, SECTOR}:
        if not set(ask.chosen(name)) <= {*_options(known, known)[name], "other"}:
            raise ValueError(_("One of these is not known any more. Please open the form again and choose."))
        return ",".join(sorted(ask.chosen(name)))
    if not ask.typed(name):
        return ""
    return str(number(ask.typed(name))) if name == INDIVIDUALS else residents_text(residents(ask.typed(name)))
