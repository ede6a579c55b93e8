from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.brute import explained
from tests.measure.small import SEEDS, floats, mixed, texts

from dataaudit.measure.association import (
    BIN_NUMBERS,
    SMOOTHINGS,
    Association,
    KeySums,
    class_sums,
    explained_variance,
    grouped,
    mid_ranks,
    score_sums,
)
from dataaudit.measure.many_values import associate_many_values

EXACT = {"rel": 0, "abs": 1e-12}


def labelled(frame):
    return frame[frame["y"].notna()].reset_index(drop=True)


def coarse_keys(facts, frame, name, n_bins):
    """Return each row's key at a number of bins: where the table puts it, missing apart."""
    table, values = facts.tables[name], floats(frame[name])
    keys = np.where(np.isnan(values), table.missing_key, np.searchsorted(table.edges, values))
    return grouped(table, n_bins)[keys].tolist()


def best_by_loop(codings, labels):
    return max(explained(keys, label, smoothing) for keys in codings for label in labels for smoothing in SMOOTHINGS)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_formula_equals_leaving_each_row_out_for_classes(seed, smoothing):
    rng = np.random.default_rng(seed)
    keys, label = rng.geometric(0.1, 200), rng.choice(["a", "b", "c"], 200, p=[0.2, 0.5, 0.3])
    counts = pd.crosstab(keys, label).to_numpy(dtype=float)
    sums = class_sums(counts, counts.sum(axis=0) / 200)
    assert explained_variance(sums, smoothing) == pytest.approx(
        explained(keys.tolist(), label.tolist(), smoothing), **EXACT
    )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_formula_equals_leaving_each_row_out_for_numbers(seed, smoothing):
    rng = np.random.default_rng(seed)
    keys, label = rng.geometric(0.1, 200), rng.normal(50, 3, 200)
    groups = pd.Series(label - label.mean()).groupby(keys)
    sums = KeySums(
        *(
            column.to_numpy(dtype=float)
            for column in (groups.size(), groups.sum() ** 2, groups.agg(lambda v: (v**2).sum()))
        )
    )
    assert explained_variance(sums, smoothing) == pytest.approx(
        explained(keys.tolist(), label.tolist(), smoothing), **EXACT
    )


def test_formula_equals_leaving_each_row_out_for_ranks():
    counts = np.random.default_rng(0).integers(0, 6, (20, 7)).astype(float)
    ranks = mid_ranks(counts.sum(axis=0))
    rows = [(key, float(ranks[y])) for key in range(20) for y in range(7) for _ in range(int(counts[key, y]))]
    keys, label = [key for key, _ in rows], [rank for _, rank in rows]
    for smoothing in SMOOTHINGS:
        assert explained_variance(score_sums(counts, ranks), smoothing) == pytest.approx(
            explained(keys, label, smoothing), **EXACT
        )


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task", ["binary", "multiclass"])
def test_columns_of_classes_against_the_loop(measure, seed, task):
    frame = mixed(150, seed, task=task)
    facts, rows = measure(frame), labelled(frame)
    for name in ("level", "flag", "code"):
        assert facts.associations[name].explained == pytest.approx(
            best_by_loop([texts(rows[name])], [rows["y"].tolist()]), **EXACT
        )
        assert facts.associations[name].n_rows == len(rows)
        assert facts.associations[name].n_bins is None
    for name in ("measure", "count", "when"):
        codings = [coarse_keys(facts, rows, name, n_bins) for n_bins in BIN_NUMBERS]
        assert facts.associations[name].explained == pytest.approx(best_by_loop(codings, [rows["y"].tolist()]), **EXACT)
        assert facts.associations[name].n_bins in BIN_NUMBERS


