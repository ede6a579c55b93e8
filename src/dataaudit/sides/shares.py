"""A column of few values in all splits: the share of each with its interval."""

from __future__ import annotations

import numpy as np

from dataaudit.intervals import two_shares_z, wilson
from dataaudit.side_figures import Share, ShareRow, ShareTable
from dataaudit.sides.counted import CountedColumn
from dataaudit.text import show_value

MOST_CATEGORIES = 8
# Of these, places kept for the categories whose shares differ most, however rare.
MOST_CHANGED = 3
ALL_OTHERS = "all others"
MISSING = "(missing)"


def share_table(counted: CountedColumn) -> ShareTable | None:
    """Return the shares of the commonest categories, of those that changed most, of all others and of missing cells."""
    splits = tuple(split for split, n in counted.n.items() if int(n.sum()) + counted.n_missing[split] > 0)
    if not splits:
        return None
    n_rows = {split: int(counted.n[split].sum()) + counted.n_missing[split] for split in splits}
    listed = _listed(counted, splits, n_rows)
    others = [key for key in range(len(counted.keys)) if key not in listed]
    rows = [_row(show_value(counted.keys[key]), counted, n_rows, [key]) for key in listed]
    if any(counted.n[split][others].sum() > 0 for split in splits):
        rows.append(_row(ALL_OTHERS, counted, n_rows, others, from_data=False))
    if any(counted.n_missing[split] > 0 for split in splits):
        shares = tuple(_share(counted.n_missing[split], n_rows[split]) for split in splits)
        rows.append(ShareRow(MISSING, shares, from_data=False))
    return ShareTable(splits, tuple(rows)) if rows else None


def _listed(counted: CountedColumn, splits: tuple[str, ...], n_rows: dict[str, int]) -> list[int]:
    """Return the keys that have a line: intervals in their order, of categories the commonest of the first split."""
    named = [
        key
        for key in range(len(counted.keys))
        if key != counted.other_key and any(counted.n[split][key] > 0 for split in splits)
    ]
    if counted.edges is not None:
        return named
    shares = np.array([counted.n[split] / n_rows[split] for split in splits])
    commonest = sorted(named, key=lambda key: (-float(shares[:, key].max()), key))
    if len(named) > MOST_CATEGORIES:
        changed = sorted(named, key=lambda key: (-_change(counted, splits, n_rows, key), key))[:MOST_CHANGED]
        commonest = [*changed, *(key for key in commonest if key not in changed)][:MOST_CATEGORIES]
    return sorted(commonest, key=lambda key: (-float(shares[0, key]), -float(shares[:, key].max()), key))


def _change(counted: CountedColumn, splits: tuple[str, ...], n_rows: dict[str, int], key: int) -> float:
    """Return how surely the share differs from the first split's, as the largest z."""
    first = splits[0]
    ours = float(counted.n[first][key])
    others = ((float(counted.n[split][key]), n_rows[split]) for split in splits[1:])
    return max((abs(two_shares_z(ours, n_rows[first], theirs, n)) for theirs, n in others), default=0.0)


def _row(
    name: str, counted: CountedColumn, n_rows: dict[str, int], keys: list[int], *, from_data: bool = True
) -> ShareRow:
    shares = tuple(_share(int(counted.n[split][keys].sum()), n) for split, n in n_rows.items())
    return ShareRow(name, shares, from_data=from_data)


def _share(n_hits: int, n_rows: int) -> Share:
    return Share(n_hits / n_rows, *wilson(n_hits, n_rows))
