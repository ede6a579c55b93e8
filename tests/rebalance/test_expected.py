"""What a strategy brings about or hides: by the rows it added and dropped, and with the rules there are."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest
from tests.rebalance.tables import manifest, write

import dataaudit
from dataaudit.rebalance.expected import BY_ADDED_ROWS, blindnesses_of, expectations_of
from dataaudit.rules._discover import build_rules

RANGES = {"RANGE001", "RANGE002", "RANGE003"}


def codes(**rows):
    given = {"shares_changed": False, "n_repeated": 0, "n_synthetic": 0, "n_dropped": 0} | rows
    return {one.code for one in expectations_of(**given)}


def test_what_lies_outside_of_train_is_to_be_expected_where_no_row_left_it():
    for added in ({"n_repeated": 5}, {"n_synthetic": 5}, {"n_repeated": 5, "n_synthetic": 5}):
        assert codes(**added) >= RANGES | {"SPLIT004", "DATA004"}
        assert not codes(**added, n_dropped=1) & (RANGES | {"SPLIT004", "DATA004"})
    assert not codes(shares_changed=True) & RANGES


def test_checks_are_blinded_by_added_rows_alone():
    assert blindnesses_of(n_repeated=0, n_synthetic=0) == ()
    assert blindnesses_of(n_repeated=1, n_synthetic=0) == blindnesses_of(n_repeated=0, n_synthetic=1) == BY_ADDED_ROWS
    assert "LABEL003" in {one.code for one in BY_ADDED_ROWS}


def test_every_code_is_one_of_a_rule_and_stands_once():
    known = {rule.code for rule in build_rules()}
    named = [one.code for one in BY_ADDED_ROWS]
    assert len(named) == len(set(named))
    assert set(named) <= known
    # That classes are balanced, or alike in all splits, is what was asked for: it counts.
    assert not {code for code in named if code.startswith("IMB")}
    for shares, repeated, made in product((False, True), (0, 1), (0, 1)):
        assert codes(shares_changed=shares, n_repeated=repeated, n_synthetic=made) <= known


def mislabelled(n_rows=1500, n_wrong=60):
    rng = np.random.default_rng(5)
    label = (rng.random(n_rows) < 0.15).astype(int)
    frame = pd.DataFrame({f"x{i}": rng.normal(label * 2.0, 1.0).round(3) for i in range(5)})
    label[rng.choice(np.flatnonzero(label == 0), n_wrong, replace=False)] = 1
    return frame.assign(y=label)


@pytest.mark.parametrize("strategy", ["random-over", "smote", "weights"])
def test_wrong_labels_that_added_rows_hide_are_not_gone(tmp_path, strategy):
    frame = mislabelled()
    write(frame, tmp_path / "train.csv")
    proof = dataaudit.rebalance(
        str(tmp_path / "train.csv"),
        label="y",
        strategy=strategy,
        output=tmp_path / "out",
    )
    assert "LABEL003" in {one.code for one in proof.before.findings}
    assert "LABEL003" not in {one.code for one in proof.changes.gone}
    still = {one.code for one in proof.after.findings}
    hidden = {one.before.code for one in proof.changes.hidden}
    assert ("LABEL003" in hidden) == ("LABEL003" not in still)
    assert [one["code"] for one in manifest(tmp_path / "out")["no_longer_judged"]] == sorted(hidden)
    if strategy == "weights":
        assert not hidden
    else:
        assert hidden == {"LABEL003"}


def test_columns_that_went_together_before_are_no_new_finding(tmp_path):
    # Of these values more than half are different, and any two such columns could be recoded, until rows are repeated.
    rng = np.random.default_rng(0)
    minutes = rng.integers(0, 500, size=600)
    label = (rng.random(600) < 0.15).astype(int)
    frame = pd.DataFrame(
        {"minutes": minutes / 10, "charge": rng.permutation(500)[minutes] / 100, "x": rng.normal(size=600)}
    )
    write(frame.assign(y=label), tmp_path / "train.csv")
    proof = dataaudit.rebalance(str(tmp_path / "train.csv"), label="y", strategy="random-over", output=tmp_path / "out")
    assert "DATA004" not in {one.code for one in proof.before.findings}
    assert "DATA004" in {one.after.code for one in proof.changes.expected}
    assert "DATA004" not in {one.code for one in proof.changes.new}
