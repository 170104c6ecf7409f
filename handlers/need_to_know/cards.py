"""What people are told when a file opens or closes to somebody: a codename for those who may open it, and a day."""

from handlers import access as files
from handlers.need_to_know import choices
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import notice
from handlers.views import Button, Card, Facts, Opens, Text
from handlers.words import _, when
from storage import access, clients, people
from storage.access import Record
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx


def _about(tx: Tx, person: Person, record: Record) -> list[tuple[str, str]]:
    """The codename, for those who may open the file; else the reference of the record."""
    if files.may_open(tx, person, record.client_id):
        return [(_("File"), clients.codename(tx, record.client_id))]
    return [(_("Reference"), record.id)]


def _file(record: Record) -> Button:
    return Button(label=_("Open"), act=Opens(name="client.file", subject=record.client_id), primary=True)


@notice("access.given")
def given(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For whoever was given a file."""
    record = access.by_id(tx, sent.subject)
    if record is None or record.person_id != person.id or not files.may_open(tx, person, record.client_id):
        return None
    facts = _about(tx, person, record)
    if record.purpose:
        facts.append((_("What for"), _(choices.PURPOSES[record.purpose])))
    if record.ends_at:
        facts.append((_("Until"), when(record.ends_at, zone_of(tx, person, ask.policy), tx.now)))
    title = _("You own a client file now") if record.basis == "owner" else _("A client file is open to you")
    return Card(title=title, items=(Facts(facts=tuple(facts)),), buttons=(_file(record),))


@notice("access.ended")
def ended(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For whoever lost it. What that person knew stays confidential."""
    record = access.by_id(tx, sent.subject)
    if record is None or record.person_id != person.id:
        return None
    words = _(
        "You no longer need this file, so it is closed to you. What you know from it stays confidential. "
        "If this is a mistake, please speak to its owner."
    )
    return Card(
        title=_("A client file is closed to you"),
        items=(Facts(facts=((_("Reference"), record.id),)), Text(text=words)),
    )


@notice("access.ending")
def ending(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """A week before a grant ends, for both sides."""
    record = access.by_id(tx, sent.subject)
    if record is None or record.ends_at is None or record.ends_at <= tx.now:
        return None
    mine = record.person_id == person.id
    facts = [*_about(tx, person, record), (_("Ends"), when(record.ends_at, zone_of(tx, person, ask.policy), tx.now))]
    if not mine:
        facts.append((_("Whose access"), people.names(tx, {record.person_id}).get(record.person_id, "")))
    renew = Button(label=_("Who can see this file?"), act=Opens(name="access.who", subject=record.client_id))
    again = Button(label=_("Ask for access"), act=Opens(name="access.ask"))
    return Card(
        title=_("Access to a client file ends soon"),
        items=(Facts(facts=tuple(facts)),),
        buttons=(again,) if mine else (renew,),
    )
