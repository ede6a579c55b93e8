"""SCALE005 mixed-units."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, judge, made_facts, never_falls, worst

from dataaudit.measure.spread.units import UnitMixture
from dataaudit.model import Severity
from dataaudit.rules.scale.mixed_units import MixedUnits


def mixed(share: float, factor: float = 1000.0, n_rows: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Return a table whose `length` holds so many rows in another unit."""
    frame = clean_frame(n_rows, seed)
    is_other = np.random.default_rng(seed + 1).random(n_rows) < share
    frame.loc[is_other, "length"] *= factor
    return frame


def made(distance: float = 0.1, n_rarer: int = 50):
    one = UnitMixture("x", 1000.0, 900.0, True, n_rarer, 1000, distance, 0.0, (1, 2), None)
    return made_facts(spread=SimpleNamespace(mixed_units={"x": one}, level_units=(), odd_rows={}))


@pytest.mark.parametrize(("share", "factor"), [(0.02, 1000), (0.2, 1000), (0.02, 0.001), (0.2, 100), (0.1, 1e6)])
def test_names_the_factor_and_counts_the_rows(share, factor):
    frame = mixed(share, factor)
    [finding] = findings_of("SCALE005", frame)
    n_rows = int((np.random.default_rng(1).random(2000) < share).sum())
    assert (finding.severity, finding.columns) == (Severity.WARNING, ("length",))
    assert finding.evidence["factor"] == max(factor, 1 / factor)
    assert finding.evidence["n_rows_of_rarer_unit"] == n_rows
    assert ("higher" if factor > 1 else "lower") in str(finding.message)
    rows = np.flatnonzero(np.random.default_rng(1).random(2000) < share)
    assert list(finding.rows[0].numbers) == rows[:20].tolist()


def test_names_the_category_that_goes_with_the_unit():
    frame = clean_frame(1000)
    frame.loc[frame["colour"] == "blue", "length"] *= 1000
    [finding] = findings_of("SCALE005", frame)
    assert "they go with colour = blue, 100 % of whose rows are such" in str(finding.message)
    assert "blue" not in str(finding.message.redacted())


def test_what_is_converted_back_is_clean():
    assert not findings_of("SCALE005", clean_frame(2000))


def test_codes_and_long_tails_are_no_units():
    rng = np.random.default_rng(0)
    frame = clean_frame(3000).assign(price=rng.lognormal(3, 2, 3000), counts=rng.negative_binomial(0.3, 0.001, 3000))
    frame.loc[:100, "length"] = 9999
    assert not findings_of("SCALE005", frame)


@pytest.mark.parametrize(("distance", "n_rarer", "n_found"), [(0.5, 5, 1), (0.5001, 5, 0), (0.5, 4, 0)])
def test_boundaries(distance, n_rarer, n_found):
    assert len(judge(MixedUnits(), made(distance, n_rarer))) == n_found


def test_more_rows_of_another_unit_never_score_milder():
    steps = [worst(findings_of("SCALE005", mixed(share))) for share in (0, 0.001, 0.01, 0.05, 0.2, 0.4)]
    assert never_falls(steps)
    assert steps[-1] == Severity.WARNING


def test_odd_columns_are_passed_over():
    n = 100
    frame = pd.DataFrame(
        {"constant": 1.0, "huge": np.linspace(1, 9, n) * 1e299, "tiny": np.linspace(1, 9, n) * 1e-300}, range(n)
    )
    frame = frame.assign(gone=np.nan, infinite=np.inf, two=np.resize([1, 1000], n), y=np.resize(["a", "b"], n))
    frame.loc[3, "infinite"] = 5.0
    assert not findings_of("SCALE005", frame)


def by_site(n_rows: int = 3000, seed: int = 0) -> pd.DataFrame:
    """Return a table with a measurement and three sites."""
    rng = np.random.default_rng(seed)
    return clean_frame(n_rows, seed).assign(
        weight=rng.normal(70, 8, n_rows),
        celsius=rng.normal(15, 6, n_rows),
        income=rng.lognormal(8, 0.8, n_rows),
        site=rng.choice(["north", "south", "west"], n_rows, p=[0.1, 0.45, 0.45]),
    )


