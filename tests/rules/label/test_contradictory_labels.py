"""LABEL001 contradictory-labels."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, judge, least_hits, made_facts, never_falls, worst

from dataaudit.errors import NotMeasurable
from dataaudit.measure.rows import Contradictions, RowRepeats
from dataaudit.measure.sample import Sample
from dataaudit.model import Kind, Severity, Task
from dataaudit.rules.label.contradictory_labels import ContradictoryLabels


def with_contradictions(n_rows: int, n_contradicted: int) -> pd.DataFrame:
    """A clean table and copies of its first rows with the other label."""
    frame = clean_frame(n_rows)
    copies = frame.iloc[:n_contradicted].copy()
    copies["y"] = copies["y"].map({"cat": "dog", "dog": "cat"})
    return pd.concat([frame, copies], ignore_index=True)


def contradictions(n_rows: int, n_lost: float, n_alike: int | None = None) -> Contradictions:
    """Pairs of contradicting rows, unless more rows are alike."""
    n_pairs = round(2 * n_lost)
    return Contradictions(
        n_rows=n_rows,
        ceiling=1 - n_lost / n_rows,
        baseline=0.5,
        n_rows_alike=n_pairs if n_alike is None else n_alike,
        n_rows_contradicted=n_pairs,
        n_rows_lost=round(n_lost),
        n_groups=round(n_lost),
        example_groups=((0, 1),) if n_lost else (),
    )


def judged(*arguments: float, task: Task = Task.BINARY) -> list:
    """Judge a table of one coarse column."""
    found = contradictions(*arguments)
    sample = Sample({"a": np.resize([0.0, 1.0], 100)}, "train", "row", 100, found.n_rows)
    repeats = {"train": RowRepeats("train", found.n_rows, 2, 2, found.n_rows, ())}
    facts = made_facts({"a": Kind.NUMERIC}, task=task, contradictions=found, sample=sample, repeats=repeats)
    return judge(ContradictoryLabels(), facts)


def test_flags_rows_that_are_yes_and_no():
    [finding] = findings_of("LABEL001", with_contradictions(850, 150))
    assert finding.severity is Severity.ERROR
    assert "300 of 1,000 training rows share all features with a row that has another label" in str(finding.message)
    assert "no model can be right on more than 85 % of all 1,000 labelled training rows" in str(finding.message)
    assert finding.evidence["ceiling"] == pytest.approx(0.85)


def test_shows_the_rows_that_contradict_each_other():
    [finding] = findings_of("LABEL001", with_contradictions(300, 40))
    [rows] = finding.rows
    assert rows.split == "train"
    assert all(number + 300 in rows.numbers for number in rows.numbers if number < 40)


def test_a_coarse_table_is_a_warning_that_blames_the_features():
    random = np.random.default_rng(1)
    features = random.integers(0, 3, (1000, 2))
    noisy = (features.sum(axis=1) >= 2) ^ (random.random(1000) < 0.2)
    frame = pd.DataFrame({"a": features[:, 0], "b": features[:, 1], "y": np.where(noisy, "yes", "no")})
    [finding] = findings_of("LABEL001", frame)
    assert finding.severity is Severity.WARNING
    assert "too coarse" in str(finding.message)


def test_regression_speaks_of_r_squared():
    random = np.random.default_rng(2)
    frame = pd.DataFrame({"x": random.normal(size=400), "z": random.normal(size=400)})
    frame["y"] = random.normal(size=400)
    copies = frame.iloc[:200].assign(y=random.normal(size=200))
    [finding] = findings_of("LABEL001", pd.concat([frame, copies], ignore_index=True), task="regression")
    assert "no model can reach an R² above" in str(finding.message)
    assert finding.severity is Severity.ERROR


def test_many_copies_of_fine_rows_make_no_table_coarse():
    """Two labels of three are one another's contradiction, whether one row has three copies or two."""
    features = pd.DataFrame(np.random.default_rng(0).normal(size=(500, 10))).add_prefix("x")
    [finding] = findings_of("LABEL001", pd.concat([features.assign(y=label) for label in "ynn"], ignore_index=True))
    assert finding.evidence["ceiling"] == pytest.approx(2 / 3)
    assert finding.severity is Severity.ERROR
    assert "coarse" not in str(finding.message)


