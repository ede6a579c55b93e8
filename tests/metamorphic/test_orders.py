"""No order of rows or columns shows in what is found."""

from __future__ import annotations

import numpy as np
import pytest
from tests.metamorphic.findings import audited, findings, named_rows, sentences, statuses

from dataaudit.measure import sample


def in_another_order(table, seed=0):
    """Return the table with the rows of every split shuffled."""
    rng = np.random.default_rng(seed)
    return table.with_splits({s: frame.iloc[rng.permutation(len(frame))] for s, frame in table.splits.items()})


def about_order(result):
    """Return the rules whose answer may change with the order of rows: SPUR004, and a model of a sample of them."""
    return ["SPUR004", *(check.code for check in result.checks if check.code == "LABEL003" and check.sampled)]


def contents(table):
    """Return a function from split and row number to the features of that row."""
    features = {split: frame.drop(columns=table.options["label"]) for split, frame in table.splits.items()}
    return lambda split, number: tuple(map(str, features[split].iloc[number]))


def test_rows_in_another_order(table, known):
    shuffled = in_another_order(table)
    options = {"ignore": about_order(known)}
    result, known = audited(shuffled, **options), audited(table, **options)
    assert statuses(result) == statuses(known)
    assert findings(result) == findings(known)
    assert named_rows(result, contents(shuffled)) == named_rows(known, contents(table))
    assert [split.fingerprint for split in result.dataset.splits] == [
        split.fingerprint for split in known.dataset.splits
    ]


def test_columns_in_another_order(table, known):
    rng = np.random.default_rng(0)
    frames = {split: frame[rng.permutation(frame.columns)] for split, frame in table.splits.items()}
    result = audited(table.with_splits(frames))
    assert statuses(result) == statuses(known)
    assert findings(result) == findings(known)
    assert sentences(result) == sentences(known)
    assert result.dataset.splits == known.dataset.splits


def test_the_same_table_again(table, known):
    result = audited(table)
    assert findings(result) == findings(known)
    assert sentences(result) == sentences(known)
    assert [finding.rows for finding in result.findings] == [finding.rows for finding in known.findings]
    assert result.dataset == known.dataset


@pytest.mark.parametrize("name", ["planted"])
def test_a_sampled_table_again_and_in_another_order_of_columns(table, monkeypatch):
    monkeypatch.setattr(sample, "MAX_CELLS", 3000)
    once = audited(table)
    assert any(check.sampled for check in once.checks)
    again = audited(table)
    assert (findings(again), sentences(again)) == (findings(once), sentences(once))
    turned = table.with_splits({split: frame[frame.columns[::-1]] for split, frame in table.splits.items()})
    assert findings(audited(turned)) == findings(once)
