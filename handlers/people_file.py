"""The people file comes in: who works here, in which roles, under whom. All rows or none; a dry run shows what changes.

Invariants: people who are not in the file stay and are listed; a column that is not in the file changes nothing; an
account that the file gives up for another stops speaking for the person; the record has ids and our own words only.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from handlers.imports import Outcome, answer, is_dry
from handlers.need_to_know import grants
from handlers.people_rows import (
    OUTSIDERS,
    PLAIN,
    REFERENCES,
    Listed,
    changed,
    errors,
    key,
    merged,
    warnings,
)
from handlers.request import Ask
from handlers.router import desk
from handlers.rules.sheet import rows
from handlers.views import Data
from storage import audit, chat, people, settings
from storage.people import Person
from storage.store import Tx

ROLE = frozenset({"roles", "department", "kind"})  # a change of these ends grants: who still needs a file asks again


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The firm before and after, who is new, and the columns that change for those who are known. By address."""

    emails: list[str]
    before: Mapping[str, Listed]
    after: Mapping[str, Listed]

    @cached_property
    def added(self) -> list[str]:
        return [email for email in self.emails if email not in self.before]

    @cached_property
    def updated(self) -> dict[str, list[str]]:
        known = [email for email in self.emails if email in self.before]
        differences = {email: changed(self.before[email], self.after[email]) for email in known}
        return {email: columns for email, columns in differences.items() if columns}


@desk("people.import")
def import_people(tx: Tx, ask: Ask) -> Data:
    """The people file, row by row, each with its `line`; `dry_run` = yes shows the difference and writes nothing."""
    found, known = rows(ask.request.rows), {person.email: person for person in people.everybody(tx)}
    before = _listed(known)
    after = merged(found, before)
    wrong = list(errors(found, after, ask.policy.calendars))
    if wrong:
        return answer(ask, "email", Outcome(errors=wrong))
    plan = Plan(emails=[key(row) for row in found], before=before, after=after)
    if not is_dry(ask):
        _carry_out(tx, ask, plan, known)
    gone = {email for email, person in known.items() if person.left_at}
    outcome = Outcome(
        added=plan.added,
        updated=plan.updated,
        unchanged=len(found) - len(plan.added) - len(plan.updated),
        absent=sorted(set(before) - set(plan.emails) - gone),
        warnings=warnings(found, after, gone, tx.today),
    )
    return answer(ask, "email", outcome)


def _listed(known: Mapping[str, Person]) -> dict[str, Listed]:
    emails = {person.id: email for email, person in known.items()}

    def listed(person: Person) -> Listed:
        told: dict[str, Any] = {column: getattr(person, column) for column in PLAIN}
        told |= {column: emails.get(getattr(person, f"{column}_id"), "") for column in REFERENCES}
        return Listed(**told)

    return {email: listed(person) for email, person in known.items()}


def _carry_out(tx: Tx, ask: Ask, plan: Plan, known: Mapping[str, Person]) -> None:
    """New people first without their lines, because the one above may stand further down in the file."""
    ids = {email: person.id for email, person in known.items()}
    for email in plan.added:
        ids[email] = people.add(tx, email=email, **_values(plan.after[email], PLAIN, ids))
    for email in plan.added:
        people.change(tx, ids[email], **_values(plan.after[email], REFERENCES, ids))
    for email, columns in plan.updated.items():
        people.change(tx, ids[email], **_values(plan.after[email], columns, ids))
    for email, columns in plan.updated.items():
        if ROLE.intersection(columns):
            grants.end_all(tx, ids[email], who=ask.request.operator)
    _record(tx, ask, plan, ids)
    _link(tx, ask, plan, ids, "slack", "slack_id")
    _link(tx, ask, plan, ids, "teams", "teams_id", heard=True)


def _values(person: Listed, columns: Iterable[str], ids: Mapping[str, str]) -> dict[str, Any]:
    told = {column: getattr(person, column) for column in columns}
    return {f"{c}_id" if c in REFERENCES else c: ids.get(v) if c in REFERENCES else v for c, v in told.items()}


def _record(tx: Tx, ask: Ask, plan: Plan, ids: Mapping[str, str]) -> None:
    who = ask.request.operator
    for email in plan.added:
        audit.record(tx, "person.added", who=who, person=ids[email], roles=_roles(plan.after[email]))
    for email, columns in plan.updated.items():
        roles = {"roles": _roles(plan.after[email])} if "roles" in columns else {}
        audit.record(tx, "person.changed", who=who, person=ids[email], columns=";".join(columns), **roles)
    counts = {"rows": len(plan.emails), "added": len(plan.added), "updated": len(plan.updated)}
    audit.record(tx, "people.imported", who=who, **{word: str(count) for word, count in counts.items()})


def _roles(person: Listed) -> str:
    return ";".join(sorted(person.roles))


def _link(
    tx: Tx, ask: Ask, plan: Plan, ids: Mapping[str, str], platform: str, column: str, *, heard: bool = False
) -> None:
    """The accounts that the file names, once the workspace or tenant is known. An account that was given up is stopped
    first, because the same file may give it to somebody else. `heard`: nobody can be written to there before something
    was heard of them, so only accounts that are known are given."""
    workspace = settings.get(tx, f"{platform}.workspace")
    if not workspace:
        return
    now = {email: getattr(plan.after[email], column) for email in plan.emails}
    before = {email: getattr(plan.before.get(email, Listed()), column) for email in plan.emails}
    moved = {email for email in plan.emails if before[email] != now[email]}
    for email in moved:
        if before[email] and now[email]:
            _stop(tx, ask, f"{platform}:{workspace}/{before[email]}", ids[email])
    for email in plan.emails:
        name = f"{platform}:{workspace}/{now[email]}"
        if now[email] and (not heard or chat.account(tx, name)):
            _give(tx, ask, name, ids[email], plan.after[email], renewed=email in moved)


def _stop(tx: Tx, ask: Ask, name: str, person_id: str) -> None:
    known = chat.account(tx, name)
    if known and known.person_id == person_id and chat.link(tx, replace(known, active=False)):
        audit.record(tx, "account.stopped", who=ask.request.operator, account=name, person=person_id)


def _give(tx: Tx, ask: Ask, name: str, person_id: str, person: Listed, *, renewed: bool) -> None:
    """What the directory said of the account stays; until it speaks, a contractor's is taken for a guest's."""
    unseen = chat.Account(account=name, person_id="", guest=person.kind in OUTSIDERS, active=True, zone="")
    known = chat.account(tx, name) or unseen
    if known.person_id != person_id or renewed:
        known = replace(known, person_id=person_id, active=True)
    if chat.link(tx, known):
        audit.record(tx, "account.linked", who=ask.request.operator, account=name, person=person_id)
