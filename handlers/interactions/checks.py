"""What is looked at before an interaction is put on record: what is missing, impossible, not one's own, or too
sensitive.

Invariant: a finding names the field and the cure, never what was typed there.
"""

from collections.abc import Mapping
from datetime import timedelta

from handlers import access as files
from handlers.clients import UNLISTED
from handlers.interactions.choices import DIRECTIONS, EXPECTS, KINDS, OTHER_CHANNEL, SUMMARY_LENGTH
from handlers.request import Ask
from handlers.rules.sensitive import LABELS, Hit, Severity, hits
from handlers.words import _, listing
from storage import people
from storage.store import Tx

CLOCKS_DIFFER = timedelta(minutes=5)
SEALED = ("unlisted", "which_channel", "summary")


def faults(tx: Tx, ask: Ask) -> tuple[dict[str, str], str]:
    """What is wrong, by field, and the word recorded for it."""
    errors = {**_missing(ask), **_times(tx, ask), **_rights(tx, ask)}
    refused, why = refusals({name: ask.typed(name) for name in SEALED})
    return {**errors, **refused}, why


def refusals(typed: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Cards and private keys are refused beside their field; with the word that is recorded (kinds, nothing else)."""
    found = {name: blocked for name, text in typed.items() if (blocked := _blocked(text))}
    words = _("This seems to contain {what}. Please take it out, or keep the last four digits only; nothing was saved.")
    errors = {name: words.format(what=listing([_(LABELS[h.kind]) for h in blocked])) for name, blocked in found.items()}
    kinds = ",".join(sorted({h.kind.value for blocked in found.values() for h in blocked}))
    return errors, f"sensitive data: {kinds}" if kinds else ""


def _blocked(text: str) -> list[Hit]:
    return [hit for hit in hits(text) if hit.severity is Severity.BLOCK]


def _missing(ask: Ask) -> dict[str, str]:
    errors = {}
    for name, words in (
        ("client", _("Please choose a client, or “My client is not listed”.")),
        ("summary", _("Please write a line about what was said and agreed.")),
    ):
        if not ask.typed(name):
            errors[name] = words
    for name, known in (("direction", DIRECTIONS), ("kind", KINDS), ("expects", EXPECTS)):
        if ask.typed(name) not in known:
            errors[name] = _("Please choose one.")
    if ask.typed("channel") not in {*ask.policy.channels, OTHER_CHANNEL}:
        errors["channel"] = _("Please choose a channel.")
    if ask.typed("channel") == OTHER_CHANNEL and not ask.typed("which_channel"):
        errors["which_channel"] = _("Please say which channel it was.")
    if ask.typed("client") == UNLISTED.value and not ask.typed("unlisted"):
        errors["unlisted"] = _("Please type the name of the client.")
    for name, most in (("summary", SUMMARY_LENGTH), ("which_channel", 80), ("unlisted", 200)):
        if len(ask.typed(name)) > most:
            errors[name] = _("This is too long: at most {n} characters.").format(n=most)
    return errors


def _times(tx: Tx, ask: Ask) -> dict[str, str]:
    at, answered = ask.instant("when"), ask.instant("answered")
    if at is None:
        return {"when": _("Please choose a day and a time.")}
    if at > tx.now + CLOCKS_DIFFER:
        return {"when": _("This lies in the future. Please log it when it has happened.")}
    if ask.typed("expects") != "answered":
        return {}
    if answered is None:
        return {"answered": _("Please say when it was answered.")}
    if not at <= answered <= tx.now + CLOCKS_DIFFER:
        return {"answered": _("This must lie between the inquiry and now.")}
    return {}


def _rights(tx: Tx, ask: Ask) -> dict[str, str]:
    chosen = ask.typed("client")
    if chosen and chosen != UNLISTED.value and not files.may_open(tx, ask.person, chosen):
        return {"client": _("This file is not open to you. Choose another, or “My client is not listed”.")}
    if ask.typed("replier") in {"", ask.person.id}:
        return {}
    replier = people.by_id(tx, ask.typed("replier"))
    if replier is None or not replier.active(tx.now):
        return {"replier": _("This person no longer works here. Please choose somebody else.")}
    if not ask.policy.takes_part(replier):
        return {
            "replier": _("{name} does not use Sopwith yet. Please choose somebody who does.").format(name=replier.name)
        }
    if chosen and chosen != UNLISTED.value and not files.may_open(tx, replier, chosen):
        return {
            "replier": _("{name} may not open this file. Please choose somebody who may.").format(name=replier.name)
        }
    return {}


def warning(texts: list[str]) -> str:
    """One kind line about what had better not stand there, or empty."""
    kinds = sorted({_(LABELS[h.kind]) for text in texts for h in hits(text) if h.severity is Severity.WARN})
    if not kinds:
        return ""
    return _("The note seems to contain {what}. If it need not be there, please correct it.").format(
        what=listing(kinds)
    )
