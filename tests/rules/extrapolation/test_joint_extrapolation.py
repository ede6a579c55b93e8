"""RANGE002 joint-extrapolation."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import plain_splits, split_facts
from tests.rules.frames import audited, findings_of, judge, never_falls, severities, worst

from dataaudit.measure.spread.neighbours import JointDistances
from dataaudit.measure.spread.sureness import Sureness
from dataaudit.model import Kind, Severity, Task
from dataaudit.rules.extrapolation import _confidence
from dataaudit.rules.extrapolation._tail import beyond_rank_tail, longest_run_tail
from dataaudit.rules.extrapolation.joint_extrapolation import JointExtrapolation

RULE = JointExtrapolation()


def distances(n_far: int, n_rows: int = 1000, n_train: int = 3000) -> JointDistances:
    """Return a split of which so many rows lie further than any of train, and the others in the middle."""
    far = np.array([10.0] * n_far + [0.5] * (n_rows - n_far))
    excess = np.tile([0.5, 0.4, 0.1], (min(200, n_rows), 1))
    train = np.linspace(0, 1, n_train)
    return JointDistances("test", ("mass", "size", "x"), 0, 3000, train, np.arange(n_rows), far, 0, n_rows, excess)


def far_facts(*found: JointDistances, sureness=None):
    columns = {"mass": Kind.NUMERIC, "size": Kind.NUMERIC, "x": Kind.NUMERIC}
    spread = SimpleNamespace(joint_extrapolation={one.split: one for one in found}, sureness=sureness or {})
    return split_facts(columns, task=Task.BINARY, spread=spread)


def growth(n_rows: int, seed: int, n_odd: int = 0) -> pd.DataFrame:
    """Return rows whose mass goes with their size; of the first ones, it goes against it."""
    random = np.random.default_rng(seed)
    size = random.normal(size=n_rows)
    mass = size + 0.2 * random.normal(size=n_rows)
    if n_odd:
        size[:n_odd] = random.choice([-1.4, 1.4], n_odd)
        mass[:n_odd] = -size[:n_odd]
    noisy = size + mass + random.normal(size=n_rows)
    label = np.where(noisy > 0, "old", "young")
    return pd.DataFrame({"size": size, "mass": mass, "other": random.normal(size=n_rows), "y": label})


def test_flags_rows_off_a_correlation_and_names_its_columns_and_rows():
    [finding] = findings_of("RANGE002", growth(1000, 0), test=growth(500, 1, n_odd=40))
    assert finding.severity is Severity.WARNING
    assert set(finding.columns) == {"size", "mass"}
    assert "lie within the range of every column and further from the rows of train" in str(finding.message)
    assert "mass and size together" in str(finding.message) or "size and mass together" in str(finding.message)
    [rows] = finding.rows
    assert rows.split == "test"
    assert np.mean(np.array(rows.numbers) < 40) >= 0.9
    assert finding.evidence["share_of_distance"]["size"] > 0.2


def test_says_how_sure_models_are_of_these_rows():
    [finding] = findings_of("RANGE002", growth(1000, 0), test=growth(500, 1, n_odd=60))
    assert "logistic model" in finding.evidence["confidence"]
    # Size and mass take each other back: both models are less sure, and this is measured.
    assert "A logistic model is less sure of them (mean confidence" in str(finding.message)


def test_a_model_that_grows_surer_is_said_to():
    sure = np.where(np.arange(1000) < 60, 0.97, 0.81) + np.tile([-0.01, 0.01], 500)
    unsure = np.where(np.arange(1000) < 60, 0.6, 0.81) + np.tile([-0.01, 0.01], 500)
    known = {"test": Sureness(np.arange(1000), {"logistic model": sure, "forest": unsure}, 3000)}
    [finding] = judge(RULE, far_facts(distances(60), sureness=known))
    assert (
        "A logistic model is surer of them than of the others (mean confidence 0.97 against 0.81); a forest is less "
        "sure of them (mean confidence 0.60 against 0.81)." in str(finding.message)
    )


def test_a_difference_that_rows_do_not_show_is_not_claimed():
    random = np.random.default_rng(0)
    known = Sureness(np.arange(400), {"forest": random.random(400)}, 3000)
    [found] = _confidence.compare(known, np.arange(40))
    assert found.words.startswith("a forest is as sure of them as of the others")
    assert not _confidence.compare(known, np.arange(9))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("n_rows", [(100, 50), (900, 400)])
def test_is_silent_on_random_splits(n_rows, seed):
    train, test = plain_splits(*n_rows, seed)
    assert not findings_of("RANGE002", train, test=test)


def test_rows_beyond_a_range_are_left_to_the_rule_of_ranges():
    test = growth(500, 1)
    test.loc[:60, "other"] = np.linspace(20, 30, 61)
    assert not findings_of("RANGE002", growth(1000, 0), test=test)


def test_numbers_of_any_size_and_gaps_are_judged():
    train, test = growth(600, 0), growth(300, 1)
    for frame in (train, test):
        frame["huge"] = frame["other"] * 1e300
        frame["constant"], frame["empty"] = 7.0, np.nan
        frame["gaps"] = frame["other"].where(frame["size"] > 0)
        frame.loc[0, "other"] = np.inf
    assert not findings_of("RANGE002", train, test=test)


def test_too_few_rows_are_said_to_be_too_few():
    with pytest.raises(AssertionError, match="a half of train has fewer than 25 rows"):
        audited("RANGE002", growth(30, 0), test=growth(30, 1))


def test_the_boundary_of_the_share():
    assert not judge(RULE, far_facts(distances(30)))
    assert severities(judge(RULE, far_facts(distances(31)))) == [Severity.WARNING]


@pytest.mark.parametrize(("n_far", "severity"), [(224, Severity.WARNING), (225, Severity.ERROR)])
def test_the_boundary_of_an_error(n_far, severity):
    """225 of 1,000 are 20 % at least."""
    found = judge(RULE, far_facts(distances(n_far)))
    assert (found[0].evidence["share_far_lower"] >= 0.2) is (severity is Severity.ERROR)
    assert worst(found) == severity


def test_more_far_rows_never_score_milder():
    for n_rows, n_train in ((50, 50), (1000, 3000)):
        steps = [worst(judge(RULE, far_facts(distances(n, n_rows, n_train)))) for n in range(n_rows + 1)]
        assert never_falls(steps)
        assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_the_same_share_scores_the_same_at_every_size():
    for share, severity in ((0.01, 0), (0.08, Severity.WARNING), (0.5, Severity.ERROR)):
        found = {worst(judge(RULE, far_facts(distances(round(share * n), n, n)))) for n in (300, 3000, 6000)}
        assert found == {severity}


def test_random_parts_are_rarely_flagged():
    """Of 2,000 random splits, exchangeable distances of any tail, at most 1 % are flagged."""
    random = np.random.default_rng(0)
    n_loud = 0
    for n_train, n_rows in ((50, 50), (150, 60), (500, 1000), (1000, 300)):
        for _ in range(500):
            all_of_them = random.standard_cauchy(n_train + n_rows)
            train, rows = np.sort(all_of_them[:n_train]), -np.sort(-all_of_them[n_train:])
            excess = np.ones((min(200, n_rows), 1))
            one = JointDistances("test", ("x",), 0, n_train, train, np.arange(n_rows), rows, 0, n_rows, excess)
            n_loud += bool(judge(RULE, far_facts(one)))
    assert n_loud <= 20


def test_the_tails_are_those_of_simulated_splits():
    random = np.random.default_rng(1)
    drawn = random.random((20_000, 60))
    rank = np.sort(drawn[:, :40], axis=1)[:, -2]
    n_beyond = (drawn[:, 40:] > rank[:, None]).sum(axis=1)
    for k in (1, 2, 4, 6):
        assert beyond_rank_tail(k, 20, 40, 2) == pytest.approx((n_beyond >= k).mean(), abs=0.01)
    is_test = np.argsort(drawn, axis=1) >= 40
    padded = np.pad(is_test, ((0, 0), (1, 1)))
    longest = np.zeros(len(drawn), dtype=int)
    running = np.zeros(len(drawn), dtype=int)
    for column in padded.T:
        running = np.where(column, running + 1, 0)
        longest = np.maximum(longest, running)
    for k in (5, 7, 9):
        assert (longest >= k).mean() <= longest_run_tail(k, 20, 40) + 0.005
