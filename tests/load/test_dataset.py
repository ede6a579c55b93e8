"""load: everything together."""

from __future__ import annotations

import pandas as pd
from tests.load.loading import PLAIN, cells, column_file


def test_the_dataset_describes_itself(load_table, write):
    dataset = load_table({"test": write(PLAIN, "b.csv"), "train": write(PLAIN, "a.csv")})
    splits = [(split.name, split.source, split.n_rows, split.n_columns) for split in dataset.info.splits]
    assert splits == [("train", "a.csv", 4, 2), ("test", "b.csv", 4, 2)]
    assert dataset.sql_types == {"x": "DOUBLE", "y": "VARCHAR"}
    assert [dataset.sql_name(name) for name in ("x", "y")] == ["c0", "c1"]
    assert dataset.surveys["train"]["y"].n_distinct == 2


def test_the_raw_tables_are_gone(load_table, write):
    dataset = load_table({"train": write(PLAIN, "a.csv"), "test": write(PLAIN, "b.csv")})
    tables = dataset.engine.rows("SELECT table_name FROM duckdb_tables() ORDER BY 1")
    assert tables == [("test",), ("train",)]


def test_names_from_the_data_break_no_statement(load_table):
    names = ["a'b", 'a"b', "a;DROP TABLE train", "a\nb", "<b>", "a|b", " ", "row", "c0", "r0", "SELECT", "é", "\x00"]
    table = pd.DataFrame({name: ["1", "x", "2"] * 4 for name in names} | {"y": ["cat", "dog"] * 6})
    dataset = load_table(table)
    assert [column.name for column in dataset.info.columns] == [*names, "y"]
    assert all(cells(dataset, name) == ["1", "x", "2"] * 4 for name in names)


def test_the_cells_of_a_csv_are_numbered_from_zero(load_table, write):
    dataset = load_table(write("\n" + column_file(["5", "6"]) + "\n"))
    assert dataset.engine.rows("SELECT row, c0 FROM train ORDER BY row") == [(0, 5), (1, 6)]
