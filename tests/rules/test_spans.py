"""Durations of the policy file: what can be written, what is refused."""

import pytest

from handlers.rules.spans import Span, Unit, span

WRITTEN = [
    ("90s", 90, Unit.SECONDS),
    ("15m", 15, Unit.MINUTES),
    ("24h", 24, Unit.HOURS),
    ("3 business hours", 3, Unit.BUSINESS_HOURS),
    ("1 business hour", 1, Unit.BUSINESS_HOURS),
    ("1 business day", 1, Unit.BUSINESS_DAYS),
    ("5 business days", 5, Unit.BUSINESS_DAYS),
    ("1 day", 1, Unit.DAYS),
    ("30 days", 30, Unit.DAYS),
    ("1 month", 1, Unit.MONTHS),
    ("24 months", 24, Unit.MONTHS),
    ("1 year", 1, Unit.YEARS),
    ("6 years", 6, Unit.YEARS),
    ("100 years", 100, Unit.YEARS),
]
NOT_DURATIONS = [
    *(
        "",
        " ",
        "15",
        "m",
        "15 m",
        "1.5h",
        "1,000s",
        "-5m",
        "+5m",
        "15M",
        "15min",
        "1h30m",
        "15m ",
        " 15m",
        "15m\n",
        "1day",
    ),
    *(
        "30  days",
        "30 Days",
        "1 week",
        "1 business",
        "business day",
        "3 businesshours",
        "3 business minutes",
        "one day",
    ),
    *("١٥m", "²h", "9999999999999s"),
]
REFUSED_AMOUNTS = [
    ("0s", "longer than nothing"),
    ("0 days", "longer than nothing"),
    ("000 business days", "longer than nothing"),
    ("101 years", "a hundred years"),
    ("1201 months", "a hundred years"),
    ("999999999999h", "a hundred years"),
]


@pytest.mark.parametrize(("text", "amount", "unit"), WRITTEN)
def test_a_duration_is_read_and_gives_its_text_back(text: str, amount: int, unit: Unit) -> None:
    assert span(text) == Span(amount=amount, unit=unit)
    assert str(span(text)) == text


@pytest.mark.parametrize(
    ("text", "tidy"), [("1 days", "1 day"), ("2 business hour", "2 business hours"), ("015m", "15m")]
)
def test_singular_and_plural_are_not_held_against_anybody(text: str, tidy: str) -> None:
    assert str(span(text)) == tidy


@pytest.mark.parametrize("text", NOT_DURATIONS)
def test_anything_else_is_refused_with_examples_of_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match=r'is not a duration\. Write it like "90s"'):
        span(text)


@pytest.mark.parametrize(("text", "why"), REFUSED_AMOUNTS)
def test_nothing_and_more_than_a_hundred_years_are_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        span(text)


@pytest.mark.parametrize("amount", [0, -1])
def test_a_span_cannot_be_made_empty_or_negative(amount: int) -> None:
    with pytest.raises(ValueError, match="longer than nothing"):
        Span(amount=amount, unit=Unit.HOURS)
