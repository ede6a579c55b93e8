from __future__ import annotations

import numpy as np
import pytest

from dataaudit.measure.resampled.resampling import column_sets
from dataaudit.measure.resampled.segments import find_triples
from dataaudit.measure.widths import common_step, tolerances


def normal(n_rows: int, sd: float, n_columns: int = 1, seed: int = 0) -> np.ndarray:
    return np.round(np.random.default_rng(seed).normal(60, sd, (n_rows, n_columns)))


@pytest.mark.parametrize("step", [1000.0, 50.0, 1.0, 0.25, 0.1, 1 / 3])
@pytest.mark.parametrize("shift", [0.0, 500.0, -7.5])
def test_finds_the_step_of_a_lattice(step, shift):
    assert common_step(normal(300, 4)[:, 0] * step + shift)[0] == pytest.approx(step)


def test_finds_the_step_of_few_values_far_apart():
    assert common_step(normal(30, 5_000)[:, 0] * 1000)[0] == 1000


@pytest.mark.parametrize(("n_off", "step"), [(25, 1000.0), (26, 0.0)])
def test_boundary_of_the_rows_on_a_step(n_off, step):
    column = np.resize(np.arange(10), 100) * 1000.0
    column[:n_off] += np.random.default_rng(0).uniform(1, 2, n_off)
    assert common_step(column)[0] == step


@pytest.mark.parametrize("column", [np.random.default_rng(0).normal(size=500), np.ones(5), np.array([1e300, -1e300])])
def test_other_numbers_have_no_step_of_note(column):
    assert common_step(column)[0] in (0.0, 2e300)


def test_a_cell_on_the_step_is_known_to_half_of_it_and_one_off_it_to_its_digits():
    values = normal(200, 4, 3) * 1000.0
    values[0] += 123.4567
    scale = values.std(axis=0)
    allowed = tolerances(values, np.arange(2), scale) * scale
    assert allowed[1] == pytest.approx(1000, rel=0.01)
    assert allowed[0] == pytest.approx(0.0001, rel=5)


@pytest.mark.parametrize("step", [1000.0, 50.0, 0.25])
@pytest.mark.parametrize(("n_rows", "sd", "n_columns"), [(4_000, 6, 3), (8_000, 3, 4)])
def test_rows_of_a_lattice_lie_on_no_line(step, n_rows, sd, n_columns):
    values = np.unique(normal(n_rows, sd, n_columns) * step, axis=0)
    examined = np.arange(0, len(values), len(values) // 200)
    assert len(find_triples(values, examined, column_sets(values))) == 0
