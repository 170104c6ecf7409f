"""The memory of a process that crashes holds keys, so it is not written to the disk."""

import resource
import subprocess
import sys
from pathlib import Path

CRASH = """
import os, resource, runpy, sys
from bot import __main__, cli
@cli.app.command("crash")
def crash():
    print(resource.getrlimit(resource.RLIMIT_CORE), flush=True)
    os.abort()
sys.argv = ["sopwith", "crash"]
__main__.main()
"""


def test_a_crash_leaves_no_memory_on_the_disk(tmp_path: Path) -> None:
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    done = subprocess.run(
        [sys.executable, "-c", CRASH],
        cwd=tmp_path,
        env={"PYTHONPATH": str(Path.cwd()), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE, (hard, hard)),
    )
    assert done.returncode < 0, done.stderr
    assert done.stdout.strip() == "(0, 0)"
    assert list(tmp_path.iterdir()) == []
