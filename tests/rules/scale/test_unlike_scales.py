"""SCALE001 unlike-scales."""

from __future__ import annotations

import math
import re

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, judge, made_facts, never_falls, numeric_profile, worst

from dataaudit.errors import NotMeasurable
from dataaudit.measure.conditioning import StepSize, largest_eigenvalue
from dataaudit.model import Kind, Severity
from dataaudit.rules.scale.unlike_scales import UnlikeScales


def judged(*sds: float, n_rows: int = 1_000_000, rule: UnlikeScales | None = None) -> list:
    names = [f"x{i}" for i in range(len(sds))]
    profiles = {name: numeric_profile(name, n_rows, sd=sd) for name, sd in zip(names, sds, strict=True)}
    facts = made_facts(
        dict.fromkeys(names, Kind.NUMERIC), profiles={"train": profiles}, step_size=StepSize(1e-6, 0.5, 1000)
    )
    return judge(rule or UnlikeScales(), facts)


def ratio_at_boundary(n_rows: int, boundary: float = 100) -> float:
    return boundary * math.exp(1.96 * math.sqrt(1 / n_rows))


def test_flags_features_of_very_different_scales():
    frame = clean_frame(500)
    frame["income"] = np.random.default_rng(0).normal(0, 40_000, 500)
    [finding] = findings_of("SCALE001", frame)
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("length", "income")
    assert "4 numeric features" in str(finding.message)
    assert finding.evidence["ratio_of_sds"] == pytest.approx(20_000, rel=0.1)


def test_says_the_step_sizes_of_gradient_descent():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.normal(0, 1, 2000), "b": random.normal(0, 1000, 2000)})
    frame["y"] = np.resize(["cat", "dog"], 2000)
    [finding] = findings_of("SCALE001", frame)
    assert finding.evidence["largest_step_size"] == pytest.approx(2 / 1000**2, rel=0.1)
    assert finding.evidence["largest_step_size_standardised"] == pytest.approx(2, rel=0.1)
    assert finding.evidence["condition_number"] == pytest.approx(1e6, rel=0.1)
    assert finding.evidence["condition_number_standardised"] == pytest.approx(1, rel=0.1)
    assert re.search(
        r"gradient descent on a linear model diverges at any step size above [12](\.\d)?e-06; "
        r"once standardised, only above [12](\.\d)?\. "
        r"Their condition number is [\d,.e+]+, and 1(\.\d)? once standardised\.$",
        str(finding.message),
    )


def test_large_numbers_have_separators():
    assert "a factor of 41,000: from 1 (x0) to 41,000 (x1)" in str(judged(1.0, 41_000.0)[0].message)


def test_is_silent_on_a_clean_table():
    assert not findings_of("SCALE001", clean_frame(100))


def test_is_silent_on_a_million_rows_of_like_scale():
    assert not judged(0.5, 20.0, 3.0)


def test_constant_and_two_valued_columns_are_left_out():
    frame = clean_frame(300)
    frame["always"] = 7.0
    frame["rare"] = (np.arange(300) == 0).astype(int)
    frame["length"] *= 30
    assert not findings_of("SCALE001", frame)


@pytest.mark.parametrize(("factor", "n_found"), [(0.999, 0), (1.001, 1)])
@pytest.mark.parametrize("n_rows", [100, 1_000_000])
def test_boundary_lies_at_the_lower_bound_of_the_ratio(n_rows, factor, n_found):
    assert len(judged(1.0, factor * ratio_at_boundary(n_rows), n_rows=n_rows)) == n_found


@pytest.mark.parametrize(("factor", "severity"), [(0.999, Severity.INFO), (1.001, Severity.WARNING)])
@pytest.mark.parametrize("n_rows", [100, 1_000_000])
def test_from_ten_thousand_on_it_is_a_warning(n_rows, factor, severity):
    assert worst(judged(1.0, factor * ratio_at_boundary(n_rows, 1e4), n_rows=n_rows)) == severity


@pytest.mark.parametrize(("n_rows", "enough"), [(19, False), (20, True)])
def test_features_of_few_cells_are_left_out(n_rows, enough):
    if enough:
        assert judged(1.0, 1e6, n_rows=n_rows)
    else:
        with pytest.raises(NotMeasurable, match="two numeric features"):
            judged(1.0, 1e6, n_rows=n_rows)


def test_a_larger_ratio_never_scores_milder_and_stays_a_warning():
    steps = [worst(judged(1.0, 10.0**power)) for power in range(12)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_an_error_only_if_asked_for():
    rule = UnlikeScales(error_ratio=1e4)
    assert worst(judged(1.0, 2e4, rule=rule)) == Severity.ERROR
    assert worst(judged(1.0, 5e3, rule=rule)) == Severity.INFO


def test_one_numeric_feature_has_nothing_to_be_unlike():
    with pytest.raises(NotMeasurable):
        judged(1.0)


@pytest.mark.parametrize("shape", [(50, 3), (4, 9), (200, 40)])
def test_largest_eigenvalue_is_that_of_the_whole_decomposition(shape):
    values = np.random.default_rng(3).normal(1, 1, shape)
    assert largest_eigenvalue(values) == pytest.approx(np.linalg.eigvalsh(values.T @ values / shape[0])[-1], rel=1e-3)


def test_largest_eigenvalue_of_huge_cells_does_not_overflow():
    assert largest_eigenvalue(np.full((10, 2), 1e120)) == pytest.approx(2e240)
