"""What should not stand in a free text field: the vectors, keys, lists, words, and that nothing found is kept."""

import re
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.rules import plain_text
from handlers.rules.sensitive import LABELS, Hit, Kind, Severity, hits

CARD = "4111 1111 1111 1111"


def kinds(text: str) -> set[Kind]:
    return {hit.kind for hit in hits(text)}


def test_the_vectors_that_must_pass_through_do() -> None:
    for text in ("000-12-3456", "666-12-3456", "4111 1111 1111 1112"):
        assert hits(text) == (), text


def test_the_vectors_that_must_be_found_are() -> None:
    assert hits(CARD) == (Hit(kind=Kind.CARD, severity=Severity.BLOCK, count=1),)
    assert hits("078-05-1120") == (Hit(kind=Kind.US_SSN, severity=Severity.WARN, count=1),)
    assert hits("GB82 WEST 1234 5698 7654 32") == (Hit(kind=Kind.IBAN, severity=Severity.WARN, count=1),)
    assert hits("943 476 5919") == (Hit(kind=Kind.UK_NHS, severity=Severity.WARN, count=1),)
    assert hits("912-70-1234") == (Hit(kind=Kind.US_ITIN, severity=Severity.WARN, count=1),)


# --- keys and tokens


def key_header(name: str) -> str:
    return f"-----BEGIN {name}-----"


@pytest.mark.parametrize(
    "text",
    [
        key_header("PRIVATE " + "KEY"),
        key_header("RSA PRIVATE " + "KEY"),
        key_header("OPENSSH PRIVATE " + "KEY"),
        key_header("ENCRYPTED PRIVATE " + "KEY"),
        key_header("PGP PRIVATE " + "KEY BLOCK"),
        "---- BEGIN SSH2 ENCRYPTED PRIVATE " + "KEY ----",
        "\u2014BEGIN EC PRIVATE " + "KEY\u2014",  # a chat made the hyphens one dash
        "PuTTY-User-Key-File-" + "3: ssh-ed25519",
        "AGE-SECRET-KEY-" + "1" + "Q" * 58,
    ],
)
def test_a_private_key_is_refused(text: str) -> None:
    assert hits(f"here it is: {text}\nMIIE") == (Hit(kind=Kind.PRIVATE_KEY, severity=Severity.BLOCK, count=1),)


@pytest.mark.parametrize(
    "text", [key_header("PUBLIC KEY"), key_header("CERTIFICATE"), "we begin with the private key question"]
)
def test_a_public_key_a_certificate_and_talk_of_keys_pass(text: str) -> None:
    assert hits(text) == ()


A36 = "aB3" * 12


@pytest.mark.parametrize(
    "text",
    [
        "xox" + "b-1234567890-abcdefghij",
        "xapp" + "-1-A0123456789-abcdef",
        "https://hooks.slack" + ".com/services/T0123456/B0123456/" + A36[:24],
        "gh" + "p_" + A36,
        "github" + "_pat_" + A36,
        "glpat" + "-" + A36[:20],
        "AKIA" + "ABCDEFGH12345678",
        "AIza" + A36[:35],
        "sk" + "_live_" + A36[:24],
        "sk" + "-proj-" + A36,
        "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl",
        "Authorization: Bearer " + A36,
        "npm" + "_" + A36,
        "123456789:AA" + A36[:33],
    ],
)
def test_the_shapes_of_access_tokens_are_warned_about(text: str) -> None:
    assert hits(f"use {text} for it") == (Hit(kind=Kind.API_TOKEN, severity=Severity.WARN, count=1),)


# --- contact lists and words

NAMES = ("ann", "bob", "cleo", "dev", "eve")


def test_five_different_addresses_are_a_list_and_four_are_not() -> None:
    listed = [f"{name}@example.com" for name in NAMES]
    assert hits("; ".join(listed)) == (Hit(kind=Kind.CONTACT_LIST, severity=Severity.WARN, count=5),)
    assert hits("; ".join(listed[:4])) == ()
    assert hits("; ".join([*listed[:4], *listed[:4], listed[0].upper()])) == ()


