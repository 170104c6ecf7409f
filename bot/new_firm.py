"""The first files of a firm: a commented policy file with its answers, and two new keys.

Invariants: nothing is ever overwritten; key files are made with mode 0600 and nobody sees the keys; the policy file
that is written is one that the check accepts.
"""

import base64
import json
import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

POLICY, MASTER, AUDIT = "sopwith.toml", "master.key", "audit.key"
READINGS = (  # reading, what it means, and when a message of Friday 16:00 is due at an office open Mon-Fri 09:00-17:00
    ("business_day", "24 hours by the clock, counted on business days only", "Monday 16:00"),
    ("working_hours", "24 hours of opening time, here three days of 8 hours", "Wednesday 16:00"),
    ("elapsed", "24 hours by the clock, nights and weekends too", "Saturday 16:00"),
)


@dataclass(frozen=True, kw_only=True)
class Answers:
    """What the firm says of itself; the defaults are what `--yes` takes. `hours` is a block for Monday to Friday."""

    firm: str = "Our firm"
    zone: str = "Europe/London"
    hours: str = "09:00-17:30"
    holidays: str = ""
    channels: tuple[str, ...] = ("Company email", "Company phone", "Client portal", "Meeting", "Letter")
    unencrypted: tuple[str, ...] = ()
    reading: str = "business_day"
    emergency: str = ""


class Occupied(Exception):
    """Files that would have to be overwritten."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)
        super().__init__(", ".join(map(str, self.paths)))


@dataclass(frozen=True, kw_only=True)
class Written:
    """The new files, and the audit log's public key as text."""

    policy: Path
    master_key: Path
    audit_key: Path
    public_key: str


def refuse_occupied(folder: Path, *names: str) -> None:
    """`Occupied` when one of the files is there already."""
    paths = [folder / name for name in names or (POLICY, MASTER, AUDIT)]
    if there := [path for path in paths if path.exists() or path.is_symlink()]:
        raise Occupied(there)


def write(folder: Path, answers: Answers, today: date) -> Written:
    """Make the three files. `BadConfig` when the answers give no sound policy, `Occupied` when a file is there, OSError
    when one cannot be made: then none is left behind."""
    from bot.checkpoints import origin  # noqa: PLC0415  the record's ciphers: only when they are needed
    from bot.policy_file import policy  # noqa: PLC0415
    from storage.checkpoint import public_key  # noqa: PLC0415

    refuse_occupied(folder)
    text = policy_text(answers, today)
    policy(text)  # what would be refused at the start is refused now
    master, audit = secrets.token_bytes(32), secrets.token_bytes(32)
    _make_all({folder / MASTER: _encoded(master), folder / AUDIT: _encoded(audit), folder / POLICY: text})
    return Written(
        policy=folder / POLICY,
        master_key=folder / MASTER,
        audit_key=folder / AUDIT,
        public_key=str(public_key(audit, origin(audit))),
    )


def keep_keys(folder: Path, master: bytes, audit: bytes) -> tuple[Path, Path]:
    """The two key files of a firm that has them already; `Occupied`, or OSError: then none is left behind."""
    refuse_occupied(folder, MASTER, AUDIT)
    paths = (folder / MASTER, folder / AUDIT)
    _make_all({paths[0]: _encoded(master), paths[1]: _encoded(audit)})
    return paths


def _encoded(key: bytes) -> str:
    return base64.b64encode(key).decode() + "\n"


def _make_all(texts: Mapping[Path, str]) -> None:
    """All of these files or none; everybody may read the policy, only the owner the others."""
    made: list[Path] = []
    try:
        for path, text in texts.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644 if path.name == POLICY else 0o600)
            made.append(path)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
    except OSError:
        for path in made:
            path.unlink(missing_ok=True)
        raise


def _quoted(text: str) -> str:
    """A TOML basic string, which is written as in JSON."""
    return json.dumps("".join(c for c in text if c.isprintable()), ensure_ascii=False)


