"""What is looked at before an interaction is put on record: what is missing, impossible, not one's own, or too
sensitive.

Invariant: a finding names the field and the cure, never what was typed there.
"""

from collections.abc import Collection, Mapping
from datetime import timedelta

from handlers import access as files
from handlers.interactions.choices import DIRECTIONS, EXPECTS, KINDS, OTHER_CHANNEL, SUMMARY_LENGTH, UNLISTED
from handlers.request import Ask
from handlers.rules.sensitive import LABELS, Hit, Severity, hits
from handlers.words import _, listing
from storage import people
from storage.store import Tx

CLOCKS_DIFFER = timedelta(minutes=5)
SEALED = ("unlisted", "which_channel", "summary")


Seen = Mapping[str, tuple[Hit, ...]]  # by field


def seen_in(ask: Ask, names: Collection[str]) -> Seen:
    """What should not stand in these fields."""
    return {name: found for name in names if (found := hits(ask.typed(name)))}


def faults(tx: Tx, ask: Ask, way: files.Way | None, seen: Seen) -> tuple[dict[str, str], str]:
    """What is wrong, by field, and the word recorded for it. `way`: the one into the chosen file."""
    errors = {**_missing(ask), **_times(tx, ask), **_rights(tx, ask, way)}
    refused, why = refusals(seen)
    return {**errors, **refused}, why


def refusals(seen: Seen) -> tuple[dict[str, str], str]:
    """Cards and private keys are refused beside their field; with the word that is recorded (kinds, nothing else)."""
    refused = {name: [hit for hit in found if hit.severity is Severity.BLOCK] for name, found in seen.items()}
    found = {name: blocked for name, blocked in refused.items() if blocked}
    words = _("This seems to contain {what}. Please take it out, or keep the last four digits only; nothing was saved.")
    errors = {name: words.format(what=listing([_(LABELS[h.kind]) for h in blocked])) for name, blocked in found.items()}
    kinds = ",".join(sorted({h.kind.value for blocked in found.values() for h in blocked}))
    return errors, f"sensitive data: {kinds}" if kinds else ""


def unfit(ask: Ask, names: Collection[str], most: int) -> tuple[dict[str, str], str]:
    """Texts that are too long or have in them what should not stand there, by field; and the word recorded for it."""
    long = {n: _("This is too long: at most {n} characters.").format(n=most) for n in names if len(ask.typed(n)) > most}
    refused, why = refusals(seen_in(ask, names))
    return {**long, **refused}, why


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


def _rights(tx: Tx, ask: Ask, way: files.Way | None) -> dict[str, str]:
    chosen = ask.typed("client")
    if chosen and chosen != UNLISTED.value and not (way and way.writes):
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
    if chosen and chosen != UNLISTED.value and not files.may_write(tx, replier, chosen):
        return {
            "replier": _("{name} may not open this file. Please choose somebody who may.").format(name=replier.name)
        }
    return {}


def warning(seen: Seen) -> str:
    """One kind line about what had better not stand there, or empty."""
    kinds = sorted({_(LABELS[h.kind]) for found in seen.values() for h in found if h.severity is Severity.WARN})
    if not kinds:
        return ""
    return _("The note seems to contain {what}. If it need not be there, please correct it.").format(
        what=listing(kinds)
    )
