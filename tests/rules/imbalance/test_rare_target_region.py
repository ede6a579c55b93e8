"""IMB005 rare-target-region."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION
from tests.rules.frames import findings_of, judge, made_facts, never_falls, worst

from dataaudit.figures import Histogram
from dataaudit.measure.target_regions import TargetRegions
from dataaudit.model import Severity
from dataaudit.rules.imbalance.rare_target_region import RareTargetRegion

RULE = RareTargetRegion()


def with_target(target: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"x": np.random.default_rng(9).normal(size=len(target)), "y": target})


def facts_of(share: float, standard_error: float = 0.0, n_rows: int = MILLION):
    counts = (n_rows - 9 * (n_rows // 1000), *[n_rows // 1000] * 9)
    found = TargetRegions(n_rows, tuple(range(11)), counts, n_rows // 100, share, standard_error, sampled=False)
    return made_facts({}, target_regions=found)


def test_a_few_rows_that_hold_the_variance_are_a_warning():
    random = np.random.default_rng(0)
    target = random.normal(100, 10, 5000)
    target[:40] += random.uniform(300, 500, 40)
    [finding] = findings_of("IMB005", with_target(target), task="regression")
    assert finding.severity is Severity.WARNING
    assert str(finding.message).startswith("50 rows of 5,000 hold ")
    assert isinstance(finding.figure, Histogram)
    assert sum(finding.evidence["n_rows_by_tenth_of_range"]) == 5000
    assert len(finding.evidence["thin_regions"]) >= 6


@pytest.mark.parametrize("n_rows", [100, 1000, 20_000])
@pytest.mark.parametrize("seed", range(3))
def test_is_silent_on_plain_targets(n_rows, seed):
    random = np.random.default_rng(seed)
    for target in (random.normal(size=n_rows), random.random(n_rows), random.exponential(size=n_rows)):
        assert worst(findings_of("IMB005", with_target(target), task="regression")) <= Severity.INFO
    for target in (random.normal(size=n_rows), random.random(n_rows), random.poisson(20, n_rows).astype(float)):
        assert not findings_of("IMB005", with_target(target), task="regression")


def test_one_row_that_decides_is_no_warning():
    target = np.random.default_rng(0).normal(size=3000)
    target[7] = 70
    assert worst(findings_of("IMB005", with_target(target), task="regression")) <= Severity.INFO


@pytest.mark.parametrize(
    ("share", "severity"), [(0.249, 0), (0.25, Severity.INFO), (0.499, Severity.INFO), (0.5, Severity.WARNING)]
)
def test_boundaries_of_the_share(share, severity):
    assert worst(judge(RULE, facts_of(share))) == severity


@pytest.mark.parametrize(("standard_error", "severity"), [(0.075, Severity.WARNING), (0.077, Severity.INFO), (0.3, 0)])
def test_boundaries_of_what_is_sure(standard_error, severity):
    """.5 less 1.645 times .075 is .3766, less 1.645 times .077 is .3733."""
    assert worst(judge(RULE, facts_of(0.5, standard_error))) == severity


def test_few_rows_are_not_judged():
    assert not judge(RULE, facts_of(0.9, n_rows=199))
    assert judge(RULE, facts_of(0.9, n_rows=200))


def test_a_heavier_tail_never_scores_milder():
    random = np.random.default_rng(0)
    steps = [
        worst(findings_of("IMB005", with_target(np.exp(spread * random.normal(size=20_000))), task="regression"))
        for spread in (0.1, 0.5, 1.0, 1.3)
    ]
    assert never_falls(steps)
    assert steps[0] == 0
    assert steps[-1] >= Severity.INFO


def test_the_unit_does_not_matter():
    target = np.exp(1.2 * np.random.default_rng(0).normal(size=5000))
    plain, scaled = (findings_of("IMB005", with_target(f * target), task="regression") for f in (1, 1e150))
    assert worst(plain) == worst(scaled)
    assert plain[0].evidence["share_of_variance_outermost"] == pytest.approx(
        scaled[0].evidence["share_of_variance_outermost"]
    )
