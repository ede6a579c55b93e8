"""SCALE002 ill-conditioned."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from tests.rules.frames import clean_frame, findings_of, folded, judge, made_facts, never_falls, severities, worst

from dataaudit.measure.conditioning import MOST_TOLD, StepSize
from dataaudit.measure.spread.conditioning import Conditioning, NearRelation
from dataaudit.measure.spread.relations import Relation
from dataaudit.model import Kind, Severity
from dataaudit.rules.scale.ill_conditioned import IllConditioned


def judged(*relations: Relation, near: tuple[NearRelation, ...] = (), rule: IllConditioned | None = None) -> list:
    measured = Conditioning(1000, 5, (), relations, near, 3.0, sampled=False)
    facts = made_facts(
        {"x": Kind.NUMERIC}, spread=SimpleNamespace(conditioning=measured), step_size=StepSize(0.1, 1.0, 1000)
    )
    return judge(rule or IllConditioned(), facts)


def relation(columns: str, *weights: float, total: float = 0.0, n_rows_off: int = 0, **given) -> Relation:
    return Relation(tuple(columns), weights, total, 0.0, given.get("two_valued", False), 1e-9, 1000, n_rows_off)


def near(lower: float, column: str = "x") -> NearRelation:
    return NearRelation(column, ("a", "b"), 0.9995, lower * 1.05, lower)


def with_sum(noise: float, n_rows: int = 400, seed: int = 0) -> pd.DataFrame:
    frame = clean_frame(n_rows, seed)
    total = frame["length"] + frame["weight"]
    return frame.assign(total=total + noise * total.std() * np.random.default_rng(seed + 77).normal(size=n_rows))


def test_an_exact_sum_is_a_warning_that_names_it():
    [finding] = findings_of("SCALE002", with_sum(0))
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("total", "length", "weight")
    assert str(finding.message).startswith("total = length + weight in all 400 training rows: one of them says nothing")
    assert finding.evidence["weights"] == [1.0, -1.0, -1.0]
    assert finding.evidence["condition_number_standardised"] == MOST_TOLD
    assert finding.evidence["condition_number_without_exact"] < 3


def test_a_sum_but_for_one_percent_of_noise_is_info():
    [finding] = findings_of("SCALE002", with_sum(0.01))
    assert finding.severity is Severity.INFO
    assert set(finding.evidence["told_by"]) == set(finding.columns)
    assert finding.evidence["condition_index_lower"] > 30


def test_is_silent_on_correlations_of_nine_tenths():
    random = np.random.default_rng(0)
    common = random.normal(size=1000)
    frame = pd.DataFrame({f"x{i}": common * 0.9**0.5 + random.normal(0, 0.1**0.5, 1000) for i in range(8)})
    assert not findings_of("SCALE002", frame.assign(y=random.permutation(np.resize(["cat", "dog"], 1000))))


@pytest.mark.parametrize("n_rows", [100, 2000])
def test_is_silent_on_clean_tables(n_rows):
    for seed in range(5):
        assert not findings_of("SCALE002", clean_frame(n_rows, seed))


def test_a_whole_set_of_indicators_is_info_and_one_less_nothing():
    frame = clean_frame(600)
    dummies = pd.get_dummies(frame.pop("colour"), prefix="colour", dtype=int)
    [finding] = findings_of("SCALE002", frame.join(dummies))
    assert finding.severity is Severity.INFO
    assert str(finding.message).startswith(
        "colour_blue + colour_green + colour_red = 1 in all 600 training rows: exact"
    )
    assert "drop='first'" in str(finding.fix)
    assert not findings_of("SCALE002", frame.join(dummies.iloc[:, 1:]))


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (relation("tab", 1, -1, -1), "t = a + b in all 1,000 training rows"),
        (relation("tab", 1, -2, -0.5, total=3), "t = 2 × a + 0.5 × b + 3 in all"),
        (relation("abc", 1, 1, 1, total=100, n_rows_off=2), "a + b + c = 100 in all but 2 of 1,000 training rows"),
        (relation("abcd", 1, 1, -1, -2, total=-4), "a + b - c - 2 × d = -4 in all"),
        (relation("tabcdefgh", 1, *[-1] * 8), "t = a + b + c + d + e + f + 2 more in all"),
    ],
)
def test_says_the_relation(found, said):
    assert str(judged(found)[0].message).startswith(said)


def test_the_total_is_from_the_data():
    assert "100" not in str(judged(relation("abc", 1, 1, 1, total=100))[0].message.redacted())


@pytest.mark.parametrize(("lower", "n_found"), [(29.9, 0), (30.0, 1)])
def test_boundary_lies_at_the_lower_bound_of_the_index(lower, n_found):
    assert len(judged(near=(near(lower),))) == n_found


def test_near_relations_are_one_finding():
    [finding] = judged(near=(near(90, "p"), near(50, "q"), near(20, "r")))
    assert finding.columns == ("p", "q")
    assert str(finding.message).startswith(
        "2 numeric features are nearly determined by others, which tell all but 0.05 % of the variance of p (a and b); "
        "also q; the condition index of the standardised features is 94"
    )


def test_less_noise_never_scores_milder():
    steps = [worst(findings_of("SCALE002", with_sum(noise))) for noise in (1, 0.3, 0.1, 0.03, 0.01, 1e-3, 1e-5, 0)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


def test_beyond_twenty_relations_the_rest_is_one_finding():
    found = judged(*(relation(f"{chr(65 + i)}xy", 1, -1, -1) for i in range(25)))
    assert len(found) == 21
    assert folded(found).evidence["n_findings"] == 5
    assert set(severities(found)) == {Severity.WARNING}
