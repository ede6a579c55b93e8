"""Row-by-row forms of the association measures: slow, plain and independent of the formulas in measure."""

from __future__ import annotations

import numpy as np


def components(label: list[object]) -> np.ndarray:
    """Return a label as rows of numbers: classes one-hot, numbers as one column."""
    if all(isinstance(value, float) for value in label):
        return np.array(label)[:, None]
    names = sorted(set(map(str, label)))
    return np.array([[float(str(value) == name) for name in names] for value in label])


def left_out_prediction(keys: np.ndarray, label: np.ndarray, row: int, smoothing: float) -> np.ndarray:
    """Return the mean of the other rows of the same key, shrunk towards the mean of all rows."""
    same = keys == keys[row]
    same[row] = False
    return (label[same].sum(axis=0) + smoothing * label.mean(axis=0)) / (same.sum() + smoothing)


def explained(keys: list[object], label: list[object], smoothing: float) -> float:
    """Return one minus the squared error of leaving each row out, over that of the others' plain mean."""
    coded = np.array([str(key) for key in keys], dtype=object)
    values = components(label)
    n_rows = len(values)
    errors, baseline = 0.0, 0.0
    for row in range(n_rows):
        errors += ((values[row] - left_out_prediction(coded, values, row, smoothing)) ** 2).sum()
        others = (values.sum(axis=0) - values[row]) / (n_rows - 1)
        baseline += ((values[row] - others) ** 2).sum()
    return 1 - errors / baseline


def gains(train: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray] | None, smoothing: float):
    """Return the gain of every row, in units of the training label's variance.

    `train` and `other` are keys (n_rows,) and label components (n_rows, k).
    Without `other` each training row is left out of its own prediction.
    """
    keys, label = train
    mean = label.mean(axis=0)
    variance = ((label - mean) ** 2).sum(axis=1).mean()
    found = []
    for row, (key, value) in enumerate(zip(*(other or train), strict=True)):
        if other is None:
            prediction = left_out_prediction(keys, label, row, smoothing)
        else:
            same = keys == key
            prediction = (label[same].sum(axis=0) + smoothing * mean) / (same.sum() + smoothing)
        found.append((((value - mean) ** 2).sum() - ((value - prediction) ** 2).sum()) / variance)
    return np.array(found)
