"""Emergency access: a file opens at once, to read, for a short time, before everybody's eyes, and is looked at after
(45 CFR 164.312(a)(2)(ii); SOP 6.1).

Invariants: never past an information barrier; never longer than asked for, never to write; the owner and the Data
Protection Officer know at once; somebody else reviews it within a business day, or it climbs; no right is left of it.
"""

from datetime import timedelta

from handlers import access as files
from handlers import notices, standins
from handlers.need_to_know import choices
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
from storage import access, audit, clients, emergencies, people, timers
from storage.emergencies import TABLE, Emergency
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

CODES = {
    "harm": _("To keep somebody from harm"),
    "deadline": _("A deadline that cannot wait, and nobody else is there"),
    "court": _("A court or an authority asks now"),
    "breach": _("To contain a breach"),
    "other": _("Another reason"),
}
MINUTES = {"60": _("One hour"), "120": _("Two hours"), "240": _("Four hours")}
REVIEW = "emergency.review"
WITHIN = span("1 business day")
OFTEN, SO_LONG = 2, timedelta(days=30)
VERDICTS = {"needed": _("it was needed"), "not_needed": _("it was not needed")}


@opens("emergency")
def ask_emergency(tx: Tx, ask: Ask) -> Form:
    """Four questions, and what will happen."""
    words = _(
        "The file opens at once, to read only. Its owner and the Data Protection Officer are told now, and somebody "
        "looks at it within a business day. Use it when waiting for the owner would do harm."
    )
    return Form(
        name="emergency",
        title=_("Emergency access"),
        submit=_("Open now"),
        intro=(Text(text=words),),
        fields=(
            choices.number_field(),
            choices.choice("code", _("What is it for?"), CODES),
            choices.reason_field(_("What happened?"), _("At least 20 characters. Kept sealed in the file.")),
            choices.choice("minutes", _("For how long?"), MINUTES),
        ),
        values={"minutes": "60"},
    )


@submits("emergency")
def begin(tx: Tx, ask: Ask) -> Reply:
    """Open it, and tell. Refused alike for a number that nobody has and one that is not for this person."""
    client = by_number(tx, ask.person, ask.typed("number"))
    errors, why = choices.reason_faults(ask, choices.SHORTEST)
    errors |= choices.not_chosen(ask, "code", CODES) | choices.not_chosen(ask, "minutes", MINUTES)
    if client is None:
        errors["number"] = _("No file opens with this number. Please check it, or ask your supervisor.")
    if errors or client is None:
        return Invalid(errors=errors, why=why)
    if files.may_open(tx, ask.person, client.id):
        return Say(title=_("Open already"), text=_("This file is open to you already. Use “client” to open it."))
    id = emergencies.id_for_new()
    sealed = files.into_file(tx, client).seal(TABLE, "reason", id, ask.typed("reason"))
    until = tx.now + timedelta(minutes=int(ask.typed("minutes")))
    me, code = ask.person.id, ask.typed("code")
    begun = emergencies.add(tx, id=id, client_id=client.id, person_id=me, code=code, reason=sealed, ends_at=until)
    audit.record(tx, "emergency.begun", who=me, emergency=id, client=client.id, code=code, until=until.isoformat())
    _tell(tx, ask, begun, people.by_id(tx, client.owner_id))
    shown = when(until, zone_of(tx, ask.person, ask.policy), tx.now)
    look = Button(label=_("Open the file"), act=Opens(name="client.file", subject=client.id), primary=True)
    over = Button(label=_("I am done"), act=Does(name="emergency.end", subject=id))
    words = _("The file is open to you until {when}, to read. Its owner and the Data Protection Officer are told.")
    items: tuple[Item, ...] = (Buttons(buttons=(look, over)),)
    return Say(title=_("Emergency access"), text=words.format(when=shown), items=items, reference=id)


def _tell(tx: Tx, ask: Ask, begun: Emergency, owner: Person | None) -> None:
    told = {p.id: p for p in (owner, *people.holders(tx, "dpo")) if p and p.id != begun.person_id}
    for person in told.values():
        notices.tell(tx, person, key=f"{begun.id}:begun", kind="emergency.begun", subject=begun.id, urgent=True)
    timers.start(tx, REVIEW, begun.id, add(WITHIN, tx.now, ask.policy.calendar(None), ask.policy.zone))


def may_review(tx: Tx, person: Person, found: Emergency) -> bool:
    """The owner of the file, the DPO and senior management; never the one who used it."""
    client = clients.by_id(tx, found.client_id)
    if client is None or person.id == found.person_id or access.barred(tx, found.client_id, person.id):
        return False
    owner = people.by_id(tx, client.owner_id)
    return standins.speaks_for(tx, person, owner) or bool(person.roles & {"dpo", "senior_management"})


