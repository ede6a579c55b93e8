"""Units whose rows lie on both sides of a cut in time: one side is kept, the rows of the others are dropped."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.arrays import table_of
from dataaudit.engine.base import Engine

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# Were more of the rows to be dropped, the units are left where time has put them.
MOST_DROPPED = 0.6
# Of a part's lack of rows, beside how many of a unit's rows it holds.
LEAST_WEIGHT = 0.02


@dataclass(frozen=True)
class Crossing:
    """The rows, in a relation with `lost`: the part that the row's unit is kept in, where it is another one.

    `n_left` units lie in more than one part after all.
    """

    relation: str
    n_left: int


def keep_units_apart(engine: Engine, shares: FloatArray, names: tuple[str, ...]) -> Crossing:
    """Decide for every unit with rows in several parts which of them keeps it.

    `split_timed` must be there (row, stratum, unit, part, reason); rows that have a reason are dropped already.
    """
    per_part = (
        "SELECT unit, part, count(*) AS n FROM split_timed WHERE unit IS NOT NULL AND reason IS NULL GROUP BY 1, 2"
    )
    crossing = f"SELECT unit FROM ({per_part}) AS p GROUP BY unit HAVING count(*) > 1"
    found = engine.arrays(f"SELECT unit, part, n FROM ({per_part}) AS q WHERE unit IN ({crossing}) ORDER BY unit, part")
    everything = (
        "(SELECT r.row AS row, r.stratum AS stratum, r.part AS part, r.reason AS reason, {lost} AS lost "
        "FROM split_timed AS r{joined})"
    )
    plain = everything.format(lost="CAST(NULL AS INTEGER)", joined="")
    units, unit = np.unique(np.asarray(found["unit"], dtype=np.int64), return_inverse=True)
    if not len(units):
        return Crossing(plain, 0)
    counts = np.zeros((len(units), len(names)), dtype=np.int64)
    counts[unit, np.asarray(found["part"], dtype=np.int64)] = np.asarray(found["n"], dtype=np.int64)
    sizes = np.zeros(len(names))
    for part, n in engine.rows("SELECT part, count(*) FROM split_timed WHERE reason IS NULL GROUP BY part"):
        sizes[int(part)] = int(n)
    kept = choose_parts(counts, sizes, shares)
    n_dropped = int(counts.sum() - counts[np.arange(len(units)), kept].sum())
    if n_dropped > MOST_DROPPED * sizes.sum():
        return Crossing(plain, len(units))
    table_of(engine, "split_kept_in", {"unit": units, "part": kept})
    joined = " LEFT JOIN split_kept_in AS k ON k.unit = r.unit"
    lost = "CAST(CASE WHEN k.part <> r.part THEN k.part END AS INTEGER)"
    return Crossing(everything.format(lost=lost, joined=joined), 0)


def choose_parts(counts: IntArray, sizes: FloatArray, shares: FloatArray) -> IntArray:
    """Return the part that keeps each unit: one that holds many of its rows, and has not its share of units yet.

    Units that lie in all parts alike go to them by the parts' shares; so a part keeps about its share of what is left.

    Parameters
    ----------
    counts : array, shape (units, parts)
        Rows of each unit in each part.
    sizes : array, shape (parts,)
        Rows of each part, if nothing were dropped.
    shares : array, shape (parts,)
        Of all rows, which each part is to have.

    >>> choose_parts(np.array([[9, 1], [5, 5]]), np.array([14.0, 6.0]), np.array([0.7, 0.3])).tolist()
    [0, 1]
    """
    kept = np.empty(len(counts), dtype=np.int64)
    rows = counts.sum(axis=1)
    wanted = np.maximum(shares / shares.sum() * sizes.sum(), 1.0)
    # Units weigh what they came in with, those that lie in one part as well.
    have = sizes - counts.sum(axis=0)
    # What is clear first, so that what is open can make up for it.
    for place in np.lexsort((-rows, -counts.max(axis=1) / rows)):
        lacking = np.maximum(wanted - have, 0.0) / wanted
        # Rows count more in a small part; where no part lacks any, they decide alone.
        gain = counts[place] / shares * (LEAST_WEIGHT + lacking)
        kept[place] = int(np.argmax(gain))
        have[kept[place]] += rows[place]
    return kept
