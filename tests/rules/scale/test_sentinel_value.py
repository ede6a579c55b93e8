"""SCALE004 sentinel-value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, never_falls, severities, worst

from dataaudit.model import Severity


def with_code(code: float, n_rows_of_code: int, n_rows: int = 400, seed: int = 0) -> pd.DataFrame:
    """A clean table and a temperature between about -5 and 35 with a code in some rows."""
    random = np.random.default_rng(seed)
    values = np.clip(random.normal(15, 7, n_rows), -5, 35)
    values[random.permutation(n_rows)[:n_rows_of_code]] = code
    return clean_frame(n_rows, seed).assign(temperature=values)


@pytest.mark.parametrize("code", [-999.0, 999.0, -9999.0, 99999.0, -99.0, 99.0, 1e20, -2147483648.0])
def test_flags_a_code_for_a_missing_cell(code):
    [finding] = findings_of("SCALE004", with_code(code, 20))
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("temperature",)
    assert finding.evidence["n_rows"] == 20
    assert "in 20 training rows (5 %)" in str(finding.message)
    assert "numpy.nan" in str(finding.fix)


def test_flags_codes_at_both_ends():
    frame = with_code(-999.0, 30)
    frame.loc[frame.index[:20], "temperature"] = 999.0
    found = findings_of("SCALE004", frame)
    assert len(found) == 2
    assert len({finding.fingerprint for finding in found}) == 2


def test_flags_minus_one_among_shares():
    random = np.random.default_rng(0)
    share = np.where(random.random(500) < 0.05, -1.0, random.random(500))
    [finding] = findings_of("SCALE004", clean_frame(500).assign(share=share))
    assert finding.severity is Severity.WARNING


def test_flags_ninety_nine_among_grades():
    random = np.random.default_rng(0)
    grade = np.where(random.random(500) < 0.05, 99, random.integers(1, 6, 500))
    assert severities(findings_of("SCALE004", clean_frame(500).assign(grade=grade))) == [Severity.WARNING]


def test_zero_for_missing_is_info():
    random = np.random.default_rng(0)
    pressure = np.where(random.random(700) < 0.05, 0, np.clip(random.normal(72, 12, 700), 24, 122).round())
    [finding] = findings_of("SCALE004", clean_frame(700).assign(pressure=pressure))
    assert finding.severity is Severity.INFO
    assert "does 0 stand for a missing cell?" in str(finding.message)


CLEAN = {
    "counts with zeros": lambda random, n: random.poisson(3, n),
    "ages": lambda random, n: random.integers(0, 100, n),
    "grades from -1 to 1": lambda random, n: random.integers(-1, 2, n),
    "grades from 1 to 9": lambda random, n: random.integers(1, 10, n),
    "flags": lambda random, n: random.integers(0, 2, n),
    "rain, mostly none": lambda random, n: np.where(random.random(n) < 0.7, 0.0, random.exponential(4, n)),
    "half stars": lambda random, n: random.integers(0, 11, n) / 2,
    "shares": lambda random, n: random.random(n),
    "many counts": lambda random, n: random.negative_binomial(2, 0.05, n),
}


@pytest.mark.parametrize("n_rows", [100, 20_000])
@pytest.mark.parametrize("name", CLEAN)
def test_is_silent_on_clean_columns(name, n_rows):
    frame = clean_frame(n_rows).assign(x=CLEAN[name](np.random.default_rng(4), n_rows))
    assert not findings_of("SCALE004", frame)


def test_is_silent_on_a_large_clean_table():
    assert not findings_of("SCALE004", clean_frame(300_000))


def test_a_number_off_the_list_is_an_outlier_not_a_code():
    assert not findings_of("SCALE004", with_code(-500.0, 20))


def test_a_code_within_the_data_is_not_seen():
    random = np.random.default_rng(0)
    values = np.where(random.random(500) < 0.05, 99.0, random.normal(100, 20, 500))
    assert not findings_of("SCALE004", clean_frame(500).assign(x=values))


@pytest.mark.parametrize(("n_rows_of_code", "n_found"), [(1, 0), (2, 1)])
def test_boundary_of_rows_far_away(n_rows_of_code, n_found):
    assert len(findings_of("SCALE004", with_code(-999.0, n_rows_of_code))) == n_found


@pytest.mark.parametrize(("n_rows_of_code", "n_found"), [(4, 0), (5, 1)])
def test_boundary_of_rows_not_so_far_away(n_rows_of_code, n_found):
    """-1 lies .6 of the rest's spread below shares between .1 and 1."""
    share = np.linspace(0.05, 1.9, 300)
    share[:n_rows_of_code] = -1.0
    assert len(findings_of("SCALE004", clean_frame(300).assign(share=share))) == n_found


