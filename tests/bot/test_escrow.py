"""`sopwith keys escrow`, `keys check`, `keys restore`, as two officers and an operator use them, on real databases."""

import os
import pty
import re
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.doctor import examine
from bot.finding import Finding, Status
from tests.support.installed import Installed

NAMES = {"A1": "Brightwater Ltd", "A2": "Hollis & Sons"}
WORDS = {"meg": "seven quiet herons wade", "dora": "copper lanterns at noon"}


@pytest.fixture
def firm(tmp_path: Path, database_url: str) -> Iterator[Installed]:
    built = Installed(tmp_path / "firm", database_url)
    built.staff(NAMES)
    for who, words in WORDS.items():
        (built.folder / f"{who}.words").write_text(words + "\n")
    yield built


@pytest.fixture
def small(tmp_path: Path) -> Installed:
    built = Installed(tmp_path / "firm")
    built.staff(NAMES)
    (built.folder / "meg.words").write_text(WORDS["meg"] + "\n")
    (built.folder / "dora.words").write_text(WORDS["dora"] + "\n")
    return built


def sheet(firm: Installed, who: str, file: str = "") -> Path:
    """An officer's sheet, made."""
    out = firm.folder / (file or f"{who}.sheet")
    firm.done("keys", "escrow", "--officer", f"{who}@x.example", "--passphrase-file", f"{who}.words", "--out", str(out))
    return out


def tried(firm: Installed, paper: Path, who: str) -> subprocess.CompletedProcess[str]:
    return firm.run("keys", "check", str(paper), "--passphrase-file", f"{who}.words")


def doctor(firm: Installed, *, days: int = 0) -> list[Finding]:
    env = firm.env | {"SOPWITH_CONFIG": str(firm.folder / "sopwith.toml")}
    found = examine(env, now=datetime.now(UTC) + timedelta(days=days))
    return [one for one in found if one.check == "escrow"]


def said(found: list[Finding]) -> str:
    return " ".join(one.detail for one in found)


def test_two_officers_hold_sheets_that_were_tried_and_the_doctor_is_content_for_a_year(firm: Installed) -> None:
    assert "Nobody holds a sheet" in said(doctor(firm))
    with firm.serving():
        papers = {who: sheet(firm, who) for who in WORDS}
        assert "The sheet of meg@x.example and dora@x.example was never tried." in said(doctor(firm))
        for who, paper in papers.items():
            assert stat.S_IMODE(paper.stat().st_mode) == 0o600
            done = tried(firm, paper, who)
            assert done.returncode == 0, done.stderr
            assert "opens this database" in done.stdout
    (well,) = doctor(firm)
    assert well.status is Status.OK
    assert "meg@x.example and dora@x.example hold sheets" in well.detail
    assert "last tried more than a year ago" in said(doctor(firm, days=366))
    assert tried(firm, papers["meg"], "meg").returncode == 0
    log = firm.done("audit", "verify")
    assert "whole" in log


def test_the_day_of_need_one_sheet_gives_the_keys_back_and_work_goes_on(firm: Installed) -> None:
    paper = sheet(firm, "dora")
    lost = {name: Path(firm.env[f"SOPWITH_{name}_KEY_FILE"]) for name in ("MASTER", "AUDIT")}
    kept = {name: path.read_text() for name, path in lost.items()}
    for path in lost.values():
        path.unlink()
    assert firm.run("doctor").returncode == 1

    lines = [line for line in paper.read_text().splitlines() if re.match(r" ?\d+  \w{4} ", line)]
    typed = firm.folder / "typed"
    typed.write_text("\n".join(line.lower() for line in lines))
    back = firm.folder / "back"
    bare = {name: "" for name in firm.env if name.startswith("SOPWITH_")}
    done = firm.run("keys", "restore", str(typed), str(back), "--passphrase-file", "dora.words", **bare)
    assert done.returncode == 0, done.stderr
    for name, path in lost.items():
        found = back / path.name
        assert stat.S_IMODE(found.stat().st_mode) == 0o600
        assert found.read_text() == kept[name]
        firm.env[f"SOPWITH_{name}_KEY_FILE"] = str(found)
    with firm.serving():
        firm.take_clients({"A3": "Zephyrine"})
    assert firm.names() == NAMES | {"A3": "Zephyrine"}
    assert "whole" in firm.done("audit", "verify")


