"""RANGE001 beyond-training-range."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import above_info, outside, plain_splits, split_facts
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.figures import Histogram, RangeStrip
from dataaudit.measure.spread.rows_beyond import RowsBeyond
from dataaudit.model import Kind, Severity
from dataaudit.rules.extrapolation.beyond_training_range import BeyondTrainingRange

RULE = BeyondTrainingRange()


def outside_facts(*found):
    columns = {one.column: Kind.NUMERIC for one in found}
    spread = SimpleNamespace(rows_beyond=lambda split, column: RowsBeyond((), np.arange(0), 0), sureness={})
    return split_facts(columns, outside={"test": {one.column: one for one in found}}, spread=spread)


def with_strong(n_strong: int, magnitude: float = 7.9):
    """Return splits whose training magnitudes lie from 0 to 5.2, with so many stronger ones in test."""
    train, test = plain_splits(1000, 500)
    train["magnitude"] = np.linspace(0, 5.2, 1000)
    test["magnitude"] = 4.5 - np.arange(500) % 351 / 100
    test.loc[: n_strong - 1, "magnitude"] = np.linspace(5.3, magnitude, n_strong)
    return train, test


def test_flags_rows_beyond_train_and_says_where_they_lie():
    train, test = with_strong(60)
    [finding] = findings_of("RANGE001", train, test=test)
    assert finding.severity is Severity.ERROR
    assert "In magnitude, test has 60 rows (12 %) above 5.2, the largest in train: up to 7.9, 1" in str(finding.message)
    assert "A random split would have about 1." in str(finding.message)
    assert finding.figure == RangeStrip("Range of magnitude", (0.0, 5.2), (1.0, 7.9), "test", 0.0, 0.12)
    assert "5.2" not in str(finding.message.redacted())


def test_shows_times_as_dates():
    train, test = plain_splits(300, 200)
    train["seen"] = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.arange(300), unit="D")
    test["seen"] = pd.Timestamp("2023-06-01") + pd.to_timedelta(np.arange(200), unit="D")
    [finding] = findings_of("RANGE001", train, test=test)
    assert "above 2023-10-27, the largest in train: up to 2023-12-17" in str(finding.message)
    assert str(finding.evidence["maximum"]) == "2023-12-17"
    assert isinstance(finding.figure, Histogram)
    assert finding.figure.is_time


def test_names_both_sides():
    train, test = with_strong(30)
    test.loc[450:, "magnitude"] = -4.0
    [finding] = findings_of("RANGE001", train, test=test)
    assert "30 rows (6 %) above 5.2" in str(finding.message)
    assert "50 rows (10 %) below 0, the smallest in train: down to -4" in str(finding.message)


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_random_splits_of_100_rows(seed):
    train, test = plain_splits(60, 40, seed)
    assert not findings_of("RANGE001", train, test=test)


@pytest.mark.parametrize("n_columns", [1, 100])
def test_random_splits_are_rarely_flagged_whatever_the_tail(n_columns):
    """Cauchy columns: of 400 random splits of 90 rows at most 1 % are flagged, at any severity."""
    random = np.random.default_rng(0)
    loud = 0
    for _ in range(400):
        values = random.standard_cauchy((90, n_columns))
        found = []
        for i in range(n_columns):
            train, test = values[:60, i], values[60:, i]
            found.append(
                outside(
                    int((test > train.max()).sum()),
                    float(test.max()),
                    30,
                    60,
                    column=f"c{i}",
                    n_below=int((test < train.min()).sum()),
                    train_minimum=float(train.min()),
                    train_maximum=float(train.max()),
                    minimum=float(test.min()),
                )
            )
        loud += bool(judge(RULE, outside_facts(*found)))
    assert loud <= 4


def test_is_silent_on_two_rows_of_a_million_however_far():
    assert not judge(RULE, outside_facts(outside(2, 1e9, 1_000_000, 4_000_000)))


@pytest.mark.parametrize(("n_above", "n_found"), [(3, 0), (4, 1)])
def test_boundary_of_chance(n_above, n_found):
    """3 of 1,000 rows beyond 4,000 are met in one of 37 random splits, 4 in one of 149."""
    assert len(judge(RULE, outside_facts(outside(n_above, 10.1)))) == n_found


def test_many_columns_ask_for_more():
    calm = [outside(0, 9.0, column=f"calm{i}") for i in range(99)]
    assert judge(RULE, outside_facts(outside(5, 10.1)))
    assert not judge(RULE, outside_facts(outside(5, 10.1), *calm))


@pytest.mark.parametrize(("maximum", "severity"), [(15.9, Severity.INFO), (16.0, Severity.WARNING)])
def test_boundary_of_the_distance(maximum, severity):
    """Three interquartile ranges of 2 above 10."""
    assert worst(judge(RULE, outside_facts(outside(6, maximum)))) == severity


@pytest.mark.parametrize(("n_above", "severity"), [(16, Severity.INFO), (17, Severity.WARNING)])
def test_boundary_of_the_share(n_above, severity):
    """16 of 1,000 are 1 % at least, nearly; 17 are."""
    found = judge(RULE, outside_facts(outside(n_above, 10.1)))
    assert (found[0].evidence["share_outside_lower"] >= 0.01) is (severity is Severity.WARNING)
    assert worst(found) == severity


@pytest.mark.parametrize(
    ("n_above", "maximum", "severity"),
    [(100, 11.9, Severity.WARNING), (100, 12.0, Severity.ERROR), (60, 12.0, Severity.WARNING)],
)
def test_an_error_needs_many_rows_and_a_distance(n_above, maximum, severity):
    assert worst(judge(RULE, outside_facts(outside(n_above, maximum)))) == severity


def test_more_rows_outside_never_score_milder():
    for maximum in (10.1, 12.0, 30.0):
        steps = [worst(judge(RULE, outside_facts(outside(n, maximum)))) for n in range(0, 1001, 4)]
        assert never_falls(steps)


def test_rows_farther_outside_never_score_milder():
    for n_above in (5, 20, 200):
        steps = [worst(judge(RULE, outside_facts(outside(n_above, 10 + 0.25 * n)))) for n in range(1, 60)]
        assert never_falls(steps)


def test_more_strong_rows_in_a_real_table_never_score_milder():
    steps = []
    for n_strong in (0, 1, 3, 8, 20, 60, 250):
        train, test = with_strong(n_strong)
        steps.append(worst(findings_of("RANGE001", train, test=test)))
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_a_column_of_one_value_has_no_quartiles_and_is_still_judged():
    train, test = plain_splits(200, 100)
    train["volts"], test["volts"] = 5.0, [5.0] * 60 + [6.0] * 40
    [finding] = findings_of("RANGE001", train, test=test)
    assert finding.severity is Severity.ERROR
    assert finding.evidence["distance_iqr"] is None
    assert "where train has a single value" in str(finding.message)


def test_declared_times_are_not_judged():
    train, test = plain_splits(200, 100)
    train["at"], test["at"] = range(200), range(200, 300)
    assert not above_info(findings_of("RANGE001", train, test=test, time="at"))


def test_names_the_first_rows_beyond():
    train, test = with_strong(60)
    [finding] = findings_of("RANGE001", train, test=test)
    [rows] = finding.rows
    assert (rows.split, rows.numbers, rows.truncated) == ("test", tuple(range(20)), True)


def test_says_that_a_logistic_model_is_surer_beyond():
    random = np.random.default_rng(0)

    def rows(n_rows):
        x = random.normal(size=n_rows)
        return pd.DataFrame({"x": x, "y": np.where(x + random.normal(size=n_rows) > 0, "p", "q")})

    train, test = rows(1000), rows(400)
    test.loc[:40, "x"] = random.uniform(6, 9, 41)
    [finding] = findings_of("RANGE001", train, test=test)
    assert "A logistic model is surer of them than of the others (mean confidence 1.00 against 0." in str(
        finding.message
    )
    assert finding.evidence["confidence"]["logistic model"]["mean_confidence_beyond"] > 0.99


def test_nothing_is_said_of_confidence_in_a_numeric_target():
    train, test = with_strong(60)
    train["y"], test["y"] = train["income"], test["income"]
    [finding] = findings_of("RANGE001", train, test=test, task="regression")
    assert "confidence" not in finding.evidence


@pytest.mark.parametrize(
    ("share", "maximum", "severity"),
    [(0.008, 15.0, Severity.INFO), (0.04, 10.5, Severity.WARNING), (0.04, 20.0, Severity.WARNING), (0.12, 14.0, 3)],
)
def test_the_same_effect_scores_the_same_at_every_size(share, maximum, severity):
    """Where the rows are too few to say anything of a share of .008, nothing is said."""
    sizes = (300, 30_000, 3_000_000)[share < 0.01 :]
    found = {worst(judge(RULE, outside_facts(outside(round(share * n), maximum, n, 4 * n)))) for n in sizes}
    assert found == {severity}
