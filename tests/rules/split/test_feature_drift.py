"""SPLIT002 feature-drift."""

from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, class_table, columns_of, drift, plain_splits, split_facts
from tests.rules.frames import findings_of, judge, never_falls, numeric_profile, worst

from dataaudit.figures import Bars, Histogram
from dataaudit.model import Severity
from dataaudit.rules.split.feature_drift import FeatureDrift


def drift_facts(*drifts):
    profiles = {split: {one.column: numeric_profile(one.column) for one in drifts} for split in ("train", "test")}
    return split_facts(drifts={"test": {one.column: one for one in drifts}}, profiles=profiles)


def shifted(shift: float, n_train: int = 1000, n_test: int = 500):
    """Return splits whose `length` (standard deviation 2) is shifted in test."""
    train, test = plain_splits(n_train, n_test)
    return train, test.assign(length=test["length"] + shift)


def test_flags_a_shifted_number_with_a_histogram():
    train, test = shifted(1.6)
    [finding] = findings_of("SPLIT002", train, test=test)
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("length",)
    assert "length is distributed otherwise in test than in train: the two curves are up to 0.3" in str(finding.message)
    assert isinstance(finding.figure, Histogram)
    assert len(set(np.diff(finding.figure.edges).round(9))) == 1
    assert all(sum(shares) == pytest.approx(1) for shares in finding.figure.series.values())


def test_flags_a_changed_category_with_bars_and_names_it():
    train, test = plain_splits(1000, 500)
    test.loc[:199, "colour"] = "red"
    [finding] = findings_of("SPLIT002", train, test=test)
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("colour",)
    assert "; red makes up 2" in str(finding.message)
    assert isinstance(finding.figure, Bars)
    assert set(finding.figure.categories) == {"red", "green", "blue", "grey"}


def test_flags_moved_times():
    train, test = plain_splits(300, 200)
    train["seen"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.arange(300), unit="D")
    test["seen"] = pd.Timestamp("2023-06-01") + pd.to_timedelta(np.arange(200), unit="D")
    [finding] = findings_of("SPLIT002", train, test=test)
    assert finding.columns == ("seen",)
    assert finding.figure.is_time


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_a_random_split_of_100_rows(seed):
    train, test = plain_splits(60, 40, seed)
    assert not findings_of("SPLIT002", train, test=test)


def test_is_silent_on_a_random_split_of_many_rare_values():
    """Most of the 2,000 streets of a random split stand on one side only."""
    train, test = plain_splits(4000, 2000)
    for frame in (train, test):
        frame["street"] = np.random.default_rng(len(frame)).integers(0, 3000, len(frame)).astype(str)
        frame["street"] += " street"
    assert not findings_of("SPLIT002", train, test=test)


def test_is_silent_on_a_million_rows_however_sure_a_small_drift_is():
    assert not judge(FeatureDrift(), drift_facts(drift(0.01, 0.0, 0.008)))


@pytest.mark.parametrize(
    ("effect", "lower", "severity"),
    [(0.0999, 0.0, 0), (0.1, 0.0, Severity.WARNING), (0.1999, 0.0999, Severity.WARNING), (0.2, 0.0, Severity.ERROR)],
)
def test_boundaries_of_the_distance(effect, lower, severity):
    assert worst(judge(FeatureDrift(), drift_facts(drift(effect, 0.0, lower)))) == severity


@pytest.mark.parametrize("lower", [0.0, 0.0999, 0.1, 0.15])
def test_how_sure_a_distance_is_makes_it_no_worse(lower):
    assert worst(judge(FeatureDrift(), drift_facts(drift(0.15, 0.0, lower)))) == Severity.WARNING


@pytest.mark.parametrize(("p_value", "n_found"), [(0.00049, 1), (0.0005, 0)])
def test_boundary_of_chance_counts_the_columns(p_value, n_found):
    calm = [drift(0.05, 0.9, column=f"calm{i}") for i in range(9)]
    assert len(judge(FeatureDrift(), drift_facts(drift(0.3, p_value), *calm))) == n_found


def test_a_wider_shift_never_scores_milder():
    steps = []
    for shift in (0.0, 0.2, 0.5, 0.8, 1.2, 2.0, 20.0):
        train, test = shifted(shift)
        steps.append(worst(findings_of("SPLIT002", train, test=test)))
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_identifiers_and_times_are_not_judged():
    train, test = plain_splits(200, 100)
    train["key"], test["key"] = range(200), range(200, 300)
    train["at"], test["at"] = range(200), range(200, 300)
    assert not findings_of("SPLIT002", train, test=test, id="key", time="at")


def with_classes(label_effect, *pairs, p_value=0.0):
    """Return facts of columns given as (distance, distance with the classes alike, rows with a class)."""
    facts = drift_facts(*(drift(effect, column=f"c{i}") for i, (effect, _, _) in enumerate(pairs)))
    facts.label_drifts = {"test": drift(label_effect, p_value, column="y", measure="tv")}
    facts.shifts.matched_drifts = {
        "test": {
            f"c{i}": dataclasses.replace(drift(matched, column=f"c{i}"), n_other=n_rows)
            for i, (_, matched, n_rows) in enumerate(pairs)
        }
    }
    return facts


def test_what_the_classes_explain_is_one_info():
    found = judge(FeatureDrift(), with_classes(0.4, (0.3, 0.05, MILLION), (0.25, 0.0999, MILLION), (0.3, 0.2, MILLION)))
    assert [(finding.severity, finding.columns) for finding in found] == [
        (Severity.INFO, ()),
        (Severity.ERROR, ("c2",)),
    ]
    assert found[0].evidence["columns"] == ["c0", "c1"]
    assert "2 features differ between train and test no further than the classes do: c0 and c1" in str(found[0].message)
    assert "0.2 apart once the classes are equally common in both." in str(found[1].message)