@pytest.mark.parametrize("seed", SEEDS)
def test_columns_of_a_number_take_the_better_of_raw_and_rank(measure, seed):
    frame = mixed(150, seed, task="regression")
    facts, rows = measure(frame), labelled(frame)
    ranks = mid_ranks(facts.target.counts["train"].astype(float))[np.searchsorted(facts.target.edges, rows["y"])]
    labels = [rows["y"].tolist(), ranks.tolist()]
    for name in ("level", "flag"):
        assert facts.associations[name].explained == pytest.approx(
            best_by_loop([texts(rows[name])], labels), rel=0, abs=1e-11
        )
    codings = [coarse_keys(facts, rows, "measure", n_bins) for n_bins in BIN_NUMBERS]
    assert facts.associations["measure"].explained == pytest.approx(best_by_loop(codings, labels), rel=0, abs=1e-11)


@pytest.mark.parametrize("seed", SEEDS)
def test_many_values_summed_in_the_engine_equal_the_table(measure, seed):
    facts = measure(mixed(300, seed))
    for name in ("level", "flag", "code"):
        in_engine, in_memory = associate_many_values(facts, name), facts.associations[name]
        assert in_engine.explained == pytest.approx(in_memory.explained, **EXACT)
        assert (in_engine.n_rows, in_engine.smoothing) == (in_memory.n_rows, in_memory.smoothing)


@pytest.mark.parametrize("seed", SEEDS)
def test_many_values_of_a_number_against_the_loop(measure, seed):
    frame = mixed(150, seed, task="regression")
    facts, rows = measure(frame), labelled(frame)
    for name in ("level", "code"):
        wanted = best_by_loop([texts(rows[name])], [rows["y"].tolist()])
        assert associate_many_values(facts, name).explained == pytest.approx(wanted, rel=0, abs=1e-11)


def test_missing_indicators_against_the_loop(measure):
    frame = mixed(150)
    frame.loc[frame["y"] == "ant", "measure"] = None
    facts, rows = measure(frame), labelled(frame)
    assert "constant" not in facts.missing_associations
    for name, found in facts.missing_associations.items():
        assert found.explained == pytest.approx(
            best_by_loop([rows[name].isna().tolist()], [rows["y"].tolist()]), **EXACT
        )
    assert facts.missing_associations["measure"].explained > 0.3


def test_a_column_missing_everywhere_has_no_missing_indicator(measure):
    frame = mixed(60).assign(empty=pd.Series([None] * 60, dtype="float64"))
    assert "empty" not in measure(frame).missing_associations


def test_many_random_values_tell_nothing(measure):
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"code": [f"v{i}" for i in rng.integers(0, 1000, 2000)], "y": rng.choice(["a", "b"], 2000)})
    assert measure(frame).associations["code"].explained < 0.02


def test_a_column_that_says_it_all(measure):
    frame = mixed(200).assign(twin=lambda rows: rows["y"])
    assert measure(frame).associations["twin"].explained > 0.99


def test_standard_error_and_bound():
    found = Association("x", explained=0.36, n_rows=400, n_bins=None, smoothing=1.0)
    assert found.standard_error == pytest.approx(2 * 0.6 * 0.8 / 20)
    assert found.lower == pytest.approx(0.36 - 1.645 * 0.048)
    assert Association("x", -0.1, 400, None, 1.0).standard_error == 0
    assert Association("x", 1.0000001, 400, None, 1.0).standard_error == 0


def test_no_variance_to_explain():
    empty = class_sums(np.zeros((3, 2)), np.array([0.5, 0.5]))
    one = class_sums(np.array([[5.0, 0.0]]), np.array([1.0, 0.0]))
    assert (explained_variance(empty, 1.0), explained_variance(one, 1.0)) == (0.0, 0.0)


def test_a_target_whose_squares_are_infinite_is_judged_by_its_rank(measure):
    frame = mixed(150, task="regression")
    huge = frame.assign(y=frame["y"] * 1e200)
    usual, found = (measure(rows).associations["measure"].explained for rows in (frame, huge))
    assert 0 < found <= usual