@pytest.mark.parametrize(("width", "n_found"), [(2.3, 0), (2.1, 1)])
def test_boundary_of_the_gap(width, n_found):
    """The gap is 1; half of the rest's P95 - P5, which is .9 of the width, is 1.035 or .945."""
    values = np.append(np.linspace(0, width, 291), np.full(9, -1.0))
    assert len(findings_of("SCALE004", clean_frame(300).assign(x=values))) == n_found


def test_more_rows_of_a_code_never_score_milder():
    steps = [worst(findings_of("SCALE004", with_code(-999.0, n))) for n in (0, 1, 2, 5, 20, 100, 250, 370)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_the_code_can_be_redacted():
    [finding] = findings_of("SCALE004", with_code(-999.0, 20))
    assert "999" not in str(finding.message.redacted())
    assert "999" not in str(finding.fix.redacted())


def two_tests(share_of_both: float, seed: int = 0) -> pd.DataFrame:
    """Return a skinfold that was not measured in a fifth of the rows, and an insulin, zero in half of them."""
    random = np.random.default_rng(seed)
    frame = clean_frame(800, seed)
    no_skinfold = random.random(800) < 0.2
    no_insulin = np.where(no_skinfold, random.random(800) < share_of_both, random.random(800) < 0.4)
    skinfold, insulin = random.gamma(9, 3, 800).clip(7).round(), random.gamma(1.9, 75, 800).clip(14).round()
    return frame.assign(skinfold=np.where(no_skinfold, 0, skinfold), insulin=np.where(no_insulin, 0, insulin))


def test_many_zeros_are_told_where_those_of_another_column_go_with_them():
    found = {finding.columns[0]: finding for finding in findings_of("SCALE004", two_tests(1.0))}
    assert set(found) == {"skinfold", "insulin"}
    assert found["insulin"].severity is Severity.INFO
    assert found["insulin"].evidence["zero_together_with"] == "skinfold"
    assert "rows in which skinfold is 0: does 0 stand for a missing cell?" in str(found["insulin"].message)


def test_many_zeros_that_go_their_own_way_are_not():
    assert [finding.columns for finding in findings_of("SCALE004", two_tests(0.5))] == [("skinfold",)]


def test_a_second_floor_that_most_houses_lack_is_no_missing_cell():
    random = np.random.default_rng(2)
    frame = clean_frame(2000)
    frame["second_floor"] = np.where(random.random(2000) < 0.57, 0, random.integers(110, 1400, 2000))
    assert not findings_of("SCALE004", frame)


def of_weights(code: float, share: float, n_rows: int, seed: int = 0) -> pd.DataFrame:
    """Return a normal column that is nowhere below zero, with a code in some rows."""
    random = np.random.default_rng(seed)
    weight = np.where(random.random(n_rows) < share, code, np.abs(random.normal(40, 10, n_rows)))
    return clean_frame(n_rows).assign(weight_kg=weight)


@pytest.mark.parametrize("n_rows", [500, 20_000])
@pytest.mark.parametrize(
    ("code", "share", "severity"),
    [(-1.0, 0.05, Severity.WARNING), (-9.0, 0.05, Severity.WARNING), (0.0, 0.1, Severity.INFO)],
)
def test_a_code_beside_numbers_that_come_near_it(code, share, severity, n_rows):
    for seed in range(3):
        [finding] = findings_of("SCALE004", of_weights(code, share, n_rows, seed))
        assert (finding.columns, finding.severity) == (("weight_kg",), severity)


@pytest.mark.parametrize(("n_rows_of_code", "n_found"), [(9, 0), (10, 1)])
def test_boundary_of_rows_of_the_only_value_below_zero(n_rows_of_code, n_found):
    values = np.linspace(0.5, 60, 300)
    values[:n_rows_of_code] = -1.0
    assert len(findings_of("SCALE004", clean_frame(300).assign(x=values))) == n_found


@pytest.mark.parametrize(("n_rows_next", "n_found"), [(11, 0), (10, 1)])
def test_boundary_of_rows_of_the_next_value(n_rows_next, n_found):
    values = np.arange(1000.0) % 97 + 1
    values[:50], values[50 : 50 + n_rows_next] = -1.0, 0.0
    assert len(findings_of("SCALE004", clean_frame(1000).assign(x=values))) == n_found


def test_temperatures_below_zero_and_balances_are_no_codes():
    random = np.random.default_rng(0)
    frame = clean_frame(2000).assign(celsius=random.normal(8, 6, 2000).round(), change=random.integers(-1, 30, 2000))
    assert not findings_of("SCALE004", frame)
