"""What doctor asks about people: lines that end in nobody, roles without a holder, people without an account."""

from tests.handlers.support_desk import FIRM, Desk


def test_a_whole_firm_has_no_gap_but_those_nobody_filled(desk: Desk) -> None:
    desk.take("people.import", FIRM)
    found = desk.ask("people.check").data
    assert found == {
        "no_ladder": [],
        "complaint_ends": ["meg@harbour.example"],
        "vacant_roles": ["dpo", "records", "admin"],
        "unreachable": [f"{word}@harbour.example" for word in ("ana", "ben", "meg", "sue")],
        "mail_only": [],
        "owners_gone": [],
    }


def test_staff_without_a_supervisor_or_with_one_who_has_left_are_named_with_the_reason(desk: Desk) -> None:
    desk.take(
        "people.import",
        """
        email,name,roles,supervisor,kind,ends_on
        ana@harbour.example,Ana,staff,old@harbour.example,,
        ben@harbour.example,Ben,staff,,,
        old@harbour.example,Old,staff;supervisor,,contractor,2026-11-19
        dpo@harbour.example,Dora,dpo,,,
        top@harbour.example,Top,staff;senior_management,,,
        """,
    )
    found = desk.ask("people.check").data
    assert isinstance(found, dict)
    assert found["no_ladder"] == [
        {"email": "ana@harbour.example", "problem": "The supervisor no longer works here."},
        {"email": "ben@harbour.example", "problem": "No supervisor is named."},
    ]
    assert found["vacant_roles"] == ["records", "admin"]
    assert "old@harbour.example" not in found["unreachable"]


def test_files_whose_owner_has_left_are_named_by_number(desk: Desk) -> None:
    desk.take("people.import", FIRM)
    desk.take("clients.import", "ref,name,owner\n4712,Zephyrine Holdings,ben@harbour.example")
    desk.take("people.import", "email,name,roles,ends_on\nben@harbour.example,Ben Okri,staff,2026-11-19")
    found = desk.ask("people.check").data
    assert isinstance(found, dict)
    assert found["owners_gone"] == [{"ref": "4712", "owner": "ben@harbour.example"}]
