"""Units dealt one by one as scikit-learn's StratifiedGroupKFold does it, for parts of any size.

The units whose classes differ most in their rows first, each to where the shares of the classes' rows in the parts
spread least (scikit-learn 1.5 and later, `sklearn/model_selection/_split.py`; after a kernel by J. Wasikowski, Apache
License 2.0). It is one of the starts of ours, so that what comes of it can be no worse.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def spread_out(units: IntArray, shares: FloatArray, order: IntArray) -> IntArray:
    """Return the part of every unit.

    Parameters
    ----------
    units : array, shape (units, classes)
        Rows of every class in each unit.
    shares : array, shape (parts,)
        Of all rows, which each part is to have.
    order : array of int
        Of the units, where their classes differ alike.
    """
    n_parts = len(shares)
    totals = units.sum(axis=0)
    units, totals = units[:, totals > 0], totals[totals > 0]
    relative = shares / shares.mean()
    have = np.zeros((n_parts, units.shape[1]))
    sizes = np.zeros(n_parts)
    part_of = np.empty(len(units), dtype=np.int64)
    each = np.arange(n_parts)
    parts = np.repeat(have[None], n_parts, axis=0)
    for unit in order[np.argsort(-units[order].std(axis=1), kind="stable")]:
        joining = units[unit] / totals / relative[:, None]
        parts[:] = have
        parts[each, each] += joining
        part = _least(parts.std(axis=1).mean(axis=1), sizes)
        have[part] += joining[part]
        sizes[part] += units[unit].sum() / relative[part]
        part_of[unit] = part
    return part_of


def _least(costs: FloatArray, sizes: FloatArray) -> int:
    """Return the part where the cost is least; of nearly equal ones that of the fewest rows."""
    least = float(costs.min())
    near = np.nonzero(costs <= least + 1e-8 + 1e-5 * least)[0]
    return int(near[np.argmin(sizes[near])])
