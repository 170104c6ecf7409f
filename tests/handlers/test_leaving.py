"""Somebody leaves, or changes the role: rights end now, what is open moves on; on both databases."""

from datetime import timedelta

from bot.parcels import card_of
from handlers.request import Kind
from handlers.views import Card, Data, Form, Page, Say
from storage import access, barriers, clients, deadlines, escalations, people
from storage.store import Tx
from tests.support.house import House


def end(house: House, who: str, **values: str) -> Data:
    asked = {"email": f"{who}@harbour.example", **values}
    said = house.ask(None, Kind.DESK, "people.end", operator="op", values=asked)
    assert isinstance(said, Data)
    return said


def test_a_preview_says_what_moves_to_whom_and_writes_nothing(house: House) -> None:
    house.log("amelia")
    before = house.happened()
    said = end(house, "amelia", dry_run="yes")
    assert said.ok
    moves = said.data["moves"]  # type: ignore[index]
    assert {(m["what"], m["to"]) for m in moves} == {
        ("file", "jonas@harbour.example"),
        ("reply", "jonas@harbour.example"),
    }
    assert house.happened() == before
    assert isinstance(house.open("amelia", "client.file", house.ids["heron"]), Page)


def test_rights_end_now_and_files_and_replies_go_to_the_supervisor(house: House) -> None:
    house.log("amelia")
    assert end(house, "amelia").ok
    assert "Your access has ended" in repr(house.ask("amelia", Kind.COMMAND, "access"))
    assert house.ids["amelia"] not in house.read(lambda tx: access.people_of(tx, house.ids["heron"]))
    assert house.read(lambda tx: clients.by_id(tx, house.ids["heron"])).owner_id == house.ids["jonas"]
    (duty,) = house.read(deadlines.all_open)
    assert duty.responsible_id == house.ids["jonas"]
    assert house.told("jonas", "deadline.reassigned")
    assert house.told("jonas", "access.given")
    assert isinstance(house.open("jonas", "client.file", house.ids["heron"]), Page)
    assert not end(house, "amelia").ok


def test_a_breach_can_still_be_reported(house: House) -> None:
    end(house, "luca", to="jonas@harbour.example")
    assert isinstance(house.ask("luca", Kind.COMMAND, "report-breach"), Form)


def test_nothing_moves_to_somebody_behind_a_barrier_or_to_nobody(house: House) -> None:
    def wall(tx: Tx) -> None:
        for who in ("jonas", "margaret", "rosa"):
            more = {"kind": "other", "reason": b"x", "set_by": house.ids["priya"]}
            barriers.add(
                tx,
                id=f"IB-{who}",
                client_id=house.ids["heron"],
                person_id=house.ids[who],
                **more,  # type: ignore[arg-type]
            )

    house.write(wall)
    refused = end(house, "amelia")
    assert not refused.ok
    assert "4711" in repr(refused.data)
    assert isinstance(house.open("amelia", "client.file", house.ids["heron"]), Page)
    assert end(house, "amelia", to="luca@harbour.example").ok
    assert house.read(lambda tx: clients.by_id(tx, house.ids["heron"])).owner_id == house.ids["luca"]


def test_what_the_leaver_had_taken_climbs_again(house: House) -> None:
    house.log("amelia")
    house.later(days=4)
    (duty,) = house.read(deadlines.all_open)
    assert not isinstance(house.act("jonas", "deadline.take", duty.id), Say)
    assert end(house, "jonas", to="margaret@harbour.example").ok
    running = house.read(lambda tx: escalations.of(tx, duty.id))
    assert running.state == "climbing"


def test_the_dpo_looks_at_what_was_opened_in_the_last_thirty_days(house: House) -> None:
    house.open("amelia", "client.file", house.ids["heron"])
    house.now += timedelta(days=3)
    end(house, "amelia")
    house.happened()
    (notice,) = house.told("priya", "leaver.openings")
    card = house.read(lambda tx: card_of(tx, house.policy, notice))
    assert isinstance(card, Card)
    assert "duty of confidentiality does not end" in repr(card)
    page = house.open("priya", "leaver.openings", house.ids["amelia"])
    assert "Quiet Heron · 4711 · timeline" in repr(page)
    assert "for another role" in repr(house.open("jonas", "leaver.openings", house.ids["amelia"]))


def test_a_new_role_ends_grants_and_leaves_the_team(house: House) -> None:
    form = house.open("amelia", "access.give", house.ids["heron"])
    assert isinstance(form, Form)
    typed = {"person": house.ids["sana"], "purpose": "work", "reason": "Joins.", "until": "year"}
    house.submit("amelia", form, typed)
    rows = tuple(
        {"line": str(n), "email": f"{who}@harbour.example", "name": name, "roles": "staff;records"}
        for n, (who, name) in enumerate((("sana", "Sana Iqbal"), ("luca", "Luca Reed")), 2)
    )
    house.ask(None, Kind.DESK, "people.import", operator="op", rows=rows)
    assert set(house.read(lambda tx: access.people_of(tx, house.ids["heron"]))) == {
        house.ids["amelia"],
        house.ids["luca"],
    }
    assert house.told("sana", "access.ended")
    assert house.read(lambda tx: people.by_id(tx, house.ids["sana"])).roles == {"staff", "records"}


def test_administrators_hear_of_a_deactivated_account_and_how_to_go_on(house: House) -> None:
    row = {"account": "slack:T1/luca", "email": "luca@harbour.example", "zone": "", "guest": "no", "active": "no"}
    house.ask(None, Kind.DESK, "accounts.seen", operator="op", rows=({**row, "human": "yes", "ours": "yes"},))
    assert "Your access has ended" in repr(house.ask("luca", Kind.COMMAND, "access"))
    (told,) = house.told("rosa", "account.gone")
    card = house.read(lambda tx: card_of(tx, house.policy, told))
    assert isinstance(card, Card)
    assert "sopwith people end luca@harbour.example" in repr(card)
    end(house, "luca", to="jonas@harbour.example")
    assert house.read(lambda tx: card_of(tx, house.policy, told)) is None
