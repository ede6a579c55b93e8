"""The file of a row: counted in intervals of row numbers, explained as a loop over the rows has it."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from tests.measure.links.test_order import EXACT, best, labels_of
from tests.measure.small import SEEDS, mixed

from dataaudit.measure.links import files


@pytest.fixture
def measure_files(measure, tmp_path):
    """Return a function that writes frames as files of one split and measures them."""

    def measured(*frames, ending="parquet", **roles):
        paths = [tmp_path / f"{number}.{ending}" for number in range(len(frames))]
        for path, frame in zip(paths, frames, strict=True):
            frame.to_parquet(path) if ending == "parquet" else frame.to_csv(path, index=False)
        return measure(paths, **roles)

    return measured


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_files_against_the_loop(measure_files, seed, task):
    frame = mixed(150, seed, task=task).sort_values("y").reset_index(drop=True)
    cuts = [0, 20, 20, 90, 149, 150]
    facts = measure_files(*(frame.iloc[a:b] for a, b in itertools.pairwise(cuts)))
    found = facts.links.file_origins
    of_row, known = np.repeat(np.arange(5), np.diff(cuts)), frame["y"].notna().to_numpy()
    keys = of_row[known].tolist()
    assert found.association.explained == pytest.approx(best(keys, labels_of(facts, frame)), **EXACT)
    assert found.association.n_rows == known.sum()
    assert found.counts.sum(axis=1).tolist() == np.bincount(of_row[known], minlength=5).tolist()
    assert found.names == tuple(f"{number}.parquet" for number in range(5))
    if task == "multiclass":
        of_file = [frame.iloc[a:b]["y"].value_counts() for a, b in itertools.pairwise(cuts)]
        assert found.counts.tolist() == [[int(n.get(c, 0)) for c in facts.dataset.classes] for n in of_file]


@pytest.mark.parametrize("n_rows", [150, 21_000])
def test_in_memory_and_in_the_engine(measure_files, n_rows):
    frames = [pd.DataFrame({"x": 1.5, "y": name}, index=range(n_rows)) for name in ("b", "a")]
    found = measure_files(*frames, ending="csv").links.file_origins
    assert found.counts.tolist() == [[0, n_rows], [n_rows, 0]]
    assert found.association.explained > 0.99


def test_rows_of_a_split_column_come_from_the_files_they_lie_in(measure_files):
    frames = [pd.DataFrame({"x": 1.5, "y": name, "part": ["train", "train", "test"] * 30}) for name in ("a", "b")]
    found = measure_files(*frames, split_column="part").links.file_origins
    assert found.counts.tolist() == [[60, 0], [0, 60]]


def test_nothing_of_a_frame_of_one_file_and_of_too_many(measure, measure_files, monkeypatch):
    frame = mixed(90)
    assert measure(frame).links.file_origins is None
    assert measure_files(frame).links.file_origins is None
    parts = [frame.iloc[:30], frame.iloc[30:60], frame.iloc[60:]]
    assert len(measure_files(*parts).links.file_origins.names) == 3
    monkeypatch.setattr(files, "MAX_FILES", 2)
    assert measure_files(*parts).links.file_origins is None
    monkeypatch.setattr(files, "MAX_FILES", 3)
    monkeypatch.setattr(files, "MAX_COUNTS", 8)
    assert measure_files(*parts).links.file_origins is None


def test_as_many_files_as_rows_tell_nothing(measure_files):
    frame = mixed(40).dropna(subset="y")
    found = measure_files(*(frame.iloc[[i]] for i in range(len(frame)))).links.file_origins
    assert found.association.explained < 2 / len(frame)
    assert found.association.explained == pytest.approx(best(list(range(len(frame))), frame["y"].tolist()), **EXACT)
