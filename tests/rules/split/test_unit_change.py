"""SPLIT008 unit-change."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from tests.rules.builders import plain_splits, split_facts
from tests.rules.frames import findings_of, judge, never_falls, numeric_profile, worst

from dataaudit.auditing import audit
from dataaudit.measure.shifts.conversions import TENS
from dataaudit.measure.shifts.split_scalings import ScaledColumn, SplitScaling
from dataaudit.measure.shifts.units import ConvertedColumn
from dataaudit.model import Severity
from dataaudit.rules.split.unit_change import UnitChange


def change(before=0.9, after=0.03, p_value=0.0, noise=0.02, column="x", n_columns=1):
    return ConvertedColumn(
        column, "test", TENS[2], before, 0.8, p_value, after, noise, False, n_columns, 900, 500, 900, 500
    )


def change_facts(*found, scalings=()):
    shifts = SimpleNamespace(unit_changes={"test": {one.column: one for one in found}}, split_scalings=scalings)
    profiles = {split: {one.column: numeric_profile(one.column) for one in found} for split in ("train", "test")}
    return split_facts(shifts=shifts, profiles=profiles)


def test_names_the_factor_and_how_to_undo_it():
    train, test = plain_splits(600, 300)
    [finding] = findings_of("SPLIT008", train, test=test.assign(length=test["length"] / 1000))
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("length",)
    assert "length in test looks like train's divided by 1,000 (as if g had become kg); undone" in str(finding.message)
    assert "test['length'] = test['length'] * 1000" in str(finding.fix)
    assert finding.figure is not None


@pytest.mark.parametrize(
    ("convert", "words", "code"),
    [
        (lambda x: x * 2.54, "multiplied by 2.54 (as if inches had become cm)", "/ 2.54"),
        (lambda x: x * 1.8 + 32, "turned from °C into °F", "- 32) / 1.8"),
        (np.log, "after a logarithm;", "numpy.exp("),
        (np.log10, "after a logarithm to base 10", "10.0 ** "),
        (lambda x: -x, "with the sign changed", "= -test"),
    ],
)
def test_every_kind_has_its_words_and_its_code(convert, words, code):
    train, test = plain_splits(2000, 1000)
    for frame in (train, test):
        frame["length"] = np.abs(frame["length"] + 12) + 0.1
    [finding] = findings_of("SPLIT008", train, test=test.assign(length=convert(test["length"])))
    assert words in str(finding.message)
    assert code in str(finding.fix)


def test_a_named_column_is_told_once():
    train, test = plain_splits(600, 300)
    test = test.assign(length=test["length"] * 1000)
    found = audit(train, test=test, label="y", select=["SPLIT008", "SPLIT002", "RANGE001"]).findings
    assert [finding.code for finding in found if "length" in finding.columns] == ["SPLIT008"]


def test_columns_of_split_scaling_are_left_to_it():
    scaled = ScaledColumn("x", 0, 1, 50, 9, True, 0.9, 0.01)
    scaling = SplitScaling("test", "standard", ("test",), (scaled,), 1, 1, 900, 500)
    assert not judge(UnitChange(), change_facts(change(), scalings=(scaling,)))


@pytest.mark.parametrize(
    ("given", "n_found"),
    [
        ({"before": 0.2}, 1),
        ({"before": 0.1999}, 0),
        ({"after": 0.1}, 1),
        ({"after": 0.1001}, 0),
        ({"after": 0.15, "noise": 0.15}, 1),
        ({"p_value": 0.00049, "n_columns": 10}, 1),
        ({"p_value": 0.0005, "n_columns": 10}, 0),
    ],
)
def test_boundaries(given, n_found):
    assert len(judge(UnitChange(), change_facts(change(**given)))) == n_found


def test_a_random_split_and_a_drift_are_silent():
    train, test = plain_splits(1000, 500)
    assert not findings_of("SPLIT008", train, test=test)
    assert not findings_of("SPLIT008", train, test=test.assign(length=test["length"] + 1))


def test_a_larger_factor_never_scores_milder():
    steps = []
    for power in (0, 2, 3, 4, 5, 6):
        train, test = plain_splits(600, 300)
        steps.append(worst(findings_of("SPLIT008", train, test=test.assign(length=test["length"] * 10.0**power))))
    assert never_falls(steps)
    assert steps[-1] == Severity.ERROR


def test_very_many_columns_are_folded():
    found = judge(UnitChange(), change_facts(*(change(column=f"c{i:02}") for i in range(60))))
    assert len(found) == 51
