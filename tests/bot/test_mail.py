"""Mail over real SMTP with TLS: handed over safely or not at all, and each fault told from the others."""

import asyncio
import socket
import time
from dataclasses import replace
from pathlib import Path

import pytest

from bot.mail import InDoubt, Mailer
from bot.senders import Rejected, Trouble, Unreachable
from tests.support.post_office import SENDER, open_post_office, other_authority

LETTER = b"Subject: Something is due today.\r\nTo: ana@harbour.example\r\n\r\nHello.\r\n.\r\nStill here.\r\n"
TO = "ana@harbour.example"


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_a_letter_arrives_whole_over_tls_from_the_start_and_over_starttls(tmp_path: Path, scheme: str) -> None:
    async with open_post_office(tmp_path, scheme) as office:
        mailer = Mailer(office.notify)
        await mailer.send(TO, LETTER)
        mailer.close()
    assert office.envelopes == [(SENDER, (TO,))]
    assert office.raw == [LETTER]


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_a_server_without_tls_hears_nothing_from_us(tmp_path: Path, scheme: str) -> None:
    async with open_post_office(tmp_path, scheme, tls=False) as office:
        with pytest.raises(Trouble):
            await Mailer(office.notify, "bot", "correct horse").send(TO, LETTER)
    assert (office.letters, office.logins) == ([], [])


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
@pytest.mark.parametrize("wrong", ["authority", "name"])
async def test_a_server_that_cannot_prove_who_it_is_hears_nothing_from_us(
    tmp_path: Path, scheme: str, wrong: str
) -> None:
    name = "127.0.0.1" if wrong == "authority" else "mail.elsewhere.example"
    async with open_post_office(tmp_path, scheme, name=name, login=True) as office:
        notify = other_authority(office, tmp_path) if wrong == "authority" else office.notify
        with pytest.raises(Trouble, match="certificate"):
            await Mailer(notify, "bot", "correct horse").send(TO, LETTER)
    assert (office.letters, office.logins) == ([], [])


@pytest.mark.parametrize("scheme", ["smtps", "smtp"])
async def test_a_server_that_asks_who_we_are_is_told_under_tls(tmp_path: Path, scheme: str) -> None:
    async with open_post_office(tmp_path, scheme, login=True) as office:
        await Mailer(office.notify, "bot", "correct horse").send(TO, LETTER)
        with pytest.raises(Trouble, match="login"):
            await Mailer(office.notify, "bot", "wrong").send(TO, LETTER)
        with pytest.raises(Trouble):
            await Mailer(office.notify).send(TO, LETTER)
    assert len(office.letters) == 1
    assert set(office.logins) == {("bot", "correct horse"), ("bot", "wrong")}


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("450 4.2.0 Greylisted, come back later", Trouble),
        ("452 4.5.3 Too many", Trouble),
        ("550 5.1.1 No such user here", Unreachable),
        ("553 Not here", Unreachable),
        ("550 5.7.1 Relaying denied", Trouble),
        ("554 5.7.0 Policy", Trouble),
    ],
)
async def test_who_is_not_there_is_told_from_what_can_be_set_right(
    tmp_path: Path, answer: str, fault: type[Exception]
) -> None:
    async with open_post_office(tmp_path) as office:
        office.rcpt = [answer]
        with pytest.raises(fault) as said:
            await Mailer(office.notify).send(TO, LETTER)
        await Mailer(office.notify).send(TO, LETTER)
    assert type(said.value) is fault
    assert len(office.letters) == 1


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("451 4.3.0 Try again", Trouble),
        ("554 5.6.0 Not this message", Rejected),
        ("550 5.7.1 Looks like spam", Trouble),
        ("cut", InDoubt),
        ("lost", InDoubt),
        ("slow", InDoubt),
    ],
)
async def test_what_was_refused_is_told_from_what_nobody_knows(
    tmp_path: Path, answer: str, fault: type[Exception]
) -> None:
    async with open_post_office(tmp_path) as office:
        office.data = [answer]
        mailer = Mailer(office.notify, patience=0.5)
        with pytest.raises(fault) as said:
            await mailer.send(TO, LETTER)
    assert type(said.value) is fault
    assert TO not in str(said.value)


async def test_a_server_that_says_nothing_holds_up_nobody_and_is_no_doubt(tmp_path: Path) -> None:
    async with open_post_office(tmp_path) as office:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            notify = replace(office.notify, smtp=f"smtp://127.0.0.1:{silent.getsockname()[1]}")
            mailer, beats = Mailer(notify, patience=0.5), 0
            work = [asyncio.create_task(mailer.send(TO, LETTER)) for _letter in range(9)]  # more than threads
            until = time.monotonic() + 10
            while not all(task.done() for task in work) and time.monotonic() < until:
                await asyncio.sleep(0.01)
                beats += 1
            ended = [task.exception() for task in work]
    assert [type(error) for error in ended] == [Trouble] * 9
    assert beats > 10


async def test_a_port_where_nobody_listens_is_trouble_and_trying_out_sends_nothing(tmp_path: Path) -> None:
    async with open_post_office(tmp_path) as office:
        await Mailer(office.notify).try_out()
    with pytest.raises(Trouble):
        await Mailer(office.notify).try_out()
    assert office.letters == []
