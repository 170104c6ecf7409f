"""`sopwith doctor`: looks settings, files, database, people and chat over and says what to do; it changes nothing.

Invariants: it reports and never gives up: what is missing is a finding, and the other checks go on; no secret is shown.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

from bot import config
from bot.config import BadConfig
from bot.doctor_chat import chat
from bot.environment import is_loopback
from bot.finding import Finding, error, ok, warning
from bot.policy_file import PolicyFile, read
from handlers.policy import Policy

T = TypeVar("T")
_SOON = timedelta(days=30)
_KEYS = (
    "SOPWITH_MASTER_KEY",
    "SOPWITH_AUDIT_KEY",
    "SOPWITH_MASTER_KEY_OLD",
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_APP_TOKEN",
    "TEAMS_APP_PASSWORD",
    "TEAMS_APP_CERTIFICATE",
    "SOPWITH_SMTP_PASSWORD",
)


def examine(environ: Mapping[str, str], config_path: Path | None = None, now: datetime | None = None) -> list[Finding]:
    """Every finding, in the order in which a start needs things."""
    return list(_examine(environ, config_path, now or datetime.now(UTC)))


def _examine(environ: Mapping[str, str], config_path: Path | None, now: datetime) -> Iterator[Finding]:
    path = config.policy_path(environ, config_path)
    file, faults = _or_faults(lambda: read(path))
    yield from _settings("policy", faults, f"{path} is sound.")
    secrets, bad_secrets = _or_faults(lambda: config.secrets(environ))
    yield from _settings("keys", bad_secrets, "The outside key and the audit key can be used.")
    url, bad_url = _or_faults(lambda: config.database_url(environ))
    known = {*faults, *bad_secrets, *bad_url}
    _, all_faults = _or_faults(lambda: config.load(environ, config_path))
    yield from _settings(
        "settings", [*bad_url, *(f for f in all_faults if f not in known)], "Addresses and ports can be used."
    )
    yield from _address(environ)
    yield from _files(environ, path, file)
    if file:
        yield from _calendars(file.policy, now)
        yield from _emergency(file.policy)
    if url:
        from bot.doctor_record import record  # noqa: PLC0415  the database's own library

        yield from record(url, file.policy if file else None, now)
    if secrets:
        yield from chat(secrets, now)


def _or_faults(make: Callable[[], T]) -> tuple[T | None, tuple[str, ...]]:
    try:
        return make(), ()
    except BadConfig as bad:
        return None, bad.faults


def _settings(check: str, faults: tuple[str, ...] | list[str], well: str) -> Iterator[Finding]:
    for fault in faults:
        yield error(check, fault, "Correct it; `sopwith run` does not start before.")
    if not faults:
        yield ok(check, well)


def _address(environ: Mapping[str, str]) -> Iterator[Finding]:
    host = environ.get("SOPWITH_HOST", "").strip() or "127.0.0.1"
    if is_loopback(host):
        yield ok("address", f"The service listens on {host} only.")
    else:
        cure = "Put a proxy with TLS in front, and let nobody reach this port but the proxy."
        yield warning("address", f"The service listens on {host} and speaks plain HTTP.", cure)


def _files(environ: Mapping[str, str], policy: Path, file: PolicyFile | None) -> Iterator[Finding]:
    """Key files that others may read, a policy that others may change, a place for checkpoints that is not there."""
    paths = {name: Path(environ[f"{name}_FILE"]) for name in _KEYS if environ.get(f"{name}_FILE")}
    for name, path in paths.items():
        mode = _mode(path)
        if mode is not None and mode & 0o077:
            yield warning("files", f"{path} ({name}) can be read by others (mode {mode:04o}).", f"chmod 600 {path}")
        elif mode is not None:
            yield ok("files", f"{path} is only its owner's.")
    mode = _mode(policy)
    if mode is not None and mode & 0o022:
        yield warning("files", f"{policy} can be changed by others (mode {mode:04o}).", f"chmod 644 {policy}")
    if file:
        yield _checkpoints(file.checkpoint_file)


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode & 0o777
    except OSError:
        return None


def _checkpoints(path: Path) -> Finding:
    if not path.resolve().parent.is_dir():
        return error(
            "checkpoints", f"There is no folder {path.resolve().parent}.", "Make it, or set audit.checkpoint_file."
        )
    if not path.exists():
        cure = "Nothing to do before the first start; after it, look at the service's log."
        return warning("checkpoints", f"{path} has not been written yet.", cure)
    return ok("checkpoints", f"{path} is there. Keep copies of it away from the database.")


def _calendars(policy: Policy, now: datetime) -> Iterator[Finding]:
    for name, calendar in policy.calendars.items():
        try:
            opening = calendar.opening_at_or_after(now)
        except ValueError:
            opening = None
        if opening and opening <= now + _SOON:
            yield ok("calendars", f"{name} is open within the next 30 days.")
        else:
            cure = f"Look at calendars.{name}: open, closed, half_days and holidays."
            yield error("calendars", f"{name} has no open time in the next 30 days.", cure)


def _emergency(policy: Policy) -> Iterator[Finding]:
    if policy.emergency:
        yield ok("emergency", "Whom to ring in an emergency is set.")
    else:
        cure = "Set breach.emergency: it is shown when a breach is reported, above all when nothing else works."
        yield warning("emergency", "Nobody is named to ring in an emergency.", cure)
