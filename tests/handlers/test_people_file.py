"""The people file through the desk: compared before it is taken, taken whole, and on the audit log without names."""

from storage import people
from tests.handlers.support_desk import FIRM, Desk


def test_a_file_may_name_people_who_stand_further_down_in_it(desk: Desk) -> None:
    told = desk.take("people.import", FIRM)
    assert [email.split("@")[0] for email in told["added"]] == ["ana", "ben", "sue", "meg"]
    ana, ben, sue, meg = map(desk.person, ("ana", "ben", "sue", "meg"))
    assert (ana.supervisor_id, ana.deputy_id, ana.department_head_id) == (sue.id, ben.id, meg.id)
    assert (ana.kind, ana.calendar, ana.slack_id) == ("employee", "london", "U1")
    assert sue.roles == {"staff", "supervisor"}
    assert (meg.supervisor_id, meg.deputy_id) == (None, None)


def test_three_columns_are_enough_and_white_space_and_capitals_do_not_count(desk: Desk) -> None:
    desk.take("people.import", "email,name,roles\n  Ana@Harbour.Example ,  Ana   Ruiz , Staff ; DPO")
    ana = desk.person("ana")
    assert (ana.email, ana.name, ana.roles, ana.kind) == (
        "ana@harbour.example",
        "Ana Ruiz",
        frozenset({"staff", "dpo"}),
        "employee",
    )


def test_the_same_file_again_changes_nothing(desk: Desk) -> None:
    desk.take("people.import", FIRM)
    before = desk.do(people.everybody)
    told = desk.take("people.import", FIRM)
    assert (told["added"], told["updated"], told["unchanged"], told["absent"]) == ([], [], 4, [])
    assert desk.do(people.everybody) == before


def test_columns_that_are_not_in_the_file_stay_and_empty_cells_empty_them(desk: Desk) -> None:
    desk.take("people.import", FIRM)
    told = desk.take("people.import", "email,name,roles,deputy\nana@harbour.example,Ana Ruiz-Bell,staff,")
    assert told["updated"] == [{"email": "ana@harbour.example", "changed": ["name", "deputy"]}]
    ana = desk.person("ana")
    assert (ana.name, ana.deputy_id, ana.department, ana.supervisor_id) == (
        "Ana Ruiz-Bell",
        None,
        "Tax",
        desk.person("sue").id,
    )


def test_people_who_are_absent_from_the_file_stay_and_are_listed(desk: Desk) -> None:
    desk.take("people.import", FIRM)
    told = desk.take("people.import", "email,name,roles\nmeg@harbour.example,Meg Lane,senior_management")
    assert told["absent"] == ["ana@harbour.example", "ben@harbour.example", "sue@harbour.example"]
    assert told["unchanged"] == 1
    assert desk.person("ana").active(desk.now)


def test_a_dry_run_tells_the_difference_and_writes_nothing(desk: Desk) -> None:
    first = desk.take("people.import", FIRM, dry_run="yes")
    assert (len(first["added"]), first["dry_run"]) == (4, True)
    assert desk.do(people.everybody) == []
    assert desk.log() == []
    desk.take("people.import", FIRM)
    before = desk.everything()
    second = desk.take("people.import", FIRM.replace("Ben Okri", "Ben Obi"), dry_run="yes")
    assert second["updated"] == [{"email": "ben@harbour.example", "changed": ["name"]}]
    assert desk.everything() == before


def test_contractors_without_a_last_day_and_lines_that_end_in_leavers_are_taken_with_a_warning(desk: Desk) -> None:
    told = desk.take(
        "people.import",
        """
        email,name,roles,kind,ends_on,supervisor
        tom@harbour.example,Tom,staff,contractor,,
        una@harbour.example,Una,staff,third_party,2026-11-20,tom@harbour.example
        old@harbour.example,Old,staff,contractor,2026-11-19,
        ana@harbour.example,Ana,staff,,,old@harbour.example
        """,
    )
    warned = [(warning["line"], warning["column"]) for warning in told["warnings"]]
    assert warned == [(2, "ends_on"), (4, "ends_on"), (5, "supervisor")]  # the 20th is today, and still counts
    assert desk.person("una").active(desk.now)


def test_the_audit_log_has_ids_roles_and_counts_and_no_name_or_address(desk: Desk) -> None:
    desk.take("people.import", FIRM)
    desk.take("people.import", "email,name,roles\nana@harbour.example,Ana Bell,staff;admin")
    ana = desk.person("ana").id
    assert desk.log()[0] == {"what": "person.added", "who": "op", "person": ana, "roles": "staff"}
    assert desk.log()[-3:] == [
        {"what": "people.imported", "who": "op", "rows": "4", "added": "4", "updated": "0"},
        {"what": "person.changed", "who": "op", "person": ana, "columns": "name;roles", "roles": "admin;staff"},
        {"what": "people.imported", "who": "op", "rows": "1", "added": "0", "updated": "1"},
    ]
    assert not any(word in str(desk.log()) for word in ("Ana", "Ruiz", "Bell", "harbour.example"))
