"""How far a split is from the world: from a reference sample of it, or from the shares of the classes declared."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.intervals import chi_square_tail, dkw_half_width, kolmogorov_tail, total_variation_bounds
from dataaudit.measure.drift import (
    ALPHA,
    LEAST_EXPECTED,
    Drift,
    drifts_between,
    measure_label_drifts,
    rows_per_draw,
)
from dataaudit.measure.labels import splits_with_label
from dataaudit.measure.shifts.matched import matched_drifts

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable

REFERENCE, PRIOR = "reference", "prior"
REST = "(other classes)"
# A bin that holds more of both splits may hide a distance: it was cut where train has its rows.
MOST_IN_BIN = 1 / 32
# Rows of a sample whose shares are as good as known.
ENDLESS = 1e12
FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


@dataclass(frozen=True)
class PriorMix:
    """The classes of a split beside the shares declared for the world.

    Attributes
    ----------
    names : tuple of str
        The declared classes; the others share one place, the last, unless there is one only.
    counts : int array of shape (n_names,)
        Labelled rows of the split.
    shares : float array of shape (n_names,)
        What was declared, and the rest.
    p_values : float array of shape (n_names,)
        Chance of so unlikely a count of each (binomial, both tails).
    drift : Drift
        The total variation distance from the shares, with its interval.
    """

    names: tuple[str, ...]
    counts: IntArray
    shares: FloatArray
    p_values: FloatArray
    drift: Drift


@dataclass(frozen=True)
class World:
    """One split beside the reference.

    `drifts` are the distances of the features; `matched`, those with the
    reference weighted to the split's mix of classes, empty where either has none.
    """

    split: str
    drifts: Mapping[str, Drift]
    matched: Mapping[str, Drift]


def judged_split(facts: Facts) -> str:
    """Return the split that should be as the world is: test, else validation, else train."""
    return next(split for split in ("test", "validation", "train") if split in facts.dataset.relations)


def measure_world(facts: Facts) -> World | None:
    """Measure the features of the judged split against the reference; None without one."""
    if REFERENCE not in facts.dataset.relations:
        return None
    split = judged_split(facts)
    drifts = {
        name: _finer(facts, facts.tables[name], drift)
        for name, drift in drifts_between(facts, split, REFERENCE).items()
    }
    return World(split, drifts, matched_drifts(facts, split, REFERENCE))


def _finer(facts: Facts, table: ValueTable, drift: Drift) -> Drift:
    """Return the distance on all values of some rows instead, where bins that were cut on train are too coarse."""
    rows = facts.shifts.split_rows
    if not table.is_bin or table.column not in rows[drift.split].cells or not _is_coarse(table, drift):
        return drift
    ours, other = (np.sort(rows[one].cells[table.column]) for one in (drift.base, drift.split))
    ours, other = ours[~np.isnan(ours)], other[~np.isnan(other)]
    if not len(ours) or not len(other):
        return drift
    at = np.concatenate([ours, other])
    below = [np.searchsorted(values, at, side="right") / len(values) for values in (ours, other)]
    distance = float(np.abs(below[0] - below[1]).max())
    if distance <= drift.effect:
        return drift
    n, m = (
        round(len(values) / rows_per_draw(facts, table.column, one))
        for values, one in ((ours, drift.base), (other, drift.split))
    )
    width = dkw_half_width(n, m, ALPHA)
    return replace(
        drift,
        effect=distance,
        lower=max(0.0, distance - width),
        upper=min(1.0, distance + width),
        p_value=kolmogorov_tail(distance, n, m),
        n_train=n,
        n_other=m,
        sampled=True,
    )


def _is_coarse(table: ValueTable, drift: Drift) -> bool:
    ours, other = (table.n[one][:-1] / max(1, table.n[one][:-1].sum()) for one in (drift.base, drift.split))
    return bool(np.minimum(ours, other).max() > MOST_IN_BIN)


def measure_world_label_drifts(facts: Facts) -> dict[str, Drift]:
    """Measure the label of every split, train included, against the reference's; empty if either has none."""
    if facts.info.label is None or REFERENCE not in facts.dataset.relations:
        return {}
    counts = measure_label_drifts(facts, REFERENCE)
    return {split: drift for split, drift in counts.items() if min(drift.n_train, drift.n_other) > 0}


def measure_prior_mixes(facts: Facts) -> dict[str, PriorMix]:
    """Compare the classes of every split that has any, train included, with the shares declared; empty without."""
    prior = facts.dataset.prior
    if not prior:
        return {}
    splits = [split for split in ("train", *facts.other_splits) if split in splits_with_label(facts.dataset)]
    counts = {split: facts.classes.counts[split] for split in splits}
    return {split: _mix(facts, split, n, prior) for split, n in counts.items() if n.sum() > 0}


def _mix(facts: Facts, split: str, counts: IntArray, prior: Mapping[str, float]) -> PriorMix:
    by_name = dict(zip(facts.classes.classes, counts.tolist(), strict=True))
    rest = [name for name in by_name if name not in prior]
    names = tuple(prior) + ((rest[0] if len(rest) == 1 else REST,) if rest else ())
    listed = [by_name[name] for name in prior] + ([sum(by_name[name] for name in rest)] if rest else [])
    declared = list(prior.values())
    shares = np.array(declared + ([max(0.0, 1 - math.fsum(declared))] if rest else []))
    shares = shares / shares.sum()
    n = np.array(listed, dtype=np.int64)
    per_draw = rows_per_draw(facts, facts.label, split)
    return PriorMix(names, n, shares, binomial_tails(n, shares), _from_shares(facts.label, split, n / per_draw, shares))


def binomial_tails(counts: IntArray, shares: FloatArray) -> FloatArray:
    """Return for each count the chance of one so far from its share, tails doubled.

    >>> binomial_tails(np.array([50, 50]), np.array([0.5, 0.5])).tolist(), binomial_tails(
    ...     np.array([1, 9]), np.array([0.0, 1.0])).tolist()
    ([1.0, 1.0], [0.0, 0.0])
    """
    from scipy.special import bdtr, bdtrc

    n = int(counts.sum())
    below = bdtr(counts.astype(np.float64), n, shares)
    above = np.where(counts > 0, bdtrc(np.maximum(counts - 1, 0).astype(np.float64), n, shares), 1.0)
    tails: FloatArray = np.minimum(1.0, 2 * np.minimum(below, above))
    return tails


def _from_shares(column: str, split: str, counts: FloatArray, shares: FloatArray) -> Drift:
    """Return the total variation distance of counts from known shares: as from a sample without end."""
    n = round(float(counts.sum()))
    distance = 0.5 * float(np.abs(counts / counts.sum() - shares).sum())
    lower, upper = total_variation_bounds(shares * ENDLESS, counts.astype(np.float64), ALPHA)
    p_value = _goodness_of_fit(counts, shares)
    return Drift(column, split, "tv", distance, lower, p_value, 0, n, upper, PRIOR)


def _goodness_of_fit(counts: FloatArray, shares: FloatArray) -> float:
    """Return the p-value of counts given shares: chi-square, or the least binomial tail where few are expected."""
    n = float(counts.sum())
    tails = binomial_tails(counts.round().astype(np.int64), shares)
    least = min(1.0, float(tails.min()) * max(1, len(tails) - 1))
    expected = n * shares
    if len(shares) < 3 or expected.min() < LEAST_EXPECTED:
        return least
    return min(
        1.0, 2 * min(least, chi_square_tail(float(((counts - expected) ** 2 / expected).sum()), len(shares) - 1))
    )
