"""An evaluation agrees with a cross-validation written out with scikit-learn and imbalanced-learn alone."""

from __future__ import annotations

import itertools
from functools import lru_cache

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.under_sampling import RandomUnderSampler
from scipy import stats
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score, balanced_accuracy_score, log_loss, precision_recall_curve
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from tests.rebalance.evaluating import SEED, evaluate, logistic, spots, value

from dataaudit.rebalance.evaluate import models
from dataaudit.rebalance.evaluate.models import FOREST, LOGISTIC

N_REPEATS = 4
N_TREES = 10
SCORES = ("average-precision", "balanced-accuracy", "recall-at-precision", "log-loss", "calibration-error")
CORRECTED = ("corrected-log-loss", "corrected-calibration-error")
TABLES = {"spots": spots(1_000, 0.05), "few": spots(500, 0.08), "logistic": logistic()}


def new_model(name: str):
    if name == LOGISTIC:
        return make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
    forest = RandomForestClassifier(N_TREES, min_samples_leaf=2, random_state=SEED)
    return make_pipeline(StandardScaler(), forest)


def calibration_error(truth: np.ndarray, said: np.ndarray) -> float:
    said = np.round(said, 12)
    cuts = np.quantile(said, np.linspace(0.1, 0.9, 9))
    bins = [said <= cuts[0]]
    bins += [(said > low) & (said <= high) for low, high in itertools.pairwise(cuts)]
    bins += [said > cuts[-1]]
    return sum(b.mean() * abs(truth[b].mean() - said[b].mean()) for b in bins if b.any())


def scores(truth: np.ndarray, said: np.ndarray, least: float) -> dict[str, float]:
    precision, recall, _ = precision_recall_curve(truth, said)
    clipped = np.clip(said, least, 1 - least)
    return {
        "average-precision": average_precision_score(truth, said),
        "balanced-accuracy": balanced_accuracy_score(truth, said > 0.5),
        "recall-at-precision": recall[precision >= 0.5].max(),
        "log-loss": log_loss(truth, clipped),
        "calibration-error": calibration_error(truth, said),
    }


@lru_cache
def by_hand(table: str, model: str, way: str) -> dict[str, np.ndarray]:
    """Return every score by fold."""
    frame = TABLES[table]
    x, y = frame.drop(columns="y").to_numpy(), (frame["y"] == "yes").to_numpy().astype(int)
    found: dict[str, list[float]] = {}
    for repeat in range(N_REPEATS):
        for train, scored in StratifiedKFold(5, shuffle=True, random_state=SEED + repeat).split(x, y):
            fitted = new_model(model)
            if way == "weights":
                weights = (len(train) / (2 * np.bincount(y[train])))[y[train]]
                fitted.fit(x[train], y[train], **{f"{fitted.steps[-1][0]}__sample_weight": weights})
            else:
                fitted.fit(*resampled(way, x[train], y[train]))
            said = fitted.predict_proba(x[scored])[:, 1]
            least = 1 / (2 * len(train))
            one = scores(y[scored], said, least)
            if way != "none":
                natural = y[train].mean()
                raised = np.clip(said, least, 1 - least) * natural / 0.5
                back = raised / (raised + (1 - np.clip(said, least, 1 - least)) * (1 - natural) / 0.5)
                again = scores(y[scored], back, least)
                one |= {name: again[name.removeprefix("corrected-")] for name in CORRECTED}
            for name, number in one.items():
                found.setdefault(name, []).append(number)
    return {name: np.array(numbers) for name, numbers in found.items()}


