"""A table is taken apart whole: rows with their lines, or everything that is wrong with its shape."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.imports import BadTable, Columns, parse
from handlers import client_rows, people_rows

PEOPLE = Columns(needed=("email", "name", "roles"), known=("email", "name", "roles", "supervisor"), ignored=("zone",))


def rows(text: str | bytes) -> list[dict[str, str]]:
    content = text.encode() if isinstance(text, str) else text
    return [dict(row) for row in parse(content, PEOPLE)]


def faults(text: str | bytes) -> tuple[str, ...]:
    with pytest.raises(BadTable) as bad:
        rows(text)
    return bad.value.faults


ANN = {"line": "2", "email": "a@x.example", "name": "Ann", "roles": "staff"}


@pytest.mark.parametrize(
    "text",
    [
        "email,name,roles\na@x.example,Ann,staff\n",
        "email;name;roles\na@x.example;Ann;staff",
        "\ufeffemail,name,roles\r\na@x.example,Ann,staff\r\n",
        '"email","name","roles"\n"a@x.example","Ann","staff"\n',
        " Email , NAME ,Roles\na@x.example,Ann,staff\n",
        "email,name,roles\na@x.example,Ann,staff\n,,\n\n",
        "zone,email,name,roles\nEurope/London,a@x.example,Ann,staff\n",
    ],
    ids=["comma", "semicolon", "byte order mark", "quotes", "capitals", "blank rows", "a column to pass over"],
)
def test_the_same_person_comes_out_of_every_spelling_of_the_file(text: str) -> None:
    assert rows(text) == [ANN]


def test_semicolons_inside_a_cell_do_not_part_it_when_commas_part_the_columns() -> None:
    assert rows("email,name,roles\na@x.example,Ann,staff;dpo\n")[0]["roles"] == "staff;dpo"
    assert rows('email;name;roles\na@x.example;Ann;"staff;dpo"\n')[0]["roles"] == "staff;dpo"


def test_a_row_knows_the_line_on_which_it_begins() -> None:
    text = 'email,name,roles\na@x.example,"Ann\nMarie",staff\n\nb@x.example,Ben,staff\n'
    assert [row["line"] for row in rows(text)] == ["2", "5"]


FAULTS = [  # content, what is said
    (b"", "line 1: the file is empty"),
    ("email,name,roles\n", "line 2: there are no rows"),
    ("email,name\na@x.example,Ann\n", "line 1: the column roles is missing"),
    (
        "email,name,roles,suprevisor\na,b,c,d\n",
        "line 1: the heading of column 4 is not known here. Did you mean supervisor?",
    ),
    ("email,name,roles,\na,b,c,d\n", "line 1: the heading of column 4 is not known here. Known are email"),
    ("email,name,roles,name\na,b,c,d\n", "line 1: the column name is there twice"),
    ("email,name,roles\na,b\n", "line 2: has 2 cells, the heading has 3"),
    ("email,name,roles\na,b,c\n\nd,e,f,g\n", "line 4: has 4 cells, the heading has 3"),
    (b"email,name,roles\na,J\xfcrgen,c\n", "line 2: is not UTF-8"),
    (b"email,name,roles\na,b\x00,c\n", "line 2: holds a NUL"),
    ("email,name,roles\n".encode("utf-16"), "line 1: the file is in UTF-16"),
    ('email,name,roles\na,"b,c\n', "line 2: its quotes do not fit"),
    ('email,name,roles\na,"b"x,c\n', "line 2: its quotes do not fit"),
    (b"email,name,roles\n" + b"x" * 20_000_000, "line 1: the file is larger than 20 MB"),
]


@pytest.mark.parametrize(("content", "said"), FAULTS, ids=[said for _, said in FAULTS])
def test_a_fault_of_the_files_shape_is_said_with_its_line(content: str | bytes, said: str) -> None:
    assert any(fault.startswith(said) for fault in faults(content)), faults(content)


def test_all_faults_of_a_file_are_said_at_once() -> None:
    found = faults("email,nmae,email\na\nb,c\n")
    assert [fault.partition(":")[0] for fault in found] == ["line 1", "line 1", "line 1", "line 1", "line 2", "line 3"]


def test_a_hopeless_file_is_not_said_line_by_line_for_ever() -> None:
    found = faults("email,name,roles\n" + "x\n" * 1000)
    assert len(found) == 51
    assert found[-1] == "… and 950 more."


def test_no_fault_repeats_what_a_cell_holds() -> None:
    assert "Brightwater" not in " ".join(faults("4711,Brightwater Estates,a@x.example\n4712,Brightwater\n"))


@given(st.binary(max_size=300))
def test_any_bytes_at_all_give_rows_or_faults(content: bytes) -> None:
    try:
        found = parse(content, PEOPLE)
    except BadTable as bad:
        assert all(fault.startswith(("line ", "… and ")) for fault in bad.faults)
    else:
        assert found


@given(
    st.lists(st.tuples(*[st.text(st.characters(exclude_characters="\x00", codec="utf-8"), min_size=1)] * 3), min_size=1)
)
def test_what_a_spreadsheet_wrote_is_read_back_cell_by_cell(cells: list[tuple[str, str, str]]) -> None:
    def quoted(cell: str) -> str:
        return '"' + cell.replace('"', '""') + '"'

    kept = [row for row in cells if any(cell.strip() for cell in row)]
    text = "email,name,roles\r\n" + "".join(",".join(map(quoted, row)) + "\r\n" for row in cells)
    if kept:
        assert [(row["email"], row["name"], row["roles"]) for row in rows(text)] == kept


def test_the_tables_of_the_house_can_be_told_from_each_other_by_their_heading() -> None:
    with pytest.raises(BadTable):
        parse(b"ref,name,owner\n1,b,c\n", Columns(needed=people_rows.NEEDED, known=people_rows.COLUMNS))
    with pytest.raises(BadTable):
        parse(b"email,name,roles\na,b,c\n", Columns(needed=client_rows.NEEDED, known=client_rows.COLUMNS))
