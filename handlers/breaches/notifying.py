"""What became of a statutory clock: a notice was sent, in whole or in part, or is not needed (GDPR Art. 33(1), 33(4)).

Invariants: a decision has a name, an instant and its reasons, sealed with the case; a late notice has the reasons of
its delay; the first notice meets the clock, more may follow it; nothing put on record is changed.
"""

from datetime import datetime

from handlers import notices
from handlers.breaches import law
from handlers.breaches.clock_pages import CHANNELS, clock_case
from handlers.breaches.intake import seal_words
from handlers.breaches.law import Standing
from handlers.breaches.rights import in_hand
from handlers.interactions.checks import CLOCKS_DIFFER, unfit
from handlers.interactions.choices import options
from handlers.people import zone_of
from handlers.request import Ask
from handlers.router import action, opens, submits
from handlers.views import ChoiceField, Done, Form, Invalid, Reply, Say, Text, TextField, WhenField
from handlers.words import _, when
from storage import audit, breach_law
from storage.breach_law import NoticeRow
from storage.breaches import Breach
from storage.store import Tx

LENGTH = 2000
WHOLE = {"sent": _("Yes, it is complete"), "part": _("No, more is to follow")}


@opens("breach.sent")
def ask_sent(tx: Tx, ask: Ask) -> Form:
    """When, how, and with which reference; why so late, if it is."""
    breach, one = clock_case(tx, ask)
    in_hand(breach)
    return Form(
        name="breach.sent",
        title=_("A notice was sent"),
        submit=_("Put on record"),
        subject=ask.subject,
        intro=(Text(text=one.row.recipient, strong=True), *_late_words(tx, ask, one)),
        fields=(
            WhenField(name="sent", label=_("When was it sent?")),
            ChoiceField(name="channel", label=_("How?"), options=options(CHANNELS)),
            ChoiceField(name="whole", label=_("Does it say everything?"), options=options(WHOLE)),
            TextField(name="reference", label=_("The authority's reference"), optional=True, max_length=200),
            TextField(
                name="late",
                label=_("If it is late: what are the reasons?"),
                optional=True,
                multiline=True,
                max_length=LENGTH,
                hint=_("A late notice says so. Nobody is blamed for it here."),
            ),
        ),
        values={"sent": tx.now, "whole": "sent", **ask.values},
    )


def _late_words(tx: Tx, ask: Ask, one: Standing) -> tuple[Text, ...]:
    due = one.row.due_at
    if due is None or one.settled:
        return ()
    at = when(due, zone_of(tx, ask.person, ask.policy), tx.now)
    return (Text(text=(_("It was due by {at}.") if due < tx.now else _("It is due by {at}.")).format(at=at)),)


@submits("breach.sent")
def sent(tx: Tx, ask: Ask) -> Reply:
    """The notice on record; the clocks that wait for it begin."""
    breach, one = clock_case(tx, ask)
    in_hand(breach)
    at, errors = ask.instant("sent"), dict[str, str]()
    if at is None:
        errors["sent"] = _("Please say when it was sent.")
    elif at > tx.now + CLOCKS_DIFFER:
        errors["sent"] = _("This lies in the future. Please put it on record once it was sent.")
    elif at < (law.known(tx, ask, breach).earliest() or at):
        errors["sent"] = _("This lies before the first sign of the breach. Please look at the date.")
    for name, known in (("channel", CHANNELS), ("whole", WHOLE)):
        if ask.typed(name) not in known:
            errors[name] = _("Please choose one.")
    due = one.row.due_at
    if at and due and at > due and not one.settled and not ask.typed("late"):
        errors["late"] = _("It was sent after the time was over. Please write the reasons for the delay.")
    refused, why = unfit(ask, ("reference", "late"), LENGTH)
    if errors or refused:
        return Invalid(errors={**errors, **refused}, why=why)
    lines = ((_("Reference: {text}"), ask.typed("reference")), (_("Reasons for the delay: {text}"), ask.typed("late")))
    text = "\n".join(line.format(text=text) for line, text in lines if text)
    return _put(tx, ask, breach, one, kind=ask.typed("whole"), text=text, channel=ask.typed("channel"), sent_at=at)


@opens("breach.not-needed")
def ask_not_needed(tx: Tx, ask: Ask) -> Form:
    """Why nobody has to be told."""
    breach, one = clock_case(tx, ask)
    in_hand(breach)
    return Form(
        name="breach.not-needed",
        title=_("Not needed"),
        submit=_("Put on record"),
        subject=ask.subject,
        intro=(Text(text=one.row.recipient, strong=True),),
        fields=(TextField(name="reasons", label=_("Why is it not needed?"), multiline=True, max_length=LENGTH),),
        values=ask.values,
    )


@submits("breach.not-needed")
def not_needed(tx: Tx, ask: Ask) -> Reply:
    """A decision of a named person, with its reasons."""
    breach, one = clock_case(tx, ask)
    in_hand(breach)
    errors = {} if ask.typed("reasons") else {"reasons": _("Please write the reasons: an authority may ask for them.")}
    refused, why = unfit(ask, ("reasons",), LENGTH)
    if errors or refused:
        return Invalid(errors={**errors, **refused}, why=why)
    if one.settled:
        return Say(title=breach.id, text=_("This was told or decided already. Nothing to do."))
    return _put(tx, ask, breach, one, kind="not_needed", text=ask.typed("reasons"))


@action("breach.needed")
def needed(tx: Tx, ask: Ask) -> Reply:
    """What was told or decided does not count, after all: it stays on record, and the clock waits again."""
    breach, one = clock_case(tx, ask)
    in_hand(breach)
    if not one.settled:
        return Done()
    _put(tx, ask, breach, one, kind=law.AFTER_ALL, text="")
    return Done()


def _put(
    tx: Tx,
    ask: Ask,
    breach: Breach,
    one: Standing,
    *,
    kind: str,
    text: str,
    channel: str = "",
    sent_at: datetime | None = None,
) -> Say:
    id = breach_law.notice_id()
    row = NoticeRow(
        id=id,
        clock=one.row.clock,
        kind=kind,
        channel=channel,
        sent_at=sent_at,
        words=seal_words(tx, breach, (breach_law.NOTICES, "words", id), text),
        by=ask.person.id,
        at=tx.now,
    )
    breach_law.add_notice(tx, breach.id, row)
    audit.record(tx, f"breach.notice-{kind}", who=ask.person.id, breach=breach.id, clock=row.clock, notice=id)
    law.reckon(tx, ask, breach, who=ask.person.id, again=[row.clock] if kind == law.AFTER_ALL else [])
    notices.refresh(tx, breach.id)
    return Say(title=breach.id, text=_("On record. Thank you."))
