from __future__ import annotations

import numpy as np
import pytest

from dataaudit.measure.links.out_of_fold import OutOfFold
from dataaudit.measure.links.suspects import measure_suspects, ranked_by_own_label


def predictions(label: list[int], probability: list[list[float]]) -> OutOfFold:
    classes = tuple("abc"[: len(probability[0])])
    rows = np.arange(len(label)) + 100
    return OutOfFold("train", rows, classes, np.array(label), np.array(probability), sampled=False)


def noisy(n_rows: int, share: float, n_classes: int = 2, seed: int = 0) -> tuple[OutOfFold, np.ndarray]:
    """Return what a perfect model of noisy labels says: the noise is all that keeps it from certainty."""
    random = np.random.default_rng(seed)
    truth = random.integers(0, n_classes, n_rows)
    wrong = random.random(n_rows) < share
    label = (truth + np.where(wrong, random.integers(1, n_classes, n_rows), 0)) % n_classes
    probability = np.full((n_rows, n_classes), share / (n_classes - 1))
    probability[np.arange(n_rows), truth] = 1 - share
    jitter = random.uniform(0, 0.01, n_rows)
    probability[np.arange(n_rows), truth] += jitter
    probability[np.arange(n_rows), (truth + 1) % n_classes] -= jitter
    return predictions(label.tolist(), probability.tolist()), wrong


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("share", [0.03, 0.1, 0.2])
def test_the_share_and_number_of_wrong_labels_are_found(share, n_classes):
    known, wrong = noisy(8000, share, n_classes)
    found = measure_suspects(known)
    assert found.share_noise == pytest.approx(share, abs=0.02)
    assert found.accuracy_freed == pytest.approx(1, abs=0.03)
    assert found.n_suspects == wrong.sum()
    assert found.n_likely_wrong == pytest.approx(wrong.sum(), rel=0.1)
    assert {one.row - 100 for one in found.listed} <= set(np.flatnonzero(wrong).tolist())


def test_right_labels_have_no_suspects():
    known, _ = noisy(2000, 0.0)
    found = measure_suspects(known)
    assert (found.n_surest_other, found.n_suspects, found.n_likely_wrong, found.listed) == (0, 0, 0.0, ())


def test_ranks_by_the_probability_of_the_own_label_then_by_that_of_the_other():
    known = predictions([0, 0, 1, 0], [[0.2, 0.7, 0.1], [0.05, 0.5, 0.45], [0.1, 0.2, 0.7], [0.2, 0.4, 0.4]])
    assert ranked_by_own_label(known).tolist() == [1, 0, 2, 3]


def test_the_surest_are_a_quarter_of_every_predicted_class():
    known, _ = noisy(4000, 0.1)
    found = measure_suspects(known)
    predicted = known.predicted.argmax(axis=1)
    assert found.n_surest == sum(int((predicted == k).sum() * 0.25) for k in range(2))


def test_a_class_that_is_spared_speaks_for_all():
    """Rows predicted c are never contradicted, those predicted a or b in a third: these overlap."""
    random = np.random.default_rng(0)
    predicted = np.repeat([0, 1, 2], 400)
    label = np.where((predicted < 2) & (random.random(1200) < 1 / 3), 1 - predicted, predicted)
    probability = np.full((1200, 3), 0.02)
    probability[np.arange(1200), predicted] = 0.96
    found = measure_suspects(predictions(label.tolist(), probability.tolist()))
    assert (found.n_surest, found.n_surest_other, found.n_suspects) == (100, 0, 0)


def test_a_class_predicted_seldom_is_not_asked_for_its_precision():
    known, _ = noisy(400, 0.0)
    one_sided = np.tile([0.9, 0.1], (400, 1))
    one_sided[:9] = [0.1, 0.9]
    found = measure_suspects(predictions(known.label.tolist(), one_sided.tolist()))
    assert found.least_precision_freed == 0.0
