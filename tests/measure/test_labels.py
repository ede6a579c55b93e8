from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import SEEDS, mixed, present

from dataaudit.measure import sample


def label_frame(values, dtype=None):
    return pd.DataFrame({"x": np.arange(len(values)) * 0.5, "y": pd.Series(values, dtype=dtype)})


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_rows_per_class_and_split(measure, seed, task):
    splits = {"train": mixed(200, seed, task=task), "test": mixed(50, seed + 9, shift=1, task=task)}
    classes = measure(**splits).classes
    assert list(classes.classes) == sorted(splits["train"]["y"].dropna().unique())
    assert classes.n_rows == 250
    for split, frame in splits.items():
        assert classes.counts[split].tolist() == [(frame["y"] == name).sum() for name in classes.classes]
        assert classes.n_unlabelled[split] == frame["y"].isna().sum()
    shares = splits["train"]["y"].value_counts(normalize=True)
    assert classes.shares.tolist() == pytest.approx([shares[name] for name in classes.classes])


@pytest.mark.parametrize(
    ("values", "dtype", "names"),
    [
        ([True, False, True, True], "boolean", ("false", "true")),
        ([3, 10, 3, 10], "int64", ("3", "10")),
        ([1.0, 0.0, None, 1.0], "float64", ("0", "1")),
    ],
)
def test_classes_are_sorted_as_what_they_are(measure, values, dtype, names):
    classes = measure(label_frame(values * 5, dtype)).classes
    assert classes.classes == names
    assert classes.counts["train"].sum() + classes.n_unlabelled["train"] == 20


def test_a_class_of_another_split_only_has_no_training_row(measure):
    classes = measure(label_frame(["a", "b"] * 9), test=label_frame(["b", "c"] * 4)).classes
    assert classes.classes == ("a", "b", "c")
    assert classes.counts["train"].tolist() == [9, 9, 0]
    assert classes.counts["test"].tolist() == [0, 4, 4]


def test_fractions_as_classes(measure):
    classes = measure(label_frame([0.5, 1.0, 1e-5, 1e20] * 5), task="multiclass").classes
    assert classes.counts["train"].tolist() == [5, 5, 5, 5]


def test_a_split_without_the_label_has_no_counts(measure):
    classes = measure(label_frame(["a", "b"] * 9), test=label_frame(["a", "b"]).drop(columns="y")).classes
    assert set(classes.counts) == set(classes.n_unlabelled) == {"train"}


@pytest.mark.parametrize("seed", SEEDS)
def test_target_summary_against_numpy(measure, seed):
    splits = {
        "train": mixed(400, seed, task="regression"),
        "test": mixed(90, seed + 9, shift=1, task="regression"),
    }
    target = measure(**splits).target
    train = present(splits["train"]["y"])
    assert target.iqr_train == pytest.approx(np.subtract(*np.quantile(train, [0.75, 0.25])))
    for split, frame in splits.items():
        values = present(frame["y"])
        assert (target.minimum[split], target.maximum[split]) == (values.min(), values.max())
        assert target.mean[split] == pytest.approx(values.mean(), rel=1e-12)
        assert target.sd[split] == pytest.approx(values.std(ddof=1), rel=1e-12)
        assert target.n_unlabelled[split] == frame["y"].isna().sum()
        places = np.searchsorted(target.edges, values)
        assert target.counts[split].tolist() == np.bincount(places, minlength=len(target.edges) + 1).tolist()
        assert target.n_beyond_train[split] == ((values < train.min()).sum(), (values > train.max()).sum())
    assert target.n_beyond_train["train"] == (0, 0)


def test_target_of_a_sampled_table_counts_every_row(measure, monkeypatch):
    frame = mixed(500, task="regression")
    monkeypatch.setattr(sample, "MAX_CELLS", 500)
    facts = measure(frame)
    assert facts.sample.sampled
    assert facts.target.counts["train"].sum() == frame["y"].notna().sum()
    assert (facts.target.minimum["train"], facts.target.maximum["train"]) == (frame["y"].min(), frame["y"].max())
    assert facts.target.n_beyond_train["train"] == (0, 0)
