"""The sandbox's Web API answers Slack's own SDK as Slack does: what it gives, what it refuses, and how it fails."""

import asyncio
import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sandbox.faults import Faults, Kind
from bot.sandbox.workspace import TRIGGER_SECONDS

ADA, BEN = "U0ADA", "U0BEN"
TEXT = {"type": "plain_text", "text": "Hello"}
MODAL = {"type": "modal", "title": TEXT, "blocks": [{"type": "section", "text": TEXT}]}


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_the_token_and_its_scopes_are_checked(house: Any) -> None:
    me = await house.client.auth_test()
    assert (me["team_id"], me["user_id"], me["bot_id"]) == ("T0HARBOUR", "U0SOPWITH", "B0SOPWITH")
    assert "users:read.email" in me.headers["x-oauth-scopes"].split(",")
    wrong = AsyncWebClient(token="xoxb-wrong", base_url=house.workspace.api_url)
    assert await refused(wrong.auth_test()) == "invalid_auth"
    assert await refused(AsyncWebClient(base_url=house.workspace.api_url).auth_test()) == "not_authed"
    assert await refused(house.client.conversations_info(channel="D0ADA")) == "missing_scope"
    assert await refused(house.client.api_call("rooms.book")) == "unknown_method"


async def test_queries_forms_and_json_are_read_alike(house: Any) -> None:
    url, auth = f"{house.workspace.api_url}users.info", {"Authorization": f"Bearer {house.workspace.bot_token}"}
    async with aiohttp.ClientSession(headers=auth) as session:
        answers = [
            await (await session.get(url, params={"user": ADA})).json(),
            await (await session.post(url, data={"user": ADA})).json(),
            await (await session.post(url, json={"user": ADA})).json(),
            await (await session.post(url, data={"user": ADA, "token": house.workspace.bot_token})).json(),
        ]
    assert [a["user"]["profile"]["email"] for a in answers] == ["ada@harbour.example"] * 4
    assert [c.arguments for c in house.workspace.calls] == [{"user": ADA}] * 4  # never a token


async def test_everybody_is_listed_page_by_page(house: Any) -> None:
    house.workspace.users[BEN].deleted = True
    seen = [m async for page in await house.client.users_list(limit=2) for m in page["members"]]
    assert [m["id"] for m in seen] == ["USLACKBOT", "U0SOPWITH", ADA, BEN, "U0STRANGER"]
    assert seen[0]["is_bot"] is False  # Slackbot says it is no bot
    assert (seen[3]["deleted"], seen[4]["is_stranger"], seen[4]["team_id"]) == (True, True, "T0OTHER")
    assert (await house.client.users_lookupByEmail(email="ADA@harbour.example"))["user"]["id"] == ADA
    assert await refused(house.client.users_lookupByEmail(email="ben@harbour.example")) == "users_not_found"
    assert await refused(house.client.users_info(user="U0NOBODY")) == "user_not_found"


async def test_a_message_is_posted_updated_and_deleted(house: Any) -> None:
    opened = await house.client.conversations_open(users=ADA)
    channel = opened["channel"]["id"]
    posted = await house.client.chat_postMessage(
        channel=channel, text="Due", blocks=[{"type": "section", "text": TEXT}]
    )
    await house.client.chat_update(channel=channel, ts=posted["ts"], text="Done")
    (message,) = house.workspace.seen_by(ADA)
    assert (message.text, message.updated, len(message.blocks)) == ("Done", 1, 1)  # blocks stay when none are sent
    await house.client.chat_delete(channel=channel, ts=posted["ts"])
    assert house.workspace.seen_by(ADA) == []
    assert await refused(house.client.chat_update(channel=channel, ts=posted["ts"], text="x")) == "message_not_found"
    assert await refused(house.client.chat_postMessage(channel="C0NONE", text="x")) == "channel_not_found"
    assert await refused(house.client.api_call("chat.postMessage", json={"channel": channel})) == "no_text"
    house.workspace.add_channel("C0TEAM", "team", [ADA])
    assert await refused(house.client.chat_postMessage(channel="C0TEAM", text="x")) == "not_in_channel"


