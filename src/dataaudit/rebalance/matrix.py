"""Rows as a sampler sees them, and what it made of them: positions, never cells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
BoolArray = NDArray[np.bool_]
ClassNote = tuple[int, str]
Cell = TypeVar("Cell", bound=np.generic)

# Two rows that differ in one category only are as far apart as a standard deviation of a number is wide.
CATEGORY_WEIGHT = 1 / np.sqrt(2)
MISSING = -1


@dataclass(frozen=True)
class Matrix:
    """Rows by which neighbours are found.

    Attributes
    ----------
    numbers : float array of shape (n_rows, n_numbers)
        Standardised, missing cells filled.
    codes : int array of shape (n_rows, n_categories)
        Categories by number, from 0; missing is a category.
    sizes : tuple of int
        How many categories each column has.
    filled : bool array of shape (n_rows, n_numbers), or None
        Which numbers were missing; None where none was.
    """

    numbers: FloatArray
    codes: IntArray
    sizes: tuple[int, ...]
    filled: BoolArray | None = None

    @property
    def n_rows(self) -> int:
        """Rows."""
        return len(self.numbers)

    @property
    def width(self) -> int:
        """Columns of `flat`."""
        return int(self.numbers.shape[1]) + sum(self.sizes)

    def take(self, positions: IntArray | BoolArray) -> Matrix:
        """Return some of the rows."""
        filled = None if self.filled is None else self.filled[positions]
        return replace(self, numbers=self.numbers[positions], codes=self.codes[positions], filled=filled)

    def flat(self) -> FloatArray:
        """Return the rows as points: numbers, and a column for each category."""
        if not self.sizes:
            return self.numbers
        flat = np.zeros((self.n_rows, self.width))
        flat[:, : self.numbers.shape[1]] = self.numbers
        start = self.numbers.shape[1]
        rows = np.arange(self.n_rows)
        for place, size in enumerate(self.sizes):
            codes = self.codes[:, place]
            known = (codes >= 0) & (codes < size)
            flat[rows[known], start + codes[known]] = CATEGORY_WEIGHT
            start += size
        return flat


@dataclass(frozen=True)
class Scale:
    """How cells of training rows became a matrix, so that other rows can be made alike."""

    medians: FloatArray
    means: FloatArray
    sds: FloatArray
    sizes: tuple[int, ...]

    def matrix(self, numbers: FloatArray, codes: IntArray) -> Matrix:
        """Return rows whose numbers are NaN where missing, and whose codes are -1 where missing or unknown."""
        missing = np.isnan(numbers)
        filled = np.where(missing, self.medians, numbers)
        # Far beyond the training rows all is equally far.
        numbers = np.clip((filled - self.means) / self.sds, -1e6, 1e6)
        codes = np.where(codes < 0, np.array(self.sizes, dtype=np.int64) - 1, codes) if len(self.sizes) else codes
        return Matrix(numbers, codes, self.sizes, missing if missing.any() else None)


def scale_of(numbers: FloatArray, codes: IntArray) -> Scale:
    """Return the scale of training rows; every category column gets a last category for what is missing."""
    n_numbers = numbers.shape[1]
    medians, means, sds = np.zeros(n_numbers), np.zeros(n_numbers), np.ones(n_numbers)
    for place in range(n_numbers):
        present = numbers[:, place][~np.isnan(numbers[:, place])]
        if not len(present):
            continue
        medians[place] = np.median(present)
        largest = max(1.0, float(np.abs(present).max()))
        # Squares of very large cells leave the range of a double.
        scaled = np.where(np.isnan(numbers[:, place]), medians[place], numbers[:, place]) / largest
        means[place] = scaled.mean() * largest
        sds[place] = scaled.std() * largest or 1.0
    sizes = tuple(int(column.max(initial=-1)) + 2 for column in codes.T)
    return Scale(medians, means, sds, sizes)


def matrix_of(numbers: FloatArray, codes: IntArray | None = None) -> Matrix:
    """Return training rows as a sampler sees them.

    Parameters
    ----------
    numbers : float array of shape (n_rows, n_numbers)
        As they are, NaN where missing.
    codes : int array of shape (n_rows, n_categories), optional
        Categories from 0, -1 where missing.
    """
    codes = np.zeros((len(numbers), 0), dtype=np.int64) if codes is None else codes
    return scale_of(numbers, codes).matrix(numbers, codes)


@dataclass(frozen=True)
class Synthetic:
    """Rows that were made up.

    Attributes
    ----------
    labels : int array of shape (n,)
    first, second : int array of shape (n,)
        Positions of the rows between which a row lies; equal where there is one parent.
    steps : float array of shape (n,)
        How far a row lies from `first` towards `second`; negative where it lies beyond `first`.
    voters : int array of shape (n, n_categories)
        Position of the row from which each category is taken.
    others : int array of shape (n, n_others)
        Further parents, that voted on the categories; -1 where there is none.
    """

    labels: IntArray
    first: IntArray
    second: IntArray
    steps: FloatArray
    voters: IntArray
    others: IntArray

    @property
    def n_rows(self) -> int:
        """Rows that were made up."""
        return len(self.first)

    @property
    def nearer(self) -> IntArray:
        """Position of the parent that each row lies next to."""
        return np.where(self.steps <= 0.5, self.first, self.second)

    def take(self, chosen: IntArray | BoolArray) -> Synthetic:
        """Return some of the rows."""
        return Synthetic(
            self.labels[chosen],
            self.first[chosen],
            self.second[chosen],
            self.steps[chosen],
            self.voters[chosen],
            self.others[chosen],
        )

    def interpolate(self, numbers: FloatArray) -> FloatArray:
        """Return the rows' numbers from those of all rows: between the parents' where both have one.

        Parameters
        ----------
        numbers : float array of shape (n_rows,) or (n_rows, n_numbers)
            NaN where missing.
        """
        steps = self.steps if numbers.ndim == 1 else self.steps[:, None]
        first, second = numbers[self.first], numbers[self.second]
        between = first + steps * (second - first)
        return np.where(np.isnan(between), numbers[self.nearer], between)

    def among_parents(self) -> tuple[IntArray, Synthetic]:
        """Return the positions of the rows that cells are taken from, ascending, and the rows made of these alone."""
        used = np.unique(np.concatenate([self.first, self.second, self.voters.ravel()]))
        first, second, voters = (np.searchsorted(used, at) for at in (self.first, self.second, self.voters))
        return used, replace(self, first=first, second=second, voters=voters)

    def parents(self) -> list[list[int]]:
        """Return every row's parents, each once: the two it lies between, then those that voted."""
        listed = np.column_stack([self.first, self.second, self.others]).tolist()
        return [list(dict.fromkeys(position for position in row if position >= 0)) for row in listed]


