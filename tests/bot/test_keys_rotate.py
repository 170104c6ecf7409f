"""`sopwith keys rotate` while people work, interrupted and run again: in the end the new outside key opens all."""

import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.vault import WrongKey
from tests.support.installed import Installed

FIRST = {f"A{number}": f"Brightwater {number} Ltd" for number in range(20)}
FILES = 6000


@pytest.fixture
def firm(tmp_path: Path, database_url: str) -> Iterator[Installed]:
    built = Installed(tmp_path / "firm", database_url)
    built.staff(FIRST)
    yield built


def change_the_key(firm: Installed) -> None:
    """What the operator does first: both keys set."""
    firm.env["SOPWITH_MASTER_KEY_OLD_FILE"] = firm.env["SOPWITH_MASTER_KEY_FILE"]
    firm.env["SOPWITH_MASTER_KEY_FILE"] = str(firm.new_key("new.key"))


def interrupted(firm: Installed, how: signal.Signals) -> tuple[int, str]:
    """A rotation that is stopped when it has said how far it is; its status and what it said."""
    begun = firm.begin("keys", "rotate")
    assert begun.stderr
    said = ""
    while "of" not in said or " 0 of" in said:
        line = begun.stderr.readline()
        if not line:
            break
        said = line
    begun.send_signal(how)
    _out, rest = begun.communicate(timeout=60)
    return begun.returncode, said + rest


def test_rotation_under_load_killed_in_between_and_run_again(firm: Installed) -> None:
    firm.bare_files(FILES)
    change_the_key(firm)
    with firm.serving():
        status, said = interrupted(firm, signal.SIGKILL)
        assert status == -signal.SIGKILL, said
        more = {f"B{number}": f"Zephyrine {number}" for number in range(5)}
        firm.take_clients(more)
        loading = [firm.begin("clients", "import", "--dry-run", str(table(firm, more))) for _ in range(2)]
        status, said = interrupted(firm, signal.SIGINT)
        if status != 0:  # it may have been faster than the signal
            assert (status, "run `sopwith keys rotate` again" in said) == (130, True)
        done = firm.run("keys", "rotate")
        assert done.returncode == 0, done.stderr
        assert "SOPWITH_MASTER_KEY_OLD is not needed any more" in done.stdout
        assert [each.wait(60) for each in loading] == [0, 0]
        for each in loading:
            each.communicate()
    old = firm.env.pop("SOPWITH_MASTER_KEY_OLD_FILE")
    assert firm.names() == FIRST | more
    with pytest.raises(WrongKey):
        firm.names(SOPWITH_MASTER_KEY_FILE=old)


def table(firm: Installed, names: dict[str, str]) -> Path:
    path = firm.folder / "more.csv"
    path.write_text("ref,name,owner\n" + "".join(f"{ref},{name},ann@x.example\n" for ref, name in names.items()))
    return path


def test_the_service_dies_in_the_middle_and_the_rotation_goes_on_without_it(firm: Installed) -> None:
    firm.bare_files(FILES)
    change_the_key(firm)
    with firm.serving() as running:
        assert interrupted(firm, signal.SIGKILL)[0] == -signal.SIGKILL
        running.kill()
    assert "data keys were put under the newest firm key" in firm.done("keys", "rotate")
    firm.env.pop("SOPWITH_MASTER_KEY_OLD_FILE")
    with firm.serving():
        pass
    assert firm.names() == FIRST


def test_without_a_service_and_without_an_old_key_the_firm_key_is_renewed(firm: Installed) -> None:
    said = firm.done("keys", "rotate")
    assert "A new firm key was made." in said
    assert f"{len(FIRST) + 2} data keys" in said  # the files, the quarantine, the barriers
    assert "OLD" not in said
    assert firm.names() == FIRST


def test_a_service_that_was_not_restarted_is_said_and_nothing_is_changed(tmp_path: Path) -> None:
    firm = Installed(tmp_path / "firm")
    firm.staff(FIRST)
    with firm.serving():
        change_the_key(firm)
        ended: subprocess.CompletedProcess[str] = firm.run("keys", "rotate")
    assert ended.returncode == 1
    assert "Restart it with the new key" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert firm.names(SOPWITH_MASTER_KEY_FILE=firm.env["SOPWITH_MASTER_KEY_OLD_FILE"], SOPWITH_MASTER_KEY_OLD_FILE="")
