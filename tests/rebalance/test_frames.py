from __future__ import annotations

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.rebalance.tables import every_kind, numbers_only

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
