"""Distances between train and another split, per column and for the label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from dataaudit.intervals import chi_square_tail, dkw_half_width, kolmogorov_tail, total_variation_bounds
from dataaudit.measure.labels import splits_with_label
from dataaudit.model import Kind, Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts
    from dataaudit.measure.tables import ValueTable

# The column, the split, and what the split is compared with.
About = tuple[str, str, str]
# Rows per key; weighted, or divided by how many hang together, no whole numbers.
Counts = NDArray[np.int64] | NDArray[np.float64]
LEAST_EXPECTED = 5
ALPHA = 0.05


@dataclass(frozen=True)
class Drift:
    """How far one column's distribution in a split is from that in another, `base`, which is train unless said.

    `effect` is the Kolmogorov-Smirnov distance on the common bins for numbers
    and datetimes, the total variation distance for categories. `lower` and
    `upper` are its 95 % bounds; `p_value` is that of the distance if both
    were drawn alike. `n_train` are the rows of `base`, whichever it is; rows
    that are weighted, or hang together, count as so many independent ones.
    Missing cells are left out (SPLIT003 judges them).
    """

    column: str
    split: str
    measure: Literal["ks", "tv"]
    effect: float
    lower: float
    p_value: float
    n_train: int
    n_other: int
    upper: float = 1.0
    base: str = "train"
    sampled: bool = False


@dataclass(frozen=True)
class UnseenValues:
    """Rows of a split whose category never occurs in train.

    `n_once` and `n_twice` count the categories that occur exactly once and
    twice in train: Good and Turing expect a share n_once / n_train of new
    rows to be unseen. `n_rows_commonest` are the rows of the commonest unseen
    category (0: not counted).
    """

    column: str
    split: str
    n_rows: int
    n_rows_unseen: int
    n_values_unseen: int
    n_train: int
    n_once: int
    n_twice: int
    examples: tuple[str, ...]
    sampled: bool = False
    n_rows_commonest: int = 0


@dataclass(frozen=True)
class OutsideRange:
    """Rows of a split beyond the training range of a numeric or datetime column."""

    column: str
    split: str
    n_rows: int
    n_below: int
    n_above: int
    n_train: int
    train_minimum: float
    train_maximum: float
    minimum: float
    maximum: float
    iqr_train: float
    sampled: bool = False


def measure_drifts(facts: Facts) -> dict[str, dict[str, Drift]]:
    """Measure every feature present on both sides, split by split."""
    return {split: drifts_between(facts, split) for split in facts.other_splits}


def drifts_between(facts: Facts, split: str, base: str = "train") -> dict[str, Drift]:
    """Measure every feature that both splits have."""
    return {
        name: column_drift(
            facts.tables[name],
            split,
            base,
            (rows_per_draw(facts, name, base), rows_per_draw(facts, name, split)),
        )
        for name in columns_of_both(facts, split, base)
    }


def rows_per_draw(facts: Facts, column: str, split: str) -> float:
    """Return how many rows of a split count as one independent draw of a column: more than one only in groups."""
    return facts.shifts.rows_per_draw.get(split, {}).get(column, 1.0)


def columns_of_both(facts: Facts, split: str, base: str) -> list[str]:
    """Return the counted features that both splits have."""
    names = [column.name for column in facts.features if column.name in facts.tables]
    return [name for name in names if not any(facts.profiles[one][name].absent for one in (split, base))]


def measure_label_drifts(facts: Facts, base: str = "train") -> dict[str, Drift]:
    """Measure the label in every split that has it, against `base`; in other splits than train if that is train."""
    labelled = splits_with_label(facts.dataset)
    splits = [split for split in ("train", *facts.other_splits) if split in labelled and split != base]
    if base not in labelled:
        return {}
    is_number = facts.info.task is Task.REGRESSION
    counts, distance = (facts.target.counts, ordered_drift) if is_number else (facts.classes.counts, named_drift)
    found = {}
    for split in splits:
        ours, other = (counts[one] / rows_per_draw(facts, facts.label, one) for one in (base, split))
        found[split] = distance((facts.label, split, base), ours, other)
    return found


def column_drift(
    table: ValueTable, split: str, base: str = "train", per_draw: tuple[float, float] = (1.0, 1.0)
) -> Drift:
    """Return the distance of one column between two splits, missing cells left out.

    So many rows of `base` and of the split count as one independent draw.
    """
    ours, other = table.n[base][:-1] / per_draw[0], table.n[split][:-1] / per_draw[1]
    return distance_of(table, (table.column, split, base), ours, other)


def distance_of(table: ValueTable, about: About, base: Counts, other: Counts) -> Drift:
    """Return the distance of counts of a table's keys that are not missing."""
    if table.is_bin:
        return ordered_drift(about, base, other)
    return named_drift(about, *rare_together(base, other, table.other_key))


def rare_together(base: Counts, other: Counts, other_key: int | None) -> tuple[Counts, Counts]:
    """Return both counts with the rare categories in one, as the values that are not listed are.

    Which values are listed and which are rare depends on the sum of both, so
    that a random split moves nothing into the common rest or out of it.
    """
    totals = base + other
    n_rows = float(totals.sum())
    smaller = min(float(base.sum()), float(other.sum())) / max(1.0, n_rows)
    rare = totals * smaller < LEAST_EXPECTED
    if other_key is not None:
        rare[other_key] = True
    return np.append(base[~rare], base[rare].sum()), np.append(other[~rare], other[rare].sum())


