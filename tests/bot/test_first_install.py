"""The lines by which a newcomer installs it, run as they stand on a fresh copy: those of README.md and of the page."""

import asyncio
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.install_page import ROOT, boxes

README = (ROOT / "README.md").read_text(encoding="utf-8")
(PAGE_LINES,) = (box.text.splitlines() for box in boxes() if box.kind == "sh")


def readme_lines() -> list[str]:
    found = re.search(r"in three lines.*?```\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1].splitlines()


def test_both_pages_install_by_the_same_lines() -> None:
    assert len(readme_lines()) == 3
    assert PAGE_LINES[1:] == readme_lines()[:2]


@pytest.mark.long
async def test_a_fresh_copy_is_installed_and_plays_the_demo(tmp_path: Path) -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    home = tmp_path / "sopwith"
    for name in filter(None, listed.split("\0")):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_bytes((ROOT / name).read_bytes())
        (home / name).chmod((ROOT / name).stat().st_mode)
    script = "\n".join(["set -e", *readme_lines()[:2], f"exec {readme_lines()[2]} --port 0"])
    demo = await asyncio.create_subprocess_exec(
        "bash", "-c", script, cwd=home, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    assert demo.stdout
    try:
        async with asyncio.timeout(600):
            while not (line := await demo.stdout.readline()).startswith(b"The sandbox firm is open"):
                assert line, (await demo.communicate())[1].decode()
    finally:
        if demo.returncode is None:
            demo.terminate()
            await demo.wait()
    helped = await asyncio.create_subprocess_exec(home / "bin/sopwith", "--help", cwd=tmp_path)
    assert await helped.wait() == 0
