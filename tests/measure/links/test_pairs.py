from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.measure.brute import explained

from dataaudit.errors import NotMeasurable
from dataaudit.measure.association import SMOOTHINGS
from dataaudit.measure.links import pair_cells, pairs
from dataaudit.measure.links.pair_cells import MAX_COLUMNS, Cells, coded, cuts, fetch_cells
from dataaudit.measure.links.pair_search import (
    CELLS,
    DIFFERENCE,
    N_BINS,
    N_WAYS,
    ORDER,
    SAME,
    SIDES,
    Read,
    best_explained,
    best_read,
    key_sums,
    label_of,
    screen,
)
from dataaudit.rules.shortcut.pair_tells_label import CODES

EXACT = {"rel": 0, "abs": 1e-12}


def noise(n_rows: int = 400, n_columns: int = 6, seed: int = 0) -> pd.DataFrame:
    return pd.DataFrame(np.random.default_rng(seed).normal(size=(n_rows, n_columns))).add_prefix("x")


def coin(n_rows: int, seed: int = 9) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 2, n_rows)


def best(keys, label):
    return max(explained(keys, label, smoothing) for smoothing in SMOOTHINGS)


def made_cells(values: dict[str, np.ndarray], label: np.ndarray, is_ordered: bool | np.ndarray = True) -> Cells:
    return Cells(
        tuple(values),
        np.array(list(values.values()), dtype=float),
        np.broadcast_to(is_ordered, len(values)),
        label.astype(np.int64),
        int(label.max()) + 1,
        len(values),
    )


SHAPES = {
    SIDES: lambda x: (x["x1"] > 0.3) ^ (x["x4"] > -0.5),
    ORDER: lambda x: x["x1"] > x["x4"],
    CELLS: lambda x: (
        pd.cut(x["x1"], [-9, -0.7, 0.7, 9], labels=False) == pd.cut(x["x4"], [-9, -0.7, 0.7, 9], labels=False)
    ),
    DIFFERENCE: lambda x: (x["x1"] - x["x4"]).abs() > 1,
}


@pytest.mark.parametrize("way", SHAPES)
@pytest.mark.parametrize("n_rows", [400, 3000])
def test_pairs_are_found_and_read_in_the_way_they_are_linked(measure, way, n_rows):
    frame = noise(n_rows)
    found = measure(frame.assign(y=SHAPES[way](frame))).links.pairs["x1", "x4"]
    assert found.association.coding == way
    assert found.association.explained > {CELLS: 0.75, DIFFERENCE: 0.85}.get(way, 0.98 if n_rows > 1000 else 0.9)
    assert found.single < 0.45
    assert (found.n_columns, found.n_features, found.n_pairs) == (6, 6, 15)
    assert found.association.n_rows == n_rows


def test_the_same_codes_among_many(measure):
    random, y = np.random.default_rng(0), coin(600)
    first = random.integers(0, 200, 600)
    other = np.where(y == 1, first, (first + random.integers(1, 200, 600)) % 200)
    frame = noise(600).assign(ship=[f"c{i}" for i in first], bill=[f"c{i}" for i in other], y=y)
    found = measure(frame).links.pairs
    assert list(found) == [("bill", "ship")]
    assert found["bill", "ship"].association.coding == SAME
    same = (frame["ship"] == frame["bill"]).tolist()
    assert found["bill", "ship"].association.explained == pytest.approx(best(same, [str(v) for v in y]), **EXACT)


def test_what_is_told_of_a_number_is_that_of_leaving_each_row_out(measure):
    frame = noise(500)
    frame["y"] = (frame["x1"] > frame["x4"]) + np.random.default_rng(1).normal(0, 0.01, 500)
    facts = measure(frame)
    found = facts.links.pairs["x1", "x4"]
    counts = facts.target.counts["train"]
    ranks = ((np.cumsum(counts) - counts / 2) / 500)[np.searchsorted(facts.target.edges, frame["y"])]
    assert found.association.coding == ORDER
    assert found.association.explained == pytest.approx(
        best((frame["x1"] > frame["x4"]).tolist(), ranks.tolist()), rel=0, abs=1e-11
    )


