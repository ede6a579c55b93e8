"""Rows as points, so that a distance counts what is odd in a row: fitted on some rows of train, applied to any."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.model import ColumnInfo, Kind

FloatArray = NDArray[np.float64]
Cells = Mapping[str, FloatArray]

MOST_CATEGORIES = 10
# In normal distributions the quartiles lie 1.349 standard deviations apart.
QUARTILES_APART = 1.349
FURTHEST = 1e6
# Added to the variance in every direction, where a column has 1: directions that hardly vary do not drown the others.
RIDGE = 0.1


@dataclass(frozen=True)
class Axis:
    """One coordinate that a column gives.

    `value` is a category, NaN for "is missing", and None for the number
    itself: (x - centre) / scale, drawn in at the ends by asinh, which keeps
    gaps and tames tails.
    """

    column: str
    value: float | None
    centre: float = 0.0
    scale: float = 1.0

    def of(self, cells: Cells) -> FloatArray:
        """Return the coordinate of every row."""
        values = cells[self.column]
        if self.value is None:
            with np.errstate(over="ignore", invalid="ignore"):
                scaled = values / self.scale - self.centre / self.scale
            return np.arcsinh(np.clip(np.nan_to_num(scaled, nan=0.0), -FURTHEST, FURTHEST))
        is_it = np.isnan(values) if np.isnan(self.value) else values == self.value
        return is_it.astype(np.float64)


@dataclass(frozen=True)
class Coordinates:
    """How rows become points.

    Attributes
    ----------
    axes : tuple of Axis
    mean, sd : float arrays of shape (n_axes,)
        Of every axis; 1 for categories, whose steps are of size 1 already.
    whitening : float array of shape (n_axes, n_axes)
        Symmetric: takes correlations out, so that a row which breaks one lies far.
    """

    axes: tuple[Axis, ...]
    mean: FloatArray
    sd: FloatArray
    whitening: FloatArray

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that have an axis, in order."""
        return tuple(dict.fromkeys(axis.column for axis in self.axes))

    def plain(self, cells: Cells) -> FloatArray:
        """Return the rows with every axis centred and scaled: shape (n_rows, n_axes)."""
        return (np.column_stack([axis.of(cells) for axis in self.axes]) - self.mean) / self.sd

    def points(self, cells: Cells) -> FloatArray:
        """Return the rows as points between which distances are taken."""
        points: FloatArray = self.plain(cells) @ self.whitening
        return points

    def by_column(self, plain_steps: FloatArray) -> FloatArray:
        """Return what every column adds to the squared length of steps: shape (n_rows, n_columns)."""
        by_axis = plain_steps * (plain_steps @ (self.whitening @ self.whitening))
        places = {column: place for place, column in enumerate(self.columns)}
        summed = np.zeros((len(plain_steps), len(places)))
        for number, axis in enumerate(self.axes):
            summed[:, places[axis.column]] += by_axis[:, number]
        return summed


def fit_coordinates(columns: Sequence[ColumnInfo], cells: Cells) -> Coordinates | None:
    """Return coordinates fitted to some rows; None if no column varies there."""
    axes = [axis for column in columns for axis in axes_of(column, cells[column.name])]
    if not axes:
        return None
    raw = np.column_stack([axis.of(cells) for axis in axes])
    mean, sd = raw.mean(axis=0), raw.std(axis=0)
    is_number = np.array([axis.value is None for axis in axes])
    sd = np.where(is_number & (sd > 0), sd, 1.0)
    variances, directions = np.linalg.eigh(np.cov((raw - mean) / sd, rowvar=False, bias=True).reshape(len(axes), -1))
    stretched = directions / np.sqrt(np.maximum(variances, 0.0) + RIDGE)
    return Coordinates(tuple(axes), mean, sd, stretched @ directions.T)


def axes_of(column: ColumnInfo, values: FloatArray) -> list[Axis]:
    """Return the axes of a column, none where nothing varies."""
    known = values[~np.isnan(values)]
    axes = [Axis(column.name, np.nan)] if 0 < len(known) < len(values) else []
    distinct, counts = np.unique(known, return_counts=True)
    if len(distinct) < 2:
        return axes
    if column.kind is Kind.NUMERIC:
        return [Axis(column.name, None, *_centre_and_scale(known)), *axes]
    ranked = distinct[np.argsort(-counts, kind="stable")]
    # One category, or all the rare ones together, is where the others' axes are 0.
    named = ranked[1:] if len(ranked) <= MOST_CATEGORIES else ranked[:MOST_CATEGORIES]
    return [*(Axis(column.name, float(value)) for value in named), *axes]


def _centre_and_scale(known: FloatArray) -> tuple[float, float]:
    """Return the median and the standard deviation as quantiles tell it; of wider ones where the quartiles agree."""
    finite = known[np.isfinite(known)]
    if len(finite) == 0:
        return 0.0, 1.0
    levels = (0.25, 0.75, 0.05, 0.95, 0.01, 0.99, 0.0, 1.0)
    found = np.quantile(finite, levels, method="inverted_cdf")
    centre = float(np.quantile(finite, 0.5, method="inverted_cdf"))
    with np.errstate(over="ignore"):
        for low, high in found.reshape(-1, 2):
            apart = float(high / QUARTILES_APART - low / QUARTILES_APART)
            if apart > 0:
                return centre, min(apart, float(np.finfo(np.float64).max))
    return centre, 1.0
