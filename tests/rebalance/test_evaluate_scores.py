"""Scores against their definitions, and intervals against what they promise."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics

from dataaudit.rebalance.evaluate.fits import correct
from dataaudit.rebalance.evaluate.intervals import corrected_interval
from dataaudit.rebalance.evaluate.scores import (
    AVERAGE_PRECISION,
    BALANCED_ACCURACY,
    CALIBRATION_ERROR,
    LOG_LOSS,
    RECALL,
    Scored,
    calibration_error,
    recall_at_precision,
    score_fold,
)
from dataaudit.rebalance.evaluate.thresholds import Threshold, choose_threshold


def drawn(n_rows=400, n_classes=3, seed=0):
    rng = np.random.default_rng(seed)
    labels = rng.choice(n_classes, n_rows, p=[0.7, 0.2, 0.1])
    raw = rng.random((n_rows, n_classes)) + np.eye(n_classes)[labels]
    return labels, raw / raw.sum(axis=1, keepdims=True)


def test_several_classes_are_scored_each_against_the_rest():
    labels, said = drawn()
    scored = Scored(labels, np.ones(len(labels)), (0, 1, 2))
    found = score_fold(scored, said, said.argmax(axis=1), 0.5, 1e-9)
    one_hot = np.eye(3)[labels]
    assert found[AVERAGE_PRECISION] == pytest.approx(metrics.average_precision_score(one_hot, said, average="macro"))
    assert found[BALANCED_ACCURACY] == pytest.approx(metrics.balanced_accuracy_score(labels, said.argmax(axis=1)))
    assert found[LOG_LOSS] == pytest.approx(metrics.log_loss(labels, said))
    assert 0 < found[CALIBRATION_ERROR] < 1
    assert 0 < found[RECALL] <= 1


def test_a_row_of_weight_two_counts_as_two_rows():
    labels, said = drawn()
    twice = np.concatenate([np.arange(len(labels)), np.flatnonzero(labels == 2)])
    weighted = Scored(labels, np.where(labels == 2, 2.0, 1.0), (2,))
    repeated = Scored(labels[twice], np.ones(len(twice)), (2,))
    by_weight = score_fold(weighted, said, said.argmax(axis=1), 0.5, 1e-9)
    by_rows = score_fold(repeated, said[twice], said[twice].argmax(axis=1), 0.5, 1e-9)
    for score in (AVERAGE_PRECISION, BALANCED_ACCURACY, RECALL, LOG_LOSS):
        assert by_weight[score] == pytest.approx(by_rows[score])


def test_a_class_without_rows_is_not_asked_of_and_no_class_at_all_gives_nan():
    labels, said = drawn()
    labels = np.where(labels == 2, 0, labels)
    some = score_fold(Scored(labels, np.ones(len(labels)), (0, 1, 2)), said, labels, 0.5, 1e-9)
    others = score_fold(Scored(labels, np.ones(len(labels)), (0, 1)), said, labels, 0.5, 1e-9)
    assert some[AVERAGE_PRECISION] == others[AVERAGE_PRECISION]
    none = score_fold(Scored(labels, np.ones(len(labels)), (2,)), said, labels, 0.5, 1e-9)
    assert np.isnan(none[AVERAGE_PRECISION])
    assert np.isfinite(none[LOG_LOSS])


def test_probabilities_drawn_from_are_calibrated_and_doubled_ones_are_not():
    rng = np.random.default_rng(1)
    chance = rng.random(50_000) / 2
    labels = (rng.random(50_000) < chance).astype(int)
    scored = Scored(labels, np.ones(len(labels)), (1,))
    assert calibration_error(scored, np.column_stack([1 - chance, chance])) < 0.01
    doubled = calibration_error(scored, np.column_stack([1 - 2 * chance, 2 * chance]))
    assert doubled == pytest.approx(chance.mean(), abs=0.01)


def test_no_threshold_reaches_a_precision_when_the_first_row_is_wrong_and_rare():
    scored = Scored(np.array([0, 0, 0, 1]), np.ones(4), (1,))
    said = np.array([0.9, 0.8, 0.7, 0.6])
    assert recall_at_precision(scored, np.column_stack([1 - said, said]), 0.5) == 0
    assert recall_at_precision(scored, np.column_stack([1 - said, said]), 0.25) == 1


def test_correction_is_the_inverse_of_a_shift_of_the_shares():
    rng = np.random.default_rng(2)
    natural = rng.dirichlet(np.ones(3), 100)
    before, after = np.array([0.9, 0.07, 0.03]), np.array([1, 1, 1]) / 3
    shifted = natural * after / before
    shifted /= shifted.sum(axis=1, keepdims=True)
    assert correct(shifted, before, after) == pytest.approx(natural)


def test_the_threshold_of_two_classes_is_the_one_of_the_largest_balanced_accuracy():
    rng = np.random.default_rng(3)
    labels = (rng.random(500) < 0.1).astype(int)
    said = np.clip(rng.normal(0.1 + 0.2 * labels, 0.1), 0, 1)
    both = np.column_stack([1 - said, said])
    chosen = choose_threshold([both[:250], both[250:]], [labels[:250], labels[250:]], np.array([0.9, 0.1]), (1,))
    reached = metrics.balanced_accuracy_score(labels, chosen.predict(both))
    every = max(metrics.balanced_accuracy_score(labels, said >= cut) for cut in said)
    assert reached == pytest.approx(every)
    assert reached > metrics.balanced_accuracy_score(labels, said >= 0.5) + 0.1


def test_the_exponent_of_several_classes_tells_rare_ones_more_often():
    rng = np.random.default_rng(4)
    shares = np.array([0.9, 0.07, 0.03])
    labels = rng.choice(3, 2_000, p=shares)
    raw = shares * np.exp(rng.normal(0, 1, (2_000, 3)) + 1.5 * np.eye(3)[labels])
    said = raw / raw.sum(axis=1, keepdims=True)
    chosen = choose_threshold([said], [labels], shares, (0, 1, 2))
    plain = Threshold(0.0, None, shares).predict(said)
    assert (plain == said.argmax(axis=1)).all()
    better = metrics.balanced_accuracy_score(labels, chosen.predict(said))
    assert better > metrics.balanced_accuracy_score(labels, plain) + 0.1


@pytest.mark.parametrize(("shares", "expected"), [([0.9, 0.1], 0.5), ([0.8, 0.1, 0.1], 0.0)])
def test_without_rows_to_choose_by_the_likeliest_class_is_told(shares, expected):
    asked = (1,) if len(shares) == 2 else (0, 1, 2)
    assert choose_threshold([], [], np.array(shares), asked).value == expected


def test_an_interval_is_wider_than_a_t_interval_and_one_fold_tells_none():
    values = np.array([0.5, 0.6, 0.7, 0.65, np.nan])
    found = corrected_interval(values, 0.25)
    assert found.value == pytest.approx(0.6125)
    assert found.upper - found.lower == pytest.approx(
        2 * 3.18245 * np.sqrt((1 / 4 + 1 / 4) * values[:4].var(ddof=1)), rel=1e-4
    )
    assert corrected_interval(np.array([0.5]), 0.25).lower is None
    assert corrected_interval(np.array([np.nan]), 0.25) is None


def test_intervals_of_no_difference_hold_zero_as_often_as_they_say():
    """Two models that differ by noise of their training rows alone, as folds share them."""
    rng = np.random.default_rng(5)
    n_held = 0
    for _ in range(500):
        # The part of a difference that training rows bring is the same in part for folds that share four fifths.
        shared = rng.normal(0, 0.4)
        found = corrected_interval(shared + rng.normal(0, 1, 10), 0.25)
        n_held += found.lower <= 0 <= found.upper
    assert n_held >= 475 - 3 * np.sqrt(500 * 0.05 * 0.95)
