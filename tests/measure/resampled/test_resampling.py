from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from tests.measure.small import coarse

from dataaudit.errors import NotMeasurable
from dataaudit.measure.resampled import class_rows
from dataaudit.measure.resampled.class_rows import fetch_class_rows, middle, varying_columns
from dataaudit.measure.resampled.copies import measure_copies
from dataaudit.measure.resampled.resampling import column_sets, measure_resamplings
from dataaudit.measure.resampled.segments import find_triples, independent_columns


def interpolated(
    n_real: int = 60, n_made: int = 120, n_columns: int = 6, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """Return real rows, then made-up ones between two of them each, and the pairs of parents."""
    random = np.random.default_rng(seed)
    real = random.gamma(3, 10, (n_real, n_columns))
    distance = ((real[:, None] - real[None]) ** 2).sum(axis=2)
    first = random.integers(0, n_real, n_made)
    second = np.argsort(distance, axis=1)[first, random.integers(1, 6, n_made)]
    made = real[first] + random.uniform(0.05, 0.95, (n_made, 1)) * (real[second] - real[first])
    return np.vstack([real, made]), np.sort(np.column_stack([first, second]), axis=1)


def on_lines(values: np.ndarray) -> set[int]:
    found = find_triples(values, np.arange(len(values)), column_sets(values))
    return set(found.middle.tolist())


def labelled(values: np.ndarray, y: object) -> pd.DataFrame:
    return pd.DataFrame(values).add_prefix("x").assign(y=y)


def with_made_rows(n_train: int = 150, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return (train, test) of a class with made-up rows and one without."""
    values, _ = interpolated(seed=seed)
    random = np.random.default_rng(seed + 1)
    other = random.gamma(3, 10, (120, values.shape[1]))
    table = labelled(np.vstack([values, other]), ["made"] * len(values) + ["real"] * len(other))
    table = table.iloc[random.permutation(len(table))].reset_index(drop=True)
    return table[:n_train].reset_index(drop=True), table[n_train:].reset_index(drop=True)


def test_finds_the_made_rows_and_their_parents():
    values, parents = interpolated()
    found = find_triples(values, np.arange(len(values)), [np.arange(values.shape[1])])
    assert set(found.middle.tolist()) == set(range(60, 180))
    triples = {(m, *sorted(pair)) for m, *pair in zip(found.middle, found.first, found.second, strict=True)}
    n_with_parents = sum((60 + i, *pair) in triples for i, pair in enumerate(parents.tolist()))
    assert n_with_parents >= 100
    to_a, to_b = values[found.first] - values[found.middle], values[found.second] - values[found.middle]
    lengths = np.linalg.norm(to_a, axis=1) * np.linalg.norm(to_b, axis=1)
    assert ((to_a * to_b).sum(axis=1) / lengths).max() < -1 + 1e-9


@pytest.mark.parametrize(
    ("store", "least"),
    [
        (lambda v: v.astype(np.float32).astype(float), 115),
        (lambda v: v.round(3), 110),
        (lambda v: v.round(2), 90),
        (lambda v: (v * 100).round(), 110),
        (lambda v: (v - v.mean(axis=0)) / v.std(axis=0), 115),
        (lambda v: v * 10.0 ** np.arange(-3, 3), 115),
    ],
    ids=["float32", "3 decimals", "2 decimals", "whole numbers", "standardised", "scales apart"],
)
def test_finds_made_rows_however_they_are_stored(store, least):
    found = on_lines(store(interpolated()[0]))
    assert len(found & set(range(60, 180))) >= least
    assert len(found & set(range(60))) <= 1


@pytest.mark.parametrize(
    "values",
    [
        np.random.default_rng(0).normal(size=(300, 3)),
        np.random.default_rng(1).normal(size=(300, 6)).round(1),
        np.random.default_rng(2).poisson(4, (300, 6)).astype(float),
        np.random.default_rng(3).poisson(30, (300, 4)) / 7.3,
        np.random.default_rng(4).normal(size=(300, 8)).astype(np.float32).astype(float),
        np.repeat(np.random.default_rng(5).normal(size=(100, 4)), 3, axis=0)
        + 1e-9 * np.random.default_rng(6).normal(size=(300, 4)),
    ],
    ids=["normal", "one decimal", "counts", "counts, scaled", "float32", "almost copies"],
)
def test_untouched_rows_lie_on_no_line(values):
    assert on_lines(np.unique(values, axis=0)) == set()


def test_columns_that_are_sums_of_others_count_once():
    random = np.random.default_rng(0)
    x = random.normal(size=(200, 2))
    assert len(independent_columns(np.column_stack([x, x.sum(axis=1), x[:, 0] * 3, np.ones(200)]))) == 2
    assert independent_columns(np.ones((5, 3))).tolist() == []


def test_rows_along_one_direction_are_not_asked():
    t = np.random.default_rng(0).normal(size=(200, 1))
    assert column_sets(t @ np.array([[1.0, 2.0, 3.0, 4.0]])) == []


def test_codes_that_samplers_copy_do_not_hide_the_line():
    values, _ = interpolated()
    codes = np.random.default_rng(0).integers(0, 40, (len(values), 2))
    assert len(on_lines(np.column_stack([values, codes])) & set(range(60, 180))) >= 90


def test_counts_rows_on_lines_per_split(measure):
    train, test = with_made_rows()
    found = measure_resamplings(measure(train, test=test))
    made, real = found["made"].segments, found["real"].segments
    assert made.n_rows == made.n_searched == 180
    assert made.n_examined == {"train": (train["y"] == "made").sum(), "test": (test["y"] == "made").sum()}
    assert 110 <= sum(made.n_on.values()) <= 120
    assert sum(real.n_on.values()) == 0
    assert made.n_columns == 6
    assert not found["made"].sampled


def test_joined_rows_have_a_parent_in_another_split(measure):
    train, test = with_made_rows()
    frames = {"train": train, "test": test}
    made = measure_resamplings(measure(train, test=test))["made"].segments
    assert 0 < sum(made.n_joined.values()) < sum(made.n_on.values())
    for example in made.examples:
        assert len({split for split, _ in example}) == 2
        x, a, b = (frames[split].drop(columns="y").loc[number].to_numpy(dtype=float) for split, number in example)
        assert np.linalg.norm(a - x) + np.linalg.norm(b - x) == pytest.approx(np.linalg.norm(a - b))


def test_rows_made_in_train_alone_join_no_split(measure):
    values, _ = interpolated()
    random = np.random.default_rng(1)
    train = labelled(np.vstack([values, random.gamma(3, 10, (100, 6))]), ["made"] * 180 + ["real"] * 100)
    test = labelled(random.gamma(3, 10, (100, 6)), ["made"] * 50 + ["real"] * 50)
    made = measure_resamplings(measure(train, test=test))["made"].segments
    assert made.n_on["train"] > 100
    assert sum(made.n_joined.values()) == 0


def test_order_of_rows_and_columns_does_not_show(measure):
    train, test = with_made_rows()
    random = np.random.default_rng(0)
    turned = train.iloc[random.permutation(len(train))][train.columns[::-1]]
    first, second = (measure_resamplings(measure(frame, test=test))["made"].segments for frame in (train, turned))
    assert (first.n_on, first.n_joined) == (second.n_on, second.n_joined)


def test_columns_with_missing_cells_or_few_levels_are_left_out(measure):
    train, test = with_made_rows()
    train.loc[3, "x1"] = None
    for split in (train, test):
        split["flag"] = np.arange(len(split)) % 2
        split["name"] = "a"
    assert varying_columns(measure(train, test=test)) == ["x0", "x2", "x3", "x4", "x5"]


def test_wide_tables_keep_the_widest_columns_and_some_of_the_others(measure, monkeypatch):
    monkeypatch.setattr(class_rows, "MOST_COLUMNS", 4)
    scale = np.array([1, 50, 1, 1, 100, 1, 1, 1])
    table = labelled(np.random.default_rng(0).normal(size=(80, 8)) * scale, np.resize([0, 1], 80))
    assert varying_columns(measure(table[:50], test=table[50:])) == ["x0", "x1", "x4", "x7"]


def test_of_a_large_class_the_rows_around_its_middle_are_read(measure, monkeypatch):
    monkeypatch.setattr(class_rows, "MOST_ROWS_OF_CLASS", 400)
    x = np.random.default_rng(0).normal(size=(4000, 5)) * [1, 1, 1, 1, 30]
    table = labelled(x, np.resize([0, 0, 0, 0, 0, 0, 0, 0, 0, 1], 4000))
    facts = measure(table[:3000], test=table[3000:])
    rows = fetch_class_rows(facts, varying_columns(facts), {"0": 3600, "1": 400})
    assert (rows["1"].n_taken, rows["1"].n_all) == (400, 400)
    assert 250 <= rows["0"].n_taken <= 480
    own = x[table["y"] == 0]
    taken = (own[:, None, 0] == rows["0"].values[None, :, 0]).any(axis=1)
    in_train = own[: (table["y"][:3000] == 0).sum()]
    for centre, unit in middle(in_train):
        distance = (((own - centre) / unit) ** 2).sum(axis=1)
        nearest = np.argsort(distance)[:150]
        assert taken[nearest].all()


def test_made_rows_of_a_large_class_show(measure, monkeypatch):
    monkeypatch.setattr(class_rows, "MOST_ROWS_OF_CLASS", 500)
    values, _ = interpolated(1000, 4000)
    order = np.random.default_rng(0).permutation(5000)
    y = np.append(np.ones(5000), np.zeros(300)).astype(int)
    table = labelled(np.vstack([values[order], np.random.default_rng(1).gamma(3, 10, (300, 6))]), y)
    table = table.sample(frac=1, random_state=0, ignore_index=True)
    found = measure_resamplings(measure(table[:3500], test=table[3500:]))["1"]
    assert found.sampled
    assert found.segments.n_searched < 700
    # Drawn at random, a tenth of the rows would keep both parents of one row in a hundred.
    assert sum(found.segments.n_on.values()) > 0.5 * sum(found.segments.n_examined.values())


@pytest.mark.parametrize("seed", range(3))
def test_copies_agree_with_pandas(measure, seed):
    frames = {"train": coarse(200, seed), "test": coarse(90, seed + 10), "validation": coarse(40, seed + 20)}
    facts = measure(frames["train"], test=frames["test"], validation=frames["validation"])
    both = pd.concat([frame.assign(split=split) for split, frame in frames.items()]).dropna(subset=["y"])
    copies = measure_copies(facts, both["y"].value_counts().to_dict())
    for name, own in both.groupby("y"):
        groups = own.groupby(["a", "b", "c"], dropna=False)
        in_train = own[own["split"] == "train"].groupby(["a", "b", "c"], dropna=False).size()
        assert copies[name].n_rows == len(own)
        assert copies[name].n_distinct == groups.ngroups
        assert copies[name].n_repeated == (groups.size() > 1).sum()
        assert copies[name].n_across == (groups["split"].nunique() > 1).sum()
        assert copies[name].dispersion == pytest.approx(in_train.var(ddof=0) / (in_train.mean() - 1))


def test_rows_drawn_to_be_copied_disperse_like_chance_and_agree_whole(measure):
    random = np.random.default_rng(0)
    x = random.normal(size=(300, 4)).round(2)
    own = np.vstack([x[:60], x[random.integers(0, 60, 240)]])
    table = labelled(np.vstack([own, x[60:]]), ["copied"] * 300 + ["once"] * 240)
    table = table.sample(frac=1, random_state=0, ignore_index=True)
    train, test = table[:400], table[400:].reset_index(drop=True)
    found = measure_copies(measure(train, test=test), {"copied": 300, "once": 240})["copied"]
    assert found.share_repeated > 0.95
    assert 0.3 < found.dispersion < 1.6
    assert found.share_whole > 0.95
    across = Counter(map(tuple, train.to_numpy().tolist()))
    rows = [i for i, row in enumerate(test.to_numpy().tolist()) if row[-1] == "copied" and tuple(row) in across]
    assert found.numbers["test"] == tuple(rows[:21])


def test_rows_alike_by_chance_agree_in_part_far_more_often(measure):
    random = np.random.default_rng(0)
    y = np.resize([0, 1], 1000)
    counts = random.poisson(np.where(y, 1, 8)[:, None], (1000, 5))
    table = labelled(np.column_stack([counts, counts.sum(axis=1)]), y)
    found = measure_copies(measure(table[:700], test=table[700:]), {"0": 500, "1": 500})
    assert found["1"].share_repeated > 3 * found["0"].share_repeated
    assert found["1"].share_whole < 0.6
    assert found["0"].share_whole is None


def test_numbers_to_be_predicted_are_no_classes(measure):
    table = labelled(np.random.default_rng(0).normal(size=(80, 4)), np.random.default_rng(1).normal(size=80))
    with pytest.raises(NotMeasurable):
        measure_resamplings(measure(table[:50], test=table[50:]))


def test_tiny_classes_are_not_asked(measure):
    table = labelled(np.random.default_rng(0).normal(size=(100, 4)), ["a"] * 71 + ["b"] * 29)
    table = table.sample(frac=1, random_state=0, ignore_index=True)
    found = measure_resamplings(measure(table[:60], test=table[60:]))
    assert found["a"].segments is not None
    assert found["b"].segments is None
