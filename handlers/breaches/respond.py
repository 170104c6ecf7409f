"""Responding to a breach (SOP 8.2-8.6): who has it, the checklist with who and when, and the report for those who
may read.

Invariants: a card says the reference, the duty and the times, never what happened; the checklist is a list of facts
that
are only added; reading the report is an audited opening by the DPO, senior management or whom the ladder told.
"""

from handlers import escalations, notices
from handlers.breaches import intake
from handlers.breaches.clock_pages import next_line
from handlers.breaches.report import ANSWERS
from handlers.breaches.rights import in_hand, may_respond, theirs
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import action, notice, opens, timer
from handlers.rules.checklist import STEPS, Step, StepFact, standing
from handlers.rules.due_at import add
from handlers.views import (
    Button,
    Buttons,
    Card,
    Check,
    Checklist,
    Does,
    Done,
    Facts,
    Heading,
    Item,
    Opens,
    Page,
    Reply,
    Say,
    Text,
)
from handlers.words import _, when
from storage import audit, breaches, people
from storage import escalations as ladders
from storage.breaches import Breach
from storage.outbox import Notice
from storage.people import Person
from storage.store import Tx


@notice("breach.reported", matter="breach")
@notice("breach.inform", matter="breach")
@notice("breach.still-open", matter="breach")
def card(tx: Tx, sent: Notice, person: Person, ask: Ask) -> Card | None:
    """The case in somebody's chat; the same for all of the team, painted again as it moves."""
    breach, running = breaches.by_id(tx, sent.subject), ladders.of(tx, sent.subject)
    if breach is None or running is None:
        return None
    if sent.kind == "breach.reported" and running.state != "climbing" and not sent.message_id:
        return None
    if not may_respond(tx, person, breach.id):
        return Card(title=breach.id, items=(Text(text=_("Others look after this case now.")),))
    if breach.state == "closed":
        return Card(title=breach.id, items=(Text(text=_("This case is closed. Thank you.")),), buttons=(_open(breach),))
    waiting = running.state == "climbing"
    on_it = Button(label=_("I am on it"), act=Does(name="breach.on-it", subject=breach.id), primary=True)
    see = Button(label=_("Clocks"), act=Opens(name="breach.clocks", subject=breach.id))
    line = next_line(tx, person, breach, ask)
    return Card(
        title=_("{reference}: somebody is needed now").format(reference=breach.id) if waiting else breach.id,
        items=(
            *([line] if line else []),
            Facts(facts=_facts(tx, person, breach, ask)),
            Checklist(checks=_checks(tx, person, breach, ask)),
        ),
        buttons=(*([on_it] if waiting else []), _open(breach), see, *([] if waiting else _steps(tx, breach))),
    )


def _open(breach: Breach) -> Button:
    return Button(label=_("Open"), act=Opens(name="breach.open", subject=breach.id))


def _facts(tx: Tx, person: Person, breach: Breach, ask: Ask) -> tuple[tuple[str, str], ...]:
    zone, running = zone_of(tx, person, ask.policy), ladders.of(tx, breach.id)
    facts = [(_("Reported"), when(breach.reported_at, zone, tx.now))]
    if running and running.acknowledged_by and running.acknowledged_at:
        name = people.names(tx, {running.acknowledged_by}).get(running.acknowledged_by, "")
        facts.append((_("On it"), f"{name}, {when(running.acknowledged_at, zone, tx.now)}"))
    else:
        by = add(ask.policy.dpo_within, breach.reported_at, ask.policy.calendar(None), ask.policy.zone)
        facts.append((_("Somebody on it by"), when(by, zone, tx.now)))
    return tuple(facts)


def _standing(tx: Tx, breach: Breach) -> dict[Step, StepFact | None]:
    rows = breaches.steps(tx, breach.id)
    return standing(StepFact(step=Step(r.step), done=r.done, by=r.by, at=r.at) for r in rows)


def _checks(tx: Tx, person: Person, breach: Breach, ask: Ask) -> tuple[Check, ...]:
    zone, now = zone_of(tx, person, ask.policy), _standing(tx, breach)
    names = people.names(tx, {fact.by for fact in now.values() if fact})
    return tuple(
        Check(
            text=_(guide.title),
            done=fact is not None,
            detail=f"{names.get(fact.by, '')}, {when(fact.at, zone, tx.now)}" if fact else _(guide.guidance),
        )
        for guide in STEPS
        for fact in (now[guide.step],)
    )


