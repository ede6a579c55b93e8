"""LEAK002 near-duplicates-between-splits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, above_info, dealt, plain_splits, split_facts
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.measure.near_rows.overlaps import Matching, NearOverlap
from dataaudit.model import Severity
from dataaudit.rules.leakage.near_duplicates_between_splits import NearDuplicatesBetweenSplits

RULE = NearDuplicatesBetweenSplits()
FINE = Matching(0.1, 1, 1, 1e-6, 1e-9)


def numbers(n_rows: int, seed: int = 0, n_columns: int = 8) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    table = pd.DataFrame(random.normal(size=(n_rows, n_columns)), columns=list("abcdefgh")[:n_columns])
    return table.assign(y=random.permutation(np.resize(["cat", "dog"], n_rows)))


def noisy(rows: pd.DataFrame, noise: float, seed: int = 0) -> pd.DataFrame:
    features = rows.columns.drop("y")
    return rows.assign(**(rows[features] + np.random.default_rng(seed).normal(0, noise, rows[features].shape)))


def with_near_copies(n_copies: int, noise: float = 0.001, n_train: int = 800, n_test: int = 200, seed: int = 0):
    """Put noisy copies of the first training rows in the place of the last test rows."""
    table = numbers(n_train + n_test, seed)
    train, test = table.iloc[:n_train], table.iloc[n_train : n_train + n_test - n_copies]
    return train, pd.concat([test, noisy(train.iloc[:n_copies], noise, seed)], ignore_index=True)


def found_in(splits, **options):
    train, test = splits
    return findings_of("LEAK002", train, test=test, **options)


def near(n_matched: int, **given) -> NearOverlap:
    known = {
        "split": "test",
        "n_rows": 1000,
        "n_matched": n_matched,
        "n_small": n_matched,
        "n_same_label": n_matched,
        "n_train": 4000,
        "n_matched_within_train": 0,
        "standard_error": n_matched**0.5 / 1000,
        "share_not_by_chance": 1.0,
        "columns_off": {"a": n_matched},
        "pairs": tuple((i, i) for i in range(min(20, n_matched))),
        "matching": FINE,
        "has_labels": True,
        "sampled": False,
    }
    return NearOverlap(**(known | given))


def judged(overlap: NearOverlap, rule: NearDuplicatesBetweenSplits = RULE):
    return judge(rule, split_facts(near_overlaps={overlap.split: overlap}))


def test_flags_rows_copied_with_noise_and_says_which():
    [finding] = found_in(with_near_copies(20))
    assert finding.severity is Severity.ERROR
    assert str(finding.message).startswith(
        "20 rows of test (10 %) nearly agree with a row of train but equal none exactly: "
        "no column differs by more than 10 % of its interquartile range, most often in"
    )
    rows = {rows.split: rows for rows in finding.rows}
    assert sorted(rows["test"].numbers) == list(range(180, 200))
    assert [row - 180 for row in rows["test"].numbers] == list(rows["train"].numbers)
    assert finding.evidence["n_rows_same_label"] == 20
    assert "--group" in str(finding.fix)


def test_flags_rows_with_one_changed_cell():
    train, test = with_near_copies(20, noise=0.0)
    for i in range(20):
        test.iloc[180 + i, i % 8] = 7.0 + i
    [finding] = found_in((train, test))
    assert finding.severity is Severity.ERROR
    assert "in all of them one cell is further apart" in str(finding.message)


def test_flags_rows_that_differ_in_spelling_only():
    train, test = plain_splits(800, 200)
    copies = train.iloc[:20].assign(street=train["street"].iloc[:20].str.upper() + " ")
    [finding] = found_in((train, pd.concat([test.iloc[:180], copies], ignore_index=True)))
    assert finding.severity is Severity.ERROR
    assert finding.evidence["n_rows_small_differences"] == 20


def test_leaves_exact_copies_to_their_own_rule():
    assert not found_in(with_near_copies(20, noise=0.0))
    assert findings_of("LEAK001", *with_near_copies(20, noise=0.0)[:1], test=with_near_copies(20, noise=0.0)[1])


@pytest.mark.parametrize("sizes", [(70, 30), (700, 300), (7000, 3000)])
def test_is_silent_on_random_splits(sizes):
    assert not found_in(plain_splits(*sizes))


@pytest.mark.parametrize("seed", range(4))
def test_is_silent_on_coarse_tables(seed):
    answers = np.random.default_rng(seed).integers(0, 3, (600, 6))
    table = pd.DataFrame(answers, columns=list("abcdef")).assign(y=np.resize(["cat", "dog"], 600))
    assert not above_info(found_in(dealt(table, 180, seed)))


@pytest.mark.parametrize("n_twins", [20, 100])
def test_rows_that_come_in_near_twins_dealt_at_random_are_an_info(n_twins):
    """Augmented before the split: told, yet the deal itself is clean."""
    table = numbers(400)
    both = pd.concat([table, noisy(table.iloc[:n_twins], 0.001)], ignore_index=True)
    findings = [finding for seed in range(6) for finding in found_in(dealt(both, 120, seed))]
    assert len(findings) == 6
    assert not above_info(findings)
    assert "such rows come in pairs here" in str(findings[0].message)


def test_train_alone_is_told_as_info_before_it_is_split():
    table = numbers(300)
    [finding] = findings_of("LEAK002", pd.concat([table, noisy(table.iloc[:9], 0.001)], ignore_index=True))
    assert finding.severity is Severity.INFO
    assert str(finding.message).startswith("18 rows of train (5.83 %) nearly agree with another row")
    assert finding.rows[0].numbers == (*range(9), *range(300, 309))


@pytest.mark.parametrize("seed", range(10))
def test_more_near_copies_are_never_milder(seed):
    steps = [worst(found_in(with_near_copies(n, seed=seed))) for n in (0, 2, 5, 10, 40, 150)]
    assert never_falls(steps)
    assert steps[0] == 0
    assert steps[-1] == Severity.ERROR


def test_the_boundaries():
    assert worst(judged(near(2))) == 0, "too few"
    fine = Matching(0.1, 1, 1, 1e-9, 1e-12)
    assert worst(judged(near(3, n_rows=10**6, matching=fine))) == Severity.INFO, "too small a share"
    assert worst(judged(near(9))) == Severity.WARNING
    assert worst(judged(near(50))) == Severity.ERROR
    assert worst(judged(near(50, standard_error=0.0125 / 3 + 0.0126))) == Severity.WARNING, "less than 3 errors above"
    assert worst(judged(near(50, n_matched_within_train=60))) == Severity.ERROR
    assert worst(judged(near(50, n_matched_within_train=200))) == Severity.INFO, "as many within train"
    assert worst(judged(near(50, n_matched_within_train=200, share_not_by_chance=0.4))) == 0, "chance explains them"


def test_a_million_rows_with_equal_shares_are_an_info():
    found = near(
        25_100,
        n_rows=MILLION // 4,
        n_train=MILLION,
        n_matched_within_train=100_000,
        standard_error=0.0005,
    )
    assert worst(judged(found)) == Severity.INFO


def test_pairs_dealt_at_random_rarely_reach_a_warning():
    """Of 3,000 deals of 6 to 40 pairs among 1,000 rows, less than 1 % lie above info."""
    random = np.random.default_rng(0)
    loud = 0
    for _ in range(3000):
        n_pairs, n_train = int(random.integers(6, 41)), int(random.choice([500, 800, 900]))
        share, n_test = n_train / 1000, 1000 - n_train
        across, within, _ = random.multinomial(n_pairs, [2 * share * (1 - share), share**2, (1 - share) ** 2]).tolist()
        error = (across / n_test**2 + 4 * within / n_train**2) ** 0.5
        found = near(across, n_rows=n_test, n_train=n_train, n_matched_within_train=2 * within, standard_error=error)
        loud += bool(above_info(judged(found)))
    assert loud <= 30


def test_without_features_there_is_nothing_to_compare():
    table = pd.DataFrame({"y": ["cat", "dog"] * 20})
    assert not findings_of("LEAK002", table, test=table)


def test_as_many_near_twins_as_coarse_columns_make_are_not_told():
    chance = Matching(0.1, 1, None, 0.001, 1e-9)
    assert not judged(near(20, n_matched_within_train=80, matching=chance)), "20 times .001 are expected"
    assert worst(judged(near(21, n_matched_within_train=84, matching=chance))) == Severity.INFO


def with_own_copies(train: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Drop half of the cats of train and repeat the dogs, as to balance classes at random."""
    random = np.random.default_rng(seed)
    cats, dogs = (train[train["y"] == name] for name in ("cat", "dog"))
    kept, again = random.permutation(len(cats))[: len(cats) // 2], random.integers(0, len(dogs), len(dogs))
    rows = [cats.iloc[kept], dogs, dogs.iloc[again]]
    return pd.concat(rows).sample(frac=1, random_state=seed)


@pytest.mark.parametrize("seed", range(4))
def test_copies_that_train_was_given_of_its_own_make_no_leak(seed):
    # Of rows that come in near twins: the copied ones were missing among those of train that have one, not in test.
    twins = numbers(1500, seed)
    table = pd.concat([twins, noisy(twins.iloc[:400], 0.001, seed)], ignore_index=True)
    train, test = dealt(table, 500)
    assert not above_info(found_in((train, test)))
    assert not above_info(found_in((with_own_copies(train, seed), test)))


@pytest.mark.parametrize("seed", range(4))
def test_near_copies_are_seen_beside_copies_that_train_was_given_of_its_own(seed):
    train, test = with_near_copies(40, seed=seed)
    before, after = (worst(found_in((one, test))) for one in (train, with_own_copies(train, seed)))
    assert before == after == Severity.ERROR
