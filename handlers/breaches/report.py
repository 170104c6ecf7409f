"""Reporting a suspected breach (SOP 8.1): one sentence is enough, no name is needed, and nobody is blamed.

Invariants: the report is sealed to the intake key, so writing it needs no right to read; with "Leave my name out" no
person stands in any row; the DPO's ladder begins in the same transaction; the reporter is thanked with a reference.
"""

from collections.abc import Collection
from datetime import UTC, datetime

from handlers import escalations, notices
from handlers.breaches import intake, law
from handlers.interactions.checks import CLOCKS_DIFFER, refusals, seen_in
from handlers.request import Ask
from handlers.router import Who, command, opens, submits
from handlers.rules.checklist import containment
from handlers.rules.due_at import add
from handlers.views import (
    ChoiceField,
    Form,
    Heading,
    Invalid,
    ManyField,
    Option,
    Reply,
    Say,
    SearchField,
    Text,
    TextField,
    WhenField,
)
from handlers.words import _, when
from storage import audit, breaches, kept_from, people
from storage.people import Person
from storage.store import Tx

ANSWERS = {"yes": _("Yes"), "no": _("No"), "unsure": _("Not sure")}
LENGTH = 3000
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)  # what lies before is a slip of the hand


@command("report-breach", help=_("Report a suspected breach: wrong recipient, lost device, open file …"), who=Who.HUMAN)
@opens("report-breach", who=Who.HUMAN)
def ask_report(tx: Tx, ask: Ask) -> Form:
    """The form: one question that must be answered, six that may."""
    answers = tuple(Option(value=value, label=_(words)) for value, words in ANSWERS.items())
    return Form(
        name="report-breach",
        title=_("Report a breach"),
        submit=_("Report"),
        intro=(
            Text(text=_("Thank you for speaking up. A few words are enough; a late report is welcome too.")),
            *([] if ask.actor else [Text(text=_nameless())]),
            *([Text(text=ask.policy.emergency, strong=True)] if ask.policy.emergency else []),
        ),
        fields=(
            TextField(
                name="what",
                label=_("What happened?"),
                multiline=True,
                max_length=LENGTH,
                hint=_("Sealed at once; only the Data Protection Officer and the response team read it."),
            ),
            WhenField(name="noticed", label=_("When was it first noticed?"), optional=True),
            TextField(name="clients", label=_("Clients affected"), optional=True, max_length=1000),
            ChoiceField(name="personal", label=_("Is personal data involved?"), options=answers, optional=True),
            ChoiceField(name="ongoing", label=_("Is it still going on?"), options=answers, optional=True),
            *([_hide()] if ask.actor else []),
            ManyField(
                name="anonymous",
                label=_("Leave my name out"),
                options=(Option(value="yes", label=_("Leave my name out")),),
                hint=_("Then nothing in Sopwith says who reported. Please do not put your name into the text."),
            ),
        ),
        values={"what": ask.request.text, **ask.values},
    )


def _hide() -> SearchField:
    return SearchField(
        name="hide",
        label=_("Somebody who should not see this"),
        search="complaint.people",
        hint=_("If you choose somebody, that person is passed over and finds it nowhere in Sopwith."),
        optional=True,
        aside=True,
    )


def _nameless() -> str:
    """For somebody without a row in the people file: there is no name to put on the report."""
    return _(
        "Sopwith does not know you yet, so no name will stand on this report. "
        "If you wish to be asked about it, please write below how to reach you."
    )


@submits("report-breach", who=Who.HUMAN, urgent=True)
def report(tx: Tx, ask: Ask) -> Reply:
    """Seal it, tell the DPO and management, thank the reporter with three things to do now."""
    errors, why = _faults(tx, ask)
    if errors:
        return Invalid(errors=errors, why=why)
    named = "yes" not in ask.chosen("anonymous") and ask.actor is not None
    id = begin(
        tx,
        ask,
        what=ask.typed("what"),
        clients=ask.typed("clients"),
        noticed=ask.instant("noticed"),
        personal=ask.typed("personal"),
        ongoing=ask.typed("ongoing"),
        reporter=ask.actor if named else None,
        hidden=[ask.typed("hide")] if ask.actor and ask.typed("hide") else [],
    )
    return _thanks(tx, ask, id)


def begin(
    tx: Tx,
    ask: Ask,
    *,
    what: str,
    clients: str = "",
    noticed: datetime | None = None,
    personal: str = "",
    ongoing: str = "",
    reporter: Person | None,
    hidden: Collection[str] = (),
) -> str:
    """Put it on record and tell the ladder and management; `hidden`: ids of people who are passed over, and find it
    nowhere. Gives the reference."""
    id, by = breaches.reference(), reporter.id if reporter else None
    compartment_id, sealed, fingerprint = intake.seal(tx, id, intake.Report(what=what, clients=clients))
    breaches.add(
        tx,
        id=id,
        compartment_id=compartment_id,
        intake=sealed,
        noticed_at=noticed,
        personal_data=personal or "unsure",
        ongoing=ongoing or "unsure",
        reporter_id=by,
        policy_hash=ask.policy.hash,
    )
    kept_from.add(tx, id, hidden)
    audit.record(tx, "breach.reported", who=by, breach=id, sealed=fingerprint)
    escalations.begin(tx, ask, "breach", id, None)
    law.begin(tx, ask, id)
    for manager in people.holders(tx, "senior_management"):
        notices.tell(tx, manager, key=f"{id}:inform", kind="breach.inform", subject=id, urgent=True)
    return id


def _faults(tx: Tx, ask: Ask) -> tuple[dict[str, str], str]:
    errors, noticed = dict[str, str](), ask.instant("noticed")
    if not ask.typed("what"):
        errors["what"] = _("Please say in a few words what happened.")
    if noticed and noticed > tx.now + CLOCKS_DIFFER:
        errors["noticed"] = _("This lies in the future. Leave it empty if you are not sure.")
    if noticed and noticed < EARLIEST:
        errors["noticed"] = _("This lies too far back. Leave it empty if you are not sure.")
    for name, most in (("what", LENGTH), ("clients", 1000)):
        if len(ask.typed(name)) > most:
            errors[name] = _("This is too long: at most {n} characters.").format(n=most)
    if ask.actor and ask.typed("hide") and people.by_id(tx, ask.typed("hide")) is None:
        errors["hide"] = _("Please choose somebody from the list, or leave it empty.")
    refused, why = refusals(seen_in(ask, ("what", "clients")))
    return {**errors, **refused}, why


def _thanks(tx: Tx, ask: Ask, id: str) -> Say:
    steps = containment(ask.typed("what"), _known(ask.typed("personal")), _known(ask.typed("ongoing")))
    by = add(ask.policy.dpo_within, tx.now, ask.policy.calendar(None), ask.policy.zone)
    if any(officer.id not in kept_from.of(tx, id) for officer in people.holders(tx, "dpo")):
        told = _("The Data Protection Officer is told now and answers by {by}. Your reference is {reference}.")
    else:
        told = _("Management is told now, and somebody answers by {by}. Your reference is {reference}.")
    return Say(
        title=_("Thank you"),
        reference=id,
        text=_("Thank you for reporting this."),
        items=(
            Text(text=told.format(by=when(by, ask.policy.zone, tx.now), reference=id), strong=True),
            Heading(text=_("What helps right now")),
            *(Text(text=f"{number}. {_(step)}") for number, step in enumerate(steps, 1)),
            *([Text(text=ask.policy.emergency)] if ask.policy.emergency else []),
        ),
    )


def _known(answer: str) -> bool | None:
    return {"yes": True, "no": False}.get(answer)
