"""Does this clock apply? Its condition is data, a small closed structure, and is held against the facts.

Invariants: **what is not known counts as the worse answer, and the worse answer is that the clock starts.** Knowing
less never makes a clock disappear, with one meant exception: of two clocks that exclude each other by a number or a
sector, the harder one takes the place of the easier (`below`, `sector_known`). Every answer that decided says so in a
sentence; the software proposes, and a named person decides whether to notify.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from handlers.rules.clock_facts import ROLE_FAMILIES, Answer, Facts, Risk, Role

_RISKS = {Risk.RISK: 1, Risk.HIGH: 2, Risk.UNKNOWN: 2, Risk.NONE: 0}
_FLAG_WORDS = {
    "personal_data": "personal data are involved",
    "phi": "protected health information is involved",
    "major": "the incident is major",
    "significant": "the incident is significant",
    "sensitive": "sensitive data, or data of people the law protects more, are involved",
    "listed_company": "a listed company is affected",
    "nydfs": "the firm is covered by the Department of Financial Services",
}


class Of(Enum):
    """Whose number is counted, where it is not that of one named state."""

    INDIVIDUALS = "individuals"
    ANY_STATE = "any state"
    OTHER_STATES = "other states"


@dataclass(frozen=True, kw_only=True)
class Count:
    """A threshold, with one of three limits. `of`: everybody, a state ("US-CA"), the state of the United States with
    most of them, or those without an entry of their own (`others_than`)."""

    of: Of | str
    at_least: int | None = None
    more_than: int | None = None
    below: int | None = None
    others_than: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class When:
    """All parts must hold. `risk`: at least this; `yes`: none of these was answered "no"; `unsecured`: the data were
    not unreadable; `sector`: one of these, or not known; `sector_known`: one of these, and known; `not_sector`: known
    to be none of these, or not known; `any_of`: at least one of these conditions holds."""

    risk: Risk | None = None
    yes: tuple[str, ...] = ()
    unsecured: bool = False
    sector: tuple[str, ...] = ()
    sector_known: tuple[str, ...] = ()
    not_sector: tuple[str, ...] = ()
    counts: tuple[Count, ...] = ()
    any_of: tuple["When", ...] = ()


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """Whether a condition holds, and what was assumed for want of an answer, each a sentence."""

    holds: bool
    assumed: tuple[str, ...] = ()


def applies(clock: str, when: When, roles: tuple[Role, ...], facts: Facts) -> Verdict:
    """Whether the clock of this id applies; `roles` are those it is for, none for everybody."""
    return _all([_role(roles, facts), *_parts(clock, when, facts)])


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    found = list(verdicts)
    return Verdict(
        holds=all(one.holds for one in found),
        assumed=tuple(dict.fromkeys(sentence for one in found for sentence in one.assumed)),
    )


def _parts(clock: str, when: When, facts: Facts) -> list[Verdict]:
    found = [_flag(flag, facts) for flag in when.yes]
    if when.risk:
        found.append(_risk(when.risk, facts))
    if when.unsecured:
        found.append(_unsecured(facts))
    found.append(_sector(when, facts))
    found += [_count(clock, count, facts) for count in when.counts]
    if when.any_of:
        found.append(_any([_all(_parts(clock, one, facts)) for one in when.any_of]))
    return found


def _any(verdicts: list[Verdict]) -> Verdict:
    """The plainest of those that hold: what is known goes before what is assumed."""
    return min((one for one in verdicts if one.holds), key=lambda one: len(one.assumed), default=Verdict(holds=False))


def _role(roles: tuple[Role, ...], facts: Facts) -> Verdict:
    """A role is known when one of its own family was named: "controller" says nothing about HIPAA."""
    if not roles:
        return Verdict(holds=True)
    family = next(one for one in ROLE_FAMILIES if roles[0] in one)
    said = facts.roles & family
    if not said:
        words = " or ".join(role.value.replace("_", " ") for role in roles)
        return Verdict(holds=True, assumed=(f"The role is not known: counted as {words}.",))
    return Verdict(holds=bool(said & set(roles)))


def _flag(flag: str, facts: Facts) -> Verdict:
    answer = facts.answer(flag)
    assumed = f"It is not known whether {_FLAG_WORDS[flag]}: counted as yes."
    return Verdict(holds=answer is not Answer.NO, assumed=(assumed,) if answer is Answer.UNKNOWN else ())


def _risk(least: Risk, facts: Facts) -> Verdict:
    assumed = ("The risk is not known: counted as high.",) if facts.risk is Risk.UNKNOWN else ()
    return Verdict(holds=_RISKS[facts.risk] >= _RISKS[least], assumed=assumed)


def _unsecured(facts: Facts) -> Verdict:
    assumed = ("It is not known whether the data were unreadable (encrypted, key safe): counted as readable.",)
    return Verdict(holds=facts.secured is not True, assumed=assumed if facts.secured is None else ())


def _sector(when: When, facts: Facts) -> Verdict:
    if facts.sector is None:
        asked = bool(when.sector or when.not_sector)
        assumed = ("The sector is not known: counted as one this law is for.",) if asked else ()
        return Verdict(holds=not when.sector_known, assumed=assumed)
    fits = not when.sector or facts.sector & set(when.sector)
    known = not when.sector_known or facts.sector & set(when.sector_known)
    return Verdict(holds=bool(fits and known and not facts.sector & set(when.not_sector)))


def _count(clock: str, count: Count, facts: Facts) -> Verdict:
    number, most = _number(clock, count, facts)
    if number is not None:
        return Verdict(holds=_reaches(count, number))
    whose = "How many people are affected" if count.of is Of.INDIVIDUALS else f"How many live in {_place(count)}"
    limit = _limit(count)
    if count.below is not None or (most is not None and not _reaches(count, most)):
        return Verdict(holds=False)
    return Verdict(holds=True, assumed=(f"{whose} is not known: counted as {limit}.",))


def _number(clock: str, count: Count, facts: Facts) -> tuple[int | None, int | None]:
    """The number, and while it is not known how high it can be. A state that `residents` leaves out has none, unless
    its own law was named for this breach: then its number is not known yet. "US" alone is people whose state is not
    known: they may all live in any one."""
    everybody = facts.people()
    if count.of is Of.INDIVIDUALS:
        return everybody, None
    if facts.residents is None:
        return None, everybody
    states = _states(count, facts.residents)
    known = [number for number in states.values() if number is not None]
    highest, unplaced = max(known, default=0), facts.residents.get("US", 0)
    if highest and _reaches(count, highest):
        return highest, None
    if len(known) < len(states) or unplaced is None or (not states and _named(clock, count, facts)):
        return None, everybody
    return (None, highest + unplaced) if unplaced else (highest, None)


def _states(count: Count, residents: Mapping[str, int | None]) -> dict[str, int | None]:
    """The states whose numbers matter here."""
    if isinstance(count.of, str):
        return {count.of: residents[count.of]} if count.of in residents else {}
    left_out = count.others_than if count.of is Of.OTHER_STATES else ()
    return {place: n for place, n in residents.items() if place.startswith("US-") and place not in left_out}


def _named(clock: str, count: Count, facts: Facts) -> bool:
    return count.of is not Of.ANY_STATE and facts.names(clock)


def _reaches(count: Count, number: int) -> bool:
    if count.at_least is not None:
        return number >= count.at_least
    if count.more_than is not None:
        return number > count.more_than
    return number < (count.below or 0)


def _place(count: Count) -> str:
    if isinstance(count.of, str):
        return count.of
    return "one state of the United States" if count.of is Of.ANY_STATE else "other states of the United States"


def _limit(count: Count) -> str:
    return f"more than {count.more_than}" if count.more_than is not None else f"{count.at_least} or more"
