"""A client's log leaves as files for one person, and no spreadsheet runs what somebody typed."""

import csv
import io
import json
import stat
from pathlib import Path

import pytest

from bot import exports


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("+44 20", "'+44 20"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("a=1", "a=1"),
        ("", ""),
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        (["a", "b"], "a; b"),
        ([{"due": "x"}], '{"due": "x"}'),
        (["=a"], "'=a"),
    ],
)
def test_no_cell_can_be_taken_for_a_formula(cell: object, written: str) -> None:
    assert exports.safe(cell) == written


def test_a_log_keeps_line_breaks_and_quotes_and_has_its_heading_even_when_empty() -> None:
    text = exports.as_csv([{"reference": "IN-1", "summary": 'She said "yes",\nthen left.'}], ("reference", "at"))
    assert list(csv.DictReader(io.StringIO(text, newline=""))) == [
        {"reference": "IN-1", "at": "", "summary": 'She said "yes",\nthen left.'}
    ]
    assert exports.as_csv([], ("reference", "at")) == "reference,at\r\n"


@pytest.mark.parametrize(
    ("ref", "name"), [("4711", "4711"), ("4711/2", "4711_2"), ("../../etc/x", "_.._etc_x"), ("..", "_"), ("a b", "a_b")]
)
def test_a_client_number_never_leads_out_of_the_folder(ref: str, name: str, tmp_path: Path) -> None:
    assert exports.places(tmp_path, ref) == (tmp_path / f"{name}.csv", tmp_path / f"{name}.json")


def test_a_file_is_its_owners_alone_and_is_not_overwritten_unless_asked(tmp_path: Path) -> None:
    place = tmp_path / "log.json"
    exports.write(place, exports.as_json({"client": {"name": "Möwe"}}))
    assert stat.S_IMODE(place.stat().st_mode) == 0o600
    assert json.loads(place.read_text(encoding="utf-8")) == {"client": {"name": "Möwe"}}
    with pytest.raises(FileExistsError):
        exports.write(place, "other")
    with pytest.raises(exports.AlreadyThere):
        exports.refuse_overwriting([place])
    exports.write(place, "other", overwrite=True)
    assert place.read_text() == "other"


def test_a_planted_link_is_not_followed(tmp_path: Path) -> None:
    victim, link = tmp_path / "victim", tmp_path / "log.csv"
    victim.write_text("precious")
    link.symlink_to(victim)
    with pytest.raises(exports.AlreadyThere):
        exports.refuse_overwriting([link])
    exports.write(link, "log", overwrite=True)
    assert victim.read_text() == "precious"