def resampled(way: str, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    if way == "none":
        return x, y
    if way == "smote":
        scaler = StandardScaler().fit(x)
        points, labels = SMOTE(random_state=SEED).fit_resample(scaler.transform(x), y)
        return scaler.inverse_transform(points), labels
    sampler = RandomOverSampler if way == "random-over" else RandomUnderSampler
    return sampler(random_state=SEED).fit_resample(x, y)


@pytest.fixture(scope="module")
def evaluation():
    return evaluate(TABLES["spots"], ["smote", "random-under", "random-over"])


@pytest.mark.parametrize("way", ["none", "weights", "smote"])
def test_every_score_of_a_logistic_regression_is_that_of_a_loop_written_by_hand(evaluation, way):
    expected = by_hand("spots", LOGISTIC, way)
    for score, numbers in expected.items():
        # Sums of the same numbers in another order: the optimiser ends within its tolerance of the same place.
        assert value(evaluation, way, score) == pytest.approx(numbers.mean(), abs=1e-6), score


def test_every_score_of_a_forest_is_that_of_a_loop_written_by_hand(monkeypatch):
    monkeypatch.setattr(models, "N_TREES", N_TREES)
    evaluation = evaluate(TABLES["few"], ["random-under"], models=[FOREST])
    for way in ("none", "weights"):
        for score, numbers in by_hand("few", FOREST, way).items():
            assert value(evaluation, way, score, FOREST) == pytest.approx(numbers.mean(), abs=1e-9), (way, score)


@pytest.mark.parametrize("way", ["random-under", "random-over"])
def test_rows_drawn_otherwise_give_scores_that_differ_by_chance_alone(evaluation, way):
    expected = by_hand("spots", LOGISTIC, way)
    for score, numbers in expected.items():
        line = evaluation.line(way, LOGISTIC, score)
        assert line is not None
        assert line.lower <= numbers.mean() <= line.upper, score


def test_differences_and_intervals_are_those_of_nadeau_and_bengio(evaluation):
    none, smote = by_hand("spots", LOGISTIC, "none"), by_hand("spots", LOGISTIC, "smote")
    for score in SCORES:
        apart = smote[score] - none[score]
        spread = np.sqrt((1 / len(apart) + 0.25) * apart.var(ddof=1))
        half = stats.t.ppf(0.975, len(apart) - 1) * spread
        line = evaluation.line("smote", LOGISTIC, score)
        assert line is not None
        assert line.difference == pytest.approx(apart.mean(), abs=1e-6)
        assert line.difference_lower == pytest.approx(apart.mean() - half, abs=1e-5)
        assert line.difference_upper == pytest.approx(apart.mean() + half, abs=1e-5)
        assert line.n_folds == 5 * N_REPEATS


def test_a_moved_threshold_changes_decisions_and_nothing_else(evaluation):
    for score in set(SCORES) - {"balanced-accuracy"}:
        assert value(evaluation, "threshold", score) == value(evaluation, "none", score)
    assert value(evaluation, "threshold", "balanced-accuracy") > value(evaluation, "none", "balanced-accuracy") + 0.1
    assert 0 < evaluation.thresholds[LOGISTIC] < 0.2


def test_where_the_model_is_true_resampling_is_said_not_to_help_and_to_harm_probabilities():
    evaluation = evaluate(TABLES["logistic"], ["random-over", "smote"])
    for way in ("weights", "random-over", "smote"):
        ranking = evaluation.line(way, LOGISTIC, "average-precision")
        lost = evaluation.line(way, LOGISTIC, "log-loss")
        assert abs(ranking.difference) < 0.01
        assert lost.difference_lower > 0.1
        # Elkan's correction takes it back.
        assert value(evaluation, way, "corrected-log-loss") == pytest.approx(
            value(evaluation, "none", "log-loss"), abs=0.01
        )
    expected = by_hand("logistic", LOGISTIC, "smote")
    assert value(evaluation, "smote", "log-loss") == pytest.approx(expected["log-loss"].mean(), abs=1e-6)
    assert evaluation.recommended == "threshold"
    said = " ".join(evaluation.reasons)
    assert "do not help here" in said
    assert "Probabilities are harmed" in said
    assert "p' = p a / (p a + (1 - p) b)" in said


def test_where_a_ranking_is_all_that_decides_nothing_is_done_where_the_model_is_true():
    assert evaluate(logistic(1_500), deciding=["average-precision"]).recommended == "none"
    assert evaluate(logistic(1_500), deciding=["log-loss"]).recommended == "none"
