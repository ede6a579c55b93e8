"""LABEL002 contradictory-across-splits."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, judge, least_hits, made_facts, never_falls, worst

from dataaudit.errors import NotMeasurable
from dataaudit.intervals import wilson
from dataaudit.measure.by_heart import ByHeart
from dataaudit.measure.rows import RowOverlap, RowRepeats
from dataaudit.measure.sample import Sample
from dataaudit.model import Kind, Severity, Task
from dataaudit.rules.label.contradictory_across_splits import ContradictoryAcrossSplits

COLUMNS = {"a": Kind.NUMERIC, "b": Kind.NUMERIC}
FLIPPED = {"cat": "dog", "dog": "cat"}


def with_flipped(train: pd.DataFrame, n_flipped: int, n_rows: int = 400) -> pd.DataFrame:
    """A clean split whose first rows stand in train with the other label."""
    flipped = train.iloc[:n_flipped].assign(y=train["y"].iloc[:n_flipped].map(FLIPPED))
    return pd.concat([flipped, clean_frame(n_rows - n_flipped, seed=1)], ignore_index=True)


def overlap(
    n_rows: int, n_other: int, share_distinct: float = 1.0, error: float = 0.0, *, has_labels: bool = True
) -> RowOverlap:
    pairs = ((0, 5),) if n_other else ()
    return RowOverlap("test", n_rows, n_other, 0, n_other, 10_000, 0.0, error, share_distinct, pairs, pairs, has_labels)


def grained(*, fine: bool) -> dict:
    """Return facts of 100 sampled rows that half of the columns tell apart, all of them or ten."""
    columns = {"a": np.arange(100.0), "b": np.arange(100.0)}
    if not fine:
        columns = {"a": np.arange(100) // 10 * 1.0, "b": np.arange(100) % 10 * 1.0}
    repeats = {"train": RowRepeats("train", 100, 100, 100, 1, ())}
    return {"sample": Sample(columns, "train", "row", 100, 100), "repeats": repeats}


def judged(n_rows: int, n_other: int, *arguments: float, fine: bool = True, **options: object) -> list:
    by_heart = ByHeart("test", n_rows, n_other, n_other, n_other / n_rows, n_other, ((0, 5),) if n_other else ())
    overlaps = {"test": overlap(n_rows, n_other, *arguments, **options)}
    facts = made_facts(COLUMNS, overlaps=overlaps, by_heart={"test": by_heart}, **grained(fine=fine))
    return judge(ContradictoryAcrossSplits(), facts)


def judged_numbers(lost: float, n_effective: float, n_rows: int = 10_000) -> list:
    n_wrong = 300
    by_heart = ByHeart("test", n_rows, n_wrong, n_wrong, lost, n_effective, ((0, 5),))
    overlaps = {"test": overlap(n_rows, n_wrong)}
    known = {"overlaps": overlaps, "by_heart": {"test": by_heart}, **grained(fine=True)}
    facts = made_facts(COLUMNS, task=Task.REGRESSION, **known)
    return judge(ContradictoryAcrossSplits(), facts)


def numbers(n_rows: int, seed: int = 0) -> pd.DataFrame:
    """A table with a numeric target and no two rows alike."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame({"a": random.normal(size=n_rows), "b": random.normal(size=n_rows)})
    return frame.assign(y=frame["a"] + random.normal(size=n_rows))


def with_moved(train: pd.DataFrame, n_moved: int, distance: float, n_rows: int = 400) -> pd.DataFrame:
    """A clean split whose first rows stand in train with a number so far away."""
    moved = train.iloc[:n_moved].assign(y=train["y"].iloc[:n_moved] + distance)
    return pd.concat([moved, numbers(n_rows - n_moved, seed=1)], ignore_index=True)


def moved_findings(train: pd.DataFrame, test: pd.DataFrame) -> tuple:
    return findings_of("LABEL002", train, test=test, task="regression")


