"""SPLIT004 unseen-category."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rules.builders import MILLION, plain_splits, split_facts, unseen
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.measure.drift import UnseenValues
from dataaudit.model import Severity
from dataaudit.rules.split.unseen_category import UnseenCategory


def unseen_facts(*found: UnseenValues):
    return split_facts(unseen={"test": {f"c{i}": one for i, one in enumerate(found)}})


def with_new_city(n_rows: int, n_train: int = 1000, n_test: int = 500):
    """Return splits of which so many test rows have a city that train never shows."""
    train, test = plain_splits(n_train, n_test)
    for frame in (train, test):
        frame["city"] = [("Paris", "Rome", "Oslo")[row % 3] for row in range(len(frame))]
    test.loc[: n_rows - 1, "city"] = "Lyon"
    return train, test


def counted(train: np.ndarray, test: np.ndarray) -> UnseenValues:
    """Return the fact of rows per value in train and test."""
    new = test[train == 0]
    return unseen(
        int(new.sum()),
        n_rows=int(test.sum()),
        n_train=int(train.sum()),
        n_values_unseen=int((new > 0).sum()),
        n_once=int((train == 1).sum()),
        n_twice=int((train == 2).sum()),
        n_rows_commonest=int(new.max(initial=0)),
    )


def test_flags_a_new_city_and_names_it():
    train, test = with_new_city(40)
    [finding] = findings_of("SPLIT004", train, test=test)
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("city",)
    assert "40 rows of test (8 %) have a value of city that train never shows: 1 value, such as Lyon" in str(
        finding.message
    )
    assert "Lyon" not in str(finding.message.redacted())


def test_a_fifth_of_the_rows_is_an_error():
    train, test = with_new_city(100)
    assert worst(findings_of("SPLIT004", train, test=test)) == Severity.ERROR


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_a_random_split_of_100_rows(seed):
    train, test = plain_splits(60, 40, seed)
    assert not findings_of("SPLIT004", train, test=test)


@pytest.mark.parametrize("share_test", [0.1, 0.2, 0.5])
def test_random_splits_of_wide_tables_are_rarely_flagged(share_test):
    """Of 200 random splits of 100 columns, rare and clumped values among them, at most 1 % are flagged."""
    random = np.random.default_rng(0)
    loud = 0
    for _ in range(200):
        columns = []
        for column in range(100):
            size = (1, 2, 3, 5, 8, 20)[column % 6]
            totals = np.append(np.full(60 // size, size), 1000 - 60 // size * size)
            test = random.multivariate_hypergeometric(totals, int(1000 * share_test))
            columns.append(counted(totals - test, test))
        loud += bool(judge(UnseenCategory(), unseen_facts(*columns)))
    assert loud <= 2


def test_a_million_rows_of_rare_values_are_silent():
    """200,000 of 1,000,000 training rows stand alone, so a fifth of the test rows is new."""
    found = unseen(50_300, 250_000, MILLION, n_once=200_000, n_twice=100_000, n_values_unseen=45_000)
    assert not judge(UnseenCategory(), unseen_facts(found))


@pytest.mark.parametrize(("n_unseen", "n_found"), [(50, 0), (51, 1)])
def test_boundary_of_the_excess(n_unseen, n_found):
    """Half a per cent of 10,000 rows."""
    assert len(judge(UnseenCategory(), unseen_facts(unseen(n_unseen, 10_000, 40_000)))) == n_found


@pytest.mark.parametrize(("n_unseen", "n_found"), [(5, 0), (6, 1)])
def test_boundary_of_chance_on_few_rows(n_unseen, n_found):
    """Of 20 values of 5 rows some lie wholly in a fifth of 100 rows once in 156 times; doubled, that is too often."""
    assert len(judge(UnseenCategory(), unseen_facts(unseen(n_unseen, 20, 80)))) == n_found


@pytest.mark.parametrize(("n_rows", "n_unseen"), [(1000, 100), (1_000_000, 100_000)])
def test_boundary_of_an_error_is_the_same_at_any_size(n_rows, n_unseen):
    for one, severity in ((n_unseen, Severity.ERROR), (n_unseen - 1, Severity.WARNING)):
        [finding] = judge(UnseenCategory(), unseen_facts(unseen(one, n_rows)))
        assert finding.severity == severity
        assert finding.evidence["share_excess_lower"] < one / n_rows < finding.evidence["share_excess_upper"]


def test_more_unseen_rows_never_score_milder():
    steps = []
    for n_rows in (0, 1, 3, 10, 25, 60, 120, 500):
        train, test = with_new_city(n_rows)
        steps.append(worst(findings_of("SPLIT004", train, test=test)))
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_many_columns_ask_for_more():
    found = unseen(9, 300, 700)
    alone = judge(UnseenCategory(), unseen_facts(found))
    calm = [unseen(0, 300, 700)] * 2000
    assert alone
    assert not judge(UnseenCategory(), unseen_facts(found, *calm))
