"""SPLIT003 missing-rate-shift."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rules.builders import MILLION, plain_splits, split_facts
from tests.rules.frames import findings_of, judge, never_falls, numeric_profile, worst

from dataaudit.model import Kind, Severity
from dataaudit.rules.split.missing_rate_shift import MissingRateShift


def with_gaps(share_train: float, share_test: float, n_train: int = 1000, n_test: int = 500):
    """Return splits in which these shares of `income` are missing."""
    train, test = plain_splits(n_train, n_test)
    for frame, share in ((train, share_train), (test, share_test)):
        frame.loc[: round(share * len(frame)) - 1, "income"] = np.nan
    return train, test


def gap_facts(missing_train: int, missing_test: int, n_train: int = MILLION, n_test: int = MILLION, columns=("x",)):
    names = dict.fromkeys(columns, Kind.NUMERIC)
    profiles = {
        "train": {name: numeric_profile(name, n_train, n_missing=missing_train) for name in names},
        "test": {name: numeric_profile(name, n_test, n_missing=missing_test) for name in names},
    }
    return split_facts(names, profiles=profiles)


def test_flags_a_column_missing_more_often_in_test():
    train, test = with_gaps(0.02, 0.12)
    [finding] = findings_of("SPLIT003", train, test=test)
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("income",)
    assert "income is missing in 12 % of the rows of test and in 2 % of train: 10 percentage points more" in str(
        finding.message
    )


def test_flags_a_column_missing_less_often_in_test_and_grave_changes_as_errors():
    train, test = with_gaps(0.5, 0.0)
    [finding] = findings_of("SPLIT003", train, test=test)
    assert finding.severity is Severity.ERROR
    assert "less" in str(finding.message)


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_a_random_split_of_100_rows(seed):
    train, test = plain_splits(60, 40, seed)
    assert not findings_of("SPLIT003", train, test=test)


def test_random_splits_of_wide_tables_are_rarely_flagged():
    """Of 300 random splits of 80 columns with gaps at most 1 % are flagged."""
    random = np.random.default_rng(0)
    columns = [f"c{i}" for i in range(80)]
    loud = 0
    for _ in range(300):
        missing = random.integers(0, 60, 80)
        dealt = random.hypergeometric(missing, 90 - missing, 30)
        facts = gap_facts(0, 0, columns=columns)
        for i, name in enumerate(columns):
            facts.profiles["train"][name] = numeric_profile(name, 60, n_missing=int(missing[i] - dealt[i]))
            facts.profiles["test"][name] = numeric_profile(name, 30, n_missing=int(dealt[i]))
        loud += bool(judge(MissingRateShift(), facts))
    assert loud <= 3


def test_is_silent_on_a_million_rows_however_sure_a_small_change_is():
    assert not judge(MissingRateShift(), gap_facts(10_000, 40_000))


@pytest.mark.parametrize(("n_missing", "n_found"), [(149_999, 0), (150_000, 1)])
def test_boundary_of_the_change(n_missing, n_found):
    assert len(judge(MissingRateShift(), gap_facts(100_000, n_missing))) == n_found


@pytest.mark.parametrize(("n_missing", "severity"), [(349_999, Severity.WARNING), (350_000, Severity.ERROR)])
def test_boundary_of_an_error(n_missing, severity):
    """25 points more."""
    [finding] = judge(MissingRateShift(), gap_facts(100_000, n_missing))
    assert finding.severity == severity
    assert finding.evidence["share_change_lower"] < 0.25 < finding.evidence["share_change_upper"]


@pytest.mark.parametrize(("n_missing", "n_found"), [(8, 0), (9, 1)])
def test_boundary_of_chance_on_few_rows(n_missing, n_found):
    """0 of 20 against 8 of 20: p = .0033 is enough for one column, not for four; 9 of 20 with .0012 is."""
    assert len(judge(MissingRateShift(), gap_facts(0, n_missing, 20, 20, ["x"]))) == 1
    found = judge(MissingRateShift(), gap_facts(0, n_missing, 20, 20, ["a", "b", "c", "d"]))
    assert len(found) == 4 * n_found


def test_a_wider_gap_never_scores_milder():
    train, _ = with_gaps(0.02, 0.0)
    shares = (0.02, 0.05, 0.1, 0.2, 0.4, 1.0)
    steps = [worst(findings_of("SPLIT003", train, test=with_gaps(0.0, share)[1])) for share in shares]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_a_column_the_split_does_not_have_is_left_to_data002():
    train, test = plain_splits(200, 100)
    assert not findings_of("SPLIT003", train, test=test.drop(columns="income"))
