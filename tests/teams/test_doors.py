"""Teams' door over real HTTP: every invoke is answered 200 with a well-formed body, whoever is not signed for us is
turned away, and nothing is ever a 500."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import aiohttp
import jwt
import pytest

from bot.sandbox.reading import text_of
from bot.sandbox.teams.activities import activity, invoke
from bot.sandbox.teams.issuer import Issuer
from bot.sandbox.teams.person import Person
from bot.sandbox.teams.tenant import Json
from bot.sandbox.teams.world import World
from tests.journeys.conftest import Town
from tests.support.token_issuer import _new_key

INVOKES = (
    "task/fetch",
    "task/submit",
    "composeExtension/fetchTask",
    "composeExtension/submitAction",
    "adaptiveCard/action",
)
Spoil = Callable[[Issuer, str], str | None]


async def posted(world: World, body: Any, token: str | None) -> tuple[int, Any]:
    headers = {"Content-Type": "application/json"} | ({"Authorization": token} if token is not None else {})
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    async with (
        aiohttp.ClientSession() as session,
        session.post(world.hands.delivery.url, data=raw, headers=headers) as answer,
    ):
        return answer.status, await answer.json()


def sample(world: World, amelia: Person, **more: Any) -> Json:
    member = world.tenant.members[amelia.id]
    return invoke(world.tenant, member, "composeExtension/fetchTask", {"commandId": "log-client"}) | more


def forged(issuer: Issuer, url: str) -> str:
    now = int(time.time())
    claims = {"iss": "https://api.botframework.com", "aud": issuer._tenant.app_id, "serviceurl": url, "exp": now + 60}
    return f"Bearer {jwt.encode(claims, _new_key(), algorithm='RS256', headers={'kid': issuer._key_id})}"


def unknown_key(issuer: Issuer, url: str) -> str:
    claims = jwt.decode(issuer.token(url), options={"verify_signature": False})
    return f"Bearer {jwt.encode(claims, _new_key(), algorithm='RS256', headers={'kid': 'nobody'})}"


def no_algorithm(issuer: Issuer, url: str) -> str:
    claims = jwt.decode(issuer.token(url), options={"verify_signature": False})
    return f"Bearer {jwt.encode(claims, None, algorithm='none', headers={'kid': issuer._key_id})}"


SPOILT: dict[str, Spoil] = {
    "missing": lambda _i, _u: None,
    "empty": lambda _i, _u: "",
    "expired": lambda i, u: f"Bearer {i.token(u, exp=int(time.time()) - 3600, nbf=int(time.time()) - 7200)}",
    "not yet": lambda i, u: f"Bearer {i.token(u, nbf=int(time.time()) + 3600)}",
    "another audience": lambda i, u: f"Bearer {i.token(u, aud='22222222-2222-2222-2222-222222222222')}",
    "another issuer": lambda i, u: f"Bearer {i.token(u, iss='https://evil.example')}",
    "another service": lambda i, _u: f"Bearer {i.token('https://evil.example/')}",
    "forged": forged,
    "unknown key": unknown_key,
    "alg none": no_algorithm,
    "garbage": lambda _i, _u: "Bearer garbage",
    "no scheme": lambda i, u: i.token(u),
    "basic": lambda _i, _u: "Basic dXNlcjpwYXNz",
    "far too long": lambda _i, _u: "Bearer " + "x" * 8_000,
}


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT.keys())
async def test_what_is_not_signed_for_us_is_turned_away_without_work(
    world: World, amelia: Person, spoil: Spoil, capfd: pytest.CaptureFixture[str]
) -> None:
    body = sample(world, amelia)
    token = spoil(world.issuer, body["serviceUrl"])
    status, said = await posted(world, body, token)
    assert status in {401, 403}
    assert said == {"error": "refused"}
    assert "Traceback" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "spoilt",
    [
        {"channelData": {"tenant": {"id": "99999999-0000-4000-8000-000000000000"}}},
        {"conversation": {"id": "a:1", "tenantId": "99999999-0000-4000-8000-000000000000"}},
        {"channelId": "webchat"},
        {"channelId": None},
        {"serviceUrl": "http://example.com/"},
        {"serviceUrl": None},
        {"channelData": {}, "conversation": {"id": "a:1"}},
    ],
    ids=["tenant", "conversation's tenant", "channel", "no channel", "plain http", "no address", "no tenant"],
)
async def test_another_tenant_channel_or_address_is_turned_away(world: World, amelia: Person, spoilt: Json) -> None:
    body = sample(world, amelia, **spoilt)
    status, _said = await posted(world, body, f"Bearer {world.issuer.token(str(body['serviceUrl']))}")
    assert status == 403


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"[" * 100_000], ids=lambda b: repr(b[:4])
)
async def test_what_is_no_activity_is_refused(world: World, body: bytes) -> None:
    assert (await posted(world, body, None))[0] == 401
    assert (await posted(world, body, f"Bearer {world.issuer.token(world.tenant.service_url)}"))[0] == 400


@pytest.mark.parametrize(
    "spoilt",
    [
        {"value": {"commandId": 7}},
        {"value": [1]},
        {"value": None},
        {"name": "task/fetch"},
        {"name": "task/submit", "value": {"data": {"sopwith": {"verb": "dance"}}}},
        {"name": "task/fetch", "value": {"data": {"sopwith": {"verb": "form", "name": "log-client"}}}},
        {"name": "adaptiveCard/action", "value": {"action": "x"}},
        {"from": {"id": "29:x", "aadObjectId": "no\0thing"}},
        {"text": "\ud800"},
        {"conversation": "a:1", "channelData": {"tenant": {"id": "7e3a0c1e-5a0d-4b52-9a70-0000000000f1"}}},
    ],
    ids=str,
)
async def test_what_is_signed_and_has_no_shape_of_teams_is_refused(world: World, amelia: Person, spoilt: Json) -> None:
    body = sample(world, amelia, **spoilt)
    assert (await posted(world, body, f"Bearer {world.issuer.token(body['serviceUrl'])}"))[0] == 400


async def test_what_nobody_listens_to_is_said_so(world: World, amelia: Person) -> None:
    token = f"Bearer {world.issuer.token(world.tenant.service_url)}"
    assert (await posted(world, sample(world, amelia, name="application/search", value={}), token))[0] == 501
    typing = activity(world.tenant, world.tenant.members[amelia.id], "typing")
    assert await posted(world, typing, token) == (200, {})


async def test_each_invoke_is_answered_with_a_body_that_teams_understands(town: Town, amelia: Person) -> None:
    await amelia.type("/log-client")  # composeExtension/fetchTask
    await town.fill(amelia, "Hollis", "Rang about the accounts.", "Yes", {})  # composeExtension/submitAction
    await amelia.submit()
    await amelia.cancel()
    home = await amelia.look_home()
    await amelia.press("No reply needed", on=home)  # task/fetch
    await amelia.press("Stop the clock")  # task/submit, with nothing chosen
    assert "Please fill this in." in str(amelia.modal)
    await amelia.cancel()
    await town.later(days=1, hours=1)
    await town.jonas.press("I take it", on=town.about(town.jonas, "Reply overdue")[-1])  # adaptiveCard/action
    names = {json.loads(s.body).get("name"): s.answer for s in amelia.hands.delivery.sent if s.kind == "invoke"}
    assert set(names) == {*INVOKES}
    for name, answer in names.items():
        assert answer.status == 200, name
        if name == "adaptiveCard/action":
            assert set(answer.body) == {"statusCode", "type", "value"}
        else:
            assert answer.body == {} or answer.body["task"]["type"] == "continue"


async def test_a_fault_before_the_house_is_asked_keeps_what_was_typed(
    amelia: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise ValueError("nowhere")

    await amelia.type("report-breach")
    await amelia.write("What happened?", "A letter went to the wrong house.")
    with monkeypatch.context() as patch:
        patch.setattr("bot.teams.directory.account_of", broken)
        await amelia.press("Report")
        assert "tell the administrator" in text_of(amelia.modal)
    await amelia.press("Try again")
    assert "Thank you" in text_of(amelia.modal)


async def test_a_bug_is_answered_with_a_reference_and_no_traceback(
    town: Town, amelia: Person, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def broken(*_args: object, **_more: object) -> None:
        raise ValueError("Brightwater")

    monkeypatch.setattr("bot.teams.dialogs._show", broken)
    answer = await amelia.type("/log-client")
    assert answer.status == 200
    assert "tell the administrator" in str(amelia.modal)
    await asyncio.sleep(0)
    heard = "".join(capfd.readouterr())
    assert "Traceback" not in heard
    assert "Brightwater" not in heard
