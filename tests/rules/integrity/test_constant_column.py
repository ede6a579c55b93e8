"""DATA003 constant-column."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import (
    category_table,
    clean_frame,
    findings_of,
    folded,
    judge,
    least_hits,
    made_facts,
    never_falls,
    severities,
    worst,
)

from dataaudit.measure.profiles import ColumnProfile
from dataaudit.model import Kind, Severity
from dataaudit.rules.integrity.constant_column import ConstantColumn


def judged(n_rows: int, n_other: int) -> list:
    counts = {"usual": n_rows - n_other, **({"rare": n_other} if n_other else {})}
    profile = ColumnProfile("x", Kind.CATEGORICAL, n_rows, 0)
    facts = made_facts(
        {"x": Kind.CATEGORICAL}, profiles={"train": {"x": profile}}, tables={"x": category_table("x", counts)}
    )
    return judge(ConstantColumn(), facts)


CONSTANTS = {
    "number": 3.5,
    "count": 7,
    "word": "DE",
    "flag": True,
    "day": pd.Timestamp("2024-05-01"),
}


@pytest.mark.parametrize("name", CONSTANTS)
def test_flags_a_constant(name):
    [finding] = findings_of("DATA003", clean_frame(200).assign(x=CONSTANTS[name]))
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("x",)
    assert str(finding.message).endswith(" in all 200 training rows.")


def test_names_the_value_and_can_hide_it():
    [finding] = findings_of("DATA003", clean_frame(200).assign(country="DE"))
    assert str(finding.message) == "country is DE in all 200 training rows."
    assert "DE" not in str(finding.message.redacted())
    assert "--exclude country" in str(finding.fix)


@pytest.mark.parametrize("usual", [0, 0.0, "no", False])
def test_a_value_in_nearly_all_rows_is_worth_knowing(usual):
    values = pd.Series([usual] * 20_000)
    values[:2] = {int: 1, float: 2.5, str: "yes", bool: True}[type(usual)]
    [finding] = findings_of("DATA003", clean_frame(20_000).assign(x=values))
    assert finding.severity is Severity.INFO
    assert "in all but 2 of 20,000 training rows (99.99 %)" in str(finding.message)


def test_is_silent_on_a_clean_table():
    assert not findings_of("DATA003", clean_frame(100))


def test_is_silent_on_a_rare_flag():
    assert not findings_of("DATA003", clean_frame(1000).assign(x=np.arange(1000) < 20))


def test_is_silent_on_a_million_rows_with_a_rare_flag():
    assert not judged(1_000_000, 2000)


def test_one_value_and_missing_cells_are_no_constant():
    values = np.where(np.arange(300) < 40, np.nan, 5.0)
    words = pd.Series(["DE"] * 300).where(np.arange(300) >= 40)
    assert not findings_of("DATA003", clean_frame(300).assign(x=values, country=words))


def test_all_missing_is_left_to_data002():
    assert not findings_of("DATA003", clean_frame(300).assign(x=np.nan))


@pytest.mark.parametrize(("n_rows", "severity"), [(1, 0), (2, 1), (19, 1), (20, 2)])
def test_boundary_of_few_rows(n_rows, severity):
    assert worst(judged(n_rows, 0)) == severity


def test_boundary_of_nearly_all_lies_at_the_lower_bound():
    n_other = 100_000 - least_hits(100_000, 0.999)
    assert severities(judged(100_000, n_other)) == [Severity.INFO]
    assert not judged(100_000, n_other + 1)


def test_fewer_other_values_never_score_milder():
    steps = [worst(judged(50_000, n)) for n in (25_000, 1000, 100, 40, 20, 5, 1, 0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_constant_columns_come_first_and_many_are_folded():
    names = [f"x{i}" for i in range(70)]
    frame = clean_frame(100).assign(**dict.fromkeys(names, 1))
    found = findings_of("DATA003", frame, thresholds={"constant-column": {"most_findings": 5}})
    assert len(found) == 6
    assert folded(found).evidence["n_columns"] == 65
    assert folded(found).severity is Severity.WARNING


def test_a_number_between_rare_lower_and_higher_ones_is_seen():
    values = np.full(20_000, 100.0)
    values[:4] = [3.5, 20.0, 180.5, 250.0]
    [finding] = findings_of("DATA003", clean_frame(20_000).assign(x=values))
    assert "x is 100 in all but 4 of 20,000 training rows" in str(finding.message)
