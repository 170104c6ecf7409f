"""Asking for a client file: by its number, with a reason; its owner answers from a card; silence opens nothing.

Invariants: the answer to the asker is the same whether there is such a file, it is behind a barrier, or its owner will
say no; the reason is sealed in the file; an approval is a grant with an end (SOP 6.1).
"""

from datetime import datetime

from handlers import access as files
from handlers import notices
from handlers.need_to_know import choices, grants
from handlers.need_to_know.deciding import may_decide
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import action, notice, opens, submits, timer
from handlers.rules.due_at import add
from handlers.rules.spans import span
from handlers.screening import by_number
from handlers.views import (
    Button,
    Buttons,
    Card,
    Does,
    Done,
    Facts,
    Form,
    Invalid,
    Item,
    Opens,
    Page,
    Reply,
    Say,
    Text,
)
from handlers.words import _, when
from storage import access_requests, audit, clients, people, timers
from storage.access_requests import TABLE, AccessRequest
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

PATIENCE = span("3 business days")
LAPSE = "access.lapse"
ENDINGS = {"approved": _("approved"), "refused": _("not approved"), "lapsed": _("not answered in time")}


@opens("access.ask")
def ask_for_a_file(tx: Tx, ask: Ask) -> Form:
    """Four questions. Nothing is offered: who may not open a file is not told that it exists."""
    return Form(
        name="access.ask",
        title=_("Ask for access"),
        submit=_("Ask"),
        intro=(Text(text=_("The owner of the file decides, and you are told. Ask for no longer than you need.")),),
        fields=(
            choices.number_field(),
            choices.purpose_field(),
            choices.reason_field(_("Why do you need it?"), _("Only the owner of the file reads this.")),
            choices.until_field(),
        ),
        values={"until": "month"},
    )


@submits("access.ask")
def take_request(tx: Tx, ask: Ask) -> Reply:
    """Record it, and tell the owner if there is one to tell."""
    faults, why = choices.reason_faults(ask)
    number = {} if ask.typed("number") else {"number": _("Please write the client or matter number.")}
    errors = {
        **number,
        **choices.not_chosen(ask, "purpose", choices.PURPOSES),
        **choices.not_chosen(ask, "until", choices.TIMES),
        **faults,
    }
    until = choices.until(tx, ask)
    if errors or until is None:
        return Invalid(errors=errors, why=why)
    request = _recorded(tx, ask, until)
    by = add(PATIENCE, tx.now, ask.policy.calendar(ask.person.calendar), ask.policy.zone)
    timers.start(tx, LAPSE, request.id, by)
    words = _(
        "Asked, as {reference}. The owner of the file decides, and you are told. Without an answer by {when} "
        "the request lapses, and nothing is opened."
    )
    shown = when(by, zone_of(tx, ask.person, ask.policy), tx.now)
    return Say(title=_("Asked"), text=words.format(reference=request.id, when=shown), reference=request.id)


def _recorded(tx: Tx, ask: Ask, until: datetime) -> AccessRequest:
    client, id = by_number(tx, ask.person, ask.typed("number")), access_requests.id_for_new()
    sealer = files.into_file(tx, client) if client else files.into_quarantine(tx)
    sealed = sealer.seal(TABLE, "reason", id, ask.typed("reason"))
    request = access_requests.add(
        tx,
        id=id,
        person_id=ask.person.id,
        client_id=client.id if client else None,
        purpose=ask.typed("purpose"),
        reason=sealed,
        until=until,
    )
    about = {"client": client.id} if client else {}
    audit.record(tx, "access.asked", who=ask.person.id, request=id, sealed=files.fingerprint(sealed), **about)
    owner = people.by_id(tx, client.owner_id) if client else None
    if owner:
        notices.tell(tx, owner, key=f"{id}:asked", kind="access.request", subject=id)
    return request