def policy_text(answers: Answers, today: date) -> str:
    """The policy file, with a remark beside everything that a firm may want to change."""
    days = ", ".join(f"{day} = [{_quoted(answers.hours)}]" for day in ("mon", "tue", "wed", "thu", "fri"))
    channels = ", ".join(
        f"{_quoted(name)} = {'false' if name in answers.unencrypted else 'true'}" for name in answers.channels
    )
    holidays = f"holidays = {_quoted(answers.holidays)}" if answers.holidays else '# holidays = "GB-ENG"'
    emergency = (
        f"emergency = {_quoted(answers.emergency)}"
        if answers.emergency
        else '# emergency = "Ring +44 20 7946 0000 (DPO on call)"'
    )
    return _TEMPLATE.format(
        firm=_quoted(answers.firm),
        zone=_quoted(answers.zone),
        days=days,
        holidays=holidays,
        channels=channels,
        reading=_quoted(answers.reading),
        emergency=emergency,
        today=today.isoformat(),
    )


_TEMPLATE = """\
# The firm's SOP in numbers. It is checked whole before every start; `sopwith doctor` checks it too.
# Durations: "90s", "15m", "24h", "3 business hours", "1 business day", "30 days", "24 months", "6 years".
# No secrets here: they come from the environment.

[firm]
name = {firm}
zone = {zone}                    # days, months and years are counted in this zone

[calendars.main]                 # one per office; a person's calendar is named in the people file
zone = {zone}
open = {{ {days} }}
                                 # several blocks a day are allowed; "22:00-06:00" belongs to the day it starts
{holidays}             # a country or country-subdivision; leave it out to keep none
# closed = ["2026-12-24"]        # one-off closures
# half_days = {{ "2026-12-31" = ["09:00-12:30"] }}

[sla.first_response]             # clients are answered within ...
target = "24 business hours"
reading = {reading}         # how that is read, chosen on {today}: business_day, working_hours or elapsed
calendar = "main"
remind_at = [75]                 # per cent of the time, for those who have not answered yet

[channels]                       # official channels, each with: is it encrypted? Change what is not so.
approved = {{ {channels} }}

# Who is told when nobody answers. Roles: supervisor, department_head, dpo, senior_management, admin, guardian, records,
# counsel, auditor. The last rung repeats. [escalation.breach] and [escalation.complaint] have the same form.
[escalation.overdue]
rungs = [ {{ to = "supervisor", acknowledge_within = "1 business day" }}, \
{{ to = "department_head", acknowledge_within = "1 business day" }}, {{ to = "senior_management" }} ]
repeat = "1 business day"

[escalation.breach]
rungs = [ {{ to = "dpo", acknowledge_within = "15m" }}, {{ to = "senior_management", acknowledge_within = "15m" }} ]
repeat = "15m"

[breach]
dpo_within = "1h"                # the Data Protection Officer knows within
{emergency}
# regimes = ["eu.gdpr", "uk.gdpr"]   # statutory clocks the firm usually needs: docs/clocks.md
# [[breach.on_call]]             # who is rung: the first entry that has the day
# person = "dpo@example.com"     # of the people file; or name = "Night desk"
# phone = "+44 20 7946 0000"
# from = 2026-12-01              # both days belong to it; a last entry without dates fills the gaps
# to = 2026-12-07

[pings]
per_day = 6                      # for one person; beyond it only what cannot wait

[audit]
checkpoint_file = "checkpoints.txt"   # signed statements of the audit log: best kept on another disk
every = "1m"

# [notify]                       # e-mail when chat does not reach somebody; user name and password: the environment
# smtp = "smtps://mail.example.com"     # or smtp:// with STARTTLS; never in the clear
# sender = "sopwith@example.com"
# fallback_after = "5m"          # how long chat has before the mail goes; for urgent matters: before it is taken
# heartbeat_url = "https://watchdog.example.com/sopwith"   # called each minute while all is well
"""