def test_telephone_numbers_count_towards_a_list() -> None:
    phones = ["+44 20 7946 0001", "020 7946 0002", "(415) 555-0103", "+49 (0)30 5550104", "07700 900105"]
    assert hits("\n".join(phones)) == (Hit(kind=Kind.CONTACT_LIST, severity=Severity.WARN, count=5),)
    assert hits("\n".join(phones[:4])) == ()
    assert kinds("ann@example.com bob@example.com " + ", ".join(phones[:3])) == {Kind.CONTACT_LIST}


def test_dates_and_amounts_are_not_telephone_numbers() -> None:
    assert hits("\n".join(f"0{day}-04-2026 14:30 paid 1 200.00" for day in range(1, 10))) == ()


def test_digits_inside_an_address_are_not_a_telephone_number_as_well() -> None:
    assert hits("02079460001@example.com 02079460002@example.com 02079460003@example.com") == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Her diagnosis came on Friday", Kind.HEALTH_WORDS),
        ("he was diagnosed with it", Kind.HEALTH_WORDS),
        ("HIV positive", Kind.HEALTH_WORDS),
        ("asked for his medical records", Kind.HEALTH_WORDS),
        ("she is pregnant", Kind.HEALTH_WORDS),
        ("diag\u00adnosis", Kind.HEALTH_WORDS),
        ("passport no. 123456789", Kind.IDENTITY_WORDS),
        ("Passport number: C01X00T47", Kind.IDENTITY_WORDS),
        ("driving licence MORGA657054SM9IJ", Kind.IDENTITY_WORDS),
        ("driver's license is D1234567", Kind.IDENTITY_WORDS),
        ("date of birth: 12/03/1980", Kind.IDENTITY_WORDS),
        ("DOB 12 March 1980", Kind.IDENTITY_WORDS),
    ],
)
def test_words_of_health_and_identity_are_warned_about(text: str, kind: Kind) -> None:
    assert hits(text) == (Hit(kind=kind, severity=Severity.WARN, count=1),)


@pytest.mark.parametrize(
    "text", ["bring your passport", "passport expires in 2027", "the driving licence question", "date of birth unknown"]
)
def test_a_document_without_its_number_passes(text: str) -> None:
    assert hits(text) == ()


def test_the_worst_comes_first_and_every_kind_has_words_for_people() -> None:
    found = hits(f"diagnosis, {CARD}, 078-05-1120, GB82 WEST 1234 5698 7654 32")
    assert [hit.kind for hit in found] == [Kind.CARD, Kind.US_SSN, Kind.IBAN, Kind.HEALTH_WORDS]
    assert [hit.severity for hit in found] == [Severity.BLOCK, Severity.WARN, Severity.WARN, Severity.WARN]
    assert set(LABELS) == set(Kind)


# --- properties


@given(st.text(), st.sampled_from(["4111111111111111", "378282246310005", "078-05-1120", "943 476 5919"]), st.text())
def test_nothing_of_the_text_is_kept_in_the_hits(before: str, number: str, after: str) -> None:
    found = hits(f"{before} {number} {after} password123@example.com")
    counts = [str(hit.count) for hit in found]
    assert re.findall(r"[0-9]+", repr(found)) == counts
    assert number not in repr(found)
    assert {type(value) for hit in found for value in (hit.kind, hit.severity, hit.count)} <= {Kind, Severity, int}


PIECES = st.sampled_from(
    ("4", "1111", "-", " ", ".", "+", "GB82", "@", "a.b", "-BEGIN ", "PRIVATE KEY-", "eyJ", "sk-", "passport ")
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join), st.binary().map(lambda b: b.decode("latin-1"))))
@example("\ud800")
@example("\x00" * 100)
@example("\ufdfa" * 100)
@example("4" * 20_000)
def test_no_text_makes_the_search_fail(text: str) -> None:
    for hit in hits(text):
        assert hit.count >= 1
        assert (hit.severity is Severity.BLOCK) == (hit.kind in (Kind.CARD, Kind.PRIVATE_KEY))


def test_a_tab_is_a_space_and_every_line_end_a_line_end() -> None:
    assert plain_text.readings("a\tb\u3000c\r\nd\u2028e\x85f") == ("a b c\n\nd\ne\nf",)


@given(st.text())
def test_plain_text_is_plain_and_stays_so(text: str) -> None:
    for reading in plain_text.readings(text):
        assert not any(unicodedata.category(char) in ("Nd", "Cf", "Mn", "Pd") for char in reading if not char.isascii())
        assert plain_text.readings(reading) == (reading,)
