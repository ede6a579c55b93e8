"""Parquet: one file, several, a folder of partitions; row numbers run through the files."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.load.loading import cells, kinds

from dataaudit.errors import InputError

TABLE = pa.table({"x": [0.5, 1.5, None], "A": [1, 2, 3], "a": ["k", "l", "m"], "y": ["cat", "dog", "cat"]})


@pytest.fixture
def save(tmp_path):
    """Write a table below the test's folder and return its path."""

    def save_it(name: str, table: pa.Table = TABLE) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, path)
        return path

    return save_it


def row_numbers(dataset) -> list[int]:
    return [row[0] for row in dataset.engine.rows("SELECT row FROM train ORDER BY row")]


def test_one_file(load_table, save):
    dataset = load_table(save("t.parquet"))
    assert cells(dataset, "x") == [0.5, 1.5, None]
    assert row_numbers(dataset) == [0, 1, 2]
    assert dataset.info.splits[0].source == "t.parquet"


def test_names_that_differ_by_case_alone(load_table, save):
    dataset = load_table(save("t.parquet"))
    assert cells(dataset, "A") == [1, 2, 3]
    assert cells(dataset, "a") == ["k", "l", "m"]


def test_the_name_of_the_file_does_not_tell_what_it_is(load_table, save):
    assert cells(load_table(save("t.csv")), "A") == [1, 2, 3]


def test_a_list_is_read_in_its_order(load_table, save):
    other = TABLE.set_column(1, "A", pa.array([7, 8, 9]))
    dataset = load_table([save("b.parquet"), save("a.parquet", other)])
    assert cells(dataset, "A") == [1, 2, 3, 7, 8, 9]
    assert row_numbers(dataset) == [0, 1, 2, 3, 4, 5]


def test_a_glob_is_read_in_the_order_of_names(load_table, save, tmp_path):
    save("part-2.parquet", TABLE.set_column(1, "A", pa.array([7, 8, 9])))
    save("part-1.parquet")
    save("other.parquet", TABLE.set_column(1, "A", pa.array([0, 0, 0])))
    dataset = load_table(str(tmp_path / "part-*.parquet"))
    assert cells(dataset, "A") == [1, 2, 3, 7, 8, 9]
    assert row_numbers(dataset) == [0, 1, 2, 3, 4, 5]


def test_a_folder_of_partitions_has_their_columns(load_table, save, tmp_path):
    for year in (2021, 2020):
        save(f"data/year={year}/site=north/part.parquet")
    (tmp_path / "data" / "_SUCCESS").write_text("")
    dataset = load_table(tmp_path / "data")
    assert cells(dataset, "year") == [2020] * 3 + [2021] * 3
    assert set(cells(dataset, "site")) == {"north"}
    assert row_numbers(dataset) == [0, 1, 2, 3, 4, 5]
    assert kinds(dataset)["year"] == "numeric"


def test_files_with_columns_in_another_order(load_table, save):
    table = TABLE.select(["x", "a", "y"])
    dataset = load_table([save("b.parquet", table), save("a.parquet", table.select(["y", "x", "a"]))])
    assert cells(dataset, "a") == ["k", "l", "m"] * 2


def test_another_order_of_names_that_differ_by_case_alone_is_an_error(load_table, save):
    with pytest.raises(InputError, match=r"a\.parquet and b\.parquet have columns in different orders"):
        load_table([save("b.parquet"), save("a.parquet", TABLE.select(["a", "A", "x", "y"]))])


@pytest.mark.parametrize("other", [TABLE.drop_columns("x"), TABLE.append_column("z", pa.array([1, 2, 3]))])
def test_files_with_other_columns(load_table, save, other):
    with pytest.raises(InputError, match=r"b\.parquet and a\.parquet have different columns: only one has '[xz]'"):
        load_table([save("a.parquet"), save("b.parquet", other)])


def test_files_with_numbers_of_other_widths(load_table, save):
    wide = TABLE.set_column(1, "A", pa.array([2**40, 0, 1]))
    narrow = TABLE.set_column(1, "A", pa.array([1, 2, 3], pa.int8()))
    dataset = load_table([save("a.parquet", narrow), save("b.parquet", wide)])
    assert cells(dataset, "A") == [1, 2, 3, 2**40, 0, 1]


def test_columns_called_like_those_of_duckdb(load_table, save):
    table = TABLE
    for name in ("file_row_number", "file_index", "filename", "row", "r0", "c0"):
        table = table.append_column(name, pa.array([f"{name} {i}" for i in range(3)]))
    dataset = load_table([save("a.parquet", table), save("b.parquet", table)])
    assert cells(dataset, "file_row_number") == [f"file_row_number {i}" for i in range(3)] * 2
    assert row_numbers(dataset) == [0, 1, 2, 3, 4, 5]


def test_nested_columns(load_table, save):
    table = TABLE.append_column("s", pa.array([{"k": 1, "l": {"m": [1]}}] * 3)).append_column(
        "v", pa.array([[1.0, 2.0]] * 3)
    )
    dataset = load_table(save("t.parquet", table))
    assert kinds(dataset)["v"] == "embedding"
    assert list(kinds(dataset)) == ["x", "A", "a", "y", "s", "v"]


@pytest.mark.parametrize("name", ["a[1].parquet", "a*.parquet", "it's.parquet"])
def test_a_file_whose_name_looks_like_a_pattern(load_table, save, name):
    save("a1.parquet", TABLE.set_column(1, "A", pa.array([7, 8, 9])))
    assert cells(load_table(save(name)), "A") == [1, 2, 3]


def test_a_truncated_file(load_table, save):
    path = save("t.parquet")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"^t\.parquet cannot be read as Parquet") as caught:
        load_table(path)
    assert caught.value.hint == "the file may be truncated; write it again"


def test_the_truncated_one_of_several_is_named(load_table, save):
    good, path = save("a.parquet"), save("b.parquet")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(InputError, match=r"^b\.parquet cannot be read as Parquet"):
        load_table([good, path])


def test_damaged_pages_below_a_good_footer(load_table, save):
    path = save("t.parquet")
    content = bytearray(path.read_bytes())
    content[4:60] = bytes(byte ^ 0x5A for byte in content[4:60])
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"^t\.parquet cannot be read"):
        load_table(path)


def test_a_repeated_name(load_table, save):
    table = pa.table([pa.array([1]), pa.array([2])], names=["a", "a"])
    with pytest.raises(InputError, match=r"^t\.parquet: the column name 'a' stands 2 times"):
        load_table(save("t.parquet", table))


def test_no_rows(load_table, save):
    with pytest.raises(InputError, match=r"^t\.parquet has columns but no rows"):
        load_table(save("t.parquet", TABLE.slice(0, 0)))


def test_a_large_table_is_scanned_where_it_lies(load_table, save, monkeypatch):
    monkeypatch.setattr("dataaudit.load.dataset.MAX_CELLS_TO_COPY", 3)
    dataset = load_table([save("a.parquet"), save("b.parquet")])
    assert cells(dataset, "A") == [1, 2, 3, 1, 2, 3]
    assert dataset.engine.rows("SELECT count(*) FROM duckdb_tables()") == [(0,)]
