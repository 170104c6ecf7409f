"""Tables as people keep them: tidy cells, lines that are found again, and what counts as an address."""

from handlers.rules.sheet import Row, columns, has_controls, is_email, one_line, repeated, rows, several


def test_rows_keep_their_line_and_an_absent_column_is_not_an_empty_cell() -> None:
    (row,) = rows([{"line": "7", "name": "  Ana \t Ruiz\n", "team": ""}])
    assert (row.line, row["name"], row["team"], row["owner"]) == (7, "Ana Ruiz", "", "")
    assert "team" in row
    assert "owner" not in row
    assert columns([row, Row(line=8, cells={"owner": ""})]) == ["name", "team", "owner"]
    assert [r.line for r in rows([{"a": ""}, {"a": ""}])] == [2, 3]


def test_a_repeated_key_points_to_where_it_stood_first_and_empty_ones_repeat_nothing() -> None:
    assert repeated({2: "a", 3: "b", 4: "a", 5: "", 6: "", 7: "a"}) == {4: 2, 7: 2}


def test_cells_with_several_parts_drop_the_empty_and_the_double() -> None:
    assert several(" b ; a;;b ") == ("b", "a")
    assert several("") == ()
    assert one_line("Ana\u00a0\u2003Ruiz") == "Ana Ruiz"


def test_joiners_of_other_scripts_are_no_control_characters() -> None:
    assert not has_controls("نیم\u200cفاصله")
    assert has_controls("Ana\x00")


def test_addresses_end_in_a_domain_with_a_dot_and_no_brackets() -> None:
    assert is_email("o'neil+tax@mail.harbour.example")
    assert is_email("müller@exämple.com")
    assert not is_email("ana@harbour")
    assert not is_email("<ana@harbour.example>")
    assert not is_email("ana@harbour.example\n")
