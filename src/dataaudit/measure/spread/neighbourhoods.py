"""Whether the rows of small classes stand together, in small islands, or alone among the others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.measure.forest import fetch_columns, fetch_labels
from dataaudit.measure.spread.islands import Islands, find_islands, squared_distances
from dataaudit.model import Kind

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

MAX_ROWS = 5_000
MAX_CELLS = 500_000
MAX_ROWS_OF_CLASS = 500
MAX_LEVELS = 20
MAX_COLUMNS = 200
FURTHEST = 5.0
MAX_SHARE_OF_CLASS = 0.25
N_NEIGHBOURS = 5
LEFT_OUT = (Kind.TEXT, Kind.EMBEDDING)


@dataclass(frozen=True)
class Neighbourhood:
    """How many of a class's sampled rows have so many of their class among their five nearest.

    Napierala and Stefanowski (2016) call a row safe with 4 or 5 of its own
    class, borderline with 2 or 3, rare with 1, an outlier with none.

    Attributes
    ----------
    n_rows : int
        Rows of the class whose neighbours were looked for.
    counts : tuple of int, of length 6
        Rows with 0 to 5 neighbours of their own class.
    share_alone_by_chance : float
        Share with none, were the labels dealt at random.
    islands : Islands
        The groups that all sampled rows of the class form.
    """

    n_rows: int
    counts: tuple[int, int, int, int, int, int]
    share_alone_by_chance: float
    islands: Islands

    @property
    def share_alone(self) -> float:
        """Share of rows with no neighbour of their own class."""
        return self.counts[0] / max(1, self.n_rows)


@dataclass(frozen=True)
class Neighbourhoods:
    """Class -> its neighbourhood, for classes of a quarter of the sampled rows or less."""

    by_class: Mapping[str, Neighbourhood]
    n_rows: int
    sampled: bool


def measure_neighbourhoods(facts: Facts) -> Neighbourhoods:
    """Find the five nearest of up to 5,000 labelled rows for up to 500 rows of every small class.

    Distances are Euclidean over numbers, in units of the middle half's width,
    and indicators of categories. Of more than 200 features nothing is said: in
    so many directions hardly a row is nearer than another.
    """
    columns = [column for column in facts.features if column.kind not in LEFT_OUT]
    if len(columns) > MAX_COLUMNS:
        return Neighbourhoods({}, 0, sampled=False)
    n_wanted = min(MAX_ROWS, max(1, MAX_CELLS // max(1, len(columns))))
    relation = facts.sample.some_rows(n_wanted)
    cells = fetch_columns(facts, columns, relation)
    parts = [_part(cells[column.name], column.kind) for column in columns]
    places = [part for part in parts if part is not None]
    labels = fetch_labels(facts, relation)
    names, classes, counts = np.unique(labels, return_inverse=True, return_counts=True)
    by_class = {}
    if places and len(labels) > N_NEIGHBOURS:
        points = np.column_stack(places)
        for i in np.flatnonzero(counts <= MAX_SHARE_OF_CLASS * len(labels)):
            islands = find_islands(points, classes == i, len(labels) / facts.dataset.relations["train"].n_rows)
            by_class[str(names[i])] = _neighbourhood(points, classes == i, islands)
    return Neighbourhoods(by_class, len(labels), facts.sample.leaves_out(n_wanted))


def _part(values: NDArray[Any], kind: Kind) -> FloatArray | None:
    """Return a column as coordinates, a missing cell in the middle; None if it says nothing of distance."""
    if kind in (Kind.NUMERIC, Kind.DATETIME):
        return _placed(as_float(values))
    missing = np.ma.getmaskarray(values)
    names, inverse = np.unique(np.where(missing, "", np.asarray(values).astype(np.str_)), return_inverse=True)
    if not 1 < len(names) <= MAX_LEVELS:
        return None
    # Rows of two different categories are 1 apart.
    indicators: FloatArray = np.eye(len(names))[inverse] * np.sqrt(0.5)
    return indicators


def _placed(numbers: FloatArray) -> FloatArray | None:
    """Return distances from the median per width of the middle half, or of a standard deviation, cut off at 5."""
    known = numbers[np.isfinite(numbers)]
    if known.size < 2 or known.min() == known.max():
        return None
    size = float(np.abs(known).max())  # squares of very large cells must not overflow
    quarter, median, three_quarters = np.quantile(known / size, [0.25, 0.5, 0.75])
    width = float(three_quarters - quarter) or float((known / size).std())
    if width == 0:
        return None
    with np.errstate(invalid="ignore", over="ignore"):
        place = np.clip((numbers / size - median) / width, -FURTHEST, FURTHEST)
    return np.where(np.isnan(place), 0.0, place).reshape(-1, 1)


def _neighbourhood(points: FloatArray, is_own: NDArray[np.bool_], islands: Islands) -> Neighbourhood:
    own = np.flatnonzero(is_own)
    looked_at = own[:: max(1, -(-len(own) // MAX_ROWS_OF_CLASS))]
    distances = squared_distances(points[looked_at], points)
    distances[np.arange(len(looked_at)), looked_at] = np.inf
    nearest = np.argpartition(distances, N_NEIGHBOURS - 1, axis=1)[:, :N_NEIGHBOURS]
    counts = np.bincount(is_own[nearest].sum(axis=1), minlength=N_NEIGHBOURS + 1).tolist()
    n_others, n_all = len(points) - len(own), len(points) - 1
    by_chance = float(np.prod([max(0, n_others - i) / (n_all - i) for i in range(N_NEIGHBOURS)]))
    return Neighbourhood(len(looked_at), tuple(counts), by_chance, islands)
