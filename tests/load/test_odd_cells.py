"""Cells that are unlike the others are kept for the report, with their row numbers."""

from __future__ import annotations

import pandas as pd
import pytest
from tests.load.loading import column_file


def report(load_table, write, column: list[str]):
    return load_table(write(column_file(column))).cells["x"]["train"]


def test_bad_cells_among_numbers(load_table, write):
    column = [str(i / 2) for i in range(100)]
    column[7], column[42] = "n.a.", "unknown"
    kinds = report(load_table, write, column)
    assert kinds.odd_examples == ((7, "n.a."), (42, "unknown"))
    assert (kinds.n_odd, kinds.n_number, kinds.n_present, kinds.read_as) == (2, 98, 100, "DOUBLE")
    assert not kinds.stored_as_text


def test_at_most_twenty_examples_are_kept_and_all_counted(load_table, write):
    kinds = report(load_table, write, [*map(str, range(300)), *(f"bad {i}" for i in range(25))])
    assert (len(kinds.odd_examples), kinds.n_odd) == (20, 25)


def test_a_long_cell_is_cut(load_table, write):
    kinds = report(load_table, write, [*map(str, range(50)), "z" * 1000])
    assert kinds.odd_examples == ((50, "z" * 80),)


@pytest.mark.parametrize(
    ("column", "odd"),
    [
        (["red", "blue", "green", "7", "grey", "8"], ((3, "7"), (5, "8"))),
        (["red", "1", "2", "7", "3", "8"], ((0, "red"),)),
    ],
)
def test_the_rarer_sort_in_a_mixed_column_is_odd(load_table, write, column, odd):
    assert report(load_table, write, column).odd_examples == odd


def test_cells_that_are_no_date_among_dates(load_table, write):
    column = [f"2024-01-{i:02d}" for i in range(1, 31)]
    column[3] = "2024-02-30"
    kinds = report(load_table, write, column)
    assert (kinds.n_date, kinds.n_odd, kinds.odd_examples) == (29, 1, ((3, "2024-02-30"),))


def test_dates_that_are_read_as_text_name_their_format(load_table, write):
    kinds = report(load_table, write, ["31/12/2024", "05/01/2024"])
    assert (kinds.date_format, kinds.n_date, kinds.read_as) == ("%d/%m/%Y", 2, "VARCHAR")


def test_plain_text_is_not_reported(load_table, write):
    assert load_table(write(column_file(["red", "blue"]))).cells == {}


def test_numbers_stored_as_text_in_a_frame(load_table):
    table = pd.DataFrame({"x": ["1", "2", "3", "4"], "y": ["cat", "dog"] * 2})
    kinds = load_table(table).cells["x"]["train"]
    assert kinds.stored_as_text
    assert kinds.read_as == "BIGINT"
    assert kinds.n_odd == 0


def test_row_numbers_are_those_of_the_file_when_it_is_cut_into_splits(load_table, write):
    rows = [f"{i},{('train', 'test')[i % 2]},{('cat', 'dog')[i % 3 % 2]}" for i in range(60)]
    rows[41] = "bad,test,cat"
    dataset = load_table(write("x,part,y\n" + "\n".join(rows)), split_column="part")
    assert dataset.cells["x"]["test"].odd_examples == ((41, "bad"),)
    assert dataset.cells["x"]["train"].n_odd == 0
