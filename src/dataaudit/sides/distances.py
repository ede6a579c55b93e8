"""The map: how far every column of a split is from the same column of train, or of the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.intervals import dkw_half_width, holm, normal_tail, total_variation_by_chance, two_shares_z
from dataaudit.measure.drift import Drift, rare_together, rows_per_draw
from dataaudit.side_figures import Comparison, Shift
from dataaudit.sides.counted import in_order

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
REFERENCE = "reference"
ALPHA = 0.05
# From here on missing cells and cells that train never shows are worth a word.
LEAST_SHARE = 0.005
LEAST_Z = 3.0


@dataclass(frozen=True)
class Compared:
    """Two splits, and the distances of their columns, the label's among them."""

    split: str
    against: str
    drifts: Mapping[str, Drift]

    @cached_property
    def p_values(self) -> Mapping[str, float]:
        """Holm's p-value of every column, as the rules judge it."""
        return dict(zip(self.drifts, holm([drift.p_value for drift in self.drifts.values()]), strict=True))

    @property
    def alpha(self) -> float:
        """The risk for each column that leaves 1 in 20 for all of them."""
        return ALPHA / max(1, len(self.drifts))

    def comparison(self, facts: Facts) -> Comparison:
        """Return the two with what chance alone may bring."""
        n_rows, n_other = (facts.dataset.relations[split].n_rows for split in (self.against, self.split))
        return Comparison(self.split, self.against, dkw_half_width(n_rows, n_other, self.alpha))


def compared_splits(facts: Facts) -> list[Compared]:
    """Return every other split against train, and the test set (or what there is) against the reference.

    Only as far as rules have asked.
    """
    found: list[Compared] = []
    if facts.has("drifts"):
        labels = facts.label_drifts if facts.has("label_drifts") else {}
        drifts = {split: _with_label(facts.drifts[split], labels.get(split)) for split in in_order(facts.drifts)}
        found += [Compared(split, "train", of_split) for split, of_split in drifts.items()]
    world = facts.shifts.world if facts.has("world") else None
    if world is not None:
        labels = facts.shifts.world_labels if facts.has("world_labels") else {}
        found.append(Compared(world.split, REFERENCE, _with_label(world.drifts, labels.get(world.split))))
    return [compared for compared in found if compared.drifts]


def _with_label(drifts: Mapping[str, Drift], label: Drift | None) -> Mapping[str, Drift]:
    return drifts if label is None else {**drifts, label.column: label}


def measure_shift(facts: Facts, compared: Compared, column: str, *, is_flagged: bool = False) -> Shift | None:
    """Return how far a column is, with what chance brings and what else differs; None if it was not compared."""
    drift = compared.drifts.get(column)
    if drift is None or drift.n_train == 0 or drift.n_other == 0:
        return None
    if drift.measure == "ks":
        by_chance = dkw_half_width(drift.n_train, drift.n_other, compared.alpha)
    else:
        shares = _both_shares(facts, compared, column)
        by_chance = total_variation_by_chance(shares, drift.n_train, drift.n_other, compared.alpha)
    is_label = column == facts.info.label
    return Shift(
        distance=drift.effect,
        lower=drift.lower,
        upper=drift.upper,
        by_chance=by_chance,
        is_sure=compared.p_values[column] < ALPHA,
        is_flagged=is_flagged,
        missing=None if is_label else _missing(facts, compared, column),
        share_outside=0.0 if is_label else _share_outside(facts, compared, column),
        share_unseen=0.0 if is_label else _share_unseen(facts, compared, column),
    )


def _both_shares(facts: Facts, compared: Compared, column: str) -> FloatArray:
    """Return the shares of a column's categories in two splits together, the rare ones in one."""
    is_label = column == facts.info.label
    table = None if is_label else facts.tables[column]
    counts = facts.classes.counts if table is None else table.n
    ours, theirs = (
        counts[split][: None if table is None else table.missing_key] / rows_per_draw(facts, column, split)
        for split in (compared.against, compared.split)
    )
    both = ours + theirs if table is None else np.sum(rare_together(ours, theirs, table.other_key), axis=0)
    shares: FloatArray = both / max(1.0, float(both.sum()))
    return shares


def _missing(facts: Facts, compared: Compared, column: str) -> tuple[float, float] | None:
    ours, theirs = (facts.profiles[split][column] for split in (compared.against, compared.split))
    z = two_shares_z(ours.n_missing, ours.n_rows, theirs.n_missing, theirs.n_rows)
    is_chance = abs(z) < LEAST_Z or 2 * normal_tail(abs(z)) >= compared.alpha
    if is_chance or abs(ours.share_missing - theirs.share_missing) < LEAST_SHARE:
        return None
    return ours.share_missing, theirs.share_missing


def _share_outside(facts: Facts, compared: Compared, column: str) -> float:
    """Return the share of rows beyond the range of train, where it is more than a range leaves out by chance."""
    if compared.against != "train" or not facts.has("outside"):
        return 0.0
    found = facts.outside[compared.split].get(column)
    if found is None or found.n_rows == 0:
        return 0.0
    share = (found.n_below + found.n_above) / found.n_rows
    return share if share - 2 / (found.n_train + 1) >= LEAST_SHARE else 0.0


def _share_unseen(facts: Facts, compared: Compared, column: str) -> float:
    """Return the share of rows whose category train never shows, where rare categories do not explain it."""
    if compared.against != "train" or not facts.has("unseen"):
        return 0.0
    found = facts.unseen[compared.split].get(column)
    if found is None or found.n_rows == 0:
        return 0.0
    share = found.n_rows_unseen / found.n_rows
    return share if share - found.n_once / max(1, found.n_train) >= LEAST_SHARE else 0.0
