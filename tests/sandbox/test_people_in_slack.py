"""What people do in the sandbox reaches a real Bolt app, signed and in Slack's shapes, and its answers are applied."""

import asyncio
import copy
from typing import Any

import pytest

from bot.sandbox import reading
from bot.sandbox.person import Person
from bot.sandbox.submitting import Outcome

ADA, BEN, STRANGER = "U0ADA", "U0BEN", "U0STRANGER"


async def _fill(ada: Person, summary: str = "Called about the lease") -> None:
    await ada.type("/note")
    await ada.choose("Client", "Quiet Heron")
    await ada.choose("Channel", "Company email")
    await ada.write("Summary", summary)


async def test_a_signed_command_reaches_bolt_with_slacks_form_fields(house: Any) -> None:
    answer = await house.hands.slash(ADA, "/say", "hello & good-bye")
    assert answer.ok
    assert [m.text for m in house.workspace.seen_by(ADA)] == ["You said hello & good-bye"]
    assert house.workspace.seen_by(BEN, house.workspace.dm(ADA).id) == []
    body = house.heard[0]
    assert set(body) == {
        *("token", "team_id", "team_domain", "channel_id", "channel_name", "user_id", "user_name", "command"),
        *("text", "api_app_id", "is_enterprise_install", "response_url", "trigger_id"),
    }
    assert (body["user_name"], body["is_enterprise_install"]) == ("ada.lane", "false")


async def test_a_command_the_app_does_not_know_leaves_a_line_from_slackbot(house: Any) -> None:
    assert (await house.hands.slash(ADA, "/nothing")).status == 404
    (said,) = house.workspace.seen_by(ADA)
    assert (said.user, said.ephemeral_to) == ("USLACKBOT", ADA)
    assert "dispatch_failed" in said.text


async def test_a_form_is_filled_sent_and_answered_by_a_message(house: Any, ada: Person) -> None:
    await _fill(ada)
    await ada.choose("Who will reply?", "Ben Okri")
    await ada.choose("Tags", "Urgent", "Fee")
    assert (await ada.submit()).outcome is Outcome.CLOSED
    assert ada.modal is None
    assert reading.buttons(ada.messages[-1]) == ["Why?"]
    values = house.heard[-1]["view"]["state"]["values"]
    email = {"text": {"type": "plain_text", "text": "Company email", "emoji": True}, "value": "company-email"}
    assert values["channel"]["channel"] == {"type": "static_select", "selected_option": email}
    assert values["client"]["client"]["selected_option"]["value"] == "quiet-heron"
    assert values["when"]["when"] == {"type": "datetimepicker", "selected_date_time": 1_774_627_200}
    assert values["who"]["who"] == {"type": "users_select", "selected_user": BEN}
    assert [o["value"] for o in values["tags"]["tags"]["selected_options"]] == ["urgent", "fee"]
    assert values["summary"]["summary"] == {"type": "plain_text_input", "value": "Called about the lease"}
    assert house.workspace.faults_seen == []


async def test_a_submission_and_a_click_have_the_recorded_keys(house: Any, ada: Person) -> None:
    await _fill(ada)
    await ada.submit()
    submission = house.heard[-1]
    assert set(submission) == {
        *("type", "team", "user", "api_app_id", "token", "trigger_id", "view", "response_urls"),
        *("is_enterprise_install", "enterprise"),
    }
    assert set(submission["user"]) == {"id", "username", "name", "team_id"}
    assert set(submission["view"]) == {
        *("id", "team_id", "type", "blocks", "private_metadata", "callback_id", "state", "hash", "title", "close"),
        *("submit", "clear_on_close", "notify_on_close", "previous_view_id", "root_view_id", "app_id", "external_id"),
        *("app_installed_team_id", "bot_id"),
    }
    await ada.press("Why?")
    click = house.heard[-1]
    assert set(click) == set(submission) - {"view", "response_urls"} | {
        *("container", "channel", "message", "state", "response_url", "actions")
    }
    (action,) = click["actions"]
    assert set(action) == {"type", "action_id", "block_id", "text", "value", "action_ts"}
    assert click["container"]["message_ts"] == click["message"]["ts"]


async def test_what_was_typed_survives_an_update_of_the_form(ada: Person) -> None:
    await _fill(ada, "half a sentence")
    first = ada.modal
    assert first is not None
    await ada.choose("Channel", "Another channel")
    assert ada.modal is first
    assert reading.fields(first)[2] == "Which channel?"
    assert first.state["summary"]["summary"]["value"] == "half a sentence"
    assert first.state["which"]["which"]["value"] is None
    assert first.state["client"]["client"]["selected_option"]["text"]["text"] == "Quiet Heron"


async def test_slack_itself_keeps_back_a_form_with_a_gap(house: Any, ada: Person) -> None:
    await ada.type("/note")
    heard = len(house.heard)
    tried = await ada.submit()
    assert tried.outcome is Outcome.KEPT_BACK
    assert set(tried.errors) == {"client", "channel", "summary"}  # when has a first value; who and tags are optional
    await ada.write("Summary", "x" * 501)
    assert (await ada.submit()).errors["summary"] == "Please enter no more than 500 characters."
    assert len(house.heard) == heard


