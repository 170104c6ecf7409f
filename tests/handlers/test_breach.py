"""A suspected breach through the real doorway: told at once, again until somebody is on it, and never who reported."""

from datetime import timedelta

from handlers.request import Account, Kind, Request
from handlers.views import Done, Form, Invalid, Page, Say
from storage import breaches
from tests.support.house import House
from tests.support.records import held, rows

TEXT = "E-mailed the Brightwater file to the wrong address."


def report(house: House, who: str = "tomas", **values: object) -> Say:
    form = house.ask(who, Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    said = house.submit(who, form, {"what": TEXT, **values})  # type: ignore[dict-item]
    assert isinstance(said, Say)
    return said


def the_breach(house: House) -> breaches.Breach:
    (found,) = house.read(breaches.everything_open)
    assert isinstance(found, breaches.Breach)
    return found


def test_the_reporter_is_thanked_with_a_reference_and_three_things_to_do(house: House) -> None:
    said = report(house)
    assert said.reference.startswith("BR-")
    assert sum(f"{n}. " in repr(said.items) for n in (1, 2, 3)) == 3
    assert "Ring +44 20 7946 0000" in repr(said.items)


def test_the_dpo_is_told_at_once_and_management_too_and_again_until_somebody_is_on_it(house: House) -> None:
    report(house)
    assert [n.urgent for n in house.told("priya", "breach.reported")] == [True]
    assert len(house.told("margaret", "breach.inform")) == 1
    house.later(minutes=15)
    assert len(house.told("margaret", "breach.reported")) == 1
    house.later(minutes=30)
    assert len(house.told("margaret", "breach.reported")) == 3
    assert isinstance(house.act("priya", "breach.on-it", the_breach(house).id), Done)
    house.later(hours=5)
    assert len(house.told("margaret", "breach.reported")) == 3


def test_the_deputy_is_told_when_the_dpo_is_away(house: House) -> None:
    form = house.ask("priya", Kind.COMMAND, "away")
    assert isinstance(form, Form)
    until = house.now + timedelta(days=3)
    house.submit("priya", form, {"from": house.now, "until": until, "deputy": house.ids["sana"]})
    report(house)
    assert len(house.told("sana", "breach.reported")) == 1
    assert isinstance(house.act("sana", "breach.on-it", the_breach(house).id), Done)
    assert isinstance(house.open("sana", "breach.open", the_breach(house).id), Page)


def test_the_checklist_moves_with_who_and_when_and_a_tick_can_be_taken_back(house: House) -> None:
    report(house)
    id = the_breach(house).id
    house.act("priya", "breach.on-it", id)
    house.act("priya", "breach.done", f"{id}|contain")
    house.act("margaret", "breach.done", f"{id}|contain")  # already done: one fact
    house.act("margaret", "breach.undo", f"{id}|contain")
    rows = house.read(lambda tx: breaches.steps(tx, id))
    assert [(r.step, r.done, r.by) for r in rows] == [
        ("contain", True, house.ids["priya"]),
        ("contain", False, house.ids["margaret"]),
    ]


def test_a_step_that_nobody_knows_is_refused(house: House) -> None:
    report(house)
    for name in ("breach.done", "breach.undo"):
        for step in ("", "|", "|nothing", "|Contain"):
            said = house.act("priya", name, f"{the_breach(house).id}{step}")
            assert isinstance(said, Say)
            assert "not known any more" in said.text


def test_only_the_response_team_reads_the_report_and_each_reading_is_audited(house: House) -> None:
    report(house)
    id = the_breach(house).id
    page = house.open("priya", "breach.open", id)
    assert TEXT in repr(page)
    for who in ("amelia", "jonas", "rosa", "tomas"):
        refused = house.open(who, "breach.open", id)
        assert TEXT not in repr(refused), who
        assert isinstance(house.act(who, "breach.on-it", id), Say), who
    assert house.happened().count("breach.opened") == 1


def test_without_a_name_no_id_of_the_reporter_is_in_any_row(house: House) -> None:
    report(house, anonymous=("yes",))
    named = {house.ids["tomas"], "tomas", "T1/tomas"}
    for table, row in rows(house.url):
        if table not in {"people", "accounts"}:
            assert not any(word in str(cell) for cell in row.values() for word in named), table


def test_a_named_report_does_say_who(house: House) -> None:
    report(house)
    assert the_breach(house).reporter_id == house.ids["tomas"]


def test_any_human_of_the_workspace_may_report_but_no_stranger_and_no_bot(house: House) -> None:
    def ask(**more: bool) -> object:
        account = Account(platform="slack", id="T1/nobody", **more)
        request = Request(kind=Kind.COMMAND, name="report-breach", account=account)
        return house.store and __import__("asyncio").run(house.doorway.handle(request))

    assert isinstance(ask(), Form)
    assert isinstance(ask(ours=False), Say)
    assert isinstance(ask(human=False), Say)


def test_bad_input_is_said_beside_its_field(house: House) -> None:
    form = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    for values, field in (
        ({"what": ""}, "what"),
        ({"what": TEXT, "noticed": house.now + timedelta(days=1)}, "noticed"),
        ({"what": "Card 4111 1111 1111 1111 was sent"}, "what"),
        ({"what": TEXT, "clients": "x" * 1001}, "clients"),
    ):
        said = house.submit("tomas", form, values)  # type: ignore[arg-type]
        assert isinstance(said, Invalid)
        assert set(said.errors) == {field}


def test_when_nothing_can_be_saved_the_form_stays_and_names_the_emergency_contact(house: House) -> None:
    form = house.ask("tomas", Kind.COMMAND, "report-breach")
    assert isinstance(form, Form)
    with held(house.url):  # by another process
        said = house.submit("tomas", form, {"what": TEXT})
    assert isinstance(said, Invalid)
    assert "Ring +44 20 7946 0000" in said.errors[""]
    assert isinstance(house.submit("tomas", form, {"what": TEXT}, key="again"), Say)
