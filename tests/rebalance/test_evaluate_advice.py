"""Which way is recommended, from scores made up for the purpose."""

from __future__ import annotations

import numpy as np
import pytest

from dataaudit.errors import ConfigError
from dataaudit.rebalance.evaluate.advice import Tried, recommend
from dataaudit.rebalance.evaluate.comparison import Comparison, check_comparison
from dataaudit.rebalance.evaluate.models import FOREST, LOGISTIC
from dataaudit.rebalance.evaluate.reasons import give_reasons
from dataaudit.rebalance.evaluate.scores import AVERAGE_PRECISION, BALANCED_ACCURACY, CORRECTED, SCORES
from dataaudit.rebalance.evaluate.size import plan_size
from dataaudit.rebalance.evaluate.ways import ways_to_try
from dataaudit.rebalance.plan import Target

WAYS = ways_to_try(["smote", "random-over", "random-under"])
DECIDING = (AVERAGE_PRECISION, BALANCED_ACCURACY)
PLAIN = {"average-precision": 0.5, "balanced-accuracy": 0.6, "recall-at-precision": 0.4, "log-loss": 0.1}
N_FOLDS = 10


def tried(changed=None, *, noise=0.0, seed=0, models=(LOGISTIC,), ways=WAYS):
    """Return scores: everything as without resampling, but for what was changed by (way, score)."""
    rng = np.random.default_rng(seed)
    values = {}
    for model in models:
        for score in SCORES:
            common = rng.normal(0, 0.05, N_FOLDS)
            common -= common.mean()
            for way in ways:
                base = PLAIN.get(score, 0.02) + (changed or {}).get((way, score), 0.0)
                own = rng.normal(0, noise, N_FOLDS) if noise else np.linspace(-1e-4, 1e-4, N_FOLDS) * len(way)
                values[way, model, score] = base + common + own
    return Tried(values, tuple(ways), tuple(models), 0.25)


def advised(scores, deciding=DECIDING):
    return recommend(scores, deciding).recommended


def test_where_nothing_differs_nothing_is_done():
    assert advised(tried()) == "none"


def test_the_simplest_that_is_as_good_as_the_best_is_taken():
    better = {("threshold", BALANCED_ACCURACY): 0.2, ("weights", BALANCED_ACCURACY): 0.2}
    better |= {(way, BALANCED_ACCURACY): 0.2 for way in ("smote", "random-over")}
    assert advised(tried(better)) == "threshold"
    del better["threshold", BALANCED_ACCURACY]
    assert advised(tried(better)) == "weights"
    del better["weights", BALANCED_ACCURACY]
    assert advised(tried(better)) == "random-over"
    del better["random-over", BALANCED_ACCURACY]
    assert advised(tried(better)) == "smote"


def test_of_equally_simple_ways_the_better_is_taken():
    better = {("random-over", AVERAGE_PRECISION): 0.2, ("random-under", AVERAGE_PRECISION): 0.199}
    assert advised(tried(better)) == "random-over"
    better["random-under", AVERAGE_PRECISION] = 0.202
    assert advised(tried(better)) == "random-under"


@pytest.mark.parametrize(("gain", "expected"), [(0.009, "none"), (0.011, "smote")])
def test_a_sure_difference_of_no_consequence_decides_nothing(gain, expected):
    assert advised(tried({("smote", AVERAGE_PRECISION): gain})) == expected


def test_a_large_difference_that_is_not_sure_decides_nothing():
    assert advised(tried({("smote", AVERAGE_PRECISION): 0.05}, noise=0.1)) == "none"


def test_a_way_that_pays_for_one_score_with_another_is_not_taken():
    traded = {("smote", BALANCED_ACCURACY): 0.2, ("smote", AVERAGE_PRECISION): -0.2}
    traded[("threshold", BALANCED_ACCURACY)] = 0.2
    assert advised(tried(traded)) == "threshold"
    # Where every way is worse in something, the first score decides.
    del traded["threshold", BALANCED_ACCURACY]
    assert advised(tried(traded)) == "none"
    assert advised(tried(traded), (BALANCED_ACCURACY, AVERAGE_PRECISION)) == "smote"


def test_of_log_loss_less_is_better():
    assert advised(tried({("smote", "log-loss"): -0.05}), ("log-loss",)) == "smote"
    assert advised(tried({("smote", "log-loss"): 0.05}), ("log-loss",)) == "none"


def test_more_of_a_gain_never_recommends_less():
    order = list(WAYS)
    last = 0
    for gain in np.linspace(0, 0.3, 13):
        found = advised(tried({("smote", AVERAGE_PRECISION): gain}, noise=0.03, seed=4))
        assert order.index(found) >= last
        last = order.index(found)
    assert order[last] == "smote"


