"""The courier's way out: cards into direct messages, edits in place, and each way it can fail."""

import pytest

from bot.sandbox.faults import Kind as Fault
from bot.sandbox.reading import text_of
from bot.senders import Limited, Rejected, Sender, Trouble, Unreachable
from handlers.views import Card, Text
from tests.slack.office import ADA, BEN, CARD, NEW, STRANGER, Office

HEADLINE = "Something is due today. Please open Sopwith."


def account(id: str) -> str:
    return f"slack:T0HARBOUR/{id}"


def test_it_is_a_sender_as_the_courier_knows_it(office: Office) -> None:
    sender: Sender = office.sender
    assert sender.platform == "slack"


async def test_a_card_arrives_in_the_persons_own_chat_and_a_phone_shows_only_the_headline(office: Office) -> None:
    place = await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    message = office.person().messages[-1]
    assert place == f"{office.workspace.dm(ADA).id}/{message.ts}"
    assert message.text == HEADLINE
    assert "Quiet Heron" in text_of(message)
    sent = office.workspace.calls[-1].arguments
    assert {"channel", "text", "blocks", "unfurl_links", "unfurl_media"} == set(sent)
    assert (sent["unfurl_links"], sent["unfurl_media"]) in {("0", "0"), (False, False)}


async def test_a_chat_is_opened_once_per_person(office: Office) -> None:
    for id in (ADA, BEN, ADA, BEN):
        await office.sender.send(account(id), (CARD,), headline=HEADLINE)
    assert (office.called("conversations.open"), office.called("chat.postMessage")) == (2, 4)


async def test_an_edit_replaces_the_message_where_it_stands(office: Office) -> None:
    place = await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    settled = Card(title="Settled: Reply logged", items=(Text(text="Quiet Heron"),))
    await office.sender.edit(place, (settled,), headline="Settled")
    (message,) = office.person().messages
    assert (message.text, text_of(message).splitlines()) == (
        "Settled",
        ["Settled", "Settled: Reply logged", "Quiet Heron"],
    )


@pytest.mark.parametrize("method", ["conversations.open", "chat.postMessage"])
async def test_slack_says_how_long_to_wait(office: Office, method: str) -> None:
    office.workspace.faults.next(method, Fault.RATE_LIMITED, seconds=7)
    with pytest.raises(Limited) as limited:
        await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    assert limited.value.seconds == 7
    assert limited.value.everywhere is (method == "conversations.open")  # a message a second is one conversation's
    assert office.called(method) == 1  # nothing is retried here


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (Fault.SERVER_ERROR, ""),
        (Fault.CUT_BEFORE, ""),
        (Fault.CUT_AFTER, ""),
        (Fault.ERROR, "internal_error"),
        (Fault.ERROR, "fatal_error"),
        (Fault.ERROR, "invalid_auth"),
        (Fault.ERROR, "token_revoked"),
        (Fault.ERROR, "account_inactive"),  # the token's account, not the reader's
        (Fault.ERROR, "missing_scope"),
        (Fault.ERROR, "a_word_of_tomorrow"),
    ],
)
async def test_what_may_pass_is_trouble_and_is_not_retried_here(office: Office, fault: Fault, code: str) -> None:
    office.workspace.faults.next("chat.postMessage", fault, code=code)
    with pytest.raises(Trouble):
        await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    assert office.called("chat.postMessage") == 1


async def test_after_a_cut_connection_nobody_knows_so_it_is_sent_again_and_at_most_twice(office: Office) -> None:
    office.workspace.faults.next("chat.postMessage", Fault.CUT_AFTER)
    with pytest.raises(Trouble):
        await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    assert len(office.person().messages) == 2


async def test_an_answer_that_does_not_come_is_trouble(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.slack.sender.PATIENCE", 0.05)
    office.workspace.faults.next("chat.postMessage", Fault.SLOW, seconds=0.5)
    with pytest.raises(Trouble):
        await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)


@pytest.mark.parametrize("code", ["user_not_found", "user_disabled", "cannot_dm_bot", "channel_not_found"])
async def test_somebody_who_cannot_be_reached_is_unreachable_and_asked_for_anew(office: Office, code: str) -> None:
    await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    office.workspace.faults.next("chat.postMessage", Fault.ERROR, code=code)
    with pytest.raises(Unreachable, match=code):
        await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    assert office.called("conversations.open") == 2


async def test_a_deactivated_person_a_bot_and_an_unknown_one_are_unreachable(office: Office) -> None:
    await office.hands.change(NEW, deleted=True)
    for id in (NEW, office.workspace.bot_user_id, "U0NOBODY"):
        with pytest.raises(Unreachable):
            await office.sender.send(account(id), (CARD,), headline=HEADLINE)
    assert office.called("chat.postMessage") == 0


async def test_somebody_from_another_workspace_has_a_chat_of_their_own(office: Office) -> None:
    """Who may be written to is the courier's question: accounts of strangers are never linked."""
    assert await office.sender.send(account(STRANGER), (CARD,), headline=HEADLINE)


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long", "invalid_arguments", "no_text"])
async def test_what_slack_will_never_take_is_rejected(office: Office, code: str) -> None:
    office.workspace.faults.next("chat.postMessage", Fault.ERROR, code=code)
    with pytest.raises(Rejected, match=code):
        await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)


@pytest.mark.parametrize("place", ["D0ADA/1.000001", "nowhere"])
async def test_a_message_that_is_gone_is_not_edited_again(office: Office, place: str) -> None:
    await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    with pytest.raises(Rejected):
        await office.sender.edit(place, (CARD,), headline=HEADLINE)


async def test_a_fault_says_slacks_word_and_nothing_of_the_card(office: Office) -> None:
    office.workspace.faults.next("chat.postMessage", Fault.ERROR, code="invalid_blocks")
    with pytest.raises(Rejected) as rejected:
        await office.sender.send(account(ADA), (CARD,), headline=HEADLINE)
    assert str(rejected.value) == "invalid_blocks"
    assert rejected.value.__cause__ is None
    assert rejected.value.__suppress_context__
