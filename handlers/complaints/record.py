"""Putting a complaint or a concern on record: sealed, its ladder begun, its clocks running, in one transaction
(SOP 5.1, 5.5).

Invariants: whom it is about is never told, named in no log, and passed over by the ladder; whoever records it is
thanked with a reference and reads no more of it than anybody else.
"""

from handlers import access as files
from handlers import escalations
from handlers.breaches.report import begin as report_breach
from handlers.complaints import clocks
from handlers.complaints.choices import HERE, KINDS, LENGTH, SEVERITIES
from handlers.complaints.compartment import Told, seal
from handlers.complaints.form import build, entry_of
from handlers.interactions.checks import CLOCKS_DIFFER, refusals, seen_in
from handlers.interactions.choices import UNLISTED
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import submits
from handlers.rules.leak_words import speaks_of_a_breach
from handlers.views import Invalid, Reply, Say, Text
from handlers.words import _, when
from storage import audit, clients, complaints, kept_from, people
from storage.complaints import Complaint
from storage.people import Person
from storage.store import Tx

OWN = "own"  # the scheme without a law of its own


@submits("complaint")
def record(tx: Tx, ask: Ask) -> Reply:
    """Look at every field, seal it, tell the first on the ladder; a word of a breach is asked about once."""
    errors, why = _faults(tx, ask)
    if errors:
        return Invalid(errors=errors, why=why)
    if speaks_of_a_breach(ask.typed("what")) and ask.typed("breach") not in HERE:
        return build(tx, ask, {**ask.values, "breach": None})
    client_id = _client(tx, ask)
    told = Told(what=ask.typed("what"), remedy=ask.typed("remedy"), client=ask.typed("unlisted"))
    id = complaints.reference()
    compartment_id, sealed, fingerprint = seal(tx, id, told)
    entry = entry_of(tx, ask)
    complaints.add(
        tx,
        id=id,
        kind=ask.typed("kind"),
        compartment_id=compartment_id,
        client_id=client_id,
        entry_id=entry.id if entry and entry.client_id == client_id else None,
        told=sealed,
        severity=ask.typed("severity"),
        scheme=OWN,
        received_at=ask.instant("received") or tx.now,
        recorded_by=ask.person.id,
        policy_hash=ask.policy.hash,
    )
    about = _about(tx, ask)
    kept_from.add(tx, id, [person.id for person in about])
    audit.record(tx, "complaint.recorded", who=ask.person.id, complaint=id, sealed=fingerprint)
    complaint = complaints.by_id(tx, id)
    if complaint is None:
        raise LookupError(id)
    _climb(tx, ask, complaint, about)
    clocks.begin(tx, ask, complaint)
    breach_id = _breach(tx, ask, complaint, about)
    return _thanks(tx, ask, complaint, about, breach_id)


def _faults(tx: Tx, ask: Ask) -> tuple[dict[str, str], str]:
    errors = {**_about_whom(tx, ask), **_which_client(tx, ask)}
    for name, known in (("here", HERE), ("kind", KINDS), ("severity", SEVERITIES)):
        if ask.typed(name) not in known:
            errors[name] = _("Please choose one.")
    if not ask.typed("what"):
        errors["what"] = _("Please say in a few words what it is about.")
    received = ask.instant("received")
    if received is None:
        errors["received"] = _("Please choose a day and a time.")
    elif received > tx.now + CLOCKS_DIFFER:
        errors["received"] = _("This lies in the future.")
    for name, most in (("what", LENGTH), ("remedy", 1000), ("unlisted", 200)):
        if len(ask.typed(name)) > most:
            errors[name] = _("This is too long: at most {n} characters.").format(n=most)
    refused, why = refusals(seen_in(ask, ("what", "remedy", "unlisted")))
    return {**errors, **refused}, why


def _about_whom(tx: Tx, ask: Ask) -> dict[str, str]:
    errors = {}
    if ask.typed("here") == "yes" and not ask.typed("about"):
        errors["about"] = _("Please choose whom it is about.")
    for name in ("about", "about_too"):
        if ask.typed(name) and people.by_id(tx, ask.typed(name)) is None:
            errors[name] = _("Please choose somebody from the list.")
    return errors


def _which_client(tx: Tx, ask: Ask) -> dict[str, str]:
    chosen = ask.typed("client")
    if chosen == UNLISTED.value:
        return {} if ask.typed("unlisted") else {"unlisted": _("Please type the name of the client.")}
    if chosen and not files.may_write(tx, ask.person, chosen):
        return {"client": _("This file is not open to you. “My client is not listed” takes the name, sealed.")}
    if not chosen and ask.typed("kind") != "concern":
        return {"client": _("Please choose a client, or “My client is not listed”.")}
    return {}


def _client(tx: Tx, ask: Ask) -> str | None:
    chosen = ask.typed("client")
    return chosen if chosen and chosen != UNLISTED.value else None


def _about(tx: Tx, ask: Ask) -> list[Person]:
    """Nobody, when it is not about somebody here, whatever was chosen before."""
    ids = dict.fromkeys(ask.typed(name) for name in ("about", "about_too")) if ask.typed("here") == "yes" else {}
    return [person for person in (people.by_id(tx, id) for id in ids if id) if person]


def _climb(tx: Tx, ask: Ask, complaint: Complaint, about: list[Person]) -> None:
    """Along the line of whom it is about, else of the file's owner, else of whoever records it; a serious one reaches
    two rungs at once."""
    client = clients.by_id(tx, complaint.client_id) if complaint.client_id else None
    owner = people.by_id(tx, client.owner_id) if client else None
    line = next(iter(about), None) or owner or ask.person
    escalations.begin(tx, ask, "complaint", complaint.id, line)
    if complaint.severity == "high":
        escalations.climb(tx, ask.policy, complaint.id)


def _breach(tx: Tx, ask: Ask, complaint: Complaint, about: list[Person]) -> str | None:
    """Reported as well, in the same words, and kept from the same people."""
    if ask.typed("breach") != "yes":
        return None
    what = _("From {reference}: {what}").format(reference=complaint.id, what=ask.typed("what"))
    breach_id = report_breach(tx, ask, what=what, reporter=ask.person, hidden=[person.id for person in about])
    complaints.link(tx, complaint.id, breach_id)
    return breach_id


def _thanks(tx: Tx, ask: Ask, complaint: Complaint, about: list[Person], breach_id: str | None) -> Say:
    lines = [_("Somebody who can own it is told now. It climbs until somebody does.")]
    if ask.person.id in {person.id for person in about}:
        lines.append(_("As it is about you, others take it from here. Thank you for being open about it."))
    if breach_id:
        lines.append(_("The suspected breach is reported too: {reference}.").format(reference=breach_id))
    first = next((clock for clock in clocks.running(tx, complaint.id) if clock.clock == clocks.REPLY), None)
    if first:
        due = when(first.due_at, zone_of(tx, ask.person, ask.policy), tx.now)
        lines.append(_("A first reply to the client is due by {due}.").format(due=due))
    return Say(
        title=_("Thank you"),
        reference=complaint.id,
        text=_("It is on record as {reference}.").format(reference=complaint.id),
        items=tuple(Text(text=line) for line in lines),
    )
