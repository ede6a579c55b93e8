from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import SEEDS, coarse, mixed, rows_alike

FEATURES = "abc"


@pytest.fixture(params=SEEDS)
def splits(request):
    return {"train": coarse(60, request.param), "test": coarse(30, request.param + 9)}


def numbers_of(rows):
    found = defaultdict(list)
    for number, row in enumerate(rows):
        found[row].append(number)
    return found


def largest_groups(groups):
    ordered = sorted(groups, key=lambda numbers: (-len(numbers), numbers[0]))
    return tuple(tuple(numbers[:6]) for numbers in ordered[:10])


def test_repeats_against_a_loop(measure, splits):
    facts = measure(**splits)
    for split, frame in splits.items():
        found, groups = facts.repeats[split], numbers_of(rows_alike(frame, "abcy"))
        assert found.n_rows == len(frame)
        assert found.n_distinct_rows == len(groups)
        assert found.n_distinct_features == len(set(rows_alike(frame, FEATURES)))
        assert found.largest_group == max(map(len, groups.values()))
        assert found.example_groups == largest_groups([rows for rows in groups.values() if len(rows) > 1])


def test_a_table_without_repeats(measure):
    found = measure(mixed(50)[["measure", "huge", "y"]].assign(x=np.arange(50))).repeats["train"]
    assert (found.n_distinct_rows, found.n_distinct_features, found.largest_group) == (50, 50, 1)
    assert found.example_groups == ()


def test_overlaps_against_a_loop(measure, splits):
    found = measure(**splits).overlaps["test"]
    train, test = (rows_alike(frame, FEATURES) for frame in splits.values())
    labelled = set(rows_alike(splits["train"], "abcy"))
    matched = [number for number, row in enumerate(test) if row in train]
    same = [number for number in matched if rows_alike(splits["test"], "abcy")[number] in labelled - {None}]
    same = [number for number in same if pd.notna(splits["test"]["y"][number])]
    times = Counter(train)
    assert (found.n_rows, found.n_train, found.has_labels) == (len(test), len(train), True)
    assert (found.n_matched, found.n_same_label) == (len(matched), len(same))
    assert found.share_matched_within_train == sum(n for n in times.values() if n > 1) / len(train)
    assert found.share_distinct_in_train == len(times) / len(train)
    assert found.excess == found.share_matched - found.share_matched_within_train


def test_other_labels_are_known_labels_that_no_twin_in_train_has(measure, splits):
    found = measure(**splits).overlaps["test"]
    train, test = splits.values()
    twins = numbers_of(rows_alike(train, FEATURES))
    other = []
    for number, row in enumerate(rows_alike(test, FEATURES)):
        labels = {label for label in train["y"][twins[row]] if pd.notna(label)}
        if pd.notna(test["y"][number]) and labels and test["y"][number] not in labels:
            other.append(number)
    assert found.n_other_label == len(other)
    assert [number for number, _ in found.pairs_other_label] == other[:20]


def test_pairs_name_the_first_twin_of_the_same_label_then_of_a_known_one(measure, splits):
    found = measure(**splits).overlaps["test"]
    train, test = splits.values()
    twins = numbers_of(rows_alike(train, FEATURES))
    wanted = {}
    for number, row in enumerate(rows_alike(test, FEATURES)):
        same = [twin for twin in twins[row] if train["y"][twin] == test["y"][number]]
        known = [twin for twin in twins[row] if pd.notna(train["y"][twin])]
        unknown = [twin for twin in twins[row] if pd.isna(train["y"][twin])]
        if twins[row]:
            ordered = same + known + unknown if pd.notna(test["y"][number]) else unknown + known
            wanted[number] = ordered[0]
    assert found.pairs == tuple(list(wanted.items())[:20])
    assert found.pairs_other_label == tuple((number, wanted[number]) for number, _ in found.pairs_other_label)


def test_the_standard_error_is_that_of_sums_over_groups(measure, splits):
    found = measure(**splits).overlaps["test"]
    train, test = (Counter(rows_alike(frame, FEATURES)) for frame in splits.values())
    n, m = train.total(), test.total()
    terms = [(test[row] / m if train[row] else 0) - (train[row] / n if train[row] > 1 else 0) for row in train + test]
    assert found.excess == pytest.approx(sum(terms), abs=1e-12)
    assert found.standard_error == pytest.approx(np.sqrt(sum(term**2 for term in terms)), abs=1e-12)


def clumped(seed):
    """Return rows in clumps of 1 to 40, as repeated measurements make them."""
    rng = np.random.default_rng(seed)
    sizes = rng.geometric(0.15, 120)
    values = np.repeat(rng.normal(size=len(sizes)), sizes)
    return pd.DataFrame({"a": values, "y": rng.choice(["m", "n"], len(values))})


def test_random_splits_show_no_excess_and_copied_rows_do(measure):
    scores = []
    for seed in range(12):
        rows = clumped(seed).sample(frac=1, random_state=seed, ignore_index=True)
        cut = len(rows) * 7 // 10
        found = measure(rows[:cut], test=rows[cut:]).overlaps["test"]
        scores.append(found.excess / found.standard_error)
    assert max(map(abs, scores)) < 3
    assert abs(np.mean(scores)) < 1
    distinct = mixed(400, 0)
    test = pd.concat([mixed(150, 1), distinct[:50]])
    found = measure(distinct, test=test).overlaps["test"]
    assert found.n_matched == 50
    assert found.excess / found.standard_error > 5


def test_a_split_without_labels_has_neither_same_nor_other(measure, splits):
    found = measure(splits["train"], test=splits["test"].drop(columns="y")).overlaps["test"]
    assert (found.has_labels, found.n_same_label, found.n_other_label, found.pairs_other_label) == (False, 0, 0, ())
    assert found.n_matched > 0


def test_splits_that_share_nothing(measure):
    found = measure(mixed(50), test=mixed(40, 1)).overlaps["test"]
    assert (found.n_matched, found.pairs, found.share_matched) == (0, (), 0)


def test_rows_match_by_the_columns_both_splits_have(measure):
    train = pd.DataFrame({"a": np.arange(40) / 4, "b": np.arange(40) / 8, "y": ["m", "n"] * 20})
    test = train.loc[:9, ["a", "y"]]
    overlap = measure(train, test=test).overlaps["test"]
    assert (overlap.n_matched, overlap.n_same_label) == (10, 10)
    assert overlap.pairs == tuple((row, row) for row in range(10))


def test_rows_are_matched_by_the_columns_that_every_split_has(measure, splits):
    train, test = splits["train"], splits["test"].drop(columns="c")
    found = measure(train, test=test).overlaps["test"]
    seen = set(rows_alike(train, "ab"))
    assert found.n_matched == sum(row in seen for row in rows_alike(test, "ab"))
    times = Counter(rows_alike(train, "ab"))
    assert found.share_matched_within_train == sum(n for n in times.values() if n > 1) / len(train)
    assert measure(train, test=test).repeats["train"].n_distinct_features == len(set(rows_alike(train, "abc")))
