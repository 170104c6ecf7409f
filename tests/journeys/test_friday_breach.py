"""Friday evening: a contractor reports without a name, the DPO is on it in seconds, the checklist moves."""

from datetime import datetime, timedelta

import pytest

from bot.sandbox.faults import Kind
from bot.sandbox.firm import ZONE
from bot.sandbox.reading import buttons, text_of
from bot.sandbox.submitting import Outcome
from tests.journeys.conftest import Town
from tests.support.records import held


async def report(town: Town, text: str = "I left a folder of papers on the train.") -> str:
    await town.tomas.type("/report-breach")
    await town.tomas.write("What happened?", text)
    await town.tomas.choose("Leave my name out", "Leave my name out")
    assert (await town.tomas.submit()).outcome is Outcome.UPDATED
    words = text_of(town.tomas.modal)
    assert "Thank you" in words
    return next(word.strip("*.,") for word in words.split() if word.startswith("BR-"))


INWARD = {Kind.DUPLICATE, Kind.LATE, Kind.EVERYWHERE, Kind.REFRESH}


def befall(town: Town, trouble: Kind) -> None:
    """A bad day: for messages that go out, or for every click that comes in."""
    if trouble in INWARD:
        town.often(trouble, 1.0, *town.chat.acts, seconds=0.2)
    elif trouble is Kind.SLOW:
        town.often(trouble, 0.5, town.chat.post, seconds=0.2)
    else:
        town.fails(town.chat.post, trouble, times=1, seconds=1)


BAD_DAYS = [None, Kind.RATE_LIMITED, Kind.SERVER_ERROR, Kind.CUT_AFTER, Kind.SLOW, Kind.DUPLICATE, Kind.LATE]
DAYS = [(transport, t) for transport in ("http", "socket", "teams") for t in BAD_DAYS]
DAYS += [("socket", t) for t in (Kind.EVERYWHERE, Kind.REFRESH)]


@pytest.mark.parametrize(("transport", "trouble"), DAYS)
async def test_friday_evening_breach(town: Town, trouble: Kind | None) -> None:
    friday = town.firm.now().astimezone(ZONE) + timedelta(days=4)
    await town.firm.move_clock(datetime(friday.year, friday.month, friday.day, 18, 40, tzinfo=ZONE))
    if trouble:
        befall(town, trouble)
    reference = await report(town)
    await town.settle()
    card = town.about(town.priya, reference)[-1]
    assert card.text == "Urgent: please open now."
    assert "train" not in text_of(card)
    assert town.about(town.margaret, reference)

    await town.later(minutes=15)
    before = len(town.margaret.messages)
    await town.priya.press("I am on it", on=card)
    await town.settle()
    assert "Priya Nair" in text_of(card)
    assert "I am on it" not in buttons(card)
    await town.later(hours=3)
    assert len(town.margaret.messages) == before

    await town.priya.press("Done: Contain it", on=card)
    await town.settle()
    assert "Undo: Contain it" in buttons(card)
    stale = sum("Undo: Contain it" not in buttons(m) for m in town.about(town.margaret, reference))
    assert stale <= (1 if trouble is Kind.CUT_AFTER else 0)  # the copy whose sending nobody could confirm
    await town.priya.press("Open", on=card)
    assert "papers on the train" in text_of(town.priya.modal)
    assert "somebody who left the name out" in text_of(town.priya.modal)


async def test_a_guest_who_is_listed_may_log_and_a_guest_who_is_not_may_only_report(town: Town) -> None:
    guest = town.newcomer("Gwen Guest", "gwen@elsewhere.example", guest=True)
    alien = town.newcomer("Al Alien", "al@alien.example", elsewhere=True)
    await town.tomas.type("/log-client")
    assert "Log client interaction" in str(town.tomas.modal)
    await guest.type("/log-client")
    assert guest.modal is None or "Summary" not in text_of(guest.modal)
    await guest.type("/report-breach")
    assert "What happened?" in str(guest.modal)
    await alien.type("/report-breach")
    assert alien.modal is None or "What happened?" not in str(alien.modal)


async def test_with_the_database_held_by_another_the_form_stays_with_its_text_and_the_emergency_number(
    town: Town,
) -> None:
    await town.tomas.type("/report-breach")
    await town.tomas.write("What happened?", "A laptop is gone.")
    with held(town.firm.database_url):
        said = await town.tomas.submit()
    assert said.outcome is Outcome.ERRORS
    assert "Ring +44 20 7946 0000" in str(said.errors)
    assert (await town.tomas.submit()).outcome is Outcome.UPDATED
