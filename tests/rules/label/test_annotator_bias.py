"""LABEL004 annotator-bias."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.builders import MILLION, plain_table
from tests.rules.frames import findings_of, judge, made_facts, never_falls, worst

from dataaudit.auditing import audit
from dataaudit.measure.association import Association
from dataaudit.measure.links.agreement import Agreement
from dataaudit.measure.links.contexts import ContextEffect, LevelEffect
from dataaudit.model import Kind, Role, Severity, Status
from dataaudit.rules.label.annotator_bias import AnnotatorBias

RULE = AnnotatorBias()
RATERS = np.array(["Ada", "Bea", "Cid", "Dan"])


def rated(share_habit: float, n_rows: int = 2000, seed: int = 0) -> pd.DataFrame:
    """Return a label that a feature tells, but for the habit of Ada to say "sick"."""
    random = np.random.default_rng(seed)
    age, who = random.normal(size=n_rows), random.choice(RATERS, n_rows)
    sick = (age + random.normal(0, 0.5, n_rows) > 0) | ((who == "Ada") & (random.random(n_rows) < share_habit))
    return pd.DataFrame({"age": age, "rater": who, "y": np.where(sick, "sick", "well")})


def labelled_twice(share_at_random: float, n_items: int = 300, seed: int = 0) -> pd.DataFrame:
    """Return items that Ada and Bea labelled, of whom Bea draws a share of her labels."""
    random = np.random.default_rng(seed)
    items = pd.DataFrame({"age": random.normal(size=n_items), "y": random.choice(["sick", "well"], n_items)})
    drawn = random.random(n_items) < share_at_random
    other = items.assign(y=np.where(drawn, random.choice(["sick", "well"], n_items), items["y"]))
    return pd.concat([items.assign(rater="Ada"), other.assign(rater="Bea")], ignore_index=True)


def facts_of(difference: float = 0.0, alpha: float = 1.0, n_items: int = 1000) -> SimpleNamespace:
    """Return facts of one rater column, with exact differences and agreements."""
    level = LevelEffect("Ada", "sick", 5000, 0.5, 0.5 - difference, difference, 1e-9)
    effect = ContextEffect("rater", Association("rater", 0.0, MILLION, None, 1.0), (level,), MILLION, sampled=True)
    agreement = Agreement("rater", "item", n_items, 2 * n_items, alpha, 1e-9, {"Ada": (n_items, 0.5)})
    return made_facts(
        {"rater": Kind.CATEGORICAL},
        roles={"rater": Role.CONTEXT},
        links=SimpleNamespace(context_effects={"rater": effect}, agreements={"rater": agreement}),
    )


def test_names_who_differs_from_the_others_on_like_rows():
    [finding] = findings_of("LABEL004", rated(0.5), context="rater")
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("rater", "y")
    assert "most Ada: " in str(finding.message)
    assert "Ada" not in str(finding.message.redacted())


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n_rows", [100, 2000])
def test_is_silent_where_all_label_alike(n_rows, seed):
    assert not findings_of("LABEL004", rated(0.0, n_rows, seed), context="rater")
    permuted = plain_table(n_rows, seed).assign(rater=np.random.default_rng(seed).choice(RATERS, n_rows))
    assert not findings_of("LABEL004", permuted, context="rater")


@pytest.mark.parametrize("seed", range(5))
def test_is_silent_where_one_got_the_hard_cases(seed):
    table = rated(0.0, 2000, seed)
    random = np.random.default_rng(seed + 100)
    table["rater"] = RATERS[np.digitize(table["age"] + random.normal(0, 1, 2000), [-1, 0, 1])]
    rates = table.groupby("rater")["y"].apply(lambda labels: (labels == "sick").mean())
    assert rates.max() - rates.min() > 0.4
    assert not findings_of("LABEL004", table, context="rater")


def test_a_stronger_habit_never_scores_milder():
    steps = [worst(findings_of("LABEL004", rated(share), context="rater")) for share in (0.0, 0.1, 0.3, 0.6, 1.0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


@pytest.mark.parametrize(
    ("difference", "severity"), [(0.0499, 0), (0.0501, Severity.WARNING), (-0.0501, Severity.WARNING)]
)
def test_boundary_of_the_difference(difference, severity):
    assert worst(judge(RULE, facts_of(difference))) == severity


@pytest.mark.parametrize(
    ("alpha", "severity"),
    [(0.801, 0), (0.799, Severity.INFO), (0.668, Severity.INFO), (0.666, Severity.WARNING), (-0.5, Severity.WARNING)],
)
def test_boundaries_of_the_agreement(alpha, severity):
    assert worst(judge(RULE, facts_of(alpha=alpha))) == severity


def test_few_items_are_no_evidence_of_disagreement():
    assert not judge(RULE, facts_of(alpha=0.0, n_items=19))
    assert worst(judge(RULE, facts_of(alpha=0.0, n_items=20))) == Severity.WARNING


def test_tells_how_far_several_labels_of_an_item_agree():
    [finding] = findings_of("LABEL004", labelled_twice(0.8), context="rater")
    assert finding.severity is Severity.WARNING
    assert finding.evidence["item"] == "equal features"
    assert finding.evidence["n_items"] == 300
    assert str(finding.message).startswith(
        "300 items (rows with equal features) were labelled by several of rater, who agree with a Krippendorff"
    )
    assert not findings_of("LABEL004", labelled_twice(0.02), context="rater")


def test_a_declared_id_names_the_item_where_features_are_coarse():
    table = labelled_twice(0.8).assign(age=1.0)
    table = table.assign(case=[f"case {i % 300}" for i in range(600)])
    assert not findings_of("LABEL004", table.drop(columns="case"), context="rater")
    [finding] = findings_of("LABEL004", table, context="rater", id="case")
    assert finding.evidence["item"] == "case"


def test_visits_of_one_patient_are_not_one_item():
    random = np.random.default_rng(0)
    age = random.normal(size=800)
    table = pd.DataFrame({"patient": np.arange(800) % 200, "age": age, "rater": random.choice(RATERS, 800)})
    table["y"] = np.where(age > 0, "sick", "well")
    assert not findings_of("LABEL004", table, context="rater", id="patient")


def test_numbers_are_compared_by_their_squared_differences():
    random = np.random.default_rng(0)
    score = random.normal(size=200)
    both = [pd.DataFrame({"age": score, "rater": who, "y": score + random.normal(0, 2, 200)}) for who in ("Ada", "Bea")]
    findings = findings_of("LABEL004", pd.concat(both, ignore_index=True), context="rater", task="regression")
    assert [finding.identity for finding in findings] == [("agreement",)]


def test_is_skipped_where_no_context_says_who_labelled():
    [check] = audit(rated(0.5).rename(columns={"rater": "site"}), label="y", context="site", select=["LABEL004"]).checks
    assert check.status is Status.SKIPPED
    assert "says who labelled" in str(check.reason)