def test_more_labels_of_fine_rows_never_score_milder():
    features = pd.DataFrame(np.random.default_rng(0).normal(size=(300, 3))).add_prefix("x")
    steps = [
        worst(findings_of("LABEL001", pd.concat([features.assign(y=y) for y in word], ignore_index=True)))
        for word in ("yyyyyyyyyn", "yyyyn", "yyyn", "yyn", "ynyn", "yn")
    ]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (Severity.WARNING, Severity.ERROR)


def test_is_silent_on_a_clean_table():
    assert not findings_of("LABEL001", clean_frame(100))


def test_is_silent_on_copies_with_the_same_label():
    frame = clean_frame(300)
    assert not findings_of("LABEL001", pd.concat([frame, frame.iloc[:100]], ignore_index=True))


def test_is_silent_on_a_million_rows_that_differ():
    assert not judged(1_000_000, 0)


@pytest.mark.parametrize(
    ("bound", "severity", "below"),
    [(0.001, Severity.INFO, None), (0.01, Severity.WARNING, Severity.INFO), (0.1, Severity.ERROR, Severity.WARNING)],
)
def test_boundaries_lie_at_the_lower_bound_of_what_is_lost(bound, severity, below):
    n_lost = least_hits(10_000, bound)
    [finding] = judged(10_000, n_lost)
    assert finding.severity is severity
    assert [finding.severity for finding in judged(10_000, n_lost - 1)] == ([] if below is None else [below])


@pytest.mark.parametrize(("n_alike", "severity"), [(6499, Severity.ERROR), (6500, Severity.WARNING)])
def test_boundary_of_a_coarse_table(n_alike, severity):
    """Of 10,000 rows 2,000 are lost; a quarter beyond their 4,000 makes the table coarse."""
    [finding] = judged(10_000, 2000, n_alike)
    assert finding.severity is severity


def test_three_lost_rows_of_twenty_are_no_error():
    assert worst(judged(20, 3)) < Severity.ERROR


@pytest.mark.parametrize("n_alike_already", [0, 3000, 9000])
def test_more_contradicted_rows_never_score_milder(n_alike_already):
    steps = [
        worst(judged(10_000, n_lost, min(10_000, max(n_alike_already, 2 * n_lost)))) for n_lost in range(0, 5000, 40)
    ]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_more_contradicted_copies_never_score_milder():
    steps = [worst(findings_of("LABEL001", with_contradictions(400, n))) for n in (0, 2, 8, 30, 100, 250, 400)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_without_a_labelled_row_it_is_skipped():
    with pytest.raises(NotMeasurable, match="no labelled"):
        judge(ContradictoryLabels(), made_facts(contradictions=Contradictions(0, 0.0, 0.0, 0, 0, 0, 0, ())))


def test_a_numeric_target_over_few_coarse_features_is_a_warning():
    random = np.random.default_rng(0)
    frame = pd.DataFrame({"years": random.integers(0, 12, 2000), "region": random.choice(list("nesw"), 2000)})
    frame["y"] = frame["years"] + random.normal(0, 3, 2000)
    [finding] = findings_of("LABEL001", frame)
    assert finding.severity is Severity.WARNING
    assert finding.evidence["coarse"]


@pytest.mark.parametrize("seed", range(3))
def test_permuted_labels_on_coarse_features_are_no_error(seed):
    random = np.random.default_rng(seed)
    table = pd.DataFrame({name: random.choice(list("pqr"), 1000) for name in ("a", "b", "c")})
    table["y"] = random.integers(0, 2, 1000)
    [finding] = findings_of("LABEL001", table)
    assert finding.severity is Severity.WARNING
    assert "too coarse" in str(finding.message)
