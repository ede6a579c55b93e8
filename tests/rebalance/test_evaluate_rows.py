"""What is tried on: rows in proportion, rare classes kept, copies and groups on one side, folds in time."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from sklearn.model_selection import StratifiedGroupKFold
from tests.rebalance.evaluating import facts_of, spots

from dataaudit.errors import InputError
from dataaudit.rebalance.evaluate.folds import inner_folds, make_folds, rows_of_enough_classes, stratified
from dataaudit.rebalance.evaluate.models import Cells
from dataaudit.rebalance.evaluate.rows import check_classes, class_quotas, read_rows
from dataaudit.rebalance.evaluate.together import blocks_of, find_copies


def cells(numbers, codes=None):
    numbers = np.asarray(numbers, dtype=float)
    codes = np.zeros((len(numbers), 0), dtype=np.int64) if codes is None else np.asarray(codes)
    return Cells(numbers, codes)


def test_a_sample_keeps_the_shares_of_classes_that_are_not_very_rare():
    with facts_of(spots(4_000, 0.1)) as facts:
        rows = read_rows(facts, 2_000)
    assert rows.n_rows == 2_000
    assert np.bincount(rows.labels).tolist() == [1_800, 200]
    assert (rows.weights == 1).all()
    assert rows.asked_of == (1,)


def test_a_very_rare_class_is_kept_and_weighted_back_to_its_share():
    with facts_of(spots(6_000, 0.02)) as facts:
        rows = read_rows(facts, 1_000)
    assert np.bincount(rows.labels).tolist() == [900, 100]
    assert rows.shares == pytest.approx([0.98, 0.02])
    assert rows.weights.mean() == pytest.approx(1)


def test_a_sample_is_the_same_every_time_and_another_with_another_seed():
    frame = spots(3_000)
    found = []
    for seed in (0, 0, 1):
        with facts_of(frame, seed=seed) as facts:
            found.append(read_rows(facts, 1_000).cells.numbers)
    assert np.array_equal(found[0], found[1])
    assert not np.array_equal(found[0], found[2])


def test_quotas_of_small_classes_never_exceed_what_there_is():
    quotas = class_quotas({"a": 100_000, "b": 7, "c": 500}, 1_000)
    assert quotas["b"] == 7
    assert quotas["c"] == 100
    assert sum(quotas.values()) == 1_000


def test_categories_flags_missing_cells_and_rows_without_a_label_are_read():
    frame = pd.DataFrame(
        {
            "n": [1.0, np.nan, 3.5, 4.0, 7.0] * 8,
            "flag": [0, 1, 1, 0] * 10,
            "word": ["a", None, "b", "a"] * 10,
            "code": [f"c{i % 80}" for i in range(40)],
            "y": [["p", "q", "q", None, None][i // 8] for i in range(40)],
        }
    )
    with facts_of(frame, task="binary") as facts:
        rows = read_rows(facts, 1_000)
    assert rows.n_rows == rows.n_rows_train == 24
    assert rows.cells.numbers.shape[1] == 1
    assert np.isnan(rows.cells.numbers[:, 0]).sum() == 5
    # code, flag, word
    assert rows.n_codes == (24, 2, 2)
    assert (rows.cells.codes[:, 2] == -1).sum() == 6
    assert (rows.cells.codes.max(axis=0) < np.array(rows.n_codes)).all()


def test_many_categories_become_few():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"code": [f"c{i}" for i in rng.geometric(0.01, 2_000)], "y": rng.choice(["a", "b"], 2_000)})
    with facts_of(frame) as facts:
        rows = read_rows(facts, 2_000)
    assert rows.n_codes == (50,)
    assert np.bincount(rows.cells.codes[:, 0]).min() > 0


def test_a_number_to_be_learnt_very_many_classes_and_no_feature_are_refused():
    frame = pd.DataFrame({"a": np.arange(100.0), "y": np.arange(100) + 0.5, "b": ["x", "z"] * 50})
    with facts_of(frame, task="regression") as facts, pytest.raises(InputError, match="evaluate needs classes"):
        check_classes(facts)
    many = pd.DataFrame({"a": np.arange(120.0), "y": [f"k{i % 60}" for i in range(120)]})
    with facts_of(many, task="multiclass") as facts, pytest.raises(InputError, match="has 60"):
        check_classes(facts)
    only = frame[["a", "b"]]
    with facts_of(only, label="b", exclude=("a",)) as facts, pytest.raises(InputError, match="no feature"):
        check_classes(facts)


def test_copies_are_found_and_rows_alike_by_chance_are_not():
    rng = np.random.default_rng(1)
    rows = rng.normal(0, 1, (200, 3))
    rows[150:] = rows[:50]
    rows[0, 1] = rows[150, 1] = np.nan
    copies = find_copies(cells(rows))
    assert (copies >= 0).sum() == 100
    assert (copies[:50] == copies[150:]).all()
    few = cells(np.zeros((500, 0)), rng.integers(0, 3, (500, 2)))
    assert (find_copies(few) == -1).all()


def test_what_a_third_of_the_rows_look_like_is_no_copy():
    rows = np.random.default_rng(2).normal(0, 1, (300, 5))
    rows[:100] = rows[0]
    assert (find_copies(cells(rows)) == -1).all()


def test_groups_of_two_columns_and_copies_are_joined():
    rows = np.random.default_rng(8).normal(0, 1, (28, 3))
    rows[7] = rows[5]
    first = np.array(["a", "a", None, "b", "c"] + [None] * 23, dtype=object)
    masked = np.ma.masked_array(first, mask=[cell is None for cell in first])
    second = np.array([np.nan, 1.0, 1.0, 2.0, 3.0] + [np.nan] * 23)
    blocks, n_copies = blocks_of([masked, second], cells(rows))
    assert blocks[0] == blocks[1] == blocks[2]
    assert len(set(blocks[[0, 3, 4, 5, 6]])) == 5
    assert blocks[5] == blocks[7]
    assert n_copies == 2


def drawn_blocks(seed, n_rows=600, n_blocks=60):
    rng = np.random.default_rng(seed)
    blocks = np.where(rng.random(n_rows) < 0.5, rng.integers(0, n_blocks, n_rows), n_blocks + np.arange(n_rows))
    return (rng.random(n_rows) < 0.15).astype(int), blocks


@pytest.mark.parametrize("seed", range(5))
def test_no_block_is_cut_every_row_is_scored_once_and_classes_are_spread_as_evenly_as_scikit_learn_does(seed):
    labels, blocks = drawn_blocks(seed)
    folds = stratified(labels, blocks, 5, seed)
    assert sorted(np.concatenate([scored for _, scored in folds]).tolist()) == list(range(len(labels)))
    shares, theirs = [], []
    for train, scored in folds:
        assert not np.isin(blocks[scored], blocks[train]).any()
        shares.append([len(scored), labels[scored].sum()])
    for _, scored in StratifiedGroupKFold(5, shuffle=True, random_state=seed).split(labels, labels, blocks):
        theirs.append([len(scored), labels[scored].sum()])
    assert (np.ptp(shares, axis=0) <= np.ptp(theirs, axis=0) + 1).all()


def test_rows_alone_are_cut_by_scikit_learns_folds_and_repeats_differ():
    with facts_of(spots(300, 0.1)) as facts:
        rows = read_rows(facts, 300)
    folds = make_folds(rows, 5, 2, 0)
    assert [fold.repeat for fold in folds] == [0] * 5 + [1] * 5
    assert not np.array_equal(folds[0].validation, folds[5].validation)
    assert all((rows.labels[fold.validation] == 1).sum() == 6 for fold in folds)


def timed(n_rows=300):
    rng = np.random.default_rng(6)
    days = rng.integers(0, 60, n_rows)
    return pd.DataFrame(
        {
            "a": rng.normal(0, 1, n_rows),
            "who": [f"g{i}" for i in rng.integers(0, 100, n_rows)],
            "when": pd.Timestamp("2024-01-01") + pd.to_timedelta(days, unit="D"),
            "y": rng.choice(["no", "yes"], n_rows, p=[0.8, 0.2]),
        }
    )


def test_in_time_a_fold_is_trained_on_what_came_before_it_and_on_none_of_its_groups():
    with facts_of(timed(), time="when", group=("who",)) as facts:
        rows = read_rows(facts, 1_000)
        folds = make_folds(rows, 5, 4, 0)
    assert len(folds) == 5
    for fold in [*folds, *inner_folds(rows, folds[-1].train, 0)]:
        assert rows.times[fold.train].max() < rows.times[fold.validation].min()
        assert not np.isin(rows.blocks[fold.validation], rows.blocks[fold.train]).any()


def test_inner_folds_lie_within_the_rows_they_are_of():
    with facts_of(spots(300, 0.1)) as facts:
        rows = read_rows(facts, 300)
    fold = make_folds(rows, 5, 1, 0)[0]
    inner = inner_folds(rows, fold.train, 0)
    assert len(inner) == 3
    assert sorted(np.concatenate([one.validation for one in inner]).tolist()) == fold.train.tolist()


def classed(*counts):
    rng = np.random.default_rng(7)
    labels = np.repeat([f"k{i}" for i in range(len(counts))], counts)
    return pd.DataFrame({"a": rng.normal(0, 1, len(labels)), "b": rng.normal(0, 1, len(labels)), "y": labels})


@pytest.mark.parametrize(
    ("counts", "n_folds", "classes"),
    [
        ((50, 20), 5, ("k0", "k1")),
        ((50, 5), 5, ("k0", "k1")),
        ((50, 4), 4, ("k0", "k1")),
        ((50, 2), 2, ("k0", "k1")),
        ((50, 20, 3), 5, ("k0", "k1")),
        ((50, 3, 1), 3, ("k0", "k1")),
    ],
)
def test_small_classes_give_fewer_folds_or_are_left_out(counts, n_folds, classes):
    with facts_of(classed(*counts), task="multiclass") as facts:
        rows, found = rows_of_enough_classes(read_rows(facts, 1_000))
    assert (found, rows.classes) == (n_folds, classes)
    assert rows.labels.max() == len(classes) - 1


def test_a_class_of_one_row_beside_another_is_refused():
    with facts_of(classed(50, 1)) as facts, pytest.raises(InputError, match="class 'k1' has 1 of the rows"):
        rows_of_enough_classes(read_rows(facts, 1_000))
    frame = classed(50, 10).assign(who=["a", "b"] * 25 + ["c"] * 10)
    with facts_of(frame, group=("who",)) as facts, pytest.raises(InputError, match="class 'k1' has 1 of the groups"):
        rows_of_enough_classes(read_rows(facts, 1_000))
