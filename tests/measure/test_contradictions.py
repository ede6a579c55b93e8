from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import SEEDS, coarse, rows_alike


def groups_of(frame):
    """Return (row numbers, labels) of the labelled rows of each combination of features."""
    numbers, labels = defaultdict(list), defaultdict(list)
    for number, (row, label) in enumerate(zip(rows_alike(frame, "abc"), frame["y"], strict=True)):
        if pd.notna(label):
            numbers[row].append(number)
            labels[row].append(label)
    return [(numbers[row], labels[row]) for row in numbers]


def check_counts(found, groups):
    mixed = [(numbers, labels) for numbers, labels in groups if len(set(labels)) > 1]
    assert found.n_rows == sum(len(labels) for _, labels in groups)
    assert found.n_rows_alike == sum(len(labels) for _, labels in groups if len(labels) > 1)
    assert found.n_rows_contradicted == sum(len(numbers) for numbers, _ in mixed)
    assert found.n_groups == len(mixed)
    ordered = sorted(mixed, key=lambda group: (-len(group[0]), group[0][0]))
    assert found.example_groups == tuple(shown(*group) for group in ordered[:10])


def shown(numbers, labels):
    """Return six rows of a group: the first row of each label, then the second of each, in ascending order."""
    turns = [(labels[:place].count(labels[place]), number) for place, number in enumerate(numbers)]
    return tuple(sorted(number for _, number in sorted(turns)[:6]))


@pytest.mark.parametrize("seed", SEEDS)
def test_ceiling_of_the_accuracy_against_a_loop(measure, seed):
    frame = coarse(80, seed)
    found, groups = measure(frame).contradictions, groups_of(frame)
    best = sum(max(Counter(labels).values()) for _, labels in groups)
    labelled = frame["y"].dropna()
    check_counts(found, groups)
    assert found.ceiling == best / len(labelled)
    assert found.n_rows_lost == len(labelled) - best
    assert found.baseline == labelled.value_counts(normalize=True).max()


@pytest.mark.parametrize("seed", SEEDS)
def test_ceiling_of_r_squared_against_a_loop(measure, seed):
    frame = coarse(80, seed, "regression")
    frame["y"] += 1e6  # a far mean must not cost digits
    found, groups = measure(frame, task="regression").contradictions, groups_of(frame)
    labelled = frame["y"].dropna().to_numpy()
    unexplained = sum(((np.array(labels) - np.mean(labels)) ** 2).sum() for _, labels in groups)
    check_counts(found, groups)
    assert found.ceiling == pytest.approx(1 - unexplained / ((labelled - labelled.mean()) ** 2).sum(), abs=1e-9)
    assert (found.baseline, found.n_rows_lost) == (0.0, 0)


def test_nothing_contradicts_where_every_row_differs(measure):
    frame = pd.DataFrame({"a": np.arange(40) * 0.5, "y": ["m", "n"] * 20})
    found = measure(frame).contradictions
    assert (found.ceiling, found.n_groups, found.n_rows_alike, found.example_groups) == (1.0, 0, 0, ())


def test_repeats_of_one_label_do_not_contradict(measure):
    found = measure(pd.DataFrame({"a": [1.5, 2.5] * 10, "y": ["m", "n"] * 10})).contradictions
    assert (found.ceiling, found.n_groups, found.n_rows_alike) == (1.0, 0, 20)


def test_examples_show_a_row_of_every_label_however_rare(measure):
    frame = pd.DataFrame({"a": [2.5] * 60, "y": ["m"] * 50 + ["n"] * 10})
    assert measure(frame).contradictions.example_groups == ((0, 1, 2, 50, 51, 52),)


def test_examples_show_two_labels_of_a_group_that_has_many(measure):
    frame = pd.DataFrame({"a": [2.5] * 90, "y": np.repeat(np.arange(9.0), 10)})
    assert measure(frame, task="regression").contradictions.example_groups == ((0, 10, 20, 30, 40, 50),)


def test_the_largest_doubles_have_a_ceiling(measure):
    frame = pd.DataFrame({"a": [0.5, 0.5, 1.5, 2.5, 3.5], "y": [1e308, -1e308, 4.0, 5.0, None]})
    assert measure(frame, task="regression").contradictions.ceiling == pytest.approx(0.0, abs=1e-9)


def test_rows_without_a_label_lower_no_ceiling(measure):
    frame = pd.DataFrame({"a": [0.5] * 6 + [1.5, 2.5], "y": ["m", "m", "n", None, None, None, "n", None]})
    found = measure(frame).contradictions
    assert (found.n_rows, found.ceiling, found.n_rows_lost, found.n_rows_contradicted) == (4, 0.75, 1, 3)
    numbers = frame.assign(y=[1.0, 1.0, 4.0, None, None, None, 9.0, None])
    found = measure(numbers, task="regression").contradictions
    assert (found.n_rows, found.n_rows_contradicted) == (4, 3)
    assert found.ceiling == pytest.approx(1 - 6 / np.var([1, 1, 4, 9]) / 4)
