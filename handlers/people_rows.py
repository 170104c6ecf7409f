"""What is wrong with a people file: every cell by itself, then the rows against each other and against who is known.

Invariants: nothing is written here; a file is judged as the firm would stand after it, together with everybody who is
not in it; a line of supervision never leads back to where it began (else a ladder would end in a circle).
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from handlers.imports import text_faults, wrong_columns
from handlers.rules.cycles import cycles, upwards
from handlers.rules.sheet import Remark, Row, columns, is_email, repeated, several
from handlers.words import _, listing

NEEDED = ("email", "name", "roles")
REFERENCES = ("supervisor", "deputy", "department_head")
ACCOUNTS = ("slack_id", "teams_id")
PLAIN = ("name", "roles", "department", "calendar", "kind", "ends_on", *ACCOUNTS)
COLUMNS = (*NEEDED, "supervisor", "deputy", "department", "department_head", "calendar", "kind", "ends_on", *ACCOUNTS)
ROLES = ("staff", "supervisor", "dpo", "senior_management", "admin", "guardian", "records", "counsel", "auditor")
EMPLOYEE, OUTSIDERS = "employee", ("contractor", "third_party")
LONGEST = {"name": 200, "department": 200, "slack_id": 40, "teams_id": 40}


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A person as the people file says it; other people by their address, `ends_on` as an ISO date."""

    name: str = ""
    roles: frozenset[str] = frozenset()
    supervisor: str = ""
    deputy: str = ""
    department: str = ""
    department_head: str = ""
    calendar: str = ""
    kind: str = EMPLOYEE
    ends_on: str = ""
    slack_id: str = ""
    teams_id: str = ""


def key(row: Row) -> str:
    """The address that names the row; capitals do not count."""
    return row["email"].lower()


def merged(rows: Iterable[Row], before: Mapping[str, Listed]) -> dict[str, Listed]:
    """Everybody as they would stand after the import. Columns that the file does not have stay as they are."""
    after = dict(before)
    for row in rows:
        told = {column: _read(row, column) for column in COLUMNS[1:] if column in row}
        after[key(row)] = replace(before.get(key(row), Listed()), **told)
    return after


def _read(row: Row, column: str) -> Any:
    if column == "roles":
        return frozenset(several(row["roles"].lower()))
    if column == "kind":
        return row["kind"].lower() or EMPLOYEE
    return row[column].lower() if column in REFERENCES else row[column]


def changed(before: Listed, after: Listed) -> list[str]:
    """The columns that differ."""
    return [column for column in COLUMNS[1:] if getattr(before, column) != getattr(after, column)]


def errors(rows: list[Row], after: Mapping[str, Listed], calendars: Collection[str]) -> Iterator[Remark]:
    """Everything that keeps the file from being taken."""
    yield from wrong_columns(columns(rows), COLUMNS, NEEDED if rows else ())
    first = repeated({row.line: key(row) for row in rows})
    for row in rows:
        if row.line in first:
            words = _("This address stands in line {first} already. Keep one of the two.").format(first=first[row.line])
            yield Remark(line=row.line, column="email", problem=words)
        for column, words in (*_cell_faults(row, calendars), *_reference_faults(row, after)):
            yield Remark(line=row.line, column=column, problem=words)
    yield from _rings(rows, after)
    yield from _shared_accounts(rows, after)


def _cell_faults(row: Row, calendars: Collection[str]) -> Iterator[tuple[str, str]]:
    yield from text_faults(row.cells, LONGEST)
    if "email" in row and not is_email(key(row)):
        yield "email", _("This is not an e-mail address. Write it like ana@example.com.")
    if "name" in row and not row["name"]:
        yield "name", _("The name is missing.")
    if "roles" in row:
        yield from _role_faults(row)
    if row["calendar"] and row["calendar"] not in calendars:
        yield "calendar", _("The policy file has no such calendar. It has: {known}.").format(known=", ".join(calendars))
    if row["kind"] and row["kind"].lower() not in {EMPLOYEE, *OUTSIDERS}:
        yield "kind", _("Write employee, contractor or third_party.")
    if row["ends_on"] and not _is_day(row["ends_on"]):
        yield "ends_on", _("Write the last day as year-month-day, like 2026-12-31.")
    for column in ACCOUNTS:
        if not all(char.isascii() and (char.isalnum() or char in "-_.:") for char in row[column]):
            yield column, _("This is not an account id. “sopwith people suggest” lists them.")


def _role_faults(row: Row) -> Iterator[tuple[str, str]]:
    found = several(row["roles"].lower())
    unknown = sorted(set(found) - set(ROLES))
    if not found:
        yield "roles", _("At least one role is needed, out of {roles}.").format(roles=", ".join(ROLES))
    if unknown:
        words = _("Not a role: {unknown}. Known are {roles}; between several stands a semicolon.")
        yield "roles", words.format(unknown=listing(unknown), roles=", ".join(ROLES))


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text  # fromisoformat alone also reads weeks and bare digits
    except ValueError:
        return False


def _reference_faults(row: Row, after: Mapping[str, Listed]) -> Iterator[tuple[str, str]]:
    for column in REFERENCES:
        named = row[column].lower()
        if named and named not in after:
            words = _("{who} is neither in this file nor known. Add a row, or correct the address.")
            yield column, words.format(who=named)
        if named and named == key(row) and column == "supervisor":
            yield column, _("Nobody is their own supervisor. Leave it empty for the top of the firm.")
        if named and named == key(row) and column == "deputy":
            yield column, _("Nobody is their own deputy. Name somebody else, or leave it empty.")


def _rings(rows: Iterable[Row], after: Mapping[str, Listed]) -> Iterator[Remark]:
    above = {email: p.supervisor for email, p in after.items() if p.supervisor and p.supervisor != email}
    rings = {email: ring for ring in cycles(above) for email in ring}
    for row in rows:
        if ring := rings.get(key(row)):
            words = _("The line of supervision goes in a circle: {circle}. Change one of these.")
            circle = " → ".join(upwards(ring, key(row)))
            yield Remark(line=row.line, column="supervisor", problem=words.format(circle=circle))


def _shared_accounts(rows: Iterable[Row], after: Mapping[str, Listed]) -> Iterator[Remark]:
    for column in ACCOUNTS:
        holders: dict[str, list[str]] = {}
        for email, person in after.items():
            if email and (account := getattr(person, column)):
                holders.setdefault(account, []).append(email)
        for row in rows:
            others = [email for email in holders.get(row[column], ()) if email != key(row)]
            if others:
                words = _("{who} has the same account. An account belongs to one person.")
                yield Remark(line=row.line, column=column, problem=words.format(who=listing(others)))


def warnings(rows: Iterable[Row], after: Mapping[str, Listed], gone: Collection[str], today: date) -> Iterator[Remark]:
    """What is taken, and what it will mean. `gone`: addresses of those who left; a last day ends at midnight UTC."""

    def over(email: str) -> bool:
        return email in gone or (bool(after[email].ends_on) and after[email].ends_on < today.isoformat())

    for row in rows:
        person = after[key(row)]
        if person.kind in OUTSIDERS and not person.ends_on:
            words = _("Without a last day, a guest account of this person will not be admitted.")
            yield Remark(line=row.line, column="ends_on", problem=words)
        if over(key(row)):
            words = _("This person no longer works here by our record, and is not admitted.")
            yield Remark(line=row.line, column="ends_on", problem=words)
        for column in REFERENCES:
            named = getattr(person, column)
            if named and over(named):
                words = _("{who} no longer works here, so nobody answers in this place. Name somebody else.")
                yield Remark(line=row.line, column=column, problem=words.format(who=named))
