"""Reads the firm's policy file: checks it whole, reports every fault at once with its path, and makes plain values of it.

Invariants: a file with one fault gives no policy at all; faults name keys and quote what stood there, so a secret has no
place in this file; the hash is that of the parsed content, so comments and the order of keys do not change it.
What may be absent: `[escalation.*]` (as in the example: supervisor, department head, senior management, a business day
each; for a breach DPO, then senior management, 15 minutes each), `[breach]` (DPO told within 1h), `[pings]` (6 a day),
`[audit]` (checkpoints.txt, every 1m), `[notify]`. `[firm]`, `[calendars.*]`, `[sla.first_response]` and `[channels]` must
be there: no software should decide on them in a firm's place.
"""

import hashlib
import json
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.policy_models import WEEKDAYS, CalendarPart, FilePart, LadderPart, Part, SlaPart
from bot.public_holidays import holiday_dates
from handlers.policy import Policy
from handlers.rules import hours
from handlers.rules.due_at import Sla
from handlers.rules.hours import Calendar, no_holidays
from handlers.rules.next_rung import Ladder, Rung
from handlers.rules.spans import span

FIRST_RESPONSE = "first_response"
_A_DAY, _QUARTER = span("1 business day"), span("15m")
_LINE = Ladder(
    rungs=(
        Rung(to="supervisor", acknowledge_within=_A_DAY),
        Rung(to="department_head", acknowledge_within=_A_DAY),
        Rung(to="senior_management"),
    ),
    repeat=_A_DAY,
)
_URGENT = Ladder(
    rungs=(
        Rung(to="dpo", acknowledge_within=_QUARTER),
        Rung(to="senior_management", acknowledge_within=_QUARTER),
    ),
    repeat=_QUARTER,
)
LADDERS = {"overdue": _LINE, "breach": _URGENT, "complaint": _LINE}
_SAID = {
    "missing": "is missing.",
    "string_type": "must be a text in quotes.",
    "int_type": "must be a whole number.",
    "bool_type": "must be true or false.",
    "list_type": "must be a list in square brackets.",
    "dict_type": "must be a section with keys of its own.",
    "model_type": "must be a section with keys of its own.",
}


class BadConfig(Exception):
    """The settings cannot be used: `faults` has every reason, each with its path or variable; no secret among them."""

    def __init__(self, faults: Iterable[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True, kw_only=True)
class PolicyFile:
    """The checked file: what handlers know of it (`policy`), what only the house itself needs, and `body`, the canonical
    JSON that is stored with its hash."""

    policy: Policy
    body: str
    checkpoint_file: Path
    checkpoint_every: timedelta
    smtp: str = field(default="", repr=False)


def policy(path_or_text: Path | str) -> Policy:
    """The firm's policy from a file (Path) or its text (str); `BadConfig` with all faults when anything is wrong."""
    return read(path_or_text).policy


def canonical(policy_text: str) -> str:
    """The parsed file as JSON in its one spelling (keys sorted, no spaces), for storing and comparing; `BadConfig` when
    it is not TOML."""
    return _canonical(_parsed(policy_text, "the policy file"))


def read(path_or_text: Path | str) -> PolicyFile:
    """As `policy`, with what only the house itself needs."""
    if isinstance(path_or_text, Path):
        raw = _parsed(_text_of(path_or_text), path_or_text.name)
    else:
        raw = _parsed(path_or_text, "the policy file")
    try:
        checked, faults = FilePart.model_validate(raw), []
    except ValidationError as error:
        checked, faults = None, [_said(one) for one in error.errors(include_url=False)]
    faults += [*_calendar_faults(raw), *_sla_faults(raw), *_ladder_faults(raw)]
    if checked is None or faults:
        raise BadConfig(dict.fromkeys(faults))
    return _made(checked, _canonical(raw))


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadConfig([f"{path.name}: is not UTF-8 text."]) from None
    except FileNotFoundError:
        raise BadConfig([f"{path}: there is no such policy file. `sopwith init` writes one."]) from None
    except OSError as error:
        raise BadConfig([f"{path}: cannot be read: {error.strerror}."]) from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig([f"{name}: is not valid TOML: {error}"]) from None


def _canonical(raw: Mapping[str, Any]) -> str:
    return json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_as_written)


