"""The threat model is true to the tree: every threat names a test that exists, or says what is accepted or open."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/threat-model.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| ([STRIDE]) \| (.+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
DOORS = (
    "Slack over HTTP",
    "Slack over Socket Mode",
    "Calls to Slack's Web API",
    "Teams over HTTP",
    "Calls to the Bot Connector",
    "The admin port",
    "The command line's socket",
    "The command line and its files",
    "The database",
    "Backups",
    "Outbox and e-mail",
    "Audit log and checkpoints",
    "Keys",
    "The sandbox",
    "Dependencies",
    "People",
)


@cache
def names_in(file: str) -> frozenset[str]:
    path = ROOT / file
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if path.is_file() else iter(())
    return frozenset(n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def rows() -> list[tuple[str, str]]:
    """Threat and last cell of every row."""
    found = []
    for row in _ROW.finditer(PAGE):
        cells = [cell.strip() for cell in row[2].split("|")]
        assert len(cells) == 3, row[0]
        found.append((cells[0], cells[2]))
    return found


@pytest.mark.parametrize(("threat", "answer"), rows(), ids=[threat[:60] for threat, _answer in rows()])
def test_every_threat_has_a_test_or_is_accepted_or_open_in_words(threat: str, answer: str) -> None:
    tests = _TEST.findall(answer)
    assert tests or re.match(r"(Accepted|Open): \w", answer), threat
    assert [f"{file}::{name}" for file, name in tests if name not in names_in(file)] == []
    assert answer.count("::") == len(tests), answer


@pytest.mark.parametrize("door", DOORS)
def test_every_door_is_looked_at(door: str) -> None:
    assert re.search(rf"^## {re.escape(door)}", PAGE, re.MULTILINE)


def test_every_letter_is_asked() -> None:
    assert {row[1] for row in _ROW.finditer(PAGE)} == set("STRIDE")


def test_security_leads_here_and_stays_short() -> None:
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert "docs/threat-model.md" in security
    assert len(security.splitlines()) <= 40