def test_where_ways_differ_by_noise_alone_hardly_ever_is_anything_done():
    done = [advised(tried(noise=0.05, seed=seed)) != "none" for seed in range(200)]
    assert sum(done) <= 200 * 0.1


def test_the_model_that_does_best_decides_and_the_other_is_told():
    scores = tried(models=(LOGISTIC, FOREST))
    values = dict(scores.values)
    for way in WAYS:
        values[way, FOREST, AVERAGE_PRECISION] = values[way, FOREST, AVERAGE_PRECISION] + 0.1
    values["threshold", FOREST, BALANCED_ACCURACY] = values["threshold", FOREST, BALANCED_ACCURACY] + 0.2
    found = recommend(Tried(values, WAYS, (LOGISTIC, FOREST), 0.25), DECIDING)
    assert found.model == FOREST
    assert found.recommended == "threshold"
    assert found.by_model == {LOGISTIC: "none", FOREST: "threshold"}
    assert found.worse["none"] == (BALANCED_ACCURACY,)


def reasons_of(scores, prior=None):
    shares = {"no": 0.98, "yes": 0.02}
    after = {way: {"no": 0.5, "yes": 0.5} for way in WAYS if way not in ("none", "threshold")}
    compared = recommend(scores, DECIDING)
    return give_reasons(scores, compared, shares, after, {LOGISTIC: 0.03}, "yes", prior or {})


def test_harm_to_probabilities_is_told_with_the_correction_in_the_users_numbers():
    harmed = {(way, "log-loss"): 0.3 for way in ("smote", "weights")}
    scores = tried(harmed)
    values = dict(scores.values)
    for way in ("smote", "weights"):
        for score, corrected in CORRECTED.items():
            values[way, LOGISTIC, corrected] = values["none", LOGISTIC, score]
    scores = Tried(values, WAYS, (LOGISTIC,), 0.25)
    said = " ".join(reasons_of(scores))
    assert "Probabilities are harmed: log loss" in said
    # 0.02 / 0.5 and 0.98 / 0.5
    assert "a = 0.04 and b = 1.96" in said
    assert "0.4 -> 0.1" in said
    declared = " ".join(reasons_of(scores, {"yes": 0.001}))
    assert "a = 0.002 and b = 2" in declared
    assert "declared where the model will be used" in declared


def test_a_moved_threshold_is_told_and_help_is_not_claimed():
    said = " ".join(reasons_of(tried({("threshold", BALANCED_ACCURACY): 0.2})))
    assert "tell 'yes' from a probability of about 0.03 on" in said
    assert "do not help here" in said
    assert "Probabilities are harmed" not in said


def test_help_is_told_where_there_is_some():
    said = " ".join(reasons_of(tried({("smote", AVERAGE_PRECISION): 0.2})))
    assert said.startswith("Recommended: smote")
    assert "help here: in average precision 0.7 of smote against 0.5 of" in said


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"strategies": ("smoot",)}, "smoot"),
        ({"deciding": ("accuracy",)}, "accuracy"),
        ({"deciding": ()}, "no score"),
        ({"precision": 0.0}, "precision"),
        ({"precision": 1.5}, "precision"),
    ],
)
def test_wrong_options_are_named(options, named):
    with pytest.raises(ConfigError, match=named):
        check_comparison(Comparison(**options))


def test_auto_and_named_strategies_are_tried_together_once():
    assert ways_to_try(["auto", "tomek", "smote"]) == (
        "none",
        "threshold",
        "weights",
        "random-under",
        "random-over",
        "tomek",
        "smote",
        "smote-tomek",
    )


@pytest.mark.parametrize("n_rows", [100, 5_000, 10_000_000])
@pytest.mark.parametrize("width", [5, 100, 1_000])
@pytest.mark.parametrize("n_classes", [2, 20])
def test_what_is_tried_is_bounded_whatever_the_table(n_rows, width, n_classes):
    counts = {f"k{i}": max(2, n_rows // 100) for i in range(n_classes - 1)}
    counts["rest"] = n_rows
    size = plan_size(counts, width, ways_to_try([]), Target(), 2, in_time=False)
    assert 1 <= size.n_rows <= min(10_000, sum(counts.values()))
    assert 1 <= size.n_repeats <= 4
    # Below a thousand rows there is nothing to be saved.
    assert size.seconds < 120 or size.n_rows == 1_000
    assert f"{size.n_models:,} models on" in size.words
    assert plan_size(counts, width, ways_to_try([]), Target(), 2, in_time=True).n_repeats == 1
