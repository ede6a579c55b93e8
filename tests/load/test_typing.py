"""Each column gets one type in all splits; no cell is lost without being counted."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from tests.load.loading import cells, column_file, kinds

at = dt.datetime.fromisoformat


def typed(load_table, write, column: list[str]):
    """Load a CSV column with a label beside it; return its SQL type and cells."""
    dataset = load_table(write(column_file(column)))
    return dataset.sql_types["x"], cells(dataset, "x")


def test_whole_numbers(load_table, write):
    assert typed(load_table, write, ["1", "-2", "", "3.0", "1e3"]) == ("BIGINT", [1, -2, None, 3, 1000])


def test_fractions(load_table, write):
    assert typed(load_table, write, ["1", "2.5", "NA", ".5"]) == ("DOUBLE", [1.0, 2.5, None, 0.5])


def test_numbers_beyond_64_bits(load_table, write):
    assert typed(load_table, write, ["12345678901234567890", "1"]) == ("DOUBLE", [12345678901234567890.0, 1.0])


def test_infinite_cells_are_missing_and_counted(load_table, write):
    dataset = load_table(write(column_file(["inf", "-Infinity", "INF", "1e999", "2"])))
    assert cells(dataset, "x") == [None, None, None, None, 2.0]
    assert dataset.surveys["train"]["x"].n_infinite == 4


@pytest.mark.parametrize("spelling", [("true", "false"), ("True", "False"), ("TRUE", "FALSE")])
def test_booleans(load_table, write, spelling):
    yes, no = spelling
    assert typed(load_table, write, [yes, no, "", yes]) == ("BOOLEAN", [True, False, None, True])


def test_yes_and_no_stay_text(load_table, write):
    assert typed(load_table, write, ["yes", "no"])[0] == "VARCHAR"


def test_iso_dates(load_table, write):
    column = ["2024-01-05", "2024-01-05 10:30:00", "2024-01-05T10:30:00.5", ""]
    expected = [at("2024-01-05"), at("2024-01-05 10:30"), at("2024-01-05 10:30:00.500")]
    assert typed(load_table, write, column) == ("TIMESTAMP", [*expected, None])


def test_times_with_an_offset_are_in_utc(load_table, write):
    column = ["2024-01-05T10:00:00+02:00", "2024-01-05T10:00:00Z"]
    assert typed(load_table, write, column)[1] == [at("2024-01-05 08:00"), at("2024-01-05 10:00")]


@pytest.mark.parametrize("column", [["1-2-3", "4-5-6"], ["epoch", "infinity"], ["05/01/2024", "06/01/2024"]])
def test_what_is_no_iso_date_stays_text(load_table, write, column):
    assert typed(load_table, write, column) == ("VARCHAR", column)


def test_codes_with_leading_zeros_stay_text(load_table, write):
    column = ["00501", "10001", "02134", "99999"]
    assert typed(load_table, write, column) == ("VARCHAR", column)


def test_fractions_and_zero_are_no_codes(load_table, write):
    assert typed(load_table, write, ["0", "0.5", "-0.25", "0"])[0] == "DOUBLE"


def test_few_bad_cells_do_not_make_text_of_numbers(load_table, write):
    column = [*(str(i) for i in range(95)), "?", "unknown", "x", "y", "z"]
    assert typed(load_table, write, column) == ("BIGINT", [*range(95), *[None] * 5])


def test_nine_tenths_of_numbers_are_enough(load_table, write):
    assert typed(load_table, write, [*map(str, range(90)), *["?"] * 10])[0] == "BIGINT"


def test_less_than_nine_tenths_stay_text(load_table, write):
    column = [*map(str, range(89)), *["?"] * 11]
    assert typed(load_table, write, column) == ("VARCHAR", column)


def test_codes_such_as_chromosomes_stay_text(load_table, write):
    column = [str(i % 22 + 1) for i in range(440)] + ["X"] * 20
    assert typed(load_table, write, column) == ("VARCHAR", column)


@pytest.mark.parametrize("odd", ["0x1F", "0b11", "1_000", "1,5"])
def test_spellings_that_are_no_number_in_a_csv(load_table, write, odd):
    column = [*(str(i) for i in range(40)), f'"{odd}"']
    assert typed(load_table, write, column) == ("BIGINT", [*range(40), None])


def test_a_column_without_a_cell(load_table, write):
    assert typed(load_table, write, ["", "", "NA"]) == ("VARCHAR", [None, None, None])


def test_groups_and_ids_lose_no_cell(load_table, write):
    column = [*(str(i) for i in range(95)), "?", "unknown", "x", "y", "z"]
    dataset = load_table(write(column_file(column)), group=("x",))
    assert cells(dataset, "x") == column


def splits(train: list, test: list) -> dict[str, object]:
    def make(column: list) -> pd.DataFrame:
        return pd.DataFrame({"x": column, "y": ["cat", "dog"] * (len(column) // 2)})

    return {"train": make(train), "test": make(test)}


@pytest.mark.parametrize(
    ("train", "test", "sql_type", "expected"),
    [
        ([1, 2], [0.5, 1.5], "DOUBLE", [0.5, 1.5]),
        ([0.5, 1.5], [1, 2], "DOUBLE", [1.0, 2.0]),
        ([0, 1], [True, False], "DOUBLE", [1.0, 0.0]),
        ([0, 1], ["true", "False"], "DOUBLE", [1.0, 0.0]),
        ([True, False], ["yes", "no"], "VARCHAR", ["yes", "no"]),
        ([1, 2], ["3", "many"], "DOUBLE", [3.0, None]),
        (["a", "b"], [1, 2], "VARCHAR", ["1", "2"]),
        ([1, 2], [None, None], "BIGINT", [None, None]),
        ([None, None], [1, 2], "BIGINT", [1, 2]),
        ([1, 2], [at("2024-01-01")] * 2, "VARCHAR", ["2024-01-01 00:00:00"] * 2),
        ([at("2024-01-01")] * 2, ["2024-01-05", "soon"], "TIMESTAMP", [at("2024-01-05"), None]),
        (["a", "b"], [[1.0], [2.0]], "VARCHAR", ["[1.0]", "[2.0]"]),
    ],
)
def test_types_that_differ_between_splits(load_table, train, test, sql_type, expected):
    dataset = load_table(splits(train, test))
    assert dataset.sql_types["x"] == sql_type
    assert cells(dataset, "x", "test") == expected


def test_a_csv_and_a_parquet_of_one_table_are_read_alike(load_table, tmp_path):
    table = pd.DataFrame({"a": [1, 2] * 9, "b": [0.1, None] * 9, "c": ["x", None] * 9, "y": ["cat", "dog"] * 9})
    table.to_csv(tmp_path / "t.csv", index=False)
    table.to_parquet(tmp_path / "t.parquet")
    dataset = load_table({"train": tmp_path / "t.csv", "test": tmp_path / "t.parquet"})
    for name in table.columns:
        assert cells(dataset, name) == cells(dataset, name, "test")
    assert list(kinds(dataset).values()) == ["numeric", "numeric", "categorical", "categorical"]
