"""Pictures of a numeric target in train."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dataaudit.figures import Histogram

if TYPE_CHECKING:
    from dataaudit.measure.heaps import Heap
    from dataaudit.measure.target_shape import TargetShape

WIDEST = 1e307
N_STEPS = 60


def target_figure(label: str, shape: TargetShape) -> Histogram | None:
    """Return the target in steps so narrow that a single value stands out; None of a range that cannot be cut."""
    low, high = float(shape.values[0]), float(shape.values[-1])
    if not (max(abs(low), abs(high)) < WIDEST and high > low):
        return None
    edges = np.linspace(low, high, N_STEPS + 1)
    places = np.clip(np.searchsorted(edges, shape.values, side="right") - 1, 0, N_STEPS - 1)
    return _histogram(f"{label} in train", edges, np.bincount(places, shape.counts, N_STEPS))


def distance_figure(label: str, heap: Heap) -> Histogram:
    """Return the rows by their distance from the nearest multiple."""
    edges = np.linspace(-heap.step / 2, heap.step / 2, len(heap.by_distance) + 1)
    return _histogram(f"{label}: distance from the nearest round number", edges, np.array(heap.by_distance))


def _histogram(title: str, edges: np.ndarray, counts: np.ndarray) -> Histogram:
    shares = counts / max(1, counts.sum())
    return Histogram(title, tuple(edges.tolist()), {"train": tuple(shares.tolist())})
