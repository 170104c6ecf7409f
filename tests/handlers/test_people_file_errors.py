"""What keeps a people file from being taken: every bad row is named by line and column, and nothing is written."""

import pytest

from tests.handlers.support_desk import FIRM, Desk


def test_every_bad_row_is_reported_at_once_and_nothing_is_written(desk: Desk) -> None:
    told = desk.refuse(
        "people.import",
        """
        email,name,roles,supervisor,calendar,kind,ends_on
        ana.harbour.example,Ana,staff,,,,
        ben@harbour.example,,staff,,,,
        sue@harbour.example,Sue,staff;partner,,,,
        meg@harbour.example,Meg,,,,,
        leo@harbour.example,Leo,staff,nobody@harbour.example,,,
        ida@harbour.example,Ida,staff,,paris,,
        tom@harbour.example,Tom,staff,,,temp,
        una@harbour.example,Una,staff,,,contractor,31.12.2026
        una@harbour.example,Una again,staff,,,,
        zoe@harbour.example,Zoe,staff,,london,contractor,2026-12-31
        """,
    )
    assert [(line, column) for line, column, _problem in told] == [
        (2, "email"),
        (3, "name"),
        (4, "roles"),
        (5, "roles"),
        (6, "supervisor"),
        (7, "calendar"),
        (8, "kind"),
        (9, "ends_on"),
        (10, "email"),
    ]
    problems = {line: problem for line, _column, problem in told}
    assert "partner" in problems[4]
    assert "nobody@harbour.example" in problems[6]
    assert "line 9" in problems[10]


@pytest.mark.parametrize(
    "email",
    [
        "ana",
        "ana@",
        "@harbour.example",
        "ana@harbour",
        "ana@harbour..example",
        "a b@harbour.example",
        "Ana <ana@harbour.example>",
        "ana@harbour.example;ben@harbour.example",
        "a" * 250 + "@x.io",  # 255 characters; an address has at most 254
    ],
)
def test_only_one_plain_address_is_an_address(desk: Desk, email: str) -> None:
    ((line, column, _problem),) = desk.refuse("people.import", f"email,name,roles\n{email},Ana,staff")
    assert (line, column) == (2, "email")


@pytest.mark.parametrize("day", ["2026-02-30", "20261231", "2026-W01-1", "2026-1-1", "tomorrow"])
def test_a_last_day_is_a_day_of_the_calendar_written_in_full(desk: Desk, day: str) -> None:
    table = f"email,name,roles,kind,ends_on\nana@harbour.example,Ana,staff,contractor,{day}"
    assert [column for _line, column, _problem in desk.refuse("people.import", table)] == ["ends_on"]


def test_control_characters_and_names_without_end_are_refused(desk: Desk) -> None:
    table = f"email,name,roles\nana@harbour.example,Ana\x07,staff\nben@harbour.example,{'B' * 201},staff"
    assert [(line, column) for line, column, _problem in desk.refuse("people.import", table)] == [
        (2, "name"),
        (3, "name"),
    ]


def test_a_column_with_a_slip_of_the_pen_is_not_passed_over(desk: Desk) -> None:
    table = "email,name,roles,supervisr\nana@harbour.example,Ana,staff,"
    ((line, _column, problem),) = desk.refuse("people.import", table)
    assert line == 1
    assert "Column 4" in problem
    assert [told[:2] for told in desk.refuse("people.import", "email,name\nana@harbour.example,Ana")] == [(1, "roles")]


def test_nobody_is_their_own_supervisor_or_deputy_but_may_head_their_own_department(desk: Desk) -> None:
    ana = "ana@harbour.example"
    table = f"email,name,roles,supervisor,deputy,department_head\n{ana},Ana,staff,{ana},{ana.upper()},{ana}"
    assert [column for _line, column, _problem in desk.refuse("people.import", table)] == ["supervisor", "deputy"]


def test_two_people_may_be_each_others_deputies(desk: Desk) -> None:
    desk.take(
        "people.import",
        """
        email,name,roles,deputy
        ana@harbour.example,Ana,staff,ben@harbour.example
        ben@harbour.example,Ben,staff,ana@harbour.example
        """,
    )
    assert desk.person("ana").deputy_id == desk.person("ben").id


def test_a_circle_of_supervisors_is_named_by_address_at_each_of_its_rows(desk: Desk) -> None:
    told = desk.refuse(
        "people.import",
        """
        email,name,roles,supervisor
        low@harbour.example,Lowell,staff,ana@harbour.example
        ana@harbour.example,Ana,staff,ben@harbour.example
        ben@harbour.example,Ben,staff,sue@harbour.example
        sue@harbour.example,Sue,staff,ana@harbour.example
        """,
    )
    assert [(line, column) for line, column, _problem in told] == [
        (3, "supervisor"),
        (4, "supervisor"),
        (5, "supervisor"),
    ]
    ring = "ben@harbour.example → sue@harbour.example → ana@harbour.example → ben@harbour.example"
    assert ring in told[1][2]


def test_a_circle_that_closes_through_people_who_are_known_already_is_refused(desk: Desk) -> None:
    desk.take("people.import", FIRM)  # ana is under sue, sue under meg
    table = "email,name,roles,supervisor\nmeg@harbour.example,Meg Lane,senior_management,ana@harbour.example"
    ((line, column, problem),) = desk.refuse("people.import", table)
    assert (line, column) == (2, "supervisor")
    assert "meg@harbour.example → ana@harbour.example → sue@harbour.example → meg@harbour.example" in problem


def test_a_circle_that_the_same_file_opens_elsewhere_is_none(desk: Desk) -> None:
    desk.take("people.import", FIRM)
    table = """
        email,name,roles,supervisor
        meg@harbour.example,Meg Lane,senior_management,ana@harbour.example
        sue@harbour.example,Sue Park,staff;supervisor,
        """
    assert len(desk.take("people.import", table)["updated"]) == 2


def test_one_account_cannot_speak_for_two_people(desk: Desk) -> None:
    desk.take("people.import", FIRM)  # ana has U1
    table = "email,name,roles,slack_id\nben@harbour.example,Ben Okri,staff,U1\nsue@harbour.example,Sue Park,staff,a/b"
    told = desk.refuse("people.import", table)
    assert [(line, column) for line, column, _problem in told] == [(2, "slack_id"), (3, "slack_id")]
    assert "ana@harbour.example" in told[0][2]
