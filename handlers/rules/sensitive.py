"""What should not stand in a free text field: cards, keys, identity numbers, contact lists, health details.

Invariants: what was found is never kept, only its kind and how often; no pattern has a repeat without a bound, so the
work grows with the length of the text alone. A hit is a known shape, not a proof: a person is asked to look again, and
only a card number or a private key is refused.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum

from handlers.rules.card_numbers import card_numbers
from handlers.rules.identity_numbers import ibans, nhs_numbers, uk_ninos, us_itins, us_ssns
from handlers.rules.plain_text import readings


class Severity(Enum):
    """BLOCK refuses the field; WARN asks for another look, and a reason to go on."""

    BLOCK = "block"
    WARN = "warn"


class Kind(Enum):
    """The closed set of things looked for, worst first."""

    CARD = "card"
    PRIVATE_KEY = "private_key"
    API_TOKEN = "api_token"  # noqa: S105  a kind's name
    US_SSN = "us_ssn"
    US_ITIN = "us_itin"
    IBAN = "iban"
    UK_NINO = "uk_nino"
    UK_NHS = "uk_nhs"
    CONTACT_LIST = "contact_list"
    IDENTITY_WORDS = "identity_words"
    HEALTH_WORDS = "health_words"


LABELS: Mapping[Kind, str] = {
    Kind.CARD: "a payment card number",
    Kind.PRIVATE_KEY: "a private key",
    Kind.API_TOKEN: "an access token or API key",
    Kind.US_SSN: "a US social security number",
    Kind.US_ITIN: "a US taxpayer number",
    Kind.IBAN: "a bank account number (IBAN)",
    Kind.UK_NINO: "a UK National Insurance number",
    Kind.UK_NHS: "an NHS number",
    Kind.CONTACT_LIST: "a list of e-mail addresses or phone numbers",
    Kind.IDENTITY_WORDS: "details of an identity document or a date of birth",
    Kind.HEALTH_WORDS: "details about somebody's health",
}
_WORST_FIRST = list(Kind)
_REFUSED = frozenset({Kind.CARD, Kind.PRIVATE_KEY})
_A_LIST = 5  # so many different addresses and phone numbers together


@dataclass(frozen=True, kw_only=True, slots=True)
class Hit:
    """One kind and how often it was seen; nothing of the text. A contact list counts its addresses and numbers."""

    kind: Kind
    severity: Severity
    count: int


Stretch = tuple[int, int]


def hits(text: str) -> tuple[Hit, ...]:
    """Every kind seen in the text, worst first; nothing for a text that may be saved as it is. Raises for no text.

    The text is made plain first; where it can be read in two ways, the reading with more hits of a kind counts.
    """
    most: dict[Kind, int] = {}
    for reading in readings(text) if text else ():
        for kind, count in _counts(reading):
            if count > most.get(kind, 0):
                most[kind] = count
    return tuple(
        Hit(kind=kind, severity=Severity.BLOCK if kind in _REFUSED else Severity.WARN, count=most[kind])
        for kind in sorted(most, key=_WORST_FIRST.index)
    )


def _counts(text: str) -> Iterable[tuple[Kind, int]]:
    """What one finder takes is covered before the next looks: the digits of an IBAN are not a telephone number too."""
    for kind, find in _FINDERS:
        found = list(find(text))
        yield kind, len(found)
        text = _covered(text, found) if found else text


def _covered(text: str, found: list[Stretch]) -> str:
    pieces, at = [], 0
    for start, end in found:
        pieces += [text[at:start], "#" * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Iterable[Stretch]]:
    return lambda text: (found.span() for found in pattern.finditer(text))


_PRIVATE_KEY = re.compile(
    r"-[ ]?BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?[ ]?-"  # PEM, OpenSSH, OpenPGP, SSH2
    r"|PuTTY-User-Key-File-[23]:"
    r"|AGE-SECRET-KEY-1[A-Z0-9]{50}",
    re.ASCII | re.IGNORECASE,
)
_API_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"xox[a-z]-[\w-]{10,250}|xapp-[0-9]-[\w-]{10,250}"  # Slack
    r"|hooks\.slack\.com/services/T\w{6,20}/B\w{6,20}/\w{16,60}"
    r"|gh[oprsu]_[A-Za-z0-9]{30,250}|github_pat_\w{22,250}|glpat-[\w-]{20,250}"  # GitHub, GitLab
    r"|(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])|AIza[\w-]{35}|AccountKey=[A-Za-z0-9+/]{60,100}"  # AWS, Google, Azure
    r"|[prs]k_(?:live|test)_\w{16,250}|sk-[\w-]{0,20}[A-Za-z0-9]{20,250}|SG\.[\w-]{16,60}\.[\w-]{16,60}"  # Stripe, …
    r"|npm_[A-Za-z0-9]{30,250}|pypi-[\w-]{40,250}|hf_[A-Za-z0-9]{30,250}|[0-9]{8,10}:AA[\w-]{30,40}"
    r"|eyJ[\w-]{10,500}\.eyJ[\w-]{10,250}"  # a JSON web token
    r"|[Bb]earer [A-Za-z0-9._~+/-]{20,250})",
    re.ASCII,
)
_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}", re.ASCII | re.IGNORECASE)
_PHONE = re.compile(
    r"(?<![\w+])(?:\+[0-9](?:[ ().-]{0,2}[0-9]){7,14}"
    r"|\(?0[0-9]{2,4}\)?[ -]?[0-9]{3,4}[ -]?[0-9]{3,4}"
    r"|\(?[2-9][0-9]{2}\)?[ .-]{1,2}[0-9]{3}[ .-][0-9]{4})(?![\w])",
    re.ASCII,
)
_DOCUMENT = re.compile(
    r"\b(?:passport|driving licen[cs]e|driver'?s? licen[cs]e|(?:national )?(?:identity|ID) card|residence permit)\b"
    r"(?=([^\n]{0,45}))",
    re.ASCII | re.IGNORECASE,
)
_DOCUMENT_NUMBER = re.compile(r"\b[A-Z]{0,3}(?: ?[0-9]){6,12}\b|\b(?=(?:[A-Z]{0,6}[0-9]){5})[A-Z0-9]{6,18}\b")
_BIRTH = re.compile(r"\b(?:date of birth|d\.?o\.?b|born on)\b[^\n0-9]{0,15}[0-9]", re.ASCII | re.IGNORECASE)
_HEALTH = re.compile(
    r"\b(?:diagnos(?:is|es|ed)|prognosis|chemotherap(?:y|ies)|biopsy|biopsies|cancer|tumou?rs?|HIV|hepatitis"
    r"|diabet(?:es|ic)|insulin|epilep(?:sy|tic)|dementia|alzheimer'?s|schizophreni(?:a|c)|bipolar disorder"
    r"|psychiatr(?:ic|ist|y)|psychotherap(?:y|ist)|mental (?:health|illness)|pregnan(?:t|cy)|miscarriage|abortion"
    r"|medical (?:records?|history|conditions?|reports?)|health (?:records?|conditions?)|blood tests?|sick ?note"
    r"|suicid(?:e|al)|overdose|antidepressants?)\b",
    re.ASCII | re.IGNORECASE,
)


def _contact_list(text: str) -> list[Stretch]:
    """All addresses and telephone numbers if five of them differ, else none."""
    addresses = list(_EMAIL.finditer(text))
    numbers = _PHONE.finditer(_covered(text, [one.span() for one in addresses]))
    found = [*addresses, *numbers]
    different = {"".join(char for char in one[0].lower() if char.isalnum()) for one in found}
    return sorted(one.span() for one in found) if len(different) >= _A_LIST else []


def _identity_words(text: str) -> list[Stretch]:
    """A document beside what looks like its number, and a date of birth; the bare word "passport" is harmless."""
    documents = [one.span() for one in _DOCUMENT.finditer(text) if _DOCUMENT_NUMBER.search(one[1].upper())]
    return sorted([*documents, *(one.span() for one in _BIRTH.finditer(text))])


_FINDERS: tuple[tuple[Kind, Callable[[str], Iterable[Stretch]]], ...] = (
    (Kind.IBAN, ibans),
    (Kind.CARD, card_numbers),
    (Kind.PRIVATE_KEY, _matches(_PRIVATE_KEY)),
    (Kind.API_TOKEN, _matches(_API_TOKEN)),
    (Kind.US_SSN, us_ssns),
    (Kind.US_ITIN, us_itins),
    (Kind.UK_NINO, uk_ninos),
    (Kind.UK_NHS, nhs_numbers),
    (Kind.CONTACT_LIST, _contact_list),
    (Kind.IDENTITY_WORDS, _identity_words),
    (Kind.HEALTH_WORDS, _matches(_HEALTH)),
)
