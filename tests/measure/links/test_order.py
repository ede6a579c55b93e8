from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.brute import explained
from tests.measure.small import SEEDS, mixed

from dataaudit.measure.association import BIN_NUMBERS, SMOOTHINGS, mid_ranks
from dataaudit.measure.bins import coarser
from dataaudit.measure.links import order
from dataaudit.measure.links.order import DIVISORS

EXACT = {"rel": 0, "abs": 1e-12}


def labels_of(facts, frame):
    """Return what is explained of each labelled row: its class, or the rank of its target's bin."""
    known = frame["y"].dropna()
    if facts.info.task != "regression":
        return known.tolist()
    ranks = mid_ranks(facts.target.counts["train"].astype(float))
    return ranks[np.searchsorted(facts.target.edges, known)].tolist()


def best(keys, label):
    return max(explained(keys, label, smoothing) for smoothing in SMOOTHINGS)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_place_and_remainder_against_the_loop(measure, seed, task):
    frame = mixed(150, seed, task=task).sort_values("y").iloc[np.random.default_rng(seed).permutation(150).argsort()]
    frame = frame.reset_index(drop=True)
    facts = measure(frame)
    found, known = facts.links.row_orders["train"], frame["y"].notna().to_numpy()
    label, rows = labels_of(facts, frame), np.flatnonzero(known)
    blocks = rows // found.n_rows_per_block
    n_of_block = np.bincount(blocks, minlength=len(found.blocks))
    by_bins = {n: best(coarser(n_of_block, n)[blocks].tolist(), label) for n in BIN_NUMBERS}
    assert found.position.explained == pytest.approx(max(by_bins.values()), **EXACT)
    assert by_bins[found.position.n_bins] == pytest.approx(max(by_bins.values()), **EXACT)
    by_divisor = {divisor: best((rows % divisor).tolist(), label) for divisor in DIVISORS}
    assert found.remainder.explained == pytest.approx(max(by_divisor.values()), **EXACT)
    assert by_divisor[found.divisor] == pytest.approx(max(by_divisor.values()), rel=0, abs=1e-8)
    assert found.position.n_rows == found.remainder.n_rows == len(rows)


@pytest.mark.parametrize("n_rows", [150, 21_000])
def test_rows_are_counted_by_block_and_remainder_in_memory_and_in_the_engine(measure, n_rows):
    y = np.random.default_rng(0).choice(["a", "b", None], n_rows)
    found = measure(pd.DataFrame({"x": 1.5, "y": y})).links.row_orders["train"]
    rows, of_class = np.arange(n_rows), [y == "a", y == "b"]
    blocks, left = rows // found.n_rows_per_block, rows % found.divisor
    assert found.blocks.T.tolist() == [
        np.bincount(blocks[own], minlength=len(found.blocks)).tolist() for own in of_class
    ]
    assert len(found.blocks) == -(-n_rows // found.n_rows_per_block) <= 64
    assert found.remainders.T.tolist() == [np.bincount(left[own], minlength=found.divisor).tolist() for own in of_class]


@pytest.mark.parametrize("task", ["multiclass", "regression"])
def test_of_many_classes_as_of_few(measure, monkeypatch, task):
    frame = mixed(200, task=task)
    few = measure(frame).links.row_orders["train"]
    monkeypatch.setattr(order, "MAX_CLASSES_OF_MANY_GROUPS", 1)
    many = measure(frame).links.row_orders["train"]
    assert (few.position, few.remainder, few.divisor) == (many.position, many.remainder, many.divisor)
    assert few.remainders.tolist() == many.remainders.tolist()


@pytest.mark.parametrize(("period", "divisor"), [(2, 2), (3, 3), (5, 5), (7, 7), (9, 9), (10, 10)])
def test_the_period_of_the_classes_is_the_divisor(measure, period, divisor):
    found = measure(pd.DataFrame({"x": 1.5, "y": [f"c{i % period}" for i in range(720)]})).links.row_orders["train"]
    assert found.divisor == divisor
    assert found.remainder.explained > 0.99
    assert found.position.explained < 0.02


def test_a_sorted_file_is_told_by_the_place_alone(measure):
    frame = pd.DataFrame({"x": 1.5, "y": np.repeat(["a", "b", "c"], [300, 200, 100])})
    found = measure(frame).links.row_orders["train"]
    assert found.position.explained > 0.95
    assert found.remainder.explained < 0.02
    runs = found.grouped(8)
    assert runs.sum(axis=0).tolist() == [300, 200, 100]
    assert (runs[0].argmax(), runs[-1].argmax()) == (0, 2)


def test_rows_of_a_split_column_keep_their_place_in_the_file(measure):
    frame = pd.DataFrame({"x": 1.5, "y": np.repeat(["a", "b"], 300), "part": np.tile(["train", "test"], 300)})
    orders = measure(frame, split_column="part").links.row_orders
    assert [orders[split].first_row for split in ("train", "test")] == [0, 1]
    assert all(orders[split].position.explained > 0.95 for split in ("train", "test"))
    assert orders["train"].blocks.sum() == 300


def test_blocks_begin_where_the_split_does(measure):
    part = np.where(np.arange(1000) < 872, "test", "train")
    found = measure(pd.DataFrame({"x": 1.5, "y": np.tile(["a", "b"], 500), "part": part}), split_column="part")
    train = found.links.row_orders["train"]
    assert (train.first_row, train.n_rows_per_block) == (872, 2)
    assert train.blocks.tolist() == [[1, 1]] * 64


def test_only_splits_with_labels_are_counted(measure):
    frame = mixed(120)
    facts = measure(frame, test=mixed(80, 1), validation=mixed(60, 2).drop(columns="y"), reference=mixed(60, 3))
    assert list(facts.links.row_orders) == ["train", "test"]
    assert facts.links.row_orders["test"].position.n_rows == mixed(80, 1)["y"].notna().sum()


@pytest.mark.parametrize("label", [["a"] * 49 + [None], [None] * 50])
def test_a_split_of_one_class_or_without_one_tells_nothing(measure, label):
    train = pd.DataFrame({"x": 1.5, "y": np.tile(["a", "b"], 50)})
    found = measure(train, test=pd.DataFrame({"x": 1.5, "y": label})).links.row_orders["test"]
    assert (found.position.explained, found.remainder.explained) == (0, 0)
    assert found.grouped(16).sum() == found.blocks.sum() == sum(value is not None for value in label)


def test_dates_in_whose_order_the_rows_stand(measure):
    days = pd.date_range("2024-01-01", periods=90).to_series(index=range(90))
    frame = pd.DataFrame(
        {
            "rising": days.where(days.index % 7 > 0),
            "falling": days[::-1].to_numpy(),
            "mixed": days.sample(frac=1, random_state=0).to_numpy(),
            "same": days[0],
            "number": np.arange(90.0),
            "y": np.tile(["a", "b"], 45),
        }
    )
    assert measure(frame).links.row_orders["train"].dates == ("falling", "rising")
    assert measure(frame, time="number").links.row_orders["train"].dates == ("falling", "number", "rising")
