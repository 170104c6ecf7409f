"""Card numbers are found however they are typed, and other numbers are left alone."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.rules.sensitive import Kind, Severity, hits

CARD = "4111 1111 1111 1111"


def kinds(text: str) -> set[Kind]:
    return {hit.kind for hit in hits(text)}


@pytest.mark.parametrize(
    "number",
    [
        "4111111111111111",  # Visa, 16
        "4222222222222",  # Visa, 13
        "5555555555554444",  # Mastercard, 51-55
        "2223003122003222",  # Mastercard, 2221-2720
        "378282246310005",  # American Express, 15
        "6011111111111117",  # Discover
        "30569309025904",  # Diners Club, 14
        "38520000023237",
        "3530111333300000",  # JCB
        "6200000000000005",  # UnionPay
        "6759649826438453",  # Maestro
        "4000000000000000006",  # Visa, 19
    ],
)
def test_every_known_brand_is_a_card_and_with_another_last_digit_is_none(number: str) -> None:
    assert kinds(f"Paid with {number}, thank you") == {Kind.CARD}
    for last in set("0123456789") - {number[-1]}:
        assert Kind.CARD not in kinds(f"Paid with {number[:-1]}{last}, thank you")


@pytest.mark.parametrize(
    "typed",
    [
        "4111-1111-1111-1111",
        "4111.1111.1111.1111",
        "4111_1111_1111_1111",
        "4111  1111  1111  1111",
        "4111 - 1111 - 1111 - 1111",
        "4111\n1111\n1111\n1111",
        "4111\t1111\t1111\t1111",
        "4111 11111111 1111",
        "41 11 11 11 11 11 11 11",
        "4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1",
        "4-1-1-1-1-1-1-1-1-1-1-1-1-1-1-1",
        "3782 822463 10005",
        "card:4111111111111111",
        "visa4111111111111111",
        "#4111111111111111.",
        "4111 1111 1111 1111 12/27 123",
        "4111 1111 1111 1111 1227",
        "ref 2024 4111 1111 1111 1111",
        "+4111 1111 1111 1111",
        "GB00 4111 1111 1111 1111 00",  # no IBAN: fails modulo 97
    ],
)
def test_a_card_is_found_however_people_group_it(typed: str) -> None:
    assert (Kind.CARD, Severity.BLOCK) in {(hit.kind, hit.severity) for hit in hits(typed)}


@pytest.mark.parametrize(
    "typed",
    [
        "٤١١١ ١١١١ ١١١١ ١١١١",  # Arabic-Indic
        "۴۱۱۱۱۱۱۱۱۱۱۱۱۱۱۱",  # Persian
        "४१११ ११११ ११११ ११११",  # Devanagari
        "４１１１　１１１１　１１１１　１１１１",  # fullwidth, ideographic space
        "𝟒𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏 𝟏𝟏𝟏𝟏",  # mathematical bold
        "④①①①①①①①①①①①①①①①",  # circled
        "4111\u00a01111\u202f1111\u20071111",  # no-break, narrow, figure space
        "4111\u20111111\u20131111\u22121111",  # no-break hyphen, en dash, minus
        "4111\u200b1111\u200b1111\u200b1111",  # zero-width space
        "4\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1\u00ad1",
        "41\u206011\ufeff1111\u200d1111\u200c1111",  # word joiner, byte order mark, joiners
        "\u202d4111111111111111\u202c",  # direction marks
        "4\u03361\u03361\u03361\u0336 1111 1111 1111",  # struck out
        "4\ufe0f\u20e31\ufe0f\u20e31\ufe0f\u20e31\ufe0f\u20e3 1111 1111 1111",  # keycaps
        "4111\u28001111\u28001111\u28001111",  # braille blank
        "4111\u31641111\u31641111\u31641111",  # a Hangul filler
        "4111\x001111\x001111\x001111",
        "4111\ud8001111 1111 1111",  # a lone surrogate
        "4111 1111 1111 1111²",  # a footnote mark
    ],
)
def test_a_card_is_found_behind_odd_digits_spaces_dashes_and_invisible_characters(typed: str) -> None:
    assert Kind.CARD in kinds(typed)


def test_two_cards_are_two_though_only_a_zero_width_space_parts_them() -> None:
    number = "4111111111111111"
    assert [hit.count for hit in hits(f"{number}\u200b{number}")] == [2]
    assert [hit.count for hit in hits(f"{CARD} {CARD}\n{CARD}")] == [3]


def test_groups_that_would_make_two_overlapping_cards_are_counted_once() -> None:
    assert [hit.count for hit in hits("4002 4242 4242 4242 4002")] == [1]  # the first four, and the last four


@pytest.mark.parametrize(
    "text",
    [
        "41111111111111111111",  # 20 digits: a longer run, though 4111111111111111 is inside
        "94111111111111111",  # 17, no brand
        "4111 1111 1111",  # 12
        "0.4111111111111111",  # a fraction
        "+4222222222222",  # 13 after a plus: a telephone number
        "1764000000000",  # milliseconds since 1970
        "20261123160000",  # a time stamp
        "2026-11-23 16:00:00.000",
        "978-0-13-110362-7",  # ISBN
        "020 7946 0000, 020 7946 0001",
        "12 14 15 16 18 41 11 11 11 11 11 11 11",  # lists of small numbers hold one by chance
        "41 11 11 11 11 11 11 11 18 16 15 14 12",
        "41\n11\n11\n11\n11\n11\n11\n11",
        "41,11,11,11,11,11,11,11",
        "41.11 11.11 11.11 11.11",  # amounts
        "**** **** **** 1111",
        "card ending 1111",
        "DE89 3704 0044 0532 0130 00 is ours",
        "0000 0000 0000 0000",
        "12345678-1234-4123-8123-123456789012",
    ],
)
def test_numbers_that_are_no_card_are_not_refused(text: str) -> None:
    assert Kind.CARD not in kinds(text)


def test_a_note_full_of_ordinary_numbers_raises_no_hit() -> None:
    note = """
    Call on Mon 23 Nov 2026, 16:00-16:45 (London), ref IN-20261123-0042, matter 4512/2026-17, room 4.11.
    They owe 4,500.00 + 3,250.75 + 1,999.99 GBP on invoices 2026-0001 to 2026-0199; VAT GB123456789.
    Office +44 20 7946 0000, fax 020 7946 0001; write to accounts@example.com. Order 10023345566, ISBN 9780131103627.
    Next: 27/11/2026 09:30, 30.11.2026, 2026-12-04T10:00:00Z. Passport to be brought along. 51.5074, -0.1278.
    """
    assert hits(note) == ()


PREFIXES = ("4", "51", "55", "2221", "2720", "6011", "3528", "62", "2200")
ZEROS = [chr(point) for point in range(0x1FBFA) if unicodedata.decimal(chr(point), None) == 0]
SEPARATORS = ["", " ", "-", ".", "\u00a0", "\u2011", "\u2013", "\u200b", "\u3000", "\u00ad", " - ", "\t"]


def with_luhn(body: str) -> str:
    doubled = [int(digit) * 2 if at % 2 == 0 else int(digit) for at, digit in enumerate(reversed(body))]
    return body + str(-sum(d - 9 if d > 9 else d for d in doubled) % 10)


@st.composite
def cards(draw: st.DrawFn) -> str:
    prefix = draw(st.sampled_from(PREFIXES))
    rest = 15 - len(prefix)
    return with_luhn(prefix + draw(st.text("0123456789", min_size=rest, max_size=rest)))


@given(cards(), st.sampled_from(ZEROS), st.sampled_from(SEPARATORS))
def test_any_card_in_any_script_with_any_separator_is_found(number: str, zero: str, separator: str) -> None:
    script = number.translate({ord("0") + value: chr(ord(zero) + value) for value in range(10)})
    typed = separator.join(script[at : at + 4] for at in range(0, 16, 4))
    assert (Kind.CARD, Severity.BLOCK) in {(hit.kind, hit.severity) for hit in hits(f"paid, {typed}; thanks")}


@given(cards(), st.integers(0, 15), st.integers(1, 9))
def test_a_card_with_one_wrong_digit_is_no_card(number: str, at: int, by: int) -> None:
    wrong = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    assert Kind.CARD not in kinds(wrong)
