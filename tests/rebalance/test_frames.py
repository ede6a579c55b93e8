from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.rebalance.tables import every_kind, listed, numbers_only
from tests.rebalance.typed import MAKERS, column_list, is_same

import dataaudit
from dataaudit.errors import ConfigError
from dataaudit.rebalance.strategies import STRATEGIES


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_pandas_types_stay(strategy):
    frame = every_kind()
    frame["colour"] = frame["colour"].astype("category")
    frame["count"] = frame["children"].astype("Int16").where(frame["children"] > 1)
    frame["stamp"] = frame["day"].dt.tz_localize("Europe/Rome")
    frame = frame.set_index(pd.Index(range(1000, 1000 + len(frame))))
    found = dataaudit.rebalance(frame, label="y", strategy=strategy)
    assert (found.frame.dtypes == frame.dtypes).all()
    assert len(found.frame) == len(found.provenance)
    copied = (found.provenance["origin"] != "synthetic").to_numpy()
    kept = found.provenance[copied]
    pd.testing.assert_frame_equal(
        found.frame[copied].reset_index(drop=True),
        frame.iloc[kept["source_row"].astype(int)].reset_index(drop=True),
    )
    once = kept.loc[kept["origin"] == "kept", "source_row"].astype(int)
    assert sorted([*once, *found.dropped]) == list(range(len(frame)))


@pytest.mark.parametrize("strategy", ["smote", "random-over", "random-under", "enn"])
def test_other_frames_stay_what_they_are(strategy):
    frame = every_kind()
    arrow = pa.Table.from_pandas(frame, preserve_index=False)
    found = dataaudit.rebalance(arrow, label="y", strategy=strategy).frame
    assert found.schema.equals(arrow.schema)
    polars = pl.from_arrow(arrow)
    found = dataaudit.rebalance(polars, label="y", strategy=strategy).frame
    assert found.schema == polars.schema


def test_weights_of_a_frame():
    frame = numbers_only()
    found = dataaudit.rebalance(frame, label="y", strategy="weights")
    assert found.frame is frame
    assert np.allclose(found.weights[frame["y"] == 1], len(frame) / 2 / 30)
    assert np.isclose(found.weights.mean(), 1)


def test_a_path_needs_an_output(tmp_path):
    with pytest.raises(ConfigError, match="no output"):
        dataaudit.rebalance(str(tmp_path / "a.csv"), label="y")


def test_the_room_can_be_called_by_the_functions_name():
    import importlib

    room = importlib.import_module("dataaudit.rebalance")
    found = room(numbers_only(), label="y", strategy="random-under")
    assert found.frame["y"].value_counts().tolist() == [30, 30]


def test_durations_of_made_up_rows_are_those_of_a_parent():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"x": random.normal(size=200), "y": ["rare"] * 20 + ["common"] * 180})
    frame["took"] = pd.to_timedelta(random.integers(0, 10**6, 200), unit="s")
    found = dataaudit.rebalance(frame, label="y", strategy="smote", audit=False).frame
    assert found["took"].dtype == frame["took"].dtype
    assert set(found.loc[found["y"] == "rare", "took"]) <= set(frame.loc[frame["y"] == "rare", "took"])


# Between two of them there is another of their type; of all other columns a made-up row has a cell of its parents.
# Where the parents have few values, it is one of those.
OF_FEW_VALUES = {"sizes", "sparse"}
BETWEEN = {
    "pandas": {*OF_FEW_VALUES, "x", "Int16", "uint8", "float32", "stamp", "seconds", "money", "arrow int", "date"},
    "polars": {"x", "money", "stamp", "day", "UInt8", "Int128", "float32"},
    "pyarrow": {"x", "numbers", "money", "stamp", "nanoseconds", "day", "uint8", "float32"},
}


@pytest.mark.parametrize("library", MAKERS)
@pytest.mark.parametrize("strategy", ["smote", "adasyn", "smote-enn", "random-both"])
def test_every_type_stays_in_every_library(library, strategy):
    frame = MAKERS[library]()
    found = dataaudit.rebalance(frame, label="y", strategy=strategy)
    origins, parents = found.provenance["origin"], found.provenance["parent_rows"]
    assert type(found.frame) is type(frame)
    copied = np.flatnonzero(origins != "synthetic")
    rows = found.provenance["source_row"].iloc[copied].to_numpy(dtype=np.int64)
    assert is_same(_rows(found.frame, copied), _rows(frame, rows))
    made = np.flatnonzero(origins == "synthetic")
    names = frame.column_names if library == "pyarrow" else frame.columns
    for name in names:
        cells, known = column_list(found.frame, name), column_list(frame, name)
        if name not in BETWEEN[library]:
            assert all(cells[row] in {known[parent] for parent in parents[row]} for row in made), name
        elif strategy == "smote" and name not in OF_FEW_VALUES:
            assert any(cells[row] not in known for row in made), name


