"""Who may open a client file: shown, given with a reason and an end, ended, and handed to a new owner (SOP 6.1).

Invariants: only the owner, or whoever stands in, decides; every grant has an end; nobody behind a barrier is given
anything or shown as having it; who gains or loses a file is told.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers import access as files
from handlers import notices
from handlers.need_to_know import choices
from handlers.need_to_know.deciding import decided, may_decide
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import action, opens, submits, timer
from handlers.views import (
    Button,
    Buttons,
    ChoiceField,
    Divider,
    Does,
    Done,
    Field,
    Form,
    Invalid,
    Item,
    Opens,
    Option,
    Page,
    Reply,
    Say,
    SearchField,
    Text,
)
from handlers.words import _, when
from storage import access, audit, clients, people, timers
from storage.access import Record
from storage.clients import Client
from storage.people import Person
from storage.store import Tx

ENDING = "access.ending"
WARNED = timedelta(days=7)  # before a grant ends
BASES = {"owner": _("owner"), "team": _("in the team"), "grant": _("granted")}


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What a grant is for and when it ends. `reason`, if any, is plain and will be sealed in the file."""

    purpose: str
    until: datetime
    reason: str


def give(tx: Tx, ask: Ask, client: Client, person: Person, terms: Terms, *, request_id: str = "") -> str:
    """A grant from now on, in place of an earlier one; gives its id. The asker of a request is told by its answer."""
    id = access.id_for_new()
    sealed = files.into_file(tx, client).seal("access_records", "reason", id, terms.reason) if terms.reason else None
    access.end(tx, client.id, person.id, "grant")
    more = {"ends_at": terms.until, "given_by": ask.person.id, "purpose": terms.purpose, "reason": sealed}
    access.give(tx, client.id, person.id, "grant", id=id, **more)
    ids = {"client": client.id, "person": person.id, "basis": "grant", "until": terms.until.isoformat()}
    audit.record(tx, "access.given", who=ask.person.id, record=id, purpose=terms.purpose, **ids)
    if not request_id:
        notices.tell(tx, person, key=f"{id}:given", kind="access.given", subject=id)
    timers.start(tx, ENDING, id, max(tx.now, terms.until - WARNED))
    return id


@opens("access.who")
def who_may_open(tx: Tx, ask: Ask) -> Page:
    """For everybody who may open the file: who else may, why, and until when. The owner ends and gives from here."""
    found = files.way(tx, ask.person, ask.subject)
    client = found.client if found else clients.by_id(tx, ask.subject)
    if client is None or not ((found and found.reads) or may_decide(tx, ask.person, client)):
        raise files.closed(ask.subject)
    decides = may_decide(tx, ask.person, client)
    here = {p.id for p in people.everybody(tx) if p.active(tx.now)}
    standing = {id: record for id, record in access.people_of(tx, client.id).items() if id in here}
    names = people.names(tx, {*standing, *(r.given_by for r in standing.values() if r.given_by)})
    items: list[Item] = [Text(text=f"{client.codename} · {client.ref}", strong=True)]
    for person_id, record in sorted(standing.items(), key=lambda pair: names[pair[0]]):
        items.append(Text(text=line(tx, ask, record, names)))
        if decides and record.basis != "owner":
            words = _("End access for {name}?").format(name=names[person_id])
            end = Button(label=_("End"), act=Does(name="access.end", subject=record.id), confirm=words)
            items.append(Buttons(buttons=(end,)))
    if decides:
        more = Button(label=_("Give access"), act=Opens(name="access.give", subject=client.id), primary=True)
        other = Button(label=_("Hand to a new owner"), act=Opens(name="access.owner", subject=client.id))
        alone = may_decide(tx, ask.person, client, alone=True)
        items += [Divider(), Buttons(buttons=(more, other) if alone else (more,))]
    return Page(title=_("Who can see this file?"), items=tuple(items))


def line(tx: Tx, ask: Ask, record: Record, names: dict[str, str]) -> str:
    """`Luca Reed · granted by Amelia Ward for … · since … · until …`."""
    zone = zone_of(tx, ask.person, ask.policy)
    basis = _(BASES[record.basis])
    if record.basis == "grant":
        by = names.get(record.given_by or "", "")
        purpose = _(choices.PURPOSES.get(record.purpose, ""))
        basis = _("granted by {name}: {purpose}").format(name=by, purpose=purpose)
    said = [names.get(record.person_id, ""), basis, _("since {when}").format(when=when(record.starts_at, zone, tx.now))]
    said += [_("until {when}").format(when=when(record.ends_at, zone, tx.now))] if record.ends_at else []
    return " · ".join(said)


