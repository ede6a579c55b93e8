"""How many rows each of several files has: row numbers run through them, one file after the other."""

from __future__ import annotations

import gzip

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.load.loading import PLAIN

from dataaudit.load.raw import rows_of_files

SIZES = {"b": 3, "a": 5, "c": 2}


def rows_of(name: str) -> str:
    return "".join(f"{name},{('cat', 'dog')[i % 2]}\n" for i in range(SIZES[name]))


def check_runs(dataset, split="train"):
    """Look whether the rows of each file, which holds its name, lie where its count says they do."""
    first = 0
    for name, n_rows in dataset.relations[split].files:
        where = f"WHERE row >= {first} AND row < {first + n_rows}"
        cells = {cell for (cell,) in dataset.engine.rows(f"SELECT {dataset.sql_name('x')} FROM {split} {where}")}
        assert cells == ({name[0]} if n_rows else set())
        first += n_rows


def csv_files(write, order, pack=str.encode, ending="csv"):
    return [write(pack("x,y\n" + rows_of(name)), f"{name}.{ending}") for name in order]


@pytest.mark.parametrize("order", ["bac", "cab"])
def test_a_list_of_csv_files(load_table, write, order):
    dataset = load_table(csv_files(write, order))
    assert dataset.relations["train"].files == tuple((f"{name}.csv", SIZES[name]) for name in order)
    check_runs(dataset)


def test_packed_csv_files_keep_their_own_names(load_table, write):
    paths = csv_files(write, "bac", lambda text: gzip.compress(text.encode()), "csv.gz")
    dataset = load_table(paths)
    assert dataset.relations["train"].files == (("b.csv.gz", 3), ("a.csv.gz", 5), ("c.csv.gz", 2))
    check_runs(dataset)


def test_a_pattern_of_csv_files_is_read_in_the_order_of_names(load_table, write, tmp_path):
    csv_files(write, "bac")
    dataset = load_table(str(tmp_path / "*.csv"))
    assert dataset.relations["train"].files == (("a.csv", 5), ("b.csv", 3), ("c.csv", 2))
    check_runs(dataset)


def test_csv_files_that_must_be_mended_first(load_table, write):
    paths = [*csv_files(write, "ba"), write("x,y\r\nc,cät\nc,dog\r\n".encode("cp1252"), "c.csv")]
    dataset = load_table(paths)
    assert dataset.relations["train"].files == (("b.csv", 3), ("a.csv", 5), ("c.csv", 2))
    check_runs(dataset)


def test_a_csv_file_without_rows_has_its_place(load_table, write):
    paths = csv_files(write, "ba")
    dataset = load_table([write("x,y\n", "e.csv"), paths[0], write("x,y\n", "f.csv"), paths[1]])
    assert [n_rows for _, n_rows in dataset.relations["train"].files] == [0, 3, 0, 5]
    check_runs(dataset)


def test_large_csv_files_read_by_two_threads(load_table, write):
    paths = [write("x,y\n" + f"{name} {'-' * 60},cat\n{name},dog\n" * 60_000, f"{name}.csv") for name in "ba"]
    dataset = load_table(paths)
    assert dataset.relations["train"].files == (("b.csv", 120_000), ("a.csv", 120_000))
    starts = dataset.engine.rows(f"SELECT left({dataset.sql_name('x')}, 1), min(row), max(row) FROM train GROUP BY 1")
    assert sorted(starts) == [("a", 120_000, 239_999), ("b", 0, 119_999)]


def save(path, name):
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"x": [name] * SIZES[name], "y": ["cat", "dog", "cat", "dog", "cat"][: SIZES[name]]}), path)
    return path


@pytest.mark.parametrize("order", ["bac", "cab"])
@pytest.mark.parametrize("most_cells", [0, 20_000_000])
def test_a_list_of_parquet_files(load_table, tmp_path, monkeypatch, order, most_cells):
    monkeypatch.setattr("dataaudit.load.dataset.MAX_CELLS_TO_COPY", most_cells)
    dataset = load_table([save(tmp_path / f"{name}.parquet", name) for name in order])
    assert dataset.relations["train"].files == tuple((f"{name}.parquet", SIZES[name]) for name in order)
    check_runs(dataset)


def test_a_folder_of_partitions(load_table, tmp_path):
    for site, name in (("west", "c"), ("east", "a"), ("north", "b")):
        save(tmp_path / f"site={site}" / "part.parquet", name)
    files = load_table(tmp_path).relations["train"].files
    assert files == (("site=east/part.parquet", 5), ("site=north/part.parquet", 3), ("site=west/part.parquet", 2))


def test_every_split_knows_its_own_files(load_table, write):
    b, a, c = csv_files(write, "bac")
    relations = load_table({"train": [b, a], "test": c}).relations
    assert relations["train"].files == (("b.csv", 3), ("a.csv", 5))
    assert relations["test"].files == ()


def test_splits_of_a_column_have_the_files_of_the_whole(load_table, write):
    paths = [
        write("x,part,y\n" + f"{name},train,cat\n{name},test,dog\n{name},train,dog\n", f"{name}.csv") for name in "ba"
    ]
    dataset = load_table(paths, split_column="part")
    assert dataset.relations["train"].files == dataset.relations["test"].files == (("b.csv", 3), ("a.csv", 3))
    check_runs(dataset)
    check_runs(dataset, "test")


def test_nothing_is_told_of_one_file(load_table, write):
    assert load_table([write(PLAIN)]).relations["train"].files == ()


def test_nothing_is_told_of_frames(load_table):
    table = pa.table({"x": [1, 2], "y": ["cat", "dog"]})
    assert load_table({"train": table, "test": table}).relations["test"].files == ()


@pytest.mark.parametrize(
    ("paths", "names"),
    [
        (["/d/cats.csv", "/d/dogs.csv"], ["cats.csv", "dogs.csv"]),
        (["/d/cats/1.csv", "/d/dogs/1.csv"], ["cats/1.csv", "dogs/1.csv"]),
        (["/d/1.csv", "/d/dogs/1.csv"], ["1.csv", "dogs/1.csv"]),
        (["https://host/t.csv", "https://host/t.csv"], ["t.csv", "t.csv"]),
    ],
)
def test_names_tell_files_apart(paths, names):
    assert rows_of_files(paths, [1, 2]) == tuple(zip(names, [1, 2], strict=True))
