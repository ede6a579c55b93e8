"""What goes together in every real row goes together in every made-up one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.rebalance.tables import listed, manifest, write
from tests.rebalance.tied import broken, categories_only, pairs, tied

import dataaudit
from dataaudit.rebalance.agreeing import agreeing
from dataaudit.rebalance.strategies import STRATEGIES

MAKING = [name for name, strategy in STRATEGIES.items() if strategy.makes_rows]


def made_of(frame, strategy, **named):
    found = dataaudit.rebalance(frame, label="y", strategy=strategy, **named)
    return found.frame[(found.provenance["origin"] == "synthetic").to_numpy()].reset_index(drop=True), found


@pytest.mark.parametrize("strategy", MAKING)
def test_nothing_that_goes_together_is_torn_apart(strategy):
    frame = tied()
    made, _ = made_of(frame, strategy)
    assert len(made) > 100
    assert broken(frame, made) == {}
    assert (made.dtypes == frame.dtypes).all()
    # What is free, or can be computed, is made anew.
    for name in ("free", "minutes", "charge"):
        assert (~made[name].isin(frame[name])).any()
    assert not pairs(made, "fee", "tip") <= pairs(frame, "fee", "tip")
    assert len(made.merge(frame.drop_duplicates(), how="inner")) == 0


@pytest.mark.parametrize("strategy", MAKING)
def test_no_two_categories_meet_that_never_do(strategy):
    frame = categories_only()
    made, _ = made_of(frame, strategy)
    assert len(made) > 50
    assert (made[["is_a", "is_b", "is_c"]].sum(axis=1) == 1).all()
    names = list(frame.columns[:-1])
    for first in names:
        for second in names:
            assert pairs(made, first, second) <= pairs(frame, first, second)


def test_without_being_looked_for_ties_are_torn(monkeypatch):
    """The tables would not do for a test were they kept by chance."""
    from dataaudit.rebalance import samplers, sampling

    monkeypatch.setattr(sampling, "with_ties", lambda dataset, features, seed: features)
    monkeypatch.setattr(samplers, "agreeing", lambda made, matrix, ties: made)
    frame = tied()
    torn = broken(frame, made_of(frame, "smote")[0])
    assert set(torn) >= {"determined", "one-hot", "sum", "binned", "missing", "rounded", "nothing"}
    frame = categories_only()
    made, _ = made_of(frame, "smote")
    assert (made[["is_a", "is_b", "is_c"]].sum(axis=1) != 1).any()
    assert not pairs(made, "town", "region") <= pairs(frame, "town", "region")


@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_written_files_hold_together_and_the_manifest_says_how(tmp_path, ending):
    frame = tied()
    path = write(frame, tmp_path / f"given.{ending}")
    out = tmp_path / "out"
    dataaudit.rebalance(path, label="y", strategy="smote", output=out, audit=False)
    written = out / f"train.{ending}"
    found = pd.read_csv(written, parse_dates=["start", "end"]) if ending == "csv" else pd.read_parquet(written)
    made = found[(listed(out, "provenance")["origin"] == "synthetic").to_numpy()].reset_index(drop=True)
    assert len(made) > 100
    assert broken(frame, made) == {}
    notes = " ".join(manifest(out)["notes"])
    for words in (
        "'grade' and 'grade_number'",
        "'is_a', 'is_b' and 'is_c'",
        "'total' from 'fee' and 'tip'",
        "'start' and 'end'",
        "'charge' from 'minutes'",
    ):
        assert words in notes


def test_votes_stay_where_columns_are_free():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"x": rng.normal(size=300), "y": np.where(np.arange(300) < 60, "rare", "common")})
    for name in "abc":
        frame[name] = rng.choice(list("pqr"), 300)
    made, found = made_of(frame, "smote")
    assert not [note for note in found.notes if "together" in note or "beside" in note]
    parents = [frame.iloc[rows[:2]] for rows in found.provenance["parent_rows"].dropna()]
    outvoted = [(two["a"] != row).all() for two, row in zip(parents, made["a"], strict=True)]
    assert np.mean(outvoted) > 0.05


def test_a_second_look_changes_nothing():
    from dataaudit.rebalance.matrix import matrix_of
    from dataaudit.rebalance.plan import Target
    from dataaudit.rebalance.samplers import resample

    rng = np.random.default_rng(0)
    labels = np.repeat([0, 1], [200, 50])
    codes = np.column_stack([rng.integers(0, 12, 250), rng.integers(0, 12, 250)])
    matrix = matrix_of(rng.normal(size=(250, 2)), codes)
    made = resample(matrix, labels, "smote", Target(), 0).synthetic
    assert np.array_equal(agreeing(made, matrix, None).voters, made.voters)
    swapped = replace(made, voters=np.column_stack([made.nearer, rng.permutation(made.nearer)]))
    mended = agreeing(swapped, matrix, None).voters
    known = set(map(tuple, matrix.codes.tolist()))
    assert set(map(tuple, matrix.codes[mended, [0, 1]].tolist())) <= known
    assert not set(map(tuple, matrix.codes[swapped.voters, [0, 1]].tolist())) <= known


def test_many_categories_come_from_one_row():
    rng = np.random.default_rng(0)
    columns = {f"c{i}": rng.choice(["p", "q"], 120) for i in range(101)}
    frame = pd.DataFrame({"x": rng.normal(size=120), **columns, "y": np.where(np.arange(120) < 20, "rare", "common")})
    made, _ = made_of(frame, "smote")
    known = set(map(tuple, frame[list(columns)].to_numpy().tolist()))
    assert set(map(tuple, made[list(columns)].to_numpy().tolist())) <= known


def test_a_group_keeps_what_is_the_same_in_all_its_rows():
    rng = np.random.default_rng(0)
    patient = rng.integers(0, 60, 400)
    frame = pd.DataFrame(
        {
            "patient": [f"p{i}" for i in patient],
            "sex": rng.choice(["f", "m"], 60)[patient],
            "height": rng.normal(170, 10, 60).round(1)[patient],
            "pulse": rng.normal(70, 9, 400).round(),
            "pressure": rng.normal(120, 15, 400).round(),
            "mood": rng.choice(["good", "fair", "bad"], 400),
            "y": np.where(patient < 9, "ill", "well"),
        }
    )
    made, _ = made_of(frame, "smote", group="patient")
    assert len(made) > 200
    assert pairs(made, "patient", "sex") <= pairs(frame, "patient", "sex")
    assert pairs(made, "patient", "height") <= pairs(frame, "patient", "height")
    assert len(made.merge(frame, how="inner")) < 0.2 * len(made)


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S+01:00"])
def test_days_between_dates_are_those_between_the_written_ones(tmp_path, form):
    rng = np.random.default_rng(0)
    start = pd.Timestamp("2021-03-01") + pd.to_timedelta(rng.integers(0, 900, 300), unit="D")
    days = rng.integers(1, 400, 300)
    end = start + pd.to_timedelta(days, unit="D")
    frame = pd.DataFrame({"start": start.strftime(form), "end": end.strftime(form), "days": days})
    frame["x"] = rng.normal(size=300).round(2)
    path = write(frame.assign(y=np.where(np.arange(300) < 50, "rare", "common")), tmp_path / "given.csv")
    dataaudit.rebalance(path, label="y", strategy="smote", output=tmp_path / "out", audit=False)
    found = pd.read_csv(tmp_path / "out" / "train.csv")
    gone = pd.to_datetime(found["end"]) - pd.to_datetime(found["start"])
    assert len(found) == 500
    assert (gone.dt.days == found["days"]).all()


def test_a_region_goes_with_its_town_though_towns_are_too_many_to_vote():
    rng = np.random.default_rng(0)
    town = rng.integers(0, 150, 1500)
    frame = pd.DataFrame(
        {
            "town": [f"t{i}" for i in town],
            "region": [f"r{i % 7}" for i in town],
            "x": rng.normal(size=1500),
            "free": rng.choice(list("pqr"), 1500),
            "y": np.where(np.arange(1500) < 200, "rare", "common"),
        }
    )
    made, found = made_of(frame, "smote")
    assert pairs(made, "town", "region") <= pairs(frame, "town", "region")
    assert any("'town' and 'region'" in note for note in found.notes)
