"""LEAK007 imputer-fitted-on-all-rows."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.impute import SimpleImputer
from tests.rules.builders import columns_of, dealt, plain_splits, split_facts
from tests.rules.frames import findings_of, folded, judge, never_falls, worst

from dataaudit.measure.preparation.imputation import Imputation
from dataaudit.model import Severity
from dataaudit.rules.leakage.imputer_fitted_on_all_rows import ImputerFittedOnAllRows

RULE = ImputerFittedOnAllRows()
X = ["smooth", "tenths", "whole", "flag"]


def with_gaps(share: float, n_rows: int = 600, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "smooth": random.gamma(3, 10, n_rows),
            "tenths": random.gamma(3, 10, n_rows).round(1),
            "whole": random.poisson(30, n_rows).astype(float),
            "flag": (random.random(n_rows) < 0.3).astype(float),
        }
    ).mask(random.random((n_rows, len(X))) < share)
    return table.assign(y=random.permutation(np.resize(["cat", "dog"], n_rows)))


def filled_before(share: float, strategy: str = "mean", seed: int = 0):
    table = with_gaps(share, seed=seed)
    table[X] = SimpleImputer(strategy=strategy).fit_transform(table[X])
    return dealt(table, 180, seed)


def filled_after(share: float, strategy: str = "mean", seed: int = 0):
    train, test = dealt(with_gaps(share, seed=seed), 180, seed)
    imputer = SimpleImputer(strategy=strategy).fit(train[X])
    for split in (train, test):
        split[X] = imputer.transform(split[X])
    return train, test


def imputation(column: str = "x", **given) -> Imputation:
    known = {
        "method": "mean",
        "splits": ("train", "test"),
        "value": 5.0,
        "fitted": 5.0,
        "fitted_train": 5.5,
        "n_cells": {"train": 10, "test": 5},
        "n_rows": {"train": 700, "test": 300},
        "tolerance": 1e-8,
        "grid": "off",
        "n_sample": 10,
        "n_neighbour": 1,
        "numbers": {"train": (3, 7), "test": (1,)},
    }
    return Imputation(column, **{**known, **given})


def found(*imputations: Imputation):
    return split_facts(preparation=SimpleNamespace(imputations=imputations))


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
def test_flags_every_column_filled_with_the_mean_of_all_rows(share):
    train, test = filled_before(share)
    findings = findings_of("LEAK007", train, test=test)
    assert {finding.severity for finding in findings} == {Severity.ERROR}
    assert columns_of(findings) == set(X)


def test_names_the_cells():
    train, test = filled_before(0.02)
    finding = next(f for f in findings_of("LEAK007", train, test=test) if f.columns == ("tenths",))
    value = float(finding.evidence["value"].value)
    for rows in finding.rows:
        frame = {"train": train, "test": test}[rows.split]
        places = np.flatnonzero(np.abs(frame["tenths"] - value) < 1e-9)
        assert rows.numbers == tuple(places[:20])
    assert finding.evidence["n_cells"]["train"] == int((np.abs(train["tenths"] - value) < 1e-9).sum())
    assert "the mean over train and test together and not that of train alone" in str(finding.message)
    assert str(value)[:5] not in str(finding.message.redacted())


def test_flags_columns_standardised_on_the_same_rows_afterwards():
    table = with_gaps(0.1)
    table[X] = table[X].fillna(table[X].mean())
    table[X] = (table[X] - table[X].mean()) / table[X].std()
    train, test = dealt(table, 180)
    assert {"smooth", "tenths"} <= columns_of(findings_of("LEAK007", train, test=test))


def test_flags_single_precision():
    train, test = filled_before(0.1)
    kinds = dict.fromkeys(X, "float32")
    assert columns_of(findings_of("LEAK007", train.astype(kinds), test=test.astype(kinds))) == set(X)


def test_names_the_splits_that_were_filled_together():
    train, test = filled_before(0.1)
    other = with_gaps(0.0, 100, seed=5)
    findings = findings_of("LEAK007", train, test=test, validation=other)
    assert {finding.splits for finding in findings} == {("train", "test")}


def test_a_median_is_an_info():
    """Whether it shows depends on the rows: of these splits it does in some."""
    levels = {
        finding.severity for seed in range(10) for finding in findings_of_splits(filled_before(0.1, "median", seed))
    }
    assert levels == {Severity.INFO}


def findings_of_splits(splits):
    train, test = splits
    return findings_of("LEAK007", train, test=test)


@pytest.mark.parametrize("strategy", ["mean", "median", "most_frequent"])
@pytest.mark.parametrize("seed", range(4))
def test_is_no_more_than_an_info_where_the_imputer_was_fitted_on_train(strategy, seed):
    assert worst(findings_of_splits(filled_after(0.1, strategy, seed))) <= Severity.INFO


@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_plain_tables(seed):
    assert not findings_of_splits(plain_splits(300, 100, seed))


def test_is_silent_on_a_mean_that_is_a_value_of_the_column_by_nature():
    """Ones and minus ones balance, and every fifth row is zero; whole numbers, halves, and hours on a circle."""
    random = np.random.default_rng(0)
    hours = np.resize(np.arange(24), 480)
    table = pd.DataFrame(
        {
            "change": np.resize([0.0, -1.0, 1.0, 0.0, 0.0], 480),
            "halves": np.resize([-1.5, -0.5, 0.0, 0.0, 0.5, 1.5], 480),
            "sine": np.sin(2 * np.pi * hours / 24).round(12),
            "tenths": np.resize([0.1, 0.2, 0.3], 480),
            "y": np.resize([0, 1], 480),
        }
    )
    for seed in range(10):
        assert not findings_of_splits(dealt(table.iloc[random.permutation(480)], 144, seed))


@pytest.mark.parametrize(("n_cells", "n_found"), [(1, 0), (2, 1)])
def test_boundary_of_the_cells(n_cells, n_found):
    assert len(judge(RULE, found(imputation(n_cells={"train": n_cells, "test": 0})))) == n_found


@pytest.mark.parametrize(("fitted_train", "n_found"), [(5.75, 0), (5.7501, 1)])
def test_boundary_of_the_mean_of_train(fitted_train, n_found):
    rule = replace(RULE, train_factor=3.0)
    assert len(judge(rule, found(imputation(fitted_train=fitted_train, tolerance=0.25)))) == n_found


@pytest.mark.parametrize(
    ("grid", "n_sample", "n_neighbour", "n_found"),
    [("off", 2, 9, 1), ("on", 99, 1, 0), ("none", 44, 9, 0), ("none", 45, 9, 1), ("none", 2, 2, 0), ("none", 2, 1, 1)],
)
def test_boundaries_of_sticking_out(grid, n_sample, n_neighbour, n_found):
    facts = found(imputation(grid=grid, n_sample=n_sample, n_neighbour=n_neighbour))
    assert len(judge(RULE, facts)) == n_found


@pytest.mark.parametrize(
    ("n_sample", "fitted", "fitted_train", "n_found"), [(5, 0, 2, 1), (4, 0, 2, 0), (5, 1, 2, 0), (5, 0, 0, 0)]
)
def test_boundaries_of_a_median(n_sample, fitted, fitted_train, n_found):
    given = imputation(method="median", n_sample=n_sample, fitted=fitted, fitted_train=fitted_train)
    findings = judge(RULE, found(given))
    assert len(findings) == n_found
    assert worst(findings) <= Severity.INFO


def test_a_mean_is_told_rather_than_a_median_of_the_same_column():
    median = imputation(method="median", fitted=0, fitted_train=3)
    [finding] = judge(RULE, found(median, imputation()))
    assert finding.severity is Severity.ERROR


def test_many_columns_are_folded():
    findings = judge(RULE, found(*(imputation(f"x{i}") for i in range(60))))
    assert len(findings) == 51
    assert folded(findings).evidence["n_columns"] == 10


def test_more_filled_cells_never_score_milder():
    steps = [worst(findings_of_splits(filled_before(share))) for share in (0.0, 0.01, 0.1, 0.4, 0.8)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_says_why_its_impact_is_not_measured():
    train, test = filled_before(0.1)
    findings = findings_of("LEAK007", train, test=test, measure_impact=True)
    told = " Its impact was not measured: the data before the preparation are not there."
    assert findings
    assert all(str(finding.message).endswith(told) for finding in findings)
    assert not any("impact" in str(finding.message) for finding in findings_of("LEAK007", train, test=test))
