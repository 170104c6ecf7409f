"""A column read at once, each cell out of a compartment of its own, as for a type-ahead."""

import os

import pytest

from storage.vault import Keyring, Unopenable, WrongKey

RING = Keyring({"FK-1": os.urandom(32), "FK-2": os.urandom(32)}, "FK-2")
OLDER = Keyring({"FK-1": os.urandom(32)}, "FK-1")


def cell(number: int, text: str, ring: Keyring = RING):
    compartment, row = f"CP-{number}", f"CL-{number}"
    wrapped = ring.new_data_key(compartment)
    sealed = ring.open(compartment, wrapped).seal("clients", "name", row, text)
    return compartment, wrapped.firm_key_id, wrapped.wrapped, row, sealed


def changed(of, **parts):
    names = ("compartment", "firm_key", "wrapped", "row", "sealed")
    return tuple(parts.get(name, part) for name, part in zip(names, of, strict=True))


def test_a_column_reads_as_its_cells_do_one_by_one():
    texts = ["Brightwater Estates", "", "Ünïcode · 株式会社", "x" * 300]
    cells = [cell(number, text) for number, text in enumerate(texts)]
    assert RING.read("clients", "name", cells) == texts
    assert RING.read("clients", "name", []) == []


@pytest.mark.parametrize("table, column", [("people", "name"), ("clients", "ref")])
def test_a_cell_of_another_column_does_not_open(table, column):
    with pytest.raises(Unopenable):
        RING.read(table, column, [cell(1, "Brightwater")])


@pytest.mark.parametrize("part, other", [("row", "CL-2"), ("sealed", b"\x02"), ("sealed", b"")])
def test_one_moved_or_spoilt_cell_among_good_ones_is_said(part, other):
    good = cell(1, "Brightwater")
    spoilt = other + good[4][1:] if isinstance(other, bytes) and other else other
    with pytest.raises(Unopenable, match="does not open"):
        RING.read("clients", "name", [good, changed(good, **{part: spoilt})])


def test_a_key_of_another_compartment_or_generation_or_firm_does_not_open():
    good = cell(1, "Brightwater")
    elsewhere = cell(1, "Brightwater", OLDER)
    for wrong in (
        changed(good, compartment="CP-2"),
        changed(good, firm_key="FK-1"),
        changed(good, firm_key="FK-9"),
        changed(good, wrapped=b"\x02" + good[2][1:]),
        changed(good, wrapped=good[2][:5]),
        elsewhere,
    ):
        with pytest.raises(WrongKey):
            RING.read("clients", "name", [good, wrong])
