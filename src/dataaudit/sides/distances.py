"""The map: how far every column of a split is from the same column of train, or of the reference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from dataaudit.intervals import (
    dkw_half_width,
    total_variation_by_chance,
    total_variation_deviation,
    two_shares_z,
)
from dataaudit.measure.drift import Drift, column_drift, rare_together
from dataaudit.side_figures import Comparison, Shift

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

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

    @property
    def alpha(self) -> float:
        """The risk for each column that leaves 1 in 20 for all of them."""
        return ALPHA / max(1, len(self.drifts))

    def comparison(self, facts: Facts) -> Comparison:
        """Return the two with what chance alone may bring."""
        n_rows, n_other = (facts.dataset.relations[split].n_rows for split in (self.against, self.split))
        return Comparison(self.split, self.against, dkw_half_width(n_rows, n_other, self.alpha))


def compared_splits(facts: Facts) -> list[Compared]:
    """Return every other split against train, and the test set (or what there is) against the reference."""
    labels = facts.label_drifts if facts.has("label_drifts") else {}
    found = [
        Compared(split, "train", {**drifts, **({facts.label: labels[split]} if split in labels else {})})
        for split, drifts in facts.drifts.items()
    ]
    if "reference" in facts.dataset.relations:
        split = next(split for split in ("test", "validation", "train") if split in facts.dataset.relations)
        found.append(Compared(split, "reference", _from_reference(facts, split)))
    return [compared for compared in found if compared.drifts]


def _from_reference(facts: Facts, split: str) -> dict[str, Drift]:
    """Return the distance of every feature from the reference."""
    found = {}
    for column in facts.features:
        table = facts.tables.get(column.name)
        if table is None or any(facts.profiles[side][column.name].absent for side in (split, "reference")):
            continue
        found[column.name] = column_drift(
            replace(table, n={"train": table.n["reference"], split: table.n[split]}), split
        )
    return found


def measure_shift(facts: Facts, compared: Compared, column: str) -> Shift | None:
    """Return how far a column is, with what chance brings and what else differs; None if it was not compared."""
    drift = compared.drifts.get(column)
    if drift is None or drift.n_train == 0 or drift.n_other == 0:
        return None
    n_rows, n_other = drift.n_train, drift.n_other
    if drift.measure == "ks":
        upper = drift.effect + dkw_half_width(n_rows, n_other, ALPHA)
        by_chance = dkw_half_width(n_rows, n_other, compared.alpha)
    else:
        upper = drift.effect + total_variation_deviation(n_rows, n_other, ALPHA)
        by_chance = total_variation_by_chance(_both_shares(facts, compared, column), n_rows, n_other, compared.alpha)
    is_label = column == facts.info.label
    return Shift(
        distance=drift.effect,
        lower=drift.lower,
        upper=min(1.0, upper),
        by_chance=by_chance,
        missing=None if is_label else _missing(facts, compared, column),
        share_outside=0.0 if is_label else _share_outside(facts, compared, column),
        share_unseen=0.0 if is_label else _share_unseen(facts, compared, column),
    )


def _both_shares(facts: Facts, compared: Compared, column: str) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return the shares of a column's categories in two splits together, the rare ones in one."""
    if column == facts.info.label:
        counts = facts.classes.counts
        both = counts[compared.against] + counts[compared.split]
    else:
        table = facts.tables[column]
        ours, theirs = (table.n[split][: table.missing_key] for split in (compared.against, compared.split))
        both = np.sum(rare_together(ours, theirs, table.other_key), axis=0)
    return np.asarray(both / max(1, int(both.sum())), dtype=np.float64)


def _missing(facts: Facts, compared: Compared, column: str) -> tuple[float, float] | None:
    ours, theirs = (facts.profiles[split][column] for split in (compared.against, compared.split))
    z = two_shares_z(ours.n_missing, ours.n_rows, theirs.n_missing, theirs.n_rows)
    if abs(z) < LEAST_Z or abs(ours.share_missing - theirs.share_missing) < LEAST_SHARE:
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
