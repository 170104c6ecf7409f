"""A busy minute and a bad one, with a word of its own in everything that people type: nobody but its readers is shown
it, and it stands nowhere in clear: no file, no row, no log line, no figure, no message, no home tab."""

import base64
import hashlib
import json
import logging
import random
import secrets
import tempfile
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from urllib.parse import urlencode

import pytest

from bot.sandbox.firm import Firm
from tests.journeys.conftest import Town
from tests.support.bad_minute import BadMinute
from tests.support.busy_minute import Minute
from tests.support.canaries import LENGTH, Canary, card_number, found, word
from tests.support.chats import CHATS, faults_seen
from tests.support.eavesdropper import Eavesdropper, files
from tests.support.post_office import PostOffice, open_post_office, words

THERE = {  # of each place that is searched, something that is no secret
    "sandbox.db": b"SQLite format 3",
    "sandbox.db-wal": b"",
    "sandbox.db-shm": b"",
    "checkpoints.txt": b"sopwith/",
    "the rows": b"amelia.ward@harbour-lane.example",
    "the sandbox page": b"what='notice.",
    "the log": b'"outcome": "failed"',
    "/metrics": b"sopwith_requests_total",
    "/watchz": b"status",
    "letters": b"somebody is needed now",
    "command lines": b"There is no such file",
}


@pytest.fixture
async def ear(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> AsyncIterator[Eavesdropper]:
    """From before the house is built; temporary files go where they can be looked at."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    listening = Eavesdropper()
    listening.listen(monkeypatch, logging.DEBUG)
    yield listening
    listening.stop()


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[PostOffice]:
    (tmp_path / "post office").mkdir()
    async with open_post_office(tmp_path / "post office") as opened:
        yield opened


@pytest.fixture
async def firm(ear: Eavesdropper, tmp_path: Path, transport: str, office: PostOffice) -> AsyncIterator[Firm]:
    (tmp_path / "data").mkdir()
    built = Firm(tmp_path / "data", **CHATS[transport].settings(), notify=office.section)
    ear.follow(built)
    await built.start()
    yield built
    await ear.see_it_close()


async def test_no_word_of_content_is_anywhere_but_before_its_readers(
    firm: Firm,
    ear: Eavesdropper,
    office: PostOffice,
    transport: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    seed = secrets.randbits(64)
    minute = Minute(town=Town(firm, CHATS[transport]), chance=random.Random(seed))
    await minute.clients_come_in()
    await minute.a_contact_is_logged()
    await minute.a_message_is_logged()
    await minute.a_client_is_not_listed()
    await minute.an_entry_stands_in_the_wrong_file()
    await minute.breaches_are_reported()
    await minute.words_go_astray()
    await minute.days_pass()
    bad = BadMinute(minute=minute)
    await bad.bugs_in_what_people_do()
    await bad.bugs_in_what_happens_by_itself()
    await bad.the_database_is_held_by_another()
    await bad.the_chat_has_a_bad_day()
    await bad.strangers_knock()
    await bad.chat_is_away_and_letters_go(office)
    page = await minute.timeline(minute.town.amelia)

    everybody = [*await ear.told_everybody(), *files(tmp_path), ("command lines", repr(minute.asides).encode())]
    everybody += [("letters", raw) for raw in office.raw] + [("letters", words(m).encode()) for m in office.letters]
    somebody = list(ear.told_somebody())
    await ear.see_it_close()
    everybody += [*files(tmp_path), ("the log", ear.heard.getvalue().encode()), ("output", _printed(capfd))]

    leaks = {(where, leak) for where, what in everybody for leak in found(what, minute.canaries, typed=minute.typed)}
    assert leaks == set(), seed
    shown = {(where, who, c) for where, who, what in somebody for c in minute.canaries if c.word.encode() in what}
    assert {(where, who, c.what) for where, who, c in shown if who not in c.readers} == set()
    _every_word_was_shown_to_those_who_may(minute, {(c, who) for _where, who, c in shown})
    _the_search_saw_what_is_there(everybody, page, minute)
    assert faults_seen(firm) == []


def _printed(capfd: pytest.CaptureFixture[str]) -> bytes:
    return "".join(capfd.readouterr()).encode()


def _every_word_was_shown_to_those_who_may(minute: Minute, shown: set[tuple[Canary, str]]) -> None:
    """Else a search that finds nothing anywhere would say as little as one that does not look."""
    unseen = [c.what for c in minute.canaries if c.readers and all(c is not one for one, _who in shown)]
    assert unseen == []


def _the_search_saw_what_is_there(everybody: list[tuple[str, bytes]], page: str, minute: Minute) -> None:
    """Words that do stand there, place by place."""
    seen: dict[str, bytes] = {}
    for where, what in everybody:
        seen[where] = seen.get(where, b"") + what
    assert minute.client in page
    for where, something in {**THERE, **minute.town.chat.there}.items():
        assert something in seen[where], where


DRESSES: Mapping[str, Callable[[str], bytes]] = {
    "as it is": str.encode,
    "in capitals": lambda word: word.upper().encode(),
    "cut short": lambda word: word[: LENGTH // 2].lower().encode(),
    "UTF-16": lambda word: word.encode("utf-16"),
    "UTF-16, the other way round": lambda word: word.encode("utf-16-be"),
    "hex": lambda word: word.encode().hex().upper().encode(),
    "hex of UTF-16": lambda word: word.encode("utf-16-le").hex().encode(),
    "base64": lambda word: base64.b64encode(word.encode()),
    "base64, one byte in": lambda word: base64.b64encode(f"x{word}yz".encode()),
    "base64, two bytes in": lambda word: base64.b64encode(f"xx{word}y".encode()),
    "base64 of UTF-16": lambda word: base64.b64encode(f"xx{word}y".encode("utf-16")),
    "base64 for addresses": lambda word: base64.urlsafe_b64encode(f"?~{word}?~".encode()),
    "in JSON in a form": lambda word: urlencode({"payload": json.dumps({"a": word})}).encode(),
    "a hash": lambda word: hashlib.sha256(word.encode()).digest(),
    "a hash in words": lambda word: hashlib.sha1(word.lower().encode()).hexdigest().encode(),
}


@pytest.mark.parametrize("dress", DRESSES.values(), ids=DRESSES.keys())
def test_the_search_finds_a_word_in_every_dress_and_nothing_where_there_is_none(dress: Callable[[str], bytes]) -> None:
    chance = random.Random(7)
    one, other = (Canary(what="it", word=word(chance), readers=frozenset()) for _canary in range(2))
    assert found(b"before" + dress(one.word) + b"behind", [one], typed=[one.word])
    assert found(b"before" + dress(one.word) + b"behind", [other], typed=[other.word]) == []


def test_the_search_finds_a_card_number_with_its_gaps_and_without() -> None:
    card = Canary(what="card", word=card_number(random.Random(7)), readers=frozenset())
    assert found(f"Paid with {card.word}.".encode(), [card])
    assert found(card.word.replace(" ", "").encode(), [card])
    assert found(card.word[:14].encode(), [card]) == []
