"""facts.spread.joint_extrapolation against brute force, and coordinates."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import mixed

from dataaudit.errors import NotMeasurable
from dataaudit.measure.spread import neighbours
from dataaudit.measure.spread.coordinates import fit_coordinates
from dataaudit.measure.spread.neighbours import N_NEIGHBOURS, columns_to_compare
from dataaudit.model import ColumnInfo, Kind, Role


def numbers(n_rows: int, seed: int) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    first = random.normal(size=n_rows)
    return pd.DataFrame(
        {
            "a": first,
            "b": first + 0.3 * random.normal(size=n_rows),
            "c": random.lognormal(size=n_rows),
            "y": random.choice(["p", "q"], n_rows),
        }
    )


def test_distances_are_those_of_brute_force(measure):
    facts = measure(numbers(300, 0), test=numbers(80, 1))
    found = facts.spread.joint_extrapolation["test"]
    train, test = (facts.shifts.split_rows[split].cells for split in ("train", "test"))
    n_looked_at = len(found.rows) + found.n_rows_beyond_range
    assert (n_looked_at, found.n_reference + len(found.distances_train)) == (80, 300)
    inside = np.all([(test[n] >= train[n].min()) & (test[n] <= train[n].max()) for n in "abc"], axis=0)
    assert sorted(found.rows) == np.flatnonzero(inside).tolist()
    columns = columns_to_compare(facts)
    half = neighbours._halves(facts, facts.shifts.split_rows["train"], columns)
    coordinates = fit_coordinates(columns, {name: train[name][half] for name in "abc"})
    reference = coordinates.points({name: train[name][half] for name in "abc"})

    def mean_of_five(cells):
        apart = np.linalg.norm(coordinates.points(cells)[:, None] - reference, axis=2)
        return np.sort(apart, axis=1)[:, :N_NEIGHBOURS].mean(axis=1)

    assert np.allclose(found.distances_train, np.sort(mean_of_five({n: train[n][~half] for n in "abc"})))
    assert np.allclose(found.distances, mean_of_five({name: test[name][found.rows] for name in "abc"}))
    for place in (0, 40, len(found.rows) - 1):
        n_as_far = (found.distances_train >= found.distances[place]).sum()
        assert found.p_values[place] == (1 + n_as_far) / (len(found.distances_train) + 1)
    assert np.all(np.diff(found.distances) <= 0)
    assert np.all(np.diff(found.distances_train) >= 0)


def test_coordinates_take_correlation_out_and_share_a_step_among_columns():
    frame = numbers(4000, 0)
    columns = [ColumnInfo(name, Kind.NUMERIC, Role.FEATURE) for name in "abc"]
    cells = {name: frame[name].to_numpy() for name in "abc"}
    coordinates = fit_coordinates(columns, cells)
    correlation = np.corrcoef(coordinates.points(cells), rowvar=False)
    assert np.corrcoef(coordinates.plain(cells), rowvar=False)[0, 1] > 0.9
    # The ridge leaves a little of it.
    assert correlation[0, 1] < 0.6
    assert abs(correlation[0, 2]) < 0.05
    steps = coordinates.plain(cells)[:50] - coordinates.plain(cells)[50:100]
    lengths = ((steps @ coordinates.whitening) ** 2).sum(axis=1)
    assert np.allclose(coordinates.by_column(steps).sum(axis=1), lengths)


def test_the_order_of_rows_and_the_names_of_columns_do_not_matter(measure):
    train, test = mixed(400, 0), mixed(150, 1)
    train, test = train.drop(columns="huge"), test.drop(columns="huge")
    found = measure(train, test=test).spread.joint_extrapolation["test"]
    order = np.random.default_rng(0).permutation(150)
    names = {"measure": "zz", "tenth": "aa"}
    shuffled = train.sample(frac=1, random_state=0, ignore_index=True).rename(columns=names)
    again = measure(shuffled, test=test.iloc[order].reset_index(drop=True).rename(columns=names))
    other = again.spread.joint_extrapolation["test"]
    assert np.allclose(found.distances_train, other.distances_train)
    assert np.allclose(found.distances, other.distances)
    assert sorted(found.rows) == sorted(order[other.rows])


def test_rows_of_a_group_are_on_one_side(measure):
    """Three rows of each of 200 machines lie together: rows of new machines are as usual, not far."""
    random = np.random.default_rng(0)

    def rows(n_groups, first):
        places = np.repeat(random.normal(size=(n_groups, 3)), 6, axis=0)
        frame = pd.DataFrame(places + 0.01 * random.normal(size=places.shape), columns=list("abc"))
        return frame.assign(
            machine=np.repeat(np.arange(first, first + n_groups), 6), y=random.choice(["p", "q"], 6 * n_groups)
        )

    train, test = rows(150, 0), rows(60, 150)
    told = measure(train, test=test, group=["machine"]).spread.joint_extrapolation["test"]
    untold = measure(train.drop(columns="machine"), test=test.drop(columns="machine"))
    unaware = untold.spread.joint_extrapolation["test"]
    assert (told.p_values <= 0.02).mean() < 0.06
    assert np.median(unaware.p_values) < np.median(told.p_values)


def test_of_many_columns_those_are_taken_that_tell_most(measure):
    random = np.random.default_rng(0)

    def rows(n_rows):
        frame = pd.DataFrame(random.normal(size=(n_rows, 70))).add_prefix("x")
        frame["y"] = np.where(frame["x69"] > 0, "p", "q")
        return frame

    facts = measure(rows(200), test=rows(60))
    assert "x69" in [column.name for column in columns_to_compare(facts)]
    found = facts.spread.joint_extrapolation["test"]
    assert (len(found.columns), found.n_columns_left_out) == (50, 20)


def test_categories_and_gaps_are_axes(measure):
    train, test = mixed(400, 0), mixed(200, 1)
    found = measure(train, test=test).spread.joint_extrapolation["test"]
    assert found.columns == ("code", "count", "flag", "huge", "level", "measure", "tenth")
    assert np.isfinite(found.distances).all()


@pytest.mark.parametrize("train", [numbers(40, 0), numbers(300, 0).assign(a=1.0, b=1.0, c=1.0)])
def test_what_cannot_be_compared_is_not_measurable(measure, train):
    with pytest.raises(NotMeasurable):
        _ = measure(train, test=numbers(50, 1)).spread.joint_extrapolation


def test_a_split_of_one_row_and_one_beyond_every_range_are_measured(measure):
    one = numbers(1, 3).assign(a=0.0, b=0.0, c=1.0)
    facts = measure(numbers(300, 0), test=one, validation=one.assign(a=50.0))
    assert len(facts.spread.joint_extrapolation["test"].rows) == 1
    beyond = facts.spread.joint_extrapolation["validation"]
    assert (len(beyond.rows), beyond.n_rows_beyond_range, beyond.share_of_excess.shape) == (0, 1, (0, 3))


def test_columns_in_another_unit_have_no_axis_for_that_split(measure):
    train, test, validation = (numbers(200, seed).assign(b=lambda frame: frame["b"] + 50) for seed in range(3))
    found = measure(train, test=test.assign(b=test["b"] / 1000), validation=validation).spread.joint_extrapolation
    assert (found["test"].columns, found["validation"].columns) == (("a", "c"), ("a", "b", "c"))
    assert found["test"].n_columns_left_out == 1
    only = [frame[["b", "y"]] for frame in (train, test)]
    assert measure(only[0], test=only[1].assign(b=only[1]["b"] / 1000)).spread.joint_extrapolation == {}
