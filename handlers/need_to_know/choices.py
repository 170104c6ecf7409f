"""The few answers that forms about access offer, and what they mean."""

from collections.abc import Mapping
from datetime import datetime

from handlers.interactions.checks import refusals, seen_in
from handlers.request import Ask
from handlers.rules.due_at import add
from handlers.rules.spans import Span, span
from handlers.views import ChoiceField, Option, TextField
from handlers.words import _
from storage.store import Tx

PURPOSES = {
    "work": _("My work on the matter"),
    "cover": _("Standing in for a colleague"),
    "supervision": _("Supervision"),
    "review": _("Audit or quality review"),
    "billing": _("Billing or records"),
}
TIMES: Mapping[str, tuple[str, Span]] = {
    "week": (_("One week"), span("7 days")),
    "month": (_("One month"), span("1 month")),
    "quarter": (_("Three months"), span("3 months")),
    "year": (_("Twelve months"), span("12 months")),
}
YEAR = "year"
REASON_LENGTH, SHORTEST = 500, 20
NUMBER_LENGTH = 80


def number_field() -> TextField:
    """A file one may not open has no name and no codename for the one who asks: only the firm's number."""
    return TextField(name="number", label=_("Client or matter number"), max_length=NUMBER_LENGTH)


def reason_field(label: str, hint: str = "") -> TextField:
    return TextField(name="reason", label=label, hint=hint, multiline=True, max_length=REASON_LENGTH)


def choice(name: str, label: str, options: Mapping[str, str]) -> ChoiceField:
    """One of these, in this order."""
    return ChoiceField(name=name, label=label, options=tuple(Option(value=k, label=_(v)) for k, v in options.items()))


def purpose_field() -> ChoiceField:
    return choice("purpose", _("What for?"), PURPOSES)


def until_field() -> ChoiceField:
    return choice("until", _("For how long?"), {key: words for key, (words, _span) in TIMES.items()})


def until(tx: Tx, ask: Ask) -> datetime | None:
    """The end that was chosen."""
    chosen = TIMES.get(ask.typed("until"))
    return add(chosen[1], tx.now, ask.policy.calendar(None), ask.policy.zone) if chosen else None


def reason_faults(ask: Ask, shortest: int = 1) -> tuple[dict[str, str], str]:
    """What is wrong with the reason, and the word recorded for it."""
    errors, why = refusals(seen_in(ask, ("reason",)))
    if len(ask.typed("reason")) < shortest:
        words = _("Please write a line.") if shortest == 1 else _("Please write at least {n} characters.")
        errors["reason"] = words.format(n=shortest)
    elif len(ask.typed("reason")) > REASON_LENGTH:
        errors["reason"] = _("This is too long: at most {n} characters.").format(n=REASON_LENGTH)
    return errors, why


def not_chosen(ask: Ask, name: str, known: Mapping[str, object]) -> dict[str, str]:
    return {} if ask.typed(name) in known else {name: _("Please choose one.")}
