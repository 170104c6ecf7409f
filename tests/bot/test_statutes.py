"""Packs of statutory clocks: what comes with Sopwith is whole, what is wrong is refused with file and place."""

import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from bot.clock_page import page
from bot.config import BadConfig
from bot.public_holidays import holiday_code
from bot.statutes import Pack, built_in, pack, packs, read
from handlers.rules.clock_terms import Quality

ROOT = Path(__file__).parents[2]
ONE = """
[[clock]]
id = "xx.law"
version = "1"
regime = "Law"
recipient = "authority"
start = ["aware_at"]
start_event = "aware"
length = 72
unit = "h"
counting = "elapsed_hours"
standard = "soon"
citation = "Law Art. 1"
source_quality = "confirmed"
verified_on = 2026-11-23
"""
OTHER = ONE.replace("xx.law", "xx.other")


def files(*texts: str) -> list[Pack]:
    return [pack(f"x{n}.toml", f'title = "X"\n{text}') for n, text in enumerate(texts)]


def faults(*texts: str) -> list[str]:
    with pytest.raises(BadConfig) as bad:
        read(files(*texts))
    return list(bad.value.faults)


# --- what comes with Sopwith ---------------------------------------------------------------------------------------


def test_every_clock_of_the_packs_is_read_and_has_an_article_a_source_and_a_day() -> None:
    known = built_in()
    assert len(known) == sum(len(file.entries) for file in packs()) == len({one.id for one in known})
    assert all(one.citation and one.version and one.recipient and one.standard for one in known)
    assert {one.verified_on for one in known} == {date(2026, 11, 23)}
    assert {one.quality for one in known} == set(Quality)


def test_every_calendar_of_the_packs_is_one_the_library_knows() -> None:
    assert {holiday_code(one.calendar) for one in built_in() if one.calendar} == {"US", "BR"}


def test_the_packs_are_all_that_lie_in_their_folder_and_are_part_of_an_installed_sopwith() -> None:
    assert [file.name for file in packs()] == sorted(path.name for path in (ROOT / "handlers/packs").glob("*.toml"))
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert "packs/*.toml" in settings["tool"]["setuptools"]["package-data"]["handlers"]


def test_the_page_of_clocks_is_what_the_packs_say() -> None:
    assert (ROOT / "docs/clocks.md").read_text() == page(built_in()) + "\n"


def test_the_page_names_every_clock_once_and_says_what_is_switched_off() -> None:
    text = page(built_in())
    assert sorted(re.findall(r"^\| `([a-z0-9_.]+)`", text, re.MULTILINE)) == sorted(one.id for one in built_in())
    assert "| `eu.gdpr.33.1.omnibus` (switched off) |" in text


