"""`sopwith explain severity` as a process: the vectors, people's words, and every kind of bad facts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FACTS = {"dpc": 1, "ei": 1, "confidentiality": 0, "integrity": 0, "availability": 0, "malicious": False}


def run(folder: Path, *words: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "explain", "severity", *words],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)},
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize(
    ("more", "score", "band"),
    [
        ({"confidentiality": 0.25}, 1.25, "Low"),
        ({"confidentiality": 0.5, "malicious": True}, 2.0, "Medium"),
        ({"dpc": 3, "availability": 0.5}, 3.5, "High"),
        ({"dpc": 4, "confidentiality": 0.25}, 4.25, "Very high"),
        ({"dpc": 2, "ei": 0.25}, 0.5, "Low"),
    ],
)
def test_the_vectors_in_json(tmp_path: Path, more: dict[str, object], score: float, band: str) -> None:
    (tmp_path / "facts.json").write_text(json.dumps({**FACTS, **more}))
    done = run(tmp_path, "facts.json", "--json")
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(told) == ["score", "band", "sentence"]
    assert (told["score"], told["band"]) == (score, band)
    assert told["sentence"].endswith(f"= {score} {band}")
    assert [path.name for path in tmp_path.iterdir()] == ["facts.json"]


def test_people_read_the_sum_the_suggestion_and_that_a_person_decides(tmp_path: Path) -> None:
    done = run(tmp_path, "-", stdin=json.dumps({**FACTS, "dpc": 3}))
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0] == "DPC 3 x EI 1 (maximum) + CB 0 = 3.0 High"
    assert "Art. 34" in lines[2]
    assert "A person decides" in lines[3]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON (line 1, column 2)"),
        ("[1]", "facts are a JSON object"),
        ("NaN", "is not JSON"),
        ('{"dpc": 1e9999999999999999999}', "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ('{"dpc": 1, "dpc": 4}', "'dpc' stands there twice"),
        (json.dumps({**FACTS, "dpc": "4"}), "dpc: is none of 1, 2, 3, 4."),
        (json.dumps({**FACTS, "ei": 0.3}), "ei: is none of 0.25, 0.5, 0.75, 1."),
        (json.dumps({**FACTS, "malicious": "no"}), "malicious: is neither true nor false."),
        (json.dumps({**FACTS, "\ud800": 1}), "is no fact of this method"),
        (json.dumps({"dpc": 1}), "ei: is missing."),
    ],
)
def test_bad_facts_are_said_in_lines_and_the_status_is_2(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "facts.json").write_text(text)
    done = run(tmp_path, "facts.json", "--json")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "content"), [("nowhere.json", None), ("latin.json", b"\xff{}"), ("big.json", b" " * 1_000_001)]
)
def test_a_file_that_cannot_be_taken_is_said(tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    done = run(tmp_path, name)
    assert (done.returncode, done.stdout) == (2, "")
    assert name in done.stderr
