"""What is known about a breach as it is kept, a word for each name, and what the clocks of a case ask for.

Invariants: an empty word is "not known"; a name is asked for only when a clock that is looked at depends on it; what
a person may type for states is read kindly, and refused with a sentence where it cannot be read.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import takewhile

from handlers.rules.clock_conditions import When
from handlers.rules.clock_facts import FIRST_SIGNAL, FLAGS, INSTANTS, Answer, Facts, Risk, Role
from handlers.rules.clock_terms import Clock
from handlers.rules.counting import Counting
from handlers.rules.local_time import utc

HOLD = "law_enforcement_hold_until"
REGIMES, ROLES, RISK, SECTOR = "regimes", "roles", "risk", "sector"
INDIVIDUALS, RESIDENTS, SECURED = "individuals", "residents", "secured"
_STATE = 2  # letters of a state's code
DIGITS = 9


def facts(values: Mapping[str, str], sent: Mapping[str, datetime]) -> Facts:
    """The facts of these words; `sent`: when the notice of each clock went out."""
    instants = {name: utc(datetime.fromisoformat(values[name])) for name in INSTANTS if values.get(name)}
    hold = values.get(HOLD)
    return Facts(
        instants=instants,
        answers={name: Answer(values[name]) for name in FLAGS if values.get(name)},
        regimes=words(values.get(REGIMES, "")),
        roles=frozenset(Role(one) for one in words(values.get(ROLES, ""))),
        risk=Risk(values.get(RISK) or Risk.UNKNOWN.value),
        individuals=int(values[INDIVIDUALS]) if values.get(INDIVIDUALS) else None,
        residents=residents(values[RESIDENTS]) if values.get(RESIDENTS) else None,
        secured={"yes": True, "no": False}.get(values.get(SECURED, "")),
        sector=frozenset(words(values[SECTOR])) if values.get(SECTOR) else None,
        notices_sent=sent,
        law_enforcement_hold_until=datetime.fromisoformat(hold) if hold else None,
    )


def words(text: str) -> tuple[str, ...]:
    """`a,b`: its parts."""
    return tuple(part for part in text.split(",") if part)


def number(text: str) -> int:
    """`1,200` or `1200` people; ValueError, in a sentence, for anything else."""
    plain = text.replace(",", "").replace(" ", "")
    if not plain.isdecimal() or len(plain) > DIGITS:
        raise ValueError("Please write a whole number, such as 120, or leave it empty while it is not known.")
    return int(plain)


def residents(text: str) -> dict[str, int | None]:
    """`CA 510, NY ?`: people by state, `?` for a number not known; `US` alone for people whose state is not known.
    ValueError, in a sentence, for what cannot be read."""
    found = dict[str, int | None]()
    for part in filter(None, (one.strip() for one in text.upper().replace(";", ",").split(","))):
        place, _space, count = part.partition(" ")
        code = place.removeprefix("US-")
        if not (code.isascii() and code.isalpha() and len(code) == _STATE):
            raise ValueError("Please write states and numbers like this: CA 510, NY 20.")
        key = "US" if code == "US" else f"US-{code}"
        if key in found:
            raise ValueError(f"{code} stands there twice. Please write each state once.")
        found[key] = None if count.strip() in {"", "?"} else number(count)
    return found


def residents_text(found: Mapping[str, int | None]) -> str:
    """The same, written one way."""
    parts = ((place.removeprefix("US-"), count) for place, count in sorted(found.items()))
    return ", ".join(f"{place} {'?' if count is None else count}" for place, count in parts)


def asked_by(clocks: Iterable[Clock]) -> frozenset[str]:
    """The names of all facts that can change whether these clocks run, or until when."""
    found = {FIRST_SIGNAL, REGIMES}
    for clock in clocks:
        found |= {*clock.start, *_asked(clock.when)}
        found |= {"aware_at"} if clock.counting is Counting.FORMULA else set()
        found |= {ROLES} if clock.role else set()
        found |= {HOLD} if clock.holds else set()
    return frozenset(found)


def _asked(when: When) -> set[str]:
    found = {*when.yes}
    found |= {RISK} if when.risk else set()
    found |= {SECURED} if when.unsecured else set()
    found |= {SECTOR} if when.sector or when.sector_known or when.not_sector else set()
    found |= {INDIVIDUALS, RESIDENTS} if when.counts else set()
    return found.union(*(_asked(one) for one in when.any_of))


def sectors(clocks: Iterable[Clock]) -> tuple[str, ...]:
    """Every sector that these clocks ask for."""
    return tuple(sorted({one for clock in clocks for one in _sectors(clock.when)}))


def _sectors(when: When) -> set[str]:
    return {*when.sector, *when.sector_known, *when.not_sector}.union(*(_sectors(one) for one in when.any_of))


def laws(clocks: Iterable[Clock]) -> dict[str, str]:
    """The laws by the beginning that their clocks' ids share ("eu.gdpr": "GDPR"), in the order of their names."""
    ids: dict[str, list[list[str]]] = {}
    for clock in clocks:
        ids.setdefault(clock.regime, []).append(clock.id.split("."))
    return {".".join(_shared(parts)): law for law, parts in sorted(ids.items()) if _shared(parts)}


def _shared(ids: list[list[str]]) -> list[str]:
    """What all begin with."""
    return [part[0] for part in takewhile(lambda part: len(set(part)) == 1, zip(*ids, strict=False))]