# --- what is refused -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("find", "put", "expected"),
    [
        ('citation = "Law Art. 1"\n', "", "x0.toml: clock.0.citation: is missing."),
        ('citation = "Law Art. 1"', 'citation = " "', "x0.toml: clock.0.citation: must not be empty."),
        ("verified_on = 2026-11-23\n", "", "x0.toml: clock.0.verified_on: is missing."),
        ('regime = "Law"', 'regime = "Law"\nrecipent = "x"', "recipent: unknown key. Did you mean recipient?"),
        ('"elapsed_hours"', '"elapsed"', "clock.0.counting: 'elapsed' is no way to count. Take one of elapsed_hours, "),
        (
            '"confirmed"',
            '"certain"',
            "source_quality: 'certain' is no source quality. Take one of confirmed, secondary",
        ),
        ('["aware_at"]', '["noticed_at"]', "clock.0.start.0: 'noticed_at' is no fact. Take one of first_signal_at, "),
        ('start = ["aware_at"]\n', "", "clock.0.start: needs one of start (facts) and after"),
        ('["aware_at"]', '["aware_at"]\nafter = "xx.other"', "clock.0.start: needs one of start (facts) and after"),
        ("length = 72", "length = 0", "clock.0.length: must be greater than or equal to 1."),
        ("length = 72", 'length = "72"', "clock.0.length: must be a whole number."),
        ("length = 72\n", "", "clock.0.length: is missing; elapsed_hours needs one."),
        ('unit = "h"', 'unit = "cd"', "clock.0.unit: must be 'h' for elapsed_hours."),
        ('"elapsed_hours"', '"none"', "clock.0.length: counts nothing, for counting is none."),
        ('"elapsed_hours"', '"formula"', "clock.0.backstop: goes with counting = formula, and with nothing else."),
        ('unit = "h"', 'unit = "h"\nbackstop = 24', "clock.0.backstop: goes with counting = formula"),
        (
            'unit = "h"',
            'unit = "h"\ncalendar = "US"',
            "clock.0.calendar: goes with business_days and calendar_days_roll",
        ),
        (
            'unit = "h"\ncounting = "elapsed_hours"',
            'unit = "bd"',
            "clock.0.calendar: goes with business_days and calendar_days_roll",
        ),
        ('unit = "h"', 'unit = "h"\nholds = ["police"]', "clock.0.holds.0: 'police' is no hold. Take one of law_"),
        ('unit = "h"', 'unit = "h"\nrole = ["boss"]', "clock.0.role.0: 'boss' is no role."),
        ('unit = "h"', 'unit = "h"\nrole = ["controller", "covered_entity"]', "clock.0.role: must not mix"),
        ('unit = "h"', 'unit = "h"\nzone = "Mars/Base"', "clock.0.zone: 'Mars/Base' is not a known time zone."),
        ('unit = "h"', 'unit = "h"\nwhen = { risk = "big" }', "clock.0.when.risk: 'big' is no risk."),
        ('unit = "h"', 'unit = "h"\nwhen = { yes = ["maybe"] }', "clock.0.when.yes.0: 'maybe' is no question."),
        ('unit = "h"', 'unit = "h"\nwhen = { eval = "1" }', "clock.0.when.eval: unknown key."),
        ('unit = "h"', 'unit = "h"\nwhen = { counts = [{ of = "US-CA" }] }', "counts.0: needs one of at_least, "),
        (
            'unit = "h"',
            'unit = "h"\nwhen = { counts = [{ of = "US-CA", below = 2, at_least = 1 }] }',
            "clock.0.when.counts.0: needs one of at_least, more_than and below, and one only.",
        ),
        (
            'unit = "h"',
            'unit = "h"\nwhen = { counts = [{ of = "California", below = 2 }] }',
            "clock.0.when.counts.0.of: 'California' is no state. Write it like \"US-CA\".",
        ),
        ("xx.law", "XX law", "clock.0.id: 'XX law' is no id."),
        (
            '["aware_at"]',
            '["aware_at"]\nalso_due = "xx.lwa"',
            "also_due: there is no clock xx.lwa. Did you mean xx.law?",
        ),
        ('["aware_at"]', '["aware_at"]\nalso_due = "xx.law"', "clock.0.also_due: is the clock itself."),
        ('start = ["aware_at"]', 'after = "xx.laws"', "clock.0.after: there is no clock xx.laws. Did you mean xx.law?"),
        ('start = ["aware_at"]', 'after = "xx.law"', "clock.0.after: the chain leads back to xx.law"),
    ],
)
def test_a_fault_is_said_with_its_file_and_place(find: str, put: str, expected: str) -> None:
    assert ONE.count(find) == 1
    (fault, *more) = faults(ONE.replace(find, put), OTHER)
    assert expected in fault
    assert fault.startswith("x0.toml: clock.0.")
    assert more == []


def test_a_ring_of_clocks_that_wait_for_each_other_is_refused() -> None:
    start = 'start = ["aware_at"]'
    found = faults(ONE.replace(start, 'after = "xx.other"'), OTHER.replace(start, 'after = "xx.law"'))
    assert [fault.partition(": the chain")[0] for fault in found] == [
        "x0.toml: clock.0.after",
        "x1.toml: clock.0.after",
    ]


def test_a_clock_that_waits_for_a_ring_is_not_itself_at_fault() -> None:
    start = 'start = ["aware_at"]'
    ring = ONE.replace(start, 'after = "xx.law"')
    assert len(faults(ring + OTHER.replace(start, 'after = "xx.law"'))) == 1


def test_an_id_that_is_there_twice_is_refused_in_one_file_and_across_them() -> None:
    assert faults(ONE + ONE) == ["x0.toml: clock.1.id: xx.law is there twice."]
    assert faults(ONE, ONE) == ["x1.toml: clock.0.id: xx.law is there twice."]


def test_all_faults_are_reported_at_once() -> None:
    first = ONE.replace('citation = "Law Art. 1"\n', "").replace("length = 72", "length = -1")
    assert len(faults(first, OTHER.replace('"elapsed_hours"', '"sundial"'), OTHER + "colour = 1")) >= 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("title = ", "x.toml: is not valid TOML"),
        ("clock = []", "x.toml: title: is missing."),
        ('title = "X"\nclock = []\nclocks = 1', "x.toml: clocks: unknown key. Did you mean clock?"),
        ('title = "X"\nclock = 1', "x.toml: clock: must be a list in square brackets."),
    ],
)
def test_what_is_no_pack_is_refused(text: str, expected: str) -> None:
    with pytest.raises(BadConfig) as bad:
        pack("x.toml", text)
    assert expected in str(bad.value)
