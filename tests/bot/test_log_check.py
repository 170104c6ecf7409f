"""`audit verify`: which checkpoints the log is held against, and what is said when there are none."""

import base64
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot import config
from bot.checkpoints import append, origin
from bot.desk import asked, hand_over
from bot.log_check import verdict
from bot.terminal import WrongUse
from storage.checkpoint import public_key, sign
from tests.support.policy_texts import GOOD

ANN = ({"line": "2", "email": "ann@x.example", "name": "Ann", "roles": "staff"},)
SEED = bytes(range(32))
KEY = public_key(SEED, origin(SEED))


@pytest.fixture
def firm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The environment of a firm with a few entries in its log."""
    monkeypatch.chdir(tmp_path)
    Path("sopwith.toml").write_text(GOOD)
    found = {
        "SOPWITH_MASTER_KEY": base64.b64encode(os.urandom(32)).decode(),
        "SOPWITH_AUDIT_KEY": base64.b64encode(SEED).decode(),
    }
    hand_over(config.load(found), asked("people.import", {"dry_run": ""}, ANN))
    return found


def checkpoint(path: Path, environ: Mapping[str, str], root: bytes | None = None) -> None:
    whole, _ = verdict(environ, None, None, None)
    append(path, sign(SEED, KEY.name, whole.size, root or bytes.fromhex(whole.root)))


def test_without_checkpoints_the_log_is_held_against_itself_and_that_is_said(firm: dict[str, str]) -> None:
    found, remark = verdict(firm, None, None, None)
    assert found.ok
    assert found.size > 0
    assert "itself only" in remark


def test_the_policys_own_checkpoints_and_the_firms_own_key_are_taken_by_themselves(firm: dict[str, str]) -> None:
    checkpoint(Path("checkpoints.txt"), firm)
    found, remark = verdict(firm, None, None, None)
    assert (found.ok, remark) == (True, "")


def test_a_log_that_a_checkpoint_saw_otherwise_is_not_whole(firm: dict[str, str]) -> None:
    checkpoint(Path("checkpoints.txt"), firm, root=bytes(32))
    found, _ = verdict(firm, None, None, None)
    assert (found.ok, found.first_bad) == (False, 1)


def test_an_auditor_needs_no_secret_and_no_policy_file(firm: dict[str, str]) -> None:
    checkpoint(Path("seen.txt"), firm)
    Path("sopwith.toml").write_text("this is no policy")
    Path("log.pub").write_text(f"{KEY}\n")
    found, remark = verdict({}, None, Path("seen.txt"), Path("log.pub"))
    assert (found.ok, remark) == (True, "")


def test_anothers_key_does_not_vouch_for_the_log(firm: dict[str, str]) -> None:
    checkpoint(Path("checkpoints.txt"), firm)
    Path("other.pub").write_text(str(public_key(bytes(31) + b"\x01", KEY.name)))
    found, _ = verdict(firm, None, None, Path("other.pub"))
    assert not found.ok
    assert "not signed by" in found.problem


@pytest.mark.parametrize(
    ("checkpoints", "key", "said"),
    [
        ("nowhere.txt", None, "--checkpoints: nowhere.txt cannot be read"),
        (None, "nowhere.pub", "--public-key: nowhere.pub cannot be read"),
        (None, "sopwith.toml", "--public-key: "),
        (None, "good.pub", "--checkpoints: say where"),
    ],
)
def test_what_cannot_be_read_is_wrong_use(
    firm: dict[str, str], checkpoints: str | None, key: str | None, said: str
) -> None:
    Path("good.pub").write_text(str(KEY))
    with pytest.raises(WrongUse, match=said):
        verdict(firm, None, Path(checkpoints) if checkpoints else None, Path(key) if key else None)


def test_checkpoints_without_anybodys_key_are_wrong_use(firm: dict[str, str]) -> None:
    checkpoint(Path("checkpoints.txt"), firm)
    with pytest.raises(WrongUse, match="whose signature"):
        verdict({}, None, Path("checkpoints.txt"), None)


def test_a_file_that_is_no_database_is_not_whole(tmp_path: Path) -> None:
    (tmp_path / "other.db").write_text("not a database" * 1000)
    found, _ = verdict({"SOPWITH_DATABASE_URL": f"sqlite:///{tmp_path}/other.db"}, None, None, None)
    assert (found.ok, found.size) == (False, 0)
