from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.dummy import DummyClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from tests.resplit.conftest import dealt_groups

from dataaudit import GroupedStratifiedFolds
from dataaudit.errors import ConfigError, InputError


@pytest.fixture
def data():
    rng = np.random.default_rng(0)
    return rng.normal(size=(300, 3)), (rng.random(300) < 0.2).astype(int), dealt_groups(300, 40, 0)


def test_scikit_learn_takes_it(data):
    x, y, groups = data
    folds = GroupedStratifiedFolds(n_splits=4)
    assert len(cross_val_score(LogisticRegression(), x, y, groups=groups, cv=folds)) == 4
    search = GridSearchCV(LogisticRegression(), {"C": [0.1, 1.0]}, cv=folds).fit(x, y, groups=groups)
    assert search.n_splits_ == folds.get_n_splits(x, y, groups) == 4
    assert (
        len(cross_val_score(DummyClassifier(), pd.DataFrame(x), pd.Series(y).map({0: "no", 1: "yes"}), cv=folds)) == 4
    )


def test_every_row_is_tested_once_and_groups_are_whole(data):
    x, y, groups = data
    tested = []
    for train, test in GroupedStratifiedFolds(5).split(x, y, groups):
        assert not set(groups[train]) & set(groups[test])
        assert sorted([*train, *test]) == list(range(300))
        tested += test.tolist()
    assert sorted(tested) == list(range(300))


def test_without_groups_classes_are_within_a_row(data):
    x, y, _ = data
    counts = [y[test].sum() for _, test in GroupedStratifiedFolds(7).split(x, y)]
    assert max(counts) - min(counts) <= 1


def test_several_columns_of_groups_link_rows(data):
    x, y, _ = data
    rng = np.random.default_rng(1)
    groups = pd.DataFrame({"a": rng.integers(0, 200, 300), "b": rng.integers(0, 500, 300)})
    for train, test in GroupedStratifiedFolds(3).split(x, y, groups):
        for column in groups:
            assert not set(groups[column].iloc[train]) & set(groups[column].iloc[test])


@pytest.mark.parametrize("frame", [False, True])
def test_equal_rows_stay_together(data, frame):
    x, y, _ = data
    doubled = np.vstack([x, x[:100]])
    labels = np.concatenate([y, y[:100]])
    given = pd.DataFrame(doubled).assign(word="a") if frame else doubled
    for train, test in GroupedStratifiedFolds(5).split(given, labels):
        assert not {tuple(row) for row in doubled[train]} & {tuple(row) for row in doubled[test]}
    apart = GroupedStratifiedFolds(5, keep_equal_rows=False).split(given, labels)
    assert any({tuple(row) for row in doubled[train]} & {tuple(row) for row in doubled[test]} for train, test in apart)


def test_a_target_of_numbers_is_cut_in_tenths(data):
    x, _, groups = data
    y = np.random.default_rng(2).lognormal(size=300)
    means = [np.log(y[test]).mean() for _, test in GroupedStratifiedFolds(3).split(x, y)]
    assert max(means) - min(means) < 0.1
    assert len(cross_val_score(LinearRegression(), x, y, groups=groups, cv=GroupedStratifiedFolds(3))) == 3


def test_the_random_state_decides(data):
    x, y, _ = data
    one, same, other = (
        [test.tolist() for _, test in GroupedStratifiedFolds(3, random_state=s).split(x, y)] for s in (1, 1, 2)
    )
    assert one == same != other


def test_what_makes_no_sense_is_said(data):
    x, y, _ = data
    with pytest.raises(ConfigError, match="two folds"):
        GroupedStratifiedFolds(1)
    with pytest.raises(InputError, match="too few for 5 folds"):
        next(GroupedStratifiedFolds(5).split(x, y, np.arange(300) % 3))
    with pytest.raises(InputError, match="groups has 10 rows"):
        next(GroupedStratifiedFolds(5).split(x, y, np.arange(10)))
