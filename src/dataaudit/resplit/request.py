"""What a split is to be like: its parts, what goes together, and what is decided by time."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dataaudit.errors import ConfigError
from dataaudit.model import Kind

DEFAULT_SIZES = (0.7, 0.15, 0.15)
MOST_FOLDS = 100
_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_NUMBER = r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
_GAP = re.compile(rf"\s*({_NUMBER})\s*([smhdw]?)\s*")
_SIZES_HINT = "write the shares of train, validation and test, such as 70/15/15, or of train and test, such as 80/20"


@dataclass(frozen=True)
class Request:
    """What is asked for.

    Attributes
    ----------
    names : tuple of str
        The parts, in the order of time where time decides.
    sizes : tuple of float
        The share of the rows that each is to have; they add up to 1.
    near : bool
        Whether rows that nearly agree stay on one side, as those do that agree in all features.
    gap : str or None
        What is to lie between two parts in time, as it was written.
    """

    names: tuple[str, ...]
    sizes: tuple[float, ...]
    near: bool = True
    gap: str | None = None
    seed: int = 0

    @property
    def are_folds(self) -> bool:
        """Whether the parts are folds, all alike."""
        return self.names[0].startswith("fold_")

    @property
    def shares(self) -> NDArray[np.float64]:
        """The sizes as an array."""
        return np.array(self.sizes)


def plan_request(
    sizes: str | Sequence[float] | None = None,
    folds: int | None = None,
    *,
    near: bool = True,
    gap: str | float | None = None,
    seed: int = 0,
) -> Request:
    """Return the request, having looked whether it makes sense.

    Parameters
    ----------
    sizes : str or sequence of float, optional
        Shares or percentages of train, validation and test, or of train and test: "70/15/15", (0.8, 0.2).
    folds : int, optional
        So many folds of one size instead.
    near : bool
    gap : str or float, optional
        "7d", "12h", or a number in the unit of a column of numbers.
    seed : int

    Raises
    ------
    ConfigError
        If not.

    >>> plan_request("80/20").names, plan_request(folds=2).sizes
    (('train', 'test'), (0.5, 0.5))
    """
    written = None if gap is None else str(gap)
    if folds is not None:
        if sizes is not None:
            raise ConfigError("both sizes and folds were given", "give --sizes or --folds")
        if isinstance(folds, bool) or not 2 <= folds <= MOST_FOLDS:
            raise ConfigError(f"--folds is {folds}", f"it must be a whole number from 2 to {MOST_FOLDS}")
        return Request(tuple(f"fold_{i + 1}" for i in range(folds)), (1 / folds,) * folds, near, written, seed)
    shares = DEFAULT_SIZES if sizes is None else _shares(sizes)
    names = ("train", "validation", "test") if len(shares) == 3 else ("train", "test")
    return Request(names, shares, near, written, seed)


def gap_in_units(gap: str | None, kind: Kind, column: str) -> float:
    """Return a gap in seconds for dates, in the column's own unit for numbers.

    Raises
    ------
    ConfigError
        If it is none.

    >>> gap_in_units("7d", Kind.DATETIME, "at"), gap_in_units("30", Kind.NUMERIC, "day")
    (604800.0, 30.0)
    """
    if gap is None:
        return 0.0
    found = _GAP.fullmatch(gap)
    if found is None:
        raise ConfigError(f"--gap is {gap!r}", "write a number and a unit of s, m, h, d or w, such as 7d or 12h")
    number, unit = float(found[1]), found[2]
    if kind is Kind.DATETIME and not unit and number:
        raise ConfigError(f"--gap {gap} has no unit, and {column!r} holds dates", f"write --gap {gap}d for days")
    if kind is not Kind.DATETIME and unit:
        raise ConfigError(
            f"--gap {gap} has a unit, and {column!r} holds numbers", "write it as a number, in the unit of the column"
        )
    return number * _SECONDS[unit] if unit else number


def _shares(sizes: str | Sequence[float]) -> tuple[float, ...]:
    told = f"--sizes is {sizes!r}" if isinstance(sizes, str) else f"sizes are {sizes!r}"
    try:
        numbers = [float(word) for word in (re.split(r"[/,:]", sizes) if isinstance(sizes, str) else sizes)]
    except (TypeError, ValueError):
        raise ConfigError(told, _SIZES_HINT) from None
    total = math.fsum(numbers)
    if len(numbers) not in (2, 3) or not all(0 < number < math.inf for number in numbers):
        raise ConfigError(told, _SIZES_HINT)
    whole = next((one for one in (1.0, 100.0) if math.isclose(total, one, rel_tol=1e-6)), None)
    if whole is None:
        raise ConfigError(f"{told}, which add up to {total:g}", f"they must add up to 1 or 100; {_SIZES_HINT}")
    return tuple(number / total for number in numbers)