@notice("emergency.begun")
@notice(REVIEW, matter="emergency.begun")
def told(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """For those who review it; it says who and how often, the reason stands behind the click."""
    found = emergencies.by_id(tx, sent.subject)
    if found is None or not may_review(tx, person, found):
        return None
    facts = (Facts(facts=tuple(_facts(tx, person, found, ask))),)
    if found.reviewed_at:
        return Card(title=_("Settled: emergency access"), items=facts) if sent.message_id else None
    look = Button(label=_("Review"), act=Opens(name="emergency.review", subject=found.id), primary=True)
    return Card(title=_("Emergency access to a client file"), items=facts, buttons=(look,))


def _facts(tx: Tx, person: Person, found: Emergency, ask: Ask) -> list[tuple[str, str]]:
    zone = zone_of(tx, person, ask.policy)
    names = people.names(tx, {found.person_id, *([found.reviewed_by] if found.reviewed_by else [])})
    facts = [(_("Reference"), found.id), (_("Who"), names[found.person_id]), (_("What for"), _(CODES[found.code]))]
    if files.may_open(tx, person, found.client_id):
        facts.append((_("File"), clients.codename(tx, found.client_id)))
    facts.append((_("Until"), when(found.ends_at, zone, tx.now)))
    often = emergencies.how_often(tx, found.person_id, SO_LONG)
    if often > OFTEN:
        facts.append((_("In the last 30 days"), _("{n} times, more than usual").format(n=often)))
    if found.reviewed_by:
        facts.append((_("Reviewed"), f"{names[found.reviewed_by]}: {_(VERDICTS[found.verdict])}"))
    return facts


@timer(REVIEW)
def unreviewed(tx: Tx, ask: Ask) -> Done:
    """A business day has passed: senior management is told too, every business day until it is reviewed."""
    found = emergencies.by_id(tx, ask.subject)
    if found is None or found.reviewed_at:
        return Done()
    told = {p.id: p for role in ("dpo", "senior_management") for p in people.holders(tx, role)}
    for person in told.values():
        if may_review(tx, person, found):
            key = f"{found.id}:unreviewed:{tx.now.isoformat()}"
            notices.tell(tx, person, key=key, kind=REVIEW, subject=found.id)
    audit.record(tx, "emergency.unreviewed", who=None, emergency=found.id)
    timers.start(tx, REVIEW, found.id, add(WITHIN, tx.now, ask.policy.calendar(None), ask.policy.zone))
    return Done()


def _mine(tx: Tx, ask: Ask) -> Emergency:
    found = emergencies.by_id(tx, ask.subject)
    if found is None or not may_review(tx, ask.person, found):
        words = _("This is for the owner of the file, the Data Protection Officer or senior management to review.")
        raise Refused(words, why="not a reviewer", subject=ask.subject)
    if found.reviewed_at:
        raise Refused(_("This is reviewed already. Nothing to do."), why="settled already", subject=found.id)
    return found


@opens("emergency.review", writes=True)
def look(tx: Tx, ask: Ask) -> Page:
    """What was said, and two answers. The reason is in the file: who may not open it is not shown it."""
    found = _mine(tx, ask)
    items: list[Item] = [Facts(facts=tuple(_facts(tx, ask.person, found, ask)))]
    if files.may_open(tx, ask.person, found.client_id):
        _client, opened = files.open_client(tx, ask.person, found.client_id, "emergency review")
        items.append(Text(text=opened.unseal(TABLE, "reason", found.id, found.reason)))
    else:
        items.append(Text(text=_("The reason is sealed in the file; its owner can read it."), quiet=True))
    yes = Button(label=_("It was needed"), act=Does(name="emergency.needed", subject=found.id), primary=True)
    no = Button(label=_("It was not needed"), act=Does(name="emergency.not-needed", subject=found.id))
    return Page(title=_("Emergency access"), items=(*items, Buttons(buttons=(yes, no))))


@action("emergency.needed")
def needed(tx: Tx, ask: Ask) -> Reply:
    """Somebody else has looked at it and found it right."""
    return _reviewed(tx, ask, "needed")


@action("emergency.not-needed")
def not_needed(tx: Tx, ask: Ask) -> Reply:
    """It ends now, if it still runs. What follows is for people to talk about."""
    return _reviewed(tx, ask, "not_needed")


def _reviewed(tx: Tx, ask: Ask, verdict: str) -> Reply:
    found = _mine(tx, ask)
    emergencies.review(tx, found.id, by=ask.person.id, verdict=verdict)
    if verdict == "not_needed":
        emergencies.end(tx, found.id)
    audit.record(tx, "emergency.reviewed", who=ask.person.id, emergency=found.id, verdict=verdict)
    timers.cancel(tx, found.id, REVIEW)
    notices.refresh(tx, found.id)
    return Say(title=_("Reviewed"), text=_("Thank you. It is on record that {what}.").format(what=_(VERDICTS[verdict])))


@action("emergency.end")
def done(tx: Tx, ask: Ask) -> Reply:
    """Whoever used it needs it no longer."""
    found = emergencies.by_id(tx, ask.subject)
    if found is None or found.person_id != ask.person.id or not emergencies.end(tx, found.id):
        raise Refused(_("This has ended already. Nothing to do."), why="access over", subject=ask.subject)
    audit.record(tx, "emergency.ended", who=ask.person.id, emergency=found.id)
    return Say(title=_("Ended"), text=_("The file is closed to you again. Thank you for saying so."))
