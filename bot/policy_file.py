"""Reads the firm's policy file: checks it whole, reports every fault with its path, and makes plain values of it.

Invariants: a file with one fault gives no policy at all; the hash is that of the parsed content, so comments and the
order of keys do not change it. What may be absent: `[escalation.*]` (supervisor, department head, senior management, a
business day each; for a breach DPO and senior management, 15 minutes each), `[breach]` (DPO told within 1h), `[pings]`
(6 a day, in working hours), `[rollout]` (everybody), `[audit]` (checkpoints.txt, every 1m), `[notify]`, `[[clock]]`.
The rest must be there (policy_parts.py).
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from pathlib import Path
from typing import Any

from bot.environment import BadConfig
from bot.notify import Notify
from bot.policy_faults import checked
from bot.policy_parts import FilePart
from bot.statutes import clocks
from handlers.policy import Policy


@dataclass(frozen=True, kw_only=True)
class PolicyFile:
    """The checked file: what handlers know (`policy`), what only the house itself needs, and `body`, the canonical
    JSON that is stored under the policy's hash. A relative `checkpoint_file` is seen from the working directory."""

    policy: Policy
    body: str
    checkpoint_file: Path
    checkpoint_every: timedelta
    notify: Notify


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
        raw = _parsed(_text_of(path_or_text), str(path_or_text))
    else:
        raw = _parsed(path_or_text, "the policy file")
    found = checked(raw)
    if isinstance(found, list):
        raise BadConfig(found)
    return _made(found, _canonical(raw))


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadConfig([f"{path}: is not UTF-8 text."]) from None
    except FileNotFoundError:
        raise BadConfig([f"{path}: there is no such policy file. `sopwith init` writes one."]) from None
    except OSError as error:
        raise BadConfig([f"{path}: cannot be read: {error.strerror}."]) from None


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadConfig([f"{name}: is not valid TOML: {error}."]) from None


def _canonical(raw: Mapping[str, Any]) -> str:
    return json.dumps(raw, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_as_written)


def _as_written(value: object) -> str:
    if isinstance(value, (date, time)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} does not come out of TOML")


def _made(part: FilePart, body: str) -> PolicyFile:
    zone = part.firm.zone
    calendars = {name: one.calendar(name, zone) for name, one in part.calendars.items()}
    return PolicyFile(
        policy=Policy(
            hash=hashlib.sha256(body.encode()).hexdigest(),
            firm=part.firm.name,
            zone=zone,
            calendars=calendars,
            slas={name: one.sla(name, calendars, zone) for name, one in part.sla.items()},
            channels=part.channels.approved,
            ladders=part.escalation.ladders(),
            dpo_within=part.breach.dpo_within,
            emergency=part.breach.emergency.strip(),
            regimes=tuple(part.breach.regimes),
            on_call=tuple(one.turn() for one in part.breach.on_call),
            pings=part.pings.pings(),
            rollout=part.rollout.rollout(),
            undertaking=part.access.undertaking.strip(),
            mail=bool(part.notify.smtp),
            clocks=clocks(part.clock),
        ),
        body=body,
        checkpoint_file=Path(part.audit.checkpoint_file),
        checkpoint_every=part.audit.every,
        notify=part.notify.notify(),
    )