@notice("access.request")
def waiting(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For the owner: somebody asks. The reason stands behind the click."""
    request = access_requests.by_id(tx, sent.subject)
    if request is None:
        return None
    if request.state != "open" or request.client_id is None:
        if not sent.message_id:
            return None
        by = people.names(tx, {request.answered_by}).get(request.answered_by, "") if request.answered_by else ""
        said = f"{request.id}, {_(ENDINGS.get(request.state, ENDINGS['lapsed']))}" + (f", {by}" if by else "")
        return Card(title=_("Settled: the request for access"), items=(Text(text=said),))
    look = Button(label=_("Look at the request"), act=Opens(name="access.request", subject=request.id), primary=True)
    items = (Facts(facts=tuple(_facts(tx, person, request, ask))),)
    return Card(title=_("Somebody asks for access to a client file"), items=items, buttons=(look,))


def _facts(tx: Tx, person: Person, request: AccessRequest, ask: Ask) -> list[tuple[str, str]]:
    known = request.client_id and files.may_open(tx, person, request.client_id)
    return [
        (_("Reference"), request.id),
        *([(_("File"), clients.codename(tx, request.client_id))] if known else []),
        (_("Who asks"), people.names(tx, {request.person_id}).get(request.person_id, "")),
        (_("What for"), _(choices.PURPOSES[request.purpose])),
        (_("Until"), when(request.until, zone_of(tx, person, ask.policy), tx.now)),
    ]


def mine(tx: Tx, ask: Ask) -> AccessRequest:
    """The open request of this subject, for whoever decides about its file."""
    request = access_requests.by_id(tx, ask.subject)
    client = clients.by_id(tx, request.client_id) if request and request.client_id else None
    if request is None or client is None or not may_decide(tx, ask.person, client):
        raise Refused(
            _("This request is not yours to answer. Please ask the owner of the file."),
            why="not the owner",
            subject=ask.subject,
        )
    if request.state != "open":
        raise Refused(_("This request is settled already. Nothing to do."), why="settled already", subject=request.id)
    return request


@opens("access.request", writes=True)
def read_request(tx: Tx, ask: Ask) -> Page:
    """With the reason, for those who may open the file; whoever only stands in decides by what stands outside."""
    request = mine(tx, ask)
    items: list[Item] = [Facts(facts=tuple(_facts(tx, ask.person, request, ask)))]
    if request.client_id and files.may_open(tx, ask.person, request.client_id):
        _client, opened = files.open_client(tx, ask.person, request.client_id, "request")
        items.append(Text(text=opened.unseal(TABLE, "reason", request.id, request.reason)))
    yes = Button(label=_("Approve"), act=Does(name="access.approve", subject=request.id), primary=True)
    no = Button(label=_("Do not approve"), act=Does(name="access.refuse", subject=request.id))
    return Page(title=_("A request for access"), items=(*items, Buttons(buttons=(yes, no))))


@action("access.approve")
def approve(tx: Tx, ask: Ask) -> Reply:
    """The grant that was asked for, from now on."""
    request = mine(tx, ask)
    asker, client = people.by_id(tx, request.person_id), clients.by_id(tx, request.client_id or "")
    if asker is None or client is None or not asker.active(tx.now):
        raise Refused(_("Whoever asked no longer works here. Nothing is opened."), why="not active", subject=request.id)
    access_requests.end(tx, request.id, "approved", ask.person.id)
    terms = grants.Terms(purpose=request.purpose, until=request.until, reason="")
    grants.give(tx, ask, client, asker, terms, request_id=request.id)
    _answered(tx, request)
    shown = when(request.until, zone_of(tx, ask.person, ask.policy), tx.now)
    return Say(
        title=_("Approved"), text=_("{name} may open the file until {when}.").format(name=asker.name, when=shown)
    )


@action("access.refuse")
def refuse(tx: Tx, ask: Ask) -> Reply:
    """Not approved; the asker is told so, and whom to speak to."""
    request = mine(tx, ask)
    access_requests.end(tx, request.id, "refused", ask.person.id)
    audit.record(tx, "access.refused", who=ask.person.id, request=request.id)
    _answered(tx, request)
    return Say(title=_("Not approved"), text=_("Nothing was opened. The person who asked is told."))


@timer(LAPSE)
def lapse(tx: Tx, ask: Ask) -> Done:
    """Nobody answered: nothing is opened."""
    request = access_requests.by_id(tx, ask.subject)
    if request and access_requests.end(tx, request.id, "lapsed", None):
        audit.record(tx, "access.lapsed", who=None, request=request.id)
        _answered(tx, request)
    return Done()


def _answered(tx: Tx, request: AccessRequest) -> None:
    timers.cancel(tx, request.id, LAPSE)
    asker = people.by_id(tx, request.person_id)
    if asker:
        notices.tell(tx, asker, key=f"{request.id}:answered", kind="access.answered", subject=request.id)
    notices.refresh(tx, request.id)


@notice("access.answered")
def answered(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For the asker."""
    request = access_requests.by_id(tx, sent.subject)
    if request is None or request.person_id != person.id:
        return None
    if request.state == "approved" and request.client_id:
        until = when(request.until, zone_of(tx, person, ask.policy), tx.now)
        look = Button(label=_("Open"), act=Opens(name="client.file", subject=request.client_id), primary=True)
        named = files.may_open(tx, person, request.client_id)
        facts = [(_("Reference"), request.id), (_("Until"), until)]
        facts += [(_("File"), clients.codename(tx, request.client_id))] if named else []
        return Card(title=_("Access approved"), items=(Facts(facts=tuple(facts)),), buttons=(look,) if named else ())
    words = _("Nothing was opened. If you need the file for your work, please speak to your supervisor.")
    title = _("Access {answer}").format(answer=_(ENDINGS[request.state]))
    return Card(title=title, items=(Facts(facts=((_("Reference"), request.id),)), Text(text=words)))
