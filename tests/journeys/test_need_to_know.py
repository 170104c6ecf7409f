"""Who may know what, as a firm lives it: asked for, given, ended, barred, opened in an emergency, looked up."""

from tests.journeys import access_walk
from tests.journeys.conftest import Town


async def test_the_roads_of_need_to_know(town: Town) -> None:
    for road in access_walk.ROADS:
        await road(town)
