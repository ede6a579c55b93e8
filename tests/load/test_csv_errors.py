"""What is wrong with a CSV file is told with the file's name and the line."""

from __future__ import annotations

import gzip

import pytest
from tests.load.loading import PLAIN

from dataaudit.errors import InputError


def test_a_row_that_is_too_wide(load_table, write):
    with pytest.raises(InputError) as caught:
        load_table(write(PLAIN + "1,2,3\n"))
    assert caught.value.message == "t.csv, line 6: 3 cells where the header has 2"
    assert caught.value.hint == "mend the line (a cell that holds the delimiter needs quotes)"


def test_a_row_that_is_too_narrow(load_table, write):
    with pytest.raises(InputError, match=r"^t\.csv, line 6: 1 cell where the header has 2"):
        load_table(write(PLAIN + "1\n"))


def test_the_line_counts_the_lines_inside_quotes(load_table, write):
    with pytest.raises(InputError, match=r"^t\.csv, line 4: 3 cells"):
        load_table(write('x,y\n"two\nlines",cat\n1,2,3\n'))


def test_blank_lines_do_not_shift_the_line(load_table, write):
    with pytest.raises(InputError, match=r"^t\.csv, line 8: 3 cells"):
        load_table(write("\n\nx,y\n1,cat\n\n2,dog\n3,cat\n1,2,3\n"))


def test_the_file_of_several_is_named(load_table, write):
    with pytest.raises(InputError, match=r"^b\.csv, line 6: 3 cells"):
        load_table([write(PLAIN, "a.csv"), write(PLAIN + "1,2,3\n", "b.csv"), write(PLAIN, "c.csv")])


def test_a_packed_file_keeps_its_name(load_table, write):
    with pytest.raises(InputError, match=r"^t\.csv\.gz, line 6: 3 cells"):
        load_table(write(gzip.compress((PLAIN + "1,2,3\n").encode()), "t.csv.gz"))


def test_a_quote_that_is_not_closed(load_table, write):
    with pytest.raises(InputError, match=r"^t\.csv, line 6: a quote is not closed"):
        load_table(write(PLAIN + '"1,cat\n2,dog\n'))


def test_a_line_that_is_too_long(load_table, write):
    with pytest.raises(InputError, match=r"^t\.csv, line 100002: a line is longer than 16 MB"):
        load_table(write("x,y\n" + "12345678901,cat\n" * 100_000 + "z" * 17_000_000 + ",dog\n"))
