"""Rebalance the classes of a training split, or the regions of its target: write it again, every row accounted for.

What other code builds on is `dataaudit.rebalance.samplers.resample(matrix, labels, strategy, target, seed)`: it takes
rows as a sampler sees them (`matrix.Matrix`, made by `matrix.matrix_of`) and says which rows are kept, which are
repeated and which are made up of whom, as positions. It knows no file, so it also resamples the training part of a
fold; `matrix.Resampled.interpolate` carries the outcome over to any other columns of the same rows.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class _Callable(ModuleType):
    """The room and the function `dataaudit.rebalance` share a name: whichever was imported first can be called."""

    def __call__(self, *given: Any, **named: Any) -> Any:
        """Call `dataaudit.rebalance`."""
        from dataaudit.rebalance.api import rebalance

        return rebalance(*given, **named)


sys.modules[__name__].__class__ = _Callable
