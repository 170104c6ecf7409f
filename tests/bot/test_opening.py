"""Opening the record: the key is asked before anything is touched."""

import os
from datetime import timedelta
from pathlib import Path

import pytest

from bot.config import Secrets, Settings
from bot.opening import open_store
from bot.policy_file import policy
from storage import guards
from storage.store import InUse, migration_engine
from storage.vault import WrongKey
from tests.support.house import POLICY


def settings(folder: Path, key: bytes, *, host: str = "127.0.0.1") -> Settings:
    url = f"sqlite:///{folder / 'house.db'}"
    return Settings(
        policy=policy(POLICY),
        policy_body="{}",
        secrets=Secrets(master_key=key, audit_key=os.urandom(32)),
        host=host,
        port=0,
        admin_port=0,
        database_url=url,
        migration_url=url,
        checkpoint_file=folder / "checkpoints.txt",
        checkpoint_every=timedelta(minutes=1),
    )


def test_a_wrong_outside_key_touches_nothing(tmp_path: Path) -> None:
    right = settings(tmp_path, os.urandom(32))
    open_store(right).close()
    engine = migration_engine(right.database_url)
    with engine.begin() as conn:
        conn.exec_driver_sql("DROP TRIGGER audit_log_no_update")
    with pytest.raises(WrongKey):
        open_store(settings(tmp_path, os.urandom(32)))
    with engine.connect() as conn:
        assert guards.missing_guards(conn) == ["audit_log_no_update"]
    open_store(right).close()
    with engine.connect() as conn:
        assert guards.missing_guards(conn) == []
    engine.dispose()


def test_a_record_in_use_is_not_opened_and_not_migrated(tmp_path: Path) -> None:
    right = settings(tmp_path, os.urandom(32))
    store = open_store(right)
    with pytest.raises(InUse):
        open_store(right)
    store.close()