def test_the_smaller_distance_counts():
    [finding] = judge(FeatureDrift(), with_classes(0.4, (0.3, 0.15, MILLION)))
    assert (finding.severity, finding.evidence["distance_with_classes_alike"]) == (Severity.WARNING, 0.15)


@pytest.mark.parametrize(("label_effect", "p_value"), [(0.0999, 0.0), (0.4, 0.005)])
def test_classes_that_are_alike_explain_nothing(label_effect, p_value):
    [finding] = judge(FeatureDrift(), with_classes(label_effect, (0.3, 0.05, MILLION), p_value=p_value))
    assert finding.severity is Severity.ERROR


def test_few_rows_with_a_class_explain_nothing():
    [finding] = judge(FeatureDrift(), with_classes(0.4, (0.3, 0.05, MILLION // 2 - 1)))
    assert finding.severity is Severity.ERROR


def test_a_training_set_balanced_on_purpose_drifts_in_no_feature():
    random = np.random.default_rng(0)
    labels = {"train": np.repeat(["no", "yes"], 500), "test": np.repeat(["no", "yes"], [900, 100])}
    frames = {
        split: pd.DataFrame(
            {"y": y, "x": random.normal(3 * (y == "yes"), 1), "moved": random.normal(split == "test", 1, 1000)}
        )
        for split, y in labels.items()
    }
    found = findings_of("SPLIT002", frames["train"], test=frames["test"])
    assert [(finding.severity, finding.columns) for finding in found] == [
        (Severity.ERROR, ("moved",)),
        (Severity.INFO, ()),
    ]
    assert found[1].evidence["columns"] == ["x"]


def rare_facts(n_train, n_test, size=100_000):
    facts = drift_facts(drift(0.01, 0.5, column="city", measure="tv"))
    facts.tables = {
        "city": class_table("city", {"Bonn": [size - n_train], "Lyon": [n_train]}, test=[[size - n_test], [n_test]])
    }
    return facts


@pytest.mark.parametrize(
    ("n_train", "n_test", "n_found"),
    [(200, 800, 1), (200, 799, 0), (800, 200, 1), (2, 40, 1), (0, 16, 1), (5, 20, 0), (1, 9, 0)],
)
def test_boundaries_of_a_rare_category(n_train, n_test, n_found):
    """Four times as common or as rare, however rare; surely by half at least."""
    found = judge(FeatureDrift(), rare_facts(n_train, n_test))
    assert [finding.severity for finding in found] == [Severity.WARNING] * n_found
    assert all(
        "Lyon makes up" in str(finding.message) and "Lyon" not in str(finding.message.redacted()) for finding in found
    )


def test_random_splits_with_rare_categories_are_rarely_flagged():
    random = np.random.default_rng(0)
    loud = 0
    for _ in range(500):
        counts = np.array([5, 9, 20, 40, 60, 866])
        test = random.multivariate_hypergeometric(counts, 300)
        facts = rare_facts(0, 0)
        rows = {name: [n] for name, n in zip("abcdef", (counts - test).tolist(), strict=True)}
        facts.tables = {"city": class_table("city", rows, test=[[n] for n in test.tolist()])}
        loud += bool(judge(FeatureDrift(), facts))
    assert loud <= 5


def test_a_category_fifty_times_as_common_is_told_of_a_million_rows():
    [finding] = judge(FeatureDrift(), rare_facts(100, 5000, MILLION))
    assert finding.severity is Severity.WARNING
    assert "50 times as common" in str(finding.message)
    assert 40 < finding.evidence["factor_lower"] < 50


def test_a_rarer_category_never_scores_worse_and_a_larger_factor_never_milder():
    steps = [worst(judge(FeatureDrift(), rare_facts(n, 16))) for n in (16, 8, 4, 3, 2, 1, 0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_a_category_that_changes_no_more_than_a_class_is_the_class_shift():
    """A training set balanced on purpose: fraud ten times as common, and with it what goes with fraud."""
    facts = rare_facts(800, 80)
    facts.classes = SimpleNamespace(counts={"train": np.array([90, 10]) * 1000, "test": np.array([99, 1]) * 1000})
    facts.label_drifts = {"test": drift(0.09, 0.0, column="y", measure="tv")}
    assert not judge(FeatureDrift(), facts)
    facts.label_drifts = {}
    assert judge(FeatureDrift(), facts)


@pytest.mark.parametrize(("n_rows", "n_runs"), [(300, 200), (30_000, 200), (MILLION, 200)])
def test_random_splits_of_a_thousand_rare_categories_are_rarely_flagged(n_rows, n_runs):
    random = np.random.default_rng(n_rows)
    counts = random.multinomial(n_rows, random.dirichlet(0.993 ** np.arange(1000) * 5))
    loud = 0
    for _ in range(n_runs):
        test = random.multivariate_hypergeometric(counts, n_rows // 3, method="marginals")
        facts = rare_facts(0, 0)
        rows = {f"c{i}": [n] for i, n in enumerate((counts - test).tolist())}
        facts.tables = {"city": class_table("city", rows, test=[[n] for n in test.tolist()])}
        loud += bool(judge(FeatureDrift(), facts))
    assert loud <= n_runs // 100


def test_very_many_columns_are_folded():
    facts = drift_facts(*(drift(0.2 + i / 1000, column=f"c{i:02}") for i in range(60)))
    found = judge(FeatureDrift(), facts)
    assert len(found) == 51
    assert found[0].columns == ("c59",)
    assert "10 more findings of the same kind" in str(found[-1].message)
    assert columns_of(found[:50]) == {f"c{i:02}" for i in range(10, 60)}
    assert found[0].evidence["n_rows_other"] == MILLION
