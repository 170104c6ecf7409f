"""Dialogs read back: what stands in inputs as values, times in the person's own zone, and what cannot be read."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.teams.values import missing, packed, raw_of, read, unpacked
from handlers.views import ChoiceField, ManyField, Option, SearchField, TextField, WhenField

LONDON, BERLIN, KOLKATA, NEW_YORK = map(
    ZoneInfo, ("Europe/London", "Europe/Berlin", "Asia/Kolkata", "America/New_York")
)
WHEN = WhenField(name="when", label="When")


@pytest.mark.parametrize(
    ("zone", "day", "at", "instant"),
    [
        (LONDON, "2026-03-27", "16:00", "2026-03-27T16:00Z"),
        (LONDON, "2026-03-30", "16:00", "2026-03-30T15:00Z"),  # summer time began the day before
        (BERLIN, "2026-10-25", "02:30", "2026-10-25T00:30Z"),  # twice that night: the first one
        (NEW_YORK, "2026-11-01", "01:30", "2026-11-01T05:30Z"),
        (KOLKATA, "2026-12-25", "09:15", "2026-12-25T03:45Z"),
        (LONDON, "2028-02-29", "00:00", "2028-02-29T00:00Z"),
    ],
)
def test_a_date_and_a_time_are_an_instant_in_the_persons_zone(zone: ZoneInfo, day: str, at: str, instant: str) -> None:
    found = read({"date.when": day, "time.when": at}, ["when"], {}, zone)
    assert found.faults == {}
    assert found.values == {"when": datetime.fromisoformat(instant)}
    assert raw_of(WHEN, found.values["when"], zone) == {"date.when": day, "time.when": at}


@pytest.mark.parametrize(
    ("zone", "day", "at", "words"),
    [
        (LONDON, "2026-03-29", "01:30", "put forward"),
        (NEW_YORK, "2026-03-08", "02:00", "put forward"),
        (LONDON, "2026-03-29", "", "a date and a time"),
        (LONDON, "", "10:00", "a date and a time"),
        (LONDON, "29.3.2026", "10:00", "a date and a time"),
        (LONDON, "2026-02-30", "10:00", "a date and a time"),
        (LONDON, "0001-01-01", "00:00", ""),
        (KOLKATA, "0001-01-01", "00:00", "a date and a time"),  # before the first year
    ],
)
def test_what_is_no_instant_is_a_fault_beside_its_field(zone: ZoneInfo, day: str, at: str, words: str) -> None:
    found = read({"date.when": day, "time.when": at}, ["when"], {}, zone)
    assert (found.values["when"] is None) is bool(words)
    assert words in found.faults.get("when", "")


def test_what_teams_leaves_out_is_empty() -> None:
    assert read({}, ["summary"], {}, LONDON).values == {"summary": ""}
    assert read({"date.when": "", "time.when": ""}, ["when"], {}, LONDON).values == {"when": None}
    assert read({"choice.kind": ""}, ["kind"], {}, LONDON).values == {"kind": None}
    assert read({"many.answers": ""}, ["answers"], {}, LONDON).values == {"answers": ()}
    assert read({"search.client": ""}, ["client"], {}, LONDON).values == {"client": None}


def test_a_choice_from_a_menu_keeps_its_words() -> None:
    offered = {"client": [("CL-1", "Hollis"), ("CL-2", "Marlow")]}
    assert read({"search.client": "CL-2"}, ["client"], offered, LONDON).values["client"] == Option(
        value="CL-2", label="Marlow"
    )
    assert read({"search.client": "CL-9"}, ["client"], offered, LONDON).values["client"] == Option(
        value="CL-9", label="CL-9"
    )


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1), max_size=5))
def test_several_choices_come_back_as_they_were_whatever_is_in_them(values: list[str]) -> None:
    assert unpacked(",".join(packed(one) for one in values)) == tuple(values)
    assert all("," not in packed(one) for one in values)


def test_only_what_is_asked_for_must_be_filled_in() -> None:
    fields = (
        TextField(name="summary", label="Summary"),
        TextField(name="hint", label="Hint", optional=True),
        ChoiceField(name="kind", label="Kind", options=(Option(value="a", label="A"),)),
        ManyField(name="many", label="Many", options=(Option(value="a", label="A"),)),
        SearchField(name="client", label="Client", search="clients"),
        WHEN,
    )
    assert list(missing(fields, {"summary": "  "})) == ["summary", "kind", "client", "when"]
    assert (
        missing(
            fields, {"summary": "x", "kind": "a", "client": Option(value="1", label="1"), "when": datetime.now(UTC)}
        )
        == {}
    )
