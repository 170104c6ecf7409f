"""Public holidays by country ("GB") or country and subdivision ("GB-ENG"), worked out by the year when first asked for.

Invariants: the library is imported only when a calendar names holidays; a year's dates are always the same ones.
"""

from collections.abc import Callable, Collection
from datetime import date
from functools import cache


def holiday_code(text: str) -> str:
    """The code, when the holidays library knows it; ValueError, in a sentence for the person who wrote it, when not."""
    import holidays  # noqa: PLC0415  slow, and many calendars need none

    country, _, subdivision = text.partition("-")
    try:
        holidays.country_holidays(country, subdiv=subdivision or None)
    except NotImplementedError:
        raise ValueError(
            f'{text!r} is not a country or country-subdivision with known holidays. Write it like "GB-ENG" or "US-CA".'
        ) from None
    return text


def holiday_dates(code: str) -> Callable[[int], Collection[date]]:
    """The question "which dates of this year are holidays?" for a code that `holiday_code` has let through."""
    country, _, subdivision = code.partition("-")

    @cache
    def dates(year: int) -> frozenset[date]:
        import holidays  # noqa: PLC0415

        return frozenset(holidays.country_holidays(country, subdiv=subdivision or None, years=year, expand=False))

    return dates
