"""RANGE003 target-beyond-training."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from tests.rules.builders import plain_splits, split_facts, target
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.measure.spread import target_gaps
from dataaudit.measure.spread.target_gaps import TargetGap
from dataaudit.model import Severity, Status, Task
from dataaudit.rules.extrapolation.target_beyond_training import TargetBeyondTraining

RULE = TargetBeyondTraining()


def target_facts(n_above: int, maximum: float, n_rows: int = 1000, n_train: int = 4000):
    return gap_facts(0, 0.0, n_rows, n_train, target=target(n_above, maximum, n_rows, n_train))


def gap_facts(n_between: int, width: float, n_rows: int = 1000, n_train: int = 4000, **given):
    """Return a target from 0 to 10, its quartiles 2 apart, with so many test rows in a gap that begins at 4."""
    gap = TargetGap("test", 4.0, 4.0 + width, n_between, n_rows, n_train)
    known = {"target": target(0, 9.0, n_rows, n_train), **given}
    spread = SimpleNamespace(target_gaps={"test": (gap,) if n_between else ()})
    return split_facts(task=Task.REGRESSION, spread=spread, **known)


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


def with_gap(n_between: int, low: float = 4.0, high: float = 6.0):
    """Return splits of which train has no target between two values, and test so many."""
    train, test = plain_splits(800, 400)
    random = np.random.default_rng(0)
    train["y"] = np.concatenate([random.uniform(0, low, 500), random.uniform(high, 10, 300)])
    test["y"] = np.concatenate(
        [random.uniform(low + 0.1, high - 0.1, n_between), random.choice(train["y"], 400 - n_between)]
    )
    return train, test


def test_flags_targets_in_a_gap_of_train():
    train, test = with_gap(40)
    [finding] = findings_of("RANGE003", train, test=test, task="regression")
    assert finding.severity is Severity.WARNING
    assert "train has no y; test has 40 rows (10 %) there. The gap is 0." in str(finding.message)
    assert str(finding.message.redacted()).startswith("Between ▮▮▮ and ▮▮▮ train has no y")
    [rows] = finding.rows
    assert (rows.numbers, rows.truncated) == (tuple(range(20)), True)


def test_a_gap_in_whole_numbers_is_seen():
    train, test = plain_splits(800, 400)
    random = np.random.default_rng(0)
    train["y"], test["y"] = random.choice([1.0, 2, 3, 6, 7, 8], 800), random.choice(np.arange(1.0, 9), 400)
    [finding] = findings_of("RANGE003", train, test=test, task="regression")
    assert "Between 3 and 6 train has no y" in str(finding.message)


@pytest.mark.parametrize(("width", "n_found"), [(0.49, 0), (0.5, 1)])
def test_boundary_of_the_width_of_a_gap(width, n_found):
    assert len(judge(RULE, gap_facts(40, width))) == n_found


@pytest.mark.parametrize(
    ("n_between", "width", "severity"),
    [
        (8, 3.0, 0),
        (9, 3.0, Severity.INFO),
        (9, 6.0, Severity.WARNING),
        (17, 1.5, Severity.WARNING),
        (100, 1.9, Severity.WARNING),
        (100, 2.0, Severity.ERROR),
    ],
)
def test_boundaries_of_chance_share_and_width_of_a_gap(n_between, width, severity):
    assert worst(judge(RULE, gap_facts(n_between, width))) == severity


def test_more_rows_in_a_gap_and_wider_ones_never_score_milder():
    for width in (1.5, 2.5, 8.0):
        assert never_falls(worst(judge(RULE, gap_facts(n, width))) for n in range(1, 500, 3))
    assert never_falls(worst(judge(RULE, gap_facts(90, 0.1 * n))) for n in range(1, 90))


def test_the_same_share_in_a_gap_scores_the_same_at_every_size():
    found = {worst(judge(RULE, gap_facts(round(0.12 * n), 3.0, n, 4 * n))) for n in (300, 30_000, 3_000_000)}
    assert found == {Severity.ERROR}


def test_random_splits_rarely_have_a_gap():
    """Whatever the tail: of 300 random splits of 150 rows at most 1 % are flagged for a gap."""
    random = np.random.default_rng(0)
    n_loud = 0
    for values in (*random.standard_cauchy((150, 150)), *random.poisson(3, (150, 150)).astype(float)):
        train, test = np.unique(values[:100]), values[100:]
        fullest = target_gaps._fullest(train, test)
        gaps = [
            TargetGap("test", train[i - 1], train[i], int(((test > train[i - 1]) & (test < train[i])).sum()), 50, 100)
            for i in fullest
        ]
        spread = SimpleNamespace(target_gaps={"test": tuple(gaps)})
        facts = gap_facts(0, 0.0, 50, 100)
        facts.spread = spread
        n_loud += bool(judge(RULE, facts))
    assert n_loud <= 3