def test_a_numeric_difference(measure):
    frame = noise(1500)
    found = measure(frame.assign(y=frame["x1"] - frame["x4"])).links.pairs["x1", "x4"]
    assert found.association.coding == DIFFERENCE
    assert found.association.explained > 0.97
    assert found.single == pytest.approx(0.5, abs=0.08)


@pytest.mark.parametrize("task", ["classes", "number"])
@pytest.mark.parametrize("is_ordered", [True, False])
def test_all_pairs_at_once_equal_pair_by_pair(task, is_ordered):
    """The screening's products of one-hot codes give what counting each pair alone gives."""
    random = np.random.default_rng(3)
    values = {f"c{i}": random.integers(0, 6, 300).astype(float) for i in range(5)}
    values["c2"][random.random(300) < 0.2] = np.nan
    label = (values["c0"].astype(int) + values["c1"].astype(int)) % 3
    cells = made_cells(values, np.where(random.random(300) < 0.2, 3, label), is_ordered)
    components = label_of(cells, None if task == "classes" else np.array([0.1, 0.3, 0.6, 0.9]))
    codings = [coded(cells, n_bins) for n_bins in N_BINS]
    searched = random.random(300) < 0.7
    own = components.among(searched)
    gains = {}
    for i in range(5):
        for j in range(i + 1, 5):
            told = []
            for k in (i, j, None):
                per_coding = []
                for coding in codings:
                    pair = coding.codes[i] * 100 + coding.codes[j] if k is None else coding.codes[k]
                    per_coding.append(best_explained(key_sums(pair[searched], own)))
                told.append(max(per_coding))
            first, second = values[f"c{i}"], values[f"c{j}"]
            missing = np.isnan(first) | np.isnan(second)
            compared = (first > second) + 2 * (first == second) if is_ordered else (first == second).astype(int)
            told[2] = max(told[2], best_explained(key_sums(np.where(missing, 9, compared)[searched], own)))
            gains[i, j] = told[2] - max(told[:2])
    found = screen(cells, codings, components, searched)
    wanted = sorted((pair for pair in gains if gains[pair] >= 0.1), key=lambda pair: -gains[pair])
    assert found == wanted
    assert found[0] == (0, 1)


def test_no_row_is_judged_by_a_reading_that_knew_its_label(measure):
    """The labels of the judged rows may change as they like: how the pair is read does not."""
    frame = noise(300)
    y = SHAPES[SIDES](frame).astype(int).to_numpy()
    cells = fetch_cells(measure(frame.assign(y=y)))
    searched = np.arange(300) % 5 > 0
    codings = [coded(cells, n_bins) for n_bins in N_BINS]
    reads = []
    for labels in (cells.label, np.where(searched, cells.label, 1 - cells.label)):
        changed = made_cells(dict(zip(cells.names, cells.values, strict=True)), labels)
        reads.append(best_read(changed, label_of(changed, None), searched, codings, (1, 4)))
    assert reads[0].way == SIDES
    assert reads[0].codes.tolist() == reads[1].codes.tolist()


def test_each_row_is_judged_once_by_what_was_found_without_it(measure, monkeypatch):
    """A reading that tells the rows it was searched in from the others has one code where it is judged."""
    left_out = []

    def all_pairs(cells, codings, label, searched):
        left_out.append(~searched)
        return [(0, 1)]

    def which_rows(cells, label, searched, codings, pair):
        return Read(CELLS, 2, searched.astype(np.int64), 1.0)

    monkeypatch.setattr(pairs, "screen", all_pairs)
    monkeypatch.setattr(pairs, "best_read", which_rows)
    for n_rows, n_folds in ((1000, 5), (1001, 2)):
        left_out.clear()
        found = measure(noise(n_rows).assign(y=coin(n_rows))).links.pairs["x0", "x1"]
        assert (np.sum(left_out, axis=0) == 1).all()
        assert len(left_out) == n_folds
        assert found.association.tried.counts.sum(axis=1).tolist() == [n_rows]
        assert found.ways == ((CELLS, 0),)


