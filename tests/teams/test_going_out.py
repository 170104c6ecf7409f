"""What goes out to Teams: who we are to the Connector, what its answers mean, and one message for one send."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from bot.sandbox.faults import Kind
from bot.sandbox.teams.person import Person
from bot.sandbox.teams.world import World
from bot.senders import Limited, Rejected, Trouble, Unreachable
from bot.teams.clouds import cloud_of
from bot.teams.connector import fault
from bot.teams.credentials import App, Credentials, RefusedApp
from handlers.views import Button, Card, Does, Text
from tests.journeys.conftest import Town

CARD = Card(title="Reply due", items=(Text(text="IN-1"),), buttons=(Button(label="I take it", act=Does(name="x")),))


@pytest.mark.parametrize(
    ("status", "wait", "edits", "meant"),
    [
        (429, "7", False, Limited),
        (429, "", True, Limited),
        (429, "Sat, 28 Nov 2026 10:00:00 GMT", False, Limited),
        (412, "", False, Trouble),
        (401, "", False, Trouble),
        (500, "", False, Trouble),
        (502, "", True, Trouble),
        (504, "", True, Trouble),
        (403, "", False, Unreachable),
        (404, "", False, Unreachable),
        (404, "", True, Rejected),
        (400, "", False, Rejected),
        (413, "", False, Rejected),
        (302, "", False, Trouble),
    ],
)
def test_each_answer_of_the_connector_has_its_meaning(status: int, wait: str, edits: bool, meant: type) -> None:
    assert type(fault(status, wait, edits=edits)) is meant


def test_a_wait_is_taken_as_it_is_said_and_never_too_long() -> None:
    found = [fault(429, wait, edits=False) for wait in ("7", "999999", "soon")]
    assert [one.seconds for one in found if isinstance(one, Limited)] == [7, 3600, 5]


async def test_several_cards_are_one_message_and_are_edited_as_one(town: Town, world: World, amelia: Person) -> None:
    sender = next(one.sender for one in town.firm.service.platforms)
    account = f"teams:{world.tenant.tenant_id}/{amelia.id}"
    place = await sender.send(account, (CARD, CARD), headline="Something is due today.")
    post = amelia.messages[-1]
    assert (len(post.cards), post.text) == (2, "Something is due today.")
    assert [c["body"][-1]["actions"][0]["data"]["sopwith"]["alone"] for c in post.cards] == [False, False]
    await sender.edit(place, (Card(title="Settled"), CARD), headline="Something is due today.")
    assert "Settled" in str(post.cards[0])
    assert post.updated == 1
    with pytest.raises(Rejected):
        await sender.edit(f"{account} 1", (CARD,), headline="x")
    with pytest.raises(Rejected):
        await sender.edit("nowhere", (CARD,), headline="x")
    with pytest.raises(Unreachable):
        await sender.send(f"teams:{world.tenant.tenant_id}/nobody", (CARD,), headline="x")


@pytest.mark.parametrize("kind", [Kind.SERVER_ERROR, Kind.CUT_BEFORE, Kind.CUT_AFTER])
async def test_a_line_that_breaks_is_trouble_and_nothing_is_tried_again_here(
    town: Town, world: World, amelia: Person, kind: Kind
) -> None:
    sender = next(one.sender for one in town.firm.service.platforms)
    calls = len(world.tenant.calls)
    town.fails("send", kind)
    with pytest.raises(Trouble):
        await sender.send(f"teams:{world.tenant.tenant_id}/{amelia.id}", (CARD,), headline="x")
    assert len(world.tenant.calls) == calls + 1


async def test_a_token_that_is_not_taken_any_more_is_renewed_for_the_next_call(
    town: Town, world: World, amelia: Person
) -> None:
    sender = next(one.sender for one in town.firm.service.platforms)
    account = f"teams:{world.tenant.tenant_id}/{amelia.id}"
    world.issuer.given.clear()
    with pytest.raises(Trouble, match="401"):
        await sender.send(account, (CARD,), headline="x")
    assert await sender.send(account, (CARD,), headline="x")


def test_each_cloud_has_its_own_issuer_and_scope() -> None:
    ours = cloud_of("https://login.botframework.azure.us/v1/.well-known/openidconfiguration")
    assert (ours.issuer, ours.scope) == ("https://api.botframework.us", "https://api.botframework.us/.default")
    for url in ("", "https://login.botframework.com/v1/.well-known/openidconfiguration", "http://127.0.0.1:1/x"):
        assert cloud_of(url).issuer == "https://api.botframework.com"


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


def app(world: World, **more: str) -> App:
    said = {"secret": world.tenant.secret} | more
    return App(id=world.tenant.app_id, tenant_id=world.tenant.tenant_id, login_url=world.issuer.login_url, **said)


async def test_one_token_is_asked_for_and_used_until_shortly_before_its_end(
    world: World, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Credentials(app(world))
    found.session = session
    first = await found.token()
    assert await found.token() == first
    now = time.monotonic()
    monkeypatch.setattr("bot.teams.credentials.time.monotonic", lambda: now + 3600 - 299)
    assert await found.token() != first


async def test_a_wrong_secret_is_refused_in_the_services_own_word(world: World, session: aiohttp.ClientSession) -> None:
    found = Credentials(app(world, secret="wrong"))
    found.session = session
    with pytest.raises(RefusedApp, match=r"^invalid_client$"):
        await found.token()
    assert found.refused == "invalid_client"
    assert "wrong" not in repr(found.app)


async def test_a_login_service_that_is_not_there_is_trouble(world: World, session: aiohttp.ClientSession) -> None:
    found = Credentials(App(id="a", tenant_id="t", secret="s", login_url="http://127.0.0.1:9"))
    found.session = session
    with pytest.raises(Trouble) as caught:
        await found.token()
    assert not isinstance(caught.value, RefusedApp)
    assert found.refused == ""


async def test_a_certificate_proves_the_app_instead_of_a_secret(world: World, session: aiohttp.ClientSession) -> None:
    pem, public = certificate()
    world.issuer.certificate = public
    found = Credentials(app(world, secret="", certificate=pem))
    found.session = session
    assert await found.token() in world.issuer.given
    other, _public = certificate()
    stranger = Credentials(app(world, secret="", certificate=other))
    stranger.session = session
    with pytest.raises(RefusedApp):
        await stranger.token()
    broken = Credentials(app(world, secret="", certificate="-----BEGIN CERTIFICATE-----"))
    broken.session = session
    with pytest.raises(Trouble):
        await broken.token()


def certificate() -> tuple[str, rsa.RSAPublicKey]:
    """One that signs itself, with its private key, in PEM."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "sopwith")])
    now = datetime.now(UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return (private + built.public_bytes(serialization.Encoding.PEM)).decode(), key.public_key()
