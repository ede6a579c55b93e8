from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.brute import explained

from dataaudit.measure.association import SMOOTHINGS
from dataaudit.measure.links import gaps
from dataaudit.measure.links.gaps import HOW_MANY, WHICH

N_ROWS = 240


def with_gaps(flags: dict[str, np.ndarray], y: np.ndarray) -> pd.DataFrame:
    columns = {name: np.where(flag, np.nan, np.arange(len(y)) % 5 + 0.5) for name, flag in flags.items()}
    return pd.DataFrame({**columns, "full": 1.5, "y": y})


def at_random(names: list[str], share: float, seed: int = 0) -> dict[str, np.ndarray]:
    random = np.random.default_rng(seed)
    return {name: random.random(N_ROWS) < share for name in names}


def best(keys, label):
    return max(explained(keys, label, smoothing) for smoothing in SMOOTHINGS)


def test_gaps_that_tell_only_together(measure):
    flags = at_random(["a", "c", "d"], 0.5)
    y = np.random.default_rng(1).choice(["m", "n"], N_ROWS)
    flags["b"] = flags["a"] ^ (y == "m")
    facts = measure(with_gaps(flags, y))
    found = facts.links.gap_pattern
    assert found.association.coding == WHICH
    assert found.association.explained > 0.9
    assert sorted(found.columns) == ["a", "b"]
    assert (found.n_columns, found.n_patterns) == (4, 16)
    assert max(one.explained for one in facts.missing_associations.values()) < 0.1


@pytest.mark.parametrize("n_columns", [3, 60])
def test_patterns_against_the_loop(measure, n_columns):
    flags = at_random([f"c{i:02d}" for i in range(n_columns)], 0.4 if n_columns < 10 else 0.01)
    y = np.where(
        flags["c00"] | flags[f"c{n_columns - 1:02d}"], "m", np.random.default_rng(1).choice(["m", "n"], N_ROWS)
    )
    y = pd.Series(y, dtype=object).where(np.arange(N_ROWS) % 11 > 0)
    found = measure(with_gaps(flags, y)).links.gap_pattern
    rows = np.array(list(flags.values())).T
    known = y.notna().to_numpy()
    which = ["".join(map(str, row.astype(int))) for row in rows[known]]
    many = rows[known].sum(axis=1).tolist()
    wanted = {WHICH: best(which, y[known].tolist()), HOW_MANY: best(many, y[known].tolist())}
    assert found.association.explained == pytest.approx(max(wanted.values()), rel=0, abs=1e-12)
    assert found.association.coding == max(wanted, key=wanted.get)
    assert found.n_patterns == len({tuple(row) for row in rows})


def test_the_number_of_gaps_where_it_tells_more_than_the_set(measure):
    flags = at_random([f"c{i}" for i in range(12)], 0.5)
    many = np.array(list(flags.values())).sum(axis=0)
    found = measure(with_gaps(flags, np.where(many > 6, "m", "n"))).links.gap_pattern
    assert found.association.coding == HOW_MANY
    assert found.association.explained > 0.95
    assert len(found.columns) == found.n_columns == 12


def test_fewer_than_two_columns_with_gaps(measure):
    y = np.tile(["m", "n"], N_ROWS // 2)
    assert measure(with_gaps({}, y)).links.gap_pattern is None
    assert measure(with_gaps(at_random(["a"], 0.5), y)).links.gap_pattern is None
    empty = with_gaps({**at_random(["a"], 0.5), "b": np.ones(N_ROWS, dtype=bool)}, y)
    assert measure(empty).links.gap_pattern is None


def test_gaps_at_random_tell_nothing(measure):
    y = np.random.default_rng(5).choice(["m", "n"], N_ROWS)
    assert (
        measure(with_gaps(at_random([f"c{i}" for i in range(30)], 0.3), y)).links.gap_pattern.association.explained
        < 0.1
    )


def test_a_sample_says_so(measure, monkeypatch):
    y = np.tile(["m", "n"], N_ROWS // 2)
    frame = with_gaps(at_random(["a", "b"], 0.5), y)
    assert not measure(frame).links.gap_pattern.sampled
    monkeypatch.setattr(gaps, "MAX_ROWS", 100)
    assert measure(frame).links.gap_pattern.sampled