def _as_written(value: object) -> str:
    if isinstance(value, (date, time)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not come out of TOML")


# --- what is wrong -------------------------------------------------------------------------------------------------


def _said(error: ErrorDetails) -> str:
    path = ".".join(str(step) for step in error["loc"] if step != "[key]")
    if error["type"] == "extra_forbidden":
        return f"{path}: unknown key.{_meant(str(error['loc'][-1]))}"
    if error["type"] == "value_error":
        return f"{path}: {error['ctx']['error']}"
    return f"{path}: {_SAID.get(error['type'], error['msg'].replace('Input should', 'must') + '.')}"


def _meant(key: str) -> str:
    near = get_close_matches(key, _keys(FilePart), n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _keys(part: type[Part]) -> set[str]:
    """Every key anywhere in the file."""
    parts = [part, *Part.__subclasses__()]
    return {key for one in parts for key in one.model_fields}


def _section(raw: Mapping[str, Any], name: str) -> dict[str, dict[str, Any]]:
    """The sections below a name, as far as they are sections: faults of shape are reported elsewhere."""
    found = raw.get(name)
    return {k: v for k, v in found.items() if isinstance(v, dict)} if isinstance(found, dict) else {}


def _calendar_faults(raw: Mapping[str, Any]) -> list[str]:
    """Faults that only show in the whole week. Keys that are wrong by themselves are left aside, the rest is checked."""
    found = []
    for name, section in _section(raw, "calendars").items():
        part, wrong = _as_far_as_right(section)
        said = hours.faults(_calendar(name, part, ZoneInfo("UTC"))) if part else []
        if wrong & {"open", "half_days", "always_open"}:
            said = [one for one in said if "never be open" not in one]
        found += [f"calendars.{name}.{one}" for one in said]
    return found if _section(raw, "calendars") or raw.get("calendars") != {} else ["calendars: is empty."]


def _as_far_as_right(section: Mapping[str, Any]) -> tuple[CalendarPart | None, set[str]]:
    try:
        return CalendarPart.model_validate(section), set()
    except ValidationError as error:
        wrong = {str(one["loc"][0]) for one in error.errors(include_url=False) if one["loc"]}
    return CalendarPart.model_validate({k: v for k, v in section.items() if k not in wrong}), wrong


def _sla_faults(raw: Mapping[str, Any]) -> list[str]:
    calendars = list(_section(raw, "calendars"))
    slas = _section(raw, "sla")
    found = []
    if isinstance(raw.get("sla"), dict) and FIRST_RESPONSE not in raw["sla"]:
        found.append(f"sla.{FIRST_RESPONSE}: is missing.")
    for name, section in slas.items():
        named = section.get("calendar")
        if isinstance(named, str) and named not in calendars:
            found.append(f"sla.{name}.calendar: there is no [calendars.{named}].{_meant_among(named, calendars)}")
        elif named is None and len(calendars) > 1:
            found.append(f"sla.{name}.calendar: is missing. Take one of {', '.join(calendars)}.")
    return found


def _meant_among(word: str, known: list[str]) -> str:
    near = get_close_matches(word, known, n=1)
    return f" Did you mean {near[0]}?" if near else ""


def _ladder_faults(raw: Mapping[str, Any]) -> list[str]:
    found = []
    for name, section in _section(raw, "escalation").items():
        rungs = section.get("rungs")
        if name in LADDERS and isinstance(rungs, list):
            found += [f"escalation.{name}.rungs{one}" for one in _rung_faults(rungs)]
    return found


def _rung_faults(rungs: list[Any]) -> list[str]:
    """Paths count from 0, as everywhere in this report."""
    if not rungs:
        return [": a ladder needs at least one rung."]
    found, seen = [], set()
    for number, rung in enumerate(rungs):
        to = rung.get("to") if isinstance(rung, dict) else None
        if isinstance(to, str) and to in seen:
            found.append(f".{number}.to: {to} is on this ladder twice.")
        seen.add(str(to))
        if isinstance(rung, dict) and number < len(rungs) - 1 and "acknowledge_within" not in rung:
            found.append(f".{number}.acknowledge_within: is missing. Every rung but the last needs a limit.")
    return found


# --- what is made of it --------------------------------------------------------------------------------------------


def _made(checked: FilePart, body: str) -> PolicyFile:
    zone = checked.firm.zone
    calendars = {name: _calendar(name, part, zone) for name, part in checked.calendars.items()}
    ladders = {name: _ladder(getattr(checked.escalation, name), default) for name, default in LADDERS.items()}
    made = Policy(
        hash=hashlib.sha256(body.encode()).hexdigest(),
        firm=checked.firm.name,
        zone=zone,
        calendars=calendars,
        slas={name: _sla(name, part, calendars, zone) for name, part in checked.sla.items()},
        channels=checked.channels.approved,
        ladders=ladders,
        dpo_within=checked.breach.dpo_within,
        emergency=checked.breach.emergency,
        regimes=tuple(checked.breach.regimes),
        pings_per_day=checked.pings.per_day,
    )
    return PolicyFile(
        policy=made,
        body=body,
        checkpoint_file=Path(checked.audit.checkpoint_file),
        checkpoint_every=checked.audit.every,
        smtp=checked.notify.smtp,
    )


def _calendar(name: str, part: CalendarPart, firm_zone: ZoneInfo) -> Calendar:
    return Calendar(
        name=name,
        zone=part.zone or firm_zone,
        open={WEEKDAYS.index(day): tuple(blocks) for day, blocks in part.open.items()},
        holidays=holiday_dates(part.holidays) if part.holidays else no_holidays,
        closed=frozenset(part.closed),
        half_days={day: tuple(blocks) for day, blocks in part.half_days.items()},
        always_open=part.always_open,
    )


def _sla(name: str, part: SlaPart, calendars: Mapping[str, Calendar], zone: ZoneInfo) -> Sla:
    return Sla(
        name=name,
        target=part.target,
        reading=part.reading,
        calendar=calendars[part.calendar] if part.calendar else next(iter(calendars.values())),
        remind_at=tuple(part.remind_at),
        zone=zone,
    )


def _ladder(part: LadderPart, default: Ladder) -> Ladder:
    rungs = [Rung(to=rung.to, acknowledge_within=rung.acknowledge_within) for rung in part.rungs or ()]
    return Ladder(rungs=tuple(rungs) or default.rungs, repeat=part.repeat or default.repeat)
