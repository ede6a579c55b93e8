from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import mixed

from dataaudit.errors import NotMeasurable
from dataaudit.measure import ablation, forest


def table(n_rows=400, seed=0, task="binary"):
    """Return `twin`, which says the label, `helper`, which says it with noise, and a random column."""
    rng = np.random.default_rng(seed)
    target = rng.normal(size=n_rows)
    label = target if task == "regression" else np.where(target > 0, "yes", "no")
    columns = {"twin": target, "helper": target + rng.normal(0, 0.3, n_rows), "noise": rng.normal(size=n_rows)}
    return pd.DataFrame(columns).assign(y=label)


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_other_features_that_say_the_label_are_found(measure, task):
    facts = measure(table(task=task))
    found = facts.ablation("helper")
    assert found.column == "helper"
    assert found.explained == facts.associations["helper"].explained
    assert found.others_explained > 0.9
    assert found.n_rows == 400


def test_the_order_of_the_columns_does_not_show(measure):
    frame = mixed(200)
    turned = frame[frame.columns[::-1]]
    found, again = (measure(rows).ablation("measure").others_explained for rows in (frame, turned))
    assert again == pytest.approx(found), "the trees' threads may add in another order, no more"


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_other_features_that_say_nothing_explain_nothing(measure, task):
    found = measure(table(task=task).drop(columns="helper")).ablation("twin")
    assert found.others_explained < 0.1
    assert found.explained > 0.8


def test_every_kind_of_column_is_told(measure):
    frame = mixed(300, task="binary").drop(columns="measure")
    frame["cue"] = np.where(frame["y"] == "yes", "a", "b")
    assert measure(frame.assign(other=1.0)).ablation("other").others_explained > 0.9


def test_rows_without_a_label_are_left_out(measure):
    frame = table()
    frame.loc[:99, "y"] = None
    assert measure(frame).ablation("twin").n_rows == 300


def test_the_model_sees_a_bounded_sample(measure, monkeypatch):
    monkeypatch.setattr(ablation, "MAX_ROWS", 150)
    facts = measure(table(600))
    found = facts.ablation("twin")
    assert found.sampled
    assert 100 < found.n_rows < 200
    again = measure(table(600)).ablation("twin")
    assert again.n_rows == found.n_rows
    assert again.others_explained == pytest.approx(found.others_explained)


def test_the_model_sees_a_bounded_number_of_features(measure, monkeypatch):
    monkeypatch.setattr(forest, "MAX_FEATURES", 1)
    assert measure(table()).ablation("helper").others_explained < 0.1


def test_nothing_to_compare_with(measure):
    facts = measure(table()[["twin", "y"]])
    with pytest.raises(NotMeasurable, match="no other feature"):
        facts.ablation("twin")


def test_too_few_rows_per_class(measure):
    frame = table(40).assign(y=["yes"] * 38 + ["no"] * 2)
    with pytest.raises(NotMeasurable, match="too few rows per class"):
        measure(frame).ablation("twin")


@pytest.mark.parametrize("task", ["binary", "regression"])
def test_large_numbers_that_single_precision_runs_together(measure, task):
    frame = table(task=task).assign(
        helper=lambda rows: 1e17 + rows["helper"] * 1e3, twin=lambda rows: rows["twin"] * 1e300
    )
    found = measure(frame).ablation("twin")
    assert found.others_explained > 0.7
