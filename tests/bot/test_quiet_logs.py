"""What the service says of itself: named words, types and places; never a message, a text or an id of a person."""

import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
import structlog

from bot import telemetry


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    """Standard error, as the service uses it."""
    kept = io.StringIO()
    monkeypatch.setattr(sys, "stderr", kept)
    telemetry.set_up()
    yield kept
    structlog.reset_defaults()


def last_line(said: io.StringIO) -> dict[str, object]:
    line: dict[str, object] = json.loads(said.getvalue().splitlines()[-1])
    return line


def test_a_log_line_holds_nothing_but_the_listed_keys(said: io.StringIO) -> None:
    telemetry.log.info("request", kind="submit", summary="SECRET", person="PE-1", subject="CL-1", text="SECRET")
    assert set(last_line(said)) == {"event", "kind", "level", "timestamp"}


def test_a_fault_is_its_type_and_the_places_it_passed_never_its_message(said: io.StringIO) -> None:
    try:
        raise ValueError("SECRET")
    except ValueError as error:
        telemetry.fault("here", "name", error, reference="ab12")
    line = last_line(said)
    assert "SECRET" not in str(line)
    assert line["error"] == "ValueError"
    assert "test_quiet_logs.py" in str(line["where"])


def test_of_what_a_library_says_only_whose_it_is_and_the_type_stay(said: io.StringIO) -> None:
    library = logging.getLogger("some.library")
    library.info("SECRET")
    library.warning("SECRET %s", "SECRET")
    assert last_line(said) | {"timestamp": ""} == {
        "event": "library", "name": "some.library", "error": "", "level": "warning", "timestamp": "",
    }  # fmt: skip
    try:
        raise ValueError("SECRET")
    except ValueError:
        library.exception("SECRET")
    assert last_line(said)["error"] == "ValueError"
    assert len(said.getvalue().splitlines()) == 2
    assert "SECRET" not in said.getvalue()
    assert "Traceback" not in said.getvalue()


def test_a_closed_standard_error_is_no_fault_of_who_logs(said: io.StringIO) -> None:
    said.close()
    logging.getLogger("some.library").warning("x")


def test_no_figure_is_labelled_with_a_person_a_subject_or_a_text() -> None:
    labels = {name for figure in telemetry.REGISTRY._collector_to_names for name in figure._labelnames}
    assert labels == {"kind", "name", "outcome", "action", "error"}
