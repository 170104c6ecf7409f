"""The doctor's questions to the database: is it there, in order, and does everybody in it have somebody above?

Invariants: read-only, beside a running service; no key is needed and none is used; a database that cannot be read is a
finding, not a crash.
"""

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from bot.desk import asked
from bot.doctor_custody import custody
from bot.finding import Finding, error, ok, warning
from handlers.breaches import rota
from handlers.people_check import check_people
from handlers.policy import Policy
from handlers.request import Ask
from handlers.words import listing
from storage import migrate, people, watch
from storage.people import Person
from storage.store import Tx, reading_engine, sqlite_path

_PERSONAL = frozenset({"supervisor", "department_head"})
_MUST = frozenset({"dpo", "senior_management"})
_MOST = 10


def record(url: str, policy: Policy | None, now: datetime) -> Iterator[Finding]:
    """Everything about the database and the people in it."""
    path = sqlite_path(url)
    if path:
        yield _sqlite()
        if not path.exists():
            yield warning(
                "database", f"{path} is not there yet.", "`sopwith run` makes it, or `sopwith db upgrade` does."
            )
            return
        yield _mode(path)
    try:
        yield from _inside(url, policy, now)
    except Exception as fault:  # noqa: BLE001  the doctor goes on
        cure = "Is it Sopwith's, whole, and may this user read it? Else restore a backup."
        yield error("database", f"It cannot be read ({type(fault).__name__}).", cure)


def _sqlite() -> Finding:
    version = sqlite3.sqlite_version
    if not (3, 7, 0) <= sqlite3.sqlite_version_info <= (3, 51, 2):
        return ok("sqlite", f"SQLite {version}.")
    detail = (
        f"SQLite {version} can damage a database in rare cases when two connections write or checkpoint at once "
        "(fixed in 3.51.3). Sopwith writes and checkpoints through one connection only, which keeps it from happening."
    )
    return warning("sqlite", detail, "Let no other program open the database for writing; update SQLite when you can.")


def _mode(path: Path) -> Finding:
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return warning("files", f"{path} can be opened by others (mode {mode:04o}).", f"chmod 600 {path}*")
    return ok("files", f"{path} is only its owner's.")


def _inside(url: str, policy: Policy | None, now: datetime) -> Iterator[Finding]:
    engine = reading_engine(url)
    try:
        at, head = migrate.at(engine), migrate.head()
        if at != head:
            yield error(
                "migrations",
                f"The database is at {at or 'nothing'}, this version needs {head}.",
                "`sopwith db upgrade`",
            )
            return
        yield ok("migrations", f"The database is at {head}.")
        with engine.connect() as conn:
            zone = policy.zone if policy else UTC
            nothing_sealed, mail = cast(Any, None), bool(policy and policy.mail)
            tx = Tx(conn=conn, now=now, writable=False, _keyring=nothing_sealed, zone=zone, mail=mail)
            yield _guards(tx)
            yield from _rights(tx)
            yield from custody(tx)
            yield from _people(tx, policy)
    finally:
        engine.dispose()


def _guards(tx: Tx) -> Finding:
    if missing := watch.missing_guards(tx):
        cure = "Find out who removed it. `sopwith audit verify` tells what was changed; `sopwith db upgrade` renews it."
        return error("audit guards", f"Missing: {', '.join(missing)}.", cure)
    return ok("audit guards", "The audit log refuses changes.")


def _rights(tx: Tx) -> Iterator[Finding]:
    """What the service's role could do to the audit log: a trigger stops only those who cannot take it down."""
    if (rights := watch.rights_over_the_log(tx)) is None:
        return
    if rights:
        cure = "Let another role own the tables: SOPWITH_MIGRATION_URL, then `sopwith db upgrade` (docs/settings.md)."
        yield warning("roles", f"The service's role {listing(rights)} the audit log.", cure)
    else:
        yield ok("roles", "The service's role can read the audit log and add to it, no more.")


def _people(tx: Tx, policy: Policy | None) -> Iterator[Finding]:
    active = [person for person in people.everybody(tx) if person.active(tx.now)]
    if not active:
        yield warning(
            "people", "Nobody is in the people file.", "`sopwith people suggest`, complete it, `people import`."
        )
        return
    found: Any = check_people(tx, Ask(request=asked("people.check", {}), policy=cast(Any, policy))).data
    yield from _ladders(tx, policy, found)
    yield from _lost_files(found["owners_gone"])
    if policy:
        yield from _calendars(active, policy)
        yield from _rollout(active, policy, tx.now)
        yield from _rota(tx, policy)
    yield from _reach(found["unreachable"], found["mail_only"])


