"""The clocks of a breach on screen: what is due tonight, tomorrow and later, and for each clock why (SOP 7, 8.4).

Invariants: times are the reader's own; the next moment is named first, and that nothing is due before it; the software
proposes, a named person decides whom to tell.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from handlers.breaches import law
from handlers.breaches.checks import counted
from handlers.breaches.fact_fields import TITLES
from handlers.breaches.intake import unseal_words
from handlers.breaches.law import Standing
from handlers.breaches.rights import may_respond, theirs
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import notice, opens
from handlers.views import Button, Buttons, Card, Does, Facts, Heading, Item, Opens, Page, Text
from handlers.words import _, when
from storage import audit, breach_law, breaches, people
from storage.breaches import Breach
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx

SHOWN = 12
EVENING = 17
CHANNELS = {
    "portal": _("The authority's form or portal"),
    "email": _("E-mail"),
    "letter": _("Letter"),
    "phone": _("Telephone"),
    "other": _("Other"),
}
DECIDED = {"not_needed": _("not needed"), law.AFTER_ALL: _("needed after all")}


@notice("breach.clock", matter="breach")
def card(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """A moment of a clock has come: until when, and nothing of what happened."""
    breach = breaches.by_id(tx, sent.subject)
    if breach is None:
        return None
    line = next_line(tx, person, breach, ask) if may_respond(tx, person, breach.id) else None
    if breach.state == "closed" or not line:
        return (
            Card(title=breach.id, items=(Text(text=_("Nothing is due from you any more.")),))
            if sent.message_id
            else None
        )
    see = Button(label=_("Clocks"), act=Opens(name="breach.clocks", subject=breach.id), primary=True)
    return Card(title=_("{reference}: time to tell").format(reference=breach.id), items=(line,), buttons=(see,))


def next_line(tx: Tx, person: Person, breach: Breach, ask: Ask) -> Text | None:
    """`Next: Information Commissioner by Mon 14:20 (London). Nothing else is due before it.`; None without a clock."""
    zone, waiting = zone_of(tx, person, ask.policy), [one.row for one in law.standing(tx, breach.id) if one.waiting]
    dated = sorted((at, row.clock, row) for row in waiting if (at := law.by_when(row, tx.now)))
    late, ahead = [one for one in dated if one[0] <= tx.now], [one for one in dated if one[0] > tx.now]
    said = list[str]()
    if late:
        words = _("Overdue since {at}: {to}. A late notice is still sent, with the reasons for the delay.")
        said.append(words.format(at=when(late[0][0], zone, tx.now), to=late[0][2].recipient))
    if len(late) > 1:
        said.append(_("Overdue besides: {n}.").format(n=len(late) - 1))
    if ahead:
        words = _("Next: {to}, by {at}. Nothing else is due before it.")
        said.append(words.format(to=ahead[0][2].recipient, at=when(ahead[0][0], zone, tx.now)))
    if undated := len(waiting) - len(dated):
        said.append(_("Without a date, as soon as you can: {n}.").format(n=undated))
    return Text(text=" ".join(said), strong=True) if said else None


@opens("breach.clocks")
def clocks(tx: Tx, ask: Ask) -> Page:
    """Every clock that runs, in the order in which it matters."""
    id, _bar, start = ask.subject.partition("|")
    breach, first = theirs(tx, ask, id), counted(start)
    zone, found = zone_of(tx, ask.person, ask.policy), law.standing(tx, breach.id)
    line = next_line(tx, ask.person, breach, ask)
    items: list[Item] = [line or Text(text=_("No clock waits for anything now."), strong=True)]
    waiting = [one for one in found if one.waiting]
    for title, group in _bands(waiting[first : first + SHOWN], zone, tx.now):
        items.append(Heading(text=title))
        for one in group:
            items += _lines(one, zone, tx.now, id)
    if (left := len(waiting) - first - SHOWN) > 0:
        more = Button(
            label=_("{n} more").format(n=left), act=Opens(name="breach.clocks", subject=f"{id}|{first + SHOWN}")
        )
        items.append(Buttons(buttons=(more,)))
        fewer = _("Fewer laws are looked at when you choose them under “Kind of data”.")
        items.append(Text(text=fewer, quiet=True))
    over = [one for one in found if one.settled]
    if over:
        items.append(Heading(text=_("Told or decided")))
        for one in over:
            items += _lines(one, zone, tx.now, id)
    items.append(Heading(text=_("What is known")))
    items.append(Text(text=_("What is not known counts as the worse answer, so the clock runs."), quiet=True))
    asks = (
        Button(label=_(label), act=Opens(name="breach.facts", subject=f"{breach.id}|{a}"))
        for a, label in TITLES.items()
    )
    items.append(Buttons(buttons=tuple(asks)))
    return Page(title=_("Clocks of {reference}").format(reference=breach.id), items=tuple(items))


def _bands(found: list[Standing], zone: ZoneInfo, now: datetime) -> Iterator[tuple[str, list[Standing]]]:
    """Overdue, tonight (or today), tomorrow, later, and without a date; none is empty."""
    local = now.astimezone(zone)
    today = _("Tonight") if local.hour >= EVENING else _("Today")
    names = (_("Overdue"), today, _("Tomorrow"), _("Later"), _("As soon as you can"))
    bands: list[list[Standing]] = [[] for _name in names]
    for one in found:
        due = law.by_when(one.row, now)
        if due is None:
            bands[4].append(one)
            continue
        days = ((due - timedelta(microseconds=1)).astimezone(zone).date() - local.date()).days
        bands[0 if due <= now else min(1 + days, 3)].append(one)
    yield from ((name, band) for name, band in zip(names, bands, strict=True) if band)


def _lines(one: Standing, zone: ZoneInfo, now: datetime, id: str) -> list[Item]:
    """A clock in one line, and the door to it."""
    see = Button(label=_("See"), act=Opens(name="breach.clock", subject=f"{id}|{one.row.clock}"))
    return [Text(text=f"{one.row.recipient}: {_status(one, zone, now)}"), Buttons(buttons=(see,))]


def _status(one: Standing, zone: ZoneInfo, now: datetime) -> str:
    if one.settled:
        last = one.notices[-1]
        said = {"sent": _("told {at}"), "part": _("told {at}, more is to follow"), "not_needed": _("not needed, {at}")}
        return said[last.kind].format(at=when(last.sent_at or last.at, zone, now))
    due = law.by_when(one.row, now)
    if due is None:
        return _("without undue delay; the law names no number")
    said_due = when(due, zone, now)
    if one.row.due_at is None:
        return _("by {at}, the firm's own target").format(at=said_due)
    return (_("by {at}, provisional") if one.row.provisional else _("by {at}")).format(at=said_due)


def clock_case(tx: Tx, ask: Ask) -> tuple[Breach, Standing]:
    """The breach and the clock of this subject (`BR-…|eu.gdpr.33.1`)."""
    id, _bar, clock = ask.subject.partition("|")
    breach = theirs(tx, ask, id)
    one = next((found for found in law.standing(tx, breach.id) if found.row.clock == clock), None)
    if one is None:
        words = _("This clock does not belong to the case any more. Please open its clocks again.")
        raise Refused(words, why="unknown clock", subject=breach.id)
    return breach, one


@opens("breach.clock", writes=True)
def one_clock(tx: Tx, ask: Ask) -> Page:
    """Why it runs and until when, and what was sent; what stands there in people's words is an audited opening."""
    breach, one = clock_case(tx, ask)
    zone, id = zone_of(tx, ask.person, ask.policy), one.row.clock
    facts = [(_("To"), one.row.recipient), (_("When"), _status(one, zone, tx.now)), (_("Clock"), id)]
    items: list[Item] = [Facts(facts=tuple(facts))]
    if breach.state != "closed":
        acts = [Button(label=_("A notice was sent"), act=Opens(name="breach.sent", subject=ask.subject), primary=True)]
        if one.settled:
            acts.append(Button(label=_("Needed after all"), act=Does(name="breach.needed", subject=ask.subject)))
        else:
            acts.append(Button(label=_("Not needed"), act=Opens(name="breach.not-needed", subject=ask.subject)))
        items.append(Buttons(buttons=tuple(acts)))
    if one.notices:
        audit.record(tx, "breach.opened", who=ask.person.id, breach=breach.id, clock=id)
        items += _told(tx, breach, one, zone)
    items.append(Heading(text=_("Why?")))
    items += [Text(text=_("What is known now does not start it."))] if not one.row.runs else []
    items += [Text(text=_(sentence)) for sentence in one.row.why]
    items.append(Text(text=_("This is a proposal and no legal advice: you decide whom to tell."), quiet=True))
    return Page(title=breach.id, items=tuple(items))


def _told(tx: Tx, breach: Breach, one: Standing, zone: ZoneInfo) -> Iterator[Item]:
    names = people.names(tx, {row.by for row in one.notices})
    yield Heading(text=_("What was sent or decided"))
    for row in one.notices:
        text = unseal_words(tx, breach, (breach_law.NOTICES, "words", row.id), row.words)
        at = when(row.sent_at or row.at, zone, tx.now)
        channel = _(CHANNELS[row.channel] if row.channel in CHANNELS else DECIDED.get(row.kind, row.kind))
        yield Text(
            text=_("{at}, {channel}, put on record by {name}").format(at=at, channel=channel, name=names[row.by])
        )
        if text:
            yield Text(text=text)