def test_a_pair_must_stand_out_in_every_fold(measure, monkeypatch):
    folds = iter([[(0, 1), (2, 3)], [(2, 3)], [(0, 1), (2, 3)], [(0, 1), (2, 3)], [(0, 1), (2, 3)]])
    monkeypatch.setattr(pairs, "screen", lambda *_: next(folds))
    assert list(measure(noise(100).assign(y=coin(100))).links.pairs) == [("x2", "x3")]


def test_of_noise_little_is_told(measure):
    for seed in range(6):
        found = measure(noise(150, 20, seed).assign(y=coin(150, seed + 50))).links.pairs.values()
        assert max((pair.association.explained for pair in found), default=0.0) < 0.3


def test_luck_is_to_be_asked_over_all_pairs_and_ways(measure):
    frame = noise(200)
    found = measure(frame.assign(y=SHAPES[ORDER](frame))).links.pairs["x1", "x4"]
    assert found.association.tried.n_parts == 15 * N_WAYS


def test_numbers_and_texts_are_not_compared():
    """A text has a number that only says which texts are alike."""
    random, same = np.random.default_rng(0), coin(400)
    number = random.integers(0, 300, 400).astype(float)
    values = {"number": number, "text": np.where(same == 1, number, (number + random.integers(1, 300, 400)) % 300)}
    for is_ordered, found in (([True, True], [(0, 1)]), ([False, False], [(0, 1)]), ([True, False], [])):
        cells = made_cells(values, same, np.array(is_ordered))
        codings = [coded(cells, n_bins) for n_bins in N_BINS]
        assert screen(cells, codings, label_of(cells, None), np.ones(400, dtype=bool)) == found


def test_the_engine_s_numbers_of_texts_do_not_show():
    """Of many texts as common as one another, those that come first in the file have codes of their own."""
    random = np.random.default_rng(0)
    texts = random.permutation(np.repeat(np.arange(40.0), 5))
    renamed = random.permutation(40).astype(float)[texts.astype(int)]
    one, other = (coded(made_cells({"c": cells}, coin(200), np.array([False])), 8) for cells in (texts, renamed))
    assert one.codes.tolist() == other.codes.tolist()
    assert one.sizes.tolist() == [18]


def test_of_many_features_the_telling_and_an_even_draw(measure):
    frame = noise(300, 80)
    y = (frame["x7"] + frame["x70"] + 0.3 * np.random.default_rng(0).normal(size=300) > 0).astype(int)
    cells = fetch_cells(measure(frame.assign(y=y)))
    assert len(cells.names) == MAX_COLUMNS
    assert cells.n_features == 80
    assert {"x7", "x70"} <= set(cells.names)
    assert list(cells.names) == sorted(cells.names)
    by_name = sorted(frame.columns)
    assert len(set(cells.names) & set(by_name[:20])) >= 8
    assert len(set(cells.names) & set(by_name[-20:])) >= 8


def test_kinds_of_cells(measure):
    random, y = np.random.default_rng(0), coin(200)
    frame = pd.DataFrame(
        {
            "flag": pd.array(random.random(200) < 0.5, dtype="boolean"),
            "day": pd.Timestamp("2024-01-01") + pd.to_timedelta(random.integers(0, 99, 200), unit="D"),
            "one": random.choice(["a", "b", None], 200),
            "two": random.choice(["a", "b", "c"], 200),
            "empty": pd.Series([None] * 200, dtype="float64"),
            "same": 4.5,
            "prose": [f"{'a long story of many words, which goes on and on ' * 2}{i}" for i in range(200)],
            "y": y,
        }
    )
    frame.loc[::9, "flag"] = pd.NA
    cells = fetch_cells(measure(frame))
    assert cells.names == ("day", "empty", "flag", "one", "same", "two")
    assert cells.is_ordered.tolist() == [True, True, True, False, True, False]
    by_name = dict(zip(cells.names, cells.values, strict=True))
    assert (by_name["one"] == by_name["two"]).tolist() == (frame["one"] == frame["two"]).tolist()
    assert np.isnan(by_name["one"]).tolist() == frame["one"].isna().tolist()
    assert by_name["flag"][1:9].tolist() == frame["flag"][1:9].astype(float).tolist()
    assert np.isnan(by_name["empty"]).all()


