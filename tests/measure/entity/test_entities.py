from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.measure import sample
from dataaudit.measure.entity import entities


def visits(n_patients: int = 80, n_visits: int = 6, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    patient = np.repeat(np.arange(n_patients), n_visits)
    return pd.DataFrame(
        {
            "patient": patient + 500,
            "code": [f"c{i % 40}" for i in patient],
            "sex": random.choice(["f", "m"], n_patients)[patient],
            "age": random.integers(20, 70, n_patients)[patient],
            "pulse": random.normal(size=len(patient)),
            "colour": random.choice(list("abcdefghijkl"), len(patient)),
            "y": random.choice(["p", "q"], len(patient)),
        }
    )


def test_constant_columns_and_runs_against_pandas(measure):
    frame = visits()
    found = measure(frame).entities["patient",]
    assert found.named
    nunique = frame.groupby("patient").nunique()
    constant = [name for name in ("age", "code", "colour", "pulse", "sex") if (nunique[name] == 1).all()]
    assert list(found.constant) == constant == ["age", "code", "sex"]
    assert (found.n_rows, found.n_levels, found.n_largest, found.n_pairs) == (480, 80, 6, 400)
    assert (found.n_neighbours, found.n_neighbours_alike) == (479, 400)
    assert found.share_alike_by_chance == pytest.approx(1 / 80)
    assert not found.sampled


def test_columns_within_whose_levels_nothing_is_constant_are_left_out(measure):
    """80 patients have 40 codes, two of them each, so that neither sex nor age is the same within a code."""
    assert set(measure(visits()).entities) == {("patient",)}


def test_a_column_that_hardly_varies_is_not_constant_within_levels(measure):
    frame = visits()
    frame["rare"] = (np.arange(len(frame)) == 7).astype(int)
    frame["none"] = 1
    assert set(measure(frame).entities["patient",].constant) == {"age", "code", "sex"}


def test_where_only_some_rows_have_a_level_the_others_do_not_tell(measure):
    """`state` varies only in rows without a patient: that it is constant within patients says nothing."""
    frame = visits()
    frame["state"] = np.where(np.arange(len(frame)) < 240, "none", np.resize(["x", "y"], len(frame)))
    frame["patient"] = frame["patient"].where(np.arange(len(frame)) < 240).astype("Int64")
    assert "state" not in measure(frame).entities["patient",].constant


def test_levels_of_one_row_say_nothing(measure):
    frame = visits(n_patients=300, n_visits=1).assign(patient=np.arange(300) // 2 * 3)
    frame.loc[18:, "patient"] = np.arange(2000, 2282)
    assert measure(frame).entities == {}


@pytest.mark.parametrize("n_rows", [480, 250])
def test_a_sample_tells_the_same_signs_and_the_levels_are_counted_over_all_rows(measure, monkeypatch, n_rows):
    monkeypatch.setattr(sample, "MAX_ROWS_TAKEN_WHOLE", 50)
    monkeypatch.setattr(entities, "MAX_ROWS", n_rows)
    monkeypatch.setattr(entities, "ROWS_PER_BLOCK", 30)
    found = measure(visits()).entities["patient",]
    assert (found.n_rows, found.n_levels) == (480, 80)
    assert {"age", "sex"} <= set(found.constant)
    assert found.sampled is (n_rows < 480)
    assert found.n_neighbours_alike / found.n_neighbours > 0.7


def test_a_table_without_candidates_has_none_and_reads_no_sample(measure):
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.normal(size=(200, 5))).add_prefix("x")
    facts = measure(frame.assign(flag=random.random(200) < 0.5, y=random.choice(["p", "q"], 200)))
    assert facts.entities == {}
    assert "sample" not in facts._values


def test_so_many_columns_are_looked_at_and_no_more(measure):
    random = np.random.default_rng(0)
    frame = pd.DataFrame(random.integers(0, 20, (300, 200))).add_prefix("x")
    frame["zone_id"] = np.arange(300) // 10
    found = measure(frame.assign(y=random.choice(["p", "q"], 300))).entities
    assert found["zone_id",].n_others == entities.MAX_CANDIDATES - 1 + entities.MAX_OTHERS
