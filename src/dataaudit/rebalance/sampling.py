"""From an opened table to the rows that a sampler in memory keeps, repeats and makes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dataaudit.auditing import Progress
from dataaudit.errors import InputError
from dataaudit.proof.opened import Opened
from dataaudit.rebalance.features import Features, read_features, read_labels, read_others, with_ties
from dataaudit.rebalance.matrix import BoolArray, IntArray, Resampled
from dataaudit.rebalance.memory import bytes_needed, check_memory, first_guess, show_bytes
from dataaudit.rebalance.near import find_near_rows, held_out, near_points
from dataaudit.rebalance.order import spread
from dataaudit.rebalance.request import Plan
from dataaudit.rebalance.samplers import FEWEST_PARENTS, resample
from dataaudit.rebalance.sentinels import find_sentinels
from dataaudit.text import REDACTED, Told


@dataclass(frozen=True)
class Sampled:
    """What became of the training rows, by position in `features.rows`.

    Attributes
    ----------
    places : int array
        Where the kept, repeated and made-up rows stand in what is written.
    n_near : int
        Rows of growing classes that no row is made of, for they lie near a held-out row.
    """

    features: Features
    labels: IntArray
    resampled: Resampled
    places: IntArray
    n_near: int
    notes: tuple[str, ...]


def sample_rows(opened: Opened, plan: Plan, say: Progress) -> Sampled:
    """Let a sampler decide over the training rows.

    Raises
    ------
    InputError
        If it needs more memory than it may have, or cannot be used on these rows.
    """
    dataset, settings, strategy = opened.dataset, opened.settings, plan.request.strategy
    n_new = sum(plan.wanted[code] - plan.counts[code] for code in plan.grown)
    needed = first_guess(dataset, strategy.name, n_new, plan.counts, plan.grown)
    say(f"{strategy.name}: about {show_bytes(needed)} of memory")
    check_memory(strategy.name, needed, settings.memory_limit)
    sentinels = find_sentinels(opened.facts, settings.thresholds)
    features = read_features(dataset, sentinels)
    needed = bytes_needed(
        strategy.name,
        len(features.rows),
        n_new,
        len(features.numbers),
        features.matrix.sizes,
        plan.counts,
        plan.grown,
    )
    check_memory(strategy.name, needed, settings.memory_limit)
    labels = read_labels(dataset, plan.train_rows.code)
    near = _near(opened, features, labels, plan)
    if strategy.makes_rows and plan.grown:
        features = with_ties(dataset, features, settings.seed)
    resampled = resample(
        features.matrix,
        labels,
        strategy,
        dict(plan.wanted),
        settings.seed,
        eligible=~near,
        ties=features.sampler_ties(),
    )
    notes = [f"{strategy.name} was expected to take about {show_bytes(needed)} of memory."]
    makes_rows = resampled.synthetic.n_rows > 0
    if features.left_out and makes_rows:
        shown = ", ".join(repr(name) for name in features.left_out[:5])
        more = f" and {len(features.left_out) - 5} more" if len(features.left_out) > 5 else ""
        notes.append(
            f"Texts and columns of many categories tell no distance; a made-up row has those of its nearer parent: "
            f"{shown}{more}."
        )
    notes += sentinels.notes(makes_rows)
    if features.ties is not None and makes_rows:
        notes += features.ties.notes
    notes += [Told(f"{plan.names[code]!r}: {words}.", f"{REDACTED}: {words}.") for code, words in resampled.notes]
    places = spread(len(resampled.kept), len(resampled.repeated) + resampled.synthetic.n_rows, settings.seed)
    return Sampled(features, labels, resampled, places, int(near.sum()), tuple(notes))


def _near(opened: Opened, features: Features, labels: IntArray, plan: Plan) -> BoolArray:
    """Return which rows of growing classes lie near a held-out row.

    Raises
    ------
    InputError
        If no others are left of a class.
    """
    near = np.zeros(len(labels), dtype=bool)
    if not (plan.request.strategy.makes_rows and plan.grown):
        return near
    growing = np.isin(labels, plan.grown)
    table = find_near_rows(opened)
    if table is not None:
        near |= np.isin(features.rows, opened.engine.arrays(f"SELECT row FROM {table}")["row"]) & growing
    for split in held_out(opened):
        near |= near_points(features.matrix, growing & ~near, read_others(opened.dataset, split, features))
    for code in plan.grown:
        n_left = int((~near & (labels == code)).sum())
        if n_left < min(FEWEST_PARENTS, plan.counts[code]):
            raise InputError(
                f"of class {plan.names[code]!r} {n_left} of {plan.counts[code]:,} rows are not near a held-out row: "
                "too few to make others of",
                hint="use weights, or take the rows out that the splits share: dataaudit fix",
            )
    return near
