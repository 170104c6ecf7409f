"""Reads FACTS.json, what is known about a breach, and makes the plain facts of it that the clocks are held against.

Invariants: every fault is reported, each with its key; a word that no clock knows is refused, because a typing mistake
must never make a clock disappear; an instant without its offset is refused, because it names none. A key that is absent
or null is "not known", and so is an empty list of regimes or roles.
"""

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationError

from bot.environment import BadConfig
from bot.pack_parts import place, word
from bot.part_faults import meant, said
from bot.policy_values import read_by
from bot.statutes import unknown_regimes
from handlers.rules.clock_conditions import When
from handlers.rules.clock_facts import FLAGS, INSTANTS, Answer, Facts, Risk, Role
from handlers.rules.clock_terms import Clock
from handlers.rules.local_time import utc

SECTORS = ("legal", "health_us", "app_entity_au", "other")  # no clock asks for these; they say "none of the others"


def instant(text: str) -> datetime:
    """An instant with its offset, in UTC; ValueError, in a sentence for the person who wrote it, for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f'{text!r} is not a date and time. Write it like "2026-11-20T14:20:00+01:00".') from None
    if found.tzinfo is None:
        raise ValueError(f'{text!r} has no zone. Write "Z" for UTC or an offset like "+01:00" at its end.')
    return utc(found)


def _several(value: object) -> frozenset[Role]:
    words = [value] if isinstance(value, str) else value
    if not isinstance(words, list) or not all(isinstance(one, str) for one in words):
        raise ValueError("must be a word in quotes, or a list of such words.")
    return frozenset(Role(word(one, tuple(role.value for role in Role), "role")) for one in words)


Instant = Annotated[datetime, read_by(instant)]
Flag = Annotated[Answer, read_by(lambda text: Answer(word(text, tuple(one.value for one in Answer), "answer")))]
RiskWord = Annotated[Risk, read_by(lambda text: Risk(word(text, tuple(one.value for one in Risk), "risk")))]
Number = Annotated[int, Field(ge=0)]
Place = Annotated[str, read_by(place)]


class FactsPart(BaseModel):
    """The whole file; absent is not known."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    first_signal_at: Instant | None = None
    aware_at: Instant | None = None
    discovered_at: Instant | None = None
    determined_at: Instant | None = None
    classified_at: Instant | None = None
    believed_at: Instant | None = None
    suspected_at: Instant | None = None
    materiality_determined_at: Instant | None = None
    regimes: list[str] = []
    role: Annotated[frozenset[Role], PlainValidator(_several)] = frozenset()
    risk: RiskWord = Risk.UNKNOWN
    individuals: Number | None = None
    residents: dict[Place, Number | None] | None = None
    secured: bool | None = None
    personal_data: Flag = Answer.UNKNOWN
    phi: Flag = Answer.UNKNOWN
    major: Flag = Answer.UNKNOWN
    significant: Flag = Answer.UNKNOWN
    sensitive: Flag = Answer.UNKNOWN
    listed_company: Flag = Answer.UNKNOWN
    nydfs: Flag = Answer.UNKNOWN
    sector: list[str] | None = None
    notices_sent: dict[str, Instant] = {}
    law_enforcement_hold_until: Instant | None = None

    def facts(self) -> Facts:
        """The plain value."""
        return Facts(
            instants={name: at for name in INSTANTS if (at := getattr(self, name))},
            answers={name: getattr(self, name) for name in FLAGS},
            regimes=tuple(self.regimes),
            roles=self.role,
            risk=self.risk,
            individuals=self.individuals,
            residents=self.residents,
            secured=self.secured,
            sector=None if self.sector is None else frozenset(self.sector),
            notices_sent=self.notices_sent,
            law_enforcement_hold_until=self.law_enforcement_hold_until,
        )


def read(text: str, known: Iterable[Clock]) -> Facts:
    """The facts, for these clocks; `BadConfig` with every fault."""
    known = tuple(known)
    raw = _object(text)
    faults: list[str] = []
    try:
        part = FactsPart.model_validate(raw)
    except ValidationError as error:
        part, faults = None, [said(one, FactsPart.model_fields) for one in error.errors(include_url=False)]
    faults += _word_faults(raw, known)
    if part and not faults and part.facts().earliest() is None:
        faults = ["first_signal_at: is missing, and no other instant is given, so no clock can start."]
    if part is None or faults:
        raise BadConfig(dict.fromkeys(faults))
    return part.facts()


def sectors(known: Iterable[Clock]) -> tuple[str, ...]:
    """Every sector a clock asks for, and those that mean none of them."""
    return tuple(sorted({*SECTORS, *(one for clock in known for one in _asked(clock.when))}))


def _asked(when: When) -> set[str]:
    return {*when.sector, *when.sector_known, *when.not_sector, *(one for part in when.any_of for one in _asked(part))}


def _object(text: str) -> dict[str, Any]:
    try:
        raw = json.loads(text, object_pairs_hook=_once)
    except ValueError as fault:
        raise BadConfig([f"the facts are not valid JSON: {fault}."]) from None
    except RecursionError:
        raise BadConfig(["the facts are nested too deeply."]) from None
    if not isinstance(raw, dict):
        raise BadConfig(['the facts must be one JSON object, like {"aware_at": "2026-11-20T14:20:00+01:00"}.'])
    return {key: value for key, value in raw.items() if value is not None or key not in FactsPart.model_fields}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _value in pairs]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise ValueError(f"{', '.join(twice)} stands there twice")
    return dict(pairs)


def _word_faults(raw: dict[str, Any], known: tuple[Clock, ...]) -> list[str]:
    """Words that only the packs can tell to be wrong: laws, sectors, clocks."""
    regimes, asked, sent = raw.get("regimes"), raw.get("sector"), raw.get("notices_sent")
    found = []
    if isinstance(regimes, list):
        found += [f"regimes.{n}: {fault}" for n, fault in unknown_regimes(known, regimes)]
    if isinstance(asked, list):
        words = sectors(known)
        wrong = [(n, one) for n, one in enumerate(asked) if isinstance(one, str) and one not in words]
        found += [f"sector.{n}: {one!r} is no sector. Take some of {', '.join(words)}." for n, one in wrong]
    if isinstance(sent, dict):
        ids = [clock.id for clock in known]
        found += [f"notices_sent.{one}: there is no such clock.{meant(one, ids)}" for one in sent if one not in ids]
    return found
