"""LEAK001 rows-shared-between-splits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, above_info, dealt, overlap, overlap_facts, plain_splits, plain_table
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.model import Severity
from dataaudit.rules.leakage.rows_shared_between_splits import RowsSharedBetweenSplits

RULE = RowsSharedBetweenSplits()


def with_copies(n_copies: int, n_train: int = 800, n_test: int = 200):
    """Put the first training rows in the place of the last test rows."""
    train, test = plain_splits(n_train, n_test)
    kept = test.iloc[: n_test - n_copies]
    return train, pd.concat([kept, train.iloc[:n_copies]], ignore_index=True)


def repeated_pairs(n_pairs: int, n_rows: int):
    """Return a table in which so many rows stand twice."""
    table = plain_table(n_rows - n_pairs)
    return pd.concat([table, table.iloc[:n_pairs]], ignore_index=True)


def test_flags_copied_rows_and_says_which():
    train, test = with_copies(20)
    [finding] = findings_of("LEAK001", train, test=test)
    assert finding.severity is Severity.ERROR
    assert "20 rows of test (10 %) stand in train with the same features, 20 with the same label" in str(
        finding.message
    )
    rows = {rows.split: rows for rows in finding.rows}
    assert rows["test"].numbers == tuple(range(180, 200))
    assert rows["train"].numbers == tuple(range(20))
    assert not rows["test"].truncated


def test_tells_copies_with_another_label_apart():
    train, test = with_copies(12)
    flipped = test.assign(y=["dog" if y == "cat" else "cat" for y in test["y"]])
    [finding] = findings_of("LEAK001", train, test=flipped)
    assert finding.severity is Severity.ERROR
    assert finding.evidence["n_rows_same_label"] == 0
    assert finding.evidence["n_rows_other_label"] == 12


def test_a_few_copies_into_distinct_rows_are_a_warning_and_one_is_an_info():
    train, test = with_copies(6)
    assert worst(findings_of("LEAK001", train, test=test)) == Severity.WARNING
    train, test = with_copies(1)
    [finding] = findings_of("LEAK001", train, test=test)
    assert finding.severity is Severity.INFO
    assert str(finding.message).startswith("1 row of test (0.5 %) stands in train")


def test_is_silent_where_no_row_is_shared():
    train, test = plain_splits(70, 30)
    assert not findings_of("LEAK001", train, test=test)


@pytest.mark.parametrize("seed", range(3))
def test_a_coarse_questionnaire_dealt_at_random_is_an_info(seed):
    answers = np.random.default_rng(seed).integers(0, 2, (300, 5))
    table = pd.DataFrame(answers, columns=list("abcde")).assign(y=np.resize(["cat", "dog"], 300))
    train, test = dealt(table, 90, seed)
    [finding] = findings_of("LEAK001", train, test=test)
    assert finding.severity is Severity.INFO
    assert finding.evidence["share_matched"] > 0.9


@pytest.mark.parametrize("n_pairs", [3, 10])
def test_honest_repeats_dealt_at_random_are_an_info(n_pairs):
    loud = 0
    for seed in range(8):
        train, test = dealt(repeated_pairs(n_pairs, 100), 40, seed)
        loud += bool(above_info(findings_of("LEAK001", train, test=test)))
    assert loud == 0


def test_pairs_dealt_at_random_rarely_reach_a_warning():
    """Of 3,000 deals of 6 to 40 pairs among 1,000 rows, less than 1 % lie above info."""
    random = np.random.default_rng(0)
    loud = 0
    for _ in range(3000):
        n_pairs, n_train = int(random.integers(6, 41)), int(random.choice([500, 800, 900]))
        share = n_train / 1000
        n_test = 1000 - n_train
        across, within, of_test = random.multinomial(
            n_pairs, [2 * share * (1 - share), share**2, (1 - share) ** 2]
        ).tolist()
        found = overlap(
            across,
            n_rows=n_test,
            n_train=n_train,
            share_matched_within_train=2 * within / n_train,
            standard_error=(across / n_test**2 + 4 * within / n_train**2) ** 0.5,
            share_distinct_in_train=1 - within / n_train,
        )
        loud += bool(above_info(judge(RULE, overlap_facts(found, of_test))))
    assert loud <= 30


def test_a_million_rows_with_equal_shares_are_an_info():
    found = overlap(
        25_100,
        n_rows=MILLION // 4,
        n_train=MILLION,
        share_matched_within_train=0.1,
        standard_error=0.0005,
        share_distinct_in_train=0.93,
    )
    assert worst(judge(RULE, overlap_facts(found, 6000))) == Severity.INFO


@pytest.mark.parametrize(("standard_error", "severity"), [(0.01, Severity.WARNING), (0.0099, Severity.ERROR)])
def test_boundary_of_the_standard_errors(standard_error, severity):
    found = overlap(30, standard_error=standard_error)
    assert worst(judge(RULE, overlap_facts(found))) == severity


@pytest.mark.parametrize(("n_matched", "severity"), [(50, Severity.INFO), (51, Severity.ERROR)])
def test_boundary_of_the_share(n_matched, severity):
    """An excess of half a per cent of 10,000 rows is not above half a per cent."""
    found = overlap(n_matched, n_rows=10_000, n_train=40_000)
    assert worst(judge(RULE, overlap_facts(found))) == severity


@pytest.mark.parametrize(("n_within", "severity"), [(8, Severity.WARNING), (9, Severity.INFO)])
def test_boundary_of_the_factor_over_chance(n_within, severity):
    """44 of 1,000 rows against n of 1,000: more than five times, or not."""
    found = overlap(
        44,
        share_matched_within_train=n_within / 1000,
        standard_error=0.0143,
        share_distinct_in_train=0.989,
    )
    assert worst(judge(RULE, overlap_facts(found))) == severity


def test_more_copies_never_score_milder():
    steps = []
    for n_copies in (0, 1, 4, 6, 10, 30):
        train, test = with_copies(n_copies)
        steps.append(worst(findings_of("LEAK001", train, test=test)))
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_more_copies_in_hand_made_facts_never_score_milder():
    steps = [worst(judge(RULE, overlap_facts(overlap(n)))) for n in range(200)]
    assert never_falls(steps)
    assert set(steps) == {0, Severity.INFO, Severity.WARNING, Severity.ERROR}
