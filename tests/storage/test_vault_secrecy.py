"""Nothing shows: no repr, dump, message, cause or traceback of the vault holds a key or a content."""

import base64
import hashlib
import itertools
import pickle
import traceback

import pytest

from storage import intake, vault
from storage.vault import BadKey, DataKey, Keyring, Root, Unopenable, WrongKey

OUTSIDE, OTHER, FIRM, DATA = (hashlib.sha256(name).digest() for name in (b"outside", b"other", b"firm", b"data"))
SECRET = "Ms Ellery asked to sell all of it before Friday"
CELL = ("interactions", "summary", "IN-7K3Q9FTMWZ")


def key(compartment: str = "CP-1") -> DataKey:
    return DataKey(compartment, DATA)


def ring() -> Keyring:
    return Keyring({"FK-1": FIRM, "FK-2": OTHER}, current="FK-1")


def forms(content: bytes) -> list[str]:
    """How a secret would look in a log: hex, base64, as Python prints it, and as text."""
    return [
        content.hex(),
        base64.b64encode(content).decode().rstrip("="),
        base64.urlsafe_b64encode(content).decode().rstrip("="),
        repr(content)[2:-1],
        str(list(content))[1:-1],
        content.decode("latin-1"),
    ]


def shown_by(thing: object) -> str:
    """Everything a logger, a debugger's summary or a careless dump would print of an object."""
    return f"{thing!r} {thing!s} {thing} {thing.__reduce_ex__(4)!r}"


def test_no_object_shows_the_keys_it_holds():
    things = [
        Root(OUTSIDE, OTHER),
        ring(),
        key(),
        ring().open("CP-1", ring().new_data_key("CP-1")),
        ring().new_data_key("CP-1"),
        ring().wrap_private(DATA),
    ]
    secrets = [form for secret in (OUTSIDE, OTHER, FIRM, DATA) for form in forms(secret)]
    for thing, secret in itertools.product(things, secrets):
        assert secret not in shown_by(thing)


def test_keys_at_work_cannot_be_pickled_or_copied_out():
    for thing in (Root(OUTSIDE, OTHER), ring(), key()):
        with pytest.raises(TypeError, match="AESGCM"):
            pickle.dumps(thing)


def test_the_search_for_secrets_finds_one_where_there_is_one():
    class Careless:
        def __init__(self) -> None:
            self.key = FIRM

    assert any(form in shown_by(Careless()) for form in forms(FIRM))
    assert any(form in said_by(ValueError(SECRET)) for form in forms(SECRET.encode()))


def said_by(error: BaseException) -> str:
    """Everything an exception says, with its chain and whatever hangs on it."""
    chain = [each for each in (error.__context__, error.__cause__) if each is not None]
    words = f"{error!r} {error!s} {error.args!r} {error.__dict__!r} {''.join(traceback.format_exception(error))}"
    return words + "".join(said_by(each) for each in chain)


def test_no_refusal_says_a_key_or_a_content_or_carries_a_cause_that_might():
    public, private = intake.new_intake_keypair()
    sealed, report = key().seal(*CELL, SECRET), intake.seal_intake(public, "BR-1", SECRET)
    short = OUTSIDE[:20]
    attempts = [
        lambda: Root(short),
        lambda: Keyring({"FK-1": short}, current="FK-1"),
        lambda: DataKey("CP-1", short),
        lambda: vault.unwrap_firm_key(Root(OTHER), "FK-1", vault.wrap_firm_key(Root(OUTSIDE), "FK-1", FIRM)),
        lambda: ring().open("CP-2", ring().new_data_key("CP-1")),
        lambda: ring().unwrap_private(public, ring().wrap_private(DATA)),
        lambda: key().unseal(*CELL, sealed[:-1]),
        lambda: key().unseal(*CELL, sealed, 2),
        lambda: intake.open_intake(private, "BR-2", report),
        lambda: intake.seal_intake(bytes(32), "BR-1", SECRET),
    ]
    content = SECRET.encode()
    secrets = [form for secret in (OUTSIDE, short, OTHER, FIRM, DATA, private, content) for form in forms(secret)]
    for attempt in attempts:
        with pytest.raises((BadKey, WrongKey, Unopenable)) as caught:
            attempt()
        assert caught.value.__context__ is None
        assert not any(secret in said_by(caught.value) for secret in secrets)


def test_even_a_traceback_printed_with_its_variables_shows_no_key_of_the_vault():
    wrapped, sealed = ring().new_data_key("CP-1"), key().seal(*CELL, SECRET)
    stored = vault.wrap_firm_key(Root(OUTSIDE), "FK-1", FIRM)
    root, keyring, data = Root(OTHER), ring(), key()
    secrets = [form for secret in (OUTSIDE, OTHER, FIRM, DATA, SECRET.encode()) for form in forms(secret)]
    for attempt in (
        lambda: vault.unwrap_firm_key(root, "FK-1", stored),
        lambda: keyring.open("CP-2", wrapped),
        lambda: data.unseal("clients", "name", "CL-1", sealed),
    ):
        with pytest.raises((WrongKey, Unopenable)) as caught:
            attempt()
        error = caught.value
        inside = error.__traceback__.tb_next.tb_next  # behind this test's own two frames
        frames = "".join(traceback.TracebackException(type(error), error, inside, capture_locals=True).format())
        assert "vault.py" in frames
        assert not any(secret in frames for secret in secrets)