def _steps(tx: Tx, breach: Breach) -> list[Button]:
    now = _standing(tx, breach)
    return [
        Button(
            label=_("Undo: {step}").format(step=_(g.title)),
            act=Does(name="breach.undo", subject=_step_id(breach, g.step)),
        )
        if now[g.step]
        else Button(
            label=_("Done: {step}").format(step=_(g.title)),
            act=Does(name="breach.done", subject=_step_id(breach, g.step)),
        )
        for g in STEPS
    ]


def undone(tx: Tx, breach: Breach) -> list[str]:
    """Steps that nobody has done yet."""
    now = _standing(tx, breach)
    return [_(guide.title) for guide in STEPS if now[guide.step] is None]


def _step_id(breach: Breach, step: Step) -> str:
    return f"{breach.id}|{step.value}"


@action("breach.on-it")
def be_on_it(tx: Tx, ask: Ask) -> Reply:
    """The first one has it: nobody else is called any more, and every card says who is on it."""
    breach = in_hand(theirs(tx, ask, ask.subject))
    if escalations.take(tx, ask.policy, breach.id, ask.person):
        breaches.advance(tx, breach.id, "triage")
        audit.record(tx, "breach.taken", who=ask.person.id, breach=breach.id)
        return Done()
    running = ladders.of(tx, breach.id)
    name = people.names(tx, {running.acknowledged_by}) if running and running.acknowledged_by else {}
    return Say(
        title=breach.id, text=_("{name} is on it already.").format(name=next(iter(name.values()), _("Somebody")))
    )


@timer(escalations.STILL["breach"])
def still_open(tx: Tx, ask: Ask) -> Done:
    """Somebody is on it since a business day, and a step is still to be done."""
    breach = breaches.by_id(tx, ask.subject)
    if breach and None in _standing(tx, breach).values():
        escalations.ask_again(tx, ask.policy, breach.id)
    return Done()


@action("breach.done")
def tick(tx: Tx, ask: Ask) -> Reply:
    """A step is done."""
    return _mark(tx, ask, done=True)


@action("breach.undo")
def untick(tx: Tx, ask: Ask) -> Reply:
    """It was not, after all; both stay on record."""
    return _mark(tx, ask, done=False)


def _mark(tx: Tx, ask: Ask, *, done: bool) -> Reply:
    id, _bar, step = ask.subject.partition("|")
    breach = in_hand(theirs(tx, ask, id))
    if step not in {known.value for known in Step}:
        raise Refused(_("This button is not known any more."), why="unknown step", subject=breach.id)
    if (_standing(tx, breach)[Step(step)] is not None) == done:
        return Done()
    breaches.add_step(tx, breach.id, step=step, done=done, by=ask.person.id)
    audit.record(tx, "breach.step", who=ask.person.id, breach=breach.id, step=step, done="yes" if done else "no")
    notices.refresh(tx, breach.id)
    return Done()


@opens("breach.open", writes=True)
def read(tx: Tx, ask: Ask) -> Page:
    """What was reported, for this one reader, now; recorded."""
    breach = theirs(tx, ask, ask.subject)
    told = intake.unseal(tx, breach)
    audit.record(tx, "breach.opened", who=ask.person.id, breach=breach.id)
    zone = zone_of(tx, ask.person, ask.policy)
    reporter = people.names(tx, {breach.reporter_id}).get(breach.reporter_id, "") if breach.reporter_id else ""
    facts = (
        *_facts(tx, ask.person, breach, ask),
        (_("First noticed"), when(breach.noticed_at, zone, tx.now) if breach.noticed_at else _("not said")),
        (_("Personal data involved"), _(ANSWERS[breach.personal_data])),
        (_("Still going on"), _(ANSWERS[breach.ongoing])),
        (_("Reported by"), reporter or _("somebody who left the name out")),
    )
    items: list[Item] = [Facts(facts=facts), Heading(text=_("What happened")), Text(text=told.what)]
    if told.clients:
        items += [Heading(text=_("Clients affected")), Text(text=told.clients)]
    names = (
        (("breach.reopen", _("Open it again")),)
        if breach.state == "closed"
        else (("breach.close", _("Close the case")),)
    )
    acts = (("breach.clocks", _("Clocks")), *names)
    items.append(Buttons(buttons=tuple(Button(label=label, act=Opens(name=n, subject=breach.id)) for n, label in acts)))
    return Page(title=breach.id, items=tuple(items))
