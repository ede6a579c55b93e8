"""RANGE003 target-beyond-training."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rules.builders import plain_splits, split_facts, target
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.model import Severity, Status, Task
from dataaudit.rules.extrapolation.target_beyond_training import TargetBeyondTraining

RULE = TargetBeyondTraining()


def target_facts(n_above: int, maximum: float, n_rows: int = 1000, n_train: int = 4000):
    return split_facts(task=Task.REGRESSION, target=target(n_above, maximum, n_rows, n_train))


def with_prices(n_dear: int, price: float = 20.0):
    """Return splits whose training targets lie from 0 to 10, with so many dearer ones in test."""
    train, test = plain_splits(800, 400)
    train["y"] = np.linspace(0, 10, 800)
    test["y"] = np.linspace(1, 9, 400)
    test.loc[: n_dear - 1, "y"] = np.linspace(11, price, n_dear)
    return train, test


def test_flags_targets_beyond_train():
    train, test = with_prices(40)
    [finding] = findings_of("RANGE003", train, test=test, task="regression")
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("y",)
    assert (
        "In y, test has 40 rows (10 %) above 10, the largest in train: up to 20, 2 interquartile ranges beyond"
        in str(finding.message)
    )


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_random_splits_of_100_rows(seed):
    train, test = plain_splits(60, 40, seed)
    train["y"], test["y"] = train["income"], test["income"]
    assert not findings_of("RANGE003", train, test=test, task="regression")


def test_is_silent_on_two_rows_of_a_million_however_far():
    assert not judge(RULE, target_facts(2, 1e9, 1_000_000, 4_000_000))


@pytest.mark.parametrize(("n_above", "n_found"), [(3, 0), (4, 1)])
def test_boundary_of_chance(n_above, n_found):
    assert len(judge(RULE, target_facts(n_above, 10.1))) == n_found


@pytest.mark.parametrize(
    ("n_above", "maximum", "severity"),
    [
        (6, 15.9, Severity.INFO),
        (6, 16.0, Severity.WARNING),
        (16, 10.1, Severity.INFO),
        (17, 10.1, Severity.WARNING),
        (100, 11.9, Severity.WARNING),
        (100, 12.0, Severity.ERROR),
    ],
)
def test_boundaries_of_share_and_distance(n_above, maximum, severity):
    assert worst(judge(RULE, target_facts(n_above, maximum))) == severity


def test_more_rows_outside_never_score_milder():
    steps = [worst(judge(RULE, target_facts(n, 12.5))) for n in range(0, 1001, 4)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_dearer_rows_in_a_real_table_never_score_milder():
    steps = []
    for n_dear in (0, 1, 4, 12, 60, 200):
        train, test = with_prices(n_dear)
        steps.append(worst(findings_of("RANGE003", train, test=test, task="regression")))
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_is_skipped_for_classes_and_without_targets():
    train, test = plain_splits(100, 50)
    [check] = audit(train, test=test, label="y", select=["RANGE003"]).checks
    assert check.status is Status.SKIPPED
    train, test = with_prices(5)
    options = {"label": "y", "task": "regression", "select": ["RANGE003"]}
    [check] = audit(train, test=test.drop(columns="y"), **options).checks
    assert (check.status, check.reason) == (Status.SKIPPED, "no other split has labels")