def _reach(nobody: list[str], by_mail: list[str]) -> Iterator[Finding]:
    """Whom no road reaches: their duties go to whoever stands in, at once."""
    cure = "Check e-mail and slack_id in the people file; they are linked when the service reads the directory."
    if nobody:
        yield warning("reach", f"Nothing reaches {_some(nobody)}; whoever stands in is told instead.", cure)
    if by_mail:
        yield warning("reach", f"By e-mail only: {_some(by_mail)}. They can be told, and cannot act in chat.", cure)
    if not nobody and not by_mail:
        yield ok("reach", "Everybody has a chat account.")


def _ladders(tx: Tx, policy: Policy | None, found: Any) -> Iterator[Finding]:
    """Whose late replies pass over the first rung, and rungs that nobody holds."""
    rungs = {rung.to for ladder in policy.ladders.values() for rung in ladder.rungs} if policy else set()
    vacant = {*found["vacant_roles"], *(role for role in rungs - _PERSONAL if not people.holders(tx, role))}
    for role in sorted(vacant):
        make = error if role in rungs | _MUST else warning
        yield make("ladders", f"Nobody has the role {role}.", "Give it to somebody in the people file.")
    if lost := [f"{one['email']} ({one['problem'].rstrip('.')})" for one in found["no_ladder"]]:
        cure = "Name a supervisor who works here in the people file; until then the next rung is told at once."
        yield warning("ladders", f"Nobody stands directly above {_some(lost)}.", cure)
    if ends := found["complaint_ends"]:
        cure = "Give senior_management, or whoever is last in [escalation.complaint], to one person more."
        yield warning("ladders", f"A complaint about {_some(ends)} would end in nobody.", cure)
    if not vacant and not lost and not ends:
        yield ok("ladders", "Everybody has somebody above.")


def _lost_files(gone: list[dict[str, str]]) -> Iterator[Finding]:
    if gone:
        said = _some([f"{one['ref']} ({one['owner']})" for one in gone])
        yield warning("clients", f"The owner has left: {said}.", "Name another owner in the client list and import it.")


def _calendars(active: list[Person], policy: Policy) -> Iterator[Finding]:
    lost = [person for person in active if person.calendar and person.calendar not in policy.calendars]
    if lost:
        cure = "Correct the calendar in the people file, or add it to the policy file; until then the firm's is used."
        yield warning(
            "calendars", f"Their calendar is not in the policy file: {_some([person.email for person in lost])}.", cure
        )


def _rollout(active: list[Person], policy: Policy, now: datetime) -> Iterator[Finding]:
    """A firm that starts with a few: who they are, and from when late replies go up."""
    if unknown := sorted(policy.rollout.people - {person.email for person in active}):
        cure = "Correct rollout.people, or import them with the people file."
        yield warning("rollout", f"Not in the people file: {_some(unknown)}.", cure)
    if policy.rollout.people:
        taking_part = sum(policy.takes_part(person) for person in active)
        yield ok("rollout", f"{taking_part} of {len(active)} people take part so far.")
    if later := policy.ladders_wait_until(now):
        yield ok("rollout", f"Late replies go to supervisors from {later.astimezone(policy.zone).date()} on.")


def _rota(tx: Tx, policy: Policy) -> Iterator[Finding]:
    """Whether somebody can be rung on each of the coming days."""
    found = rota.faults(tx, policy) if policy.on_call else {}
    cure = "Correct [[breach.on_call]]; a last entry without dates fills every gap."
    if found.get("gaps"):
        yield warning("on call", f"Nobody is on call for a breach: {listing(found['gaps'])}.", cure)
    if found.get("gone"):
        yield warning("on call", f"On the rota, but not at work here: {_some(found['gone'])}.", cure)
    if found and not any(found.values()):
        yield ok("on call", f"Somebody is on call for a breach on each of the next {rota.WARNED} days.")


def _some(words: list[str]) -> str:
    more = len(words) - _MOST
    return listing([*words[:_MOST], f"{more} more"] if more > 0 else words)
