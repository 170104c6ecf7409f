"""The bench can be run: each of its families gives its rows, here at a size that makes the figures mean nothing."""

import json
from pathlib import Path

import pytest

from bench.__main__ import FAMILIES, table
from bench.measure import Limit, Row, Verdict
from bench.teams_side import Painted, TeamsSide

ELSEWHERE = ("business_time", "postgres")  # their peers are installed by `make bench`, or a server is needed


@pytest.mark.parametrize("family", FAMILIES)
async def test_each_family_gives_its_rows(family: str, tmp_path: Path) -> None:
    rows = await FAMILIES[family](tmp_path, tiny=True)
    assert rows
    assert {row.family for row in rows} == {family}
    missing = [row for row in rows if row.verdict is Verdict.ABSENT]
    assert all(row.why for row in missing)
    if family not in ELSEWHERE:
        assert missing == []


def test_a_row_says_where_it_stands() -> None:
    rows = [
        Row(family="x", what="good", side=Limit.AT_MOST, limit=8, value=8.0),
        Row(family="x", what="bad", side=Limit.AT_LEAST, limit=12, unit="%", value=11.9),
        Row(family="x", what="none", side=Limit.AT_LEAST, limit=12, unit="%", why="there is no server"),
    ]
    ends = [line.split("  ")[-1].strip() for line in table(rows, {"cores": 2, "load": 0.1}).splitlines()[2:]]
    assert ends == ["reached", "short", "absent: there is no server"]


def test_each_submission_on_teams_is_a_form_of_its_own_with_a_token_of_its_own() -> None:
    side, sent = TeamsSide(), {"id": "f:1", "data": {"client": "CL-1", "form": "abc", "summary": "Rang."}}
    painted = Painted(submission=json.dumps(sent), form_id="abc", client="CL-1", id="f:1")
    heads, bodies = zip(
        *(side.submission(painted, client).split(b"\r\n\r\n") for client in ("CL-2", "CL-3")), strict=True
    )
    first, second = (json.loads(body) for body in bodies)
    assert (first["data"].pop("client"), second["data"].pop("client")) == ("CL-2", "CL-3")
    assert len({first.pop("id"), second.pop("id"), "f:1"}) == 3
    assert len({first["data"].pop("form"), second["data"].pop("form"), "abc"}) == 3
    assert first == second == {"data": {"summary": "Rang."}}
    assert heads[0] != heads[1]