async def test_a_message_to_a_deactivated_person_succeeds_as_it_does_at_slack(house: Any) -> None:
    house.workspace.users[BEN].deleted = True
    assert (await house.client.chat_postMessage(channel=BEN, text="anybody there?"))["ok"]
    assert await refused(house.client.conversations_open(users=BEN)) == "user_disabled"


async def test_malformed_blocks_are_refused_with_their_path_and_remembered(house: Any) -> None:
    with pytest.raises(SlackApiError) as caught:
        await house.client.chat_postMessage(
            channel=ADA, text="x", blocks=[{"type": "header", "text": {"type": "mrkdwn"}}]
        )
    assert caught.value.response["error"] == "invalid_blocks"
    (said,) = caught.value.response["response_metadata"]["messages"]
    assert said == "[ERROR] unsupported type: mrkdwn [json-pointer:/blocks/0/text]"
    assert [(f.where, f.message) for f in house.workspace.faults_seen] == [("chat.postMessage", said)]
    assert house.workspace.seen_by(ADA) == []


async def test_a_trigger_id_works_once_and_dies_after_three_seconds(house: Any) -> None:
    assert house.workspace.trigger_seconds == TRIGGER_SECONDS == 3.0
    trigger = house.workspace.new_trigger(ADA)
    bad = {**MODAL, "title": {"type": "plain_text", "text": "x" * 25}}
    assert await refused(house.client.views_open(trigger_id=trigger, view=bad)) == "invalid_arguments"
    await house.client.views_open(trigger_id=trigger, view=MODAL)  # a malformed view had not used it up
    assert await refused(house.client.views_open(trigger_id=trigger, view=MODAL)) == "exchanged_trigger_id"
    assert await refused(house.client.views_open(trigger_id="1.2.a", view=MODAL)) == "invalid_trigger_id"
    house.workspace.trigger_seconds = 0.0
    late = house.workspace.new_trigger(ADA)
    await asyncio.sleep(0.01)
    assert await refused(house.client.views_open(trigger_id=late, view=MODAL)) == "expired_trigger_id"
    assert len(house.workspace.views) == 1


async def test_an_update_with_an_old_hash_is_refused(house: Any) -> None:
    trigger = house.workspace.new_trigger(ADA)
    view = (await house.client.views_open(trigger_id=trigger, view=MODAL))["view"]
    await house.client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)
    late = house.client.views_update(view_id=view["id"], hash=view["hash"], view=MODAL)
    assert await refused(late) == "hash_conflict"
    house.workspace.remove_view(house.workspace.views[view["id"]])
    assert await refused(house.client.views_update(view_id=view["id"], view=MODAL)) == "not_found"


async def test_a_stack_holds_three_views_and_a_view_250_kilobytes(house: Any) -> None:
    top = (await house.client.views_open(trigger_id=house.workspace.new_trigger(ADA), view=MODAL))["view"]
    for _ in range(2):
        trigger = house.workspace.new_trigger(ADA, top["id"])
        top = (await house.client.views_push(trigger_id=trigger, view=MODAL))["view"]
    trigger = house.workspace.new_trigger(ADA, top["id"])
    assert await refused(house.client.views_push(trigger_id=trigger, view=MODAL)) == "push_limit_reached"
    section = {"type": "section", "fields": [{"type": "plain_text", "text": "x" * 2000}] * 2}
    big = {**MODAL, "blocks": [section] * 70}  # 70 x 2 x 2000 = 280,000 characters
    home = {"type": "home", "blocks": big["blocks"]}
    assert await refused(house.client.views_publish(user_id=ADA, view=home)) == "view_too_large"


@pytest.mark.parametrize(("kind", "status"), [(Kind.RATE_LIMITED, 429), (Kind.SERVER_ERROR, 500)])
async def test_a_refused_call_does_nothing(house: Any, kind: Kind, status: int) -> None:
    house.workspace.faults.next("chat.postMessage", kind, seconds=7)
    with pytest.raises(SlackApiError) as caught:
        await house.client.chat_postMessage(channel=ADA, text="x")
    assert caught.value.response.status_code == status
    assert caught.value.response.headers.get("Retry-After") == ("7" if status == 429 else None)
    assert house.workspace.seen_by(ADA) == []
    await house.client.chat_postMessage(channel=ADA, text="x")  # only the next one was meant
    assert [c.error for c in house.workspace.calls] == [str(kind), ""]


