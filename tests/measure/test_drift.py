from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from scipy import stats
from tests.measure.small import NAMES, NUMBERS, SEEDS, mixed, present, texts

from dataaudit.measure import keys
from dataaudit.measure.drift import column_drift, named_drift

ORDERED = (*NUMBERS, "when")


@pytest.fixture(params=SEEDS)
def splits(request):
    return {"train": mixed(400, request.param), "test": mixed(150, request.param + 9, shift=0.7)}


def counted(column):
    return Counter(text for text in texts(column) if text is not None)


def total_variation(train, test):
    """Return the distance of two counters, the values expected below five times in either together."""
    both, n, m = train + test, train.total(), test.total()
    rare = {value for value in both if both[value] * min(n, m) / (n + m) < 5}
    listed = [(train[value], test[value]) for value in both if value not in rare]
    pooled = [(sum(train[value] for value in rare), sum(test[value] for value in rare))]
    return sum(abs(ours / n - theirs / m) for ours, theirs in listed + pooled) / 2


def distance_at_edges(table, frames):
    train, test = (present(frame[table.column]) for frame in frames.values())
    return max(abs((train <= edge).mean() - (test <= edge).mean()) for edge in table.edges)


def test_ordered_columns_have_the_ks_distance_on_the_common_edges(measure, splits):
    facts = measure(**splits)
    for name in ORDERED:
        found = facts.drifts["test"][name]
        train, test = (present(frame[name]) for frame in splits.values())
        assert (found.measure, found.n_train, found.n_other) == ("ks", len(train), len(test))
        assert found.effect == pytest.approx(distance_at_edges(facts.tables[name], splits), abs=1e-12)
        assert found.effect <= stats.ks_2samp(train, test).statistic + 1e-12
        half_width = math.sqrt(-math.log(0.05 / 2) / 2 * (1 / len(train) + 1 / len(test)))
        assert found.lower == pytest.approx(max(0.0, found.effect - half_width))


def test_few_values_have_the_full_ks_distance(measure, splits):
    facts = measure(**splits)
    for name in ("count", "constant"):
        train, test = (present(frame[name]) for frame in splits.values())
        assert facts.drifts["test"][name].effect == pytest.approx(stats.ks_2samp(train, test).statistic, abs=1e-12)


def test_p_values_of_the_ks_distance(measure, splits):
    found = measure(**splits).drifts["test"]["measure"]
    n = found.n_train * found.n_other / (found.n_train + found.n_other)
    corrected = (math.sqrt(n) + 0.12 + 0.11 / math.sqrt(n)) * found.effect
    assert found.p_value == pytest.approx(stats.kstwobign.sf(corrected), rel=1e-6, abs=1e-12)


def test_names_have_the_total_variation_distance(measure, splits):
    facts = measure(**splits)
    for name in NAMES:
        found = facts.drifts["test"][name]
        assert found.measure == "tv"
        assert found.effect == pytest.approx(
            total_variation(*(counted(frame[name]) for frame in splits.values())), abs=1e-12
        )
        assert 0 <= found.lower <= found.effect


def test_values_beyond_the_kept_keys_count_as_rare(measure, splits, monkeypatch):
    monkeypatch.setattr(keys, "MAX_KEPT_KEYS", 1)
    train, test = (counted(frame["level"]) for frame in splits.values())
    commonest, _ = (train + test).most_common(1)[0]
    distance = abs(train[commonest] / train.total() - test[commonest] / test.total())
    assert measure(**splits).drifts["test"]["level"].effect == pytest.approx(distance, abs=1e-12)


def test_p_value_of_names_is_that_of_the_chi_square_test(measure):
    splits = {"train": mixed(900, 0), "test": mixed(900, 1)}
    splits["test"].loc[:200, "flag"] = True
    found = measure(**splits).drifts["test"]["flag"]
    counts = [[int((frame["flag"] == value).sum()) for value in (True, False)] for frame in splits.values()]
    assert found.p_value == pytest.approx(stats.chi2_contingency(counts, correction=False).pvalue, rel=1e-9)


