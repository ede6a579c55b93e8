from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from scipy import stats
from tests.measure.small import mixed, present

from dataaudit.measure.shifts.world import binomial_tails


def with_prior(facts, **prior):
    facts.dataset = dataclasses.replace(facts.dataset, prior=prior)
    return facts


def test_the_reference_is_compared_with_test_on_the_common_bins(measure):
    facts = measure(mixed(400), test=mixed(300, seed=1), reference=mixed(350, seed=2, shift=0.6))
    world = facts.shifts.world
    assert world.split == "test"
    assert set(world.drifts) == set(facts.drifts["test"])
    full = stats.ks_2samp(present(mixed(300, seed=1)["measure"]), present(mixed(350, seed=2, shift=0.6)["measure"]))
    drift = world.drifts["measure"]
    assert drift.effect == pytest.approx(full.statistic, abs=0.03)
    assert (drift.base, drift.split) == ("reference", "test")
    assert (drift.n_train, drift.n_other) == (
        mixed(350, seed=2, shift=0.6)["measure"].notna().sum(),
        mixed(300, seed=1)["measure"].notna().sum(),
    )
    assert set(world.matched) == set(world.drifts)


def test_beyond_the_range_of_train_all_values_are_compared(measure):
    far = {"test": mixed(300, seed=1, shift=50), "reference": mixed(200, seed=2, shift=51)}
    drift = measure(mixed(400), **far).shifts.world.drifts["measure"]
    full = stats.ks_2samp(*(present(frame["measure"]) for frame in far.values()))
    assert drift.effect == pytest.approx(full.statistic, abs=1e-12)
    assert drift.sampled


def test_which_split_is_judged_and_that_there_may_be_no_world(measure):
    assert measure(mixed(100), validation=mixed(50), reference=mixed(50)).shifts.world.split == "validation"
    assert measure(mixed(100), reference=mixed(50)).shifts.world.split == "train"
    alone = measure(mixed(100), test=mixed(50))
    assert (alone.shifts.world, alone.shifts.world_labels, alone.shifts.prior_mixes) == (None, {}, {})
    assert alone.shifts.world_joint_drift is None


def test_labels_of_every_split_are_compared_with_the_reference(measure):
    facts = measure(mixed(400), test=mixed(300, seed=1, shift=1.0), reference=mixed(350, seed=2))
    found = facts.shifts.world_labels
    shares = [frame["y"].value_counts(normalize=True) for frame in (mixed(300, seed=1, shift=1.0), mixed(350, seed=2))]
    assert set(found) == {"train", "test"}
    assert found["test"].effect == pytest.approx((shares[0] - shares[1]).abs().sum() / 2)
    assert measure(mixed(100), reference=mixed(50).drop(columns="y")).shifts.world_labels == {}


def test_classes_beside_declared_shares(measure):
    test = mixed(300, seed=1)
    mix = with_prior(measure(mixed(400), test=test), bee=0.2).shifts.prior_mixes["test"]
    n_bee, n = (test["y"] == "bee").sum(), test["y"].notna().sum()
    assert mix.names == ("bee", "(other classes)")
    assert mix.counts.tolist() == [n_bee, n - n_bee]
    assert mix.drift.effect == pytest.approx(abs(n_bee / n - 0.2))
    tails = stats.binom.cdf(n_bee, n, 0.2), stats.binom.sf(n_bee - 1, n, 0.2)
    assert mix.p_values[0] == pytest.approx(min(1.0, 2 * min(tails)))
    all_but_one = with_prior(measure(mixed(400), test=test), bee=0.2, cat=0.3).shifts.prior_mixes["train"]
    assert all_but_one.names == ("bee", "cat", "ant")
    assert all_but_one.shares.tolist() == pytest.approx([0.2, 0.3, 0.5])


def test_shares_of_a_few_classes_are_judged_by_chi_square(measure):
    mix = with_prior(measure(mixed(2000)), ant=0.3, bee=0.3, cat=0.4).shifts.prior_mixes["train"]
    by_chi_square = stats.chisquare(mix.counts, mix.shares * mix.counts.sum()).pvalue
    assert mix.drift.p_value == pytest.approx(2 * min(by_chi_square, 2 * mix.p_values.min()), rel=1e-6, abs=1e-200)


def test_tails_at_the_ends():
    tails = binomial_tails(np.array([0, 3, 7]), np.array([0.0, 0.0, 1.0]))
    assert tails.tolist() == [1.0, 0.0, 0.0]
    assert binomial_tails(np.array([0, 10]), np.array([0.5, 0.5])).tolist() == pytest.approx([2 / 1024, 2 / 1024])
