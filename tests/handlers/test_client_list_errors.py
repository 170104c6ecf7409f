"""What keeps a client list from being taken, and that no answer and no record ever repeats a client's name."""

import pytest

from handlers.client_list import Plan
from handlers.client_rows import Filed
from tests.handlers.support_desk import LIST, STAFF, Desk

NAMES = ("Brightwater", "Crown", "Zephyrine", "Estates", "Holdings")


@pytest.fixture
def desk(desk: Desk) -> Desk:
    """The people are there already."""
    desk.take("people.import", STAFF)
    return desk


def test_every_bad_row_is_reported_at_once_and_nothing_is_written(desk: Desk) -> None:
    told = desk.refuse(
        "clients.import",
        f"""
        ref,name,owner,team,parent,regimes,retention_class
        ,Alder,ana@harbour.example,,,,
        2,,ana@harbour.example,,,,
        3,Cypress,nobody@harbour.example,,,,
        4,Damson,old@harbour.example,,,,
        5,Elder,ana@harbour.example;ben@harbour.example,,,,
        6,Fig,ana@harbour.example,ben@harbour.example;nobody@harbour.example,,,
        7,Gorse,ana@harbour.example,,99,,
        8,Holly,ana@harbour.example,,8,,
        9,Iris,ana@harbour.example,,,uk gdpr,
        10,Juniper,ana@harbour.example,,,,six years
        2,Kale,ana@harbour.example,,,,
        12,{"L" * 201},ana@harbour.example,,,,
        13,Myrtle,,,,,
        """,
    )
    assert [(line, column) for line, column, _problem in told] == [
        (2, "ref"),
        (3, "name"),
        (4, "owner"),
        (5, "owner"),
        (6, "owner"),
        (7, "team"),
        (8, "parent"),
        (9, "parent"),
        (10, "regimes"),
        (11, "retention_class"),
        (12, "ref"),
        (13, "name"),
        (14, "owner"),
    ]
    assert "Address 2" in told[5][2]


def test_files_inside_each_other_are_refused_with_their_numbers_also_through_known_files(desk: Desk) -> None:
    desk.take("clients.import", LIST)  # 4711-1 lies in 4711
    table = """
        ref,name,owner,parent
        4711,Brightwater Estates,ana@harbour.example,4712
        4712,Zephyrine Holdings,ben@harbour.example,4711-1
        """
    told = desk.refuse("clients.import", table)
    assert [(line, column) for line, column, _problem in told] == [(2, "parent"), (3, "parent")]
    assert "4711 → 4712 → 4711-1 → 4711" in told[0][2]


def test_no_name_is_in_any_answer_or_on_the_audit_log_even_when_columns_have_slipped(desk: Desk) -> None:
    desk.take("clients.import", LIST)
    desk.take("clients.import", LIST.replace("Zephyrine Holdings", "Zephyrine Crown"))
    slipped = """
        ref,owner,name,team,parent,retention_class
        4713,Brightwater Estates,ana@harbour.example,Crown;Zephyrine,Holdings,Brightwater Crown
        """
    no_heading = "4711,Brightwater,ana@harbour.example\n4712,Zephyrine,ben@harbour.example"
    for table in (slipped, no_heading, LIST):
        reply = desk.ask("clients.import", table)
        assert not any(name in str(reply.data) for name in NAMES), reply.data
    assert not any(name in str(desk.log()) for name in NAMES)
    reply = desk.ask("clients.import", "ref,name,owner\n4713,Crown,nobody@harbour.example")
    assert reply.data["errors"][0]["ref"] == "4713"  # type: ignore[index]


def test_neither_plan_nor_file_prints_a_name_where_an_exception_would_show_it(desk: Desk) -> None:
    filed = Filed(name="Brightwater")
    plan = Plan(refs=["1"], before={}, after={"1": filed}, known={}, staff={}, standing={}, held=[])
    assert "Brightwater" not in f"{filed!r} {plan!r}"
