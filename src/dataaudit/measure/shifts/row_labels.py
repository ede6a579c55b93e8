"""The label and the group of the rows that models of the splits are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from dataaudit.engine.base import as_float
from dataaudit.measure.bin_counts import class_numbers
from dataaudit.measure.labels import label_expression, splits_with_label
from dataaudit.model import Task

if TYPE_CHECKING:
    from dataaudit.measure.facts import Facts

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]


def has_classes(facts: Facts, *splits: str) -> bool:
    """Return whether the label has classes and stands in all these splits."""
    has_label = facts.info.label is not None and set(splits) <= set(splits_with_label(facts.dataset))
    return has_label and facts.info.task is not Task.REGRESSION


def labels_of_rows(facts: Facts, split: str) -> FloatArray:
    """Return the class number or the target of every row of `split_rows`, NaN where there is none."""
    label, relation = label_expression(facts.dataset), facts.shifts.split_rows[split].relation
    values = facts.dataset.engine.arrays(f"SELECT {label} AS y FROM {relation} ORDER BY row")["y"]
    if facts.info.task is Task.REGRESSION:
        return as_float(values)
    numbers = class_numbers(facts, values)
    return np.where(numbers < 0, np.nan, numbers)


def groups_of_rows(facts: Facts, group: str, *splits: str) -> IntArray:
    """Return a number per group for the rows of `split_rows` of these splits, -1 where there is none."""
    cell, engine = f"CAST({facts.dataset.sql_name(group)} AS VARCHAR)", facts.dataset.engine
    found = [
        engine.arrays(f"SELECT {cell} AS g FROM {facts.shifts.split_rows[split].relation} ORDER BY row")["g"]
        for split in splits
    ]
    missing = np.concatenate([np.ma.getmaskarray(values) for values in found])
    names = np.concatenate([np.asarray(values, dtype=object) for values in found])
    numbers = np.full(len(missing), -1, dtype=np.int64)
    numbers[~missing] = np.unique(names[~missing].astype(np.str_), return_inverse=True)[1]
    return numbers
