"""What is known about a breach, said and said anew; each change reckons its clocks again from the original events.

Invariants: facts are added with who and when, never changed; a later awareness than before needs its reason, for it
moves clocks; only what the clocks looked at depend on is asked.
"""

from handlers import notices
from handlers.breaches import law
from handlers.breaches.checks import counted
from handlers.breaches.fact_fields import GROUPS, TITLES, fields, read
from handlers.breaches.intake import seal_words
from handlers.breaches.rights import in_hand, theirs
from handlers.interactions.checks import unfit
from handlers.request import Ask, Refused
from handlers.router import opens, submits
from handlers.rules.clock_terms import Clock
from handlers.rules.clocks import chosen
from handlers.rules.fact_values import asked_by
from handlers.views import Form, Invalid, Reply, Say, Text, TextField
from handlers.words import _
from storage import audit, breach_law
from storage.breaches import Breach
from storage.store import Tx

REASON = 1000


def _case(tx: Tx, ask: Ask) -> tuple[Breach, str, int]:
    """The breach, the questions, and after how many facts they were shown (`BR-…|times|4`)."""
    id, _bar, rest = ask.subject.partition("|")
    group, _bar, shown = rest.partition("|")
    breach = in_hand(theirs(tx, ask, id))
    if group not in GROUPS:
        raise Refused(_("This button is not known any more."), why="unknown group", subject=breach.id)
    return breach, group, counted(shown)


def _looked_at(tx: Tx, ask: Ask, breach: Breach) -> tuple[Clock, ...]:
    return chosen(ask.policy.clocks, law.known(tx, ask, breach), ask.policy.regimes)


@opens("breach.facts")
def ask_facts(tx: Tx, ask: Ask) -> Form:
    """What is known, as far as a clock asks for it; nothing must be filled in."""
    breach, group, _shown = _case(tx, ask)
    clocks, values = _looked_at(tx, ask, breach), law.values(tx, breach)
    asked = fields(group, asked_by(clocks), clocks, ask.policy.clocks, values)
    if group == "times":
        hint = _("Needed when the firm knew of it only later than was said before: why?")
        reason = TextField(name="reason", label=_("Reason"), optional=True, max_length=REASON, hint=hint)
        asked = [*asked, (reason, "")]
    return Form(
        name="breach.facts",
        title=_(TITLES[group]),
        submit=_("Save"),
        subject=f"{breach.id}|{group}|{len(breach_law.facts(tx, breach.id))}",
        intro=(Text(text=_("Leave empty what is not known: it counts as the worse answer until it is."), quiet=True),),
        fields=tuple(field for field, _value in asked),
        values={**{field.name: value for field, value in asked}, **ask.values},
    )


@submits("breach.facts")
def say(tx: Tx, ask: Ask) -> Reply:
    """What was changed in the form goes on record, and nothing that a colleague said meanwhile; the clocks follow."""
    breach, group, shown = _case(tx, ask)
    before, seen = law.values(tx, breach), law.values(tx, breach, first=shown)
    found, errors = read(group, ask.policy.clocks, tx.now, ask)
    refused, why = unfit(ask, ("reason",), REASON)
    changed = {n: v for n, v in found.items() if v != seen.get(n, "") and v != before.get(n, "")}
    if _later(before, changed) and not ask.typed("reason"):
        errors["reason"] = _("The firm knew of it later than was said before. Please write why; an authority may ask.")
    if errors or refused:
        return Invalid(errors={**errors, **refused}, why=why)
    if not changed:
        return Say(title=breach.id, text=_("Nothing has changed."))
    for name, value in changed.items():
        id, reason = breach_law.fact_id(), ask.typed("reason")
        sealed = seal_words(tx, breach, (breach_law.FACTS, "reason", id), reason) if reason else None
        breach_law.add_fact(tx, breach.id, id=id, name=name, value=value, by=ask.person.id, reason=sealed)
        audit.record(tx, "breach.fact", who=ask.person.id, breach=breach.id, fact=name, row=id)
    was = _waiting(tx, breach)
    law.reckon(tx, ask, breach, who=ask.person.id)
    notices.refresh(tx, breach.id)
    now = _waiting(tx, breach)
    words = [
        _("Saved."),
        *([_("{n} more clocks run now: please look at them.").format(n=len(now - was))] if now - was else []),
        *([_("{n} clocks do not run any more.").format(n=len(was - now))] if was - now else []),
    ]
    return Say(title=breach.id, text=" ".join(words))


def _waiting(tx: Tx, breach: Breach) -> set[str]:
    return {one.row.clock for one in law.standing(tx, breach.id) if one.waiting}


def _later(before: dict[str, str], changed: dict[str, str]) -> bool:
    """Awareness was said before, and is said to be later now, or not known after all."""
    said = before.get("aware_at", "")
    return bool(said) and "aware_at" in changed and (not changed["aware_at"] or changed["aware_at"] > said)
