"""A breach by the book on each chat and each database."""

from tests.journeys import breach_walk
from tests.journeys.conftest import Town


async def test_from_the_report_to_the_closed_entry_of_the_register(town: Town) -> None:
    await breach_walk.by_the_book(town)
