"""LABEL003 suspected-label-errors."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from sklearn.datasets import load_digits, make_classification
from tests.rules.builders import MILLION, plain_table
from tests.rules.frames import audited, findings_of, judge, made_facts, never_falls, worst

from dataaudit.measure.links.suspects import Suspect, Suspects
from dataaudit.model import Severity
from dataaudit.rules.label.suspected_label_errors import SuspectedLabelErrors

RULE = SuspectedLabelErrors()


def flipped(share: float, n_rows: int = 900, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Return a table that is easily learnt, a share of whose labels is wrong, and which they are."""
    x, y = make_classification(n_rows, 8, n_informative=5, class_sep=2.0, flip_y=0, random_state=seed)
    wrong = np.random.default_rng(seed).random(n_rows) < share
    return pd.DataFrame(x).add_prefix("x").assign(y=np.where(wrong, 1 - y, y)), wrong


def facts_of(n_surest: int, n_other: int, **changed: float) -> SimpleNamespace:
    """Return facts of predictions by a good model, of which the surest contradict the label so often."""
    listed = (Suspect(7, "cat", "dog", 0.02, 0.98, 0.9),) if n_other else ()
    known = {"n_rows": 4 * n_surest, "accuracy": 0.95, "accuracy_freed": 0.98, "least_precision_freed": 0.95}
    found = Suspects(
        n_surest=n_surest,
        n_surest_other=n_other,
        n_suspects=len(listed),
        n_likely_wrong=0.9,
        listed=listed,
        sampled=False,
        **{**known, **changed},
    )
    return made_facts({}, n_rows=MILLION, links=SimpleNamespace(suspects=found))


def test_warns_of_wrong_labels_and_says_how_many_are():
    table, wrong = flipped(0.12)
    [finding] = findings_of("LABEL003", table)
    assert finding.severity is Severity.WARNING
    assert finding.columns == ("y",)
    [rows] = finding.rows
    assert wrong[list(rows.numbers)].mean() > 0.8
    n_suspected, n_likely = finding.evidence["n_rows_suspected"], finding.evidence["n_rows_likely_wrong"]
    assert n_likely <= n_suspected <= wrong.sum() * 1.3
    assert f"about {round(n_likely)} are likely to be" in str(finding.message)


@pytest.mark.parametrize("seed", range(3))
def test_the_share_contradicted_is_near_the_truth(seed):
    [finding] = findings_of("LABEL003", flipped(0.1, 3000, seed)[0])
    assert finding.evidence["share_contradicted"] == pytest.approx(0.1, abs=0.04)


def test_names_the_rows_of_many_classes_and_quotes_them_from_the_least_probable_label_on():
    digits = load_digits(as_frame=True).frame.rename(columns={"target": "y"})
    wrong = np.random.default_rng(0).random(len(digits)) < 0.06
    [finding] = findings_of("LABEL003", digits.assign(y=np.where(wrong, (digits["y"] + 3) % 10, digits["y"])))
    assert finding.severity is Severity.WARNING
    quoted = [str(one) for one in finding.evidence["suspects"]]
    assert all("predicted" in one for one in quoted)
    numbers = [int(one.split()[1].rstrip(":")) for one in quoted]
    assert wrong[numbers].mean() > 0.9
    assert str(numbers) in str(finding.fix)
    assert "predicted" not in str(finding.message.redacted())


@pytest.mark.parametrize("n_rows", [100, 900])
def test_is_silent_on_right_labels(n_rows):
    assert not findings_of("LABEL003", flipped(0.0, n_rows)[0])


@pytest.mark.parametrize("seed", range(5))
def test_is_silent_on_permuted_labels(seed):
    assert not findings_of("LABEL003", plain_table(300, seed))
    rare = np.random.default_rng(seed).permutation(np.resize([1] + [0] * 19, 300))
    assert not findings_of("LABEL003", plain_table(300, seed).assign(y=rare))


def test_classes_that_overlap_are_never_more_than_an_info():
    random = np.random.default_rng(0)
    y = random.integers(0, 2, 2000)
    table = pd.DataFrame({f"x{i}": random.normal(size=2000) + 0.8 * y for i in range(3)}).assign(y=y)
    assert worst(findings_of("LABEL003", table)) <= Severity.INFO


def test_more_wrong_labels_never_score_milder():
    steps = [worst(findings_of("LABEL003", flipped(share)[0])) for share in (0.0, 0.02, 0.05, 0.1, 0.15, 0.2)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.WARNING)


@pytest.mark.parametrize(
    ("n_other", "severity"), [(11, 0), (12, Severity.INFO), (34, Severity.INFO), (35, Severity.WARNING)]
)
def test_boundaries_of_the_share(n_other, severity):
    """Of 1,000 the one-sided bounds of 12 and 35 lie above .0067 and .0264, see Wilson."""
    rule = SuspectedLabelErrors(info_share=0.007, warning_share=0.026)
    assert worst(judge(rule, facts_of(1000, n_other))) == severity


def test_a_million_rows_need_no_more_than_the_share():
    assert worst(judge(RULE, facts_of(MILLION, 9_000))) == 0
    assert worst(judge(RULE, facts_of(MILLION, 26_000))) == Severity.WARNING


@pytest.mark.parametrize(
    ("changed", "severity"),
    [
        ({"accuracy_freed": 0.88}, Severity.WARNING),
        ({"accuracy_freed": 0.879}, Severity.INFO),
        ({"least_precision_freed": 0.7}, Severity.WARNING),
        ({"least_precision_freed": 0.69}, Severity.INFO),
        ({"least_precision_freed": 0.49}, 0),
    ],
)
def test_boundaries_of_what_the_model_must_be(changed, severity):
    assert worst(judge(RULE, facts_of(1000, 60, **changed))) == severity


def test_a_quarter_of_contradictions_is_the_most_that_is_told():
    assert worst(judge(RULE, facts_of(1000, 250))) == Severity.WARNING
    assert not judge(RULE, facts_of(1000, 251))


def test_without_a_good_model_no_number_is_claimed():
    [finding] = judge(RULE, facts_of(1000, 60, accuracy_freed=0.8))
    assert finding.evidence["n_rows_likely_wrong"] is None
    assert "it cannot say" in str(finding.message)


def test_rows_without_a_label_keep_the_row_numbers_right():
    table, wrong = flipped(0.1)
    gaps = table.assign(y=table["y"].astype(object))
    gaps.loc[gaps.index % 5 == 0, "y"] = None
    [finding] = findings_of("LABEL003", gaps)
    [rows] = finding.rows
    assert not [number for number in rows.numbers if number % 5 == 0]
    assert wrong[list(rows.numbers)].mean() > 0.8


def test_says_that_it_tried_a_sample():
    [check] = audited("LABEL003", flipped(0.0, 7000)[0]).checks
    assert check.sampled
