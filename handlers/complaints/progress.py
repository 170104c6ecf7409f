"""Working on a complaint: news, the outcome, and opening it again (SOP 5.5).

Invariants: what is written is sealed with the case; a reply stops its clock; the outcome says what was found, what was
done about it, why it happened, and whether the client was told where else to turn.
"""

from handlers import escalations, notices
from handlers.complaints import clocks
from handlers.complaints.checks import still_open, texts
from handlers.complaints.choices import LENGTH, NOTES, OUTCOMES, SIGNPOSTED
from handlers.complaints.compartment import seal_note
from handlers.complaints.owning import SILENT, STILL, noted, spoke
from handlers.complaints.rights import has_it, owned, theirs
from handlers.interactions.choices import options
from handlers.request import Ask
from handlers.router import opens, submits
from handlers.views import ChoiceField, Form, Invalid, Reply, Say, TextField
from handlers.words import _
from storage import audit, complaints, people, timers
from storage import escalations as ladders
from storage.complaints import Complaint
from storage.store import Tx


@opens("complaint.note")
def ask_news(tx: Tx, ask: Ask) -> Form:
    """What was done."""
    complaint = still_open(owned(tx, ask, ask.subject))
    return Form(
        name="complaint.note",
        title=_("Add news"),
        submit=_("Add"),
        subject=complaint.id,
        fields=(
            ChoiceField(name="kind", label=_("What is it?"), options=options(NOTES)),
            TextField(name="text", label=_("What was said or done?"), multiline=True, max_length=LENGTH),
        ),
    )


@submits("complaint.note")
def add_news(tx: Tx, ask: Ask) -> Reply:
    """Sealed; a reply to the client stops the first clock, news begin the next."""
    complaint = still_open(owned(tx, ask, ask.subject))
    errors, why = texts(ask, {"text": _("Please write a line.")})
    if ask.typed("kind") not in NOTES:
        errors["kind"] = _("Please choose one.")
    if errors:
        return Invalid(errors=errors, why=why)
    id = complaints.note_id()
    noted(tx, ask, complaint, ask.typed("kind"), id=id, text=seal_note(tx, complaint, id, ask.typed("text")))
    if ask.typed("kind") != "update":
        clocks.told_the_client(tx, ask, complaint, reply=ask.typed("kind") == "reply")
    return Say(title=complaint.id, text=_("Added. Thank you."))


@opens("complaint.resolve")
def ask_outcome(tx: Tx, ask: Ask) -> Form:
    """What came of it; asked so that the yearly review can learn from it."""
    complaint = still_open(owned(tx, ask, ask.subject))
    return Form(
        name="complaint.resolve",
        title=_("Resolve"),
        submit=_("Resolve"),
        subject=complaint.id,
        fields=(
            ChoiceField(name="outcome", label=_("What was found?"), options=options(OUTCOMES)),
            TextField(name="answer", label=_("What was the client told?"), multiline=True, max_length=LENGTH),
            TextField(name="redress", label=_("What was done to put it right?"), optional=True, max_length=1000),
            TextField(name="cause", label=_("Why did it happen?"), optional=True, max_length=1000),
            ChoiceField(
                name="signposted",
                label=_("Was the client told where else to turn?"),
                options=options(SIGNPOSTED),
                hint=_("An ombudsman or authority, with its address and the last day."),
            ),
        ),
    )


@submits("complaint.resolve")
def resolve(tx: Tx, ask: Ask) -> Reply:
    """The outcome on record; every clock, reminder and rung ends."""
    complaint = owned(tx, ask, ask.subject)
    errors, why = texts(ask, {"answer": _("Please write what the client was told.")}, ("redress", "cause"))
    for name, known in (("outcome", OUTCOMES), ("signposted", SIGNPOSTED)):
        if ask.typed(name) not in known:
            errors[name] = _("Please choose one.")
    if errors:
        return Invalid(errors=errors, why=why)
    if not complaints.resolve(tx, complaint.id, ask.typed("outcome")):
        return Say(title=complaint.id, text=_("This is resolved already. Nothing to do."))
    id = complaints.note_id()
    text = "\n".join(
        line.format(text=text)
        for line, text in (
            (_("What was found: {text}"), _(OUTCOMES[ask.typed("outcome")])),
            (_("What the client was told: {text}"), ask.typed("answer")),
            (_("What was done to put it right: {text}"), ask.typed("redress")),
            (_("Why it happened: {text}"), ask.typed("cause")),
            (_("Told where else to turn: {text}"), _(SIGNPOSTED[ask.typed("signposted")])),
        )
        if text
    )
    sealed = seal_note(tx, complaint, id, text)
    complaints.add_note(tx, complaint.id, id=id, kind="resolved", by=ask.person.id, text=sealed)
    audit.record(tx, "complaint.resolved", who=ask.person.id, complaint=complaint.id)
    complaints.meet(tx, complaint.id)
    escalations.end(tx, complaint.id)
    timers.cancel(tx, complaint.id, SILENT, STILL, clocks.MOMENT)
    notices.settle(tx, complaint.id)
    _thank_the_recorder(tx, ask, complaint)
    return Say(title=_("Resolved"), text=_("{reference} is resolved. Thank you.").format(reference=complaint.id))


def _thank_the_recorder(tx: Tx, ask: Ask, complaint: Complaint) -> None:
    """Whoever passed it on hears that it is over, and nothing else; not whom it is about."""
    recorder = people.by_id(tx, complaint.recorded_by)
    if recorder and recorder.id != ask.person.id and recorder.active(tx.now):
        key = f"{complaint.id}:over:{tx.now.isoformat()}"
        notices.tell(tx, recorder, key=key, kind="complaint.over", subject=complaint.id)


@opens("complaint.reopen")
def ask_why_again(tx: Tx, ask: Ask) -> Form:
    """Why it is not over after all."""
    complaint = theirs(tx, ask, ask.subject)
    return Form(
        name="complaint.reopen",
        title=_("Open it again"),
        submit=_("Open it again"),
        subject=complaint.id,
        fields=(TextField(name="text", label=_("Why is there more to do?"), multiline=True, max_length=LENGTH),),
    )


@submits("complaint.reopen")
def reopen(tx: Tx, ask: Ask) -> Reply:
    """Back to its owner if the owner asks for it, else up the ladder again; the clocks run from now."""
    complaint = theirs(tx, ask, ask.subject)
    errors, why = texts(ask, {"text": _("Please write a line.")})
    if errors:
        return Invalid(errors=errors, why=why)
    if not complaints.reopen(tx, complaint.id):
        return Say(title=complaint.id, text=_("This is open already."))
    id = complaints.note_id()
    sealed = seal_note(tx, complaint, id, ask.typed("text"))
    complaints.add_note(tx, complaint.id, id=id, kind="reopened", by=ask.person.id, text=sealed)
    audit.record(tx, "complaint.reopened", who=ask.person.id, complaint=complaint.id)
    clocks.again(tx, ask, complaint)
    if has_it(tx, ask.person, ladders.of(tx, complaint.id)):
        spoke(tx, ask, complaint.id)
    else:
        escalations.resume(tx, ask.policy, complaint.id)
    notices.refresh(tx, complaint.id)
    return Say(title=complaint.id, text=_("It is open again."))
