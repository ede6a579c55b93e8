from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import SEEDS, mixed

from dataaudit.measure import twins


def relations(facts):
    return {(found.first, found.second): found.relation for found in facts.twins}


@pytest.mark.parametrize("seed", SEEDS)
def test_unrelated_columns_have_no_twin(measure, seed):
    assert measure(mixed(300, seed)).twins == ()


def test_equal_columns_of_every_kind(measure):
    frame = mixed(200)
    for name in ("measure", "tenth", "count", "level", "code", "when", "flag"):
        frame[f"{name}_again"] = frame[name]
    found = measure(frame)
    assert relations(found) == {
        (name, f"{name}_again"): "equal" for name in ("measure", "tenth", "count", "level", "code", "when", "flag")
    }
    assert {twin.n_rows for twin in found.twins} == {200}


def test_recoded_names(measure):
    frame = mixed(200)
    frame["number"] = frame["level"].map({word: i * i for i, word in enumerate(frame["level"].dropna().unique())})
    frame["other"] = frame["level"].map({word: f"<{word}>" for word in frame["level"].dropna().unique()})
    assert relations(measure(frame)) == {("level", "number"): "recoded", ("level", "other"): "recoded"}


@pytest.mark.parametrize(("slope", "intercept"), [(2.54, 0.0), (1.8, 32.0), (-1.0, 100.0), (1e-9, 0.0), (1e6, -3e7)])
def test_affine_copies_with_their_map(measure, slope, intercept):
    frame = mixed(200)
    frame["copy"] = slope * frame["measure"] + intercept
    [found] = measure(frame).twins
    assert (found.first, found.second, found.relation) == ("measure", "copy", "affine")
    assert found.slope == pytest.approx(slope, rel=1e-6)
    assert found.intercept == pytest.approx(intercept, rel=1e-6, abs=0), "a true 0 is shown as 0, not as rounding"


@pytest.mark.parametrize("slope", [0.1, -0.3, 7.0, -1.0])
def test_affine_copies_of_a_symmetric_column(measure, slope):
    """Both ends lie equally far from the mean: rounding must not decide which of them gives the sign."""
    values = np.random.default_rng(0).permutation(np.arange(200.0))
    frame = pd.DataFrame({"a": values * 0.7, "b": values * slope + 3.3, "y": ["m", "n"] * 100})
    assert relations(measure(frame)) == {("a", "b"): "affine"}


def test_nearly_alike_columns_are_no_twins(measure):
    frame = mixed(200)
    frame["noisy"] = frame["measure"] * (1 + 1e-6)
    frame.loc[7, "noisy"] = 0.123
    frame["one_changed"] = frame["level"].fillna("red")
    frame["merged"] = frame["level"].replace({"green": "red"})
    assert measure(frame).twins == ()


def test_a_difference_outside_the_sample_is_seen(measure, monkeypatch):
    monkeypatch.setattr(twins, "MAX_ROWS", 100)
    frame = mixed(400).assign(copy=lambda rows: rows["level"], other=lambda rows: rows["level"])
    facts = measure(frame)
    assert relations(facts) == {("level", "copy"): "equal", ("level", "other"): "equal"}
    for number in range(0, 400, 40):
        frame.loc[number : number + 3, "copy"] = "changed"
    assert ("level", "copy") not in relations(measure(frame))


def test_rare_flags_that_coincide_by_chance_are_no_twins(measure):
    frame = pd.DataFrame({f"f{i}": [0] * 500 for i in range(200)})
    for i in range(200):
        frame.loc[i % 3, f"f{i}"] = 1
    frame["y"] = ["m", "n"] * 250
    assert measure(frame).twins == ()


def test_common_flags_that_coincide_are_twins(measure):
    frame = mixed(300).assign(copy=lambda rows: (~rows["flag"]).astype("Float64"))
    assert relations(measure(frame)) == {("flag", "copy"): "recoded"}


def test_constants_and_missing_columns_are_no_twins(measure):
    frame = mixed(100).assign(one=1, two=2, none=pd.Series([None] * 100, dtype="float64"))
    assert measure(frame).twins == ()


def test_missing_cells_must_agree(measure):
    frame = mixed(200).assign(copy=lambda rows: rows["measure"])
    frame.loc[frame.index[:5], "copy"] = None
    assert measure(frame).twins == ()


def test_every_one_of_many_alike_columns_is_paired(measure):
    values = np.random.default_rng(0).normal(size=100)
    frame = pd.DataFrame({f"x{i}": values * (i + 1) for i in range(70)}).assign(y=["m", "n"] * 50)
    found = measure(frame).twins
    assert [twin.first for twin in found] == ["x0"] * len(found)
    assert [twin.second for twin in found] == [f"x{i}" for i in range(1, len(found) + 1)]
    assert len(found) == twins.MAX_TWINS_PER_SIGNATURE - 1


def test_labels_and_names_of_rows_are_not_compared(measure):
    frame = mixed(200).assign(answer=lambda rows: rows["y"], row_id=np.arange(200))
    assert relations(measure(frame, id=["row_id"])) == {}


def test_twins_among_the_largest_numbers(measure):
    values = np.random.default_rng(0).normal(size=100) * 1e307
    frame = pd.DataFrame({"a": values, "b": values, "y": ["m", "n"] * 50})
    assert relations(measure(frame)) == {("a", "b"): "equal"}
