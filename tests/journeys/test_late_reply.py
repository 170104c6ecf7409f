"""The late reply: an inquiry becomes a nudge, then the supervisor's task, and the reply stops everything."""

from collections.abc import Callable

import pytest

from bot.sandbox.faults import Kind
from bot.sandbox.reading import buttons, text_of
from bot.sandbox.submitting import Outcome, Submitted
from handlers import custody
from handlers.need_to_know import reviews, undertaking, weekly
from storage import deadlines, people, timers
from storage import interactions as entries
from storage.store import Tx
from tests.journeys.conftest import Town

Trouble = Callable[[Town], None]
ROUNDS = {custody.RENEW, undertaking.DAILY, weekly.WEEKLY, reviews.OPEN}  # what the clock does without anybody's asking


def none(_town: Town) -> None: ...


def limited(town: Town) -> None:
    town.fails(town.chat.post, Kind.RATE_LIMITED, times=2, seconds=1)


def broken(town: Town) -> None:
    town.fails(town.chat.post, Kind.SERVER_ERROR, times=3)
    town.fails(town.chat.update, Kind.SERVER_ERROR, times=2)


def cut(town: Town) -> None:
    town.fails(town.chat.post, Kind.CUT_AFTER, times=1)


def slow(town: Town) -> None:
    town.often(Kind.SLOW, 0.5, town.chat.post, seconds=0.2)


def twice(town: Town) -> None:
    town.often(Kind.DUPLICATE, 1.0, *town.chat.acts)


def late(town: Town) -> None:
    town.often(Kind.LATE, 0.4, *town.chat.acts, seconds=0.3)
    town.often(Kind.RETRY, 1.0, *town.chat.events)


def everywhere(town: Town) -> None:
    town.often(Kind.EVERYWHERE, 1.0, *town.chat.acts, *town.chat.events)


def refreshed(town: Town) -> None:
    town.often(Kind.REFRESH, 0.5, *town.chat.acts, seconds=0.05)


def clumsy(town: Town) -> None:
    """What the Connector says when two edit at once (412), and when it has no time (504)."""
    town.fails(town.chat.post, Kind.ERROR, times=1, code="412")
    town.fails(town.chat.update, Kind.ERROR, times=1, code="504")


TROUBLES = (none, limited, broken, cut, slow, twice, late)
DAYS = [(transport, t) for transport in ("http", "socket", "teams") for t in TROUBLES]
DAYS += [("socket", everywhere), ("socket", refreshed), ("teams", clumsy)]


@pytest.mark.parametrize(("transport", "trouble"), DAYS, ids=lambda v: getattr(v, "__name__", v))
async def test_the_late_reply(town: Town, trouble: Trouble) -> None:
    trouble(town)
    said = await town.log(town.amelia, "Brightwater Estates: lease", "Asked whether the lease can be renewed.")
    assert isinstance(said, Submitted)
    assert said.outcome is Outcome.UPDATED
    assert "The reply is due Tue 10:00 (London)" in text_of(town.amelia.modal)
    await town.amelia.cancel()

    await town.later(hours=6, minutes=45)
    (nudge,) = town.about(town.amelia, "Reply due Tue 10:00 (London)")[-1:]
    assert nudge.text == "Something is due today."
    assert "Brightwater" not in text_of(nudge)
    assert town.jonas.messages == []

    await town.later(hours=18)
    assert town.about(town.amelia, "Reply overdue")
    task = town.about(town.jonas, "Reply overdue")[-1]
    assert task.text == "Something is overdue."
    await town.jonas.press("I take it", on=task)
    await town.settle()
    assert "Jonas Hale" in text_of(task)
    assert "I take it" not in buttons(task)

    await town.amelia.press("Log the reply", on=town.about(town.amelia, "Reply overdue")[-1])
    assert "Your reply to" in text_of(town.amelia.modal)
    await town.amelia.choose("Channel", "Company email")
    await town.amelia.choose("Kind", "E-mail")
    await town.amelia.write("Summary", "Sent the terms of renewal.")
    assert (await town.amelia.submit()).outcome is Outcome.UPDATED
    await town.settle()

    ask = town.firm.service.doorway.ask
    assert await ask(deadlines.all_open) == []
    assert {timer.kind for timer in await ask(timers.upcoming)} == ROUNDS
    posted = [*town.amelia.messages, *town.jonas.messages]
    unknown = 1 if trouble is cut else 0  # stored by Slack, but nobody could tell us: sent again, and not ours to edit
    assert len(posted) == 3 + unknown
    replaced = ["There is a newer message about this further down." in text_of(m) for m in posted]
    settled = ["Settled" in text_of(m) for m in posted]
    assert (sum(replaced), sum(settled)) == (1, 2)  # the nudge was replaced; nothing is left open
    sent = len(posted)
    await town.later(days=5)
    assert len(town.amelia.messages) + len(town.jonas.messages) + len(town.margaret.messages) == sent
    assert await ask(lambda tx: len(entries.last_of(tx, named(tx, "Amelia Ward"), 10))) == 2


