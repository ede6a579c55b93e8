"""IMB004 empty-subgroup."""

from __future__ import annotations

import itertools
from math import comb

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import association, class_table, table_facts
from tests.rules.frames import clean_frame, findings_of, judge, never_falls, worst

from dataaudit.model import Severity
from dataaudit.rules.imbalance._cells import few_by_chance
from dataaudit.rules.imbalance.empty_subgroup import EmptySubgroup


def judged(rows: dict[str, list[int]], column: str = "colour", explained: float = 0.0, **others) -> list:
    facts = table_facts(
        class_table(column, rows, **others),
        ["cat", "dog"],
        associations={column: association(explained, column=column)},
    )
    return judge(EmptySubgroup(), facts)


def emptied(n_rows: int = 600, column: str = "colour", seed: int = 0) -> pd.DataFrame:
    frame = clean_frame(n_rows, seed).rename(columns={"colour": column})
    return frame[~((frame[column] == "red") & (frame["y"] == "cat"))].reset_index(drop=True)


def test_names_the_empty_cell_of_a_context():
    [finding] = findings_of("IMB004", emptied(), context=["colour"])
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("colour",)
    assert "with colour = red, none has y = cat; " in str(finding.message)
    assert finding.evidence["n_rows"] == [0]
    assert "▮▮▮, none has y = ▮▮▮; " in str(finding.message.redacted())


@pytest.mark.parametrize(
    ("column", "severity"), [("colour", Severity.INFO), ("sex", Severity.WARNING), ("site_id", Severity.WARNING)]
)
def test_names_of_groups_are_warned_of_and_features_told(column, severity):
    assert worst(findings_of("IMB004", emptied(column=column))) == severity


def test_a_few_rows_are_told_of_groups_alone():
    rows = {"red": [5, 300], "blue": [300, 300]}
    assert worst(judged(rows, "site")) == Severity.WARNING
    assert "Of 305 training rows with site = red, 5 have y = cat; 100" in str(judged(rows, "site")[0].message)
    assert not judged(rows, "colour")


@pytest.mark.parametrize(("n_rows", "n_found"), [(10, 1), (11, 0)])
def test_boundary_of_the_rows_that_a_cell_may_have(n_rows, n_found):
    assert len(judged({"red": [n_rows, 3000], "blue": [3000, 3000]}, "site")) == n_found


@pytest.mark.parametrize(("expected_min", "n_found"), [(7.01, 0), (7.0, 1)])
def test_boundary_of_the_expected_rows(expected_min, n_found):
    # 1 % of the rows are cats: of 700 rows 7.
    table = class_table("site", {"red": [0, 700], "blue": [2000, 200_000 - 2000 - 700]})
    facts = table_facts(table, ["cat", "dog"])
    assert len(judge(EmptySubgroup(expected_min=expected_min), facts)) == n_found


def test_few_rows_that_chance_explains_are_not_told():
    # 5 expected of 10 rows: chance leaves none once in a thousand, over 40 cells that is nothing.
    levels = {f"level {i}": [50, 50] for i in range(15)} | {"red": [0, 10]}
    assert not judged(levels, "site")
    assert judged({f"level {i}": [50, 50] for i in range(15)} | {"red": [0, 20]}, "site")


def test_strong_features_and_many_levels_are_left_out():
    rows = {"red": [0, 300], "blue": [300, 300]}
    assert worst(judged(rows, explained=0.49)) == Severity.INFO
    assert not judged(rows, explained=0.5)
    assert not judged({f"level {i}": [0, 50] if i < 3 else [50, 50] for i in range(21)})


def test_fewer_rows_in_the_cell_never_score_milder():
    for column in ("site", "colour"):
        steps = [worst(judged({"red": [n, 300], "blue": [300, 300]}, column)) for n in (300, 60, 20, 10, 5, 1, 0)]
        assert never_falls(steps)
        assert steps[-1] > 0


def test_the_same_shares_of_more_rows_score_the_same():
    found = [worst(judged({"red": [0, 300 * k], "blue": [300 * k, 300 * k]})) for k in (1, 10, 1000)]
    assert set(found) == {Severity.INFO}


def test_cells_that_a_test_split_cannot_measure_are_listed():
    rows = {"red": [0, 300], "blue": [300, 300]}
    [finding] = judged(rows, test=[[0, 80], [4, 80]])
    [said] = finding.evidence["cells_too_few_to_measure"]["test"]
    assert str(said) == "blue, cat: 300 in train, 4 in test"


@pytest.mark.parametrize("n_rows", [100, 1000])
def test_is_silent_on_permuted_labels(n_rows):
    assert not [
        seed for seed in range(8) if findings_of("IMB004", clean_frame(n_rows, seed).rename(columns={"colour": "site"}))
    ]


def test_null_rate_on_random_tables():
    """At most 1 % of tables: of 260 real ones with permuted labels none had a warning."""
    random = np.random.default_rng(0)
    n_alarms = 0
    for _ in range(400):
        levels = random.choice(8, 2000, p=[0.4, 0.3, 0.15, 0.1, 0.02, 0.01, 0.01, 0.01])
        classes = (random.random(2000) < 0.2).astype(int)
        rows = {f"level {i}": np.bincount(classes[levels == i], minlength=2).tolist() for i in range(8)}
        n_alarms += bool(judged(rows, "site"))
    assert n_alarms <= 4


def test_of_a_numeric_target_the_ends_are_looked_at():
    random = np.random.default_rng(1)
    frame = clean_frame(1000).rename(columns={"colour": "site"})
    target = random.normal(0, 1, 1000)
    frame["y"] = np.where((frame["site"] == "red") & (target > 0), -target, target).round(4)
    [finding] = findings_of("IMB004", frame)
    assert "with site = red, none has y = the highest tenth" in str(finding.message)
    frame["y"] = target.round(4)
    assert not findings_of("IMB004", frame)


def test_numbers_of_few_values_are_levels():
    frame = emptied().replace({"colour": {"red": 1, "green": 2, "blue": 3}}).astype({"colour": int})
    [finding] = findings_of("IMB004", frame)
    assert "colour = 1, none has y = cat" in str(finding.message)
    assert not findings_of("IMB004", frame.assign(colour=frame["colour"] * 7))


def test_the_chance_is_that_of_every_way_to_deal():
    n_rows, n_level, n_class = 9, 4, 3
    ways = [sum(row < n_level for row in rows) for rows in itertools.combinations(range(n_rows), n_class)]
    for n_both in range(4):
        expected = sum(n <= n_both for n in ways) / comb(n_rows, n_class)
        assert few_by_chance(n_both, n_level, n_class, n_rows) == pytest.approx(expected)
