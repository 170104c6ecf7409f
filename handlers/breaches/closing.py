"""The end of a breach and the register of all (GDPR Art. 33(5); SOP 8.6): nothing ends while something waits.

Invariants: a real breach closes with every step done and every clock told or decided; "not a breach" and "reported
already" close with their reasons alone; every report stays in the register, whatever it was; what was learned is sealed
with the case, and opening it again starts its clocks where they stood.
"""

from handlers import escalations, notices
from handlers.breaches import law
from handlers.breaches.checks import counted
from handlers.breaches.intake import seal_words
from handlers.breaches.respond import undone
from handlers.breaches.rights import REGISTER, in_hand, may_respond, theirs
from handlers.interactions.checks import unfit
from handlers.interactions.choices import options
from handlers.people import zone_of
from handlers.request import Ask, Refused
from handlers.router import opens, submits
from handlers.views import Button, Buttons, ChoiceField, Form, Invalid, Item, Opens, Page, Reply, Say, Text, TextField
from handlers.words import _, listing, when
from storage import audit, breach_law, breaches, kept_from, timers
from storage import escalations as ladders
from storage.breaches import Breach
from storage.store import Tx

OUTCOMES = {
    "breach": _("It was a breach"),
    "not_a_breach": _("It was not a breach"),
    "duplicate": _("It was reported already"),
}
STATES = {"reported": _("reported"), "triage": _("in hand"), "closed": _("closed")}
SHOWN = 20


@opens("breach.close")
def ask_end(tx: Tx, ask: Ask) -> Form:
    """What it was, and what was learned."""
    breach = in_hand(theirs(tx, ask, ask.subject))
    return Form(
        name="breach.close",
        title=_("Close the case"),
        submit=_("Close"),
        subject=breach.id,
        fields=(
            ChoiceField(name="outcome", label=_("What was it?"), options=options(OUTCOMES)),
            TextField(
                name="review",
                label=_("What was found, done and learned?"),
                multiline=True,
                max_length=3000,
                hint=_("Facts, effects and remedies: an authority may ask to see this. Opinions belong to counsel."),
            ),
        ),
        values=ask.values,
    )


@submits("breach.close")
def close(tx: Tx, ask: Ask) -> Reply:
    """Its end on record; no clock, ladder or reminder of it runs any more."""
    breach = theirs(tx, ask, ask.subject)
    if breach.state == "closed":
        return Say(title=breach.id, text=_("This is closed already. Nothing to do."))
    outcome, errors = ask.typed("outcome"), dict[str, str]()
    if outcome not in OUTCOMES:
        errors["outcome"] = _("Please choose one.")
    elif outcome == "breach" and (left := _left(tx, breach)):
        errors["outcome"] = _("Still to do: {what}.").format(what=listing(left))
    if not ask.typed("review"):
        errors["review"] = _("Please write what was found and learned; for “not a breach”, why not.")
    refused, why = unfit(ask, ("review",), 3000)
    if errors or refused:
        return Invalid(errors={**refused, **errors}, why=why)
    id = breach_law.end_id()
    words = seal_words(tx, breach, (breach_law.ENDS, "words", id), ask.typed("review"))
    breach_law.add_end(tx, breach.id, id=id, outcome=outcome, words=words, by=ask.person.id)
    breaches.advance(tx, breach.id, "closed")
    audit.record(tx, "breach.closed", who=ask.person.id, breach=breach.id, outcome=outcome)
    ladders.close(tx, breach.id)
    timers.cancel(tx, breach.id)
    notices.settle(tx, breach.id)
    return Say(title=_("Closed"), text=_("{reference} is closed. Thank you.").format(reference=breach.id))


def _left(tx: Tx, breach: Breach) -> list[str]:
    """What stands against an end: steps, and clocks that nobody told or decided."""
    waiting = sum(one.waiting or one.more_to_follow for one in law.standing(tx, breach.id))
    clocks = [_("{n} clocks to be told or decided").format(n=waiting)] if waiting else []
    return [*undone(tx, breach), *clocks]


@opens("breach.reopen")
def ask_why(tx: Tx, ask: Ask) -> Form:
    """Why it is not over after all."""
    breach = theirs(tx, ask, ask.subject)
    return Form(
        name="breach.reopen",
        title=_("Open it again"),
        submit=_("Open it again"),
        subject=breach.id,
        fields=(TextField(name="reason", label=_("Why is there more to do?"), multiline=True, max_length=1000),),
        values=ask.values,
    )


@submits("breach.reopen")
def reopen(tx: Tx, ask: Ask) -> Reply:
    """In hand again, with whoever opened it; its clocks stand where they stood."""
    breach = theirs(tx, ask, ask.subject)
    errors = {} if ask.typed("reason") else {"reason": _("Please write a line.")}
    refused, why = unfit(ask, ("reason",), 1000)
    if errors or refused:
        return Invalid(errors={**errors, **refused}, why=why)
    if breach.state != "closed":
        return Say(title=breach.id, text=_("This is open already."))
    id = breach_law.end_id()
    words = seal_words(tx, breach, (breach_law.ENDS, "words", id), ask.typed("reason"))
    breach_law.add_end(tx, breach.id, id=id, outcome="reopened", words=words, by=ask.person.id)
    breaches.advance(tx, breach.id, "triage")
    audit.record(tx, "breach.reopened", who=ask.person.id, breach=breach.id)
    ladders.resume(tx, breach.id)
    escalations.take(tx, ask.policy, breach.id, ask.person)
    again = [row.clock for row in breach_law.clocks(tx, breach.id)]
    law.reckon(tx, ask, breach, who=ask.person.id, again=again)
    notices.refresh(tx, breach.id)
    return Say(title=breach.id, text=_("It is open again, and in your hands."))


@opens("breach.register")
def register(tx: Tx, ask: Ask) -> Page:
    """Every report with what became of it, the newest first; for those who respond, and for auditors."""
    if not ask.person.roles & REGISTER:
        words = _("The register is for the Data Protection Officer, senior management and auditors.")
        raise Refused(words, why="for another role")
    zone, first = zone_of(tx, ask.person, ask.policy), counted(ask.subject)
    kept = kept_from.by_person(tx, ask.person.id)
    mine = [one for one in breaches.everything(tx) if one.id not in kept]
    items: list[Item] = []
    for breach in mine[first : first + SHOWN]:
        ends = breach_law.ends(tx, breach.id) if breach.state == "closed" else []
        state = _(OUTCOMES[ends[-1].outcome]) if ends else _(STATES[breach.state])
        at = when(breach.reported_at, zone, tx.now)
        items.append(
            Text(text=_("{reference}, reported {at}: {state}").format(reference=breach.id, at=at, state=state))
        )
        if may_respond(tx, ask.person, breach.id):
            see = Button(label=_("Open"), act=Opens(name="breach.open", subject=breach.id))
            items.append(Buttons(buttons=(see,)))
    if len(mine) > first + SHOWN:
        more = Button(label=_("Older ones"), act=Opens(name="breach.register", subject=str(first + SHOWN)))
        items.append(Buttons(buttons=(more,)))
    return Page(title=_("Breach register"), items=tuple(items) or (Text(text=_("No breach was reported so far.")),))
