"""For the Data Protection Officer and auditors: who could see a file on a day, and what somebody opened.

Invariants: answered from dated records and the audit log, never from memory; by number and codename, without a client's
name; whoever is behind a barrier finds nothing, here as everywhere; asking is on record too.
"""

from dataclasses import replace
from datetime import datetime

from handlers.need_to_know import choices, emergency, grants
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import opens, submits
from handlers.screening import by_number
from handlers.views import Form, Heading, Invalid, Item, Page, Reply, SearchField, Text, WhenField
from handlers.words import _, when
from storage import access, audit, barriers, clients, emergencies, kept_from, people
from storage.people import Person
from storage.store import Tx

AUDITORS = "dpo auditor"
MOST = 50
OPENINGS = ("file.opened", "file.exported")


@opens("access.as-of", roles=AUDITORS)
def ask_file(tx: Tx, ask: Ask) -> Form:
    """Which file, and when."""
    return Form(
        name="access.as-of",
        title=_("Who could see a file?"),
        submit=_("Show"),
        fields=(choices.number_field(), WhenField(name="at", label=_("When"))),
        values={"at": tx.now},
    )


@submits("access.as-of", roles=AUDITORS)
def show_file(tx: Tx, ask: Ask) -> Reply:
    """Everybody for whom it would have opened at that instant, and why."""
    client, at = by_number(tx, ask.person, ask.typed("number")), ask.instant("at")
    if client is None or at is None:
        number = {} if client else {"number": _("No client file has this number. Please look at the client list.")}
        return Invalid(errors=number | ({} if at else {"at": _("Please choose a day and a time.")}))
    at = min(at, tx.now)
    audit.record(tx, "access.looked-up", who=ask.person.id, client=client.id, at=at.isoformat())
    return Page(title=_("Who could see a file?"), items=tuple(_standing(tx, ask, client.id, at)))


def _standing(tx: Tx, ask: Ask, client_id: str, at: datetime) -> list[Item]:
    client, standing, urgent = (
        clients.by_id(tx, client_id),
        access.people_of(tx, client_id, at),
        emergencies.on(tx, client_id, at),
    )
    givers = {record.given_by for record in standing.values() if record.given_by}
    names = people.names(tx, {*standing, *givers, *(held.person_id for held in urgent)})
    zone = zone_of(tx, ask.person, ask.policy)
    head = f"{client.codename} · {client.ref}" if client else ""
    items: list[Item] = [Text(text=f"{head}, {when(at, zone, tx.now)}", strong=True)]
    here = {person.id for person in people.everybody(tx) if _worked_here(person, at)}
    said = [grants.line(tx, ask, record, names) for id, record in standing.items() if id in here]
    words = _("{name} · emergency access: {code} · until {when}")
    said += [
        words.format(name=names[h.person_id], code=_(emergency.CODES[h.code]), when=when(h.ends_at, zone, tx.now))
        for h in urgent
        if h.person_id in here
    ]
    return [*items, *(Text(text=line) for line in sorted(said))] if said else [*items, Text(text=_("Nobody."))]


def _worked_here(person: Person, at: datetime) -> bool:
    """Had not left by then, and the last day was not over."""
    return (person.left_at is None or person.left_at > at) and replace(person, left_at=None).active(at)


@opens("access.openings", roles=AUDITORS)
def ask_person(tx: Tx, ask: Ask) -> Form:
    """Whose openings."""
    return Form(
        name="access.openings",
        title=_("What did somebody open?"),
        submit=_("Show"),
        fields=(
            SearchField(name="person", label=_("Who?"), search="people"),
            WhenField(name="from", label=_("From")),
            WhenField(name="until", label=_("Until")),
        ),
        values={"from": tx.now - emergency.SO_LONG, "until": tx.now},
    )


@submits("access.openings", roles=AUDITORS)
def show_openings(tx: Tx, ask: Ask) -> Reply:
    """Every opening and export in that time, newest first, with its purpose."""
    person, start, end = people.by_id(tx, ask.typed("person")), ask.instant("from"), ask.instant("until")
    if person is None or start is None or end is None:
        wrong = {name: _("Please choose a day and a time.") for name in ("from", "until") if ask.instant(name) is None}
        return Invalid(errors=wrong | ({} if person else {"person": _("Please choose a person.")}))
    return openings(tx, ask, person, start, end)


def openings(tx: Tx, ask: Ask, person: Person, start: datetime, end: datetime) -> Page:
    """The same for anybody who wants to show it; the asking is on record."""
    audit.record(tx, "openings.looked-up", who=ask.person.id, person=person.id)
    zone, behind = zone_of(tx, ask.person, ask.policy), barriers.clients_behind(tx, ask.person.id)
    kept = kept_from.by_person(tx, ask.person.id)
    items: list[Item] = [Heading(text=person.name)]
    found = [
        entry.words
        for entry in audit.of_person(tx, person.id, OPENINGS, start, end, MOST + 1)
        if entry.words["client"] not in behind and entry.words.get("matter") not in kept
    ]
    for words in found[:MOST]:
        client = clients.by_id(tx, words["client"])
        file = f"{client.codename} · {client.ref}" if client else words["client"]
        at = when(datetime.fromisoformat(words["at"]), zone, tx.now)
        said = [at, file, words.get("purpose", words["what"])] + ([_("emergency access")] if "by" in words else [])
        items.append(Text(text=" · ".join(said)))
    if len(found) > MOST:
        items.append(Text(text=_("There are more. Choose a shorter time."), quiet=True))
    return Page(title=_("What did somebody open?"), items=tuple(items) if found else (*items, Text(text=_("Nothing."))))
