"""What the documents promise is there: every file has its line in the architecture page, every linked page exists."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ["README.md", "CONTRIBUTING.md", "SECURITY.md", *(str(p.relative_to(ROOT)) for p in ROOT.glob("docs/**/*.md"))]


@pytest.mark.parametrize("folder", ["bot", "handlers", "storage"])
def test_every_file_has_its_line_in_the_architecture_page(folder: str) -> None:
    page = (ROOT / "docs/architecture.md").read_text()
    files = [p for p in (ROOT / folder).rglob("*.py") if p.name != "__init__.py" and "versions" not in p.parts]
    missing = [str(p.relative_to(ROOT)) for p in files if p.name not in page and p.stem not in page]
    assert files
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_linked_page_and_picture_exists(page: str) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", (ROOT / page).read_text())
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]
    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_every_place_within_a_page_that_is_linked_is_a_heading_there(page: str) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", (ROOT / page).read_text())
    missing = [
        f"{other}#{place}"
        for other, place in links
        if place not in places((ROOT / page).parent / other if other else ROOT / page)
    ]
    assert missing == []


def places(page: Path) -> set[str]:
    """The headings of a page as they are linked: lower case, without punctuation, hyphens for spaces."""
    text = re.sub(r"^```.*?^```", "", page.read_text(), flags=re.DOTALL | re.MULTILINE)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}
