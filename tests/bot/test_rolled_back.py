"""An older copy of the record in place of the newer one: the signed checkpoints tell, and the alarm goes off."""

import base64
import os
import shutil
from pathlib import Path

import pytest

from bot import config
from bot.checkpoints import SHRUNK
from bot.config import Settings
from bot.service import Service
from handlers.request import Kind, Request
from tests.support.policy_texts import GOOD

ANN = {"line": "2", "email": "ann@x.example", "name": "Ann", "roles": "staff"}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    keys = {name: base64.b64encode(os.urandom(32)).decode() for name in ("SOPWITH_MASTER_KEY", "SOPWITH_AUDIT_KEY")}
    env = keys | {
        "SOPWITH_DATABASE_URL": f"sqlite:///{tmp_path}/firm.db",
        "SOPWITH_PORT": "0",
        "SOPWITH_ADMIN_PORT": "0",
    }
    (tmp_path / "sopwith.toml").write_text(f'{GOOD}[audit]\ncheckpoint_file = "{tmp_path}/checkpoints.txt"\n')
    return config.load(env, tmp_path / "sopwith.toml")


async def worked(settings: Settings, *people: dict[str, str]) -> tuple[list[str], bool]:
    """Start, take people in, sign, stop: what the alarm says, and whether something was signed."""
    path = settings.checkpoint_file
    before = path.read_text() if path.exists() else ""
    service = Service(settings)
    await service.start()
    for row in people:
        await service.doorway.handle(Request(kind=Kind.DESK, name="people.import", operator="cli:test", rows=(row,)))
    await service._checkpoints.export()
    said = await service.late()
    await service.stop()
    return [reason for reason in said if reason == SHRUNK], path.read_text() != before


async def test_a_record_from_before_its_last_checkpoint_is_an_alarm_and_is_not_signed(
    settings: Settings, tmp_path: Path
) -> None:
    assert await worked(settings) == ([], True)
    shutil.copy(tmp_path / "firm.db", tmp_path / "older.db")
    assert await worked(settings, ANN) == ([], True)
    before = (tmp_path / "checkpoints.txt").read_text()
    for side in tmp_path.glob("firm.db-*"):
        side.unlink()
    shutil.copy(tmp_path / "older.db", tmp_path / "firm.db")
    more = [{**ANN, "email": f"ann{n}@x.example"} for n in range(9)]  # it grows past the old length meanwhile
    assert await worked(settings, *more) == ([SHRUNK], False)
    assert (tmp_path / "checkpoints.txt").read_text() == before


async def test_an_ordinary_restart_is_no_alarm(settings: Settings) -> None:
    assert await worked(settings, ANN) == ([], True)
    assert await worked(settings) == ([], False)
    assert await worked(settings, {**ANN, "email": "ben@x.example"}) == ([], True)
