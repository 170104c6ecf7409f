"""The client list comes in: every file with its number, owner and team. All rows or none; a dry run shows what changes.

Invariants: a name is sealed in the file's own compartment and never told again; a new file has a codename that does not
follow from anything in the record; files that are not in the list stay; who may open a file changes by dated access
records, each on the audit log (SOP 6.1).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import Any

from handlers import access as files
from handlers import notices
from handlers.client_rows import PLAIN, Filed, changed, errors, key, merged
from handlers.imports import Outcome, answer, is_dry
from handlers.need_to_know import reviews
from handlers.request import Ask
from handlers.router import desk
from handlers.rules.codename import codename
from handlers.rules.sheet import Remark, Row, rows
from handlers.views import Data
from handlers.words import _
from storage import access, audit, clients, deadlines, people, timers
from storage.clients import Client
from storage.people import Person
from storage.store import Tx

MANY = 1000  # files whose names are looked up at once: a statement has at most 32,766 values


@dataclass(frozen=True, kw_only=True, repr=False)
class Plan:
    """The files before and after by number, and what is known of people and files. Names in clear: for this import."""

    refs: list[str]
    before: Mapping[str, Filed]
    after: Mapping[str, Filed]
    known: Mapping[str, Client]
    staff: Mapping[str, Person]
    standing: Mapping[str, Mapping[str, str]]  # who may open each known file of the list: person id -> basis
    held: list[str]  # files whose new owner must not know of them: they keep theirs

    @cached_property
    def added(self) -> list[str]:
        return [ref for ref in self.refs if ref not in self.before]

    @cached_property
    def updated(self) -> dict[str, list[str]]:
        known = [ref for ref in self.refs if ref in self.before]
        differences = {ref: changed(self.before[ref], self.after[ref]) for ref in known}
        return {ref: columns for ref, columns in differences.items() if columns}

    def losing(self, ref: str) -> list[str]:
        """Addresses of those who may no longer open the file."""
        return [email for email in self.before[ref].access if email not in self.after[ref].access]


@desk("clients.import")
def import_clients(tx: Tx, ask: Ask) -> Data:
    """The client list, row by row, each with its `line`; `dry_run` = yes shows the difference and writes nothing."""
    found = rows(ask.request.rows)
    plan = _plan(tx, found)
    here = {email: person.active(tx.now) for email, person in plan.staff.items()}
    wrong = list(errors(found, plan.after, here))
    if wrong:
        return answer(ask, "ref", Outcome(errors=wrong))
    warned = list(_warnings(tx, plan, found))
    if not is_dry(ask):
        _carry_out(tx, ask, plan)
    outcome = Outcome(
        added=plan.added,
        updated=plan.updated,
        unchanged=len(found) - len(plan.added) - len(plan.updated),
        absent=sorted(set(plan.before) - set(plan.refs)),
        warnings=warned,
    )
    return answer(ask, "ref", outcome)


def _plan(tx: Tx, found: list[Row]) -> Plan:
    """Names and teams are looked up for the files in the list only."""
    refs = [key(row) for row in found]
    known = {client.ref: client for client in clients.everything(tx)}
    staff = {person.email: person for person in people.everybody(tx)}
    listed = [known[ref] for ref in dict.fromkeys(refs) if ref in known]
    names: dict[str, str] = {}
    for start in range(0, len(listed), MANY):
        names |= files.current_names(tx, listed[start : start + MANY])
    standing = {client.ref: access.listed(tx, client.id) for client in listed}
    emails = {person.id: email for email, person in staff.items()}
    numbers = {client.id: ref for ref, client in known.items()}

    def filed(client: Client) -> Filed:
        team = {emails[id] for id, basis in standing.get(client.ref, {}).items() if basis == "team"}
        return Filed(
            name=names.get(client.id, ""),
            owner=emails[client.owner_id],
            team=frozenset(team),
            parent=numbers.get(client.parent_id or "", ""),
            regimes=client.regimes,
            retention_class=client.retention_class,
        )

    before = {ref: filed(client) for ref, client in known.items()}
    after = merged(found, before)
    held = [ref for ref in dict.fromkeys(refs) if ref in known and _is_barred(tx, known[ref], staff, after[ref].owner)]
    after |= {ref: _with_the_present_owner(before[ref], after[ref]) for ref in held}
    return Plan(refs=refs, before=before, after=after, known=known, staff=staff, standing=standing, held=held)


def _with_the_present_owner(before: Filed, after: Filed) -> Filed:
    """As if the list had not named another: whoever it named stays where that person was."""
    return replace(after, owner=before.owner, team=after.team | ({after.owner} & before.team))


def _is_barred(tx: Tx, client: Client, staff: Mapping[str, Person], owner: str) -> bool:
    """Whether the list would make somebody the owner who must not know of the file; whoever keeps it is not told."""
    return owner in staff and access.barred(tx, client.id, staff[owner].id)


def _warnings(tx: Tx, plan: Plan, found: list[Row]) -> Iterator[Remark]:
    """A clock goes on with whoever was to reply, even if the file is no longer open to them."""
    for row in found:
        losing = {plan.staff[email].id for email in plan.losing(key(row))} if key(row) in plan.before else set()
        running = deadlines.open_of_client(tx, plan.known[key(row)].id) if losing else []
        if any(deadline.responsible_id in losing for deadline in running):
            words = _("Whoever is to reply to this client can no longer open the file. Please reassign the reply.")
            yield Remark(line=row.line, column="team", problem=words, key=key(row))


def _carry_out(tx: Tx, ask: Ask, plan: Plan) -> None:
    """New files first without their parents, because a parent may stand further down in the list."""
    ids, taken = {ref: client.id for ref, client in plan.known.items()}, clients.codenames(tx)
    for ref in plan.added:
        ids[ref] = _add(tx, ask, plan, ref, taken)
    for ref in plan.added:
        clients.change(tx, ids[ref], parent_id=ids.get(plan.after[ref].parent))
    for ref, columns in plan.updated.items():
        _change(tx, ask, plan, ref, columns, ids)
    for ref in plan.refs:
        _let_in(tx, ask, plan, ref, ids[ref])
    for ref in plan.held:
        for guardian in people.holders(tx, "guardian"):
            key = f"{plan.known[ref].id}:owner-held:{tx.now.isoformat()}"
            notices.tell(tx, guardian, key=key, kind="barrier.owner", subject=plan.known[ref].id)
    counts = {"rows": len(plan.refs), "added": len(plan.added), "updated": len(plan.updated)}
    audit.record(tx, "clients.imported", who=ask.request.operator, **{word: str(n) for word, n in counts.items()})


def _add(tx: Tx, ask: Ask, plan: Plan, ref: str, taken: set[str]) -> str:
    """The codename is drawn from the ciphertext, the one secret random value here: nobody can reckon it from the id."""
    filed, id = plan.after[ref], clients.id_for_new()
    compartment_id, sealed = files.new_file(tx, id, filed.name)
    word = codename(sha256(b"codename|" + sealed).digest(), taken)
    taken.add(word)
    clients.add(
        tx,
        id=id,
        ref=ref,
        codename=word,
        compartment_id=compartment_id,
        name=sealed,
        owner_id=plan.staff[filed.owner].id,
        regimes=filed.regimes,
        retention_class=filed.retention_class,
        status="open",
    )
    timers.start(tx, reviews.OPEN, id, reviews.first(id, tx.now))
    audit.record(tx, "client.added", who=ask.request.operator, client=id, sealed=files.fingerprint(sealed))
    return id


def _change(tx: Tx, ask: Ask, plan: Plan, ref: str, columns: list[str], ids: Mapping[str, str]) -> None:
    client, filed = plan.known[ref], plan.after[ref]
    values: dict[str, Any] = {column: getattr(filed, column) for column in columns if column in PLAIN}
    if "owner" in columns:
        values["owner_id"] = plan.staff[filed.owner].id
    if "parent" in columns:
        values["parent_id"] = ids.get(filed.parent)
    if "name" in columns:
        values["name"] = files.renamed(tx, client, filed.name)
    if values:
        clients.change(tx, client.id, **values)
    sealed = {"sealed": files.fingerprint(values["name"])} if "name" in values else {}
    audit.record(tx, "client.changed", who=ask.request.operator, client=client.id, columns=";".join(columns), **sealed)


def _let_in(tx: Tx, ask: Ask, plan: Plan, ref: str, client_id: str) -> None:
    """End and give access records until they say what the list says."""
    who, standing = ask.request.operator, plan.standing.get(ref, {})
    wanted = {plan.staff[email].id: basis for email, basis in plan.after[ref].access.items()}
    for person_id, basis in standing.items():
        if wanted.get(person_id) != basis:
            access.end(tx, client_id, person_id, *access.LISTED)
            audit.record(tx, "access.ended", who=who, client=client_id, person=person_id, basis=basis)
    for person_id, basis in wanted.items():
        if standing.get(person_id) != basis:
            access.give(tx, client_id, person_id, basis)
            audit.record(tx, "access.given", who=who, client=client_id, person=person_id, basis=basis)
