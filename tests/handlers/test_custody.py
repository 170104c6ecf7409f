"""A firm key each month: everything goes under the newest, what was sealed opens as before, the old one ends."""

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from handlers import access, custody
from handlers.breaches import intake
from handlers.request import Kind, Request
from handlers.views import Data, Say
from storage import audit, breaches, clients, generations, keys, settings
from storage.key_tables import compartments
from storage.store import Tx
from storage.vault import Keyring, Root, key_name
from tests.support.house import House

NAMES = {"heron": "Brightwater Estates", "otter": "Zephyrine Holdings"}


def ids(house: House) -> list[str]:
    """The generations, the newest first."""
    return [one.id for one in house.read(generations.all_of)]


def wrapped_by(house: House) -> set[str]:
    """The generations under which something living lies."""
    rows = house.read(lambda tx: tx.conn.execute(compartments.select()).all())
    return {row.firm_key_id for row in rows} | {house.read(keys.intake_generation)}


def every_file_opens(house: House) -> bool:
    def look(tx: Tx) -> bool:
        found = {word: clients.by_id(tx, house.ids[word]) for word in NAMES}
        opened = access.current_names(tx, list(found.values()))
        return {word: opened[house.ids[word]] for word in NAMES} == NAMES

    return house.read(look)


def steps(house: House) -> list[str]:
    return [word for word in house.happened() if word.startswith("keys.")]


def desk(house: House, name: str, outside: bytes | None = None) -> Data | Say:
    values = {"outside": key_name(outside or house.key)}
    request = Request(kind=Kind.DESK, name=name, operator="cli:ann", values=values)
    return asyncio.run(house.doorway.handle(request))


def test_a_renewal_falls_due_each_month_and_everything_goes_under_the_new_generation(house: House) -> None:
    house.write(custody.begin)
    house.write(custody.begin)  # a second start moves nothing
    (first,) = ids(house)
    house.later(days=29)
    assert ids(house) == [first]
    house.later(days=2)
    second, _first = ids(house)
    assert wrapped_by(house) == {second}
    assert every_file_opens(house)
    assert steps(house) == ["keys.generation-made", "keys.rewrapped", "keys.generation-retired"]
    house.later(days=31)
    third, *_ = ids(house)
    assert third not in (first, second)
    assert wrapped_by(house) == {third}


def test_a_retired_generation_is_destroyed_after_its_days_of_grace_and_its_dates_stay(house: House) -> None:
    house.write(custody.begin)
    (first,) = ids(house)
    house.later(days=31)
    house.later(days=28)
    assert first in ids(house)
    house.later(days=2)
    assert first not in ids(house)
    assert list(house.read(generations.destroyed)) == [first]
    assert "keys.generation-destroyed" in steps(house)
    assert every_file_opens(house)


def test_what_is_sealed_after_a_renewal_is_under_the_new_generation_before_anything_was_put_there(house: House) -> None:
    house.write(generations.make)
    second, first = ids(house)
    house.write(lambda tx: keys.make(tx, "client"))
    assert wrapped_by(house) == {first, second}
    assert every_file_opens(house)


def test_a_generation_of_a_transaction_that_was_taken_back_wraps_nothing(house: House) -> None:
    def make_and_fail(tx: Tx) -> None:
        generations.make(tx)
        keys.make(tx, "client")
        raise LookupError("on purpose")

    (only,) = ids(house)
    with pytest.raises(LookupError):
        house.write(make_and_fail)
    house.write(lambda tx: keys.make(tx, "client"))
    assert ids(house) == [only]
    assert wrapped_by(house) == {only}


def test_the_newest_generation_is_the_newest_even_when_the_clock_was_put_back(house: House) -> None:
    second = house.write(generations.make)
    house.now -= timedelta(days=400)
    third = house.write(generations.make)
    assert ids(house)[:2] == [third, second]


def test_another_process_learns_of_a_generation_when_it_meets_it(house: House) -> None:
    with house.engine.begin() as conn:
        other = keys.load(conn, Root(house.key))
    house.write(generations.make)
    while house.write(lambda tx: generations.rewrap(tx, 1)):
        pass
    house.later(days=1)
    row = house.read(lambda tx: tx.conn.execute(compartments.select()).first())
    with house.engine.begin() as conn:
        assert row.firm_key_id in other.holding(conn, row.firm_key_id)
        assert other.newest(conn).current == ids(house)[0]


def test_a_breach_report_of_before_opens_after_the_intakes_key_was_put_elsewhere(house: House) -> None:
    form = house.ask("luca", Kind.COMMAND, "report-breach")
    house.submit("luca", form, {"what": "A letter went to the wrong address."})
    house.write(generations.make)
    while house.write(lambda tx: generations.rewrap(tx, 1)):
        pass
    assert house.write(lambda tx: intake.unseal(tx, breaches.everything_open(tx)[0])).what.startswith("A letter")


