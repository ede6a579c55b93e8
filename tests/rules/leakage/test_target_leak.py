"""LEAK005 target-leak."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import (
    MILLION,
    above_info,
    association,
    binary_facts,
    class_table,
    columns_of,
    dealt,
    gain_break,
    plain_table,
)
from tests.rules.frames import findings_of, judge, never_falls, worst

from dataaudit.measure.association import Ablation, Association, Tried
from dataaudit.model import Kind, Severity
from dataaudit.rules.leakage.target_leak import TargetLeak, name_holds
from dataaudit.text import FromData

TWO_COLUMNS = {"x": Kind.NUMERIC, "z": Kind.NUMERIC}


def with_leak(share_wrong: float, n_rows: int = 1000) -> pd.DataFrame:
    """Return a table with a column that repeats the label but for a share of the rows."""
    table = plain_table(n_rows)
    random = np.random.default_rng(1)
    wrong = random.permutation(n_rows) < share_wrong * n_rows
    other = table["y"].map({"cat": "dog", "dog": "cat"})
    return table.assign(code=table["y"].where(~wrong, other).map({"cat": 7, "dog": 9}))


def leak_facts(explained: float, n_rows: int = MILLION, others: float | None = None, **facts):
    """Return facts of a column x and what all others reach (never asked if None)."""

    def ablation(column: str) -> Ablation:
        assert others is not None, "the model of the others is not for this column"
        return Ablation(column, explained, others, 1000)

    half = n_rows // 2
    columns = facts.pop("columns", TWO_COLUMNS)
    table = class_table("x", {"7": (half, 0), "9": (0, n_rows - half)})
    known = {"associations": {"x": association(explained, n_rows)}, "ablation": ablation, "tables": {"x": table}}
    return binary_facts(half, n_rows - half, columns=columns, **{**known, **facts})


def oversampled(frame: pd.DataFrame, n_rows: int) -> pd.DataFrame:
    """Repeat the rows of the rare class until there are so many of it."""
    rare = frame[frame["y"] == "dog"]
    more = rare.iloc[np.random.default_rng(2).integers(0, len(rare), n_rows - len(rare))]
    return pd.concat([frame, more]).sample(frac=1, random_state=3, ignore_index=True)


def noise_of_few(seed: int) -> pd.DataFrame:
    """Return seven fine columns that say nothing, and 30 of 700 rows of the rarer class."""
    table = pd.DataFrame(np.random.default_rng(seed).normal(size=(700, 7)), columns=list("abcdefg"))
    return table.assign(y=["dog"] * 30 + ["cat"] * 670)


@pytest.mark.parametrize("seed", range(3))
def test_copied_rows_make_no_leak_of_noise(seed):
    # Every bin that a copied row falls into is full of its copies.
    assert not findings_of("LEAK005", oversampled(noise_of_few(seed), 670))


def test_a_leak_is_seen_among_copied_rows():
    table = noise_of_few(0)
    told = table.assign(code=np.where(table["y"] == "dog", 7, 9))
    before, after = (findings_of("LEAK005", one) for one in (told, oversampled(told, 670)))
    assert [columns_of(found) for found in (before, after)] == [{"code"}, {"code"}]
    assert worst(after) >= worst(before) > Severity.INFO


def test_flags_a_copy_of_the_label():
    [finding] = findings_of("LEAK005", with_leak(0.002))
    assert finding.severity is Severity.ERROR
    assert finding.columns == ("code",)
    assert "code alone explains 99.2 % of the variance of y (at least 9" in str(finding.message)
    assert "--exclude code" in str(finding.fix)


def test_flags_a_transformed_numeric_target():
    table = plain_table(600)
    price = np.random.default_rng(2).lognormal(3, 1, 600)
    [finding] = findings_of("LEAK005", table.assign(y=price, log_price=np.log(price)), task="regression")
    assert finding.severity >= Severity.WARNING
    assert finding.columns == ("log_price",)


def test_flags_a_middling_column_that_all_others_cannot_replace():
    [finding] = findings_of("LEAK005", with_leak(0.06))
    assert finding.severity is Severity.WARNING
    assert "all other features together explain" in str(finding.message)


def test_is_silent_on_a_middling_column_that_others_replace():
    table = with_leak(0.06)
    noise = np.random.default_rng(5).normal(scale=0.1, size=len(table))
    assert not findings_of("LEAK005", table.assign(code_too=table["code"] + noise))


@pytest.mark.parametrize("seed", range(5))
def test_is_silent_on_labels_dealt_at_random(seed):
    assert not findings_of("LEAK005", plain_table(100, seed))


def test_is_silent_on_a_small_table_of_many_columns_that_match_by_chance():
    """Among 300 yes/no columns one separates 12 rows wholly or nearly."""
    answers = np.random.default_rng(3).integers(0, 2, (12, 300))
    table = pd.DataFrame(answers, columns=[f"q{i}" for i in range(300)])
    table["y"] = np.resize(["cat", "dog"], 12)
    assert not above_info(findings_of("LEAK005", table))


def test_is_silent_where_a_few_rare_rows_fall_together_by_luck():
    """20 rows, 3 of them cats: among 150 flags set in 3 rows some are set in the cats."""
    random = np.random.default_rng(0)
    for _ in range(3):
        flags = {f"f{i}": random.permutation(np.arange(20) < 3) for i in range(150)}
        assert not above_info(findings_of("LEAK005", pd.DataFrame(flags).assign(y=["cat"] * 3 + ["dog"] * 17)))


def test_is_silent_on_a_million_rows_of_noise():
    assert not judge(TargetLeak(), leak_facts(0.03))


@pytest.mark.parametrize(
    ("explained", "severity"), [(0.9699, Severity.WARNING), (0.9706, Severity.ERROR), (0.8516, Severity.WARNING)]
)
def test_boundaries_lie_at_the_lower_bound(explained, severity):
    assert worst(judge(TargetLeak(), leak_facts(explained))) == severity


def test_below_the_lowest_boundary_nothing_is_said_and_no_model_is_asked():
    assert not judge(TargetLeak(), leak_facts(0.5005))


@pytest.mark.parametrize(("others", "n_found"), [(0.35, 1), (0.3501, 0)])
def test_boundary_of_what_the_others_reach(others, n_found):
    assert len(judge(TargetLeak(), leak_facts(0.7, others=others))) == n_found


def test_a_lonely_middling_feature_is_not_compared():
    assert not judge(TargetLeak(), leak_facts(0.7, columns={"x": Kind.NUMERIC}))


def test_the_same_strength_counts_less_on_fewer_rows():
    steps = [worst(judge(TargetLeak(), leak_facts(0.99, n_rows, others=0.9))) for n_rows in (10, 60, 200, 2000)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_five_rows_of_a_rare_class_are_no_evidence_for_an_error():
    table = class_table("x", {"7": (MILLION - 5, 0), "9": (0, 5)})
    known = {"associations": {"x": association(0.98)}, "tables": {"x": table}}
    facts = binary_facts(MILLION - 5, 5, columns=TWO_COLUMNS, **known)
    facts.ablation = lambda column: Ablation(column, 0.98, 0.9, 1000)
    assert worst(judge(TargetLeak(), facts)) < Severity.ERROR


def test_a_clearer_leak_never_scores_milder():
    steps = [worst(findings_of("LEAK005", with_leak(wrong))) for wrong in (0.5, 0.2, 0.1, 0.06, 0.02, 0.002, 0.0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_an_honest_column_is_an_info():
    [finding] = findings_of("LEAK005", with_leak(0.002), honest="code")
    assert finding.severity is Severity.INFO
    assert "declared honest" in str(finding.message)


def small_part(n_rows: int, n_parts: int = 10, explained: float = 1.0, **known):
    """Return facts of a small table in which a word of a note parts two classes of one size."""
    half = n_rows // 2
    tried = Tried(np.array([[half, 0], [0, n_rows - half]]), n_parts)
    part = Association("x", explained, n_rows, None, 1.0, coding="whether it holds the word", word="late", tried=tried)
    whole = {"associations": {"x": association(-0.1, n_rows)}, "tables": {}, "columns": {"x": Kind.NUMERIC}}
    return binary_facts(half, n_rows - half, derived_associations={"x": part}, **{**whole, **known})


def test_a_part_in_a_small_table_is_judged_by_luck():
    [finding] = judge(TargetLeak(), small_part(100))
    assert finding.severity is Severity.ERROR
    assert finding.evidence["word"] == FromData("late")
    assert not judge(TargetLeak(), small_part(8))


def test_boundary_of_luck_counts_every_part_and_every_feature():
    """Of 20 rows parted wholly: 2 / C(20, 10) by Fisher's test, 4 pairs of a value and a class."""
    chance = 4 * 2 / math.comb(20, 10)
    n_parts = math.floor(0.01 / chance)
    loud = TargetLeak(warning_explained=0.5)
    assert judge(loud, small_part(20, n_parts))
    assert not judge(loud, small_part(20, n_parts + 1))
    assert not judge(loud, small_part(20, n_parts, columns=TWO_COLUMNS))
    assert judge(loud, small_part(20, n_parts // 2, columns=TWO_COLUMNS))


def test_a_part_that_may_be_luck_leaves_the_column_to_be_judged_as_a_whole():
    table = class_table("x", {"7": (50, 0), "9": (0, 50)})
    known = {"associations": {"x": association(0.94, 100)}, "tables": {"x": table}}
    [finding] = judge(TargetLeak(), small_part(100, n_parts=10**30, **known))
    assert finding.evidence["part_of_column"] is None


def test_the_others_are_compared_with_the_part():
    """The column as a whole explains nothing, which any others beat; its part explains .8."""
    known = {"columns": TWO_COLUMNS, "ablation": lambda column: Ablation(column, -0.1, 0.39, 1000)}
    [finding] = judge(TargetLeak(), small_part(200, explained=0.8, **known))
    assert finding.evidence["share_label_explained_by_others"] == 0.39
    known["ablation"] = lambda column: Ablation(column, -0.1, 0.41, 1000)
    assert not judge(TargetLeak(), small_part(200, explained=0.8, **known))


def test_at_most_five_columns_are_compared():
    asked = []

    def ablation(column: str) -> Ablation:
        asked.append(column)
        return Ablation(column, 0.7, 0.6, 1000)

    columns = {f"x{i}": Kind.NUMERIC for i in range(9)}
    found = {name: association(0.6 + 0.01 * i, column=name) for i, name in enumerate(columns)}
    facts = binary_facts(MILLION // 2, MILLION // 2, columns=columns, associations=found, ablation=ablation)
    assert not judge(TargetLeak(), facts)
    assert asked == ["x8", "x7", "x6", "x5", "x4"]


def test_the_label_inside_a_name_is_evidence():
    table = with_leak(0.002).rename(columns={"code": "churn_reason", "y": "churn"})
    [finding] = findings_of("LEAK005", table, label="churn")
    assert finding.evidence["name_holds_label"] is True
    assert columns_of([finding]) == {"churn_reason"}
    assert not name_holds("city", "y")


@pytest.mark.parametrize(("there", "n_other", "told"), [(0.84, 60, False), (0.86, 60, True), (0.5, 49, True)])
def test_a_strong_column_that_tells_less_in_the_other_split_is_no_leak(there, n_other, told):
    breaks = {"test": {"x": gain_break(0.9, there, 0.01, n_other=n_other)}}
    assert bool(judge(TargetLeak(), leak_facts(0.9, others=0.8, gain_breaks=breaks))) is told
    assert worst(judge(TargetLeak(), leak_facts(0.9, others=0.1, gain_breaks=breaks))) == Severity.WARNING


def test_a_column_that_is_the_label_in_train_is_told_whatever_the_other_split_says():
    breaks = {"test": {"x": gain_break(0.99, 0.1, 0.01)}}
    assert worst(judge(TargetLeak(), leak_facts(0.99, gain_breaks=breaks))) == Severity.ERROR


@pytest.mark.parametrize("seed", range(3))
def test_rows_copied_to_balance_train_make_no_leak_of_honest_features(seed):
    random = np.random.default_rng(seed)
    table = pd.DataFrame(random.normal(size=(600, 6)), columns=list("abcdef"))
    table["y"] = table.sum(axis=1) + random.normal(size=600) > 3.5
    train, test = dealt(table, 200, seed)
    rare = train[train["y"]]
    copies = rare.iloc[random.integers(0, len(rare), len(train) - 2 * len(rare))]
    assert not findings_of("LEAK005", pd.concat([train, copies], ignore_index=True), test=test)


def test_a_clearer_leak_in_train_never_scores_milder_whatever_the_other_split():
    random = np.random.default_rng(0)

    def rows(n_rows, share_wrong):
        y = random.random(n_rows) < 0.5
        table = pd.DataFrame(random.normal(size=(n_rows, 2)), columns=["a", "b"])
        return table.assign(leak=y ^ (random.random(n_rows) < share_wrong), y=y)

    test = rows(2000, 0.1)
    assert never_falls(worst(findings_of("LEAK005", rows(4000, p), test=test)) for p in (0.3, 0.06, 0.03, 0.02, 0.003))