def ordered_drift(about: About, base: Counts, other: Counts) -> Drift:
    """Return the Kolmogorov-Smirnov distance of counts per bin, in order."""
    column, split, base_name = about
    n, m = round(float(base.sum())), round(float(other.sum()))
    if n == 0 or m == 0:
        return Drift(column, split, "ks", 0.0, 0.0, 1.0, n, m, base=base_name)
    distance = float(np.abs(np.cumsum(base) / base.sum() - np.cumsum(other) / other.sum()).max())
    p_value, width = kolmogorov_tail(distance, n, m), dkw_half_width(n, m, ALPHA)
    bounds = max(0.0, distance - width), min(1.0, distance + width)
    return Drift(column, split, "ks", distance, bounds[0], p_value, n, m, bounds[1], base_name)


def named_drift(about: About, base: Counts, other: Counts) -> Drift:
    """Return the total variation distance; its lower bound takes off what chance adds to it."""
    column, split, base_name = about
    n, m = round(float(base.sum())), round(float(other.sum()))
    if n == 0 or m == 0:
        return Drift(column, split, "tv", 0.0, 0.0, 1.0, n, m, base=base_name)
    distance = 0.5 * float(np.abs(base / base.sum() - other / other.sum()).sum())
    lower, upper = total_variation_bounds(base.astype(np.float64), other.astype(np.float64), ALPHA)
    return Drift(column, split, "tv", distance, lower, homogeneity(base, other), n, m, upper, base_name)


def homogeneity(base: Counts, other: Counts) -> float:
    """Return the chi-square p-value of two rows of counts, categories expected below 5 pooled."""
    table = np.array([base, other], dtype=np.float64)
    totals = table.sum(axis=0)
    smaller = float(table.sum(axis=1).min()) / float(table.sum())
    rare = totals * smaller < LEAST_EXPECTED
    merged = np.column_stack([table[:, ~rare], table[:, rare].sum(axis=1)]) if rare.any() else table
    merged = merged[:, merged.sum(axis=0) > 0]
    expected = np.outer(merged.sum(axis=1), merged.sum(axis=0)) / merged.sum()
    statistic = float(((merged - expected) ** 2 / expected).sum())
    return chi_square_tail(statistic, merged.shape[1] - 1)


def measure_unseen(facts: Facts) -> dict[str, dict[str, UnseenValues]]:
    """Count rows whose category train never shows, over all values, and train's singletons.

    Of features only: a good split by group leaves every group of test unseen.
    """
    counted = facts.key_counts
    features = {column.name for column in facts.features}
    if not counted.columns:
        return {split: {} for split in facts.other_splits}
    engine = facts.dataset.engine
    train_keys = "SELECT col, key, sum(n) AS n FROM key_counts_train WHERE key IS NOT NULL GROUP BY ALL"
    rarity = {
        int(col): (int(n), int(once), int(twice))
        for col, n, once, twice in engine.rows(
            f"SELECT col, sum(n), count_if(n = 1), count_if(n = 2) FROM ({train_keys}) GROUP BY col"
        )
    }
    found: dict[str, dict[str, UnseenValues]] = {}
    for split in facts.other_splits:
        rows = engine.rows(
            "SELECT o.col, sum(o.n), coalesce(sum(o.n) FILTER (t.key IS NULL), 0), count_if(t.key IS NULL), "
            "arg_max(left(o.key, 80), (o.n, o.key), 5) FILTER (t.key IS NULL), "
            "coalesce(max(o.n) FILTER (t.key IS NULL), 0) FROM "
            f"(SELECT col, key, sum(n) AS n FROM key_counts_{split} WHERE key IS NOT NULL GROUP BY ALL) AS o "
            f"LEFT JOIN ({train_keys}) AS t ON o.col = t.col AND o.key = t.key GROUP BY o.col ORDER BY o.col"
        )
        found[split] = {
            counted.columns[col]: UnseenValues(
                counted.columns[col],
                split,
                int(n),
                int(n_unseen),
                int(n_values),
                *rarity[col],
                tuple(examples or ()),
                n_rows_commonest=int(n_commonest),
            )
            for col, n, n_unseen, n_values, examples, n_commonest in rows
            if col in rarity and counted.columns[col] in features
        }
    return found


def measure_outside(facts: Facts) -> dict[str, dict[str, OutsideRange]]:
    """Count rows beyond the training range of every numeric and datetime feature, over all rows."""
    train = facts.profiles["train"]
    columns = [
        column
        for column in facts.features
        if column.kind in (Kind.NUMERIC, Kind.DATETIME) and train[column.name].minimum is not None
    ]
    return {split: _outside_split(facts, split, [column.name for column in columns]) for split in facts.other_splits}


def _outside_split(facts: Facts, split: str, columns: list[str]) -> dict[str, OutsideRange]:
    train, other = facts.profiles["train"], facts.profiles[split]
    found = {}
    for name in columns:
        table, profile, ours = facts.tables[name], other[name], train[name]
        if profile.minimum is None or profile.maximum is None or ours.minimum is None or ours.maximum is None:
            continue
        quantiles = facts.quantiles.get(name)
        found[name] = OutsideRange(
            column=name,
            split=split,
            n_rows=profile.n_present,
            n_below=int(table.n[split][0]),
            n_above=int(table.n[split][-2]),
            n_train=ours.n_present,
            train_minimum=ours.minimum,
            train_maximum=ours.maximum,
            minimum=profile.minimum,
            maximum=profile.maximum,
            iqr_train=0.0 if quantiles is None else quantiles.at(0.75) - quantiles.at(0.25),
        )
    return found
