"""IMB002 accuracy-trap."""

from __future__ import annotations

import numpy as np
import pytest
from tests.rules.frames import class_facts, clean_frame, findings_of, judge, labels, never_falls, worst

from dataaudit.model import Severity
from dataaudit.rules.imbalance.accuracy_trap import AccuracyTrap


def test_flags_a_majority_that_is_nearly_everything():
    [finding] = findings_of("IMB002", labels(noise=999, quake=1))
    assert finding.severity is Severity.ERROR
    assert "Always answering noise is right on 99.9 %" in str(finding.message)
    assert finding.evidence["no_skill_balanced_accuracy"] == 0.5


def test_is_silent_on_a_clean_table():
    assert not findings_of("IMB002", clean_frame(100))


def test_is_silent_on_a_million_rows():
    assert not judge(AccuracyTrap(), class_facts(a=600_000, b=400_000))


@pytest.mark.parametrize(
    ("n_common", "severity"),
    [(899, None), (900, Severity.WARNING), (989, Severity.WARNING), (990, Severity.ERROR)],
)
def test_boundaries(n_common, severity):
    found = judge(AccuracyTrap(), class_facts(common=n_common, rare=1000 - n_common))
    assert [finding.severity for finding in found] == ([] if severity is None else [severity])


@pytest.mark.parametrize(("n_rows", "n_found"), [(19, 0), (20, 1)])
def test_too_few_rows_say_nothing(n_rows, n_found):
    assert len(judge(AccuracyTrap(), class_facts(common=n_rows - 1, rare=1))) == n_found


def test_a_larger_majority_never_scores_milder():
    steps = [worst(judge(AccuracyTrap(), class_facts(common=n, rare=1000 - n))) for n in range(500, 1000, 3)]
    assert never_falls(steps)
    assert (steps[0], steps[-1]) == (0, Severity.ERROR)


def test_gives_the_scores_of_no_skill():
    from sklearn import metrics

    [finding] = judge(AccuracyTrap(), class_facts(common=950, rare=50))
    label, shares = np.repeat([0, 1], [950, 50]), np.full(1000, 0.05)
    always = np.zeros(1000, dtype=int)
    expected = {
        "average_precision": metrics.average_precision_score(label, shares),
        "balanced_accuracy": metrics.balanced_accuracy_score(label, always),
        "macro_f1": metrics.f1_score(label, always, average="macro"),
        "mcc": metrics.matthews_corrcoef(label, always),
        "roc_auc": metrics.roc_auc_score(label, shares),
        "log_loss": metrics.log_loss(label, shares),
        "brier": metrics.brier_score_loss(label, shares),
    }
    assert {name: finding.evidence[f"no_skill_{name}"] for name in expected} == pytest.approx(expected)
    assert "log loss 0.199, Brier score 0.0475" in str(finding.message)


def test_of_more_classes_the_brier_score_is_a_sum():
    [finding] = judge(AccuracyTrap(), class_facts(common=900, few=50, rare=50))
    assert finding.evidence["no_skill_brier"] == pytest.approx(0.9 * 0.1 + 2 * 0.05 * 0.95)
    assert finding.evidence["no_skill_balanced_accuracy"] == pytest.approx(1 / 3)
