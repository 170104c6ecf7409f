"""Where account, tax, insurance and health-service numbers stand in a text; each finder checks what can be checked.

Invariants: every pattern has bounded repeats; a number glued to more letters or digits is something else; shapes that
many harmless numbers share (ten digits, nine digits) count only beside a word that names them.
"""

import re
from collections.abc import Iterable

Stretch = tuple[int, int]
_BEFORE, _AFTER = 40, 25  # how near a naming word must stand, in characters
_FLAGS = re.ASCII | re.IGNORECASE

_COUNTRIES = (  # length of an IBAN by country, ISO 13616
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 "
    "ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 "
    "LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 "
    "PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30"
)
_IBAN_LENGTH = {entry[:2]: int(entry[2:]) for entry in _COUNTRIES.split()}
_IBAN_START = re.compile(r"(?<![A-Z0-9])([A-Z]{2})[0-9]{2}", _FLAGS)
_IBAN_REST = {
    length: re.compile(rf"(?:[ \-]{{0,2}}[A-Z0-9]){{{length - 4}}}(?![A-Z0-9])", _FLAGS)
    for length in sorted(set(_IBAN_LENGTH.values()))
}

_SSN = re.compile(
    r"(?<![A-Z0-9])(?<![0-9]-)(?!000|666|9)[0-9]{3}([ -]?)(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![A-Z0-9]|-[0-9])", _FLAGS
)
_ITIN = re.compile(
    r"(?<![A-Z0-9])(?<![0-9]-)9[0-9]{2}([ -]?)(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![A-Z0-9]|-[0-9])", _FLAGS
)
_NINO = re.compile(  # HMRC, NIM39110: letters that never occur, prefixes that are never given
    r"(?<![A-Z0-9])(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z]"
    r"(?:[ -]?[0-9]{2}){3}[ -]?[A-D](?![A-Z0-9])",
    _FLAGS,
)
_NHS = re.compile(  # not what follows the country code of a telephone number
    r"(?<![A-Z0-9+(])(?<!\+[0-9][ -])(?<!\+[0-9]{2}[ -])(?<!\+[0-9]{3}[ -])"
    r"[0-9]{3}([ -]?)[0-9]{3}\1[0-9]{4}(?![A-Z0-9]|-[0-9])",
    _FLAGS,
)
_NAMED_SSN = re.compile(r"\b(?:ssn|social)\b", _FLAGS)
_NAMED_ITIN = re.compile(r"\b(?:itin|taxpayer|tax id)\b", _FLAGS)
_NAMED_NHS = re.compile(r"\b(?:nhs|patient)\b", _FLAGS)


def ibans(text: str) -> Iterable[Stretch]:
    """International bank account numbers: the country's length, and 1 modulo 97 (ISO 7064)."""
    at = 0
    for start in _IBAN_START.finditer(text):
        length = _IBAN_LENGTH.get(start[1].upper())
        rest = _IBAN_REST[length].match(text, start.end()) if length and start.start() >= at else None
        if rest and _mod_97(start[0] + rest[0]) == 1:
            yield start.start(), (at := rest.end())


def us_ssns(text: str) -> Iterable[Stretch]:
    """US social security numbers, 3-2-4; without hyphens only near "SSN" or "social"."""
    return (found.span() for found in _SSN.finditer(text) if found[1] or _named(_NAMED_SSN, text, found))


def us_itins(text: str) -> Iterable[Stretch]:
    """US individual taxpayer numbers, 9xx-xx-xxxx; without hyphens only near "ITIN", "taxpayer" or "tax ID"."""
    return (found.span() for found in _ITIN.finditer(text) if found[1] or _named(_NAMED_ITIN, text, found))


def uk_ninos(text: str) -> Iterable[Stretch]:
    """UK National Insurance numbers with their suffix letter."""
    return (found.span() for found in _NINO.finditer(text))


def nhs_numbers(text: str) -> Iterable[Stretch]:
    """NHS numbers, 3-3-4 with spaces; hyphenated or unbroken (a telephone number, a time stamp) only near a word."""
    return (
        found.span()
        for found in _NHS.finditer(text)
        if _nhs_check(found[0]) and (found[1] == " " or _named(_NAMED_NHS, text, found))
    )


def _named(word: re.Pattern[str], text: str, found: re.Match[str]) -> bool:
    return word.search(text[max(found.start() - _BEFORE, 0) : found.end() + _AFTER]) is not None


def _digits(text: str) -> list[int]:
    return [int(char) for char in text if char.isdigit()]


def _mod_97(iban: str) -> int:
    """Country and check digits to the end, letters as 10 to 35, the whole as one number."""
    plain = "".join(char for char in iban if char.isalnum())
    return int("".join(str(int(char, 36)) for char in plain[4:] + plain[:4])) % 97


def _nhs_check(number: str) -> bool:
    """Weights 10 down to 2, eleven less the remainder: eleven is 0, ten is no digit; 5 and 8 never come first."""
    *body, check = _digits(number)
    expected = 11 - sum(weight * digit for weight, digit in zip(range(10, 1, -1), body, strict=True)) % 11
    return body[0] not in (5, 8) and check == expected % 11
