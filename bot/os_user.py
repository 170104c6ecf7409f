"""Who is at the machine: the operating system's user behind a process, as the kernel says it.

Invariants: nothing is believed that the process itself could have set, so `USER` and `SUDO_USER` are not asked; the
login behind a `sudo` is told only where the kernel keeps it (Linux with an audit session).
"""

import os
import pwd
from pathlib import Path

_PROC = Path("/proc")
_UNSET = 4294967295  # no login behind it: a service, a container


def name(uid: int) -> str:
    """The user's name, else the number."""
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid {uid}"


def speaker(door: str, *, uid: int | None = None, pid: int | None = None, proc: Path = _PROC) -> str:
    """`cli:sopwith`, and where another person logged in, `cli:root (login alice)`. Without `uid` and `pid`, of this
    process; `door` is `cli` or `service`."""
    user = name(os.getuid() if uid is None else uid)
    login = _login(os.getpid() if pid is None else pid, proc)
    return f"{door}:{user}" + (f" (login {login})" if login and login != user else "")


def _login(pid: int, proc: Path) -> str:
    """Set once at the login and kept through `sudo` and `su`; empty when there was none or nobody can say."""
    try:
        uid = int((proc / str(pid) / "loginuid").read_text())
    except (OSError, ValueError):
        return ""
    return "" if uid == _UNSET else name(uid)
