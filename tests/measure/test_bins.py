from __future__ import annotations

import duckdb
import numpy as np
import pytest

from dataaudit.measure.bins import N_BINS, bin_edges, bin_expression, bin_names, coarser

LARGEST = np.finfo(np.float64).max
TABLES = {
    "continuous": np.random.default_rng(0).normal(0, 1, 1000),
    "ties": np.round(np.random.default_rng(1).normal(0, 1, 1000), 1),
    "few values": np.array([1.0, 1.0, 2.0, 5.0]),
    "one value": np.array([3.0]),
    "whole numbers": np.random.default_rng(2).integers(-50, 300, 1000).astype(float),
    "many zeros": np.concatenate([np.zeros(500), np.random.default_rng(3).lognormal(0, 9, 500)]),
    "tiny": np.random.default_rng(4).random(500) * 1e-300,
    "whole range": np.array([-LARGEST, -1.0, 0.0, 5e-324, 1.0, LARGEST]),
}


@pytest.fixture(params=TABLES, ids=lambda name: name.replace(" ", "-"))
def values(request):
    return TABLES[request.param]


def engine_bins(edges, cells):
    """Return the bin of each cell as the engine counts it."""
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE t (i INTEGER, c0 DOUBLE)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", list(enumerate(cells)))
        found = connection.execute(f"SELECT {bin_expression('c0', edges)} FROM t ORDER BY i").fetchall()
    return [row[0] for row in found]


def is_whole(values):
    return bool((values == np.trunc(values)).all())


def test_bins_are_open_below_and_closed_above(values):
    edges = bin_edges(values, values.min(), values.max())
    with np.errstate(over="ignore"):
        around = np.concatenate([values[:50], edges, np.nextafter(edges, np.inf), np.nextafter(edges, -np.inf)])
    around = around[np.isfinite(around)]
    assert engine_bins(edges, around) == [int((edges < value).sum()) for value in around]


def test_a_missing_cell_has_the_last_place():
    edges = np.array([1.0, 2.0])
    assert engine_bins(edges, [None, 0.0, 9.0]) == [3, 0, 2]


def test_the_outer_bins_lie_beyond_the_training_range(values):
    edges = bin_edges(values, values.min(), values.max())
    places = np.searchsorted(edges, values)
    assert places.min() == 1
    assert places.max() == len(edges) - 1
    assert np.all(np.diff(edges) > 0)


def test_edges_of_a_sample_still_cover_the_whole_range(values):
    edges = bin_edges(values[:3], values.min(), values.max())
    places = np.searchsorted(edges, values)
    assert (places.min(), places.max()) == (1, len(edges) - 1)


def test_few_values_have_a_bin_each():
    values = TABLES["few values"]
    places = np.searchsorted(bin_edges(values, 1.0, 5.0), values)
    assert len(set(places.tolist())) == 3


def test_many_values_fall_in_about_64_bins_of_like_size():
    values = TABLES["continuous"]
    counts = np.bincount(np.searchsorted(bin_edges(values, values.min(), values.max()), values))
    assert len(counts[counts > 0]) == N_BINS
    assert counts.max() <= np.ceil(len(values) / N_BINS) + 1


def test_a_common_value_has_a_bin_of_its_own():
    values = TABLES["many zeros"]
    edges = bin_edges(values, values.min(), values.max())
    at_zero = np.searchsorted(edges, 0.0)
    assert (np.searchsorted(edges, values) == at_zero).sum() == 500


def test_a_common_whole_number_has_a_bin_of_its_own():
    values = np.concatenate([np.arange(200.0), np.full(100, 77.0)])
    edges = bin_edges(values, 0.0, 199.0, is_integer=True)
    inside = np.arange(200.0)[np.searchsorted(edges, np.arange(200.0)) == np.searchsorted(edges, 77.0)]
    assert inside.tolist() == [77.0]


def test_one_name_per_bin(values):
    edges = bin_edges(values, values.min(), values.max(), is_integer=is_whole(values))
    names = bin_names(edges, is_integer=is_whole(values))
    assert len(names) == len(edges) + 1
    assert names[0].startswith("under ")
    assert names[-1].startswith("over ")


@pytest.mark.parametrize("name", ["few values", "whole numbers"])
def test_names_of_whole_numbers_name_the_numbers_inside(name):
    values = TABLES[name]
    edges = bin_edges(values, values.min(), values.max(), is_integer=True)
    names = bin_names(edges, is_integer=True)
    for value in np.arange(values.min(), values.max() + 1):
        ends = [
            float(end.replace(",", "").replace("−", "-")) for end in names[np.searchsorted(edges, value)].split(" to ")
        ]
        assert ends[0] <= value <= ends[-1]


def test_coarse_bins_hold_like_counts_and_keep_their_order():
    counts = np.random.default_rng(0).integers(0, 20, 64)
    for n_groups in (1, 4, 16):
        groups = coarser(counts, n_groups)
        assert np.all(np.diff(groups) >= 0)
        assert (groups.min(), groups.max()) == (0, n_groups - 1)
        sizes = np.bincount(groups, counts)
        assert np.all(np.abs(sizes - counts.sum() / n_groups) <= counts.max())


def test_coarse_bins_of_no_rows():
    assert coarser(np.zeros(3, dtype=np.int64), 4).tolist() == [0, 0, 0]
