"""Every guard and every import contract is seen to fail when it is removed.

The quick part keeps the table true to the tree. The long part (`--long`) works in a private copy of the tree: it takes
one guard away at a time and runs the tests that must notice, then puts it back.
"""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest

from tests.guards.breaches import BREACHES
from tests.guards.clocks import STATUTES
from tests.guards.complaints import COMPLAINTS
from tests.guards.contracts import CONTRACTS
from tests.guards.custody import KEPT
from tests.guards.doors import DOORS
from tests.guards.edge import EDGE
from tests.guards.effects import ONCE_AND_OUTWARD
from tests.guards.need_to_know import NEED_TO_KNOW
from tests.guards.packs import PACKED
from tests.guards.record import RECORD
from tests.guards.rights import RIGHTS
from tests.guards.sealing import SEALING
from tests.guards.server import SERVER
from tests.guards.sockets import SOCKETS
from tests.guards.table import Contract, Edit, Guard
from tests.guards.teams import TEAMS
from tests.guards.telling import TOLD

ROOT = Path(__file__).parents[2]
GUARDS: tuple[Guard, ...] = (
    *EDGE,
    *SOCKETS,
    *DOORS,
    *ONCE_AND_OUTWARD,
    *TOLD,
    *RIGHTS,
    *NEED_TO_KNOW,
    *COMPLAINTS,
    *BREACHES,
    *SEALING,
    *RECORD,
    *PACKED,
    *SERVER,
    *KEPT,
    *TEAMS,
    *STATUTES,
)
PATIENCE = 180  # seconds; a test that hangs without its guard has not said that it is missing


@cache
def names_in(file: str) -> frozenset[str]:
    """Names of the test functions of a file."""
    nodes = ast.walk(ast.parse((ROOT / file).read_text()))
    return frozenset(n.name for n in nodes if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("guard", GUARDS, ids=lambda g: g.name)
def test_the_table_still_fits_the_tree(guard: Guard) -> None:
    assert guard.tests
    for edit in guard.edits:
        assert (ROOT / edit.file).read_text().count(edit.find) == 1, f"{edit.file}: {edit.find}"
        assert edit.find != edit.put
    for test in guard.tests:
        file, _colons, name = test.partition("::")
        assert name in names_in(file), test


def test_no_guard_has_the_name_of_another() -> None:
    names = [guard.name for guard in GUARDS]
    assert sorted(set(names)) == sorted(names)


def test_every_import_contract_has_a_line_that_breaks_it() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert {c["name"] for c in settings["contracts"]} == {c.name for c in CONTRACTS}
    assert all((ROOT / c.file).is_file() for c in CONTRACTS)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A private copy of what git knows or would take. Byte code is checked by its source's hash, not by its time, for
    two removals may fall into one second."""
    folder = tmp_path_factory.mktemp("tree")
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    packages = ["bot", "handlers", "storage"]
    compiled = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", *packages]
    subprocess.run(compiled, cwd=folder, check=True)
    return folder


@contextmanager
def removed(copy: Path, edits: tuple[Edit, ...]) -> Iterator[None]:
    """The copy without this guard, for as long as it takes."""
    before = {edit.file: (copy / edit.file).read_text() for edit in edits}
    try:
        for edit in edits:
            text = (copy / edit.file).read_text()
            assert text.count(edit.find) == 1
            (copy / edit.file).write_text(text.replace(edit.find, edit.put))
        yield
    finally:
        for file, text in before.items():
            (copy / file).write_text(text)


def run(copy: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A module of ours or of the tools, seen from the copy."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("PYTEST", "SOPWITH", "SLACK"))}
    env = {**kept, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy)}
    return subprocess.run(
        [sys.executable, *words], cwd=copy, env=env, capture_output=True, text=True, timeout=PATIENCE, check=False
    )


def tried(copy: Path, tests: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    return run(copy, "-m", "pytest", "-q", "-rf", "--tb=no", "-p", "no:cacheprovider", *tests)


def failed(answer: subprocess.CompletedProcess[str]) -> set[str]:
    """The tests that failed, by function; a test that could not even begin has not failed."""
    return set(re.findall(r"^FAILED (\S+?::\w+)", answer.stdout, re.MULTILINE))


@pytest.mark.long
def test_with_every_guard_in_place_all_the_named_tests_pass(copy: Path) -> None:
    named = tuple(sorted({test for guard in GUARDS for test in guard.tests}))
    answer = tried(copy, named)
    assert answer.returncode == 0, answer.stdout[-3000:]


@pytest.mark.long
@pytest.mark.parametrize("guard", GUARDS, ids=lambda g: g.name)
def test_a_guard_that_is_removed_is_missed(copy: Path, guard: Guard) -> None:
    with removed(copy, guard.edits):
        answer = tried(copy, guard.tests)
    assert answer.returncode == 1, answer.stdout[-3000:] + answer.stderr[-1000:]
    assert failed(answer) == set(guard.tests), answer.stdout[-3000:]


def linted(copy: Path) -> subprocess.CompletedProcess[str]:
    return run(copy, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache")


@pytest.mark.long
def test_with_every_contract_in_place_all_are_kept(copy: Path) -> None:
    answer = linted(copy)
    assert answer.returncode == 0, answer.stdout[-3000:] + answer.stderr[-1000:]
    assert f"{len({c.name for c in CONTRACTS})} kept, 0 broken" in answer.stdout


@pytest.mark.long
@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda c: f"{c.file}: {c.line}")
def test_an_import_that_breaks_a_contract_is_refused(copy: Path, contract: Contract) -> None:
    path = copy / contract.file
    before = path.read_text()
    path.write_text(f"{before}\n{contract.line}\n")
    answer = linted(copy)
    path.write_text(before)
    assert answer.returncode == 1, answer.stdout[-3000:] + answer.stderr[-1000:]
    assert f"{contract.name} BROKEN" in answer.stdout
