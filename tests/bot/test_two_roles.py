"""PostgreSQL with an owner that migrates and a service that may not: who makes the tables, who can change the log."""

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.config import BadConfig, Settings
from bot.doctor_record import record
from bot.opening import open_store
from bot.terminal import WrongUse
from bot.upgrading import upgrade
from storage import audit, guards, settings
from storage.engines import migration_engine, reading_engine
from storage.schema import firm_keys
from storage.store import Store, Unavailable
from tests.bot.test_opening import settings as file_settings
from tests.support.postgres import Server

CHANGES = ["UPDATE audit_log SET body = ''", "DELETE FROM audit_log", "TRUNCATE audit_log"]


@dataclass(frozen=True, kw_only=True)
class Firm:
    """An empty database with its two roles, and the settings of a service on it."""

    owner: str
    service: str
    settings: Settings


@pytest.fixture
def firm(postgres: Server, tmp_path: Path) -> Iterator[Firm]:
    url = postgres.database(empty=True)
    name = make_url(url).database or ""
    roles = [f"{name}_owner", f'{name} "service"']
    with postgres.admin() as conn:
        for role in roles:
            conn.exec_driver_sql(f"CREATE ROLE {conn.dialect.identifier_preparer.quote_identifier(role)} LOGIN")
        conn.exec_driver_sql(f"ALTER DATABASE {name} OWNER TO {roles[0]}")
    owner, service = (postgres.url(name, user=role) for role in roles)
    split = replace(file_settings(tmp_path, os.urandom(32)), database_url=service, migration_url=owner)
    yield Firm(owner=owner, service=service, settings=split)
    postgres.drop(url)
    with postgres.admin() as conn:
        for role in roles:
            conn.exec_driver_sql(f"DROP ROLE {conn.dialect.identifier_preparer.quote_identifier(role)}")


@pytest.fixture
def store(firm: Firm) -> Iterator[Store]:
    upgrade(firm.owner, firm.service)
    store = open_store(firm.settings)
    yield store
    store.close()


def test_the_service_does_not_start_before_the_owner_made_the_tables(firm: Firm) -> None:
    with pytest.raises(BadConfig, match="sopwith db upgrade"):
        open_store(firm.settings)
    alone = replace(firm.settings, migration_url=firm.service)
    with pytest.raises(BadConfig, match="sopwith db upgrade"):
        open_store(alone)
    said = upgrade(firm.owner, firm.service)
    assert "can read and add, no more" in said
    open_store(firm.settings).close()


def test_the_service_keeps_its_record_with_the_rights_it_has(store: Store) -> None:
    store.write(lambda tx: audit.record(tx, "thing.done", who=None)).result()
    assert store.write(audit.sequence).result() >= 1
    store.write(lambda tx: settings.put(tx, "a", "b")).result()
    assert store.read(lambda tx: settings.get(tx, "a")).result() == "b"


@pytest.mark.parametrize("statement", CHANGES)
def test_the_service_cannot_change_the_log_even_when_its_guards_are_down(
    firm: Firm, store: Store, statement: str
) -> None:
    store.write(lambda tx: audit.record(tx, "thing.done", who=None)).result()
    engine = migration_engine(firm.owner)
    with engine.begin() as conn:
        for name in guards.POSTGRES:
            conn.exec_driver_sql(f"DROP TRIGGER {name} ON audit_log")
    engine.dispose()
    with pytest.raises(Unavailable, match="permission denied"):
        store.write(lambda tx: tx.conn.exec_driver_sql(statement) and None).result()
    again = open_store(firm.settings)  # it starts, and the watch says what is missing
    again.close()


def test_the_doctor_tells_the_service_from_the_owner(firm: Firm, store: Store) -> None:
    def roles(url: str) -> list[tuple[str, str]]:
        return [(f.status, f.detail) for f in record(url, None, datetime.now(UTC)) if f.check == "roles"]

    assert roles(firm.service)[0][0] == "ok"
    ((status, detail),) = roles(firm.owner)
    assert status == "warning"
    assert "owns" in detail


def test_a_service_role_that_is_not_there_is_named(firm: Firm) -> None:
    nobody = make_url(firm.service).set(username="nobody").render_as_string(hide_password=False)
    with pytest.raises(WrongUse, match="no role nobody"):
        upgrade(firm.owner, nobody)


def test_of_two_first_starts_at_once_one_migrates_and_one_makes_the_keys(firm: Firm) -> None:
    alone = replace(firm.settings, database_url=firm.owner, migration_url=firm.owner)
    with ThreadPoolExecutor(4) as pool:
        for store in list(pool.map(lambda _: open_store(alone), range(4))):
            store.close()
    engine = reading_engine(firm.owner)
    with engine.connect() as conn:
        assert len(conn.execute(firm_keys.select()).all()) == 1
    engine.dispose()
