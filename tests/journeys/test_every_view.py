"""Every view there is, walked from the registry, painted on each platform and taken by it: a new one cannot be
forgotten, for the walk must come past everything that is registered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.reading import buttons, text_of
from bot.sandbox.submitting import Outcome
from handlers import router
from handlers.request import Kind, Request
from handlers.views import Card, Form, Home, Page, Say
from storage import breaches, escalations, outbox, people
from storage.store import Tx
from tests.journeys import access_walk, breach_walk, complaint_walk
from tests.journeys.conftest import Someone, Town
from tests.support import adaptive, slack_models

VIEWS = (Card, Form, Home, Page, Say)
SEEN = {Kind.COMMAND, Kind.OPEN, Kind.SUBMIT, Kind.HOME, Kind.NOTICE}
SAME = {(Kind.OPEN, "home"), (Kind.COMMAND, "home"), (Kind.HOME, "home")}  # one page by three doors
Entry = tuple[Kind, str]


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> set[Entry]:
    """The entries that have given something to see."""
    found: set[Entry] = set()

    def watched(entry: router.Entry) -> router.Entry:
        def handler(*args: Any) -> object:
            reply = entry.handler(*args)
            if isinstance(reply, VIEWS):
                found.add((entry.kind, entry.name))
            return reply

        return replace(entry, handler=handler)

    for key, entry in router._entries.items():
        monkeypatch.setitem(router._entries, key, watched(entry))
    return found


async def test_every_view_is_taken_by_the_platform(seen: set[Entry], town: Town) -> None:
    await _words(town)
    await _entries(town)
    await _duties(town)
    await _breach(town)
    await _by_hand(town)
    for road in (*complaint_walk.SHORT, *access_walk.ROADS, complaint_walk.silence, breach_walk.by_the_book):
        await road(town)
    registered = {(e.kind, e.name) for e in router.entries() if e.kind in SEEN}
    assert registered - seen - SAME == set()
    assert seen & SAME
    cards = list(adaptive.emitted(town.firm))
    assert [fault for card in cards for fault in adaptive.faults(card)] == []
    assert len(cards) + slack_models.hold(town.firm) > 40


async def _put_away(person: Someone) -> None:
    while person.modal:
        await person.cancel()


async def _words(town: Town) -> None:
    me = town.amelia
    for word in ("help", "people", "here"):
        await me.type(f"/sopwith {word}")
        await _put_away(me)
    await me.type("/sopwith away")
    until = town.firm.now() + timedelta(days=30)
    await _at(town, me, "From", until)
    await _at(town, me, "Until", until + timedelta(days=2))
    assert (await me.submit()).outcome is Outcome.UPDATED
    await _put_away(me)
    for label in ("Log client interaction", "Report a breach"):
        await me.press(label, on=await me.look_home())
        await _put_away(me)


async def _at(town: Town, person: Someone, label: str, at: Any) -> None:
    """A moment, as this platform asks for it."""
    for part in town.chat.moment(at.astimezone(town.firm.zone)):
        await person.write(label, part)


async def _entries(town: Town) -> None:
    """Logged on a channel of its own, amended, in the wrong file, put into another."""
    me = town.amelia
    await me.type("/log-client")
    await town.fill(me, "Hollis", "Rang about the accounts.", "No", {"channel": "Another channel"})
    await me.write("Which channel?", "WhatsApp")
    assert (await me.submit()).outcome is Outcome.UPDATED
    await me.press("Correct")
    await me.write("Summary", "Rang about two accounts.")
    assert (await me.submit()).outcome is Outcome.UPDATED
    await _put_away(me)
    await me.type("/sopwith client")
    await me.choose("Client", (await me.search("Client", "Hollis"))[0])
    assert (await me.submit()).outcome is Outcome.UPDATED
    await me.press("From the client")
    await me.press("This is a complaint")
    await _put_away(me)
    await me.type("/sopwith client")
    await me.choose("Client", (await me.search("Client", "Hollis"))[0])
    assert (await me.submit()).outcome is Outcome.UPDATED
    await me.press("From the client")
    await me.press("Wrong client")
    await me.write("Which client is it about?", "The trust")
    assert (await me.submit()).outcome is Outcome.UPDATED
    await _put_away(me)
    await town.settle()
    priya = town.priya
    await priya.press("Put into a file", on=town.about(priya, "waits for its client file")[-1])
    await priya.write("Client or matter number", "4950")
    assert (await priya.submit()).outcome is Outcome.UPDATED
    await _put_away(priya)
    await town.settle()


async def _duties(town: Town) -> None:
    """Reminded, put off, explained, handed on, overdue, taken, asked again; and one that needs no reply."""
    me, jonas = town.amelia, town.jonas
    await town.log(me, "Brightwater", "Asked for a word.")  # Oliver may open that file
    await _put_away(me)
    await town.later(hours=22)
    card = next(m for m in reversed(me.messages) if "Remind me later" in buttons(m))
    first = next(line for line in text_of(card).splitlines() if line.startswith("Reply due"))
    await me.press("Why?", on=card, below=first)
    await _put_away(me)
    await me.press("Remind me later", on=card, below=first)
    form = me.modal
    assert form
    await me.choose("When?", _first_choice(form))
    assert (await me.submit()).outcome is Outcome.UPDATED
    await _put_away(me)
    await me.press("Reassign", on=card, below=first)
    await me.choose("Who will reply?", (await me.search("Who will reply?", "Oliver"))[0])
    assert (await me.submit()).outcome is Outcome.UPDATED
    await _put_away(me)
    await town.log(me, "Hollis", "Asked for a meeting.")
    await _put_away(me)
    home = await me.look_home()
    await me.press("No reply needed", on=home)
    await me.choose("Why is no reply needed?", "Thanks only")
    assert (await me.submit()).outcome is Outcome.UPDATED
    await _put_away(me)
    await town.log(me, "Hollis", "Asked once more.")
    await _put_away(me)
    await town.later(days=2)
    late = next(m for m in reversed(jonas.messages) if "I take it" in buttons(m))
    title = next(line for line in text_of(late).splitlines() if line.startswith("Reply overdue"))
    await jonas.press("I take it", on=late, below=title)
    await town.settle()
    await town.later(days=2)


def _first_choice(form: Any) -> str:
    words = text_of(form).splitlines()
    return next(line for line in words if "(London)" in line and "," in line)


async def _breach(town: Town) -> None:
    await town.tomas.type("/report-breach")
    await town.tomas.write("What happened?", "A letter went astray.")
    assert (await town.tomas.submit()).outcome is Outcome.UPDATED
    await _put_away(town.tomas)
    await town.settle()
    card = town.about(town.priya, "somebody is needed now")[-1]
    await town.priya.press("I am on it", on=card)
    await town.settle()
    await town.priya.press("Open", on=card)
    await _put_away(town.priya)
    await town.later(days=4)


async def _by_hand(town: Town) -> None:
    """What happens to a firm seldom: each as its cause would have it told."""
    await town.tomas.type("/report-breach")
    await town.tomas.write("What happened?", "Another letter went astray.")
    assert (await town.tomas.submit()).outcome is Outcome.UPDATED

    def put(tx: Tx) -> None:
        staff = {p.name: p.id for p in people.everybody(tx)}
        ladders = [escalations.of(tx, breach.id) for breach in breaches.everything_open(tx)]
        climbing = next(ladder.subject for ladder in ladders if ladder and not ladder.acknowledged_by)
        told = {"notice.failed": staff["Oliver Frost"], "policy.changed": "PC-1", "ladder.nobody": climbing}
        for kind, subject in {**told, "backlog": climbing}.items():
            outbox.put(tx, key=f"by hand:{kind}", recipient_id=staff["Margaret Lane"], kind=kind, subject=subject)

    await town.firm.service.doorway.do(put)
    ends = (town.firm.now() + timedelta(days=20)).date().isoformat()
    known = Request(kind=Kind.DESK, name="secret.known", operator="test", values={"expires": ends})
    await town.firm.service.doorway.handle(known)
    await town.later(days=1)
    await town.priya.press("I am on it", on=town.about(town.priya, "somebody is needed now")[-1])
    await town.settle()
