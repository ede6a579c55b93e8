"""What stands for a missing cell is no end of what lies between two parents."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rebalance.evaluating import facts_of
from tests.rebalance.tables import manifest, write

import dataaudit
from dataaudit.rebalance.matrix import Resampled, Synthetic, matrix_of
from dataaudit.rebalance.sentinels import Sentinels, find_sentinels
from dataaudit.text import without_data

CODES = {"mass": 0.0, "heat": -999.0, "gain": 99999.0}
# No number lies between the code and the nearest that was measured.
GAPS = {"mass": (0.0, 15.0), "heat": (-999.0, -60.0), "gain": (6000.0, 99999.0)}
MAKING = ["smote", "borderline-smote", "adasyn", "svm-smote", "kmeans-smote", "smote-enn", "smote-tomek"]


def coded(*, category: bool, seed: int = 0, n: int = 500, n_rare: int = 100) -> pd.DataFrame:
    """Return a table in a sixth of whose cells a number stands for missing: zero beside positive ones, -999, 99999."""
    rng = np.random.default_rng(seed)
    rare = np.arange(n) < n_rare
    frame = pd.DataFrame(
        {
            "free": rng.normal(size=n).round(3) + rare,
            "mass": np.clip(rng.normal(32, 5, n) + 2 * rare, 15, 60).round(1),
            "heat": np.clip(rng.normal(10, 12, n) + 6 * rare, -60, 60).round(1),
            "gain": rng.integers(0, 5_000, n) + 1_000 * rare,
        }
    )
    for name, code in CODES.items():
        frame.loc[rng.random(n) < 1 / 6, name] = code
    if category:
        frame["colour"] = rng.choice(["red", "green", "blue"], n)
    frame["y"] = np.where(rare, "yes", "no")
    return frame.sample(frac=1, random_state=seed, ignore_index=True)


def made_rows(frame: pd.DataFrame, strategy: str) -> pd.DataFrame:
    done = dataaudit.rebalance(frame, label="y", strategy=strategy)
    return done.frame[(done.provenance["origin"] == "synthetic").to_numpy()]


@pytest.mark.parametrize("category", [False, True])
@pytest.mark.parametrize("strategy", MAKING)
def test_no_made_cell_lies_between_a_code_and_a_number(strategy, category):
    made = made_rows(coded(category=category), strategy)
    assert len(made) > 50
    for name, (low, high) in GAPS.items():
        assert not ((made[name] > low) & (made[name] < high)).any(), name
    # Nor are the codes lost: rows that miss a cell are parents as others are.
    assert all((made[name] == code).any() for name, code in CODES.items())


def test_a_cell_is_the_nearer_parents_where_one_of_them_has_the_code():
    frame = coded(category=False)
    done = dataaudit.rebalance(frame, label="y", strategy="smote")
    origin = done.provenance.reset_index(drop=True)
    n_torn = 0
    for place in np.flatnonzero(origin["origin"] == "synthetic"):
        parents = frame.iloc[list(origin["parent_rows"][place])]
        for name, code in CODES.items():
            cell, cells = done.frame[name].iloc[place], parents[name].to_numpy()
            if (cells == code).any():
                assert cell in cells
                n_torn += len(set(cells)) > 1
            else:
                assert cells.min() <= cell <= cells.max()
    assert n_torn > 50


def test_the_finding_is_not_gone_after(tmp_path):
    train = write(coded(category=True), tmp_path / "train.csv")
    done = dataaudit.rebalance(train, label="y", strategy="smote", output=tmp_path / "out")
    assert {f.columns[0] for f in done.after.findings if f.code == "SCALE004"} == set(CODES)
    told = [note for note in manifest(tmp_path / "out")["notes"] if "SCALE004" in note]
    assert len(told) == 1
    assert all(f"{code} in {name!r}" in told[0] for code, name in [("0", "mass"), ("-999", "heat"), ("99999", "gain")])


def test_distances_are_told_as_of_missing_cells():
    frame = coded(category=False)
    blank = frame.copy()
    for name, code in CODES.items():
        blank[name] = blank[name].astype(float).mask(frame[name] == code)
    with_codes, with_none = (dataaudit.rebalance(one, label="y", strategy="smote") for one in (frame, blank))
    assert with_codes.provenance["parent_rows"].astype(str).tolist() == (
        with_none.provenance["parent_rows"].astype(str).tolist()
    )
    shown = with_codes.frame[list(CODES)].astype(float).to_numpy()
    missing = with_none.frame[list(CODES)].isna().to_numpy()
    assert (shown[missing] == np.broadcast_to(list(CODES.values()), shown.shape)[missing]).all()
    assert np.array_equal(shown[~missing], with_none.frame[list(CODES)].to_numpy(dtype=float)[~missing])


def test_what_the_rule_tells_is_found_by_the_thresholds_that_were_given():
    frame = coded(category=False)
    with facts_of(frame) as facts:
        assert find_sentinels(facts).of_column == {name: (code,) for name, code in CODES.items()}
        held = {"sentinel-value": {"n_rows_min": 400, "n_rows_far": 400}}
        assert not find_sentinels(facts, held).of_column
    clean = pd.DataFrame({"a": np.arange(100.0), "n": np.arange(100) % 13, "y": ["yes", "no"] * 50})
    with facts_of(clean) as facts:
        assert not find_sentinels(facts).of_column
        assert not find_sentinels(facts).notes(True)


def test_of_many_columns_none_is_folded_away():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(rng.uniform(10, 20, (60, 70)).round(2), columns=[f"c{i}" for i in range(70)])
    frame.iloc[:12, :] = -999.0
    with facts_of(frame.assign(y=["yes", "no"] * 30)) as facts:
        assert len(find_sentinels(facts).of_column) == 70


def test_a_note_names_no_value_where_none_may_be_shown():
    (note,) = Sentinels({"mass": (0.0,), "heat": (-999.0,), "cold": (-999.0,)}).notes(True)
    assert "0 in 'mass'; -999 in 'heat', 'cold'." in note
    assert "made-up" in note
    assert "-999" not in without_data(note)
    assert "'heat', 'cold'" in without_data(note)
    assert "made-up" not in Sentinels({"mass": (0.0,)}).notes(False)[0]


def test_a_cleaning_sees_the_cells_that_are_written():
    numbers = np.array([[0.0], [10.0], [np.nan], [4.0]])
    matrix = matrix_of(numbers)
    one = np.array([1, 1, 1])
    made = Synthetic(
        one, np.array([0, 0, 2]), np.array([1, 2, 1]), np.array([0.25, 0.25, 0.25]), np.zeros((3, 0), int), one[:, None]
    )
    found = Resampled(np.arange(4), np.zeros(0, dtype=np.int64), made).matrix(matrix)
    expected = matrix_of(numbers).numbers[[0, 0, 2], 0]
    expected[0] += 0.25 * (matrix.numbers[1, 0] - matrix.numbers[0, 0])
    assert found.numbers[4:, 0] == pytest.approx(expected)
    assert found.filled[4:, 0].tolist() == [False, False, True]
