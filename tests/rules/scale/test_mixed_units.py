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
    return made_facts(spread=SimpleNamespace(mixed_units={"x": one}))


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