@pytest.mark.parametrize(
    ("summary", "outcome", "open_after"),
    [
        ("card 4111", Outcome.ERRORS, 1),
        ("update", Outcome.UPDATED, 1),
        ("push", Outcome.PUSHED, 2),
        ("clear", Outcome.CLEARED, 0),
        ("dance", Outcome.TROUBLE, 1),  # no such response_action: Slack would say there was trouble
        ("elsewhere", Outcome.TROUBLE, 1),  # an error beside a field that is not there
        ("fine", Outcome.CLOSED, 0),
    ],
)
async def test_each_answer_to_a_submission_does_what_it_does_at_slack(
    house: Any, ada: Person, summary: str, outcome: Outcome, open_after: int
) -> None:
    await _fill(ada, summary)
    result = await ada.submit()
    assert result.outcome is outcome
    assert len(house.workspace.modals[ADA]) == open_after
    assert bool(house.workspace.faults_seen) is (outcome is Outcome.TROUBLE)
    if outcome is Outcome.ERRORS:
        assert ada.modal is not None
        assert ada.modal.errors == {"summary": "This looks like a card number."}


async def test_closing_a_form_tells_the_app_that_asked_to_hear_of_it(house: Any, ada: Person) -> None:
    await ada.type("/note")
    await ada.cancel()
    assert ada.modal is None
    assert (house.heard[-1]["type"], house.heard[-1]["is_cleared"]) == ("view_closed", False)


async def test_type_ahead_offers_what_the_app_finds(house: Any, ada: Person) -> None:
    await ada.type("/note")
    assert await ada.search("Client", "qui") == ["Quiet Heron", "Quick Fox"]
    assert await ada.search("Client", "fox") == ["Quick Fox"]
    assert house.heard[-1]["container"] == {"type": "view", "view_id": ada.modal.id if ada.modal else ""}
    with pytest.raises(LookupError):
        await ada.choose("Client", "Nobody")


async def test_opening_the_home_tab_publishes_it_and_the_next_event_shows_it(house: Any, ada: Person) -> None:
    home = await ada.look_home()
    assert home is not None
    assert "My duties" in reading.text_of(home)
    await ada.look_home()
    assert house.heard[-1]["event"]["view"]["id"] == home.id
    assert house.heard[-1]["event_id"] != house.heard[-2]["event_id"]


async def test_shortcuts_and_directory_events_arrive(house: Any, ada: Person) -> None:
    message = house.workspace.post(house.workspace.dm(ADA).id, ADA, "Quiet Heron rang")
    assert (await house.hands.shortcut(ADA, "log")).ok
    assert (await house.hands.message_shortcut(ADA, "log", message)).ok
    assert house.heard[-1]["message"]["text"] == "Quiet Heron rang"
    assert (await house.hands.change(BEN, deleted=True)).ok
    assert house.heard[-1]["event"]["user"]["deleted"] is True
    assert (await house.hands.join(STRANGER)).ok
    assert (await house.hands.handshake()).body["challenge"].startswith("challenge-")


async def test_nobody_presses_a_button_they_cannot_see(house: Any, ada: Person) -> None:
    await _fill(ada)
    message = house.workspace.post(house.workspace.dm(ADA).id, ADA, "hello")
    with pytest.raises(LookupError):
        await house.hands.message_shortcut(BEN, "log", message)
    with pytest.raises(LookupError):
        await house.hands.submit(BEN, ada.modal)


async def test_an_old_copy_of_a_card_can_still_be_clicked(house: Any, ada: Person) -> None:
    await _fill(ada)
    await ada.submit()
    stale = copy.deepcopy(ada.messages[-1])
    await house.client.chat_delete(channel=stale.channel, ts=stale.ts)
    assert ada.messages == []
    assert (await ada.press("Why?", on=stale)).ok


async def test_a_click_on_an_ephemeral_message_comes_without_the_message(house: Any, ada: Person) -> None:
    channel = house.workspace.dm(ADA).id
    why = {"type": "button", "action_id": "why?", "text": {"type": "plain_text", "text": "Why?"}}
    blocks = [{"type": "actions", "elements": [why]}]
    await house.client.chat_postEphemeral(channel=channel, user=ADA, text="Only you", blocks=blocks)
    await ada.press("Why?")
    assert "message" not in house.heard[-1]
    assert house.heard[-1]["container"]["is_ephemeral"] is True


async def test_whoever_waits_for_a_change_is_woken_by_it(house: Any) -> None:
    version = house.workspace.version
    waiting = asyncio.create_task(house.workspace.changed(version))
    await house.hands.slash(ADA, "/say", "now")
    assert await waiting > version
    assert await house.workspace.changed(0) == house.workspace.version