def test_rows_without_a_label_are_left_out(measure):
    frame = noise(300)
    y = SHAPES[ORDER](frame).map({True: "m", False: "n"}).where(np.arange(300) % 7 > 0)
    found = measure(frame.assign(y=y)).links.pairs["x1", "x4"]
    assert found.association.n_rows == y.notna().sum()
    assert found.association.explained > 0.99


def test_columns_that_say_nothing_and_huge_numbers_do_no_harm(measure):
    frame = noise(300)
    frame = frame.assign(x1=frame["x1"] * 3e307, x4=frame["x4"] * -3e307, empty=np.nan, same=1.5)
    found = measure(frame.assign(y=SHAPES[ORDER](frame))).links.pairs
    assert list(found) == [("x1", "x4")]
    assert found["x1", "x4"].association.explained > 0.99


def test_two_columns_of_which_each_row_has_one(measure):
    """One is missing where the other is not: nothing can be cut or compared, yet where which is missing tells."""
    frame, turn = noise(300), coin(300) == 1
    frame["y"] = np.where(turn, frame["x1"] > 0, frame["x4"] > 0)
    frame = frame.assign(x1=frame["x1"].where(turn), x4=frame["x4"].where(~turn))
    found = measure(frame).links.pairs["x1", "x4"]
    assert found.association.coding == CELLS
    assert found.association.explained > 0.9


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pd.DataFrame({"x": np.arange(60.0), "y": coin(60)}), "fewer than two features"),
        (noise(39).assign(y=coin(39)), "fewer than 40 labelled rows"),
        (noise(90).assign(y=pd.Series(coin(90)).where(np.arange(90) < 30)), "fewer than 40 labelled rows"),
    ],
)
def test_where_pairs_cannot_be_looked_for(measure, frame, reason):
    with pytest.raises(NotMeasurable, match=reason):
        _ = measure(frame).links.pairs


def test_a_sample_of_one_class(measure, monkeypatch):
    """Of 2,000 rows, five are of the other class, and the sample has none of them."""
    monkeypatch.setattr(pair_cells, "MAX_ROWS", 50)
    y = np.where(np.arange(2000) < 1995, "m", "n")
    with pytest.raises(NotMeasurable, match="one value only"):
        _ = measure(noise(2000).assign(y=y)).links.pairs


def test_a_sample_says_so(measure):
    frame = noise(6000, 3)
    y = (frame["x0"] > frame["x2"]).astype(int)
    found = measure(frame.assign(y=y)).links.pairs["x0", "x2"]
    assert found.sampled
    assert found.association.sampled
    assert 4500 < found.association.n_rows < 5500
    assert not measure(frame[:3000].assign(y=y[:3000])).links.pairs["x0", "x2"].sampled


def test_the_order_of_columns_does_not_show(measure):
    frame = noise(400)
    frame["y"] = SHAPES[SIDES](frame)
    one, other = (measure(frame[list(names)]).links.pairs for names in (frame.columns, frame.columns[::-1]))
    assert list(one) == list(other) == [("x1", "x4")]
    assert one["x1", "x4"].association == other["x1", "x4"].association


def test_cuts_lie_between_values():
    values = np.random.default_rng(0).normal(size=1000)
    found = cuts(values, 8)
    assert np.diff(np.searchsorted(np.sort(values), found)).tolist() == [125] * 6
    assert not set(found) & set(values)
    assert cuts(np.array([0.0, 0.0, 1.0]), 8).tolist() == [0.5]
    assert cuts(np.zeros(5), 4).tolist() == cuts(np.zeros(0), 4).tolist() == []


def test_every_way_that_is_named_is_one():
    assert set(CODES) == {SIDES, ORDER, SAME}
