"""facts.shifts.powers."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import mixed

from dataaudit.measure.shifts import detectable
from dataaudit.measure.shifts.power import measure_powers


def of_classes(**counts: int) -> pd.DataFrame:
    names = [name for name, n in counts.items() for _ in range(n)]
    return pd.DataFrame({"x": np.arange(len(names)) % 17 / 2, "y": names})


def test_classes_of_train_and_of_the_split_are_told_with_their_rows(measure):
    facts = measure(of_classes(ant=300, bee=40), test=of_classes(ant=90, cat=10))
    [power] = facts.shifts.powers.values()
    assert (power.split, power.n_folds, power.n_rows, power.n_rows_rarest_per_fold) == ("test", None, 100, None)
    assert (power.classes, power.n_rows_by_class) == (("ant", "bee", "cat"), (90, 0, 10))
    assert power.recall_half_width_by_class == tuple(detectable.half_width(n) for n in (90, 0, 10))
    assert power.accuracy_half_width == power.accuracy_half_width_no_skill == detectable.half_width(100)
    assert power.auc_half_width == detectable.macro_auc_half_width((90, 10))
    assert power.smallest_difference_recall_by_class[1] == 1.0
    assert power.n_rows_for_difference[0.02] == 1960
    assert power.r2_half_width is power.error_half_width is power.smallest_difference_error is None


def test_every_labelled_split_is_told_and_one_without_labels_is_not(measure):
    train, validation = of_classes(ant=60, bee=40), of_classes(ant=30, bee=30)
    facts = measure(train, validation=validation, test=validation.drop(columns="y"))
    assert list(facts.shifts.powers) == ["validation"]


@pytest.mark.parametrize("test", [None, of_classes(ant=20, bee=5).drop(columns="y")])
def test_train_is_cut_in_folds_where_there_is_no_test(measure, test):
    [power] = measure(of_classes(ant=60, bee=43), test=test).shifts.powers.values()
    assert (power.split, power.n_folds, power.n_rows, power.n_rows_rarest_per_fold) == ("train", 5, 103, 8)


def test_of_a_numeric_target_the_rows_count(measure):
    facts = measure(mixed(300, task="regression"), test=mixed(200, 1, task="regression"), task="regression")
    [power] = facts.shifts.powers.values()
    assert 180 < power.n_rows < 200
    assert power.r2_half_width == detectable.r2_half_width(power.n_rows)
    assert power.n_rows_for_difference[0.02] == detectable.rows_for_difference_of_errors(0.02)
    assert (power.classes, power.accuracy_half_width, power.auc_half_width) == ((), None, None)


def test_without_a_label_nothing_is_told():
    assert measure_powers(SimpleNamespace(info=SimpleNamespace(label=None))) == {}


def test_the_difference_of_areas_is_told_of_classes_only(measure):
    facts = measure(of_classes(ant=300, bee=40), test=of_classes(ant=90, bee=10))
    assert facts.shifts.powers["test"].smallest_difference_auc == detectable.smallest_difference_of_aucs((90, 10))
