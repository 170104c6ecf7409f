"""A sheet gives its keys back to whoever has paper and passphrase, names the line that was mistyped, and tells nothing
else."""

import traceback

import pytest

from storage.escrow_sheet import LINES, BadSheet, Keys, WrongPassphrase, fingerprint, lines, read, seal, unseal
from storage.vault import BadKey

MASTER, AUDIT = bytes(range(32)), bytes(range(100, 132))
WORDS = "four plain words, here"
SHEET = seal(Keys(MASTER, AUDIT), WORDS)
PAPER = (
    "Firm   Hale & Ward, 12 High Street\nMade   Sat 28 Nov 2026\n\n"
    + "\n".join(lines(SHEET))
    + "\nTry it once a year.\n"
)


def test_paper_and_passphrase_give_the_keys_back() -> None:
    held = unseal(read(PAPER), WORDS)
    assert (held.master, held.audit) == (MASTER, AUDIT)


@pytest.mark.parametrize(
    "typed",
    [
        PAPER.lower(),
        PAPER.replace(" ", "   "),
        PAPER.replace("\n", "\r\n"),
        "\n".join(reversed(PAPER.splitlines())),
        "\n".join(line.replace("  ", ". ", 1) if line.startswith("1") else line for line in lines(SHEET)),
        "\n".join(f"{number} {line[4:].replace(' ', '')}" for number, line in enumerate(lines(SHEET), 1)),
        "\n".join(line[:4] + line[4:].replace("0", "o").replace("1", "l") for line in lines(SHEET)),
        "\n".join(line[:4] + line[4:].replace(" ", "-") for line in lines(SHEET)),
        PAPER + PAPER,
    ],
    ids=["small", "wide", "windows", "upside down", "dots", "run together", "o and l", "hyphens", "twice"],
)
def test_it_may_be_typed_in_many_ways(typed: str) -> None:
    assert read(typed) == SHEET


@pytest.mark.parametrize("number", range(1, LINES + 1))
def test_any_letter_that_is_wrong_is_found_in_its_line(number: int) -> None:
    printed = lines(SHEET)
    line = printed[number - 1]
    for at, letter in enumerate(line[4:], 4):
        if letter != " ":
            other = "Z" if letter != "Z" else "Y"
            typed = [*printed[: number - 1], line[:at] + other + line[at + 1 :], *printed[number:]]
            with pytest.raises(BadSheet, match=f"^Line {number} is not as it was printed"):
                read("\n".join(typed))


def test_lines_that_changed_places_are_found() -> None:
    first, second, *rest = lines(SHEET)
    swapped = [f" 1{second[2:]}", f" 2{first[2:]}", *rest]
    with pytest.raises(BadSheet, match=r"^Line 1 is not"):
        read("\n".join(swapped))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "No line of a sheet"),
        ("a letter from home", "No line of a sheet"),
        ("\n".join(lines(SHEET)[:4] + lines(SHEET)[6:]), "Missing: line 5, 6 of 11"),
        ("\n".join([*lines(SHEET), "12  AAAA BBBB CCCC DDDD  EEEE"]), "There is a line 12"),
        ("\n".join([lines(SHEET)[0][:-1], *lines(SHEET)[1:]]), "Line 1 has 19 letters instead of 20"),
        ("\n".join([lines(SHEET)[0][:-1] + "U", *lines(SHEET)[1:]]), "no sheet has the sign 'U'"),
        ("\n".join([*lines(SHEET), lines(seal(Keys(MASTER, AUDIT), WORDS))[10]]), "Line 11 is there twice"),
    ],
)
def test_what_is_no_sheet_is_said_plainly(typed: str, said: str) -> None:
    with pytest.raises(BadSheet) as refused:
        read(typed)
    assert said in str(refused.value)


def test_lines_of_two_sheets_do_not_make_one() -> None:
    other = lines(seal(Keys(MASTER, AUDIT), WORDS))
    mixed = read("\n".join(lines(SHEET)[:8] + other[8:]))
    with pytest.raises(WrongPassphrase):
        unseal(mixed, WORDS)


@pytest.mark.parametrize("passphrase", ["four plain words, her", "Four plain words, here", "", WORDS + " "])
def test_another_passphrase_opens_nothing_and_leaves_no_trace_of_itself(passphrase: str) -> None:
    with pytest.raises(WrongPassphrase) as refused:
        unseal(SHEET, passphrase)
    shown = "".join(traceback.format_exception(refused.value))
    assert refused.value.__cause__ is None
    assert not passphrase or passphrase not in str(refused.value)
    assert "InvalidTag" not in shown


def test_a_passphrase_is_the_same_however_its_letters_are_composed() -> None:
    sheet = seal(Keys(MASTER, AUDIT), "caf\N{LATIN SMALL LETTER E WITH ACUTE} au lait, zwei")
    assert unseal(sheet, "cafe\N{COMBINING ACUTE ACCENT} au lait, zwei").master == MASTER


def test_every_byte_counts() -> None:
    for at in range(0, len(SHEET), 9):
        changed = SHEET[:at] + bytes([SHEET[at] ^ 1]) + SHEET[at + 1 :]
        with pytest.raises((WrongPassphrase, BadSheet)):
            unseal(changed, WORDS)


def test_a_sheet_of_another_version_is_said_before_the_passphrase_is_tried() -> None:
    with pytest.raises(BadSheet, match="another version"):
        unseal(b"S\x02" + SHEET[2:], WORDS)


def test_two_sheets_are_never_alike_and_neither_tells_a_key() -> None:
    other = seal(Keys(MASTER, AUDIT), WORDS)
    assert fingerprint(other) != fingerprint(SHEET)
    assert other[2:30] != SHEET[2:30]
    assert MASTER[:8] not in SHEET
    assert AUDIT[:8] not in SHEET


def test_what_holds_the_keys_does_not_show_them_and_takes_no_half_of_one() -> None:
    held = Keys(MASTER, AUDIT)
    assert MASTER.hex() not in repr(held)
    assert repr(MASTER) not in repr(held)
    for pair in ((MASTER[:-1], AUDIT), (MASTER, b"")):
        with pytest.raises(BadKey):
            Keys(*pair)


def test_a_passphrase_that_is_no_text_is_in_no_exception() -> None:
    made = seal(Keys(b"m" * 32, b"a" * 32), "seven quiet \udce9 herons")
    assert unseal(made, "seven quiet \udce9 herons").master == b"m" * 32
