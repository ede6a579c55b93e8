"""Could a column of a small table tell the label by luck? Exact, over everything that was tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dataaudit.rules._chance import share_change_tail

if TYPE_CHECKING:
    from dataaudit.measure.labels import IntArray

# Where more rows carry the label's variance, no luck makes a column explain a third of it.
FEW_ROWS = 400
MOST_TESTED = 30


def luck(counts: IntArray, *, ordered_keys: bool = False, ordered_classes: bool = False) -> float:
    """Return a bound of the chance that a table with these margins shows so clear a link.

    The smallest of Fisher's exact p-values over all pairs of a key and a
    class, times the number of pairs (Bonferroni).

    Parameters
    ----------
    counts : array of shape (n_keys, n_classes)
    ordered_keys, ordered_classes : bool
        Whether "up to this key" and "up to this class" are tried as well.

    >>> round(luck(np.array([[10, 0], [0, 10]])), 6), luck(np.array([[5, 5], [5, 5]]))
    (4.3e-05, 1.0)
    """
    table = _with_runs(counts, ordered_keys)
    table = _with_runs(table.T, ordered_classes).T
    n_key = _with_runs(counts.sum(axis=1)[:, None], ordered_keys)[:, 0]
    n_class = _with_runs(counts.sum(axis=0)[:, None], ordered_classes)[:, 0]
    n_rows = int(counts.sum())
    expected = np.outer(n_key, n_class) / max(1, n_rows)
    clearest = np.argsort(-((table - expected) ** 2 / np.maximum(expected, 1e-9)), axis=None)[:MOST_TESTED]
    tails = [1.0]
    for place in clearest.tolist():
        key, label = divmod(place, table.shape[1])
        both, of_key, of_class = int(table[key, label]), int(n_key[key]), int(n_class[label])
        tails.append(share_change_tail(both, of_class, of_key - both, n_rows - of_class))
    return min(1.0, min(tails) * table.size)


def _with_runs(counts: IntArray, ordered: bool) -> IntArray:
    """Return the rows of counts and, if they are ordered, the sums of the first two, three, ..."""
    return np.vstack([counts, np.cumsum(counts, axis=0)[1:-1]]) if ordered else counts