def test_rare_names_are_pooled(measure):
    """Of geometric codes most are rare: pooled, their p-value stays that of a sane test."""
    facts = measure(mixed(400, 0), test=mixed(400, 1))
    assert facts.drifts["test"]["code"].p_value > 0.01
    assert facts.drifts["test"]["code"].lower == 0


def test_label_drift_of_classes(measure, splits):
    train, test = (frame["y"].value_counts(normalize=True) for frame in splits.values())
    found = measure(**splits).label_drifts["test"]
    assert found.effect == pytest.approx((train - test).abs().sum() / 2, abs=1e-12)
    assert (found.column, found.n_other) == ("y", splits["test"]["y"].notna().sum())


def test_label_drift_of_a_number(measure):
    splits = {"train": mixed(300, 0, task="regression"), "test": mixed(200, 1, shift=1, task="regression")}
    facts = measure(**splits)
    train, test = (present(frame["y"]) for frame in splits.values())
    distances = [abs((train <= edge).mean() - (test <= edge).mean()) for edge in facts.target.edges]
    assert facts.label_drifts["test"].effect == pytest.approx(max(distances), abs=1e-12)


def test_the_lower_bound_of_random_splits_is_hardly_ever_above_zero(measure):
    table = measure(mixed(2000, 3)).tables["level"]
    rng = np.random.default_rng(0)
    shares_of_keys = table.n["train"][:-1] / table.n["train"][:-1].sum()
    above = 0
    for _ in range(200):
        drawn = {"train": rng.multinomial(300, shares_of_keys), "test": rng.multinomial(100, shares_of_keys)}
        n = {split: np.append(counts, 0) for split, counts in drawn.items()}
        above += column_drift(type(table)(**{**vars(table), "n": n}), "test").lower > 0
    assert above <= 10


def drift_of_counts(train, test):
    return named_drift(("c", "test", "train"), np.array(train), np.array(test))


def test_the_bounds_agree_with_the_test():
    """A rare class, and two shares: as sure as their p-values are."""
    rare = drift_of_counts([3000, 1000, 0], [644, 215, 41])
    assert rare.p_value < 1e-30
    assert 0.02 < rare.lower < rare.effect == pytest.approx(41 / 900, abs=2e-3)
    two = drift_of_counts([210, 90], [82, 68])
    assert (two.lower, two.upper) == pytest.approx((0.0588, 0.2475), abs=5e-4)


@pytest.mark.parametrize("shares", [[0.5, 0.3, 0.2], [0.9, 0.1], [0.47, 0.5, 0.02, 0.01]])
def test_the_bounds_hold_what_is_true(shares):
    random = np.random.default_rng(2)
    others = np.array([*shares[:-2], shares[-2] - 0.02, shares[-1] + 0.02]) if shares[-2] > 0.02 else np.array(shares)
    distance = np.abs(np.array(shares) - others).sum() / 2
    found = [drift_of_counts(random.multinomial(600, shares), random.multinomial(300, others)) for _ in range(400)]
    assert np.mean([one.lower > distance + 1e-9 for one in found]) <= 0.06
    assert np.mean([one.upper < distance - 1e-9 for one in found]) <= 0.06


def test_absent_columns_and_unlabelled_splits_are_left_out(measure):
    facts = measure(mixed(100), test=mixed(50, 1).drop(columns=["level", "y"]))
    assert "level" not in facts.drifts["test"]
    assert "flag" in facts.drifts["test"]
    assert facts.label_drifts == {}


def test_a_column_missing_in_one_split_has_no_drift(measure):
    test = mixed(50, 1)
    test["measure"] = np.nan
    found = measure(mixed(100), test=test).drifts["test"]["measure"]
    assert (found.effect, found.lower, found.p_value, found.n_other) == (0, 0, 1, 0)
