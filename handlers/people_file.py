"""The people file comes in: who works here, in which roles, under whom; all rows or none, and what it would change first.

Invariants: people who are not in the file stay and are listed; a column that is not in the file changes nothing; an
account that the file no longer gives to somebody stops speaking for them; the record has ids and our own words only.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handlers.people_rows import ACCOUNTS, COLUMNS, PLAIN, REFERENCES, Listed, changed, errors, key, merged, warnings
from handlers.request import Ask
from handlers.router import desk
from handlers.rules.sheet import Remark, in_order, rows
from handlers.views import Data
from storage import audit, chat, people, settings
from storage.people import Person
from storage.store import Tx


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the file would do: new people, and the columns that change for known ones."""

    before: Mapping[str, Listed]
    after: Mapping[str, Listed]
    added: list[str] = field(default_factory=list)
    updated: dict[str, list[str]] = field(default_factory=dict)


@desk("people.import")
def import_people(tx: Tx, ask: Ask) -> Data:
    """The people file, row by row with `line`; `dry_run` = yes shows the difference and writes nothing."""
    found, known = rows(ask.request.rows), {p.email: p for p in people.everybody(tx)}
    before = _listed(known)
    after = merged(found, before)
    wrong = in_order(errors(found, after, ask.policy.calendars))
    if wrong:
        return Data(ok=False, data=_told(ask, errors=wrong))
    plan = _plan(list(dict.fromkeys(map(key, found))), before, after)
    if not _dry(ask):
        _carry_out(tx, ask, plan, known)
    gone = {email for email, person in known.items() if person.left_at}
    return Data(
        data=_told(
            ask,
            added=plan.added,
            updated=[{"email": email, "changed": columns} for email, columns in plan.updated.items()],
            unchanged=len(found) - len(plan.added) - len(plan.updated),
            absent=sorted(set(before) - set(map(key, found)) - gone),
            warnings=in_order(warnings(found, after, gone, tx.now.date())),
        )
    )


def _dry(ask: Ask) -> bool:
    return ask.typed("dry_run") == "yes"


def _told(
    ask: Ask,
    *,
    added: list[str] | None = None,
    updated: list[dict[str, object]] | None = None,
    unchanged: int = 0,
    absent: list[str] | None = None,
    warnings: list[Remark] | None = None,
    errors: list[Remark] | None = None,
) -> dict[str, object]:
    return {
        "dry_run": _dry(ask),
        "added": added or [],
        "updated": updated or [],
        "unchanged": unchanged,
        "absent": absent or [],
        "warnings": [_said(remark) for remark in warnings or []],
        "errors": [_said(remark) for remark in errors or []],
    }


def _said(remark: Remark) -> dict[str, object]:
    return {"line": remark.line, "column": remark.column, "problem": remark.problem}


def _listed(known: Mapping[str, Person]) -> dict[str, Listed]:
    email = {person.id: person.email for person in known.values()}
    return {
        person.email: Listed(
            **{column: getattr(person, column) for column in PLAIN},
            **{column: email.get(getattr(person, f"{column}_id") or "", "") for column in REFERENCES},
        )
        for person in known.values()
    }


def _plan(emails: list[str], before: Mapping[str, Listed], after: Mapping[str, Listed]) -> Plan:
    differences = {email: changed(before[email], after[email]) for email in emails if email in before}
    return Plan(
        before=before,
        after=after,
        added=[email for email in emails if email not in before],
        updated={email: columns for email, columns in differences.items() if columns},
    )


def _carry_out(tx: Tx, ask: Ask, plan: Plan, known: Mapping[str, Person]) -> None:
    """New people first and without their lines, because the one above may stand further down in the file."""
    ids = {email: person.id for email, person in known.items()}
    for email in plan.added:
        ids[email] = people.add(tx, email=email, **_values(plan.after[email], PLAIN, ids))
    for email in plan.added:
        people.change(tx, ids[email], **_values(plan.after[email], REFERENCES, ids))
    for email, columns in plan.updated.items():
        people.change(tx, ids[email], **_values(plan.after[email], columns, ids))
    _record(tx, ask, plan, ids)
    _link(tx, ask, plan, ids)


def _values(person: Listed, columns: list[str] | tuple[str, ...], ids: Mapping[str, str]) -> dict[str, Any]:
    return {
        f"{column}_id" if column in REFERENCES else column: ids.get(getattr(person, column))
        if column in REFERENCES
        else getattr(person, column)
        for column in columns
    }


def _record(tx: Tx, ask: Ask, plan: Plan, ids: Mapping[str, str]) -> None:
    who = ask.request.operator
    for email in plan.added:
        audit.record(tx, "person.added", who=who, person=ids[email], roles=_roles(plan.after[email]))
    for email, columns in plan.updated.items():
        roles = {"roles": _roles(plan.after[email])} if "roles" in columns else {}
        audit.record(tx, "person.changed", who=who, person=ids[email], columns=";".join(columns), **roles)
    counts = {"added": str(len(plan.added)), "updated": str(len(plan.updated))}
    audit.record(tx, "people.imported", who=who, **counts)


def _roles(person: Listed) -> str:
    return ";".join(sorted(person.roles))


def _link(tx: Tx, ask: Ask, plan: Plan, ids: Mapping[str, str]) -> None:
    """Slack accounts that the file names, once the workspace is known; what the directory said of them stays."""
    workspace = settings.get(tx, "slack.workspace")
    if not workspace:
        return
    for email in (*plan.added, *plan.updated):
        old, new = plan.before.get(email, Listed()).slack_id, plan.after[email].slack_id
        if old and new and old != new:
            _stop(tx, ask, f"slack:{workspace}/{old}", ids[email])
    for email, person in plan.after.items():
        if person.slack_id:
            _start(tx, ask, f"slack:{workspace}/{person.slack_id}", ids[email])


def _start(tx: Tx, ask: Ask, name: str, person_id: str) -> None:
    known = chat.account(tx, name)
    ...
