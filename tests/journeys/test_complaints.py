"""A complaint on each chat and each database: kept from whom it is about, owned, silent, resolved."""

import pytest

from tests.journeys import complaint_walk
from tests.journeys.complaint_walk import MUST, pass_on, state
from tests.journeys.conftest import Town


@pytest.mark.parametrize("road", complaint_walk.ROADS, ids=lambda road: road.__name__)
async def test_the_roads_of_a_complaint(town: Town, road: complaint_walk.Road) -> None:
    await road(town)


async def test_nobody_owns_it_over_a_weekend_and_it_climbs_in_each_holders_hours(town: Town) -> None:
    while town.firm.now().astimezone(town.firm.zone).weekday() != 4:
        await town.later(days=1)
    while town.firm.now().astimezone(town.firm.zone).hour != 16:
        await town.later(hours=1)
    id = await pass_on(town, town.person("UOLIVER"), about="Amelia")  # one hour is left of Friday
    assert town.about(town.jonas, f"{id}: {MUST}")
    told = len(town.about(town.margaret, id))
    await town.later(hours=48)
    assert len(town.about(town.margaret, id)) == told  # Sunday: four business hours are not over
    await town.later(hours=24)
    assert len(town.about(town.margaret, id)) > told
    assert await state(town, id) == "climbing"
    assert id not in text_of_all(town)


def text_of_all(town: Town) -> str:
    return " ".join(str(message) for message in town.amelia.messages)