def _rows(frame, numbers):
    if isinstance(frame, pd.DataFrame):
        return frame.iloc[numbers].reset_index(drop=True)
    return frame[numbers] if isinstance(frame, pl.DataFrame) else frame.take(numbers)


def test_types_that_arrow_itself_takes_no_rows_of():
    rng = np.random.default_rng(0)
    texts = rng.choice(["a", "b"], 200).tolist()
    frame = pa.table(
        {
            "x": rng.normal(size=200),
            "view": pa.array(texts, pa.string_view()),
            "runs": pa.RunEndEncodedArray.from_arrays(pa.array([100, 200]), pa.array([1.5, 2.5])),
            "number": pa.array([bytes(row) for row in rng.integers(0, 255, (200, 16), dtype=np.uint8)], pa.uuid()),
            "y": ["rare"] * 40 + ["common"] * 160,
        }
    )
    found = dataaudit.rebalance(frame, label="y", strategy="smote")
    assert found.frame.schema == frame.schema
    made = np.flatnonzero(found.provenance["origin"] == "synthetic")
    assert set(found.frame["number"].take(made).to_pylist()) <= set(frame["number"][:40].to_pylist())


def test_categories_that_are_many_numbers_have_no_new_ones():
    frame = numbers_only().assign(level=pd.Categorical(np.arange(180) * 10, ordered=True))
    found = dataaudit.rebalance(frame, label="y", strategy="smote").frame
    assert found["level"].dtype == frame["level"].dtype
    assert found["level"].notna().all()


@pytest.mark.parametrize("dtype", ["float32", "float64"])
def test_prices_keep_their_two_decimals(dtype, tmp_path):
    rng = np.random.default_rng(0)
    frame = numbers_only(n_rare=60).assign(price=(rng.integers(100, 9999, 210) / 100).astype(dtype))
    path = tmp_path / "in.parquet"
    frame.to_parquet(path, index=False)
    dataaudit.rebalance(str(path), label="y", strategy="smote", output=tmp_path / "out", audit=False)
    files = pd.read_parquet(tmp_path / "out" / "train.parquet"), listed(tmp_path / "out", "provenance")
    frames = dataaudit.rebalance(frame, label="y", strategy="smote")
    for found, provenance in (files, (frames.frame, frames.provenance)):
        prices = found.loc[(provenance["origin"] == "synthetic").to_numpy(), "price"]
        assert prices.dtype == dtype
        assert len(set(prices) - set(frame["price"])) > 50
        assert all(len(str(price).partition(".")[2]) <= 2 for price in prices.to_numpy())


def test_durations_of_a_frame_are_written_so_that_they_can_be_read(tmp_path):
    frame = numbers_only().assign(took=pd.to_timedelta(np.arange(180) + 1, unit="us"))
    dataaudit.rebalance(frame, label="y", strategy="random-over", output=tmp_path / "out", audit=False)
    written = pd.read_parquet(tmp_path / "out" / "train.parquet")
    rows = listed(tmp_path / "out", "provenance")["source_row"].astype(int)
    assert pd.to_timedelta(written["took"]).tolist() == frame["took"].iloc[rows].tolist()


def test_sums_of_short_floats_hold_in_made_up_rows():
    rng = np.random.default_rng(0)
    parts = rng.integers(100, 9999, (2, 400)) / 100
    frame = pd.DataFrame({"a": parts[0], "b": parts[1], "total": parts.sum(axis=0).round(2)}, dtype="float32")
    frame["y"] = np.where(np.arange(400) % 5 == 0, "rare", "common")
    found = dataaudit.rebalance(frame, label="y", strategy="smote")
    made = found.frame[(found.provenance["origin"] == "synthetic").to_numpy()]
    off = made["total"].astype(float) - made["a"].astype(float) - made["b"].astype(float)
    assert off.abs().max() < 1e-4
