"""A barrier is not to be felt: at every entry of the registry, whoever is behind one is answered, letter for letter, as
if the client were not there, and as a colleague who never had to do with it."""

import itertools
from collections.abc import Iterator

import pytest

from bot.parcels import card_of, nothing_more
from handlers import router
from handlers.request import Kind
from handlers.views import Reply
from storage.outbox import Notice
from tests.support.house import House
from tests.support.scene import HERON, Scene, without_ids

ASKED = (Kind.COMMAND, Kind.OPEN, Kind.SUBMIT, Kind.ACTION, Kind.SEARCH, Kind.HOME)
ABOUT_THE_FILE = ("file", "entry", "duty", "request", "grant", "emergency", "review", "complaint", "case")
FORMS = itertools.count()


@pytest.fixture
def scene(house: House) -> Scene:
    return Scene(house)


def ask(scene: Scene, who: str, entry: router.Entry, subject: str, number: str, client: str) -> str:
    more = (
        {"values": scene.values(number, client), "form_id": f"form-{next(FORMS)}"} if entry.kind is Kind.SUBMIT else {}
    )
    text = {"clients": "bright", "my-clients": "heron", "people": "margaret", "complaint.people": "margaret"}.get(
        entry.name, ""
    )
    said: Reply = scene.house.ask(who, entry.kind, entry.name, subject=subject, text=text, **more)
    return without_ids(repr(said)) + getattr(said, "subject", "")  # what a form brings back counts letter for letter


def shapes(kind: Kind, id: str) -> Iterator[str]:
    """The ways in which buttons name what they are about."""
    yield id
    if kind is Kind.OPEN:
        yield from (f"client:{id}", f"reply:{id}", f"{id}|in", f"{id}||2")


def nobodys(id: str) -> str:
    return f"{id.partition('-')[0]}-ZZZZZZZZZZ"


def test_every_id_and_number_of_a_screened_client_is_answered_like_one_that_nobody_has(scene: Scene) -> None:
    ids = scene.house.ids
    for entry in (e for kind in ASKED for e in router.entries(kind)):
        for word in ABOUT_THE_FILE:
            id = scene.subjects[word]
            for real, unreal in zip(shapes(entry.kind, id), shapes(entry.kind, nobodys(id)), strict=True):
                screened = ask(scene, "wanda", entry, real, HERON, ids["heron"])
                unknown = ask(scene, "wanda", entry, unreal, "9999", "CL-ZZZZZZZZZZ")
                assert screened == unknown, (entry.kind, entry.name, word, real)


def test_a_complaint_is_not_there_for_whom_it_is_about(scene: Scene) -> None:
    for entry in (e for kind in ASKED for e in router.entries(kind)):
        for id in (scene.subjects["complaint"], scene.subjects["case"]):
            for real, unreal in zip(shapes(entry.kind, id), shapes(entry.kind, nobodys(id)), strict=True):
                about = ask(scene, "cora", entry, real, "9999", "CL-ZZZZZZZZZZ")
                unknown = ask(scene, "cora", entry, unreal, "9999", "CL-ZZZZZZZZZZ")
                assert about == unknown, (entry.kind, entry.name, real)
                assert id not in about


def test_without_a_word_about_it_she_is_answered_like_a_colleague_who_never_heard_of_it(scene: Scene) -> None:
    for entry in (e for kind in ASKED for e in router.entries(kind) if e.name != "access.mine"):
        screened = ask(scene, "wanda", entry, "", HERON, scene.house.ids["heron"])
        stranger = ask(scene, "sana", entry, "", "9999", "CL-ZZZZZZZZZZ")
        for name, other in (("Wanda Pell", "Sana Iqbal"), ("wanda@", "sana@")):
            screened, stranger = screened.replace(name, "X"), stranger.replace(other, "X")
        ids = scene.house.ids
        assert screened.replace(ids["wanda"], "X") == stranger.replace(ids["sana"], "X"), (entry.kind, entry.name)


def test_no_notice_about_it_has_a_card_for_her(scene: Scene) -> None:
    house = scene.house
    for entry in router.entries(Kind.NOTICE):
        for word in ABOUT_THE_FILE:
            for message in ("", "ME-1"):
                sent = notice(house, entry.name, scene.subjects[word], message)
                card = house.read(lambda tx, sent=sent: card_of(tx, house.policy, sent))
                assert card == (nothing_more() if message else None), (entry.name, word)


def test_no_notice_about_a_complaint_has_a_card_for_whom_it_is_about(scene: Scene) -> None:
    house = scene.house
    for entry in router.entries(Kind.NOTICE):
        for word in ("complaint", "case"):
            for message in ("", "ME-1"):
                sent = notice(house, entry.name, scene.subjects[word], message, "cora")
                card = house.read(lambda tx, sent=sent: card_of(tx, house.policy, sent))
                assert card == (nothing_more() if message else None), (entry.name, word)
    assert house.told("cora") == [] or {n.subject for n in house.told("cora")}.isdisjoint(
        {scene.subjects["complaint"], scene.subjects["case"]}
    )


def notice(house: House, kind: str, subject: str, message: str, who: str = "wanda") -> Notice:
    return Notice(
        id="OB-1",
        key="k",
        recipient_id=house.ids[who],
        kind=kind,
        subject=subject,
        urgent=False,
        message_id=message,
        state="available",
        due_at=house.now,
        by_at=None,
        attempts=0,
        created_at=house.now,
        ended_at=None,
        problem="",
    )


def test_an_export_in_her_name_is_refused_as_for_a_number_that_nobody_has(scene: Scene) -> None:
    def export(number: str) -> Reply:
        values = {"ref": number, "as": "wanda@harbour.example"}
        return scene.house.ask(None, Kind.DESK, "clients.export", operator="op", values=values)

    assert export(HERON) == export("9999")
