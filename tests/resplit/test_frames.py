"""Frames split into frames: shares, groups, twins, time, and what has to give."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from tests.resplit.conftest import dealt_groups, nearly, plain, with_times

import dataaudit
from dataaudit.errors import ConfigError, InputError
from dataaudit.resplit import assigning


def rows_once(parts, n_rows):
    listed = np.concatenate([*parts.rows.values(), *parts.dropped.values()])
    assert sorted(listed.tolist()) == list(range(n_rows))


def part_of(parts, n_rows):
    found = np.full(n_rows, -1)
    for place, numbers in enumerate(parts.rows.values()):
        found[numbers] = place
    return found


def test_classes_have_their_shares_within_a_row(table):
    parts = dataaudit.split(table, label="y")
    rows_once(parts, len(table))
    assert {name: len(frame) for name, frame in parts.items()} == {"train": 420, "validation": 90, "test": 90}
    for share, frame in zip((0.7, 0.15, 0.15), parts.values(), strict=True):
        off = frame["y"].value_counts() - share * table["y"].value_counts()
        assert off.abs().max() < 1
    assert parts.notes == ()


def test_a_frame_comes_back_as_it_was(table):
    frame = table.set_index(pd.Index(np.arange(len(table)) * 3 + 1, name="at"))
    frame["k"] = frame["k"].astype("category")
    frame["when"] = pd.Timestamp("2024-01-01", tz="UTC")
    parts = dataaudit.split(frame, label="y", sizes="80/20")
    assert list(parts) == ["train", "test"]
    for name, part in parts.items():
        pd.testing.assert_frame_equal(part, frame.iloc[parts.rows[name]])
        assert (np.diff(parts.rows[name]) > 0).all()


@pytest.mark.parametrize("kind", [pl.DataFrame, pa.Table.from_pandas])
def test_other_frames_come_back_as_their_kind(table, kind):
    frame = kind(table)
    parts = dataaudit.split(frame, label="y")
    assert type(parts["test"]) is type(frame)
    assert len(parts["test"]) == 90
    assert (
        parts["test"]["x0"].to_pylist() == table["x0"].iloc[parts.rows["test"]].tolist()
        if kind is not pl.DataFrame
        else True
    )


def test_the_seed_decides(table):
    one, same, other = (dataaudit.split(table, label="y", seed=seed).rows["test"] for seed in (1, 1, 2))
    assert one.tolist() == same.tolist()
    assert one.tolist() != other.tolist()


@pytest.mark.parametrize("n_folds", [2, 5, 7])
def test_folds_are_alike(table, n_folds):
    parts = dataaudit.split(table, label="y", folds=n_folds)
    rows_once(parts, len(table))
    assert list(parts) == [f"fold_{i + 1}" for i in range(n_folds)]
    sizes = [len(frame) for frame in parts.values()]
    assert max(sizes) - min(sizes) <= 1
    shares = pd.DataFrame({name: frame["y"].value_counts() for name, frame in parts.items()})
    assert (shares.max(axis=1) - shares.min(axis=1)).max() <= 1


def test_a_target_of_numbers_has_its_tenths_everywhere(table):
    frame = table.assign(y=np.random.default_rng(0).lognormal(size=len(table)))
    parts = dataaudit.split(frame, label="y")
    cuts = np.quantile(frame["y"], np.arange(1, 10) / 10)
    for frame_of_part in parts.values():
        counts = np.bincount(np.searchsorted(cuts, frame_of_part["y"]), minlength=10)
        assert np.abs(counts - len(frame_of_part) / 10).max() <= 4


def test_rare_classes_are_in_every_part(table):
    frame = table.assign(y=["one"] * 4 + ["two"] * 3 + ["usual"] * (len(table) - 7))
    parts = dataaudit.split(frame, label="y")
    for part in parts.values():
        assert {"one", "two", "usual"} == set(part["y"])


def test_a_class_too_small_for_all_is_told(table):
    frame = table.assign(y=["lone"] + ["pair"] * 2 + ["usual"] * (len(table) - 3))
    parts = dataaudit.split(frame, label="y")
    assert "lone" in set(parts["train"]["y"])
    assert "pair" in set(parts["train"]["y"])
    assert any(note == "The class lone is not in validation and test: it has 1 row." for note in parts.notes)
    assert any("The class pair is not in" in note and "it has 2 rows" in note for note in parts.notes)


def test_rows_without_a_label_are_shared_out(table):
    frame = table.assign(y=table["y"].where(np.arange(len(table)) % 10 > 0))
    parts = dataaudit.split(frame, label="y")
    assert [int(part["y"].isna().sum()) for part in parts.values()] == [42, 9, 9]


@pytest.mark.parametrize("seed", range(3))
def test_groups_stay_on_one_side(table, seed):
    frame = table.assign(g=dealt_groups(len(table), 40, seed))
    parts = dataaudit.split(frame, label="y", group="g")
    rows_once(parts, len(table))
    assert frame.assign(part=part_of(parts, len(frame))).groupby("g")["part"].nunique().max() == 1
    shares = [len(part) / len(frame) for part in parts.values()]
    assert shares == pytest.approx([0.7, 0.15, 0.15], abs=0.03)


def test_rows_linked_through_several_columns_are_one_unit():
    rng = np.random.default_rng(0)
    frame = plain(400)
    frame["g"] = rng.integers(0, 250, 400)
    frame["h"] = rng.integers(0, 700, 400)
    part = part_of(dataaudit.split(frame, label="y", group=["g", "h"]), 400)
    for column in ("g", "h"):
        assert frame.assign(part=part).groupby(column)["part"].nunique().max() == 1


def test_a_row_without_a_group_is_on_its_own(table):
    frame = table.assign(g=np.where(np.arange(len(table)) < 500, None, "together"))
    parts = dataaudit.split(frame, label="y", group="g")
    assert [len(part) for part in parts.values()] == [420, 90, 90]
    assert len(set(part_of(parts, len(frame))[500:])) == 1


def test_equal_rows_stay_on_one_side(table):
    frame = pd.concat([table, table.sample(100, random_state=1), table.sample(50, random_state=2)])
    parts = dataaudit.split(frame, label="y")
    features = [column for column in frame if column != "y"]
    assert frame.assign(part=part_of(parts, len(frame))).groupby(features)["part"].nunique().max() == 1
    assert any("equal another in all features" in note for note in parts.notes)


def test_rows_that_nearly_agree_stay_on_one_side_unless_told_otherwise(table):
    copies = nearly(table, 120)
    frame = pd.concat([table, copies])
    twins = np.flatnonzero(np.isin(table.index, copies.index))
    places = {row: place for place, row in enumerate(table.index)}
    pairs = [(places[row], len(table) + i) for i, row in enumerate(copies.index)]
    assert len(twins) == 120
    part = part_of(dataaudit.split(frame, label="y"), len(frame))
    assert all(part[one] == part[other] for one, other in pairs)
    told = dataaudit.split(frame, label="y", near=False)
    part = part_of(told, len(frame))
    assert sum(part[one] != part[other] for one, other in pairs) > 20
    assert "Rows that nearly agree were not looked for." in told.notes


def test_rows_that_chance_makes_equal_are_not_kept_together():
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"a": rng.integers(0, 3, 900), "b": rng.integers(0, 2, 900), "y": rng.integers(0, 2, 900)})
    parts = dataaudit.split(frame, label="y")
    assert [len(part) for part in parts.values()] == [630, 135, 135]
    assert any("by chance" in note for note in parts.notes)
    # All six combinations are everywhere, as they will be in the world.
    assert all(len(part[["a", "b"]].drop_duplicates()) == 6 for part in parts.values())


def test_a_heap_of_equal_rows_goes_where_it_fits(table):
    frame = pd.concat([table, *[table.iloc[:1]] * 120])
    parts = dataaudit.split(frame, label="y")
    assert set(part_of(parts, len(frame))[600:]) == {0}
    assert [len(part) for part in parts.values()] == pytest.approx([504, 108, 108], abs=1)


def test_a_heap_of_equal_rows_that_no_part_can_hold_is_shared_out(table):
    parts = dataaudit.split(pd.concat([table, *[table.iloc[:1]] * 1_400]), label="y")
    assert any("too many for any part" in note for note in parts.notes)
    assert [len(part) for part in parts.values()] == pytest.approx([1_400, 300, 300], abs=1)


def test_chains_of_near_rows_that_are_too_long_are_cut(monkeypatch):
    monkeypatch.setattr(assigning, "MOST_OF_LARGEST_NEAR", 0.01)
    rng = np.random.default_rng(0)
    steps = np.arange(500.0)
    frame = pd.DataFrame({f"x{i}": steps + rng.normal(size=500) * 0.01 for i in range(8)})
    parts = dataaudit.split(frame.assign(y=rng.choice(["a", "b"], 500)), label="y")
    assert any("in chains so long" in note for note in parts.notes)
    assert [len(part) for part in parts.values()] == [350, 75, 75]


def test_one_group_of_most_rows_is_told(table):
    frame = table.assign(g=[0] * 480 + list(range(1, 121)))
    parts = dataaudit.split(frame, label="y", group="g")
    assert part_of(parts, len(frame))[:480].tolist() == [0] * 480
    assert any("train has 80 % of the rows instead of 70 %" in note and "holds 80 %" in note for note in parts.notes)


def test_a_group_that_fits_into_train_leaves_the_others_balanced(table):
    frame = table.assign(g=[0] * 360 + [1 + i // 3 for i in range(240)])
    parts = dataaudit.split(frame, label="y", group="g")
    assert [len(part) for part in parts.values()] == pytest.approx([420, 90, 90], abs=1)
    assert set(part_of(parts, len(frame))[:360]) == {0}


def test_a_class_of_one_group_only_is_told(table):
    frame = table.assign(g=np.arange(len(table)) // 6)
    frame.loc[frame["g"] == 7, "y"] = "here"
    parts = dataaudit.split(frame, label="y", group="g")
    assert sum("here" in set(part["y"]) for part in parts.values()) == 1
    assert any(note.startswith("The class here is not in") and "belong together" in note for note in parts.notes)


def test_more_folds_than_groups_are_fewer_folds(table):
    frame = table.assign(g=np.arange(len(table)) % 3)
    parts = dataaudit.split(frame, label="y", group="g", folds=5)
    assert list(parts) == ["fold_1", "fold_2", "fold_3"]
    assert any(note.startswith("3 folds instead of 5 were made") for note in parts.notes)


def test_two_groups_are_train_and_test(table):
    parts = dataaudit.split(table.assign(g=np.arange(len(table)) % 2), label="y", group="g")
    assert list(parts) == ["train", "test"]
    assert any("validation could not be made" in note for note in parts.notes)


def test_one_group_of_all_rows_has_to_give(table):
    parts = dataaudit.split(table.assign(g="all"), label="y", group="g")
    assert [len(part) for part in parts.values()] == [420, 90, 90]
    assert any("g had to give" in note for note in parts.notes)


def test_of_two_linking_columns_the_last_has_to_give(table):
    frame = table.assign(g=np.arange(len(table)) // 10, h=np.arange(len(table)) % 10)
    parts = dataaudit.split(frame, label="y", group=["g", "h"])
    assert frame.assign(part=part_of(parts, len(frame))).groupby("g")["part"].nunique().max() == 1
    assert any("h had to give" in note for note in parts.notes)


def test_parts_follow_one_another_in_time(table):
    frame = with_times(table)
    parts = dataaudit.split(frame, label="y", time="t")
    rows_once(parts, len(table))
    assert [len(part) for part in parts.values()] == pytest.approx([420, 90, 90], abs=2)
    for earlier, later in itertools.pairwise(parts.values()):
        assert earlier["t"].max() < later["t"].min()


def test_rows_of_one_time_stay_on_one_side(table):
    frame = table.assign(t=np.arange(len(table)) // 100)
    parts = dataaudit.split(frame, label="y", time="t")
    assert [len(part) for part in parts.values()] == [400, 100, 100]


def test_a_gap_is_left_between_parts(table):
    frame = with_times(table)
    parts = dataaudit.split(frame, label="y", time="t", gap="7d")
    rows_once(parts, len(table))
    for earlier, later in itertools.pairwise(parts.values()):
        assert later["t"].min() - earlier["t"].max() >= pd.Timedelta(days=7)
    assert {reason: len(rows) for reason, rows in parts.dropped.items()}.keys() == {
        "within 7d before validation",
        "within 7d before test",
    }
    assert any("dropped: within 7d before validation" in note for note in parts.notes)


def test_a_gap_in_numbers_is_in_their_unit(table):
    parts = dataaudit.split(table.assign(t=np.arange(len(table))), label="y", time="t", gap=20)
    assert [len(part) for part in parts.values()] == [401, 71, 90]


def test_rows_without_a_time_are_dropped_and_listed(table):
    frame = with_times(table)
    frame.loc[frame.index[::50], "t"] = pd.NaT
    parts = dataaudit.split(frame, label="y", time="t")
    assert parts.dropped["the time is missing"].tolist() == list(range(0, len(table), 50))


def test_a_group_that_crosses_a_cut_in_time_is_kept_on_one_side(table):
    rng = np.random.default_rng(0)
    group = rng.integers(0, 120, len(table))
    start = rng.integers(0, 340, 120)
    days = pd.to_timedelta(start[group] * 24 + rng.integers(0, 480, len(table)), "h")
    frame = table.assign(g=group, t=pd.Timestamp("2024-01-01") + days)
    parts = dataaudit.split(frame, label="y", time="t", group="g")
    rows_once(parts, len(table))
    groups = [set(part["g"]) for part in parts.values()]
    assert not any(one & other for one, other in itertools.combinations(groups, 2))
    n_dropped = sum(len(rows) for rows in parts.dropped.values())
    assert 0 < n_dropped < 0.1 * len(table)
    assert any("its group, or an equal row, is kept in" in reason for reason in parts.dropped)


def test_groups_that_cross_every_cut_are_left_where_time_puts_them(table):
    frame = table.assign(g=np.arange(len(table)) % 2, t=np.arange(len(table)))
    parts = dataaudit.split(frame, label="y", time="t", group="g", folds=10)
    assert [len(part) for part in parts.values()] == [60] * 10
    assert any("left where time has put them" in note for note in parts.notes)


def test_a_time_that_orders_nothing_on_purpose_does_not_decide(table):
    parts = dataaudit.split(with_times(table), label="y", time="t", time_mode="random")
    assert parts["train"]["t"].max() > parts["test"]["t"].min()


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"sizes": "70/20"}, "add up to 90"),
        ({"sizes": "a/b"}, "sizes is 'a/b'"),
        ({"sizes": (0.5, 0.2, 0.2, 0.1)}, "sizes are"),
        ({"sizes": (1.2, -0.2)}, "sizes are"),
        ({"folds": 1}, "--folds is 1"),
        ({"folds": 3, "sizes": "80/20"}, "both sizes and folds"),
        ({"gap": "7d"}, "no time to measure it in"),
        ({"time": "t", "gap": "soon"}, "--gap is 'soon'"),
        ({"time": "t", "gap": "7"}, "has no unit"),
        ({"time": "x0", "gap": "7d"}, "holds numbers"),
        ({"time": "k"}, "the time column 'k' is categorical"),
        ({"label": "z"}, "no column 'z'"),
        ({"group": "z"}, "no column 'z'"),
    ],
)
def test_what_makes_no_sense_is_one_clear_error(table, options, told):
    with pytest.raises((ConfigError, InputError), match=told):
        dataaudit.split(with_times(table), **{"label": "y", **options})


def test_what_cannot_be_split_is_one_clear_error(table):
    with pytest.raises(InputError, match="one training row"):
        dataaudit.split(table.iloc[:1], label="y", task="binary")
    with pytest.raises(InputError, match="all rows have the same time"):
        dataaudit.split(table.assign(t=pd.Timestamp("2024-01-01")), label="y", time="t")
    with pytest.raises(InputError, match="'split' splits the table already"):
        dataaudit.split(table.assign(split=["train", "test"] * 300), label="y")
    assert len(dataaudit.split(table.assign(split=["train", "test"] * 300), label="y", exclude="split")) == 3


@pytest.mark.parametrize("n_rows", [2, 3, 4, 7])
def test_tiny_tables_are_split(n_rows):
    frame = pd.DataFrame({"x": np.arange(n_rows) * 1.5, "y": ["a", "b"] * (n_rows // 2) + ["a"] * (n_rows % 2)})
    parts = dataaudit.split(frame, label="y")
    rows_once(parts, n_rows)
    assert all(len(part) for part in parts.values())


def test_odd_columns_do_no_harm(table):
    frame = table.assign(
        constant=1,
        missing=np.nan,
        infinite=np.where(np.arange(len(table)) % 5 == 0, np.inf, 1e300),
        flag=table["x0"] > 0,
    )
    assert [len(part) for part in dataaudit.split(frame, label="y").values()] == [420, 90, 90]
    assert [len(part) for part in dataaudit.split(table[["y"]].assign(c=1), label="y").values()] == [420, 90, 90]
