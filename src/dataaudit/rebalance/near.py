"""Training rows near rows of another split: they are repeated by nobody, and nobody's parents."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dataaudit.rebalance.matrix import BoolArray, FloatArray, Matrix

if TYPE_CHECKING:
    from dataaudit.proof.opened import Opened

NEAR_ROWS = "rebalance_near"
HELD_OUT = ("validation", "test")
# Of the distance at which training rows usually have their nearest other.
SHARE_OF_SPACING = 0.1
ROWS_TO_TELL_SPACING = 2_000


def held_out(opened: Opened) -> list[str]:
    """Return the splits a model will be measured on."""
    return [split for split in HELD_OUT if split in opened.dataset.relations]


def find_near_rows(opened: Opened) -> str | None:
    """Create the table of training rows that equal or nearly agree with a held-out row; return its name, if any.

    Near is what the audit calls near: equal in all features, or told as near duplicates (LEAK002).
    """
    others = held_out(opened)
    if not others or not opened.facts.features:
        return None
    facts = opened.facts
    _ = facts.row_hashes
    parts = [f"SELECT row FROM hash_train WHERE features IN (SELECT features FROM hash_{split})" for split in others]
    near = facts.near_overlaps
    parts += [f"SELECT twin AS row FROM near_pairs_{split}" for split in others if split in near]
    opened.engine.run(f"CREATE TEMP TABLE {NEAR_ROWS} AS {' UNION '.join(parts)}")
    return NEAR_ROWS


def near_points(train: Matrix, candidates: BoolArray, others: Matrix) -> BoolArray:
    """Return which of the candidates lie next to a row of `others`, as a sampler measures distances.

    Parameters
    ----------
    train : Matrix
    candidates : bool array of shape (n_rows,)
    others : Matrix
        Of the same scale.
    """
    from sklearn.neighbors import NearestNeighbors

    near = np.zeros(train.n_rows, dtype=bool)
    places = np.flatnonzero(candidates)
    if not len(places) or not others.n_rows:
        return near
    points = train.flat()
    reach = SHARE_OF_SPACING * _spacing(points)
    search = NearestNeighbors(n_neighbors=1).fit(others.flat())
    distances = search.kneighbors(points[places])[0][:, 0]
    # What was computed in another order differs in the last digits.
    near[places] = distances <= reach + 1e-9
    return near


def _spacing(points: FloatArray) -> float:
    """Return the median distance of a training row to the nearest row that is not equal to it."""
    from sklearn.neighbors import NearestNeighbors

    different = np.unique(points, axis=0)
    if len(different) < 2:
        return 0.0
    some = different[np.linspace(0, len(different) - 1, min(ROWS_TO_TELL_SPACING, len(different))).astype(int)]
    distances = NearestNeighbors(n_neighbors=2).fit(different).kneighbors(some)[0][:, 1]
    return float(np.median(distances))
