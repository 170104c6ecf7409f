"""What must hold when a siege is over: what was acknowledged is on record once, whoever was to learn something was
told, few messages came twice, nothing hangs, and the log is whole.

Invariants: `blows` counts kills, pauses and cuts, each of which may have left unknown what became of the messages in
hand, one a lane; no message came twice but one of these.
"""

import json
import re
from collections import Counter, defaultdict
from datetime import datetime, timedelta

from bot.courier import AT_ONCE
from storage.outbox import State
from storage.store import reading_engine
from tests.support.besieged import Post
from tests.support.bot_process import CHECKPOINTS
from tests.support.clerks import Book
from tests.support.siege import Record, Siege
from tests.support.unharmed import verdict_on

Key = tuple[str, str]  # a channel, and what it is about
LIST = re.compile(r"\bmore things? waits? for you")
HALF_A_MINUTE = timedelta(seconds=30)


def every_acknowledged_form_is_on_record_once(book: Book, record: Record, blows: int) -> None:
    found = Counter(text.split()[-1] for _id, text in record.entries)
    ids = {text.split()[-1]: id for id, text in record.entries}
    assert book.puzzled == []
    assert len(book.kept) > blows
    assert book.again + book.replayed > 0  # by the person, or by the chat
    assert [(marker, found[marker], book.kept[marker]) for marker in book.kept if found[marker] != 1] == []
    assert [marker for marker, id in book.kept.items() if ids[marker] != id] == []
    assert [marker for marker, times in found.items() if times > 1] == []
    assert set(found) <= {*book.kept, *book.open_ended}


def whoever_was_to_learn_something_was_told(record: Record, blows: int) -> None:
    """An open clock: its reminder, that it is overdue, and the supervisor. One logged half a minute before it was over,
    or later, may have gone without the reminder: the service may not have lived in between."""
    told = {(n.kind, n.subject, n.recipient_id) for n in record.messages if n.state == State.COMPLETED}
    assert len(record.open) > blows / 5
    for deadline in record.open:
        him = deadline.responsible_id
        if deadline.due_at - record.entered[deadline.interaction_id] > HALF_A_MINUTE:
            assert ("deadline.reminder", deadline.id, him) in told
        assert ("deadline.overdue", deadline.id, him) in told
        above = record.staff[him].supervisor_id
        assert not above or ("deadline.escalated", deadline.id, above) in told
    running = {d.id for d in record.open}
    assert [n for n in record.messages if n.state != State.COMPLETED and n.subject in running] == []
    assert [n for n in record.notices if n.state == State.DISCARDED] == []


def no_message_is_lost_and_few_come_twice(siege: Siege, record: Record, blows: int) -> int:
    """Per recipient and matter: what was told stood in as many messages as the record says (those noted in one
    transaction were one message, and what that did not hold is a line in its last card), and each attempt beyond the
    first may have left one more behind. Gives how many messages came twice."""
    arrived = Counter((post["channel"], subject) for post in siege.side.posts() for subject in _subjects(post))
    with_a_list = {
        (p["channel"], subject) for p in siege.side.posts() if LIST.search(str(p["blocks"])) for subject in _subjects(p)
    }
    told, spare = defaultdict[Key, set[datetime | None]](set), Counter[Key]()
    together = defaultdict[tuple[str, datetime | None], set[Key]](set)
    for notice in record.messages:
        key = (siege.side.channel(record.staff[notice.recipient_id].email), notice.subject)
        done = notice.state == State.COMPLETED
        told[key].update({notice.ended_at} if done else ())
        spare[key] += notice.attempts - done
        together[key[0], notice.ended_at].add(key)
    seen = {key: {at for at in told[key] if not (together[key[0], at] - {key}) & with_a_list} for key in told}
    assert [key for key, times in seen.items() if arrived[key] < len(times)] == []
    assert [key for key in arrived if arrived[key] - len(told[key]) > spare[key]] == []
    noted = {(n.recipient_id, n.ended_at) for n in record.messages if n.state == State.COMPLETED}
    twice = len(siege.side.posts()) - len(noted)
    assert 0 <= twice <= min(sum(spare.values()), AT_ONCE * blows)
    return twice


def _subjects(post: Post) -> set[str]:
    """The ids that its cards' buttons carry; where there are none, the references on it."""
    found = re.findall(r"\b(DL|BR|IN)-([0-9A-Z]{10})\b", json.dumps(post["blocks"]))
    ids = {f"{prefix}-{rest}" for prefix, rest in found}
    return {id for id in ids if not id.startswith("IN-")} or ids


def nothing_is_left_hanging(record: Record) -> None:
    assert {n.state for n in record.notices} <= {State.COMPLETED, State.CANCELLED}
    assert record.forgotten == []
    assert record.oldest_due is None


def the_log_is_whole(siege: Siege, checkpoint_file: str = CHECKPOINTS) -> None:
    found = siege.settings()
    verdict = verdict_on(found, siege.folder / checkpoint_file)
    assert verdict.ok, verdict.problem
    assert verdict.size > len(siege.book.kept)
    engine = reading_engine(found.database_url)
    if engine.dialect.name == "sqlite":
        with engine.connect() as conn:
            assert conn.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    engine.dispose()


def in_words(siege: Siege, record: Record, sent_again: int) -> str:
    """What it came to, for the report."""
    book, starts = siege.book, sorted(siege.starts)
    return (
        f"starts {starts[0]:.2f} to {starts[-1]:.2f} s, median {starts[len(starts) // 2]:.2f};"
        f" {len(book.kept)} forms acknowledged, {book.again} sent again, {book.twice} twice at once,"
        f" {book.replayed} replayed, {len(book.open_ended)} given up; {len(siege.side.posts())} messages,"
        f" {sent_again} of them duplicates; {len(record.open)} clocks overdue\n"
    )
