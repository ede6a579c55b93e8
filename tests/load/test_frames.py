"""pandas, polars and pyarrow frames give what the files of the same table give."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.load.loading import cells, kinds

import dataaudit
from dataaudit.errors import InputError

COLUMNS = {
    "count": [1, 2, None, 4] * 10,
    "size": [0.5, None, 2.5, -1e9] * 10,
    "flag": [True, False, None, True] * 10,
    "word": ["a,b", "é", None, 'say "so"'] * 10,
    "day": [dt.datetime.fromisoformat("2024-01-01") + dt.timedelta(days=i) for i in range(40)],
    "y": ["cat", "dog"] * 20,
}


def in_csv(tmp_path):
    pd.DataFrame(COLUMNS).convert_dtypes().to_csv(tmp_path / "t.csv", index=False)
    return tmp_path / "t.csv"


def in_parquet(tmp_path):
    pq.write_table(pa.table(COLUMNS), tmp_path / "t.parquet")
    return tmp_path / "t.parquet"


SOURCES = {
    "csv": in_csv,
    "parquet": in_parquet,
    "pandas": lambda _: pd.DataFrame(COLUMNS),
    "pandas nullable": lambda _: pd.DataFrame(COLUMNS).convert_dtypes(),
    "pandas arrow": lambda _: pa.table(COLUMNS).to_pandas(types_mapper=pd.ArrowDtype),
    "pandas odd index": lambda _: pd.DataFrame(COLUMNS, index=range(400, 360, -1)),
    "polars": lambda _: pl.DataFrame(COLUMNS),
    "polars lazy": lambda _: pl.LazyFrame(COLUMNS),
    "pyarrow": lambda _: pa.table(COLUMNS),
    "pyarrow batch": lambda _: pa.record_batch(COLUMNS),
    "pyarrow dictionary": lambda _: pa.table(
        {name: pa.array(column).dictionary_encode() for name, column in COLUMNS.items()}
    ),
}


@pytest.mark.parametrize("source", SOURCES)
def test_every_source_gives_the_same_dataset(load_table, tmp_path, source):
    dataset = load_table(SOURCES[source](tmp_path))
    found = {name: cells(dataset, name) for name in COLUMNS}
    assert found == COLUMNS
    assert list(kinds(dataset).values()) == ["numeric", "numeric", "boolean", "categorical", "datetime", "categorical"]
    assert dataset.classes == ("cat", "dog")
    assert dataset.info.notes == ()


def frame(column, **others):
    """Return a pandas frame of one column and a label."""
    return pd.DataFrame({"x": column, "y": ["cat", "dog"] * (len(column) // 2), **others})


@pytest.mark.parametrize(
    ("column", "expected", "kind"),
    [
        (pd.Categorical(["b", "a", None, "b"]), ["b", "a", None, "b"], "categorical"),
        (pd.Categorical([2, 1, None, 2]), [2, 1, None, 2], "numeric"),
        (pd.Categorical([1, "b", None, 2.5]), ["1", "b", None, "2.5"], "categorical"),
        (pd.Series([1, "b", None, 2.5], dtype=object), ["1", "b", None, "2.5"], "categorical"),
        (pd.Series([True, "b", None, "b"], dtype=object), ["True", "b", None, "b"], "categorical"),
        (pd.Series([1, 2.5, None, float("nan")], dtype=object), [1.0, 2.5, None, None], "numeric"),
        (pd.Series([2**70, 1, 2, 3], dtype=object), [2.0**70, 1.0, 2.0, 3.0], "numeric"),
        (np.array([np.nan, np.inf, -np.inf, 1.0]), [None, None, None, 1.0], "numeric"),
        (np.array([1, 2, 3, 4], dtype=np.float16), [1.0, 2.0, 3.0, 4.0], "numeric"),
        (pd.arrays.SparseArray([0, 1, 0, 1]), [0, 1, 0, 1], "numeric"),
        (pd.Series([None] * 4), [None] * 4, "categorical"),
        (pd.Series([1j] * 4), ["1j"] * 4, "categorical"),
    ],
)
def test_columns_of_pandas(load_table, column, expected, kind):
    dataset = load_table(frame(column))
    assert cells(dataset, "x") == expected
    assert kinds(dataset)["x"] == kind


def test_infinite_cells_are_counted(load_table):
    dataset = load_table(frame(np.array([np.nan, np.inf, -np.inf, 1.0])))
    assert dataset.surveys["train"]["x"].n_infinite == 2


def test_times_with_a_zone_are_read_in_utc(load_table):
    day = pd.Series(pd.to_datetime(["2024-01-01 12:00"] * 4).tz_localize("Europe/Paris"))
    assert cells(load_table(frame(day)), "x") == [dt.datetime.fromisoformat("2024-01-01 11:00")] * 4


def test_lists_are_embeddings(load_table):
    assert kinds(load_table(frame([[1.0, 2.0]] * 4)))["x"] == "embedding"


def test_polars_types_that_arrow_lacks(load_table):
    table = pl.DataFrame(
        {
            "wide": pl.Series([1, None, 3, 4], dtype=pl.Int128),
            "kind": pl.Series(["a", "b", None, "a"], dtype=pl.Enum(["a", "b"])),
            "none": [None] * 4,
            "y": ["cat", "dog"] * 2,
        }
    )
    dataset = load_table(table)
    assert cells(dataset, "wide") == [1, None, 3, 4]
    assert cells(dataset, "kind") == ["a", "b", None, "a"]
    assert kinds(dataset)["none"] == "categorical"


def test_python_objects_in_polars(load_table):
    table = pl.DataFrame({"x": pl.Series([object(), object()], dtype=pl.Object), "y": ["cat", "dog"]})
    with pytest.raises(InputError, match="column 'x' of the train frame holds Python objects"):
        load_table(table)


def test_an_arrow_type_that_cannot_be_counted(load_table):
    union = pa.UnionArray.from_dense(
        pa.array([0, 1], pa.int8()), pa.array([0, 0], pa.int32()), [pa.array([b"a"]), pa.array([pa.scalar(1)])]
    )
    with pytest.raises(InputError, match=r"columns of types that cannot be counted: 'x' \(dense_union"):
        load_table(pa.table({"x": union, "y": ["cat", "dog"]}))


def test_names_that_are_no_text(load_table):
    dataset = load_table(pd.DataFrame([[1, "cat"], [2, "dog"]]), label="1")
    assert list(kinds(dataset)) == ["0", "1"]


@pytest.mark.parametrize(
    "table",
    [
        pd.DataFrame([[1, 2]], columns=["a", "a"]),
        pd.DataFrame([[1, 2]], columns=[1, "1"]),
        pa.table([pa.array([1]), pa.array([2])], names=["a", "a"]),
    ],
)
def test_repeated_names(load_table, table):
    with pytest.raises(InputError, match=r"the train frame has 2 columns named '[a1]'"):
        load_table(table, label="a")


@pytest.mark.parametrize("table", [pd.DataFrame(), pl.DataFrame(), pa.table({})])
def test_no_columns(load_table, table):
    with pytest.raises(InputError, match="frame has no columns"):
        load_table(table)


@pytest.mark.parametrize("table", [pd.DataFrame({"y": []}), pl.DataFrame({"y": []}), pa.table({"y": []})])
def test_no_rows(load_table, table):
    with pytest.raises(InputError, match="frame has columns but no rows"):
        load_table(table)


def test_a_class_derived_from_a_frame(load_table):
    class Mine(pd.DataFrame):
        pass

    assert load_table(Mine(COLUMNS)).info.splits[0].source == "pandas frame"


@pytest.mark.parametrize("source", [pd.Series([1, 2]), np.ones((2, 2)), {"a": [1]}, None, 5, [pd.DataFrame(COLUMNS)]])
def test_what_is_no_table(load_table, source):
    with pytest.raises(InputError, match=r"^train is a \w+, not a path or a frame"):
        load_table({"train": source})


def test_intervals_of_pandas_cut_are_categories():
    frame = pd.DataFrame({"x": pd.cut(np.arange(40) / 7, 4), "y": ["a", "b"] * 20})
    result = dataaudit.audit(frame, label="y")
    assert result.dataset.column("x").kind == "categorical"