def test_flags_test_rows_that_stand_in_train_with_another_label():
    train = clean_frame(800)
    [finding] = findings_of("LABEL002", train, test=with_flipped(train, 20))
    assert finding.severity is Severity.WARNING
    assert str(finding.message) == (
        "20 test rows (5 %) stand in train with another label; a model that has learnt train by heart is right on "
        "95 % at most of test."
    )
    assert finding.evidence["ceiling"] == 0.95
    assert [(rows.split, rows.numbers[:3]) for rows in finding.rows] == [("test", (0, 1, 2)), ("train", (0, 1, 2))]


def test_one_such_row_is_worth_a_look():
    train = clean_frame(800)
    [finding] = findings_of("LABEL002", train, test=with_flipped(train, 1))
    assert finding.severity is Severity.INFO
    assert str(finding.message).startswith("1 test row (0.25 %) stands in train with another label; ")


def test_is_silent_on_clean_splits():
    assert not findings_of("LABEL002", clean_frame(100), test=clean_frame(100, seed=1))


def test_is_silent_on_rows_shared_with_their_label():
    train = clean_frame(300)
    assert not findings_of("LABEL002", train, test=train.iloc[:50].reset_index(drop=True))


def test_is_silent_on_a_million_rows_that_differ():
    assert not judged(1_000_000, 0)


def test_boundary_lies_at_the_lower_bound():
    n_other = least_hits(10_000, 0.005)
    assert worst(judged(10_000, n_other)) == Severity.WARNING
    assert worst(judged(10_000, n_other - 1)) == Severity.INFO


@pytest.mark.parametrize(("share_distinct", "severity"), [(0.9, Severity.WARNING), (0.8999, Severity.INFO)])
def test_boundary_of_a_coarse_table(share_distinct, severity):
    [finding] = judged(1000, 100, share_distinct, fine=False)
    assert finding.severity is severity
    assert ("by chance" in str(finding.message)) == (severity is Severity.INFO)


@pytest.mark.parametrize(("error", "severity"), [(0.04, Severity.WARNING), (0.0401, Severity.INFO)])
def test_boundary_of_chance_in_a_coarse_table(error, severity):
    """A tenth of the rows has a twin across the splits, none within train."""
    [finding] = judged(1000, 100, 1.0, error, fine=False)
    assert finding.severity is severity
    assert ("by chance" in str(finding.message)) == (severity is Severity.INFO)


def test_copies_make_fine_features_no_coarser():
    assert worst(judged(1000, 100, 0.2, 1.0)) == Severity.WARNING


def test_few_rows_of_six_steps_that_meet_across_the_splits_are_no_warning():
    random = np.random.default_rng(3)
    frame = pd.DataFrame(random.integers(0, 6, (500, 5))).add_prefix("x").assign(y=random.normal(size=500))
    train, test = frame.iloc[:350], frame.iloc[350:].reset_index(drop=True)
    [finding] = moved_findings(train, test)
    assert finding.evidence["share_distinct_in_train"] > 0.9
    assert finding.severity is Severity.INFO
    [finding] = moved_findings(train, pd.concat([test, train.iloc[:40].assign(y=9.0)], ignore_index=True))
    assert finding.severity is Severity.WARNING


def test_a_coarse_table_is_never_more_than_info():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"a": random.integers(0, 3, 900), "y": random.choice(["cat", "dog"], 900)})
    train, test = frame.iloc[:600], frame.iloc[600:].reset_index(drop=True)
    train = train[~((train["a"] == 0) & (train["y"] == "dog"))].reset_index(drop=True)
    [finding] = findings_of("LABEL002", train, test=test)
    assert finding.severity is Severity.INFO


