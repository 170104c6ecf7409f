"""Who is let in at Teams' door: the token matrix, against keys that are fetched over real HTTP."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import jwt
import pytest
from botframework.connector.auth import PasswordServiceClientCredentialFactory

from bot.teams import keys as keys_of
from bot.teams.gate import Gate, Refused
from tests.support.token_issuer import APP, TENANT, TokenIssuer, _new_key

SERVICE = "https://smba.trafficmanager.net/emea/"
Token = Callable[[TokenIssuer], str]


@pytest.fixture(scope="module")
def issuer() -> Iterator[TokenIssuer]:
    built = TokenIssuer()
    yield built
    built.close()


@pytest.fixture
def gate(issuer: TokenIssuer) -> Gate:
    credentials = PasswordServiceClientCredentialFactory(APP, "hunter2", TENANT)
    return Gate(credentials, TENANT, openid_url=issuer.url)


def activity(**more: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "channelId": "msteams",
        "serviceUrl": SERVICE,
        "channelData": {"tenant": {"id": TENANT}},
        "conversation": {"id": "a:1", "tenantId": TENANT},
    } | more


async def refused(gate: Gate, authorization: str, **more: Any) -> tuple[int, str]:
    with pytest.raises(Refused) as caught:
        await gate.admit(activity(**more), authorization)
    return caught.value.status, caught.value.why


async def test_a_good_token_is_let_in(gate: Gate, issuer: TokenIssuer) -> None:
    found = await gate.admit(activity(), f"Bearer {issuer.token(SERVICE)}")
    assert found.claims_identity.claims["aud"] == APP
    again = activity(channelData={"tenant": {"id": TENANT}}, conversation={"id": "a:1"})
    await gate.admit(again, f"Bearer {issuer.token(SERVICE)}")


def _none(issuer: TokenIssuer) -> str:
    claims = jwt.decode(issuer.token(SERVICE), options={"verify_signature": False})
    return jwt.encode(claims, None, algorithm="none", headers={"kid": "one"})


def _symmetric(issuer: TokenIssuer) -> str:
    """Signed with what everybody knows, as if it were a secret."""
    claims = jwt.decode(issuer.token(SERVICE), options={"verify_signature": False})
    return jwt.encode(claims, "x" * 64, algorithm="HS256", headers={"kid": "one"})


def _changed(issuer: TokenIssuer) -> str:
    head, body, signature = issuer.token(SERVICE).split(".")
    other = issuer.token(SERVICE, aud=APP, extra="x").split(".")[1]
    return f"{head}.{other}.{signature}" if other != body else ""


def _without_kid(issuer: TokenIssuer) -> str:
    claims = jwt.decode(issuer.token(SERVICE), options={"verify_signature": False})
    return jwt.encode(claims, issuer.keys["one"], algorithm="RS256")


BAD: dict[str, Token] = {
    "missing": lambda _i: "",
    "bare": lambda i: i.token(SERVICE),
    "another scheme": lambda i: f"Basic {i.token(SERVICE)}",
    "three words": lambda i: f"Bearer {i.token(SERVICE)} x",
    "no token": lambda _i: "Bearer ",
    "garbage": lambda _i: "Bearer zebra",
    "garbage in three parts": lambda _i: "Bearer a.b.c",
    "not ASCII": lambda _i: "Bearer \u00e9.\ud800.c",
    "far too long": lambda i: f"Bearer {i.token(SERVICE)}{'a' * 9000}",
    "expired": lambda i: f"Bearer {i.token(SERVICE, exp=int(time.time()) - 600)}",
    "not yet valid": lambda i: f"Bearer {i.token(SERVICE, nbf=int(time.time()) + 900)}",
    "another audience": lambda i: f"Bearer {i.token(SERVICE, aud='22222222-0000-0000-0000-000000000000')}",
    "no audience": lambda i: f"Bearer {i.token(SERVICE, aud=None)}",
    "another issuer": lambda i: f"Bearer {i.token(SERVICE, iss='https://login.example/')}",
    "the emulator's issuer": lambda i: f"Bearer {i.token(SERVICE, iss=EMULATOR, appid=APP, ver='1.0')}",
    "another bot's": lambda i: f"Bearer {i.token(SERVICE, iss=EMULATOR, appid='22', ver='1.0')}",
    "no issuer": lambda i: f"Bearer {i.token(SERVICE, iss=None)}",
    "another serviceUrl": lambda i: f"Bearer {i.token('https://evil.example/')}",
    "no serviceUrl": lambda i: f"Bearer {i.token(SERVICE, serviceurl=None)}",
    "forged": lambda i: f"Bearer {i.token(SERVICE, signed_by=FORGER)}",
    "an unknown key": lambda i: f"Bearer {i.token(SERVICE, key='two', signed_by=FORGER)}",
    "no key id": lambda i: f"Bearer {_without_kid(i)}",
    "alg none": lambda i: f"Bearer {_none(i)}",
    "alg HS256": lambda i: f"Bearer {_symmetric(i)}",
    "changed": lambda i: f"Bearer {_changed(i)}",
}
EMULATOR = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"
FORGER = _new_key()


@pytest.mark.parametrize("case", BAD)
async def test_a_token_that_proves_nothing_is_a_401(gate: Gate, issuer: TokenIssuer, case: str) -> None:
    status, why = await refused(gate, BAD[case](issuer))
    assert status == 401
    assert why.isascii()
    assert len(why) < 40


async def test_a_key_that_may_not_sign_for_teams_is_a_401(issuer: TokenIssuer, gate: Gate) -> None:
    issuer.keys["webchat"], issuer.endorsements["webchat"] = _new_key(), ["webchat"]
    assert (await refused(gate, f"Bearer {issuer.token(SERVICE, key='webchat')}"))[0] == 401
    issuer.endorsements["webchat"] = ["msteams"]


@pytest.mark.parametrize(
    "more",
    [
        {"channelId": "webchat"},
        {"channelId": None},
        {"serviceUrl": None},
        {"serviceUrl": 7},
        {"serviceUrl": "http://smba.trafficmanager.net/emea/"},
        {"serviceUrl": "https://[/"},
        {"serviceUrl": "https://smba.trafficmanager.net/{0.__class__}/"},
        {"serviceUrl": "https://smba.trafficmanager.net/}/"},
        {"channelData": {"tenant": {"id": "another"}}},
        {"conversation": {"tenantId": "another"}},
        {"channelData": None, "conversation": None},
        {"channelData": [], "conversation": "x"},
    ],
)
async def test_somebody_elses_is_a_403(gate: Gate, issuer: TokenIssuer, more: dict[str, Any]) -> None:
    assert (await refused(gate, f"Bearer {issuer.token(SERVICE)}", **more))[0] == 403


def test_without_an_app_id_nothing_is_built(issuer: TokenIssuer) -> None:
    with pytest.raises(ValueError, match="everybody"):
        Gate(PasswordServiceClientCredentialFactory("", "", TENANT), TENANT, openid_url=issuer.url)


async def test_a_new_key_is_learnt_and_a_forger_does_not_keep_us_asking(
    monkeypatch: pytest.MonkeyPatch, gate: Gate, issuer: TokenIssuer
) -> None:
    await gate.admit(activity(), f"Bearer {issuer.token(SERVICE)}")
    asked = issuer.asked
    for _try in range(5):
        await refused(gate, f"Bearer {issuer.token(SERVICE, key='nobody', signed_by=FORGER)}")
    assert issuer.asked == asked
    issuer.keys["new"], issuer.endorsements["new"] = _new_key(), ["msteams"]
    monkeypatch.setattr(keys_of, "PAUSE", 0.0)
    await gate.admit(activity(), f"Bearer {issuer.token(SERVICE, key='new')}")
    assert issuer.asked == asked + 1


async def test_keys_that_cannot_be_fetched_are_a_401_and_the_loop_goes_on(issuer: TokenIssuer, gate: Gate) -> None:
    issuer.down = True
    asking = asyncio.create_task(refused(gate, f"Bearer {issuer.token(SERVICE)}"))
    await asyncio.sleep(0)
    assert not asking.done()
    assert (await asking)[0] == 401
    issuer.down = False
