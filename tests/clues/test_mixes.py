"""Class mixes: which values, which classes, and the counts that pandas finds too."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest
from tests.clues.frames import CHECKS, cars, class_names, finding, mix_of, named, row_named
from tests.measure.small import mixed

import dataaudit
from dataaudit.clues.gather import gather_clues
from dataaudit.model import Severity

SELECT = ["SPUR001", "SPUR002", "SPUR003", "LEAK005"]


def gathered(measure, findings, train, **options):
    """Gather from measured facts and made findings."""
    facts = measure(train, **options)
    assert facts.tables is not None
    return gather_clues(facts, findings, CHECKS)


@pytest.fixture(scope="module")
def audited():
    train, test = cars(900, red_is_ferrari=True), cars(500, red_is_ferrari=False, seed=1)
    return train, test, dataaudit.audit(train, test=test, label="make", select=SELECT)


def test_the_flagged_value_and_class_come_first(audited):
    _, _, result = audited
    mix = mix_of(result.clues, "colour")
    assert mix.rows[0].name == "red"
    assert mix.rows[0].is_flagged
    assert not any(row.is_flagged for row in mix.rows[1:])
    assert (mix.told_row, class_names(result.clues, mix)[0]) == (0, "Ferrari")
    assert mix.splits == ("train", "test")


def test_counts_are_those_of_a_crosstab(audited):
    train, test, result = audited
    mix = mix_of(result.clues, "colour")
    for split, frame in (("train", train), ("test", test)):
        table = pd.crosstab(frame["colour"], frame["make"])[class_names(result.clues, mix)]
        assert {row.name: row.counts[split] for row in mix.rows if row.from_data} == {
            value: tuple(counts) for value, counts in zip(table.index, table.to_numpy().tolist(), strict=True)
        }
        assert mix.everything.counts[split] == tuple(table.sum().tolist())


def between(values: pd.Series, name: str) -> pd.Series:
    """Return which whole numbers lie in the interval that a row is called."""
    numbers = [int(number) for number in re.findall(r"-?\d+", name)]
    if name.startswith("up to"):
        return values <= numbers[0]
    if name.startswith("over"):
        return values > numbers[0]
    return (values >= numbers[0]) & (values <= numbers[-1])


def test_intervals_of_whole_numbers_are_counted_as_they_are_called(measure):
    rng = np.random.default_rng(3)
    train = pd.DataFrame({"age": rng.integers(17, 91, 2000), "y": rng.choice(["a", "b"], 2000)})
    test = pd.DataFrame({"age": rng.integers(10, 99, 500), "y": rng.choice(["a", "b"], 500)})
    clues = gathered(measure, [finding("age")], train, test=test)
    mix = mix_of(clues, "age")
    assert 6 <= len(mix.rows) <= 8
    for split, frame in (("train", train), ("test", test)):
        for row in mix.rows:
            counted = frame.loc[between(frame["age"], row.name), "y"].value_counts()
            assert row.counts[split] == tuple(int(counted.get(name, 0)) for name in class_names(clues, mix)), row.name
        assert sum(sum(row.counts[split]) for row in mix.rows) == len(frame)


def test_few_numbers_are_rows_of_their_own_in_their_order(measure):
    train = cars(400, red_is_ferrari=False)
    mix = mix_of(gathered(measure, [finding("doors")], train, label="make"), "doors")
    assert [row.name for row in mix.rows] == ["2", "3", "4", "5"]
    assert not any(row.is_interval for row in mix.rows)


def test_the_interval_a_rule_names_is_a_row_in_its_place():
    rng = np.random.default_rng(5)
    x = rng.normal(size=3000)
    frame = pd.DataFrame({"x": x, "y": np.where(x > 0.7, "high", rng.choice(["low", "lower"], 3000))})
    result = dataaudit.audit(frame, label="y", select="SPUR001")
    told = next(f for f in result.findings if f.evidence["class"].value == "high")
    mix = mix_of(result.clues, "x")
    flagged = [row for row in mix.rows if row.is_flagged]
    n_rows = told.evidence["n_rows_with_value"]
    assert n_rows in [sum(row.counts["train"]) for row in flagged]
    assert mix.rows[-1].is_flagged
    assert mix.rows[-1].name.startswith("over ")
    assert len(mix.rows) <= 8


def test_missing_cells_have_a_row_and_all_others_another(measure):
    rng = np.random.default_rng(6)
    values = pd.Series([f"v{number}" for number in rng.geometric(0.1, 1000)], dtype=object)
    values[rng.random(1000) < 0.2] = None
    train = pd.DataFrame({"x": values, "y": rng.choice(["a", "b"], 1000)})
    clues = gathered(measure, [finding("x")], train)
    mix = mix_of(clues, "x")
    assert [row.name for row in mix.rows[-2:]] == ["all others", "(missing)"]
    assert len(mix.rows) == 8
    missing = mix.rows[-1]
    assert missing.is_missing
    assert not missing.from_data
    assert sum(missing.counts["train"]) == values.isna().sum()
    assert sum(sum(row.counts["train"]) for row in mix.rows) == 1000


def test_where_missingness_tells_the_missing_cells_come_first():
    rng = np.random.default_rng(7)
    y = rng.choice(["refused", "granted"], 800)
    reason = pd.Series(rng.normal(size=800))
    reason[y == "granted"] = None
    frame = pd.DataFrame({"reason": reason, "x": rng.normal(size=800), "y": y})
    result = dataaudit.audit(frame, label="y", select="SPUR003")
    mix = mix_of(result.clues, "reason")
    assert mix.rows[0].is_missing
    assert mix.rows[0].is_flagged
    assert mix.told_row == 0
    assert class_names(result.clues, mix)[0] == "granted"


def test_of_many_different_texts_only_the_missing_ones_are_named():
    rng = np.random.default_rng(8)
    y = rng.choice(["refused", "granted"], 800)
    note = pd.Series([f"note number {number}" for number in range(800)], dtype=object)
    note[y == "granted"] = None
    frame = pd.DataFrame({"note": note, "x": rng.normal(size=800), "y": y})
    mix = mix_of(dataaudit.audit(frame, label="y", select="SPUR003").clues, "note")
    assert [row.name for row in mix.rows] == ["(missing)", "all others"]


def test_a_column_of_different_values_has_no_mix_and_says_why(measure):
    rng = np.random.default_rng(9)
    train = pd.DataFrame({"text": [f"word{i} other{i}" for i in range(500)], "y": rng.choice(["a", "b"], 500)})
    clues = gathered(measure, [finding("text", "LEAK005")], train)
    assert clues is not None
    assert clues.mixes == ()
    assert clues.without_mix == {"text": "nearly all its values are different"}
    part = finding("text", "LEAK005", part_of_column="its length")
    clues = gathered(measure, [part], train)
    assert clues is not None
    assert "part of its values" in clues.without_mix["text"]


def test_more_than_five_classes_are_the_told_one_the_commonest_and_the_rest():
    train = cars(4000, red_is_ferrari=True, n_makes=12)
    result = dataaudit.audit(train, label="make", select="SPUR001")
    mix = mix_of(result.clues, "colour")
    names = class_names(result.clues, mix)
    commonest = [name for name in train["make"].value_counts().index if name != "Ferrari"][:4]
    assert names == ["Ferrari", *commonest, "others"]
    counts = train.loc[train["colour"] == "black", "make"].value_counts()
    row = row_named(mix, "black")
    assert row.counts["train"][:5] == tuple(int(counts.get(name, 0)) for name in names[:5])
    assert sum(row.counts["train"]) == counts.sum()


def test_a_class_has_the_same_place_in_all_mixes(measure):
    train = cars(3000, red_is_ferrari=False, n_makes=12)
    findings = [
        named("colour", "red", "Ferrari"),
        named("doors", "3", "make 7", int((train["doors"] == 3).sum())),
    ]
    clues = gathered(measure, findings, train, label="make")
    first, second = mix_of(clues, "colour"), mix_of(clues, "doors")
    assert first.classes == (0, 1, 2, 3, 4, -1)
    assert second.classes[1:] in ((0, 1, 2, 3, 4, -1), tuple(p for p in first.classes if p != second.told))
    assert clues.classes[second.told].name == "make 7"
    assert second.rows[second.told_row].name == "3"


def test_a_target_is_cut_into_thirds():
    rng = np.random.default_rng(10)
    size = rng.gamma(2, 50, 1500)
    frame = pd.DataFrame(
        {"size": size, "x": rng.normal(size=1500), "price": np.round(size * 7 + rng.normal(size=1500))}
    )
    result = dataaudit.audit(frame[:1000], test=frame[1000:], label="price", task="regression", select="LEAK005")
    clues = result.clues
    assert clues.is_ordered
    assert [one.name for one in clues.classes] == ["low", "middle", "high"]
    assert clues.classes[0].bounds.startswith("up to ")
    mix = mix_of(clues, "size")
    assert mix.classes == (0, 1, 2)
    shares = np.array(mix.everything.counts["train"]) / 1000
    assert np.all(np.abs(shares - 1 / 3) < 0.02)
    assert sum(mix.everything.counts["test"]) == 500
    top = float(clues.classes[2].bounds.removeprefix("over "))
    assert mix.everything.counts["test"][2] == pytest.approx((frame["price"][1000:] > top).sum(), abs=3)


def test_a_target_of_few_values_may_have_fewer_thirds(measure):
    rng = np.random.default_rng(11)
    y = np.where(rng.random(600) < 0.7, 0.0, rng.integers(1, 40, 600))
    train = pd.DataFrame({"x": np.where(y > 0, "some", "none"), "z": rng.normal(size=600), "y": y})
    clues = gathered(measure, [finding("x", "LEAK005")], train, task="regression")
    mix = mix_of(clues, "x")
    assert len(mix.classes) == len(clues.classes) < 3
    assert sum(mix.everything.counts["train"]) == 600


def test_where_a_link_breaks_the_value_that_breaks_it_is_told_of(measure):
    """Value a tells in both splits, b in train alone: the finding that it breaks is about b."""
    x = ["a"] * 300 + ["b"] * 200 + ["c"] * 500
    train = pd.DataFrame({"x": x, "y": ["k"] * 300 + ["m"] * 200 + ["k", "m"] * 250})
    test = pd.DataFrame({"x": x, "y": ["k"] * 300 + ["k", "m"] * 100 + ["k", "m"] * 250})
    clues = gathered(measure, [finding("x", "SPUR002", splits=("train", "test"))], train, test=test)
    mix = mix_of(clues, "x")
    assert (mix.rows[mix.told_row].name, clues.classes[mix.told].name) == ("b", "m")
    clues = gathered(measure, [finding("x", "LEAK005")], train, test=test)
    assert mix_of(clues, "x").rows[0].name == "a"


def test_one_split_only():
    result = dataaudit.audit(cars(900, red_is_ferrari=True), label="make", select=SELECT)
    assert mix_of(result.clues, "colour").splits == ("train",)


def test_a_split_without_labels_is_left_out():
    train, test = cars(900, red_is_ferrari=True), cars(300, red_is_ferrari=False).drop(columns="make")
    result = dataaudit.audit(train, test=test, label="make", select=SELECT)
    assert mix_of(result.clues, "colour").splits == ("train",)


def test_at_most_eight_columns_the_worst_first(measure):
    rng = np.random.default_rng(12)
    train = pd.DataFrame({f"c{i}": rng.choice(["u", "v"], 60) for i in range(200)}).assign(y=["a", "b"] * 30)
    findings = [finding(f"c{199 - i}", severity=Severity.WARNING) for i in range(200)]
    clues = gathered(measure, findings, train)
    assert [mix.column for mix in clues.mixes] == [f"c{199 - i}" for i in range(8)]


def test_pairs_the_label_and_folded_findings_have_no_mix(measure):
    train = cars(300, red_is_ferrari=False)
    one = finding("colour")
    pair = type(one)(one.code, one.name, one.severity, ("colour", "doors"), one.splits, one.message, {}, one.fix)
    folded = type(one)(one.code, one.name, one.severity, (), one.splits, one.message, {}, one.fix)
    clues = gathered(measure, [pair, folded, finding("make", "SPUR004")], train, label="make")
    assert clues is None or clues.mixes == ()


def test_a_finding_that_names_nothing_there_is_still_drawn(measure):
    train = cars(300, red_is_ferrari=False)
    clues = gathered(
        measure, [named("colour", "pink", "Lada", 7), named("power", "no interval", "Audi", 5)], train, label="make"
    )
    assert len(clues.mixes) == 2
    assert mix_of(clues, "colour").rows[0].is_flagged


@pytest.mark.parametrize("task", ["binary", "multiclass", "regression"])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_every_kind_of_column_is_counted_whole(measure, task, seed):
    train, test = mixed(400, seed, task=task), mixed(150, seed + 50, shift=2.0, task=task)
    columns = [name for name in train.columns if name != "y"]
    clues = gathered(
        measure, [finding(name, "SPUR002", splits=("train", "test")) for name in columns[:8]], train, test=test
    )
    assert clues is not None
    assert len(clues.mixes) + len(clues.without_mix) == 8
    for mix in clues.mixes:
        assert len(mix.rows) <= 8
        names = [row.name for row in mix.rows]
        assert len(set(names)) == len(names), names
        for split, frame in (("train", train), ("test", test)):
            assert sum(map(sum, (row.counts[split] for row in mix.rows))) == frame["y"].notna().sum()
            assert np.array_equal(np.sum([row.counts[split] for row in mix.rows], axis=0), mix.everything.counts[split])
            missing = sum(sum(row.counts[split]) for row in mix.rows if row.is_missing)
            assert missing == (frame[mix.column].isna() & frame["y"].notna()).sum()


def test_dates_are_shown_as_days(measure):
    rng = np.random.default_rng(13)
    when = pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 1000, 800), unit="D")
    train = pd.DataFrame({"when": when, "y": rng.choice(["a", "b"], 800)})
    names = [row.name for row in mix_of(gathered(measure, [finding("when")], train), "when").rows]
    assert re.fullmatch(r"up to 20\d\d-\d\d-\d\d", names[0])
    assert re.fullmatch(r"20\d\d-\d\d-\d\d to 20\d\d-\d\d-\d\d", names[1])
    assert re.fullmatch(r"after 20\d\d-\d\d-\d\d", names[-1])


def test_the_same_evidence_whatever_the_order_of_the_rows(audited):
    train, test, result = audited
    again = dataaudit.audit(train.sample(frac=1, random_state=1), test=test[::-1], label="make", select=SELECT)
    assert again.clues == result.clues
