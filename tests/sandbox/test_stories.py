"""The stories play through in a firm that does as told, stop where they are stopped, and say when they went astray."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.sandbox import reading
from bot.sandbox.stage import Happened
from bot.sandbox.stories import STORIES
from bot.sandbox.telling import Astray, Telling
from tests.support.toy_firm import AMELIA, JONAS, MARGARET, PRIYA, TOMAS, ToyFirm, toy_firm
from tests.support.toy_forms import log_form


async def told(firm: ToyFirm, name: str, stop: asyncio.Event | None = None) -> list[tuple[str, str]]:
    lines: list[tuple[str, str]] = []
    await STORIES[name].play(firm, 0, stop or asyncio.Event(), lambda words, who: lines.append((words, who)))
    return lines


async def test_the_late_reply_is_answered_in_the_end_and_shows_those_it_is_about() -> None:
    async with toy_firm() as firm:
        lines = await told(firm, "late-reply")
        assert [who for _words, who in lines if who][:1] == [AMELIA]
        assert {who for _words, who in lines if who} == {AMELIA, JONAS}
        assert {m.blocks[0]["text"]["text"] for m in firm.cards} == {"Settled: Reply logged"}
        assert firm.audit == ["interaction.logged", "ladder.acknowledged"]
        assert firm.time == datetime(2026, 11, 24, 10, 5, tzinfo=UTC)  # logged Monday 10:05, overdue a day later
        assert firm.workspace.top(AMELIA) is None
        assert firm.workspace.faults_seen == []


@pytest.mark.parametrize(
    ("owing", "taken"),
    [("", "Hollis & Daughters · Quiet Heron · 4802"), ("Quiet Heron", "Marlow Trust · Amber Finch · 4950")],
)
async def test_the_late_reply_takes_the_first_client_for_whom_nobody_waits(owing: str, taken: str) -> None:
    async with toy_firm(owing=owing) as firm:
        await told(firm, "late-reply")
        sent = next(p["view"]["state"]["values"] for p in firm.heard if p["type"] == "view_submission")
        assert sent["client"]["client"]["selected_option"]["value"] == taken


async def test_the_late_reply_says_so_when_every_client_waits() -> None:
    async with toy_firm(owing="Quiet Heron, Amber Finch") as firm:
        with pytest.raises(Astray, match="waits for a reply already"):
            await told(firm, "late-reply")


async def test_the_friday_breach_ends_with_two_ticks_by_priya() -> None:
    async with toy_firm() as firm:
        lines = await told(firm, "friday-breach")
        assert {who for _words, who in lines if who} == {TOMAS, PRIYA, MARGARET}
        assert firm.ticked == ["I am on it", "Done: Contain it", "Done: Tell the DPO and management"]
        assert firm.time == datetime(
            2026, 11, 29, 10, 0, tzinfo=UTC
        )  # Sunday morning: Friday 18:40 and 72 hours are Monday
        sent = next(p for p in firm.heard if p["type"] == "view_submission")["view"]["state"]["values"]
        assert [o["value"] for o in sent["anonymous"]["anonymous"]["selected_options"]] == ["Leave my name out"]


async def test_a_story_can_be_played_again_the_week_after() -> None:
    async with toy_firm() as firm:
        await told(firm, "friday-breach")
        firm.ticked.clear()
        await told(firm, "friday-breach")
        assert firm.time == datetime(2026, 12, 6, 10, 0, tzinfo=UTC)


async def test_a_stopped_story_leaves_everything_as_it_stands() -> None:
    async with toy_firm() as firm:
        stop = asyncio.Event()

        def stop_at_the_form(words: str, _who: str) -> None:
            if "logs it" in words:
                stop.set()

        await STORIES["late-reply"].play(firm, 1.0, stop, stop_at_the_form)
        assert (firm.audit, firm.cards, firm.workspace.top(AMELIA)) == ([], [], None)


async def test_a_form_that_is_refused_ends_the_story_with_the_reason() -> None:
    async with toy_firm() as firm:
        telling = Telling(firm, 0, asyncio.Event(), lambda _words, _who: None)
        amelia = telling.person("Amelia Ward")
        await amelia.type("/report-breach")
        with pytest.raises(Astray, match="Please complete this required field"):
            await telling.submitted(amelia)


async def test_a_form_that_is_to_be_refused_gives_the_words_and_an_accepted_one_is_astray() -> None:
    async with toy_firm() as firm:
        telling = Telling(firm, 0, asyncio.Event(), lambda _words, _who: None)
        amelia = telling.person("Amelia Ward")
        firm._open(AMELIA, log_form("reply"))
        with pytest.raises(Astray, match="the form was not refused"):  # Slack itself kept it back
            await telling.refused(amelia)
        await amelia.write("Summary", "4111 1111 1111 1111")
        assert await telling.refused(amelia) == "This looks like a card number."
        await amelia.write("Summary", "Asks for an appointment.")
        with pytest.raises(Astray, match="the form was not refused"):
            await telling.refused(amelia)


async def test_all_that_stands_in_front_is_put_away() -> None:
    async with toy_firm() as firm:
        telling = Telling(firm, 0, asyncio.Event(), lambda _words, _who: None)
        amelia = telling.person("Amelia Ward")
        for _form in range(3):
            await amelia.type("/log-client")
        await telling.put_away(amelia)
        assert firm.workspace.modals.get(AMELIA, []) == []


async def test_a_card_that_never_comes_ends_the_story_instead_of_waiting_for_ever() -> None:
    async def nothing() -> Happened:
        return Happened()

    async with toy_firm() as firm:
        firm.happened = nothing  # type: ignore[method-assign]
        with pytest.raises(Astray, match="nobody got a card with “Log the reply”"):
            await told(firm, "late-reply")


async def test_an_act_on_something_that_is_not_there_is_astray() -> None:
    async with toy_firm() as firm:
        telling = Telling(firm, 0, asyncio.Event(), lambda _words, _who: None)
        with pytest.raises(Astray, match="I take it"):
            await telling.act(telling.person("Jonas Hale").press("I take it"))
        with pytest.raises(Astray, match="Nobody Known is not in this firm"):
            telling.person("Nobody Known")


@pytest.mark.parametrize(
    ("now", "wanted", "expected"),
    [
        ("2026-11-23T10:00", (0, 10, 5), "2026-11-23T10:05"),  # Monday, five minutes on
        ("2026-11-23T10:05", (0, 10, 5), "2026-11-23T10:05"),  # this very minute
        ("2026-11-23T10:06", (0, 10, 5), "2026-11-30T10:05"),  # passed: next week
        ("2026-03-27T12:00", (0, 10, 5), "2026-03-30T09:05"),  # clocks went forward on Sunday 29 March
        ("2026-11-28T00:00", (4, 18, 40), "2026-12-04T18:40"),  # Saturday: the Friday after
    ],
)
async def test_a_weekday_is_the_next_one_in_the_firms_zone(
    now: str, wanted: tuple[int, int, int], expected: str
) -> None:
    async with toy_firm(time=datetime.fromisoformat(now).replace(tzinfo=UTC)) as firm:
        found = Telling(firm, 0, asyncio.Event(), lambda _w, _p: None).weekday(*wanted)
        assert found.astimezone(UTC) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


async def test_the_stories_press_only_what_people_can_see() -> None:
    async with toy_firm() as firm:
        await told(firm, "late-reply")
        pressed = [
            p["actions"][0]["text"]["text"]
            for p in firm.heard
            if p["type"] == "block_actions"
            if "text" in p["actions"][0]
        ]
        assert pressed == ["I take it", "Log the reply"]
        assert all(reading.buttons(m) == [] for m in firm.cards)  # all settled, nothing left to press
