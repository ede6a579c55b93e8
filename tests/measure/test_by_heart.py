from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import SEEDS, coarse, rows_alike

FEATURES = "abc"


def twins_of(train):
    """Return features -> the labels of the labelled training rows that have them."""
    found = defaultdict(list)
    for row, label in zip(rows_alike(train, FEATURES), train["y"], strict=True):
        if pd.notna(label):
            found[row].append(label)
    return found


def matched(train, test):
    """Return (row number, features, label) of the labelled rows that have a labelled twin."""
    twins = twins_of(train)
    rows = enumerate(zip(rows_alike(test, FEATURES), test["y"], strict=True))
    return [(number, row, label) for number, (row, label) in rows if pd.notna(label) and twins[row]]


def kindest(twins, own):
    """Return the commonest labels of the twins that most of the rows' own labels agree with."""
    times, most = Counter(twins), max(Counter(twins).values())
    return max((label for label in times if times[label] == most), key=lambda label: (own.count(label), label))


@pytest.mark.parametrize("seed", SEEDS)
def test_wrong_classes_against_a_loop(measure, seed):
    train, test = coarse(60, seed), coarse(30, seed + 9)
    found, twins, rows = measure(train, test=test).by_heart["test"], twins_of(train), matched(train, test)
    own = defaultdict(list)
    for _, row, label in rows:
        own[row].append(label)
    wrong = [number for number, row, label in rows if label != kindest(twins[row], own[row])]
    n_rows = int(test["y"].notna().sum())
    assert (found.n_rows, found.n_matched, found.n_wrong) == (n_rows, len(rows), len(wrong))
    assert (found.lost, found.n_effective) == (len(wrong) / n_rows, len(wrong))
    assert [number for number, _ in found.pairs] == wrong[:20]


@pytest.mark.parametrize("seed", SEEDS)
def test_no_model_of_train_by_heart_is_right_more_often(measure, seed):
    """Whatever label it picks where the twins' labels are equally common."""
    train, test = coarse(40, seed), coarse(40, seed + 9)
    found, twins, rows = measure(train, test=test).by_heart["test"], twins_of(train), matched(train, test)
    random = np.random.default_rng(seed)
    for _ in range(20):
        picks = {}
        for _, row, _ in rows:
            times = Counter(twins[row])
            common = sorted(label for label in times if times[label] == max(times.values()))
            picks.setdefault(row, random.choice(common))
        n_wrong = sum(label != picks[row] for _, row, label in rows)
        assert n_wrong >= found.n_wrong


def test_the_twin_shown_has_the_label_that_the_twins_say(measure):
    train = pd.DataFrame({"a": [2.5] * 4 + [1.5], "y": ["n", "m", "m", None, "n"]})
    test = pd.DataFrame({"a": [2.5, 2.5, 1.5], "y": ["m", "n", None]})
    found = measure(train, test=test).by_heart["test"]
    assert (found.n_rows, found.n_matched, found.n_wrong, found.pairs) == (2, 2, 1, ((1, 1),))


@pytest.mark.parametrize("shift", [0, 1e6])
@pytest.mark.parametrize("seed", SEEDS)
def test_lost_variance_against_a_loop(measure, seed, shift):
    train, test = (coarse(n, s, "regression") for n, s in ((60, seed), (30, seed + 9)))
    train["y"], test["y"] = train["y"] + shift, test["y"] + shift
    found, twins, rows = (
        measure(train, test=test, task="regression").by_heart["test"],
        twins_of(train),
        matched(train, test),
    )
    losses = {number: (label - np.mean(twins[row])) ** 2 for number, row, label in rows}
    wrong = [number for number, row, label in rows if set(twins[row]) != {label}]
    labelled = test["y"].dropna()
    assert (found.n_rows, found.n_matched, found.n_wrong) == (len(labelled), len(rows), len(wrong))
    total = sum(losses.values())
    assert found.lost == pytest.approx(total / ((labelled - labelled.mean()) ** 2).sum(), rel=1e-6)
    assert found.n_effective == pytest.approx(total**2 / sum(loss**2 for loss in losses.values()), rel=1e-6)
    worst = [losses[number] for number, _ in found.pairs]
    assert worst == pytest.approx(sorted(losses.values(), reverse=True)[: len(worst)], rel=1e-6)


def test_equal_numbers_lose_nothing_to_rounding(measure):
    train = pd.DataFrame({"a": [0.5] * 7 + [1.5], "y": [0.1] * 7 + [0.7]})
    test = pd.DataFrame({"a": [0.5, 0.5, 2.5], "y": [0.1, 0.1, 3.3]})
    found = measure(train, test=test, task="regression").by_heart["test"]
    assert (found.n_matched, found.n_wrong, found.lost, found.pairs) == (2, 0, 0.0, ())


def test_the_twin_shown_is_the_one_furthest_away(measure):
    train = pd.DataFrame({"a": [0.5] * 4, "y": [1.0, 9.0, None, 9.0]})
    test = pd.DataFrame({"a": [0.5, 1.5, 2.5], "y": [2.0, 4.0, 5.0]})
    assert measure(train, test=test, task="regression").by_heart["test"].pairs == ((0, 1),)


def test_the_largest_doubles_lose_a_finite_share(measure):
    train = pd.DataFrame({"a": [0.5, 1.5, 2.5], "y": [1e308, -1e308, 4.0]})
    test = pd.DataFrame({"a": [0.5, 1.5, 3.5], "y": [0.5e308, -1e308, 5.0]})
    found = measure(train, test=test, task="regression").by_heart["test"]
    values = np.array([0.5, -1.0, 0.0])
    assert found.lost == pytest.approx(0.25 / ((values - values.mean()) ** 2).sum())


def test_a_split_with_one_number_only_loses_all_to_any_other(measure):
    train = pd.DataFrame({"a": [0.5, 1.5], "y": [1.0, 2.0]})
    same, other = (pd.DataFrame({"a": [0.5, 0.5, 9.5], "y": [y] * 3}) for y in (1.0, 5.0))
    assert measure(train, test=same, task="regression").by_heart["test"].lost == 0
    assert measure(train, test=other, task="regression").by_heart["test"].lost == 1


def test_splits_without_labels_or_without_twins(measure):
    train = coarse(60, 0)
    facts = measure(train, test=train.drop(columns="y"), validation=train.assign(a="z"))
    assert set(facts.by_heart) == {"validation"}
    found = facts.by_heart["validation"]
    assert (found.n_matched, found.n_wrong, found.lost, found.pairs) == (0, 0, 0.0, ())