def test_after_a_rotation_the_old_sheets_do_not_count(firm: Installed) -> None:
    paper = sheet(firm, "meg")
    assert tried(firm, paper, "meg").returncode == 0
    firm.env["SOPWITH_MASTER_KEY_OLD_FILE"] = firm.env["SOPWITH_MASTER_KEY_FILE"]
    firm.env["SOPWITH_MASTER_KEY_FILE"] = str(firm.new_key("new.key"))
    assert "keys escrow" in firm.done("keys", "rotate")
    firm.env.pop("SOPWITH_MASTER_KEY_OLD_FILE")
    assert "Nobody holds a sheet" in said(doctor(firm))
    old = tried(firm, paper, "meg")
    assert old.returncode == 1
    assert "old sheets do not count" in old.stderr
    assert tried(firm, sheet(firm, "meg", "second"), "meg").returncode == 0
    assert "meg@x.example holds a sheet that was tried" in said(doctor(firm))


def test_a_sheet_of_the_old_key_does_not_count_before_the_rotation_is_done(small: Installed) -> None:
    paper = sheet(small, "meg")
    small.env["SOPWITH_MASTER_KEY_OLD_FILE"] = small.env["SOPWITH_MASTER_KEY_FILE"]
    small.env["SOPWITH_MASTER_KEY_FILE"] = str(small.new_key("new.key"))
    done = tried(small, paper, "meg")
    assert done.returncode == 1
    assert "Finish `sopwith keys rotate` first" in done.stderr


def test_whoever_leaves_with_a_sheet_is_named_until_the_key_is_another(small: Installed) -> None:
    assert tried(small, sheet(small, "dora"), "dora").returncode == 0
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    row = f"dora@x.example,Dora Poe,dpo;records,meg@x.example,contractor,{yesterday}"
    small.done("people", "import", "-", stdin=f"email,name,roles,supervisor,kind,ends_on\n{row}\n")
    assert "dora@x.example left with a sheet" in said(doctor(small))


def test_what_is_wrong_with_a_sheet_is_said_and_nothing_is_recorded(small: Installed) -> None:
    paper = sheet(small, "meg")
    other = tried(small, paper, "dora")
    assert (other.returncode, other.stderr.strip()) == (1, "The passphrase does not open this sheet.")
    text = paper.read_text()
    line = next(line for line in text.splitlines() if line.startswith(" 7  "))
    paper.write_text(text.replace(line, f"{line[:-1]}{'A' if line[-1] != 'A' else 'B'}"))
    typo = tried(small, paper, "meg")
    assert typo.returncode == 1
    assert "Line 7 is not as it was printed" in typo.stderr
    paper.write_bytes(b"\xff\xfe\x00\x01")
    assert tried(small, paper, "meg").returncode == 2
    assert tried(small, small.folder / "nowhere", "meg").returncode == 2
    assert "was never tried" in said(doctor(small))


def test_a_sheet_of_another_firm_does_not_count(small: Installed, tmp_path: Path) -> None:
    other = Installed(tmp_path / "other")
    other.staff(NAMES)
    (other.folder / "meg.words").write_text(WORDS["meg"])
    foreign = tried(small, sheet(other, "meg"), "meg")
    assert foreign.returncode == 1
    assert "opens 0 of this database's 1 firm keys" in foreign.stderr