def named(tx: Tx, name: str) -> str:
    return next(p.id for p in people.everybody(tx) if p.name == name)


async def test_a_second_click_a_replay_and_a_stale_card_have_one_effect(town: Town) -> None:
    await town.amelia.type("/log-client")
    await town.fill(town.amelia, "Hollis", "Rang about the accounts.", "Yes", {})
    await town.amelia.submit()
    delivery = town.delivery
    sent = [s for s in delivery.sent if s.answer.status == 200][-1]
    again = await delivery.replay(sent)
    assert again.status == 200
    assert len(await town.firm.service.doorway.ask(deadlines.all_open)) == 1


@pytest.mark.parametrize("transport", ["http"])
async def test_unsigned_stale_and_forged_requests_are_refused_without_work(town: Town) -> None:
    delivery = town.firm.hands.delivery
    body = b"command=%2Flog-client&user_id=UAMELIA&team_id=T0HARBOUR&trigger_id=1.2.3"
    good = delivery.signed(body, "application/x-www-form-urlencoded")
    stale = delivery.signed(body, "application/x-www-form-urlencoded", at=1_600_000_000)
    for headers in ({}, stale, {**good, "X-Slack-Signature": "v0=" + "0" * 64}):
        answer = await delivery.post("slash", body, headers)
        assert answer.status in {401, 403}
    assert town.amelia.modal is None


async def test_bad_input_comes_back_with_what_was_typed(town: Town) -> None:
    await town.amelia.type("/log-client")
    await town.fill(town.amelia, "Hollis", "Card 4111 1111 1111 1111 for the fee.", "Yes", {})
    said = await town.amelia.submit()
    assert said.outcome is Outcome.ERRORS
    assert list(said.errors) and "payment card number" in next(iter(said.errors.values()))
    await town.amelia.write("Summary", "Card ending 1111 for the fee.")
    assert (await town.amelia.submit()).outcome is Outcome.UPDATED


async def test_a_message_shortcut_fills_in_the_summary_and_keeps_the_text_nowhere_else(town: Town) -> None:
    await town.amelia.log_message("Client says yes to the offer")
    assert "Client says yes to the offer" in str(town.amelia.modal)
    raw = b"".join(p.read_bytes() for p in town.firm._folder.iterdir() if p.is_file())
    assert b"says yes" not in raw


async def test_what_answers_no_inquiry_stops_no_clock(town: Town) -> None:
    me, ask = town.amelia, town.firm.service.doorway.ask
    await town.log(me, "Hollis", "Asked for a meeting.")
    await me.cancel()
    await town.later(hours=1)  # what goes out later answers it
    await me.type("/log-client")
    await town.fill(me, "Hollis", "Card 4111 1111 1111 1111.", "No", {"direction": "To the client"})
    await me.choose("Which inquiries does this answer?")  # nothing
    assert (await me.submit()).outcome is Outcome.ERRORS  # painted anew, for another fault
    await me.write("Summary", "Our newsletter.")
    assert (await me.submit()).outcome is Outcome.UPDATED
    assert len(await ask(deadlines.all_open)) == 1
    await me.cancel()
    await me.type("/log-client")
    await town.fill(me, "Hollis", "Offered Tuesday.", "No", {"direction": "To the client"})
    assert (await me.submit()).outcome is Outcome.UPDATED  # ticked, as it is from the start
    assert await ask(deadlines.all_open) == []


async def test_home_shows_the_duty_and_follows_it(town: Town) -> None:
    await town.log(town.amelia, "Hollis", "Asked for a meeting.")
    await town.amelia.cancel()
    home = await town.amelia.look_home()
    assert "Reply due Tue 10:00" in text_of(home)
    await town.amelia.press("No reply needed", on=home)
    await town.amelia.choose("Why is no reply needed?", "Thanks only")
    await town.amelia.submit()
    assert "No reply is due from you" in text_of(await town.amelia.look_home())
