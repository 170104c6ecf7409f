"""Many times `kill -9` in the middle of the work, over HTTP and over Socket Mode: what was acknowledged is there once,
what is due is told, and the log is whole."""

import asyncio
import json
import os
import re
import signal
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot import checkpoints
from bot.sandbox.server import start
from bot.sandbox.workspace import Workspace
from storage.checkpoint import public_key
from storage.outbox import State
from storage.store import reading_engine
from storage.verify import verify
from tests.support.bot_process import CHECKPOINTS
from tests.support.clerks import Book
from tests.support.siege import POLICY, SEED, STAFF_FILE, Record, Siege

KILLS = {"http": 50, "socket": 20}


@pytest.fixture
async def siege(tmp_path: Path, transport: str) -> AsyncIterator[Siege]:
    workspace = Workspace(seed=SEED)
    for person in STAFF_FILE:
        workspace.add_user(person["slack_id"], person["name"], person["email"])
    slack = await start(workspace)
    (tmp_path / "sopwith.toml").write_text(POLICY)
    for name in ("master.key", "audit.key"):
        (tmp_path / name).touch(mode=0o600)
        (tmp_path / name).write_bytes(os.urandom(32))
    built = Siege(tmp_path, workspace, socket_mode=transport == "socket")
    await built.seed()
    await built.bot.warm_up()
    yield built
    await built.close()
    await slack.stop()


async def test_many_kills_lose_nothing_and_double_nothing_but_a_message_nobody_could_confirm(
    siege: Siege, transport: str
) -> None:
    began, kills = time.monotonic(), KILLS[transport]
    await siege.up()
    working = [asyncio.create_task(clerk.work()) for clerk in siege.clerks]
    assert await siege.bot.end() == -signal.SIGKILL
    for _kill in range(kills - 1):
        await siege.live_and_die()
    await siege.up()
    for clerk in siege.clerks:
        clerk.stop.set()
    await asyncio.wait_for(asyncio.gather(*working), 120)
    await siege.pass_time(20)  # every clock has run 12 s, when its reminder is due; one of less than 40 s is not over
    await siege.pass_time(60)  # and now every clock is over
    assert await siege.bot.end(signal.SIGTERM) == 0
    spent = time.monotonic() - began

    record = await siege.record()
    _every_acknowledged_form_is_on_record_once(siege.book, record, kills)
    _whoever_was_to_learn_something_was_told(record, kills)
    sent_again = _no_message_is_lost_and_few_come_twice(siege, record, kills)
    _nothing_is_left_hanging(record)
    _the_log_is_whole(siege)
    assert [line for line in siege.said() if line.get("event") == "fault"] == []
    assert siege.workspace.faults_seen == []
    book, starts = siege.book, sorted(siege.starts)
    sys.stdout.write(
        f"\n{kills} kills in {spent:.0f} s, {siege.ahead:.0f} s of outage; starts {starts[0]:.2f} to"
        f" {starts[-1]:.2f} s, median {starts[len(starts) // 2]:.2f}; {len(book.kept)} forms acknowledged,"
        f" {book.again} sent again,"
        f" {book.twice} twice at once, {book.replayed} replayed, {len(book.open_ended)} given up;"
        f" {len(siege.posts())} messages, {sent_again} of them duplicates; {len(record.open)} clocks overdue\n"
    )


def _every_acknowledged_form_is_on_record_once(book: Book, record: Record, kills: int) -> None:
    found = Counter(text.split()[-1] for _id, text in record.entries)
    ids = {text.split()[-1]: id for id, text in record.entries}
    assert book.puzzled == []
    assert len(book.kept) > kills
    assert book.again > 0
    assert [marker for marker in book.kept if found[marker] != 1] == []
    assert [marker for marker, id in book.kept.items() if ids[marker] != id] == []
    assert [marker for marker, times in found.items() if times > 1] == []
    assert set(found) <= {*book.kept, *book.open_ended}


def _whoever_was_to_learn_something_was_told(record: Record, kills: int) -> None:
    """An open clock: its reminder, that it is overdue, and the supervisor. One logged half a minute before it was over,
    or later, may have gone without the reminder: the service may not have lived in between."""
    told = {(n.kind, n.subject, n.recipient_id) for n in record.messages if n.state == State.COMPLETED}
    assert len(record.open) > kills / 5
    for deadline in record.open:
        him = deadline.responsible_id
        if deadline.due_at.timestamp() - record.entered[deadline.interaction_id] > 30:
            assert ("deadline.reminder", deadline.id, him) in told
        assert ("deadline.overdue", deadline.id, him) in told
        above = record.staff[him].supervisor_id
        assert not above or ("deadline.escalated", deadline.id, above) in told
    running = {d.id for d in record.open}
    assert [n for n in record.messages if n.state != State.COMPLETED and n.subject in running] == []
    assert [n for n in record.notices if n.state == State.DISCARDED] == []


def _no_message_is_lost_and_few_come_twice(siege: Siege, record: Record, kills: int) -> int:
    """Per recipient and matter: what was told stood in as many messages as the record says (those noted in one
    transaction were one message), and each attempt beyond the first may have left one more behind. Gives how many
    messages came twice."""
    arrived = Counter((post["channel"], subject) for post in siege.posts() for subject in _subjects(post))
    told, spare = dict[tuple[str, str], set[datetime | None]](), Counter[tuple[str, str]]()
    for notice in record.messages:
        key = (f"D{record.staff[notice.recipient_id].slack_id[1:]}", notice.subject)
        done = notice.state == State.COMPLETED
        told.setdefault(key, set()).update({notice.ended_at} if done else ())
        spare[key] += notice.attempts - done
    assert [key for key, times in told.items() if arrived[key] < len(times)] == []
    assert [key for key in arrived if arrived[key] - len(told[key]) > spare[key]] == []
    noted = {(n.recipient_id, n.ended_at) for n in record.messages if n.state == State.COMPLETED}
    twice = len(siege.posts()) - len(noted)
    assert 0 <= twice <= kills
    return twice


def _subjects(post: dict[str, Any]) -> set[str]:
    """The ids that its cards' buttons carry; where there are none, the references on it."""
    found = re.findall(r"\b(DL|BR|IN)-([0-9A-Z]{10})\b", json.dumps(post["blocks"]))
    ids = {f"{prefix}-{rest}" for prefix, rest in found}
    return {id for id in ids if not id.startswith("IN-")} or ids


def _nothing_is_left_hanging(record: Record) -> None:
    assert {n.state for n in record.notices} <= {State.COMPLETED, State.CANCELLED}
    assert record.forgotten == []
    assert record.oldest_due is None


def _the_log_is_whole(siege: Siege) -> None:
    found = siege.settings()
    key = public_key(found.secrets.audit_key, checkpoints.origin(found.secrets.audit_key))
    engine = reading_engine(found.database_url)
    verdict = verify(engine, (siege.folder / CHECKPOINTS).read_text(), key)
    with engine.connect() as conn:
        assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    engine.dispose()
    assert verdict.ok, verdict.problem
    assert verdict.size > len(siege.book.kept)