@pytest.mark.parametrize(("kind", "stored"), [(Kind.CUT_BEFORE, 0), (Kind.CUT_AFTER, 1)])
async def test_a_cut_connection_does_not_tell_whether_the_message_was_stored(
    house: Any, kind: Kind, stored: int
) -> None:
    house.workspace.faults.next("chat.postMessage", kind)
    with pytest.raises(aiohttp.ClientError):
        await house.client.chat_postMessage(channel=ADA, text="x")
    assert len(house.workspace.seen_by(ADA)) == stored


async def test_the_sdks_own_retry_turns_a_cut_connection_into_a_duplicate(house: Any) -> None:
    house.workspace.faults.next("chat.postMessage", Kind.CUT_AFTER)
    ordinary = AsyncWebClient(token=house.workspace.bot_token, base_url=house.workspace.api_url)
    await ordinary.chat_postMessage(channel=ADA, text="x")
    assert len(house.workspace.seen_by(ADA)) == 2


async def test_a_slow_answer_comes_after_the_work_is_done(house: Any) -> None:
    house.workspace.faults.next("chat.postMessage", Kind.SLOW, seconds=30)
    impatient = AsyncWebClient(token=house.workspace.bot_token, base_url=house.workspace.api_url, retry_handlers=[])
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(impatient.chat_postMessage(channel=ADA, text="x"), 0.2)
    assert len(house.workspace.seen_by(ADA)) == 1


async def test_one_channel_takes_one_message_per_interval(house: Any) -> None:
    house.workspace.faults.message_interval = 60.0
    await house.client.chat_postMessage(channel=ADA, text="first")
    with pytest.raises(SlackApiError) as caught:
        await house.client.chat_postMessage(channel=ADA, text="second")
    assert 0 < int(caught.value.response.headers["Retry-After"]) <= 60
    await house.client.chat_postMessage(channel=BEN, text="another lane")


def test_rates_repeat_with_their_seed_and_keep_to_their_target() -> None:
    def picks(seed: int) -> list[bool]:
        faults = Faults(seed=seed)
        faults.rate(Kind.SERVER_ERROR, 0.3, target="chat.update")
        assert faults.pick("views.open") is None
        assert faults.pick("chat.update", delivery=True) is None
        return [faults.pick("chat.update") is not None for _ in range(1000)]

    assert picks(1) == picks(1) != picks(2)
    assert 250 < sum(picks(1)) < 350  # 1000 x 0.3 = 300, deviation 14.5


async def test_a_response_address_answers_five_times(house: Any) -> None:
    channel = house.workspace.dm(ADA).id
    posted = await house.client.chat_postMessage(channel=channel, text="old")
    url = AsyncWebhookClient(house.workspace.new_response_url(ADA, channel, posted["ts"]))
    assert (await url.send(text="new", replace_original=True)).status_code == 200
    assert [m.text for m in house.workspace.seen_by(ADA)] == ["new"]
    assert (await url.send(text="only for Ada")).status_code == 200
    assert house.workspace.seen_by(BEN, channel)[-1].text == "new"
    assert (await url.send(text="for all", response_type="in_channel")).status_code == 200
    assert (await url.send(delete_original=True)).status_code == 200
    assert [m.text for m in house.workspace.seen_by(ADA)] == ["only for Ada", "for all"]
    assert (await url.send(blocks=[{"type": "header"}])).status_code == 400
    assert (await url.send(text="fifth")).status_code == 200
    assert (await url.send(text="sixth")).status_code == 404


async def test_calls_are_logged_with_their_arguments_in_order(house: Any) -> None:
    started = time.time()
    await house.client.users_info(user=ADA)
    await refused(house.client.users_info(user="U0NOBODY"))
    logged = [(c.method, c.arguments, c.error) for c in house.workspace.calls]
    assert logged == [("users.info", {"user": ADA}, ""), ("users.info", {"user": "U0NOBODY"}, "user_not_found")]
    assert started <= house.workspace.calls[0].at <= time.time()
