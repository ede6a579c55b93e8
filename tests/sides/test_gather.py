"""When splits are set side by side, which columns come first, and what is said of each."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import dataaudit
from dataaudit.intervals import dkw_half_width
from dataaudit.model import Finding, Severity, redact
from dataaudit.report.json import render_json
from dataaudit.report.side_words import reading
from dataaudit.side_figures import Comparison
from dataaudit.sides.gather import MOST_COLUMNS, gather_sides
from dataaudit.sides.pictures import MOST_PICTURES
from dataaudit.text import Text


def cars(n_rows: int, seed: int = 0, *, shift: float = 0.0) -> pd.DataFrame:
    """Return cars; of shifted ones the power is higher and more are red."""
    rng = np.random.default_rng(seed)
    red = 0.2 + 0.3 * (shift > 0)
    power = rng.normal(100 + 30 * shift, 30, n_rows)
    return pd.DataFrame(
        {
            "power": power,
            "doors": rng.integers(2, 6, n_rows),
            "colour": rng.choice(["red", "blue", "grey"], n_rows, p=[red, 0.5, 0.5 - red]),
            "electric": rng.random(n_rows) < 0.4,
            "sold": pd.Timestamp("2024-01-01") + pd.to_timedelta(rng.integers(0, 400, n_rows), unit="D"),
            "y": np.where(power + rng.normal(0, 20, n_rows) > 100, "fast", "slow"),
        }
    )


def finding(column: str, code: str = "SPLIT002") -> Finding:
    words = Text("{column} drifts.", {"column": column})
    return Finding(code, "some-rule", Severity.ERROR, (column,), ("train", "test"), words, {}, Text("Split again."))


def asked(facts):
    """Ask what the rules of the families SPLIT and RANGE ask."""
    for name in ("drifts", "label_drifts", "unseen", "outside"):
        getattr(facts, name)
    return facts


def column_of(sides, name):
    return next(column for column in sides.columns if column.column == name)


def test_nothing_is_measured_for_it(measure):
    facts = measure(cars(200), test=cars(200, 1))
    assert gather_sides(facts, [finding("power")]) is None
    assert not facts.has("tables")
    assert facts.drifts
    assert gather_sides(facts, []) is not None
    for name in ("associations", "unseen", "outside", "label_drifts", "world", "key_counts_test"):
        assert not facts.has(name)


@pytest.mark.parametrize("select", ["DATA", "IMB", "SPUR"])
def test_there_is_none_where_no_rule_compared_splits(select):
    assert dataaudit.audit(cars(300), test=cars(100, 1), label="y", select=select).sides is None


def test_there_are_no_comparisons_without_another_split():
    sides = dataaudit.audit(cars(300), label="y", select="SPLIT").sides
    assert sides is None or sides.comparisons == ()


def test_distances_are_those_of_the_facts_with_what_chance_brings(measure):
    facts = asked(measure(cars(900), test=cars(600, 1, shift=1.0)))
    sides = gather_sides(facts, [])
    assert [(one.split, one.against) for one in sides.comparisons] == [("test", "train")]
    assert {column.column for column in sides.columns} == {"power", "doors", "colour", "electric", "sold", "y"}
    for column in sides.columns:
        drift = facts.label_drifts["test"] if column.is_label else facts.drifts["test"][column.column]
        (shift,) = column.shifts
        assert (shift.distance, shift.lower, shift.upper) == (drift.effect, drift.lower, drift.upper)
        assert 0 < shift.by_chance < 0.2
    assert column_of(sides, "power").shifts[0].by_chance == dkw_half_width(900, 600, 0.05 / 6)
    assert sides.comparisons[0].by_chance == dkw_half_width(900, 600, 0.05 / 6)


def test_what_chance_does_not_explain_comes_first(measure):
    sides = gather_sides(asked(measure(cars(900), test=cars(600, 1, shift=1.0))), [])
    beyond = [column.is_beyond_chance for column in sides.columns]
    assert beyond == sorted(beyond, reverse=True)
    assert sides.columns[0].column == "power"
    distances = [column.shifts[0].distance for column in sides.columns if column.is_beyond_chance]
    assert distances == sorted(distances, reverse=True)


def test_random_splits_stay_within_chance(measure):
    """Of 100 random splits at most 5 may show a column beyond; the bounds are wider than they need be."""
    rng = np.random.default_rng(5)
    n_beyond = 0
    for _ in range(60):
        frame = cars(400, int(rng.integers(1 << 30)))
        facts = measure(frame[:250], test=frame[250:])
        assert facts.drifts
        n_beyond += any(column.is_beyond_chance for column in gather_sides(facts, []).columns)
    assert n_beyond <= 6


def test_missing_cells_new_values_and_new_ranges_are_told(measure):
    train, test = cars(900), cars(600, 1)
    test.loc[:199, "doors"] = None
    test.loc[:99, "colour"] = "teal"
    test.loc[:29, "power"] = 1000.0
    sides = gather_sides(asked(measure(train, test=test)), [])
    assert column_of(sides, "doors").shifts[0].missing == (0.0, pytest.approx(1 / 3))
    assert column_of(sides, "colour").shifts[0].share_unseen == pytest.approx(1 / 6)
    assert column_of(sides, "power").shifts[0].share_outside == pytest.approx(0.05, abs=0.01)
    calm = gather_sides(asked(measure(train, test=cars(600, 2))), [])
    for column in calm.columns:
        shift = column.shifts[0]
        assert (shift.missing, shift.share_unseen, shift.share_outside) == (None, 0.0, 0.0)


def test_a_rare_value_is_beyond_chance_where_its_test_says_so(measure):
    """0 of 4,000 rows against 41 of 900: the general bound of the distance alone would not show it."""
    train, test = cars(4000), cars(900, 1)
    test.loc[:40, "colour"] = "teal"
    facts = asked(measure(train, test=test))
    (shift,) = column_of(gather_sides(facts, []), "colour").shifts
    assert facts.drifts["test"]["colour"].p_value < 1e-20
    assert shift.lower > 0.02
    assert shift.distance < shift.by_chance
    assert (shift.is_sure, shift.is_beyond_chance) == (True, True)


def test_missing_cells_alone_are_beyond_chance_and_said_so(measure):
    train, test = cars(900), cars(600, 1)
    test.loc[:79, "doors"] = None
    (shift,) = column_of(gather_sides(asked(measure(train, test=test)), []), "doors").shifts
    assert (shift.is_sure, shift.is_beyond_chance) == (False, True)
    assert "other cells are missing" in str(reading(Comparison("test", "train", 0.1), shift))


def test_what_a_finding_names_is_not_called_chance(measure):
    facts = asked(measure(cars(900), test=cars(600, 1), validation=cars(600, 2)))
    shifts = column_of(gather_sides(facts, [finding("electric")]), "electric").shifts
    assert [shift.is_beyond_chance for shift in shifts] == [True, False]
    assert "see the finding" in str(reading(Comparison("test", "train", 0.1), shifts[0]))


def test_flagged_columns_are_drawn_first_then_the_label_then_what_tells(measure):
    facts = asked(measure(cars(900), test=cars(600, 1, shift=1.0)))
    assert facts.associations
    sides = gather_sides(facts, [finding("doors"), finding("doors", "RANGE001"), finding("sold", "SPUR001")])
    names = [picture.column for picture in sides.pictures]
    assert names[:3] == ["doors", "y", "power"]
    assert len(names) == 4
    assert column_of(sides, "doors").findings == (
        finding("doors").fingerprint,
        finding("doors", "RANGE001").fingerprint,
    )
    assert column_of(sides, "sold").findings == ()


def test_too_few_rows_are_no_difference_of_the_label(measure):
    facts = asked(measure(cars(900), test=cars(600, 1)))
    assert column_of(gather_sides(facts, [finding("y", "SPLIT007")]), "y").findings == ()
    assert column_of(gather_sides(facts, [finding("y", "SPLIT001")]), "y").findings != ()


def test_of_many_columns_the_surely_farthest_are_listed(measure):
    rng = np.random.default_rng(3)
    train = pd.DataFrame(rng.normal(size=(300, 80)), columns=[f"c{number}" for number in range(80)])
    test = pd.DataFrame(rng.normal(size=(300, 80)), columns=train.columns)
    test["c70"] += 2
    for frame in (train, test):
        frame["y"] = np.where(rng.random(300) < 0.5, "a", "b")
    flagged = [finding(f"c{number}") for number in range(40, 52)]
    facts = asked(measure(train, test=test))
    sides = gather_sides(facts, flagged)
    names = [column.column for column in sides.columns]
    assert len(names) == MOST_COLUMNS
    assert {"c70", "y", *(one.columns[0] for one in flagged)} <= set(names)
    assert len(sides.pictures) == MOST_PICTURES
    assert {picture.column for picture in sides.pictures} <= set(names)
    assert sides.n_left_out == 81 - MOST_COLUMNS
    rest = [drift.effect for name, drift in facts.drifts["test"].items() if name not in names]
    assert sides.most_left_out == max(rest)


def test_validation_reference_and_test_have_a_column_each():
    frames = {name: cars(400, seed) for seed, name in enumerate(("train", "validation", "test", "reference"))}
    frames["reference"]["power"] += 200
    train = frames.pop("train")
    sides = dataaudit.audit(train, **frames, label="y", select="SPLIT").sides
    pairs = [(one.split, one.against) for one in sides.comparisons]
    assert pairs == [("test", "train"), ("validation", "train"), ("test", "reference")]
    power = column_of(sides, "power")
    assert [shift.is_beyond_chance for shift in power.shifts] == [False, False, True]
    drawn = next(picture for picture in sides.pictures if picture.column == "power")
    assert tuple(drawn.picture.series) == ("train", "test", "validation", "reference")
    assert [power.split for power in sides.powers] == ["test", "validation"]


def test_a_number_for_a_label_has_a_histogram_and_scores_of_its_own():
    train, test = cars(600).drop(columns="y"), cars(300, 1).drop(columns="y")
    sides = dataaudit.audit(train, test=test, label="power", select=["SPLIT", "RANGE", "LEAK005"]).sides
    label = column_of(sides, "power")
    assert label.is_label
    drawn = next(picture for picture in sides.pictures if picture.column == "power")
    assert sum(drawn.picture.series["test"]) == pytest.approx(1)
    (power,) = sides.powers
    assert power.is_regression
    assert set(power.half_widths) == {"R²", "mean error"}
    assert power.classes == ()


def test_columns_and_labels_that_test_lacks_are_no_trouble():
    test = cars(300, 1).drop(columns=["y", "doors"])
    sides = dataaudit.audit(cars(600), test=test, label="y", select=["SPLIT", "RANGE"]).sides
    assert {column.column for column in sides.columns} == {"power", "colour", "electric", "sold"}
    assert [picture.column for picture in sides.pictures if picture.column == "y"] in ([], ["y"])


@pytest.mark.parametrize("odd", ["constant", "missing", "huge", "one row", "infinite"])
def test_odd_columns_are_no_trouble(odd):
    train, test = cars(200), cars(100, 1)
    if odd == "constant":
        train["power"], test["power"] = 1.0, 2.0
    elif odd == "missing":
        train["power"] = np.nan
    elif odd == "huge":
        train["power"], test["power"] = train["power"] * 1e305, test["power"] * -1e305
    elif odd == "infinite":
        test.loc[:5, "power"] = np.inf
    else:
        test = test[:1]
    result = dataaudit.audit(train, test=test, label="y", select=["SPLIT", "RANGE"])
    assert result.sides.columns
    assert not [check for check in result.checks if check.status.value == "crashed"]
    assert '<section class="sides"' in result.to_html()


def test_classes_are_told_the_rarest_first():
    train, test = cars(900), cars(600, 1, shift=2.0)
    sides = dataaudit.audit(train, test=test, label="y", select="SPLIT").sides
    (power,) = sides.powers
    counts = test["y"].value_counts()
    assert [(one.name, one.n_rows) for one in power.classes] == [("slow", counts["slow"]), ("fast", counts["fast"])]
    assert power.classes[0].recall_half_width > power.classes[1].recall_half_width
    assert list(power.n_rows_for_difference) == [0.02, 0.01]


def test_redacted_sides_name_no_value_and_json_knows_nothing_of_them():
    result = dataaudit.audit(cars(600), test=cars(300, 1, shift=1.0), label="y", select=["SPLIT", "RANGE"])
    html = redact(result).to_html()
    for value in ("blue", "slow", "2024-"):
        assert value not in html[html.index('<section class="sides"') :]
    assert "sides" not in render_json(result)
