"""What is installed is what was looked at: every package pinned with its hashes, and no index named."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_PIN = re.compile(
    r"^([\w.\[\],-]+)==([\w.!+]+)(?: ; [^\\]+)? \\\n((?: +--hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", re.MULTILINE
)


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_requirement_is_pinned_with_its_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert _PIN.search(text)
    assert _PIN.sub("", text).strip() == ""  # nothing but pins: no address, no option, no bare name
    assert "://" not in text


def test_nothing_is_installed_without_its_hash() -> None:
    """Every `pip install` that a reader or make is told of, but for the program itself, which lies there already, and
    the tool that writes the pins."""
    places = ["Makefile", "README.md", *(str(p.relative_to(ROOT)) for p in (ROOT / "docs").glob("*.md"))]
    told = [
        line.strip() for place in places for line in (ROOT / place).read_text().splitlines() if "pip install" in line
    ]
    free = [line for line in told if "--require-hashes" not in line]
    assert any("--require-hashes" in line for line in told)
    assert [line for line in free if "--no-deps --no-build-isolation -e ." not in line and "-q uv" not in line] == []
