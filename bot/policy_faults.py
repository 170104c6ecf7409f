"""Everything that is wrong with a policy file, at once, each as `path.in.the.file: sentence`.

Invariants: one fault never hides another: what only shows across keys (opening hours, ladders, names) is looked at even
where other keys are wrong. Positions in a list count from 0. A message quotes at most what stood in the policy file.
"""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.environment import BadConfig
from bot.notify import usual_sender
from bot.part_faults import meant, said
from bot.policy_parts import CalendarPart, FilePart, Part
from bot.policy_values import as_date
from bot.statutes import clocks, unknown_regimes
from bot.usual_ladders import LADDERS
from handlers.rules import hours

FIRST_RESPONSE = "first_response"


def checked(raw: Mapping[str, Any]) -> FilePart | list[str]:
    """The file's sections, or every fault in the order of the checks."""
    try:
        part, found = FilePart.model_validate(raw), list[str]()
    except ValidationError as error:
        part, found = None, [said(one, _keys(one)) for one in error.errors(include_url=False)]
    found += [*_calendar_faults(raw), *_sla_faults(raw), *_ladder_faults(raw), *_notify_faults(raw)]
    found += [*_clock_faults(raw), *_rota_faults(raw)]
    return part if part and not found else list(dict.fromkeys(found))


def _keys(fault: ErrorDetails) -> set[str]:
    """What might have been meant there: a section of the file, or any key below."""
    if len(fault["loc"]) == 1:
        return {*FilePart.model_fields}
    return {field.alias or key for part in Part.__subclasses__() for key, field in part.model_fields.items()}


def _sections(raw: Mapping[str, Any], name: str) -> dict[str, dict[str, Any]]:
    """The sections below a name, as far as they are sections."""
    found = raw.get(name)
    return {k: v for k, v in found.items() if isinstance(v, dict)} if isinstance(found, dict) else {}


def _calendar_faults(raw: Mapping[str, Any]) -> list[str]:
    """What only shows in the whole week. Keys that are wrong by themselves are left aside, the rest is checked."""
    if raw.get("calendars") == {}:
        return ["calendars: is empty. At least one calendar is needed."]
    found = []
    for name, section in _sections(raw, "calendars").items():
        part, wrong = _as_far_as_right(section)
        said = hours.faults(part.calendar(name, ZoneInfo("UTC")))
        if wrong & {"open", "half_days", "always_open"}:
            said = [one for one in said if "never be open" not in one]
        found += [f"calendars.{name}.{one}" for one in said]
    return found


def _as_far_as_right(section: dict[str, Any]) -> tuple[CalendarPart, set[str]]:
    """The calendar without its wrong days and keys, and the keys where something was wrong."""
    try:
        return CalendarPart.model_validate(section), set()
    except ValidationError as error:
        wrong = [one["loc"] for one in error.errors(include_url=False)]
    rest = {k: dict(v) if isinstance(v, dict) else v for k, v in section.items()}
    for key, *below in wrong:
        inner = rest.get(str(key))
        if below and isinstance(inner, dict):
            inner.pop(str(below[0]), None)
        else:
            rest.pop(str(key), None)
    return CalendarPart.model_validate(rest), {str(loc[0]) for loc in wrong}


def _sla_faults(raw: Mapping[str, Any]) -> list[str]:
    calendars = list(_sections(raw, "calendars"))
    found = []
    if isinstance(raw.get("sla"), dict) and FIRST_RESPONSE not in raw["sla"]:
        found.append(f"sla.{FIRST_RESPONSE}: is missing.")
    for name, section in _sections(raw, "sla").items():
        named = section.get("calendar")
        if isinstance(named, str) and named not in calendars:
            found.append(f"sla.{name}.calendar: there is no [calendars.{named}].{meant(named, calendars)}")
        elif named is None and len(calendars) > 1:
            found.append(f"sla.{name}.calendar: is missing. Take one of {', '.join(calendars)}.")
    return found


IN_THE_LINE = ("supervisor", "department_head")


def _ladder_faults(raw: Mapping[str, Any]) -> list[str]:
    found = []
    for name, section in _sections(raw, "escalation").items():
        rungs = section.get("rungs")
        if name in LADDERS and isinstance(rungs, list):
            found += [f"escalation.{name}.rungs{one}" for one in _rung_faults(rungs)]
            last = rungs[-1] if rungs else None
            if name == "complaint" and isinstance(last, dict) and last.get("to") in IN_THE_LINE:
                words = "The last must be a role outside the line, for a complaint may be about that very line."
                found.append(f"escalation.{name}.rungs.{len(rungs) - 1}.to: is {last['to']}. {words}")
    return found


def _rung_faults(rungs: list[Any]) -> list[str]:
    if not rungs:
        return [": is empty. A ladder needs at least one rung."]
    found, seen = [], set()
    for number, rung in enumerate(rungs):
        if not isinstance(rung, dict):
            continue
        to = rung.get("to")
        if isinstance(to, str) and to in seen:
            found.append(f".{number}.to: {to} is on this ladder twice.")
        seen.add(str(to))
        if number < len(rungs) - 1 and "acknowledge_within" not in rung:
            found.append(f".{number}.acknowledge_within: is missing. Every rung but the last needs a limit.")
    return found


def _notify_faults(raw: Mapping[str, Any]) -> list[str]:
    """What is of no use without a mail server, and a server whose name does not tell who should be the sender."""
    section = raw.get("notify")
    if not isinstance(section, dict):
        return []
    smtp = section.get("smtp")
    if smtp is None:
        useless = [key for key in ("sender", "ca_file", "fallback_after") if key in section]
        return [f"notify.{key}: needs notify.smtp, the mail server." for key in useless]
    known = not isinstance(smtp, str) or "://" not in smtp or usual_sender(smtp)
    if known or "sender" in section:
        return []
    return ["notify.sender: is missing. The server's name does not tell from which address mails should come."]


def _clock_faults(raw: Mapping[str, Any]) -> list[str]:
    """What is wrong with the firm's own clocks, and regimes of which there is no clock."""
    own = raw.get("clock", [])
    if not isinstance(own, list) or not all(isinstance(one, dict) for one in own):
        return []
    try:
        known = clocks(own)
    except BadConfig as bad:
        return list(bad.faults)
    breach = raw.get("breach")
    named = breach.get("regimes") if isinstance(breach, dict) else None
    return [f"breach.regimes.{n}: {one}" for n, one in unknown_regimes(known, named if isinstance(named, list) else [])]


def _rota_faults(raw: Mapping[str, Any]) -> list[str]:
    """A turn of nobody or of two at once, and one that ends before it begins."""
    breach = raw.get("breach")
    turns = breach.get("on_call") if isinstance(breach, dict) else None
    found = []
    for number, turn in enumerate(turns if isinstance(turns, list) else []):
        if not isinstance(turn, dict):
            continue
        path = f"breach.on_call.{number}"
        if "person" not in turn and "name" not in turn:
            found.append(f"{path}.person: is missing. Name somebody of the people file here, or anybody as name.")
        if "person" in turn and "name" in turn:
            found.append(f"{path}.name: stands beside person. Take one of the two.")
        first, last = as_date(turn.get("from")), as_date(turn.get("to"))
        if first and last and last < first:
            found.append(f"{path}.to: ends before it begins.")
    return found
