"""Each start under a changed policy file is on record with who started it, and none is served that is not."""

import base64
import os
import sqlite3
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot import config, os_user
from bot.config import Settings
from bot.service import Service
from storage import audit, migrate
from storage.store import Unavailable
from tests.support.policy_texts import GOOD

CHANGED = GOOD.replace('name = "', 'name = "The ', 1)
Start = Callable[[str], Settings]


@pytest.fixture
def settings(tmp_path: Path) -> Start:
    keys = {name: base64.b64encode(os.urandom(32)).decode() for name in ("SOPWITH_MASTER_KEY", "SOPWITH_AUDIT_KEY")}
    env = keys | {
        "SOPWITH_DATABASE_URL": f"sqlite:///{tmp_path}/firm.db",
        "SOPWITH_PORT": "0",
        "SOPWITH_ADMIN_PORT": "0",
    }
    path = tmp_path / "sopwith.toml"

    def under(text: str) -> Settings:
        path.write_text(f'{text}[audit]\ncheckpoint_file = "{tmp_path}/checkpoints.txt"\n')
        return config.load(env, path)

    return under


async def started(settings: Settings, what: str) -> list[dict[str, str]]:
    """Start and stop; the audit entries of this kind so far."""
    service = Service(settings)
    try:
        await service.start()
        found = await service.doorway.ask(audit.entries)
    finally:
        await service.stop()
    return [entry.words for entry in found if entry.words["what"] == what]


async def test_a_start_says_under_which_policy_and_by_whom(settings: Start) -> None:
    await started(settings(GOOD), "policy.in-force")
    await started(settings(CHANGED), "policy.in-force")
    await started(settings(CHANGED), "policy.in-force")
    first, second, third = await started(settings(GOOD), "policy.in-force")
    assert (second["before"], second["paths"]) == (first["hash"], "firm.name")
    assert (third["hash"], third["before"], third["paths"]) == (first["hash"], second["hash"], "firm.name")
    assert {entry["who"] for entry in (first, second, third)} == {os_user.speaker("service")}


async def test_a_migration_at_a_start_is_on_record_with_who_started_it(settings: Start) -> None:
    (entry,) = await started(settings(GOOD), "database.upgraded")
    assert (entry["who"], entry["before"], entry["after"]) == (os_user.speaker("service"), "", migrate.head())


async def test_nothing_is_served_under_a_policy_that_cannot_be_put_on_record(settings: Start, tmp_path: Path) -> None:
    await started(settings(GOOD), "policy.in-force")
    with sqlite3.connect(tmp_path / "firm.db") as record:
        record.execute("DROP TABLE policies")
    service = Service(settings(CHANGED))
    with pytest.raises(Unavailable):
        await service.start()
    assert not service._runners  # no port was opened
    await service.stop()


async def test_the_service_counts_days_in_the_firms_zone(settings: Start) -> None:
    night = datetime(2026, 11, 20, 20, 0, tzinfo=UTC)
    service = Service(settings(GOOD.replace("Europe/London", "Asia/Tokyo")), now=lambda: night)
    assert await service.doorway.ask(lambda tx: tx.today) == date(2026, 11, 21)
    await service.stop()
