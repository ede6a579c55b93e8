"""SCALE003 heavy-tail."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, folded, judge, made_facts, never_falls, numeric_profile, worst

from dataaudit.measure.columns import LEVELS, Quantiles
from dataaudit.measure.spread.mends import measure_mends
from dataaudit.measure.spread.squeeze import Squeeze
from dataaudit.model import Kind, Severity
from dataaudit.rules.scale.heavy_tail import HeavyTail

RANDOM = np.random.default_rng(7)
LIGHT = {
    "normal": lambda n: RANDOM.normal(50, 3, n),
    "uniform": RANDOM.random,
    "exponential": lambda n: RANDOM.exponential(4, n),
    "gamma": lambda n: RANDOM.gamma(0.5, 1, n),
    "counts": lambda n: RANDOM.poisson(2, n).astype(float),
    "geometric": lambda n: RANDOM.geometric(0.5, n).astype(float),
    "two ends": lambda n: RANDOM.beta(0.1, 0.1, n),
}


def quantiles_of(values: np.ndarray, column: str = "x") -> Quantiles:
    return Quantiles(column, LEVELS, np.quantile(values, LEVELS), len(values), 0.0, None, None, None, sampled=False)


def squeeze_of(values: np.ndarray) -> Squeeze:
    ordered = np.sort(values)
    n_out = max(1, int(0.005 * len(values)))
    low, high = ordered[n_out], ordered[-n_out - 1]
    far = np.maximum(values - high, low - values) > 9 * (high - low)
    width = max(high - low, 1e-300)
    return Squeeze(
        (float(low), float(high)),
        float(width / np.ptp(values)),
        int(far.sum()),
        tuple(np.flatnonzero(far)[:20].tolist()),
        float(width / np.ptp(values[~far])),
        len(values),
        sampled=False,
    )


def spread_of(values: np.ndarray) -> SimpleNamespace:
    sample = SimpleNamespace(numeric={"x": values}, leaves_out=lambda n_rows: n_rows < len(values))
    return SimpleNamespace(
        mends=lambda column: measure_mends(SimpleNamespace(sample=sample), "x"),
        squeeze=lambda column: squeeze_of(values),
    )


def judged(values: np.ndarray, *, is_integer: bool = False) -> list:
    profile = numeric_profile(
        "x",
        len(values),
        minimum=float(values.min()),
        maximum=float(values.max()),
        n_zero=int((values == 0).sum()),
        is_integer=is_integer,
    )
    facts = made_facts(
        {"x": Kind.NUMERIC},
        quantiles={"x": quantiles_of(values)},
        profiles={"train": {"x": profile}},
        spread=spread_of(values),
    )
    return judge(HeavyTail(), facts)


def with_column(values: np.ndarray) -> pd.DataFrame:
    return clean_frame(len(values)).assign(x=values)


def test_flags_a_very_heavy_tail_and_names_the_mend():
    values = np.random.default_rng(0).lognormal(0, 2.2, 5000)
    [finding] = findings_of("SCALE003", with_column(values))
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("x",)
    assert finding.evidence["side"] == "right"
    assert str(finding.fix).startswith("A logarithm mends it: `numpy.log(frame['x'])` moves the tail from ")
    assert finding.evidence["mended_by"] == "log"
    assert abs(finding.evidence["skew_after"]["log"]) < 0.2


def test_a_left_tail_needs_another_mend():
    values = -np.random.default_rng(0).lognormal(0, 2.2, 5000)
    [finding] = findings_of("SCALE003", with_column(values))
    assert finding.evidence["side"] == "left"
    assert "its P0.1 of" in str(finding.message)
    assert "PowerTransformer" in str(finding.fix)
    assert finding.evidence["mended_by"] == "Yeo-Johnson"


def test_a_heavy_tail_is_info():
    values = np.random.default_rng(0).lognormal(0, 1.5, 20_000)
    [finding] = findings_of("SCALE003", with_column(values))
    assert finding.severity is Severity.INFO


def test_is_silent_on_a_clean_table():
    assert not findings_of("SCALE003", clean_frame(100))


@pytest.mark.parametrize("n_rows", [100, 1000, 300_000])
@pytest.mark.parametrize("name", LIGHT)
def test_is_silent_on_light_tails(name, n_rows):
    for _ in range(20):
        values = LIGHT[name](n_rows)
        assert not judged(values, is_integer=bool((values == np.trunc(values)).all()))


def test_zeros_of_a_column_that_is_mostly_zero_are_left_out():
    random = np.random.default_rng(1)
    values = np.where(random.random(20_000) < 0.7, 0.0, random.exponential(3, 20_000))
    assert not judged(values)
    heavy = np.where(random.random(20_000) < 0.7, 0.0, random.lognormal(0, 2.5, 20_000))
    [finding] = judged(heavy)
    assert "zeros left out" in str(finding.message)


def test_a_column_without_a_body_is_passed_over():
    values = np.full(2000, 5.0)
    values[:10] = 1e6
    assert not judged(values)


def test_in_few_rows_it_is_never_more_than_info():
    values = np.concatenate([np.linspace(0, 1, 990), np.full(9, 1e6)])
    [finding] = judged(values)
    assert finding.severity is Severity.INFO
    assert worst(judged(np.append(values, 1e6))) == Severity.WARNING


def test_names_the_row_that_stretches_the_range():
    heights = np.random.default_rng(3).normal(170, 8, 10_000)
    heights[1234] = 17_000
    [finding] = findings_of("SCALE003", with_column(heights))
    assert finding.severity is Severity.WARNING
    assert [rows.numbers for rows in finding.rows] == [(1234,)]
    assert "x: scaled to minimum and maximum, 99 % of its rows fill 0.2" in str(finding.message)
    assert "without the 1 row furthest out, " in str(finding.message)
    assert finding.evidence["share_of_range_of_middle_without"] > 0.5
    redacted = str(finding.message.redacted())
    assert "170" not in redacted
    assert "149" not in redacted


def test_many_rows_far_out_are_counted_and_twenty_named():
    heights = np.random.default_rng(3).normal(170, 8, 10_000)
    heights[100:130] = 17_000
    [finding] = findings_of("SCALE003", with_column(heights))
    assert finding.evidence["n_rows_far"] == 30
    assert len(finding.rows[0].numbers) == 20
    assert finding.rows[0].truncated


def test_below_a_hundred_rows_a_range_says_nothing():
    assert worst(judged(np.append(np.linspace(0, 1, 99), 1e3))) == Severity.WARNING
    assert worst(judged(np.append(np.linspace(0, 1, 98), 1e3))) <= Severity.INFO


@pytest.mark.parametrize(("share", "severity"), [(0.051, 0), (0.049, 1), (0.0101, 1), (0.0099, 2)])
@pytest.mark.parametrize("n_rows", [200, 50_000])
def test_boundaries_lie_at_the_share_of_the_range(n_rows, share, severity):
    values = np.linspace(0, 1, n_rows)
    width = values[-max(1, int(0.005 * n_rows)) - 2] - values[max(1, int(0.005 * n_rows))]
    values[-1] = width / share
    assert worst(judged(values)) == severity


def test_an_outlier_further_out_never_scores_milder():
    values = np.random.default_rng(4).normal(size=1000)
    steps = [worst(judged(np.append(values, 10.0**power))) for power in range(8)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_says_so_where_nothing_mends_it():
    values = np.random.default_rng(5).choice([10.0, 20.98, 21.0, 1000.0], 4000, p=[0.05, 0.55, 0.35, 0.05])
    [finding] = findings_of("SCALE003", with_column(values))
    assert finding.evidence["mended_by"] is None
    assert str(finding.fix).startswith("No logarithm, no Yeo-Johnson, no clipping and no ranks")


@pytest.mark.parametrize(("field", "severity"), [("info_tail", Severity.INFO), ("warning_tail", Severity.WARNING)])
def test_boundaries_lie_at_the_lower_bound_of_the_tail(field, severity):
    values = np.random.default_rng(2).lognormal(0, 2, 5000)
    [finding] = judged(values)
    lower = finding.evidence["tail_lower"]
    profile = numeric_profile("x", 5000, minimum=0.0, maximum=float(values.max()))
    facts = made_facts(
        {"x": Kind.NUMERIC},
        quantiles={"x": quantiles_of(values)},
        profiles={"train": {"x": profile}},
        spread=spread_of(values),
    )
    below, above = (
        HeavyTail(**{"info_tail": 1.0, "warning_tail": 1e9, field: lower * factor}) for factor in (1.001, 0.999)
    )
    assert worst(judge(below, facts)) == severity - 1
    assert worst(judge(above, facts)) == severity


@pytest.mark.parametrize("n_rows", [300, 3000, 50_000])
def test_heavier_tails_never_score_milder(n_rows):
    normal = np.random.default_rng(5).normal(size=n_rows)
    steps = [worst(judged(np.exp(sigma * normal))) for sigma in np.arange(0.1, 4, 0.1)]
    assert never_falls(steps)
    assert steps[0] == 0
    assert steps[-1] == (Severity.WARNING if n_rows >= 1000 else Severity.INFO)


def test_more_rows_far_away_never_score_milder():
    def with_far_rows(n_far: int) -> np.ndarray:
        return np.append(np.linspace(0, 1, 10_000 - n_far), np.full(n_far, 1e5))

    steps = [worst(judged(with_far_rows(n_far))) for n_far in (0, 1, 5, 20, 100, 800, 2000, 2400)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_beyond_fifty_columns_the_rest_is_one_finding():
    values = np.random.default_rng(0).lognormal(0, 2.5, 3000)
    names = [f"x{i}" for i in range(60)]
    facts = made_facts(
        dict.fromkeys(names, Kind.NUMERIC),
        quantiles={name: quantiles_of(values * (i + 1), name) for i, name in enumerate(names)},
        profiles={"train": {name: numeric_profile(name, 3000, minimum=0.0, maximum=100.0) for name in names}},
        spread=spread_of(values),
    )
    found = judge(HeavyTail(), facts)
    assert len(found) == 51
    assert folded(found).evidence["n_columns"] == 10
    assert len({finding.fingerprint for finding in found}) == 51


@pytest.mark.parametrize("n_rows", [100, 300, 600, 900, 2900])
@pytest.mark.parametrize("n_far", [1, 2])
def test_one_cell_or_two_far_out_are_no_tail(n_rows, n_far):
    values = np.random.default_rng(8).normal(size=n_rows)
    values[:n_far] = 1e4
    found = judged(values)
    assert not [one for one in found if "heavy" in str(one.message)]
    # Of two cells in 300 the middle 99 % hold one.
    assert [one.evidence["n_rows_far"] for one in found] == ([n_far] if n_far == 1 or n_rows >= 600 else [])


def test_three_cells_far_out_of_hundreds_are_a_tail():
    values = np.random.default_rng(8).normal(size=600)
    values[:3] = 1e4
    assert "heavy right tail" in str(judged(values)[0].message)


@pytest.mark.parametrize("n_rows", [200, 1000, 5000])
def test_a_mirror_image_gets_the_same_verdict(n_rows):
    random = np.random.default_rng(9)
    for _ in range(15):
        for values in (random.lognormal(0, 1, n_rows), random.lognormal(0, 2, n_rows), random.standard_t(2, n_rows)):
            first, mirrored = judged(values), judged(-values)
            assert worst(first) == worst(mirrored)
            assert [one.evidence.get("side") for one in first] == [
                {"left": "right", "right": "left"}.get(one.evidence.get("side")) for one in mirrored
            ]
