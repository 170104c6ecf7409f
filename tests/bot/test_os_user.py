"""Who is at the machine is what the kernel says, whatever the environment claims."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from bot import os_user

ME = pwd.getpwuid(os.getuid()).pw_name
NOBODY = pwd.getpwnam("nobody").pw_uid


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        (str(NOBODY), f"cli:{ME} (login nobody)"),  # who became somebody else by sudo or su is named too
        (str(os.getuid()), f"cli:{ME}"),
        ("4294967295", f"cli:{ME}"),  # a service, a container: nobody logged in
        ("rubbish", f"cli:{ME}"),
        (None, f"cli:{ME}"),
    ],
)
def test_the_login_behind_a_sudo_is_told_where_the_kernel_keeps_it(tmp_path: Path, kept: str | None, said: str) -> None:
    (tmp_path / "7").mkdir()
    if kept is not None:
        (tmp_path / "7" / "loginuid").write_text(kept)
    assert os_user.speaker("cli", uid=os.getuid(), pid=7, proc=tmp_path) == said


def test_a_user_without_a_name_is_told_by_number(tmp_path: Path) -> None:
    assert os_user.speaker("service", uid=3_999_999, pid=7, proc=tmp_path) == "service:uid 3999999"


def test_the_environment_is_not_believed() -> None:
    script = "from bot import os_user; print(os_user.speaker('cli'))"
    lies = {"USER": "margaret", "LOGNAME": "margaret", "SUDO_USER": "margaret", "SUDO_UID": str(NOBODY)}
    done = subprocess.run([sys.executable, "-c", script], env={**os.environ, **lies}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().startswith(f"cli:{ME}")
    assert "margaret" not in done.stdout
