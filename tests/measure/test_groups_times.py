from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import SEEDS, mixed

from dataaudit.errors import NotMeasurable


@pytest.fixture(params=SEEDS)
def splits(request):
    frames = {"train": mixed(80, request.param), "test": mixed(60, request.param + 9)}
    for i, frame in enumerate(frames.values()):
        frame["site"] = np.random.default_rng(request.param + i).choice(
            ["s1", "s2", "s3", f"only {i}", None], len(frame)
        )
        frame["visit"] = np.random.default_rng(request.param + i).integers(10 * i, 10 * i + 20, len(frame))
    return frames


def test_groups_in_two_splits_against_pandas(measure, splits):
    facts = measure(**splits, group=["site", "visit"])
    train, test = splits.values()
    assert set(facts.group_overlaps) == {"site", "visit"}
    for name in ("site", "visit"):
        found = facts.group_overlaps[name]["test"]
        seen = set(train[name].dropna())
        shared = test[name][test[name].isin(seen) & test[name].notna()]
        assert (found.column, found.split) == (name, "test")
        assert (found.n_rows, found.n_rows_shared) == (test[name].notna().sum(), len(shared))
        assert (found.n_groups, found.n_groups_shared) == (test[name].nunique(), shared.nunique())
        assert found.n_groups_train == len(seen)
        counts = shared.value_counts()
        commonest = sorted(counts.index, key=lambda group: (-counts[group], group))[:5]
        assert list(found.examples) == [str(group) for group in commonest]
        firsts = train.reset_index(drop=True).reset_index().groupby(name)["index"].first()
        places = [i for i, group in enumerate(test[name]) if group in set(shared)][:20]
        assert found.pairs == tuple((i, firsts[test[name].iloc[i]]) for i in places)


def test_groups_of_their_own_share_nothing(measure):
    train, test = mixed(30).assign(site="a"), mixed(20).assign(site="b")
    found = measure(train, test=test, group=["site"]).group_overlaps["site"]["test"]
    assert (found.n_rows, found.n_rows_shared, found.n_groups_shared, found.examples) == (20, 0, 0, ())
    assert found.pairs == ()


def test_one_group_of_all_rows_is_listed_without_joining_them_with_one_another(measure):
    n_rows = 200_000
    frame = pd.DataFrame({"site": np.zeros(n_rows, dtype=int), "x": np.arange(n_rows) % 7, "y": ["a", "b"] * 100_000})
    found = measure(frame, test=frame, group=["site"]).group_overlaps["site"]["test"]
    assert found.pairs == tuple((row, 0) for row in range(20))


def test_a_split_without_the_group_is_left_out(measure):
    facts = measure(mixed(30).assign(site="a"), test=mixed(20), group=["site"])
    assert facts.group_overlaps == {"site": {}}


def test_times_not_later_than_the_last_of_train(measure, splits):
    train, test = splits.values()
    test["when"] += pd.Timedelta(days=900)
    found = measure(**splits, time="when").time_overlaps["test"]
    early = np.flatnonzero(test["when"] <= train["when"].max())
    assert 0 < len(early) < len(test)
    assert (found.n_rows, found.n_rows_overlapping) == (test["when"].notna().sum(), len(early))
    assert found.numbers == tuple(early[:21])
    ends = [train["when"].min(), train["when"].max(), test["when"].min(), test["when"].max()]
    shown = [found.train_first, found.train_last, found.other_first, found.other_last]
    assert shown == [str(end) for end in ends]


def test_times_as_numbers_and_the_last_one_itself(measure):
    train = pd.DataFrame({"t": [1, 2, 3] * 10, "x": np.arange(30) * 0.5, "y": ["a", "b"] * 15})
    test = pd.DataFrame({"t": [3, 4, 5, 3], "x": [0.5] * 4, "y": ["a"] * 4})
    found = measure(train, test=test, time="t").time_overlaps["test"]
    assert (found.n_rows_overlapping, found.numbers) == (2, (0, 3))


def test_times_that_are_names_cannot_be_compared(measure):
    facts = measure(mixed(60), test=mixed(30), time="level")
    with pytest.raises(NotMeasurable, match=re.escape("'level' is categorical")):
        _ = facts.time_overlaps


def test_groups_that_a_split_never_names(measure):
    facts = measure(mixed(30).assign(site="a"), test=mixed(20).assign(site=None), group=["site"])
    found = facts.group_overlaps["site"]["test"]
    assert (found.n_rows, found.n_groups, found.n_groups_shared, found.n_groups_train) == (0, 0, 0, 1)


def test_splits_without_times_are_left_out(measure):
    never = mixed(30).assign(when=pd.NaT)
    assert measure(mixed(30), test=never, time="when").time_overlaps == {}
    with pytest.raises(NotMeasurable, match="missing in every training row"):
        _ = measure(never, test=mixed(30), time="when").time_overlaps