def test_more_flipped_rows_never_score_milder():
    train = clean_frame(500)
    steps = [worst(findings_of("LABEL002", train, test=with_flipped(train, n))) for n in (0, 1, 3, 10, 60, 200)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_without_labels_in_the_other_split_it_is_skipped():
    with pytest.raises(NotMeasurable, match="no split beside train has labels"):
        judged(1000, 0, has_labels=False)


def test_a_row_whose_label_is_the_rarer_one_among_its_twins_counts():
    train, other = numbers(300), {"cat": "dog", "dog": "cat"}
    train["y"] = np.where(train["y"] > 0, "cat", "dog")
    twice = train.iloc[:30]
    train = pd.concat([train, twice, twice.assign(y=twice["y"].map(other))], ignore_index=True)
    test = pd.concat([twice.assign(y=twice["y"].map(other)), numbers(170, 1).assign(y="cat")], ignore_index=True)
    [finding] = findings_of("LABEL002", train, test=test)
    assert finding.evidence["n_rows_only_other_label"] == 0
    assert (
        "30 test rows (15 %) stand in train with another label (30 of them also, but less often, with their own)"
        in (str(finding.message))
    )
    assert finding.evidence["ceiling"] == pytest.approx(0.85)


def test_a_tie_among_the_twins_is_held_against_nobody():
    train = clean_frame(400)
    both = train.iloc[:50].assign(y=train["y"].iloc[:50].map(FLIPPED))
    assert not findings_of("LABEL002", pd.concat([train, both], ignore_index=True), test=with_flipped(train, 50))


def test_a_numeric_target_is_judged_by_r_squared():
    train = numbers(800)
    [finding] = moved_findings(train, with_moved(train, 40, 3.0))
    assert finding.severity is Severity.WARNING
    test = with_moved(train, 40, 3.0)["y"]
    ceiling = 1 - 40 * 9 / ((test - test.mean()) ** 2).sum()
    assert finding.evidence["ceiling"] == pytest.approx(ceiling)
    assert str(finding.message) == (
        "40 test rows (10 %) stand in train with another target; a model that has learnt train by heart reaches an R² "
        f"of {ceiling:.3f} at most on test."
    )


def test_numbers_that_differ_by_a_hair_contradict_nothing():
    train = numbers(800)
    assert not moved_findings(train, with_moved(train, 400, 0.01))


@pytest.mark.parametrize(("lost", "n_found"), [(0.0001, 1), (0.000099, 0)])
def test_boundary_of_a_tiny_loss(lost, n_found):
    assert len(judged_numbers(lost, 300)) == n_found


@pytest.mark.parametrize("n_effective", [1, 20, 300])
def test_boundary_of_a_numeric_target_lies_at_the_lower_bound_of_the_rows_the_loss_rests_on(n_effective):
    least = 0.005 * n_effective / 10_000 / wilson(n_effective, 10_000)[0]
    [finding] = judged_numbers(least * 1.0001, n_effective)
    assert finding.severity is Severity.WARNING
    [finding] = judged_numbers(least * 0.9999, n_effective)
    assert finding.severity is Severity.INFO


def test_a_loss_beyond_the_variance_is_a_negative_r_squared():
    train = numbers(800)
    [finding] = moved_findings(train, with_moved(train, 200, 30.0))
    assert finding.evidence["ceiling"] < 0
    assert finding.evidence["ceiling_lower"] < finding.evidence["ceiling"] < finding.evidence["ceiling_upper"] < 0.5


def test_numbers_further_away_never_score_milder():
    train = numbers(500)
    steps = [worst(moved_findings(train, with_moved(train, 60, far))) for far in (0, 0.001, 0.05, 0.3, 1, 10, 1e6)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_more_moved_rows_never_score_milder():
    train = numbers(500)
    steps = [worst(moved_findings(train, with_moved(train, n, 1.0))) for n in (0, 1, 5, 20, 100, 400)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_the_order_of_rows_and_columns_and_the_scale_of_the_target_do_not_matter():
    train = numbers(500)
    test = with_moved(train, 60, 1.5)
    [finding] = moved_findings(train, test)
    turned = [frame.sample(frac=1, random_state=2)[["y", "b", "a"]] for frame in (train, test)]
    turned = [frame.assign(y=frame["y"] * 1000) for frame in turned]
    [other] = moved_findings(*turned)
    assert other.severity is finding.severity
    assert other.evidence["ceiling"] == pytest.approx(finding.evidence["ceiling"])
