"""Delimiter, header and names, sniffed from the first lines."""

from __future__ import annotations

import pytest

from dataaudit.errors import InputError
from dataaudit.load.dialect import Dialect, sniff_dialect


def sniff(text: str, complete: bool = True) -> Dialect:
    return sniff_dialect(text, complete, "t.csv")


def test_a_header():
    assert sniff("x,y\n1,cat\n2,dog\n") == Dialect(",", True, ("x", "y"))


def test_no_header():
    assert sniff("1,cat\n2,dog\n") == Dialect(",", False, ("column_0", "column_1"))


def test_a_delimiter_inside_quotes_or_in_few_cells_is_none():
    assert sniff('x;y\n"a,b,c";1\n"d,e,f";2\n').delimiter == ";"
    assert sniff("x,y\na;b,1\nc,2\n").delimiter == ","


def test_one_column_has_no_delimiter():
    assert sniff("y\ncat\ndog\n").names == ("y",)


def test_years_are_names_beside_other_names():
    assert sniff("country,1990,1991\nChile,1,2\n").has_header
    assert not sniff("Chile,7,12\nPeru,8,13\n").has_header


def test_the_count_that_pandas_writes_is_a_header():
    assert sniff("0,1,2,3\n0.5,2.5,1.5,3\n").names == ("0", "1", "2", "3")
    assert sniff("0,1,y\n0.5,2.5,cat\n").names == ("0", "1", "y")
    assert not sniff("0,1,3,2\n0.5,2.5,1.5,3\n").has_header
    assert not sniff("0,1,cat\n5,2,dog\n5,2,cat\n").has_header


def test_numbers_above_words_are_names():
    assert sniff("7,8\ncat,red\ndog,blue\n").names == ("7", "8")


def test_row_names_as_r_writes_them():
    assert sniff("x,y\nfirst,1,2\nsecond,3,4\n").names == ("row_name", "x", "y")


def test_a_delimiter_at_the_end_of_every_row_but_the_header():
    assert sniff("x,y\n1,2,\n3,4,\n").names == ("x", "y", "column_2")


def test_blank_lines_above_the_header_are_counted():
    assert sniff("\n\r\n\nx,y\n1,2\n").n_blank_lines == 3
    assert sniff("x,y\n\n1,2\n").n_blank_lines == 0


def test_names_lose_the_blanks_around_them():
    assert sniff(" x , y\n1,cat\n").names == ("x", "y")


def test_names_that_differ_by_blanks_alone_keep_them():
    assert sniff("x, x\na,b\n").names == ("x", " x")


def test_made_up_names_are_free():
    assert sniff(",column_0,y\na,b,c\n").names == ("column_0_", "column_0", "y")


def test_a_repeated_name_is_told_with_its_places():
    with pytest.raises(InputError, match=r"t\.csv: the column name 'a' stands 2 times in the header \(columns 1, 3\)"):
        sniff("a,b,a\n1,2,3\n")


@pytest.mark.parametrize("text", ["", "\n\n", "  \n \n", ",,\n"])
def test_a_file_without_a_cell_is_empty(text):
    with pytest.raises(InputError, match=r"t\.csv is empty"):
        sniff(text)


def test_a_cut_off_last_record_does_not_count():
    assert sniff("x;y\n1;2\n3,4,5,6", complete=False).delimiter == ";"


def test_a_cell_of_over_a_million_characters():
    with pytest.raises(InputError, match="larger than field limit"):
        sniff("x,y\n" + "a" * 1_000_001 + ",cat\n")


def test_a_wide_line_is_one_huge_cell_by_the_wrong_delimiter_alone():
    cells = ",".join(["12345"] * 200_000)
    assert len(sniff(f"{cells}\n{cells}\n").names) == 200_000
