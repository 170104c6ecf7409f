"""Somebody leaves: rights end now, what is open moves to whoever is above, and the duty survives (SOP 6.2, 7).

Invariants: nothing that is owed to a client is left with nobody; nothing moves to somebody behind a barrier; what the
leaver opened in the last thirty days is looked at by the Data Protection Officer; a preview writes nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers import escalations, notices
from handlers.imports import is_dry
from handlers.need_to_know import as_of, grants, owners
from handlers.request import Ask
from handlers.router import desk, notice, opens
from handlers.views import Button, Card, Data, Opens, Page, Reply, Text
from handlers.words import _
from storage import access, audit, chat, clients, deadlines, emergencies, people, timers
from storage import escalations as ladders
from storage.clients import Client
from storage.deadlines import Deadline
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

LAST_DAYS = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Moves:
    """What goes to whom: files and replies with their new person; ladders that climb again."""

    files: list[tuple[Client, Person]]
    duties: list[tuple[Deadline, Person]]
    ladders: list[str]
    stuck: list[str]  # numbers of files and references of replies for which nobody is left


@desk("people.end")
def end_person(tx: Tx, ask: Ask) -> Data:
    """`email`, `to` (an address; empty: the supervisor, else the head of department, else who keeps the records),
    `dry_run` = yes for the preview. Refused while something would be left with nobody."""
    person, chosen = people.by_email(tx, ask.typed("email")), people.by_email(tx, ask.typed("to"))
    if person is None or person.left_at:
        return _no(_("{who} is not in the people file, or has left already.").format(who=ask.typed("email")))
    if ask.typed("to") and (chosen is None or not chosen.active(tx.now) or chosen.id == person.id):
        return _no(_("{who} cannot take over. Name somebody else who works here.").format(who=ask.typed("to")))
    moves = _moves(tx, person, chosen)
    if moves.stuck:
        words = _("Nobody is there to take {what}. Name somebody with --to.")
        return _no(words.format(what=", ".join(moves.stuck)))
    if not is_dry(ask):
        _carry_out(tx, ask, person, moves)
    return Data(data={"person": person.email, "moves": list(_said(moves)), "done": not is_dry(ask)})


def _no(problem: str) -> Data:
    return Data(data={"problem": problem}, ok=False)


def _said(moves: Moves) -> Iterator[dict[str, str]]:
    yield from ({"what": "file", "ref": client.ref, "to": to.email} for client, to in moves.files)
    yield from ({"what": "reply", "ref": duty.interaction_id, "to": to.email} for duty, to in moves.duties)
    yield from ({"what": "case", "ref": subject, "to": ""} for subject in moves.ladders)


def _moves(tx: Tx, person: Person, chosen: Person | None) -> Moves:
    line = list(_line(tx, person, chosen))
    files, duties, stuck = [], [], list[str]()
    for client in clients.owned_by(tx, person.id):
        to = _taker(tx, line, client.id)
        files += [(client, to)] if to else []
        stuck += [] if to else [client.ref]
    for duty in deadlines.open_of_person(tx, person.id):
        to = _taker(tx, line, duty.client_id)
        duties += [(duty, to)] if to else []
        stuck += [] if to else [duty.interaction_id]
    return Moves(files=files, duties=duties, ladders=ladders.taken_by(tx, person.id), stuck=stuck)


def _line(tx: Tx, person: Person, chosen: Person | None) -> Iterator[Person]:
    above = [people.by_id(tx, id) for id in (person.supervisor_id, person.department_head_id) if id]
    for one in (chosen, *above, *people.holders(tx, "records"), *people.holders(tx, "senior_management")):
        if one and one.id != person.id and one.active(tx.now):
            yield one


def _taker(tx: Tx, line: list[Person], client_id: str | None) -> Person | None:
    return next((one for one in line if client_id is None or not access.barred(tx, client_id, one.id)), None)


def _carry_out(tx: Tx, ask: Ask, person: Person, moves: Moves) -> None:
    who = ask.request.operator
    for client, to in moves.files:
        owners.new_owner(tx, client, to, who=who)
    went_along = {client.id for client, _to in moves.files}
    for duty, to in moves.duties:
        if duty.client_id not in went_along:
            owners.hand_duty(tx, duty, to, who=who)
    close_everything(tx, person, who)
    people.change(tx, person.id, left_at=tx.now)
    for subject in moves.ladders:
        escalations.resume(tx, ask.policy, subject)
    audit.record(tx, "person.ended", who=who, person=person.id)
    for officer in people.holders(tx, "dpo"):
        notices.tell(tx, officer, key=f"{person.id}:left", kind="leaver.openings", subject=person.id)


def close_everything(tx: Tx, person: Person, who: str | None) -> None:
    """Every right and every account, now."""
    for record in access.of_person(tx, person.id):
        access.end(tx, record.client_id, person.id, record.basis)
        audit.record(tx, "access.ended", who=who, client=record.client_id, person=person.id, basis=record.basis)
        timers.cancel(tx, record.id, grants.ENDING)
    for held in emergencies.running(tx, person.id):
        emergencies.end(tx, held.id)
    for account in chat.accounts_of(tx, person.id):
        chat.link(tx, replace(account, active=False))
        audit.record(tx, "account.stopped", who=who, account=account.account, person=person.id)


@notice("leaver.openings")
def gone(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For the Data Protection Officer: somebody has left."""
    leaver = people.by_id(tx, sent.subject)
    if leaver is None:
        return None
    words = _(
        "{name} has left, or cannot come in any more. Please look at what was opened in the last 30 days, and see that "
        "the undertaking on leaving is signed: the duty of confidentiality does not end."
    )
    look = Button(label=_("What was opened"), act=Opens(name="leaver.openings", subject=leaver.id), primary=True)
    return Card(title=_("Somebody has left"), items=(Text(text=words.format(name=leaver.name)),), buttons=(look,))


@notice("account.gone")
def cannot_come_in(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For administrators: the chat says that somebody's account has ended."""
    gone_one = people.by_id(tx, sent.subject)
    if gone_one is None or gone_one.left_at or chat.accounts_of(tx, gone_one.id):
        return Card(title=_("Settled: a chat account"), items=()) if sent.message_id else None
    words = _(
        "The chat account of {name} was deactivated, so nothing is open to that person any more. If {name} has left, "
        "“sopwith people end {email}” moves what is open to whoever is above; with --dry-run it only shows it."
    )
    text = Text(text=words.format(name=gone_one.name, email=gone_one.email))
    return Card(title=_("Somebody cannot come in any more"), items=(text,))


@opens("leaver.openings", roles=as_of.AUDITORS, writes=True)
def openings(tx: Tx, ask: Ask) -> Reply:
    """What this person opened in the thirty days before leaving."""
    leaver = people.by_id(tx, ask.subject)
    if leaver is None:
        return Page(title=_("What was opened"), items=(Text(text=_("Nothing.")),))
    end = leaver.left_at or tx.now
    return as_of.openings(tx, ask, leaver, end - LAST_DAYS, end)