@pytest.mark.parametrize(
    ("officer", "why"),
    [("nobody@x.example", "Nobody with this address works here"), ("tom@x.example", "is here for a time only")],
)
def test_only_somebody_of_the_firm_holds_a_sheet(small: Installed, officer: str, why: str) -> None:
    done = small.run("keys", "escrow", "--officer", officer, "--passphrase-file", "meg.words", "--out", "x")
    assert done.returncode == 1
    assert why in done.stderr
    assert not (small.folder / "x").exists()


@pytest.mark.parametrize("words", ["abcdefghijk", "aaaaaaaaaaaaaaaaaaa", ""])
def test_a_passphrase_that_can_be_guessed_is_refused(small: Installed, words: str) -> None:
    (small.folder / "weak").write_text(words)
    done = small.run("keys", "escrow", "--officer", "meg@x.example", "--passphrase-file", "weak")
    assert done.returncode == 2
    assert "The passphrase" in done.stderr
    assert done.stdout == ""


def test_nothing_is_overwritten(small: Installed) -> None:
    (small.folder / "there").write_text("mine")
    done = small.run("keys", "escrow", "--officer", "meg@x.example", "--passphrase-file", "meg.words", "--out", "there")
    assert done.returncode == 2
    assert (small.folder / "there").read_text() == "mine"
    paper = sheet(small, "meg")
    back = small.run("keys", "restore", str(paper), ".", "--passphrase-file", "meg.words")
    assert back.returncode == 2
    assert "master.key is there already" in back.stderr


def test_without_a_terminal_the_passphrase_must_come_from_a_file(small: Installed) -> None:
    done = small.run("keys", "escrow", "--officer", "meg@x.example")
    assert done.returncode == 2
    assert "--passphrase-file" in done.stderr


def test_at_a_terminal_it_is_asked_for_twice_and_not_shown(small: Installed) -> None:
    keyboard, screen = pty.openpty()
    begun = subprocess.Popen(
        [sys.executable, "-m", "bot", "keys", "escrow", "--officer", "meg@x.example"],
        cwd=small.folder,
        env=small.env,
        stdin=screen,
        stdout=subprocess.PIPE,
        stderr=screen,
        start_new_session=True,
        text=True,
    )
    os.close(screen)
    shown = ""
    for prompt, typed in (
        ("Passphrase:", "short"),
        ("confirmation:", "short"),
        ("at least 12 letters", ""),
        ("Passphrase:", WORDS["meg"]),
        ("confirmation:", WORDS["meg"]),
    ):
        while prompt not in shown.rpartition("\x00")[2]:
            shown += os.read(keyboard, 1000).decode()
        shown = shown.replace(prompt, f"{prompt}\x00")
        if typed:
            time.sleep(0.1)  # what is typed before the echo is off would be thrown away
            os.write(keyboard, f"{typed}\n".encode())
    paper, _nothing = begun.communicate(timeout=60)
    shown += os.read(keyboard, 10_000).decode()
    os.close(keyboard)
    assert begun.returncode == 0, shown
    assert WORDS["meg"] not in shown + paper
    (small.folder / "paper").write_text(paper)
    assert paper.startswith("SOPWITH ESCROW SHEET")
    assert tried(small, small.folder / "paper", "meg").returncode == 0


def test_what_is_on_record_names_the_sheet_and_tells_no_key(small: Installed) -> None:
    paper = sheet(small, "meg")
    assert tried(small, paper, "meg").returncode == 0
    whole = b"".join(path.read_bytes() for path in small.folder.glob("firm.db*"))
    printed = re.search(r"^Sheet +(\w+)$", paper.read_text(), re.MULTILINE)
    assert printed
    assert printed[1].encode() in whole
    assert b"keys.sheet-made" in whole
    assert b"keys.sheet-checked" in whole
    keys = [Path(small.env[f"SOPWITH_{name}_KEY_FILE"]).read_text().strip() for name in ("MASTER", "AUDIT")]
    for secret in (WORDS["meg"], *keys):
        assert secret.encode() not in whole
