"""SPUR003 missingness-tells-label."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, association, binary_facts, class_table, plain_table
from tests.rules.frames import findings_of, judge, never_falls, numeric_profile, worst

from dataaudit.model import Kind, Severity
from dataaudit.rules.shortcut.missingness_tells_label import MissingnessTellsLabel

RULE = MissingnessTellsLabel()


def with_gaps(share_of_cats: float, share_of_dogs: float, n_rows: int = 1000) -> pd.DataFrame:
    """Return a table in which `income` is missing in these shares of the classes."""
    table = plain_table(n_rows)
    random = np.random.default_rng(1).random(n_rows)
    share = np.where(table["y"] == "cat", share_of_cats, share_of_dogs)
    return table.assign(income=table["income"].mask(random < share))


def gap_facts(explained: float, n_rows: int = MILLION, n_cat: int | None = None, n_columns: int = 1):
    names = [f"c{i}" for i in range(n_columns)]
    found = {name: association(-0.01, n_rows, name) for name in names}
    found["c0"] = association(explained, n_rows, "c0")
    n_cat = n_rows // 2 if n_cat is None else n_cat
    profiles = {"train": {name: numeric_profile(name, n_rows, n_missing=n_cat) for name in names}}
    tables = {"c0": class_table("c0", {"any": (0, n_rows - n_cat)})}
    tables["c0"].n_by_class["train"][-1] = (n_cat, 0)
    columns = dict.fromkeys(names, Kind.NUMERIC)
    return binary_facts(
        n_cat, n_rows - n_cat, columns=columns, missing_associations=found, profiles=profiles, tables=tables
    )


def test_flags_gaps_that_follow_the_class_and_says_in_which():
    [finding] = findings_of("SPUR003", with_gaps(0.98, 0.0))
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("income",)
    assert "% of cat and 0 % of dog." in str(finding.message)
    assert "cat" not in str(finding.message.redacted())
    assert finding.figure.rows == ("missing", "present")
    assert sum(map(sum, finding.figure.counts["train"])) == 1000


def test_a_weaker_link_is_a_warning():
    assert worst(findings_of("SPUR003", with_gaps(0.8, 0.05))) == Severity.WARNING


def test_works_for_a_numeric_target():
    table = plain_table(600)
    table["income"] = table["income"].mask(table["length"] > 10)
    found = findings_of(
        "SPUR003", table.assign(y=np.where(table["length"] > 10, 5.0, 1.0) + table["gaps"].fillna(0) / 9)
    )
    assert [finding.columns for finding in found] == [("income",)]


@pytest.mark.parametrize("seed", range(6))
def test_is_silent_on_cells_missing_at_random_in_100_rows(seed):
    assert not findings_of("SPUR003", plain_table(100, seed))


def test_is_silent_on_a_million_rows_of_noise():
    assert not judge(RULE, gap_facts(0.001))


def test_is_silent_on_small_tables_where_few_gaps_fall_together_by_chance():
    """20 rows, 3 of them cats: among 600 columns with 3 gaps some have them in the cats, or nearly."""
    random = np.random.default_rng(0)
    loud = 0
    for _ in range(6):
        table = pd.DataFrame(random.normal(size=(20, 100)), columns=[f"c{i}" for i in range(100)])
        for column in table:
            table.loc[random.permutation(20)[:3], column] = np.nan
        loud += bool(findings_of("SPUR003", table.assign(y=["cat"] * 3 + ["dog"] * 17)))
    assert loud == 0


@pytest.mark.parametrize(
    ("explained", "severity"),
    [(0.3, 0), (0.302, Severity.WARNING), (0.8, Severity.WARNING), (0.802, Severity.ERROR)],
)
def test_boundaries_lie_at_the_lower_bound(explained, severity):
    assert worst(judge(RULE, gap_facts(explained))) == severity


def test_the_same_strength_counts_less_on_fewer_rows_of_a_rare_class():
    steps = [worst(judge(RULE, gap_facts(0.9, 1000, n_cat, n_columns=50))) for n_cat in (1, 3, 20, 500)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_a_closer_link_never_scores_milder():
    steps = [worst(findings_of("SPUR003", with_gaps(share, 0.05))) for share in (0.05, 0.3, 0.6, 0.8, 0.95, 1.0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_an_honest_column_is_an_info():
    assert worst(findings_of("SPUR003", with_gaps(0.98, 0.0), honest="income")) == Severity.INFO
