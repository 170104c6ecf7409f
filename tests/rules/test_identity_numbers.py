"""Tax, insurance, bank and health-service numbers: the shapes that count and those that only look alike."""

import pytest

from handlers.rules.sensitive import Hit, Kind, Severity, hits


def kinds(text: str) -> set[Kind]:
    return {hit.kind for hit in hits(text)}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("SSN 078051120", Kind.US_SSN),
        ("his social is 078051120", Kind.US_SSN),
        ("078 05 1120", Kind.US_SSN),
        ("078\u201105\u20111120", Kind.US_SSN),
        ("078\u00ad-05-1120", Kind.US_SSN),
        ("٠٧٨-٠٥-١١٢٠", Kind.US_SSN),
        ("ITIN 912701234", Kind.US_ITIN),
        ("900-70-0001", Kind.US_ITIN),
        ("GB82WEST12345698765432", Kind.IBAN),
        ("gb82 west 1234 5698 7654 32", Kind.IBAN),
        ("DE89-3704-0044-0532-0130-00", Kind.IBAN),
        ("IBAN: FR14 2004 1010 0505 0001 3M02 606.", Kind.IBAN),
        ("NO93 8601 1117 947", Kind.IBAN),
        ("ＧＢ８２ WEST 1234 5698 7654 32", Kind.IBAN),
        ("pay GB82 WEST 1234 5698 7654 32 today please", Kind.IBAN),
        ("AB 12 34 56 C", Kind.UK_NINO),
        ("ab123456c", Kind.UK_NINO),
        ("NHS 9434765919", Kind.UK_NHS),
        ("patient 943-476-5919", Kind.UK_NHS),
        ("943 476 5919 19/03/1950", Kind.UK_NHS),
    ],
)
def test_a_number_with_a_known_shape_is_warned_about(text: str, kind: Kind) -> None:
    assert hits(text) == (Hit(kind=kind, severity=Severity.WARN, count=1),)


@pytest.mark.parametrize(
    "text",
    [
        "078051120",  # nine digits that nobody calls an SSN
        "912701234",
        "12-078-05-1120",  # the end of something longer
        "12-912-70-1234",
        "078-05-1120-7",
        "912-70-1234-7",
        "078-05-11201",
        "NHS 943-476-5919-2",
        "AB 12 34 56 CD",
        "078-00-1120",
        "078-05-0000",
        "1078-05-1120",
        "12-078-05-1120-7",
        "078-051120",
        "GB83 WEST 1234 5698 7654 32",  # check digits
        "GB82 WEST 1234 5698 7654 321",  # too long
        "ZZ82 WEST 1234 5698 7654 32",  # no such country
        "BG 12 34 56 C",  # a prefix never given
        "DA 12 34 56 C",
        "AO 12 34 56 C",
        "AB 12 34 56 E",
        "943 476 5918",  # modulo 11
        "9434765919",  # ten digits that nobody calls an NHS number
        "943-476-5919",
        "+1 943 476 5919",
        "943 4765919",
        "NHS 500 000 0005",
    ],
)
def test_a_number_that_only_looks_alike_passes(text: str) -> None:
    assert hits(text) == ()


def test_the_check_digit_of_an_nhs_number_is_modulo_eleven() -> None:
    assert kinds("400 000 0071") == {Kind.UK_NHS}  # 4*10 + 7*2 = 54 = 4*11 + 10; 11 - 10 = 1
    assert kinds("400 000 0020") == {Kind.UK_NHS}  # 40 + 4 = 44 = 4*11; 11 - 0 = 11, written 0
    for last in range(10):  # 40 + 16 = 56 = 5*11 + 1; 11 - 1 = 10: never given
        assert hits(f"400 000 008{last}") == ()


def test_what_stands_inside_an_iban_is_no_hit_of_its_own() -> None:
    only_one = (Hit(kind=Kind.IBAN, severity=Severity.WARN, count=1),)
    assert hits("DE95 4111 1111 1111 1111 00") == only_one  # a card
    assert hits("MT69 NO93 8601 1117 947 0000 0000 0000") == only_one  # a Norwegian IBAN
