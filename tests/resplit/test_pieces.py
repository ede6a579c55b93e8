"""What a split is made of: cuts of draws, cuts in time, strata, heaps of rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from dataaudit.engine.arrays import table_of
from dataaudit.engine.duckdb import DuckDBEngine
from dataaudit.resplit import chronology, cuts
from dataaudit.resplit.crossing import choose_parts
from dataaudit.resplit.joining import join_all
from dataaudit.resplit.strata import cut_points


@pytest.fixture
def engine():
    opened = DuckDBEngine(threads=1)
    yield opened
    opened.close()


def parts_of(engine, strata, draws, wanted):
    rows = np.arange(len(strata))
    unit = np.full(len(strata), -1)
    table_of(engine, "raw_rows", {"row": rows, "stratum": strata, "draw": draws, "unit": unit})
    engine.run("CREATE TEMP TABLE split_rows AS SELECT row, stratum, draw, nullif(unit, -1) AS unit FROM raw_rows")
    part = cuts.write_cuts(engine, wanted, len(strata))
    found = engine.arrays(
        f"SELECT {part} AS part FROM split_rows AS r JOIN split_cuts AS c ON c.stratum = r.stratum ORDER BY r.row"
    )
    counts = np.zeros_like(wanted)
    np.add.at(counts, (found["part"], strata), 1)
    return counts


@pytest.mark.parametrize("n_rows", [3, 500, 60_000])
@pytest.mark.parametrize("n_different", [1, 40, 2**31])
def test_cuts_are_exact_whatever_the_draws(engine, n_rows, n_different):
    rng = np.random.default_rng(n_rows)
    strata = rng.integers(0, 3, n_rows)
    draws = rng.integers(0, n_different, n_rows)
    totals = np.bincount(strata, minlength=3)
    first = (totals * 0.6).astype(np.int64)
    second = (totals * 0.2).astype(np.int64)
    wanted = np.array([first, second, totals - first - second])
    assert (parts_of(engine, strata, draws, wanted) == wanted).all()


def test_a_part_may_get_none_or_all(engine):
    strata = np.array([0, 0, 1, 1, 1])
    wanted = np.array([[0, 3], [2, 0]])
    assert (parts_of(engine, strata, np.array([5, 3, 9, 9, 1]), wanted) == wanted).all()


def stretches(engine, times, shares):
    table_of(engine, "split_rows", {"row": np.arange(len(times)), "moment": np.asarray(times, dtype=np.float64)})
    found = chronology.cut_in_time(engine, np.asarray(shares))
    return [
        int(engine.rows(f"SELECT count(*) FROM split_rows WHERE {chronology.within(one, 'moment')}")[0][0])
        for one in found
    ]


@pytest.mark.parametrize("listed", [200_000, 50])
@pytest.mark.parametrize("seed", range(4))
def test_time_is_cut_where_the_sizes_are_nearest(engine, monkeypatch, listed, seed):
    monkeypatch.setattr(chronology, "MOST_LISTED", listed)
    rng = np.random.default_rng(seed)
    # Some times stand often, and one lies far away.
    times = np.concatenate([rng.exponential(size=700).round(seed), [1e9], rng.normal(size=300)])
    sizes = stretches(engine, times, [0.7, 0.15, 0.15])
    assert sum(sizes) == len(times)
    below = np.cumsum(np.unique(times, return_counts=True)[1])[:-1]
    for wanted, found in zip((0.7, 0.85), np.cumsum(sizes)[:-1], strict=True):
        assert abs(found - wanted * len(times)) <= np.abs(below - wanted * len(times)).min() + 1e-9


def test_times_beyond_any_date_are_cut_too(engine):
    assert stretches(engine, [-1e300, 0.0, 1e-300, 1e300], [0.5, 0.5]) == [2, 2]


def test_the_last_time_is_never_the_first_part(engine):
    assert stretches(engine, [1.0] + [2.0] * 9, [0.7, 0.3]) == [1, 9]
    assert stretches(engine, [1.0] * 9, [0.7, 0.3]) == [9]


def test_links_join_through_others():
    joined = join_all(np.array([1, 2, 8, 5]), np.array([2, 3, 9, 5]))
    assert joined.find(np.array([3, 9, 5, 77])).tolist() == [1, 8, 5, 77]
    assert join_all(np.array([], dtype=np.int64), np.array([], dtype=np.int64)).find(np.array([4])).tolist() == [4]


def test_units_in_all_parts_are_shared_out_by_the_parts_shares():
    counts = np.tile([14, 3, 3], (100, 1))
    kept = choose_parts(counts, counts.sum(axis=0).astype(float), np.array([0.7, 0.15, 0.15]))
    assert np.bincount(kept, minlength=3).tolist() == pytest.approx([70, 15, 15], abs=3)


def test_units_that_lie_mostly_in_one_part_stay_there():
    counts = np.array([[20, 1, 0], [0, 9, 1], [0, 1, 30]])
    kept = choose_parts(counts, np.array([700.0, 150.0, 150.0]), np.array([0.7, 0.15, 0.15]))
    assert kept.tolist() == [0, 1, 2]


@pytest.mark.parametrize(("n_rows", "n_bins"), [(10, 1), (100, 3), (10_000, 10)])
def test_small_tables_have_fewer_bins(n_rows, n_bins):
    edges = np.arange(1.0, 64.0)
    counts = np.full(64, n_rows / 64).astype(np.int64)
    counts[0] += n_rows - counts.sum()
    assert len(cut_points(edges, counts, 0.15)) + 1 == pytest.approx(n_bins, abs=1)


def test_a_value_of_half_the_rows_is_one_bin():
    counts = np.array([500, *[50] * 10])
    edges = np.arange(0.0, 10.0)
    assert cut_points(edges, counts, 0.15)[0] == 0.0
    assert len(pd.unique(cut_points(edges, counts, 0.15))) == len(cut_points(edges, counts, 0.15))