@action("access.end")
def end(tx: Tx, ask: Ask) -> Reply:
    """The owner takes a grant or a place in the team away."""
    record = access.by_id(tx, ask.subject)
    client = decided(tx, ask.person, record.client_id if record else "")
    if record is None or record.basis == "owner" or not access.end(tx, client.id, record.person_id, record.basis):
        raise Refused(_("This has ended already. Nothing to do."), why="access over", subject=ask.subject)
    ended(tx, record, who=ask.person.id)
    return Say(title=_("Ended"), text=_("The file is closed to this person now, who is told."))


def ended(tx: Tx, record: Record, *, who: str | None) -> None:
    """On record, and told to whom it concerns."""
    ids = {"client": record.client_id, "person": record.person_id, "basis": record.basis}
    audit.record(tx, "access.ended", who=who, record=record.id, **ids)
    timers.cancel(tx, record.id, ENDING)
    person = people.by_id(tx, record.person_id)
    if person and person.active(tx.now):
        notices.tell(tx, person, key=f"{record.id}:ended", kind="access.ended", subject=record.id)


def end_all(tx: Tx, person_id: str, *, who: str | None) -> None:
    """Every grant of this person: the work has changed for which it was given."""
    for record in access.of_person(tx, person_id):
        if record.basis == "grant" and access.end(tx, record.client_id, person_id, "grant"):
            ended(tx, record, who=who)


@opens("access.give")
def ask_whom(tx: Tx, ask: Ask) -> Form:
    """A colleague, or all of a department, with one reason."""
    client = decided(tx, ask.person, ask.subject)
    departments = sorted({p.department for p in people.everybody(tx) if p.department and p.active(tx.now)})
    fields: list[Field] = [SearchField(name="person", label=_("Who?"), search="people", optional=bool(departments))]
    if departments:
        options = tuple(Option(value=word, label=word) for word in departments)
        label = _("Or everybody in a department")
        fields.append(ChoiceField(name="department", label=label, options=options, optional=True))
    hint = _("Kept sealed in the file.")
    return Form(
        name="access.give",
        title=_("Give access"),
        submit=_("Give access"),
        subject=client.id,
        intro=(Text(text=f"{client.codename} · {client.ref}"),),
        fields=(
            *fields,
            choices.purpose_field(),
            choices.reason_field(_("Why do they need it?"), hint),
            choices.until_field(),
        ),
        values={"until": choices.YEAR},
    )


@submits("access.give")
def give_access(tx: Tx, ask: Ask) -> Reply:
    """To each who is not on the file already."""
    client = decided(tx, ask.person, ask.subject)
    errors, why = choices.reason_faults(ask)
    errors |= choices.not_chosen(ask, "purpose", choices.PURPOSES) | choices.not_chosen(ask, "until", choices.TIMES)
    whom, wrong = _whom(tx, ask, client)
    until = choices.until(tx, ask)
    if errors or wrong or until is None:
        return Invalid(errors=errors | wrong, why=why)
    for person in whom:
        give(tx, ask, client, person, Terms(purpose=ask.typed("purpose"), until=until, reason=ask.typed("reason")))
    shown = when(until, zone_of(tx, ask.person, ask.policy), tx.now)
    words = _("{n} more may open the file until {when}, and are told.").format(n=len(whom), when=shown)
    return Say(title=_("Given"), text=words)


def _whom(tx: Tx, ask: Ask, client: Client) -> tuple[list[Person], dict[str, str]]:
    """Who is meant; a barrier is not told from any other reason why somebody cannot be chosen."""
    department, chosen = ask.typed("department"), people.by_id(tx, ask.typed("person"))
    if bool(department) == bool(ask.typed("person")):
        return [], {"person": _("Please choose one person, or one department.")}
    named = [p for p in people.everybody(tx) if p.department == department] if department else [chosen]
    has = access.people_of(tx, client.id)
    fit = [p for p in named if p and p.active(tx.now) and p.id not in has and not access.barred(tx, client.id, p.id)]
    field = "department" if department else "person"
    return fit, {} if fit else {field: _("Nobody here can be added. They may have access already, or have left.")}


@timer(ENDING)
def warn(tx: Tx, ask: Ask) -> Done:
    """A grant ends in a week: both sides hear of it."""
    record = access.by_id(tx, ask.subject)
    client = clients.by_id(tx, record.client_id) if record else None
    if record is None or client is None or record.ends_at is None or record.ends_at <= tx.now:
        return Done()
    if access.barred(tx, client.id, record.person_id):  # it opens nothing, and nobody is to ask about it
        return Done()
    for id in dict.fromkeys((record.person_id, client.owner_id)):
        person = people.by_id(tx, id)
        if person and person.active(tx.now):
            notices.tell(tx, person, key=f"{record.id}:ending", kind="access.ending", subject=record.id)
    return Done()
