"""The mail as a person reads it: reference, duty and time; nobody's name, nothing to press, no header from outside."""

import email
from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from typing import cast

import pytest

import handlers.catalogue  # noqa: F401  registers every procedure
from bot.mail_text import Letter, Told, painted
from bot.senders import Unreachable
from handlers.request import Kind
from handlers.router import entries
from handlers.views import Button, Card, Check, Checklist, Does, Facts, Text
from handlers.why_me import WHY

CARD = Card(
    title="Reply overdue since Mon 16:00 (London)",
    items=(
        Facts(facts=(("About", "Quiet Heron"), ("Who replies", "Amelia Ward"))),
        Text(text="Amelia Ward has been told."),
        Checklist(checks=(Check(text="Contain it", done=False),)),
    ),
    buttons=(Button(label="I take it", act=Does(name="deadline.take", subject="DL-1")),),
)
LETTER = Letter(
    to="jonas@harbour.example",
    sender="sopwith@harbour.example",
    headline="Something is overdue.",
    reference="0123abc",
    told=(Told(card=CARD, why="Your firm's SOP names you."),),
    names=frozenset({"Amelia Ward", "Jonas Hale"}),
    platforms=("slack",),
    emergency="",
    now=datetime(2026, 11, 23, 16, 5, tzinfo=UTC),
)


def read(letter: Letter) -> EmailMessage:
    return cast(EmailMessage, email.message_from_bytes(painted(letter), policy=default))


def words(letter: Letter) -> str:
    return str(read(letter).get_content())


def test_a_mail_says_duty_reference_and_time_and_where_to_act_and_why() -> None:
    assert words(LETTER).splitlines() == [
        "Something is overdue.",
        "",
        "Reply overdue since Mon 16:00 (London)",
        "About: Quiet Heron",
        "Why you: Your firm's SOP names you.",
        "",
        "To act, open Sopwith in Slack.",
        "Nobody reads answers to this mail. It names no one on purpose.",
    ]


def test_its_headers_are_ours_alone_and_the_same_letter_has_the_same_reference() -> None:
    mail = read(LETTER)
    assert (mail["From"], mail["To"]) == ("Sopwith <sopwith@harbour.example>", "jonas@harbour.example")
    assert (mail["Subject"], mail["Message-ID"]) == ("Something is overdue.", "<0123abc@harbour.example>")
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail.get_content_type() == "text/plain"
    assert painted(LETTER) == painted(LETTER)


def test_somebody_without_a_chat_account_reads_how_to_get_help() -> None:
    said = words(replace(LETTER, platforms=()))
    assert "ask your supervisor" in said
    assert "open Sopwith" not in said


def test_a_breach_brings_the_emergency_line() -> None:
    assert "Ring +44 20 7946 0000" in words(replace(LETTER, emergency="Ring +44 20 7946 0000 (DPO on call)"))


@pytest.mark.parametrize(
    "address",
    [
        "ana@harbour.example\r\nBcc: all@harbour.example",
        "ana@harbour.example, all@harbour.example",
        "Ana <ana@harbour.example>",
        "ana@harbour.example>\r\nDATA",
        "ana\x00@harbour.example",
        "ana@härbour.example",
        "",
        "-",
    ],
)
def test_an_address_that_is_more_than_an_address_gets_no_mail(address: str) -> None:
    with pytest.raises(Unreachable):
        painted(replace(LETTER, to=address))


def test_no_word_can_begin_a_header_or_a_line_of_its_own() -> None:
    nasty = "Quiet\r\nBcc: all@harbour.example\r\n\r\n.\r\nHeron\u202e\x07"
    told = (Told(card=Card(title=nasty, items=(Facts(facts=(("About", nasty),)), Text(text=nasty))), why="x"),)
    mail = read(replace(LETTER, told=told, emergency=nasty))
    assert mail["Bcc"] is None
    lines = str(mail.get_content()).splitlines()
    assert not [line for line in lines if line.startswith(("Bcc", "."))]
    assert not any(c in str(mail.get_content()) for c in "\u202e\x07")


def test_every_kind_of_notice_says_why_it_came() -> None:
    assert {entry.name for entry in entries(Kind.NOTICE)} <= set(WHY)