@pytest.mark.parametrize(
    ("column", "convert", "words", "code"),
    [
        ("weight", lambda x: x / 2.54, "divided by 2.54", "* 2.54"),
        ("weight", lambda x: x * 10, "multiplied by 10", "/ 10"),
        ("weight", lambda x: x * 2.20462, "as if kg had become pounds", "/ 2.205"),
        ("weight", lambda x: -x, "with the sign changed", "= -frame.loc"),
        ("celsius", lambda x: x * 1.8 + 32, "turned from °C into °F", "- 32) / 1.8"),
        ("income", np.log, "after a logarithm", "numpy.exp("),
    ],
)
def test_a_level_in_another_unit_is_named(column, convert, words, code):
    frame = by_site()
    is_other = frame["site"] == "north"
    frame.loc[is_other, column] = convert(frame.loc[is_other, column])
    [finding] = findings_of("SCALE005", frame)
    assert (finding.columns, finding.evidence["goes_with"]) == ((column,), "site")
    assert f"{column} where site = north" in str(finding.message)
    assert words in str(finding.message)
    assert code in str(finding.fix)
    assert "north" not in str(finding.message.redacted())


def test_days_and_months_swapped_in_a_level_are_named():
    frame = by_site()
    days = pd.Timestamp("2023-01-01") + pd.to_timedelta(np.random.default_rng(1).integers(0, 90, len(frame)), unit="D")
    frame["day"] = days
    assert not findings_of("SCALE005", frame)
    is_other = (frame["site"] == "north") & (frame["day"].dt.day <= 12)
    frame.loc[is_other, "day"] = [one.replace(month=one.day, day=one.month) for one in frame.loc[is_other, "day"]]
    [finding] = findings_of("SCALE005", frame)
    assert "day where site = north" in str(finding.message)
    assert "with day and month swapped" in str(finding.message)


@pytest.mark.parametrize("seed", range(3))
def test_levels_that_differ_by_nature_are_no_units(seed):
    frame = by_site(seed=seed)
    assert not findings_of("SCALE005", frame)
    is_other = frame["site"] == "north"
    frame.loc[is_other, "weight"] = frame.loc[is_other, "weight"] * 1.9
    frame.loc[is_other, "celsius"] += 20
    frame.loc[is_other, "income"] *= 14
    assert not findings_of("SCALE005", frame)


def predicted(seed: int = 0, n_rows: int = 2000) -> pd.DataFrame:
    """Return a table of two measurements that nearly say each other, and the temperature at two places."""
    rng = np.random.default_rng(seed)
    height = rng.normal(170, 9, n_rows)
    morning = rng.normal(15, 6, n_rows)
    return pd.DataFrame(
        {
            "height": height,
            "sitting": height * 0.52 + rng.normal(0, 1.5, n_rows),
            "morning": morning,
            "noon": morning + 5 + rng.normal(0, 0.8, n_rows),
            "y": rng.choice(["p", "q"], n_rows),
        }
    )


@pytest.mark.parametrize(
    ("column", "convert", "name"),
    [
        ("height", lambda x: x * 10, "x 10"),
        ("height", lambda x: x / 2.54, "/ 2.54"),
        ("sitting", lambda x: x * 2.20462, "x 2.205"),
        ("noon", lambda x: x * 1.8 + 32, "°C to °F"),
        ("morning", lambda x: -x, "sign"),
    ],
)
def test_rows_that_only_other_columns_give_away_are_named(column, convert, name):
    frame = predicted()
    assert not findings_of("SCALE005", frame)
    is_other = np.random.default_rng(1).random(len(frame)) < 0.05
    if name == "sign":
        is_other &= frame[column] > 10
    frame.loc[is_other, column] = convert(frame.loc[is_other, column])
    [finding] = findings_of("SCALE005", frame)
    assert (finding.columns, finding.evidence["conversion"]) == ((column,), name)
    assert set(finding.rows[0].numbers) <= set(np.flatnonzero(is_other))
    assert finding.evidence["n_rows_of_rarer_unit_seen"] >= 0.9 * is_other.sum()


@pytest.mark.parametrize("seed", range(3))
def test_heavy_errors_and_sizes_of_another_column_are_no_units(seed):
    rng = np.random.default_rng(seed)
    frame = predicted(seed)
    frame["heavy"] = frame["height"] + rng.standard_cauchy(len(frame))
    frame["error"] = np.where(rng.random(len(frame)) < 0.1, -1, 1) * rng.gamma(2, 3, len(frame))
    frame["size"] = frame["error"].abs()
    frame["other"] = frame["height"] * np.where(rng.random(len(frame)) < 0.1, 1.7, 1)
    assert not findings_of("SCALE005", frame)
