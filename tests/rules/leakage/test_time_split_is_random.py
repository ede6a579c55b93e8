"""LEAK011 time-split-is-random."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import dealt, split_facts
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.measure.time_order import TimeOrder
from dataaudit.model import Kind, Severity, Task
from dataaudit.rules.leakage.time_split_is_random import TimeSplitIsRandom

RULE = TimeSplitIsRandom()
ORDER = TimeOrder("at", "test", 0.5, 0.45, 0.55, 0.8, 0.7, 200, 200, 3600.0, 200, 800)


def series(n_rows: int = 900, memory: float = 0.97, seed: int = 0, task: str = "regression") -> pd.DataFrame:
    """Return an autoregressive series by the hour: of its label so much is that of the hour before."""
    random = np.random.default_rng(seed)
    shocks = random.normal(size=n_rows) * np.sqrt(1 - memory**2)
    value = np.zeros(n_rows)
    for i in range(1, n_rows):
        value[i] = memory * value[i - 1] + shocks[i]
    at = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(n_rows), unit="h")
    y = value if task == "regression" else np.where(value > np.median(value), "high", "low")
    return pd.DataFrame({"at": at, "x": random.normal(size=n_rows), "y": y})


def found_in(splits, **options):
    train, test = splits
    return findings_of("LEAK011", train, test=test, **options)


def found(order: TimeOrder, task: Task = Task.REGRESSION, **given):
    facts = split_facts({"at": Kind.DATETIME}, task=task, time_orders={order.column: {order.split: order}})
    facts.time_mode = given.get("time_mode", "chronological")
    return facts


@pytest.mark.parametrize("task", ["regression", "binary"])
def test_flags_a_random_split_of_a_series(task):
    [finding] = found_in(dealt(series(task=task), 250))
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("at",)
    assert 0.4 < finding.evidence["auc_lower"] < finding.evidence["auc_upper"] < 0.6
    assert finding.evidence["agreement"] > finding.evidence["agreement_lower"] > 0.5
    assert "1 hour away" in str(finding.message)
    assert "--time at" in str(finding.fix)


@pytest.mark.parametrize("task", ["regression", "binary"])
def test_is_silent_on_a_chronological_split(task):
    frame = series(task=task)
    assert not found_in((frame[:650], frame[650:]))


@pytest.mark.parametrize("task", ["regression", "binary"])
@pytest.mark.parametrize("seed", range(3))
def test_is_silent_where_labels_do_not_depend_on_time(task, seed):
    frame = series(task=task, seed=seed)
    frame["y"] = np.random.default_rng(seed).permutation(frame["y"])
    assert not found_in(dealt(frame, 250, seed))


def test_is_silent_on_labels_sorted_in_the_file_by_coarse_days():
    """Rows of one day are paired at random: in file order both splits would be sorted by the label within it."""
    frame = series(1200, task="binary")
    frame["y"] = np.sort(np.random.default_rng(0).choice(["a", "b"], 1200))
    frame["at"] = np.random.default_rng(1).choice(pd.date_range("2024-01-01", periods=40), 1200)
    train, test = dealt(frame, 300)
    assert not found_in((train.sort_values("y"), test.sort_values("y")))


@pytest.mark.parametrize("n_test", [5, 29])
def test_is_silent_on_few_rows(n_test):
    assert not found_in(dealt(series(), n_test))


def test_is_silent_without_labels_or_dates():
    train, test = dealt(series(), 250)
    assert not found_in((train, test.drop(columns="y")))
    assert not found_in((train.drop(columns="at"), test.drop(columns="at")))


def test_a_declared_time_is_left_to_the_rule_on_overlap_unless_random_is_meant():
    splits = dealt(series(), 250)
    assert not found_in(splits, time="at")
    assert worst(findings_of("LEAK004", splits[0], test=splits[1], time="at")) == Severity.ERROR
    [finding] = found_in(splits, time="at", time_mode="random")
    assert finding.severity is Severity.WARNING


def test_a_declared_number_is_a_time_too():
    frame = series().assign(at=range(900))
    [finding] = found_in(dealt(frame, 250), time="at", time_mode="random")
    assert ", 1 away:" in str(finding.message)
    assert not found_in(dealt(frame, 250))


def test_dates_of_birth_are_no_times():
    assert not found_in(dealt(series().rename(columns={"at": "birth_date"}), 250))


def test_of_several_dates_the_one_that_tells_most_is_named():
    frame = series()
    frame["noted"] = np.random.default_rng(0).permutation(frame["at"])
    [finding] = found_in(dealt(frame, 250))
    assert finding.columns == ("at",)


@pytest.mark.parametrize(("lower", "n_found"), [(0.5, 0), (0.501, 1)])
def test_boundary_of_the_agreement(lower, n_found):
    assert len(judge(RULE, found(replace(ORDER, agreement_lower=lower)))) == n_found


@pytest.mark.parametrize(
    ("lower", "upper", "n_found"), [(0.301, 0.699, 1), (0.3, 0.5, 0), (0.5, 0.7, 0), (0.8, 0.9, 0), (0.1, 0.2, 0)]
)
def test_boundary_of_the_order(lower, upper, n_found):
    assert len(judge(RULE, found(replace(ORDER, auc_lower=lower, auc_upper=upper)))) == n_found


@pytest.mark.parametrize(("n_pairs", "n_found"), [(29, 0), (30, 1)])
def test_boundary_of_the_rows(n_pairs, n_found):
    assert len(judge(RULE, found(replace(ORDER, n_pairs=n_pairs)))) == n_found


def test_more_memory_never_scores_milder():
    steps = [worst(found_in(dealt(series(memory=memory), 250))) for memory in (0.0, 0.5, 0.9, 0.99)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_words_for_classes():
    [finding] = judge(RULE, found(ORDER, Task.BINARY))
    assert "agreement beyond chance (kappa) 0.8, at least 0.7" in str(finding.message)


@pytest.mark.parametrize("options", [{}, {"time": "at", "time_mode": "random"}])
def test_measures_what_the_random_split_costs(options):
    frame = series().assign(hour=range(900))
    [finding] = found_in(dealt(frame, 250), measure_impact=True, **options)
    assert finding.evidence["impact_change_lower"] > 0
    assert "Measured: a plain model's R²" in str(finding.message)
    [plain] = found_in(dealt(frame, 250), **options)
    assert "impact_change" not in plain.evidence


def test_measures_it_by_a_declared_number_too():
    frame = series().assign(at=range(900), hour=range(900))
    [finding] = found_in(dealt(frame, 250), measure_impact=True, time="at", time_mode="random")
    assert finding.evidence["impact_change_lower"] > 0