def test_small_batches_end_where_one_great_one_does(house: House) -> None:
    for _ in range(5):
        house.write(lambda tx: keys.make(tx, "client"))
    house.write(generations.make)
    before = house.read(generations.waiting)
    counts = []
    while count := house.write(lambda tx: generations.rewrap(tx, 2)):
        counts.append(count)
    assert sum(counts) == before + 1  # the intake's private key
    assert max(counts[1:]) == 2
    assert house.read(generations.waiting) == 0


def test_a_generation_in_use_or_not_retired_long_enough_is_never_destroyed(house: House) -> None:
    (first,) = ids(house)
    assert not house.write(lambda tx: generations.destroy(tx, first, timedelta(0)))
    house.write(generations.make)
    assert not house.write(lambda tx: generations.destroy(tx, first, timedelta(0)))
    assert house.write(generations.retire) == []
    while house.write(lambda tx: generations.rewrap(tx, 100)):
        pass
    assert house.write(generations.retire) == [first]
    assert not house.write(lambda tx: generations.destroy(tx, first, timedelta(days=1)))
    assert ids(house)[1] == first


def test_a_generation_that_wraps_only_the_intakes_key_is_not_destroyed(house: House) -> None:
    (first,) = ids(house)
    stood = house.read(lambda tx: settings.get(tx, keys.INTAKE_PRIVATE))
    house.write(generations.make)
    while house.write(lambda tx: generations.rewrap(tx, 100)):
        pass
    house.write(generations.retire)
    house.write(lambda tx: settings.put(tx, keys.INTAKE_PRIVATE, stood))
    assert not house.write(lambda tx: generations.destroy(tx, first, timedelta(0)))
    assert first in ids(house)


def test_a_late_comer_under_a_retired_generation_is_put_elsewhere_before_that_is_destroyed(house: House) -> None:
    """A transaction that asked for the newest generation before another made the next, and committed after it."""
    house.write(custody.begin)
    (first,) = ids(house)
    with house.engine.begin() as conn:
        late = keys.load(conn, Root(house.key)).newest(conn)
    house.later(days=31)
    wrapped = late.new_data_key("CP-LATE")
    row = {"id": "CP-LATE", "kind": "client", "firm_key_id": first, "data_key": wrapped.wrapped}
    house.write(lambda tx: tx.conn.execute(insert(compartments).values(**row, created_at=tx.now)) and None)
    house.later(days=29)
    house.later(days=3)
    assert first not in ids(house)
    assert house.write(lambda tx: keys.data_key(tx, "CP-LATE")).compartment_id == "CP-LATE"


def test_the_database_itself_refuses_a_compartment_under_a_generation_that_is_gone(house: House) -> None:
    ring = Keyring({"FK-GONE": bytes(range(32))}, current="FK-GONE")
    row = {"id": "CP-X", "kind": "client", "firm_key_id": "FK-GONE", "data_key": ring.new_data_key("CP-X").wrapped}
    with pytest.raises(IntegrityError):
        house.write(lambda tx: tx.conn.execute(insert(compartments).values(**row, created_at=tx.now)) and None)


def test_rotating_renews_the_firm_key_and_a_run_after_an_interruption_only_finishes(house: House) -> None:
    first = desk(house, "keys.rotate")
    again = desk(house, "keys.rotate")  # the command was killed before the first batch
    assert isinstance(first, Data)
    assert isinstance(again, Data)
    assert (first.data["made"], again.data["made"], again.data["left"]) == (True, False, first.data["left"])
    assert desk(house, "keys.rewrap-some").data == {"done": first.data["left"] + 1, "left": 0}
    assert desk(house, "keys.rotate").data["made"]
    (made, *_rest) = [e.words for e in house.read(audit.entries) if e.words["what"] == "keys.generation-made"]
    assert made["who"] == "cli:ann"


def test_a_command_with_another_outside_key_than_the_service_changes_nothing_and_says_what_to_do(house: House) -> None:
    before = ids(house)
    for name in ("keys.rotate", "keys.rewrap-some"):
        answer = desk(house, name, outside=bytes(range(32)))
        assert isinstance(answer, Say)
        assert "SOPWITH_MASTER_KEY_OLD" in answer.text
    assert ids(house) == before


def test_nothing_of_a_key_is_in_an_entry(house: House) -> None:
    desk(house, "keys.rotate")
    desk(house, "keys.rewrap-some")
    said = b"".join(entry.body for entry in house.read(audit.entries))
    assert house.key not in said
    assert house.key.hex().encode() not in said