def no_rows(n_categories: int) -> Synthetic:
    """Return no rows."""
    none = np.zeros(0, dtype=np.int64)
    return Synthetic(none, none, none, np.zeros(0), np.zeros((0, n_categories), dtype=np.int64), none.reshape(0, 0))


def joined(parts: Sequence[Synthetic], n_categories: int) -> Synthetic:
    """Return the rows of all parts."""
    parts = [part for part in parts if part.n_rows]
    if not parts:
        return no_rows(n_categories)
    width = max(part.others.shape[1] for part in parts)
    others = [np.pad(part.others, ((0, 0), (0, width - part.others.shape[1])), constant_values=-1) for part in parts]
    return Synthetic(
        np.concatenate([part.labels for part in parts]),
        np.concatenate([part.first for part in parts]),
        np.concatenate([part.second for part in parts]),
        np.concatenate([part.steps for part in parts]),
        np.concatenate([part.voters for part in parts]),
        np.concatenate(others),
    )


@dataclass(frozen=True)
class Resampled:
    """What became of rows.

    Attributes
    ----------
    kept : int array
        Positions of rows that stay, ascending.
    repeated : int array
        Positions of the further copies of kept rows.
    synthetic : Synthetic
    notes : tuple of (class, words)
        What could not be done as asked for.
    """

    kept: IntArray
    repeated: IntArray
    synthetic: Synthetic
    notes: tuple[ClassNote, ...] = ()

    def interpolate(self, numbers: FloatArray) -> FloatArray:
        """Return numbers of the resampled rows: kept, repeated, synthetic."""
        return np.concatenate([numbers[self.kept], numbers[self.repeated], self.synthetic.interpolate(numbers)])

    def copy_codes(self, codes: IntArray) -> IntArray:
        """Return categories of the resampled rows, from those of the matrix."""
        made = codes[self.synthetic.voters, np.arange(codes.shape[1])]
        return np.concatenate([codes[self.kept], codes[self.repeated], made])

    def copy(self, cells: NDArray[Cell]) -> NDArray[Cell]:
        """Return cells that cannot be interpolated, a made-up row's from the parent it lies next to."""
        return np.concatenate([cells[self.kept], cells[self.repeated], cells[self.synthetic.nearer]])

    def labels(self, labels: IntArray) -> IntArray:
        """Return the labels of the resampled rows."""
        return np.concatenate([labels[self.kept], labels[self.repeated], self.synthetic.labels])

    def matrix(self, matrix: Matrix) -> Matrix:
        """Return the resampled rows as a sampler sees them."""
        numbers, filled = self.interpolate(matrix.numbers), None
        if matrix.filled is not None:
            filled = self.copy(matrix.filled)
            made = self.synthetic
            # Between what is missing and a number there is nothing: the cell is the nearer parent's.
            torn = matrix.filled[made.first] | matrix.filled[made.second]
            start = len(numbers) - made.n_rows
            numbers[start:] = np.where(torn, matrix.numbers[made.nearer], numbers[start:])
        return replace(matrix, numbers=numbers, codes=self.copy_codes(matrix.codes), filled=filled)
